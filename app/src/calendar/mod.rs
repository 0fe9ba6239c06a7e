//! Which days are workdays: the State Council's notices, and how to count by them.

pub mod api;
pub mod notices;
pub mod rules;
