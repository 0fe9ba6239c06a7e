//! Desk pages for HR: the notices of the calendar, days of a court, working weeks.

#[cfg(feature = "desk")]
pub mod page;
pub mod view;
