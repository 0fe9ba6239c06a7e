//! Leave: types, day slots, the ledger, requests and the way back (请假销假).

pub mod api;
pub mod entitlement;
pub mod feed;
pub mod figures;
pub mod import;
pub mod ledger;
pub mod rules;
pub mod team;
pub mod types;
