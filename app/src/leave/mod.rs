//! Leave: types, day slots, the ledger, requests and the way back (请假销假).

pub mod api;
pub mod entitlement;
pub mod import;
pub mod ledger;
pub mod recount;
pub mod rules;
pub mod types;
