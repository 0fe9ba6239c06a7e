//! Approvals on the wire: chains, what waits for an approver, and deciding it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Page, Problem};
use crate::approval::definition::Mode;
use crate::approval::process::{Outcome, TaskState};
use crate::day::{Day, HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::types::Lane;
use crate::org::rules::PostClass;

mod definition;
mod delegation;
mod process;
mod settings;

pub use definition::*;
pub use delegation::*;
pub use process::*;
pub use settings::*;

/// How the members of a node decide together, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepMode {
    /// One person decides.
    Single,
    /// 会签: everybody has to approve.
    All,
    /// 会签 by ratio.
    Ratio,
    /// 或签: the first decision decides.
    Any,
    /// 依次.
    InOrder,
}

impl From<Mode> for StepMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Single => Self::Single,
            Mode::All => Self::All,
            Mode::Ratio { .. } => Self::Ratio,
            Mode::Any => Self::Any,
            Mode::InOrder => Self::InOrder,
        }
    }
}

/// A member of a chain: who decides, at which step. Members who decide together have the same step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainStep {
    /// The step's position, from 1.
    pub step: i32,
    /// How the members of the step decide.
    pub mode: StepMode,
    /// The 工号 of who decides; absent where nobody could be found.
    pub officer: Option<String>,
    /// His name.
    pub name: Option<String>,
    /// The class of post the step asks for; absent where a person is asked for and no post.
    pub post_class: Option<PostClass>,
    /// In which post he decides, in Chinese: 民事审判第二庭负责人.
    pub post: String,
    /// Why somebody else than the holder of the post decides, where that is so.
    pub stands_in_for: Option<String>,
    /// What has been decided; `waiting` in a preview.
    pub state: TaskState,
    /// The decision's comment.
    pub comment: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// A request as a card shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subject {
    /// The request's id.
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
    /// The type of leave. Absent for those who only have a copy.
    pub leave_type: Option<String>,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// How much counts; for those who only have a copy, how many half days lie in the span.
    pub half_days: i64,
    /// Whether it is leave, an hour a day, or a report that he is out of town (外出报备).
    #[serde(default)]
    pub lane: Lane,
    /// Why he asks; empty for those who only have a copy.
    pub reason: String,
    /// Where he will be; empty for those who only have a copy.
    #[serde(default)]
    pub destination: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The name of who submitted it for the applicant (代提交), where he did not himself. Absent for those who only have
    /// a copy.
    #[serde(default)]
    pub submitted_by: Option<String>,
}

/// A task in an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The task's id.
    pub id: Uuid,
    /// The task's own version.
    pub version: i64,
    /// What is decided on.
    #[serde(flatten)]
    pub subject: Subject,
    /// What the applicant would have left; null for a type without a grant.
    pub available_after: Option<i64>,
    /// Who else of the department is away then: on approved leave, or asking for it. The first five, by name.
    pub also_away: Vec<String>,
    /// How many that are in all.
    pub also_away_count: i64,
    /// What the leave collides with now: hearings, lessons, duty, closed periods, minimum presence. With it what the
    /// rules leave to the approver: more than is usual, asked for afterwards, papers that are owed. In Chinese.
    pub conflicts: Vec<String>,
    /// Whether the leave lies on a day whose holidays are not announced yet, so that it will be counted anew.
    #[serde(default)]
    pub provisional: bool,
    /// How many files are attached.
    pub attachments: i64,
    /// The node's name.
    pub node: String,
    /// Which step this is, from 1.
    pub step: i32,
    /// Of how many.
    pub steps: i32,
    /// Since when the task waits.
    pub opened_at: Timestamp,
    /// For whom the caller would decide, by name, where the task is somebody else's (甲 代 乙).
    pub acting_for: Option<String>,
    /// Whether only an opinion is asked for (委派).
    pub opinion_only: bool,
}

/// What waits for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// The open tasks, the longest waiting first.
    pub tasks: Vec<Task>,
    /// How many there are in all.
    pub total: i64,
    /// The cursor of the next page; absent on the last one.
    pub next: Option<String>,
}

/// Which tasks are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct InboxQuery {
    /// The request that is decided on; any when absent.
    pub subject: Option<Uuid>,
    /// The applicant's name, the initials of its pinyin, his 工号, or the request's number.
    pub q: Option<String>,
    /// Requests that last beyond the day before this one.
    #[cfg_attr(feature = "openapi", param(value_type = Option<Day>))]
    pub from: Option<Day>,
    /// Requests that begin before the day after this one.
    #[cfg_attr(feature = "openapi", param(value_type = Option<Day>))]
    pub to: Option<Day>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 50 when absent.
    pub limit: Option<u16>,
}

