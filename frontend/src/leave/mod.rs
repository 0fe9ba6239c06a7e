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
pub mod settings_card;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod settings_page;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod unreported_page;
pub mod unreported_view;
pub mod view;
pub mod words;
