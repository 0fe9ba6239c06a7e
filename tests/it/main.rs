//! The integration tests, one module a noun, each on SQLite and PostgreSQL. `tests::on_both!` makes the two of one.

mod architecture;
mod attendance;
mod audit;
mod demo;
mod imports;
mod leave;
mod openapi;
mod path;
mod permissions;
mod rating;
mod session;
mod training;
