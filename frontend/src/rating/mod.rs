//! 一课一评: the anonymous form, and the results.

#[cfg(feature = "csr")]
mod draft;
#[cfg(feature = "csr")]
pub mod page;
pub mod plain;
pub mod view;
