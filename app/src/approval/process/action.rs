//! What is written down about a process: entries of an append-only log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::approval::compile::Plan;
use crate::approval::directory::Person;
use crate::day::Timestamp;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its position, from 1 without a gap.
    pub seq: i32,
    /// Who acts.
    pub actor: Actor,
    /// For whom he acts under a delegation (委托代理): the officer whose task it is.
    pub acting_for: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// What he does.
    pub action: Action,
}

/// How long the same comment of the same officer is a repeat, in seconds.
const REPEAT_SECONDS: i64 = 60;

impl Entry {
    /// Whether it says once more what its actor's entry before said: he did not see the answer and sent it again. Every
    /// other action carries a version or changes nothing the second time; a comment has neither.
    pub fn repeats(&self, before: &Self) -> bool {
        let same = match (&self.action, &before.action) {
            (Action::Comment { text }, Action::Comment { text: said }) => text == said,
            _ => false,
        };
        same && self.actor == before.actor && self.at < before.at.plus_seconds(REPEAT_SECONDS)
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Actor {
    /// An officer by his id.
    Officer(Uuid),
    /// The system.
    System,
}

/// Where an added signer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// 前加签: he decides first, then the one who added him.
    Before,
    /// 后加签: he decides after the one who added him has approved.
    After,
    /// 并加签: he decides at the same time, with a vote of his own.
    Beside,
}

/// An action. `task` is the seq of a task, `version` the version of that task that the caller saw, `to` and `who` are
/// the people it concerns, `comment` is what is said with it (at most `MAX_COMMENT` characters).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields mean the same in every variant and are described once, above")]
pub enum Action {
    /// 同意.
    Approve { task: i32, version: i64, comment: String },
    /// 不同意; needs a comment.
    Refuse { task: i32, version: i64, comment: String },
    /// 退回 to the applicant, or to a visited node by its index in the plan; needs a comment.
    SendBack { task: i32, version: i64, to_node: Option<usize>, comment: String },
    /// 转交: the task is another's from now on.
    Transfer { task: i32, version: i64, to: Person, comment: String },
    /// 委派: another gives his opinion, then the task comes back.
    Delegate { task: i32, version: i64, to: Person, comment: String },
    /// The opinion of whom a task was delegated to; needs a comment.
    GiveBack { task: i32, version: i64, comment: String },
    /// 加签.
    Add { task: i32, version: i64, place: Place, who: Person, comment: String },
    /// 减签 of an added task.
    Remove { task: i32, version: i64 },
    /// Takes an approver's own decision, transfer or delegation back.
    TakeBack { task: i32, version: i64 },
    /// 撤回 by the applicant.
    Withdraw { comment: String },
    /// The applicant submits again what was sent back; the plan where it was compiled anew.
    Resubmit { plan: Option<Plan>, comment: String },
    /// 催办 by the applicant.
    Urge,
    /// 抄送.
    Copy { to: Vec<Person> },
    /// 评论.
    Comment { text: String },
    /// The system gives a task to somebody else, because its officer can no longer act; to nobody where its vote is
    /// not needed.
    Reroute { task: i32, to: Option<Person>, stands_in_for: Option<String> },
    /// The system gives a task past its deadline to the next one.
    Escalate { task: i32, to: Person },
    /// The system has reminded the officer of a task past its deadline.
    Remind { task: i32 },
}

/// What can be done, without its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// 同意.
    Approve,
    /// 不同意.
    Refuse,
    /// 退回.
    SendBack,
    /// 转交.
    Transfer,
    /// 委派.
    Delegate,
    /// 回复委派.
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
    /// 撤回.
    Withdraw,
    /// 重新提交.
    Resubmit,
    /// 催办.
    Urge,
    /// 抄送.
    Copy,
    /// 评论.
    Comment,
    /// By the system: to somebody who can act.
    Reroute,
    /// By the system: past the deadline, to the next one.
    Escalate,
    /// By the system: past the deadline, a reminder.
    Remind,
}

