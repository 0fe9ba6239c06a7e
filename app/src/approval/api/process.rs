//! A running request on the wire: its nodes and tasks, its timeline, and what the caller may do.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StepMode;
use crate::api::{Access, ById};
use crate::approval::process::{Outcome, TaskState, Verb};
use crate::day::Timestamp;
use crate::endpoint;

/// A request on its way, as one of its parties sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProcessView {
    /// The request's id.
    pub id: Uuid,
    /// The kind of form, like `leave`.
    pub kind: String,
    /// The applicant's 工号.
    pub officer: String,
    /// The applicant's name.
    pub name: String,
    /// What has become of it.
    pub outcome: Outcome,
    /// How many nodes have decided.
    pub decided: i32,
    /// How many nodes decide.
    pub nodes_total: i32,
    /// The nodes, in order.
    pub nodes: Vec<NodeView>,
    /// Who has a copy, by name.
    pub copies: Vec<String>,
    /// What has happened, the oldest first.
    pub timeline: Vec<TimelineItem>,
    /// What the caller may do now; the phone draws its buttons from it.
    pub offers: Vec<OfferView>,
    /// The nodes to which the current one can be sent back, by position.
    pub send_back_to: Vec<i32>,
}

/// A node of a running request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeView {
    /// The node's position, from 1.
    pub position: i32,
    /// Its name.
    pub title: String,
    /// How its members decide.
    pub mode: StepMode,
    /// The tasks of its latest round.
    pub tasks: Vec<TaskView>,
}

/// A task of a running request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskView {
    /// The task's id.
    pub id: Uuid,
    /// Its own version; give it back when acting.
    pub version: i64,
    /// The 工号 of whose it is.
    pub officer: String,
    /// His name.
    pub name: String,
    /// In which post he decides, in Chinese.
    pub post: String,
    /// Why somebody else than the holder of the post decides, where that is so.
    pub stands_in_for: Option<String>,
    /// What has become of it.
    pub state: TaskState,
    /// The name of who decided, where it was somebody else under a delegation.
    pub decided_by: Option<String>,
    /// The decision's comment.
    pub comment: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineItem {
    /// When.
    pub at: Timestamp,
    /// What; absent for the submission, which comes first.
    pub verb: Option<Verb>,
    /// Who, by name; absent for the system.
    pub actor: Option<String>,
    /// For whom he acted under a delegation, by name.
    pub acting_for: Option<String>,
    /// Whom it concerns, by name: who got the task, the signer who was added, who has a copy.
    pub to: Vec<String>,
    /// What was said.
    pub comment: Option<String>,
    /// The device, as far as it names itself; for the approvers and HR only.
    pub device: Option<String>,
}

/// Something that the caller may do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferView {
    /// What.
    pub verb: Verb,
    /// With which task; absent where it concerns the whole request.
    pub task: Option<Uuid>,
    /// That task's version.
    pub version: Option<i64>,
    /// The name of for whom, under a delegation (甲 代 乙).
    pub acting_for: Option<String>,
}

/// What can be done to a whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequestAction {
    /// 催办.
    Urge,
    /// 抄送.
    Copy,
    /// 评论.
    Comment,
}

/// Acts on a whole request. Withdrawing and submitting again belong to the form, which has more to say then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActOnRequest {
    /// What is done.
    pub action: RequestAction,
    /// The comment; required for 评论, at most 500 characters.
    #[serde(default)]
    pub comment: String,
    /// The 工号 of who gets a copy.
    #[serde(default)]
    pub to: Vec<String>,
}

endpoint! {
    /// Shows how far a request is, what has happened, and what the caller may do.
    GetProcess: Get "/approvals/requests/{id}", "get_process", Access::Party;
    path: ById;
    reply: ProcessView;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Urges, copies or comments on a request.
    ActOnProcess: Post "/approvals/requests/{id}/act", "act_on_process", Access::Party;
    path: ById;
    body: ActOnRequest;
    reply: ProcessView;
    problems: NotFound, NotAllowed, WrongState, ReasonRequired, SlowDown;
}
