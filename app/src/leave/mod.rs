//! Leave: types, day slots, the ledger, requests and the way back (请假销假).

pub mod api;
pub mod attachment;
pub mod authority;
pub mod conflict;
pub mod draft;
pub mod entitlement;
pub mod feed;
pub mod figures;
pub mod grant;
pub mod import;
pub mod ledger;
pub mod like_last;
pub mod recount;
pub mod redraw;
pub mod rules;
pub mod sight;
pub mod stand_in;
pub mod statement;
pub mod team;
pub mod types;
