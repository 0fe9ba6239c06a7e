//! Running requests in the database: the pinned plan, the log, and the tasks that follow from it.
//!
//! The log is the truth. Tasks are rows of their own so that an inbox is one query; they are written from the replayed
//! process, in the transaction of the entry that changed them.

use std::collections::{HashMap, HashSet};

use app::api::Problem;
use app::approval::compile::Plan;
use app::approval::process::{Action, Actor, Entry, Outcome, Process, Task};
use app::day::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::clock::Clock;
use crate::entity::{approval_copy, approval_entry, approval_process, approval_task};
use crate::error::Failure;

/// A running request as it was read.
pub(crate) struct Running {
    /// Its row.
    pub(crate) row: approval_process::Model,
    /// Its state: the log replayed over the plan.
    pub(crate) process: Process,
    /// The log.
    pub(crate) entries: Vec<approval_entry::Model>,
    /// The rows of its tasks by their seq.
    pub(crate) tasks: HashMap<i32, approval_task::Model>,
}

/// The name of a state as stored: the one that it has on the wire.
pub(crate) fn name_of(state: &impl Serialize) -> String {
    serde_json::to_value(state).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The state of a stored name.
///
/// # Errors
/// The row holds a name that nobody knows.
pub(crate) fn of_name<T: DeserializeOwned>(name: &str) -> Result<T, Failure> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(Failure::internal)
}

/// Pins a plan to a request and opens its first tasks.
///
/// # Errors
/// [`app::api::Code::EmptyChain`] where a post is missing, or the database fails.
pub(crate) async fn start(
    tx: &impl ConnectionTrait,
    clock: &Clock,
    subject: Uuid,
    definition_version: i32,
    plan: Plan,
) -> Result<Running, Failure> {
    let mut running = Running::start(subject, definition_version, plan, clock.now())?;
    approval_process::Entity::insert(running.row.clone().into_active_model()).exec_without_returning(tx).await?;
    write_tasks(tx, clock, &mut running).await?;
    write_copies(tx, &running).await?;
    Ok(running)
}

impl Running {
    /// A new request; nothing is written.
    ///
    /// # Errors
    /// [`app::api::Code::EmptyChain`] where a post is missing.
    pub(crate) fn start(subject: Uuid, definition_version: i32, plan: Plan, at: Timestamp) -> Result<Self, Failure> {
        let text = serde_json::to_string(&plan).map_err(Failure::internal)?;
        let process = Process::start(plan, at).map_err(|refusal| Failure::from(Problem::from(refusal)))?;
        let (decided, nodes) = progress(&process);
        let row = approval_process::Model {
            subject_id: subject,
            form: process.plan().form.clone(),
            definition_version,
            applicant_id: process.applicant(),
            plan: text,
            outcome: name_of(&process.outcome()),
            due_at: process.next_due().map(Timestamp::millis),
            decided,
            nodes,
            started_at: at.millis(),
        };
        Ok(Self { row, process, entries: Vec::new(), tasks: HashMap::new() })
    }

    /// Takes a next state with the entries that lead to it; nothing is written. `device` is what the officer who acts
    /// holds.
    ///
    /// # Errors
    /// None that a caller can do anything about.
    pub(crate) fn take(&mut self, next: Process, entries: &[Entry], device: Option<&str>) -> Result<(), Failure> {
        for entry in entries {
            let actor = match entry.actor {
                Actor::Officer(officer) => Some(officer),
                Actor::System => None,
            };
            self.entries.push(approval_entry::Model {
                subject_id: self.row.subject_id,
                seq: entry.seq,
                actor_id: actor,
                acting_for: entry.acting_for,
                at: entry.at.millis(),
                device: device.filter(|_| actor.is_some()).map(str::to_owned),
                action: serde_json::to_string(&entry.action).map_err(Failure::internal)?,
            });
        }
        self.process = next;
        (self.row.decided, self.row.nodes) = progress(&self.process);
        self.row.outcome = name_of(&self.process.outcome());
        self.row.due_at = self.process.next_due().map(Timestamp::millis);
        Ok(())
    }

    /// Brings the rows of the tasks up to the state, and answers those that are new and those that have changed.
    pub(crate) fn refresh_tasks(&mut self, mut new_id: impl FnMut() -> Uuid) -> (Vec<i32>, Vec<i32>) {
        let shown: HashSet<i32> = self.process.chain().map(|task| task.seq).collect();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for task in self.process.tasks() {
            let stored = self.tasks.get(&task.seq);
            let id = stored.map_or_else(&mut new_id, |row| row.id);
            let row = task_row(id, self, task, shown.contains(&task.seq));
            match stored {
                Some(stored) if *stored == row => continue,
                Some(_) => changed.push(row.seq),
                None => new.push(row.seq),
            }
            self.tasks.insert(row.seq, row);
        }
        (new, changed)
    }
}

/// A running request, locked until the transaction ends.
///
/// # Errors
/// The database fails, or the log cannot be replayed, which would be an error of this program.
pub(crate) async fn lock(tx: &impl ConnectionTrait, subject: Uuid) -> Result<Option<Running>, Failure> {
    let row = approval_process::Entity::find_by_id(subject).lock_exclusive().one(tx).await?;
    replayed(tx, row).await
}

/// A running request.
///
/// # Errors
/// Those of [`lock`].
pub(crate) async fn read(connection: &impl ConnectionTrait, subject: Uuid) -> Result<Option<Running>, Failure> {
    let row = approval_process::Entity::find_by_id(subject).one(connection).await?;
    replayed(connection, row).await
}

