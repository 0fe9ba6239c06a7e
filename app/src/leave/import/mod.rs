//! The files that leave stands on: balances that an office brings along, and the court docket.

pub mod balances;
pub mod hearings;