/// One of the lists beside the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequestBox {
    /// 我发起的.
    #[default]
    Mine,
    /// 我已办.
    Decided,
    /// 抄送我.
    Copied,
}

/// Which requests are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RequestQuery {
    /// Which list: `mine`, `decided` or `copied`; `mine` when absent.
    #[serde(rename = "box")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub of: Option<RequestBox>,
    /// The applicant's name, the initials of its pinyin, his 工号, or the request's number.
    pub q: Option<String>,
    /// Requests that last beyond the day before this one.
    #[cfg_attr(feature = "openapi", param(value_type = Option<Day>))]
    pub from: Option<Day>,
    /// Requests that begin before the day after this one.
    #[cfg_attr(feature = "openapi", param(value_type = Option<Day>))]
    pub to: Option<Day>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 20 when absent.
    pub limit: Option<u16>,
}

/// A request in one of the lists beside the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestItem {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// What has become of it.
    pub outcome: Outcome,
    /// How many nodes have decided.
    pub decided: i32,
    /// Of how many.
    pub nodes: i32,
    /// Whether it was taken back after it was approved (撤销).
    pub cancelled: bool,
}

/// What an approver can do with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskAction {
    /// 同意.
    Approve,
    /// 不同意; needs a comment.
    Refuse,
    /// 退回, to the applicant or to a node that has decided; needs a comment.
    SendBack,
    /// 转交.
    Transfer,
    /// 委派.
    Delegate,
    /// 回复委派; needs a comment.
    GiveBack,
    /// 前加签.
    AddBefore,
    /// 后加签.
    AddAfter,
    /// 并加签.
    AddBeside,
    /// 减签.
    Remove,
    /// 撤回审批.
    TakeBack,
}

/// An action on a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decide {
    /// What is done.
    pub action: TaskAction,
    /// The comment; required when refusing, sending back or giving back, at most 500 characters.
    #[serde(default)]
    pub comment: String,
    /// The task's version that the caller saw.
    pub version: i64,
    /// The 工号 of who gets the task or signs too; for the actions that name somebody.
    #[serde(default)]
    pub to: Option<String>,
    /// The position of the node to which the request is sent back, from 1; the applicant when absent.
    #[serde(default)]
    pub to_node: Option<i32>,
}

impl Decide {
    /// A decision without further parameters.
    pub fn new(action: TaskAction, comment: &str, version: i64) -> Self {
        Self { action, comment: comment.to_owned(), version, to: None, to_node: None }
    }
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
    pub state: TaskState,
    /// The request that was decided on, as it is now.
    pub request: crate::leave::api::LeaveRequest,
}

/// How many tasks can be approved at once.
pub const APPROVE_AT_ONCE: usize = 100;

/// Approves several tasks, each by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApproveMany {
    /// The tasks, at most 100.
    pub tasks: Vec<SeenTask>,
    /// The comment for each, at most 500 characters.
    #[serde(default)]
    pub comment: String,
}

/// A task as the caller saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenTask {
    /// The task's id.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
}

/// What became of several approvals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovedMany {
    /// A result for each task, in the order asked.
    pub results: Vec<ManyResult>,
}

/// What became of one of several approvals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ManyResult {
    /// The task's id.
    pub id: Uuid,
    /// Why it was not approved; absent where it was.
    pub problem: Option<Problem>,
}

endpoint! {
    /// Lists the tasks that wait for the caller, for himself and under delegations.
    GetInbox: Get "/approvals/inbox", "get_inbox", Access::Own;
    query: InboxQuery;
    reply: Inbox;
    offline: LastKnown;
}
endpoint! {
    /// Lists the requests that the caller made, decided on or has a copy of, newest first.
    ListRequests: Get "/approvals/requests", "list_requests", Access::Own;
    query: RequestQuery;
    reply: Page<RequestItem>;
    offline: LastKnown;
}
endpoint! {
    /// Acts on a task. The loser of a race gets 409 with the new state in `current`.
    DecideTask: Post "/approvals/tasks/{id}/decide", "decide_task", Access::Own;
    path: ById;
    body: Decide;
    reply: Decided;
    problems: NotFound, StaleVersion, ReasonRequired, WrongState, InsufficientBalance, EvidenceMissing;
}
endpoint! {
    /// Approves several tasks; each succeeds or fails by itself.
    ApproveTasks: Post "/approvals/tasks/approve", "approve_tasks", Access::Own;
    body: ApproveMany;
    reply: ApprovedMany;
}
