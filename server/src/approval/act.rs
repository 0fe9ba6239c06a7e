//! Acting on a running request: one door for officers and for the system, whatever the form.

use app::api::{Code, Problem};
use app::approval::process::{Action, Actor, Entry, Outcome, Process, Refusal, Settings, Verb};
use app::approval::reroute::reroute;
use app::org::rules::OfficerStatus;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::store::{self, Running};
use super::{delegation, directory, news};
use crate::audit::{self, Deed};
use crate::database::Transaction;
use crate::entity::{approval_process, officer, session};
use crate::error::Failure;
use crate::leave;
use crate::session::Caller;
use crate::setting;
use crate::state::AppState;

/// The setting that holds [`Settings`] as JSON.
pub(super) const SETTING: &str = "approval";

/// A form that the engine decides on: what it does with the outcome is its own affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// 请假.
    Leave,
}

impl Form {
    /// The form of this stored name.
    ///
    /// # Errors
    /// A row names a form that nobody knows.
    pub(super) fn parse(name: &str) -> Result<Self, Failure> {
        match name {
            leave::FORM => Ok(Self::Leave),
            other => Err(Failure::internal(format!("unknown form: {other}"))),
        }
    }

    /// Locks the request: the form's row first and the process second, everywhere, so that nobody waits in a circle.
    async fn lock(self, tx: &Transaction, subject: Uuid) -> Result<(), Failure> {
        match self {
            Self::Leave => leave::after::convert::lock(tx, subject).await?.map(|_| ()),
        }
        .ok_or_else(|| Failure::not_found("这份申请"))
    }

    /// Whether the form itself lets nobody approve yet.
    async fn check_approval(self, tx: &Transaction, state: &AppState, subject: Uuid) -> Result<(), Failure> {
        match self {
            Self::Leave => leave::stand_in_rule::check_approval(tx, state, subject).await,
        }
    }

    /// Writes what an outcome means for the form.
    async fn settle(self, tx: &Transaction, state: &AppState, running: &Running) -> Result<(), Failure> {
        match self {
            Self::Leave => leave::act::settle(tx, state, running.row.subject_id, running.process.outcome()).await,
        }
    }

    /// Its number for people.
    pub(super) async fn number(self, tx: &impl ConnectionTrait, subject: Uuid) -> Result<String, DbErr> {
        match self {
            Self::Leave => Ok(leave::store::request(tx, subject).await?.map(|row| row.number).unwrap_or_default()),
        }
    }

    /// What the audit trail calls it.
    fn noun(self) -> &'static str {
        match self {
            Self::Leave => "leave_request",
        }
    }
}

/// The settings of running requests.
///
/// # Errors
/// The database fails.
pub(crate) async fn settings(connection: &impl ConnectionTrait) -> Result<Settings, DbErr> {
    let stored = setting::get(connection, SETTING).await?;
    let read = |text: String| {
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::error!(%error, "the stored settings of running requests cannot be read: the defaults hold");
            Settings::default()
        })
    };
    Ok(stored.map(read).unwrap_or_default())
}

/// A running request, locked with its form's row until the transaction ends.
///
/// # Errors
/// [`Code::NotFound`], or the database fails.
pub(crate) async fn lock(tx: &Transaction, subject: Uuid) -> Result<Running, Failure> {
    let missing = || Failure::not_found("这份申请");
    let row = approval_process::Entity::find_by_id(subject).one(tx).await?.ok_or_else(missing)?;
    Form::parse(&row.form)?.lock(tx, subject).await?;
    store::lock(tx, subject).await?.ok_or_else(missing)
}

