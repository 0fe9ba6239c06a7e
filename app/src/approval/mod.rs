//! Approval: who decides, in which order, and what a decision does.

pub mod api;
pub mod matrix;
pub mod rules;
