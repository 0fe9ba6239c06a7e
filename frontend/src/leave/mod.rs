//! Leave: balances, asking, one request, 销假.

#[cfg(feature = "desk")]
pub mod calendar_page;
pub mod calendar_view;
#[cfg(feature = "desk")]
pub mod feed_page;
pub mod feed_view;
#[cfg(feature = "desk")]
pub mod figures_page;
pub mod figures_view;
pub mod form;
#[cfg(feature = "csr")]
pub mod page;
pub mod print;
#[cfg(feature = "csr")]
pub mod request_page;
#[cfg(feature = "csr")]
pub mod team_page;
#[cfg(feature = "csr")]
pub mod team_place;
pub mod team_view;
pub mod view;
pub mod words;