/// What an officer does, in a transaction that holds the request: judged by the engine, written with all that follows
/// from it, and told to the audit trail. The caller commits.
///
/// # Errors
/// What [`Process::act`] refuses, or the database fails.
pub(crate) async fn act(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    running: &mut Running,
    acting_for: Option<Uuid>,
    action: Action,
) -> Result<(), Failure> {
    let acts_for = match acting_for {
        Some(_) => delegation::acts_for(tx, state, caller.id, &running.row.form).await?,
        None => Vec::new(),
    };
    let verb = action.verb();
    let told = serde_json::to_string(&action).map_err(Failure::internal)?;
    let entry = Entry {
        seq: running.process.next_seq(),
        actor: Actor::Officer(caller.id),
        acting_for,
        at: state.now(),
        action,
    };
    let own = running.entries.iter().rev().find(|row| row.actor_id == Some(caller.id));
    if own.map(store::entry).transpose()?.is_some_and(|before| entry.repeats(&before)) {
        return Ok(());
    }
    let next = running.process.act(&entry, &acts_for, &settings(tx).await?).map_err(refused)?;
    if verb == Verb::Approve {
        Form::parse(&running.row.form)?.check_approval(tx, state, running.row.subject_id).await?;
    }
    let device = session::Entity::find_by_id(caller.session).one(tx).await?.map(|session| session.device);
    let before = store::name_of(&running.process.outcome());
    write(tx, state, running, next, vec![entry], device.as_deref()).await?;
    let subject = running.row.subject_id.to_string();
    let action = format!("approval.{}", store::name_of(&verb));
    let deed = Deed { action: &action, subject: Form::parse(&running.row.form)?.noun(), id: &subject };
    let actor = audit::Actor { acting_for, ..audit::Actor::from(caller) };
    audit::record(tx, &state.clock, &actor, deed, Some(&before), Some(&told)).await?;
    Ok(())
}

/// What the system does to a request that it holds.
///
/// # Errors
/// The engine refuses, which a caller that has just read the state need not expect, or the database fails.
pub(crate) async fn act_as_system(
    tx: &Transaction,
    state: &AppState,
    running: &mut Running,
    action: Action,
) -> Result<(), Failure> {
    let entry =
        Entry { seq: running.process.next_seq(), actor: Actor::System, acting_for: None, at: state.now(), action };
    let next = running.process.apply(&entry).map_err(refused)?;
    write(tx, state, running, next, vec![entry], None).await
}

/// Gives tasks of officers who are no longer in service, or who have left the post that a task was for, to those who
/// answer for them now.
///
/// # Errors
/// The database fails.
pub(crate) async fn reroute_lost(tx: &Transaction, state: &AppState, running: &mut Running) -> Result<(), Failure> {
    let mut next = running.process.clone();
    let mut entries = Vec::new();
    follow_posts(tx, state, running.row.subject_id, &mut next, &mut entries).await?;
    write(tx, state, running, next, entries, None).await
}

/// Brings the tasks of a process to people who can and may act, and adds the entries that say so.
async fn follow_posts(
    tx: &Transaction,
    state: &AppState,
    subject: Uuid,
    next: &mut Process,
    entries: &mut Vec<Entry>,
) -> Result<(), Failure> {
    let org = state.reference.org(tx).await?;
    let known = directory::of_process(tx, &org, next).await?;
    let rerouted = reroute(next, &known, state.now());
    if !rerouted.missing.is_empty() {
        tracing::warn!(%subject, tasks = ?rerouted.missing, "Nobody can take over these tasks.");
    }
    *next = rerouted.process;
    entries.extend(rerouted.entries);
    Ok(())
}

async fn write(
    tx: &Transaction,
    state: &AppState,
    running: &mut Running,
    next: Process,
    mut entries: Vec<Entry>,
    device: Option<&str>,
) -> Result<(), Failure> {
    let mut next = next;
    if has_lost_officer(tx, &next).await? {
        follow_posts(tx, state, running.row.subject_id, &mut next, &mut entries).await?;
    }
    if entries.is_empty() {
        return Ok(());
    }
    let before = running.process.clone();
    store::append(tx, &state.clock, running, next, &entries, device).await?;
    if running.process.outcome() != before.outcome() || versions(&running.process) != versions(&before) {
        Form::parse(&running.row.form)?.settle(tx, state, running).await?;
    }
    news::tell(tx, state, running, Some(&before), &entries).await
}

/// Grows with every change of a task.
fn versions(process: &Process) -> i64 {
    process.tasks().iter().map(|task| task.version).sum()
}

async fn has_lost_officer(connection: &impl ConnectionTrait, process: &Process) -> Result<bool, DbErr> {
    if process.outcome() != Outcome::Running {
        return Ok(false);
    }
    let undecided = process.tasks().iter().filter(|task| task.state.is_undecided()).map(|task| task.officer.id);
    let lost = officer::Entity::find()
        .filter(officer::Column::Id.is_in(undecided))
        .filter(officer::Column::Status.ne(OfficerStatus::InService.as_str()))
        .count(connection)
        .await?;
    Ok(lost > 0)
}

/// A refusal of the engine as it goes out.
pub(crate) fn refused(refusal: Refusal) -> Failure {
    Failure::from(Problem::from(refusal))
}

/// Whether a failure is the loser's of a race, who has to see the present state.
pub(crate) fn is_stale(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.code == Code::StaleVersion)
}
