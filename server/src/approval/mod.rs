//! Approvals: what waits for whom, acting on it, delegations, definitions.
//!
//! [`act`] is the one door to a running request, [`store`] keeps its plan, log and tasks. The rules are
//! `app::approval`'s; what a form does with an outcome is the form's.

pub(crate) mod act;
pub(crate) mod definition;
pub(crate) mod delegation;
pub(crate) mod directory;
pub(crate) mod store;

mod away;
mod delegates;
mod inbox;
mod jobs;
mod lists;
mod news;
mod posts;
mod samples;
mod search;
mod settings;
mod view;

use std::collections::BTreeSet;

use app::api::{Code, Problem};
use app::approval::api::{
    APPROVE_AT_ONCE, ActOnProcess, ApproveMany, ApproveTasks, ApprovedMany, Decide, DecideTask, Decided, GetInbox,
    GetProcess, Inbox, ListRequests, ManyResult, ProcessView, RequestAction, TaskAction,
};
use app::approval::compile::Plan;
use app::approval::directory::Person;
use app::approval::news::turns;
use app::approval::process::{Action, Place, TaskState};
use app::leave::sight::Sight;
use app::org::rules::OfficerStatus;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::database::Transaction;
use crate::entity::{approval_task, officer};
use crate::error::Failure;
use crate::leave;
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

pub use inbox::inbox;
pub use jobs::run_due;
pub use posts::changed as posts_changed;
pub(crate) use store::{name_of, of_name};

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api
        .mount::<GetInbox, _, _, _>(get_inbox)
        .mount::<ListRequests, _, _, _>(lists::list_requests)
        .mount::<GetProcess, _, _, _>(get_process)
        .mount::<DecideTask, _, _, _>(decide_task)
        .mount::<ApproveTasks, _, _, _>(approve_tasks)
        .mount::<ActOnProcess, _, _, _>(act_on_process);
    settings::mount(definition::mount(delegation::mount(api)))
}

/// Pins a plan to a request that was just written, and tells those whose turn it is.
///
/// # Errors
/// [`Code::EmptyChain`] where a post is missing, or the database fails.
pub(crate) async fn start(
    tx: &Transaction,
    state: &AppState,
    subject: Uuid,
    version: i32,
    plan: Plan,
) -> Result<(), Failure> {
    let running = store::start(tx, &state.clock, subject, version, plan).await?;
    news::tell(tx, state, &running, None, &[]).await
}

/// What an officer does to a request as a whole, in the caller's transaction.
///
/// # Errors
/// What the engine refuses, or the database fails.
pub(crate) async fn act(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    subject: Uuid,
    action: Action,
) -> Result<(), Failure> {
    let mut running = act::lock(tx, subject).await?;
    act::act(tx, state, caller, &mut running, None, action).await
}

/// Withdraws a request with another one that it depends on, in the name of the system. The form that it belongs to
/// says in the audit trail who brought it about.
///
/// # Errors
/// [`Code::WrongState`](app::api::Code::WrongState) where it is decided, or the database fails.
pub(crate) async fn withdraw_with(
    tx: &Transaction,
    state: &AppState,
    subject: Uuid,
    comment: String,
) -> Result<(), Failure> {
    let mut running = act::lock(tx, subject).await?;
    act::act_as_system(tx, state, &mut running, Action::Withdraw { comment }).await
}

/// Whether an officer may act now for somebody whom this request asks.
///
/// # Errors
/// The database fails.
pub(crate) async fn acts_for_somebody_of(
    connection: &impl ConnectionTrait,
    state: &AppState,
    officer: Uuid,
    subject: Uuid,
) -> Result<bool, Failure> {
    use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
    let principals = delegation::acts_for(connection, state, officer, leave::FORM).await?;
    if principals.is_empty() {
        return Ok(false);
    }
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(subject))
        .filter(approval_task::Column::OfficerId.is_in(principals))
        // What has been decided is his affair who decided it: one hour of standing in opens no old papers.
        .filter(approval_task::Column::State.eq(name_of(&TaskState::Open)))
        .count(connection)
        .await?;
    Ok(tasks > 0)
}

