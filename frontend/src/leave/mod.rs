//! Leave: balances, asking, one request, 销假.

#[cfg(feature = "desk")]
pub mod conflict_page;
pub mod conflict_view;
pub mod form;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod request_page;
pub mod view;
pub mod words;
