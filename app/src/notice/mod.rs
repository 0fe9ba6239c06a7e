//! Notices: what an officer is told, and the channels that carry it out of the house.

pub mod api;
pub mod rules;
