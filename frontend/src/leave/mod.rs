//! Leave: balances, asking, one request, 销假.

pub mod form;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod request_page;
pub mod types;
pub mod view;
pub mod words;
