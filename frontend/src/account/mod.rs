//! The officer's own page, and the log-in pages that need no script.

#[cfg(feature = "csr")]
pub mod page;
pub mod plain;
pub mod view;
