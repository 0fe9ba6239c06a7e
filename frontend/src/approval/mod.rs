//! Approvals: what waits for the officer, and deciding it.

#[cfg(feature = "csr")]
pub mod page;
pub mod view;
