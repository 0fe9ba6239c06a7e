//! Leave: balances, asking, one request, 销假.

#[cfg(feature = "csr")]
mod absence_sheet;
pub mod absence_view;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod absences_page;
pub mod absences_view;
#[cfg(feature = "csr")]
pub mod account_page;
pub mod account_view;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod accounts_page;
pub mod accounts_view;
pub mod after;
#[cfg(feature = "csr")]
mod attachment_page;
pub mod attachment_view;
pub mod authority;
#[cfg(feature = "desk")]
pub mod calendar_page;
pub mod calendar_view;
#[cfg(feature = "desk")]
pub mod conflict_page;
pub mod conflict_view;
pub mod contract_card;
#[cfg(all(feature = "csr", feature = "desk"))]
mod contract_page;
#[cfg(feature = "csr")]
mod draft_keeper;
pub mod draft_view;
#[cfg(all(feature = "csr", feature = "desk"))]
mod exemption_page;
pub mod exemption_view;
#[cfg(feature = "csr")]
mod extend_page;
#[cfg(feature = "desk")]
pub mod feed_page;
pub mod feed_view;
#[cfg(feature = "desk")]
pub mod figures_page;
pub mod figures_view;
pub mod form;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod on_behalf_page;
pub mod on_behalf_view;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod owed_papers_page;
pub mod owed_papers_view;
#[cfg(feature = "csr")]
pub mod page;
pub mod print;
mod report_fields;
#[cfg(feature = "csr")]
pub mod request_page;
#[cfg(feature = "csr")]
mod return_page;
pub mod settings_card;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod settings_page;
#[cfg(feature = "csr")]
pub mod stand_in_page;
pub mod stand_in_view;
#[cfg(feature = "csr")]
pub mod team_page;
#[cfg(feature = "csr")]
pub mod team_place;
pub mod team_view;
pub mod types;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod unreported_page;
pub mod unreported_view;
pub mod view;
pub mod words;
