//! Leave: balances, asking, one request, 销假.

pub mod after;
#[cfg(feature = "csr")]
mod extend_page;
pub mod form;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod request_page;
#[cfg(feature = "csr")]
mod return_page;
pub mod view;
pub mod words;
