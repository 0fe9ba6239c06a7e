//! The settings of the types of leave, for HR at a desk.

pub mod form;
#[cfg(feature = "desk")]
pub mod page;
pub mod view;
