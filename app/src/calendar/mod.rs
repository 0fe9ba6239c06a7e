//! Which days are workdays: the State Council's notices, what a court and an officer have of their own, and how to count
//! by them.

pub mod api;
pub mod import;
pub mod notices;
pub mod own;
pub mod paper;
pub mod rules;
pub mod statutory;
