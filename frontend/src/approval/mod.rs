//! Approvals: what waits for the officer, a request on its way, and who may act for whom.
//!
//! The process part knows no form: a form's page shows it beside its own facts, and gives it the two actions that
//! belong to the form, withdrawing and submitting again.

pub mod bulk;
#[cfg(feature = "csr")]
pub mod decision;
pub mod definition;
#[cfg(feature = "csr")]
pub mod delegation_page;
pub mod delegation_view;
pub mod filter;
pub mod form;
pub mod keys;
pub mod lists;
pub mod offers;
#[cfg(feature = "csr")]
pub mod page;
pub mod people;
pub mod process;
#[cfg(feature = "csr")]
pub mod process_page;
pub mod view;
pub mod words;
