//! Approval: who decides, in which order, and what a decision does.

pub mod api;
pub mod cases;
pub mod compile;
pub mod condition;
pub mod definition;
pub mod delegation;
pub mod directory;
pub mod lint;
pub mod news;
pub mod process;
pub mod reroute;
pub mod templates;

#[cfg(test)]
mod province;
