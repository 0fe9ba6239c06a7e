//! Leave: balances, asking, one request, 销假.

#[cfg(feature = "desk")]
pub mod conflict_page;
pub mod conflict_view;
pub mod form;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod request_page;
#[cfg(feature = "csr")]
pub mod stand_in_page;
pub mod stand_in_view;
pub mod types;
pub mod view;
pub mod words;
