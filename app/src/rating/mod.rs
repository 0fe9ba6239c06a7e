//! Ratings of lessons (一课一评), anonymous by construction.

pub mod api;
pub mod rules;
