//! Sign-in to class: rotating codes, claims, and who was there.

pub mod api;
pub mod rules;
