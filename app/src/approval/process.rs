//! A running request: the fold of an append-only log of entries over its pinned plan.
//!
//! [`Process::act`] decides what an officer may do; [`Process::offers`] asks the same question for every verb, so the
//! buttons on the phone are what the server allows. [`Process::replay`] makes the state from the log again: settings
//! judge an action once, when it is taken, and never in a replay.
//!
//! Nodes are decided one after the other. In a node each member has a seat with one vote; added signers and delegates
//! share the seat of whoever added them, except those added beside, who have a seat of their own. A return begins a new
//! round with tasks for every member of the plan.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::compile::{Plan, PlanKind};
use super::definition::Overdue;
use super::directory::Person;
use crate::api::{Code, Problem};
use crate::day::Timestamp;

mod action;
mod permit;
mod settle;
mod state;
mod verbs;

pub use action::{Action, Actor, Entry, Place, Verb};
pub use permit::Offer;
pub use state::{Copied, Decision, Origin, Outcome, Task, TaskState};

/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 500;

/// The most signers who can be added to one node in one round, removed ones counted.
pub const MAX_ADDED: usize = 10;

/// The most hand-overs (转交 and 委派) of one seat.
pub const MAX_HANDOVERS: usize = 5;

/// The most people who can have a copy of one request by hand, the plan's own copies counted.
pub const MAX_COPIES: usize = 50;

/// What an administrator sets about running requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long a task has to wait before the applicant can urge, in minutes.
    pub urge_after_minutes: i64,
    /// How long he has to wait between two times, in minutes.
    pub urge_every_minutes: i64,
    /// Whether approvers can take back their own decisions.
    pub take_back: bool,
}

impl Default for Settings {
    /// Not before two hours, twice a day at most; taking back is on.
    fn default() -> Self {
        Self { urge_after_minutes: 120, urge_every_minutes: 12 * 60, take_back: true }
    }
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// Why, and what to do, in Chinese.
    pub why: &'static str,
    /// The field at fault, where there is one.
    pub field: Option<&'static str>,
    /// The task whose present state the caller has to see, for the loser of a race.
    pub task: Option<i32>,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::new(refusal.code, refusal.why);
        match refusal.field {
            Some(field) => problem.at(field),
            None => problem,
        }
    }
}

impl Refusal {
    const fn new(code: Code, why: &'static str) -> Self {
        Self { code, why, field: None, task: None }
    }

    const fn at(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// A request on its way through its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    plan: Plan,
    tasks: Vec<Task>,
    /// The node that is being decided, by its index.
    node: usize,
    round: i32,
    /// The round in which the present plan began; older tasks belong to another one.
    plan_since: i32,
    outcome: Outcome,
    copies: Vec<Copied>,
    last_urged: Option<Timestamp>,
    /// The seq of the last entry.
    entries: i32,
}

/// A task past its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The task.
    pub task: i32,
    /// What the definition asks for.
    pub then: Overdue,
}

impl Process {
    /// A new request: the tasks of the first node are open, those of the others wait.
    ///
    /// Error: [`Code::EmptyChain`] where a post of the plan is missing or nobody decides.
    pub fn start(plan: Plan, at: Timestamp) -> Result<Self, Refusal> {
        if plan.problem().is_some() {
            return Err(Refusal::new(Code::EmptyChain, "流程中有空缺的审批人，请联系本院政治部"));
        }
        let mut process = Self {
            plan,
            tasks: Vec::new(),
            node: 0,
            round: 1,
            plan_since: 1,
            outcome: Outcome::Running,
            copies: Vec::new(),
            last_urged: None,
            entries: 0,
        };
        process.deal(0);
        process.settle(at);
        Ok(process)
    }

    /// The state after a whole log. Error: of the first entry that cannot follow those before it.
    pub fn replay(plan: Plan, started_at: Timestamp, entries: &[Entry]) -> Result<Self, Refusal> {
        entries.iter().try_fold(Self::start(plan, started_at)?, |process, entry| process.apply(entry))
    }

    /// What an officer does, judged by the settings too. `acts_for` are the officers for whom he may act at this moment
    /// (see `delegation::principals`).
    ///
    /// Errors: those of [`Process::apply`]; [`Code::NotAllowed`] for whom he may not act; [`Code::SlowDown`] for urging
    /// too soon; [`Code::WrongState`] for taking back where that is switched off; [`Code::ReasonRequired`] for approving in
    /// place of an authority outside without a word about its decision.
    pub fn act(&self, entry: &Entry, acts_for: &[Uuid], settings: &Settings) -> Result<Self, Refusal> {
        let next = self.apply(entry)?;
        if let Actor::Officer(officer) = entry.actor {
            let who = permit::Who { officer, acting_for: entry.acting_for };
            self.may(entry.action.verb(), who, entry.at, acts_for, settings)?;
        }
        // Judged at the door and not by the fold: what was approved before this was asked for stays approved.
        if let Action::Approve { task, comment, .. } = &entry.action
            && comment.trim().is_empty()
            && self.records_outside(*task)
        {
            let why = "本节点登记外部审批结果，请在意见中写明批准文号和日期";
            return Err(Refusal::new(Code::ReasonRequired, why).at("comment"));
        }
        Ok(next)
    }

