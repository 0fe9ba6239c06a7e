//! What Fingertip knows: the rules of the product and the types that cross the wire.
//!
//! Modules in reading order. [`day`] and [`api`] are the two that everything else stands on; then one module a
//! noun, each with `rules` (pure decisions) and `api` (endpoints and wire types).
//!
//! This crate never reads a clock, draws a random number, opens a file, a socket or a database, and knows neither a
//! web framework nor a DOM: facts and time are arguments. The phone runs a rule for instant feedback, the server
//! runs the same function on the facts that it reads inside its transaction, and only that answer counts.

pub mod api;
pub mod day;

pub mod account;
pub mod approval;
pub mod attendance;
pub mod calendar;
pub mod home;
pub mod leave;
pub mod notice;
pub mod org;
pub mod rating;
pub mod training;

pub mod outbox;
