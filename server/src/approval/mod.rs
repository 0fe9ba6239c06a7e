//! The inbox of an approver, and deciding.

mod inbox;

use app::api::{Code, Problem};
use app::approval::api::{Decide, DecideTask, Decided, GetInbox, Inbox, Verdict};
use app::approval::rules::{Course, StepState, comment_problem, decide};
use app::leave::ledger;
use app::leave::rules::{Event, Stored};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::audit::{self, Actor, Deed};
use crate::entity::{approval_task, leave_request};
use crate::error::Failure;
use crate::leave::{self, act, store, view};
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

pub use inbox::inbox;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<GetInbox, _, _, _>(get_inbox).mount::<DecideTask, _, _, _>(decide_task)
}

async fn get_inbox(call: Call<GetInbox>) -> Result<Inbox, Failure> {
    Ok(inbox(call.state.database.read(), call.caller()?.id, inbox::LIMIT).await?)
}

async fn decide_task(call: Call<DecideTask>) -> Result<Decided, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    if let Some(problem) = comment_problem(body.action, &body.comment) {
        return Err(problem.into());
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    let missing = || Failure::not_found("这项审批");
    let subject = approval_task::Entity::find_by_id(call.path.id)
        .one(&tx)
        .await?
        .filter(|task| task.officer_id == caller.id)
        .ok_or_else(missing)?
        .subject_id;
    // The request is the lock of its whole chain; the tasks are read again behind it.
    let request = store::lock_request(&tx, subject).await?.ok_or_else(missing)?;
    if request.officer_id == caller.id {
        return Err(missing());
    }
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(subject))
        .order_by_asc(approval_task::Column::Step)
        .all(&tx)
        .await?;
    let at = tasks.iter().position(|task| task.id == call.path.id).ok_or_else(missing)?;
    let states: Vec<StepState> =
        tasks.iter().map(|task| StepState::parse(&task.state).unwrap_or(StepState::Void)).collect();
    let position = i32::try_from(at + 1).map_err(Failure::internal)?;
    let progress = match decide(&states, position, body.action) {
        Ok(progress) if tasks[at].version == body.version => progress,
        _ => return Err(stale(&tx, state, caller, &tasks[at], request).await?),
    };
    for (task, next) in tasks.iter().zip(&progress.steps) {
        change_task(&tx, state, task, *next, (task.id == call.path.id).then_some(&body)).await?;
    }
    let row = settle(&tx, state, request, &progress.course).await?;
    let id = row.id.to_string();
    let action = if body.action == Verdict::Approve { "approval.approve" } else { "approval.refuse" };
    let deed = Deed { action, subject: "leave_request", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&tasks[at].state), Some(&body)).await?;
    tx.commit().await?;
    Ok(Decided {
        id: call.path.id,
        version: tasks[at].version + 1,
        state: progress.steps[at],
        request: leave::one(state, row, caller.id).await?,
    })
}

/// Writes what a decision makes of one step, where it makes anything of it.
async fn change_task(
    tx: &impl ConnectionTrait,
    state: &AppState,
    task: &approval_task::Model,
    next: StepState,
    decision: Option<&Decide>,
) -> Result<(), DbErr> {
    if task.state == next.as_str() {
        return Ok(());
    }
    let now = state.now().millis();
    let mut change = task.clone().into_active_model();
    change.state = Set(next.as_str().to_owned());
    change.version = Set(task.version + 1);
    if next == StepState::Open {
        change.opened_at = Set(Some(now));
    }
    if let Some(decision) = decision {
        let comment = decision.comment.trim();
        change.comment = Set((!comment.is_empty()).then(|| comment.to_owned()));
        change.decided_at = Set(Some(now));
    }
    change.update(tx).await?;
    Ok(())
}

/// Writes what a decision makes of the request and the ledger.
async fn settle(
    tx: &DatabaseTransaction,
    state: &AppState,
    row: leave_request::Model,
    course: &Course,
) -> Result<leave_request::Model, Failure> {
    let before = act::stored(&row)?;
    let conflict = |code| Failure::new(code, "这份请假已经有了结论，请刷新查看最新状态");
    let (after, is_end) = match course {
        Course::Continues(_) => (before, false),
        Course::Approved => (before.after(Event::Approve).map_err(conflict)?, true),
        Course::Refused => (before.after(Event::Refuse).map_err(conflict)?, true),
    };
    if is_end {
        let counted = store::counted(tx, row.id).await?;
        let entries = if after == Stored::Approved { ledger::on_approve(&counted) } else { ledger::on_end(&counted) };
        store::append(tx, &state.clock, row.officer_id, &row.leave_type, Some(row.id), &entries).await?;
        if after != Stored::Approved {
            store::free_slots(tx, row.id, None).await?;
        }
    }
    let mut change = act::bump(row, after);
    if is_end {
        change.decided_at = Set(Some(state.now().millis()));
    }
    Ok(change.update(tx).await?)
}

/// The loser of a race hears what the task and the request have become.
async fn stale(
    tx: &DatabaseTransaction,
    state: &AppState,
    caller: &Caller,
    task: &approval_task::Model,
    request: leave_request::Model,
) -> Result<Failure, Failure> {
    let mut drawn = view::draw(tx, vec![request], caller.id, state.today()).await?;
    let current = drawn.pop().map(|request| Decided {
        id: task.id,
        version: task.version,
        state: StepState::parse(&task.state).unwrap_or(StepState::Void),
        request,
    });
    let current = serde_json::to_value(current).map_err(Failure::internal)?;
    Ok(Problem::new(Code::StaleVersion, "这项审批刚刚有了变化，您的操作没有生效，请查看最新状态")
        .with_current(current)
        .into())
}