/// Whose decision a request waits for, those who may decide in their place included.
///
/// # Errors
/// The database fails.
pub(crate) async fn deciding(tx: &Transaction, state: &AppState, subject: Uuid) -> Result<BTreeSet<Uuid>, Failure> {
    let Some(running) = store::read(tx, subject).await? else { return Ok(BTreeSet::new()) };
    let acting = news::acting(tx, state, &running).await?;
    Ok(turns(&running.process).into_iter().chain(acting.into_iter().map(|(_, delegate)| delegate)).collect())
}

async fn get_inbox(call: Call<GetInbox>) -> Result<Inbox, Failure> {
    inbox(&call.state, call.caller()?.id, &call.query).await
}

async fn get_process(call: Call<GetProcess>) -> Result<ProcessView, Failure> {
    let caller = call.caller()?;
    let (_, sight) = leave::visible_request(&call.state, caller, call.path.id).await?;
    view::draw(&call.state, caller, call.path.id, sight).await
}

/// A running request for somebody who sees all of it, as [`GetProcess`] shows it: for the printed sheet.
///
/// # Errors
/// There is no such request, or the database fails.
pub(crate) async fn whole_process(state: &AppState, caller: &Caller, id: Uuid) -> Result<ProcessView, Failure> {
    view::draw(state, caller, id, Sight::Request).await
}

async fn act_on_process(call: Call<ActOnProcess>) -> Result<ProcessView, Failure> {
    let (state, caller, body) = (&call.state, call.caller()?, call.body()?);
    let (_, sight) = leave::visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let action = match body.action {
        RequestAction::Urge => Action::Urge,
        RequestAction::Comment => Action::Comment { text: body.comment.trim().to_owned() },
        RequestAction::Copy => {
            let mut to = Vec::new();
            for number in &body.to {
                to.push(person(&tx, number).await?);
            }
            Action::Copy { to }
        }
    };
    act(&tx, state, caller, call.path.id, action).await?;
    tx.commit().await?;
    view::draw(state, caller, call.path.id, sight).await
}

async fn decide_task(call: Call<DecideTask>) -> Result<Decided, Failure> {
    let body = call.body()?;
    decide(&call.state, call.caller()?, call.path.id, &body).await
}

async fn approve_tasks(call: Call<ApproveTasks>) -> Result<ApprovedMany, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let ApproveMany { tasks, comment } = call.body()?;
    if tasks.len() > APPROVE_AT_ONCE {
        return Err(Failure::bad_input("tasks", format!("一次最多批量同意 {APPROVE_AT_ONCE} 项，请分批处理")));
    }
    let mut results = Vec::with_capacity(tasks.len());
    for seen in tasks {
        // Each in a transaction of its own: one that fails takes nobody along.
        let decided = decide(state, caller, seen.id, &Decide::new(TaskAction::Approve, &comment, seen.version)).await;
        results.push(ManyResult { id: seen.id, problem: decided.err().map(Failure::into_problem) });
    }
    Ok(ApprovedMany { results })
}

/// Acts on a task.
///
/// # Errors
/// [`Code::NotFound`] for a task that is neither the caller's nor of somebody for whom he acts, what the engine refuses,
/// or the database fails.
async fn decide(state: &AppState, caller: &Caller, id: Uuid, body: &Decide) -> Result<Decided, Failure> {
    let missing = || Failure::not_found("这项审批");
    let tx = state.database.begin().await?;
    let task = approval_task::Entity::find_by_id(id).one(&tx).await?.ok_or_else(missing)?;
    let mut running = act::lock(&tx, task.subject_id).await?;
    let seq = task.seq;
    let holder = running.process.task(seq).map(|task| task.officer.id).ok_or_else(missing)?;
    let added_by = running.process.task(seq).and_then(|task| task.added_by);
    let acting_for = if holder == caller.id || (body.action == TaskAction::Remove && added_by == Some(caller.id)) {
        None
    } else if delegation::acts_for(&tx, state, caller.id, &running.row.form).await?.contains(&holder) {
        Some(holder)
    } else {
        return Err(missing());
    };
    if running.process.applicant() == caller.id {
        return Err(missing());
    }
    let action = action(&tx, seq, body).await?;
    if let Err(failure) = act::act(&tx, state, caller, &mut running, acting_for, action).await {
        return Err(if act::is_stale(&failure) { stale(&tx, state, caller, &running, seq).await? } else { failure });
    }
    tx.commit().await?;
    decided(state.database.read(), state, caller, &running, seq).await
}

