//! Desk pages for HR and administrators: officers, imports, oversight, vacancies, roles.

#[cfg(feature = "desk")]
pub mod import_page;
pub mod import_view;
#[cfg(feature = "desk")]
pub mod page;
pub mod view;
