//! Training classes, their lessons and trainees.

pub mod api;
pub mod import;
pub mod rules;
