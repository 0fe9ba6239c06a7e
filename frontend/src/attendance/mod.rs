//! The sign-in board on the projector, and the list of who attended.

#[cfg(feature = "csr")]
pub mod page;
pub mod view;
