//! Leave: balances, asking, one request, 销假.

#[cfg(feature = "desk")]
pub mod calendar_page;
pub mod calendar_view;
pub mod form;
#[cfg(feature = "csr")]
pub mod page;
pub mod print;
#[cfg(feature = "csr")]
pub mod request_page;
#[cfg(feature = "csr")]
pub mod team_page;
pub mod team_view;
pub mod view;
pub mod words;
