//! The state of a process: its tasks and its outcome.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::approval::directory::Person;
use crate::day::Timestamp;

/// What has become of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApprovalOutcome))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody has to decide.
    Running,
    /// The last node approved.
    Approved,
    /// Refused.
    Refused,
    /// With the applicant, who may submit it again or withdraw it.
    SentBack,
    /// Withdrawn by the applicant, or with the request that it depends on.
    Withdrawn,
}

/// What has become of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Its turn has not come, or it waits for somebody who was added before it.
    Waiting,
    /// Its turn is now.
    Open,
    /// It waits for the opinion of whom it was delegated to.
    Delegated,
    /// Its vote is no longer needed: the node, or the request, ended without it.
    Void,
    /// Its officer decides in another node, or at another place of this one.
    Merged,
    /// 同意.
    Approved,
    /// 不同意.
    Refused,
    /// 退回.
    SentBack,
    /// An opinion was given, and the task went back to who had delegated it.
    Answered,
    /// Somebody else has it now: 转交.
    Transferred,
    /// 减签, or taken back before it was touched.
    Removed,
    /// Somebody else has it now, because its officer could no longer act.
    Rerouted,
    /// Somebody else has it now, because it waited past its deadline.
    Escalated,
}

/// Where a task comes from; the number is the seq of another task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// From the plan.
    Plan,
    /// Transferred.
    Transfer(i32),
    /// Delegated for an opinion.
    Delegate(i32),
    /// Added before.
    Before(i32),
    /// Added after.
    After(i32),
    /// Added beside.
    Beside(i32),
    /// In place of an officer who could no longer act.
    Reroute(i32),
    /// In place of an officer who let the deadline pass.
    Escalate(i32),
}

/// A decision on a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub by: Uuid,
    /// For whom, under a delegation.
    pub acting_for: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// What he said.
    pub comment: String,
}

/// A task of an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number in the process, from 1; it never changes.
    pub seq: i32,
    /// The node's index in the plan of its round.
    pub node: usize,
    /// The node's name.
    pub title: String,
    /// The round, from 1: each return begins a new one.
    pub round: i32,
    /// Whose it is.
    pub officer: Person,
    /// Where it comes from.
    pub origin: Origin,
    /// What has become of it.
    pub state: TaskState,
    /// Its own version, from 1: it grows only when this task changes.
    pub version: i64,
    /// Since when its turn is or was.
    pub opened_at: Option<Timestamp>,
    /// Whether its officer has been reminded of the deadline.
    pub reminded: bool,
    /// The decision, where there is one.
    pub decision: Option<Decision>,
    /// Who added it, where it was added.
    pub added_by: Option<Uuid>,
    /// The member of the plan's node, where it stands for one.
    pub member: Option<usize>,
    /// The seat: tasks of one seat have one vote together, and act in the order of the list.
    pub(super) seat: i32,
    /// The place of the seat in the order of the node.
    pub(super) rank: usize,
    /// Whether it carries its seat's vote; added signers before and after, and delegates, only support it.
    pub(super) leads: bool,
    /// The task that waits for this one's opinion.
    pub(super) answers: Option<i32>,
}

/// Somebody has a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Who.
    pub person: Person,
    /// From whom; from the plan where nobody is named.
    pub by: Option<Uuid>,
    /// Since when.
    pub at: Timestamp,
}

impl Outcome {
    /// Whether nothing can change it any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Approved | Self::Refused | Self::Withdrawn)
    }
}

impl TaskState {
    /// The states in which an officer has voted.
    pub const VOTED: [Self; 3] = [Self::Approved, Self::Refused, Self::SentBack];

    /// The states in which a task is its officer's part in the node: he votes there, has voted, or no longer needs to.
    pub const PARTS: [Self; 7] =
        [Self::Waiting, Self::Open, Self::Delegated, Self::Void, Self::Approved, Self::Refused, Self::SentBack];

    /// Whether the task still has to be decided.
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Waiting | Self::Open | Self::Delegated)
    }

    /// Whether the task has a place in the chain: it waits, is open, or was decided by its own officer.
    pub(super) fn is_in_chain(self) -> bool {
        !matches!(self, Self::Merged | Self::Transferred | Self::Removed | Self::Rerouted | Self::Escalated)
    }

    /// Whether the state follows from the votes around it, instead of from something that was done to the task itself.
    pub(super) fn follows(self) -> bool {
        self.is_undecided() || self == Self::Void
    }

    /// Whether the officer has voted.
    pub(super) fn has_voted(self) -> bool {
        Self::VOTED.contains(&self)
    }
}

impl Origin {
    /// The task that it comes from, where it comes from one.
    pub fn parent(self) -> Option<i32> {
        match self {
            Self::Plan => None,
            Self::Transfer(of)
            | Self::Delegate(of)
            | Self::Before(of)
            | Self::After(of)
            | Self::Beside(of)
            | Self::Reroute(of)
            | Self::Escalate(of) => Some(of),
        }
    }

    /// The task whose officer made it, where an officer did.
    pub(super) fn made_by(self) -> Option<i32> {
        match self {
            Self::Plan | Self::Reroute(_) | Self::Escalate(_) => None,
            other => other.parent(),
        }
    }
}

impl Task {
    /// Whether its officer is only asked for an opinion.
    pub fn is_opinion(&self) -> bool {
        self.answers.is_some()
    }

    /// Whether it carries its seat's vote, and that vote was given or is still to come.
    pub(super) fn counts(&self) -> bool {
        self.leads && (self.state.is_undecided() || self.state.has_voted())
    }

    /// Sets the state; the version grows where that changes something.
    pub(super) fn become_state(&mut self, state: TaskState) {
        if self.state != state {
            self.state = state;
            self.version += 1;
        }
    }
}