    /// Whether a task stands for the decision of an authority outside, which its officer only records.
    fn records_outside(&self, seq: i32) -> bool {
        let mut next = self.task(seq);
        while let Some(task) = next {
            if let Some(member) = task.member {
                let members = self.plan.nodes.get(task.node).map(|node| node.members.as_slice()).unwrap_or_default();
                return members.get(member).is_some_and(|member| member.records_outside);
            }
            next = match task.origin {
                Origin::Transfer(of) | Origin::Escalate(of) | Origin::Reroute(of) => self.task(of),
                _ => None,
            };
        }
        false
    }

    /// The state after one more entry.
    ///
    /// Errors: [`Code::NotFound`] for an unknown task or node, [`Code::NotAllowed`] for somebody whose turn or task it
    /// is not, or where the applicant would decide, [`Code::StaleVersion`] for whoever saw an older state,
    /// [`Code::WrongState`] for what does not fit the state, [`Code::ReasonRequired`], and [`Code::BadInput`] for
    /// parameters that cannot be.
    pub fn apply(&self, entry: &Entry) -> Result<Self, Refusal> {
        if entry.seq != self.next_seq() {
            return Err(Refusal::new(Code::StaleVersion, "状态已变化，请刷新后重试"));
        }
        let action = &entry.action;
        match entry.actor {
            Actor::Officer(officer) => {
                let who = permit::Who { officer, acting_for: entry.acting_for };
                self.permit(action.verb(), action.task(), action.version(), who)?;
            }
            // What a form ends together with another request is taken back by nobody in person.
            Actor::System if action.verb() == Verb::Withdraw && entry.acting_for.is_none() => {
                self.permit(action.verb(), None, None, permit::Who { officer: self.plan.applicant, acting_for: None })?;
            }
            Actor::System if action.verb().is_system() && entry.acting_for.is_none() => {}
            Actor::System => return Err(Refusal::new(Code::NotAllowed, "系统不能代替人审批")),
        }
        permit::check_comment(action)?;
        let mut next = self.clone();
        next.perform(entry)?;
        next.settle(entry.at);
        next.entries = entry.seq;
        Ok(next)
    }

    /// The plan as it is now: people who could no longer act have been replaced.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who asks.
    pub fn applicant(&self) -> Uuid {
        self.plan.applicant
    }

    /// Who asked for him, where he did not himself.
    pub fn submitter(&self) -> Option<Uuid> {
        self.plan.submitter
    }

    /// Every task of every round, in the order in which they act.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The task of this seq.
    pub fn task(&self, seq: i32) -> Option<&Task> {
        self.tasks.iter().find(|task| task.seq == seq)
    }