async fn replayed(
    connection: &impl ConnectionTrait,
    row: Option<approval_process::Model>,
) -> Result<Option<Running>, Failure> {
    let Some(row) = row else { return Ok(None) };
    let entries = approval_entry::Entity::find()
        .filter(approval_entry::Column::SubjectId.eq(row.subject_id))
        .order_by_asc(approval_entry::Column::Seq)
        .all(connection)
        .await?;
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.subject_id))
        .all(connection)
        .await?;
    let plan: Plan = serde_json::from_str(&row.plan).map_err(Failure::internal)?;
    let log = entries.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let process = Process::replay(plan, Timestamp::from_millis(row.started_at), &log).map_err(|refusal| {
        Failure::internal(format!("the log of {} cannot be replayed: {refusal:?}", row.subject_id))
    })?;
    let tasks = tasks.into_iter().map(|task| (task.seq, task)).collect();
    Ok(Some(Running { row, process, entries, tasks }))
}

/// An entry of the log as the engine reads it.
///
/// # Errors
/// The row holds an action that nobody knows.
pub(crate) fn entry(row: &approval_entry::Model) -> Result<Entry, Failure> {
    let action: Action = serde_json::from_str(&row.action).map_err(Failure::internal)?;
    Ok(Entry {
        seq: row.seq,
        actor: row.actor_id.map_or(Actor::System, Actor::Officer),
        acting_for: row.acting_for,
        at: Timestamp::from_millis(row.at),
        action,
    })
}

/// Appends entries to the log and writes what follows from them.
///
/// # Errors
/// The database fails.
pub(crate) async fn append(
    tx: &impl ConnectionTrait,
    clock: &Clock,
    running: &mut Running,
    next: Process,
    entries: &[Entry],
    device: Option<&str>,
) -> Result<(), Failure> {
    let before = (running.entries.len(), running.row.clone());
    running.take(next, entries, device)?;
    for row in running.entries.iter().skip(before.0) {
        approval_entry::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    }
    if running.row != before.1 {
        running.row.clone().into_active_model().reset_all().update(tx).await?;
    }
    write_tasks(tx, clock, running).await?;
    write_copies(tx, running).await?;
    Ok(())
}

fn progress(process: &Process) -> (i32, i32) {
    let (decided, nodes) = process.progress();
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    // What is over has no node left to decide.
    let decided = if process.outcome() == Outcome::Approved { nodes } else { decided };
    (small(decided), small(nodes))
}

/// Writes the tasks that are new or have changed.
async fn write_tasks(tx: &impl ConnectionTrait, clock: &Clock, running: &mut Running) -> Result<(), DbErr> {
    let (new, changed) = running.refresh_tasks(|| clock.new_id());
    for seq in changed {
        running.tasks[&seq].clone().into_active_model().reset_all().update(tx).await?;
    }
    if !new.is_empty() {
        let rows = new.iter().map(|seq| running.tasks[seq].clone().into_active_model());
        approval_task::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn task_row(id: Uuid, running: &Running, task: &Task, shown: bool) -> approval_task::Model {
    let plan = running.process.plan();
    // Tasks of an earlier plan keep what was written then.
    let before = running.tasks.get(&task.seq);
    let node = plan.nodes.get(task.node).filter(|_| shown || before.is_none());
    let member = node.zip(task.member).and_then(|(node, member)| node.members.get(member));
    let mode = node.and_then(|node| node.mode()).map(|mode| name_of(&app::approval::api::StepMode::from(mode)));
    approval_task::Model {
        id,
        subject_id: running.row.subject_id,
        applicant_id: running.row.applicant_id,
        seq: task.seq,
        node: i32::try_from(task.node).unwrap_or(i32::MAX),
        title: task.title.clone(),
        mode: mode.or_else(|| before.map(|row| row.mode.clone())).unwrap_or_default(),
        round: task.round,
        officer_id: task.officer.id,
        post_class: match member {
            Some(member) => Some(member.post_class.as_str().to_owned()),
            None => before.and_then(|row| row.post_class.clone()),
        },
        post: task.officer.post.clone(),
        stands_in_for: match member {
            Some(member) => member.stands_in_for.clone(),
            None => before.and_then(|row| row.stands_in_for.clone()),
        },
        opinion_only: task.is_opinion(),
        shown,
        state: name_of(&task.state),
        version: task.version,
        opened_at: task.opened_at.map(Timestamp::millis),
        decided_by: task.decision.as_ref().map(|decision| decision.by),
        comment: task.decision.as_ref().map(|decision| decision.comment.clone()).filter(|text| !text.is_empty()),
        decided_at: task.decision.as_ref().map(|decision| decision.at.millis()),
    }
}

async fn write_copies(tx: &impl ConnectionTrait, running: &Running) -> Result<(), DbErr> {
    let mut seen = HashSet::new();
    let rows: Vec<_> = running
        .process
        .copies()
        .iter()
        .filter(|copy| seen.insert(copy.person.id))
        .map(|copy| approval_copy::ActiveModel {
            subject_id: Set(running.row.subject_id),
            officer_id: Set(copy.person.id),
            at: Set(copy.at.millis()),
            applicant_id: Set(running.row.applicant_id),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    approval_copy::Entity::insert_many(rows)
        .on_conflict_do_nothing_on([approval_copy::Column::SubjectId, approval_copy::Column::OfficerId])
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
