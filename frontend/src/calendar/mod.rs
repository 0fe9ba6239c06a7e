//! An officer's own calendar; desk pages for HR: the notices, days of a court, working weeks.

#[cfg(feature = "csr")]
pub mod month_page;
pub mod month_view;
#[cfg(feature = "desk")]
pub mod page;
pub mod view;