    /// The open tasks.
    pub fn open_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.state == TaskState::Open)
    }

    /// What has become of the request.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The node that is being decided, by its index in the plan; nothing where none is.
    pub fn current_node(&self) -> Option<usize> {
        (self.outcome == Outcome::Running).then_some(self.node)
    }

    /// The round, from 1.
    pub fn round(&self) -> i32 {
        self.round
    }

    /// Who has a copy.
    pub fn copies(&self) -> &[Copied] {
        &self.copies
    }

    /// The seq of the next entry.
    pub fn next_seq(&self) -> i32 {
        self.entries + 1
    }

    /// How far it is: `(decided nodes, nodes)`, for 审批中 1/3. Nodes that only copy, and those whose members all decide
    /// in a later one, are not counted.
    pub fn progress(&self) -> (usize, usize) {
        let counts = |node: usize| {
            let round = |task: &&Task| task.node == node && task.round >= self.plan_since;
            let latest = self.tasks.iter().filter(round).map(|task| task.round).max();
            let mut tasks = self.tasks.iter().filter(|task| task.node == node && Some(task.round) == latest);
            self.plan.nodes[node].kind != PlanKind::Copy && tasks.any(|task| task.state != TaskState::Merged)
        };
        let nodes = (0..self.plan.nodes.len()).filter(|node| counts(*node)).collect::<Vec<_>>();
        let decided = nodes.iter().filter(|node| **node < self.node).count();
        (decided, nodes.len())
    }

    /// The tasks of the chain as it stands: of the present plan and of the latest round of each node, without those that
    /// somebody else has taken over and those whose officer decides in another node.
    pub fn chain(&self) -> impl Iterator<Item = &Task> {
        let latest = |node: usize| {
            let of_plan = |task: &&Task| task.node == node && task.round >= self.plan_since;
            self.tasks.iter().filter(of_plan).map(|task| task.round).max()
        };
        self.tasks.iter().filter(move |task| Some(task.round) == latest(task.node) && task.state.is_in_chain())
    }

    /// The nodes to which the current one can be sent back, by their indices: those that have decided.
    pub fn visited_nodes(&self) -> Vec<usize> {
        let visited = |node: &usize| {
            let of_node = |task: &&Task| task.node == *node && task.round >= self.plan_since;
            self.tasks.iter().filter(of_node).any(|task| task.state == TaskState::Approved)
        };
        (0..self.node).filter(visited).collect()
    }

    /// The open tasks whose deadline has passed and of which nobody has been told yet.
    pub fn due(&self, now: Timestamp) -> Vec<Due> {
        self.deadlines().filter(|(at, _)| *at <= now).map(|(_, due)| due).collect()
    }

    /// When the next of the open tasks reaches its deadline; nothing where none has one, or all have been told.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.deadlines().map(|(at, _)| at).min()
    }

    fn deadlines(&self) -> impl Iterator<Item = (Timestamp, Due)> {
        self.open_tasks().filter_map(|task| {
            let deadline = self.plan.nodes[task.node].deadline?;
            let at = task.opened_at?.plus_minutes(i64::from(deadline.minutes));
            // Once is enough: past the next one there is nobody who could be expected to be faster. Where there was
            // no next one, its officer was reminded instead.
            let told =
                task.reminded || matches!(task.origin, Origin::Escalate(_)) && deadline.then == Overdue::Escalate;
            (!told).then_some((at, Due { task: task.seq, then: deadline.then }))
        })
    }

    /// Whether this person could be given a task of the node and round of that task: he is neither the applicant nor who
    /// asked for him, and has neither a task there nor has he voted there.
    pub fn may_receive(&self, task: i32, person: Uuid) -> bool {
        self.task(task).is_some_and(|task| self.check_receiver(task, person).is_ok())
    }

    /// Deals the tasks of a new round to the members of every node from this one on.
    fn deal(&mut self, from: usize) {
        let first_round = self.round == 1;
        for (node, plan) in self.plan.nodes.iter().enumerate().skip(from) {
            if plan.mode().is_none() {
                continue;
            }
            for (index, member) in plan.members.iter().enumerate() {
                let id = member.person.id;
                let again = plan.members[index + 1..].iter().any(|later| later.person.id == id);
                // After a return everybody decides again, who was merged into a later node too.
                let elsewhere = first_round && member.merged_into.is_some_and(|into| into > node);
                let state = if again || elsewhere { TaskState::Merged } else { TaskState::Waiting };
                let seq = next_task(&self.tasks);
                self.tasks.push(Task {
                    seq,
                    node,
                    title: plan.title.clone(),
                    round: self.round,
                    officer: member.person.clone(),
                    origin: Origin::Plan,
                    state,
                    version: 1,
                    opened_at: None,
                    reminded: false,
                    decision: None,
                    added_by: None,
                    member: Some(index),
                    seat: seq,
                    rank: index,
                    leads: true,
                    answers: None,
                });
            }
        }
    }

    /// Whether a person can be given a task beside this one.
    fn check_receiver(&self, beside: &Task, person: Uuid) -> Result<(), Refusal> {
        if self.plan.bars(person) {
            return Err(self.barred(person).at("to"));
        }
        if self.has_part(beside, person, &[]) {
            return Err(Refusal::new(Code::BadInput, "该同志在本节点已有任务或已表态，请另选").at("to"));
        }
        Ok(())
    }

    fn barred(&self, person: Uuid) -> Refusal {
        let why = if person == self.plan.applicant {
            "申请人不能审批自己的申请"
        } else {
            "代提交人不能审批自己代为提交的申请"
        };
        Refusal::new(Code::NotAllowed, why)
    }

    /// Whether a person can vote in the place of another (委托代理) as the request stands: not on his own request nor one
    /// that he submitted, not where he has a part himself, and not where only an opinion is asked for.
    pub fn can_stand_in(&self, person: Uuid, principal: Uuid) -> bool {
        let can_vote = |task: &&Task| task.officer.id == principal && !task.is_opinion();
        !self.plan.bars(person) && self.open_tasks().filter(can_vote).any(|task| !self.has_part(task, person, &[]))
    }

    /// Whether a person has a task, or has voted, in the node and round of this task; `except` are left out.
    fn has_part(&self, beside: &Task, person: Uuid, except: &[i32]) -> bool {
        let there =
            |task: &&Task| task.node == beside.node && task.round == beside.round && !except.contains(&task.seq);
        let part = |task: &Task| {
            (TaskState::PARTS.contains(&task.state) && task.officer.id == person)
                || task.decision.as_ref().is_some_and(|decision| task.state.has_voted() && decision.by == person)
        };
        self.tasks.iter().filter(there).any(part)
    }

    fn is_party(&self, person: Uuid) -> bool {
        let part = |task: &Task| {
            let decided = task.decision.as_ref().is_some_and(|decision| decision.by == person);
            decided || (task.officer.id == person && task.opened_at.is_some())
        };
        let copied = |copy: &Copied| copy.person.id == person;
        person == self.plan.applicant || self.tasks.iter().any(part) || self.copies.iter().any(copied)
    }
}

fn next_task(tasks: &[Task]) -> i32 {
    tasks.iter().map(|task| task.seq).max().unwrap_or(0) + 1
}

fn copied(people: &[Person], by: Uuid, at: Timestamp) -> impl Iterator<Item = Copied> {
    people.iter().map(move |person| Copied { person: person.clone(), by: Some(by), at })
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod traps;
