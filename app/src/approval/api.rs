//! Approval tasks on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById};
use crate::approval::rules::{Mode, StepState};
use crate::day::{HalfDay, Timestamp};
use crate::endpoint;
use crate::org::rules::PostClass;

/// A step of a chain: who decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainStep {
    /// The step's position, from 1.
    pub step: i32,
    /// How the members of the step decide.
    pub mode: Mode,
    /// The 工号 of who decides; absent where nobody could be found.
    pub officer: Option<String>,
    /// His name.
    pub name: Option<String>,
    /// The class of post the step asks for.
    pub post_class: PostClass,
    /// In which post he decides, in Chinese: 民事审判第二庭负责人.
    pub post: String,
    /// Why somebody else than the holder of the post decides, where that is so.
    pub stands_in_for: Option<String>,
    /// What has been decided; `waiting` in a preview.
    pub state: StepState,
    /// The decision's comment.
    pub comment: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// A task in an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The task's id.
    pub id: Uuid,
    /// The task's own version.
    pub version: i64,
    /// What is decided on: the request's id.
    pub subject_id: Uuid,
    /// The request's number for people.
    pub number: String,
    /// The kind of request; `leave` so far.
    pub kind: String,
    /// The applicant's 工号.
    pub officer: String,
    /// The applicant's name.
    pub name: String,
    /// The applicant's department.
    pub department: String,
    /// The type of leave.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// How much counts.
    pub half_days: i64,
    /// Why he asks.
    pub reason: String,
    /// What the applicant would have left; null for a type without a grant.
    pub available_after: Option<i64>,
    /// Which step this is, from 1.
    pub step: i32,
    /// Of how many.
    pub steps: i32,
    /// Since when the task waits.
    pub opened_at: Timestamp,
}

/// What waits for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The open tasks, the longest waiting first; at most 200.
    pub tasks: Vec<Task>,
    /// How many there are in all.
    pub total: i64,
}

/// What an approver can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 同意.
    Approve,
    /// 不同意; needs a comment.
    Refuse,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decide {
    /// What is decided.
    pub action: Verdict,
    /// The comment; required when refusing, at most 500 characters.
    #[serde(default)]
    pub comment: String,
    /// The task's version that the caller saw.
    pub version: i64,
}

/// The state after a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    /// The task's id.
    pub id: Uuid,
    /// The task's version now.
    pub version: i64,
    /// What the task became.
    pub state: StepState,
    /// The request that was decided on, as it is now.
    pub request: crate::leave::api::LeaveRequest,
}

endpoint! {
    /// Lists the tasks that wait for the caller.
    GetInbox: Get "/approvals/inbox", "get_inbox", Access::Own;
    reply: Inbox;
    offline: LastKnown;
}
endpoint! {
    /// Decides a task. The loser of a race gets 409 with the new state in `current`.
    DecideTask: Post "/approvals/tasks/{id}/decide", "decide_task", Access::Own;
    path: ById;
    body: Decide;
    reply: Decided;
    problems: NotFound, StaleVersion, ReasonRequired, InsufficientBalance;
}
