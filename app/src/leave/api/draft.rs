//! Drafts on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById};
use crate::day::{Day, Half, Timestamp};
use crate::endpoint;

/// What a form holds, filled in half or whole: texts as they are typed, so that nothing is lost of what does not make
/// sense yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveDraftContent {
    /// The type's name.
    pub leave_type: String,
    /// The first day, `YYYY-MM-DD`, where one is chosen.
    #[serde(default)]
    pub from_date: Option<Day>,
    /// Its half.
    pub from_half: Half,
    /// The last day, where one is chosen.
    #[serde(default)]
    pub to_date: Option<Day>,
    /// Its half.
    pub to_half: Half,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Where to.
    #[serde(default)]
    pub destination: String,
    /// How to reach him meanwhile.
    #[serde(default)]
    pub contact: String,
    /// The 工号 of the colleague who stands in.
    #[serde(default)]
    pub stand_in: Option<String>,
    /// That colleague's name, as it was shown when he was chosen.
    #[serde(default)]
    pub stand_in_name: Option<String>,
}

impl LeaveDraftContent {
    /// How large it is as JSON, in bytes.
    pub fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }
}

/// A draft of the caller's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveDraft {
    /// The id, which the request will have that is submitted from it.
    pub id: Uuid,
    /// Goes up with every change, from 1; give it back when saving.
    pub version: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// What it holds.
    pub content: LeaveDraftContent,
}

/// The caller's drafts, the last changed first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveDrafts {
    /// At most ten.
    pub items: Vec<LeaveDraft>,
}

/// Saves a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveDraft {
    /// The version that the caller saw; 0 for a draft that he begins.
    pub version: i64,
    /// What it holds now; at most 8 KB as JSON.
    pub content: LeaveDraftContent,
}

endpoint! {
    /// Lists the caller's own drafts of requests for leave.
    ListLeaveDrafts: Get "/leave/drafts", "list_leave_drafts", Access::Own;
    reply: LeaveDrafts;
    offline: LastKnown;
}
endpoint! {
    /// Keeps a draft of a request for leave, under the id that the request will have. A repeat changes nothing.
    SaveLeaveDraft: Put "/leave/drafts/{id}", "save_leave_draft", Access::Own;
    path: ById;
    body: SaveDraft;
    reply: LeaveDraft;
    problems: NotFound, StaleVersion, WrongState, IdReused, TooManyDrafts, TooLarge;
}
endpoint! {
    /// Discards a draft of the caller's own. A repeat finds nothing and is done.
    DeleteLeaveDraft: Delete "/leave/drafts/{id}", "delete_leave_draft", Access::Own;
    path: ById;
}
