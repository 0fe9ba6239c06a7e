//! The first screen: what matters today.

#[cfg(feature = "csr")]
pub mod page;
pub mod view;
