//! The integration tests, one module a noun, each on SQLite and PostgreSQL. `tests::on_both!` makes the two of one.

#![expect(clippy::unwrap_used, reason = "a test fails where its expectation stands")]

mod approval;
mod attendance;
mod audit;
mod calendar;
mod check;
mod definitions;
mod demo;
mod imports;
mod leave;
mod notices;
mod openapi;
mod org;
mod path;
mod permissions;
mod rating;
mod reference;
mod session;
mod statements;
mod training;
mod upgrade;