impl Verb {
    /// The verbs that are said of a task by officers.
    pub const OF_TASKS: [Self; 11] = [
        Self::Approve,
        Self::Refuse,
        Self::SendBack,
        Self::Transfer,
        Self::Delegate,
        Self::GiveBack,
        Self::AddBefore,
        Self::AddAfter,
        Self::AddBeside,
        Self::Remove,
        Self::TakeBack,
    ];

    /// The verbs that are said of the whole request by officers.
    pub const OF_REQUESTS: [Self; 5] = [Self::Withdraw, Self::Resubmit, Self::Urge, Self::Copy, Self::Comment];

    /// Whether only the system says it.
    pub fn is_system(self) -> bool {
        matches!(self, Self::Reroute | Self::Escalate | Self::Remind)
    }

    /// Whether it may be said for somebody else under a delegation: the decisions, and taking them back.
    pub fn may_be_delegated(self) -> bool {
        matches!(self, Self::Approve | Self::Refuse | Self::SendBack | Self::TakeBack)
    }

    /// Whether it needs a reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Refuse | Self::SendBack | Self::GiveBack | Self::Comment)
    }
}

impl Action {
    /// What is done.
    pub fn verb(&self) -> Verb {
        match self {
            Self::Approve { .. } => Verb::Approve,
            Self::Refuse { .. } => Verb::Refuse,
            Self::SendBack { .. } => Verb::SendBack,
            Self::Transfer { .. } => Verb::Transfer,
            Self::Delegate { .. } => Verb::Delegate,
            Self::GiveBack { .. } => Verb::GiveBack,
            Self::Add { place: Place::Before, .. } => Verb::AddBefore,
            Self::Add { place: Place::After, .. } => Verb::AddAfter,
            Self::Add { place: Place::Beside, .. } => Verb::AddBeside,
            Self::Remove { .. } => Verb::Remove,
            Self::TakeBack { .. } => Verb::TakeBack,
            Self::Withdraw { .. } => Verb::Withdraw,
            Self::Resubmit { .. } => Verb::Resubmit,
            Self::Urge => Verb::Urge,
            Self::Copy { .. } => Verb::Copy,
            Self::Comment { .. } => Verb::Comment,
            Self::Reroute { .. } => Verb::Reroute,
            Self::Escalate { .. } => Verb::Escalate,
            Self::Remind { .. } => Verb::Remind,
        }
    }

    /// The task that it is about.
    pub fn task(&self) -> Option<i32> {
        match self {
            Self::Approve { task, .. }
            | Self::Refuse { task, .. }
            | Self::SendBack { task, .. }
            | Self::Transfer { task, .. }
            | Self::Delegate { task, .. }
            | Self::GiveBack { task, .. }
            | Self::Add { task, .. }
            | Self::Remove { task, .. }
            | Self::TakeBack { task, .. }
            | Self::Reroute { task, .. }
            | Self::Escalate { task, .. }
            | Self::Remind { task } => Some(*task),
            Self::Withdraw { .. } | Self::Resubmit { .. } | Self::Urge | Self::Copy { .. } | Self::Comment { .. } => {
                None
            }
        }
    }

    /// The version of the task that the caller saw; the system, which acts on what it has just read, names none.
    pub fn version(&self) -> Option<i64> {
        match self {
            Self::Approve { version, .. }
            | Self::Refuse { version, .. }
            | Self::SendBack { version, .. }
            | Self::Transfer { version, .. }
            | Self::Delegate { version, .. }
            | Self::GiveBack { version, .. }
            | Self::Add { version, .. }
            | Self::Remove { version, .. }
            | Self::TakeBack { version, .. } => Some(*version),
            _ => None,
        }
    }

    /// What is said with it; empty where nothing can be.
    pub fn comment(&self) -> &str {
        match self {
            Self::Approve { comment, .. }
            | Self::Refuse { comment, .. }
            | Self::SendBack { comment, .. }
            | Self::Transfer { comment, .. }
            | Self::Delegate { comment, .. }
            | Self::GiveBack { comment, .. }
            | Self::Add { comment, .. }
            | Self::Withdraw { comment }
            | Self::Resubmit { comment, .. }
            | Self::Comment { text: comment } => comment,
            _ => "",
        }
    }
}
