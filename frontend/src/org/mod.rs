//! Desk pages for HR and administrators: officers, imports, oversight, vacancies, roles.

#[cfg(feature = "csr")]
pub mod import_page;
pub mod import_view;
#[cfg(feature = "csr")]
pub mod page;
pub mod view;
