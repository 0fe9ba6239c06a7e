//! The courts, their departments and officers, and how they come in from files.

pub mod api;
pub mod import;
pub mod rules;
