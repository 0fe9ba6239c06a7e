//! Classes and lessons: what an officer attends, and what he runs.

#[cfg(feature = "csr")]
pub mod page;
pub mod view;
