//! Accounts: log-in, sessions, roles and what they permit.

pub mod api;
pub mod rules;