/// The action with the people that it names.
async fn action(connection: &impl ConnectionTrait, task: i32, body: &Decide) -> Result<Action, Failure> {
    let (version, comment) = (body.version, body.comment.trim().to_owned());
    let named = async || match body.to.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => person(connection, number).await,
        None => Err(Failure::bad_input("to", "请选择人员")),
    };
    let add = async |place| Ok(Action::Add { task, version, place, who: named().await?, comment: comment.clone() });
    match body.action {
        TaskAction::Approve => Ok(Action::Approve { task, version, comment }),
        TaskAction::Refuse => Ok(Action::Refuse { task, version, comment }),
        TaskAction::SendBack => {
            let position = |node: i32| usize::try_from(node).ok().and_then(|node| node.checked_sub(1));
            let to_node = match body.to_node {
                Some(node) => Some(position(node).ok_or_else(|| Failure::bad_input("to_node", "没有这个节点"))?),
                None => None,
            };
            Ok(Action::SendBack { task, version, to_node, comment })
        }
        TaskAction::Transfer => Ok(Action::Transfer { task, version, to: named().await?, comment }),
        TaskAction::Delegate => Ok(Action::Delegate { task, version, to: named().await?, comment }),
        TaskAction::GiveBack => Ok(Action::GiveBack { task, version, comment }),
        TaskAction::AddBefore => add(Place::Before).await,
        TaskAction::AddAfter => add(Place::After).await,
        TaskAction::AddBeside => add(Place::Beside).await,
        TaskAction::Remove => Ok(Action::Remove { task, version }),
        TaskAction::TakeBack => Ok(Action::TakeBack { task, version }),
    }
}

/// An officer in service as somebody who can be given a task or a copy.
async fn person(connection: &impl ConnectionTrait, number: &str) -> Result<Person, Failure> {
    let row: Option<officer::Model> = crate::account::store::officer_by_number(connection, number).await?;
    let known = row.filter(|row| row.status == OfficerStatus::InService.as_str());
    let known = known.ok_or_else(|| Failure::bad_input("to", format!("没有找到工号 {number} 的在职同志，请核对")))?;
    Ok(directory::person(known))
}

async fn decided(
    connection: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    running: &store::Running,
    seq: i32,
) -> Result<Decided, Failure> {
    let row = running.tasks.get(&seq).ok_or_else(|| Failure::internal("the task is gone"))?;
    let request = leave::store::request(connection, running.row.subject_id).await?;
    let request = request.ok_or_else(|| Failure::internal("the request is gone"))?;
    let mut drawn = leave::view::draw(connection, state, vec![request], caller).await?;
    let request = drawn.pop().ok_or_else(|| Failure::internal("one request was drawn as none"))?;
    Ok(Decided { id: row.id, version: row.version, state: of_name(&row.state).unwrap_or(TaskState::Void), request })
}

/// The loser of a race hears what the task and the request have become.
async fn stale(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    running: &store::Running,
    seq: i32,
) -> Result<Failure, Failure> {
    let current = decided(tx, state, caller, running, seq).await?;
    let current = serde_json::to_value(current).map_err(Failure::internal)?;
    Ok(Problem::new(Code::StaleVersion, "这项审批刚刚有了变化，您的操作没有生效，请查看最新状态")
        .with_current(current)
        .into())
}
