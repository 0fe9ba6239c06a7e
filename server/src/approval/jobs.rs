//! What happens to running requests by itself: deadlines, and tasks of officers who have left or moved.

use app::approval::definition::Overdue;
use app::approval::process::Action;
use app::approval::reroute::escalate;
use app::day::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{act, directory, posts};
use crate::entity::{approval_process, approval_task};
use crate::error::Failure;
use crate::state::AppState;

/// How many requests one round looks at.
const ROUND: u64 = 200;

/// Gives tasks of officers who have left or moved to those who answer for them now, and reminds or escalates past
/// deadlines. Safe to run twice and on two servers at once: each request is decided on inside its own transaction.
///
/// # Errors
/// The database fails.
pub async fn run_due(state: &AppState) -> Result<(), Failure> {
    for subject in act::lost(state.database.read()).await? {
        told(subject, reroute_lost(state, subject).await);
    }
    posts::follow(state).await?;
    for subject in with_deadline(state.database.read(), state.now()).await? {
        told(subject, act_on_due(state, subject).await);
    }
    Ok(())
}

/// One request that cannot be looked after must not keep the others from it.
fn told(subject: Uuid, outcome: Result<(), Failure>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, %subject, "A request was not looked after this time.");
    }
}

async fn reroute_lost(state: &AppState, subject: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let mut running = act::lock(&tx, subject).await?;
    act::reroute_lost(&tx, state, &mut running).await?;
    tx.commit().await?;
    Ok(())
}

/// The running requests whose plan knows a deadline and whose open task has waited at all.
async fn with_deadline(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Uuid>, DbErr> {
    use sea_orm::QueryTrait;
    let waiting = approval_task::Entity::find()
        .filter(approval_task::Column::State.eq("open"))
        .filter(approval_task::Column::OpenedAt.lt(now.millis()))
        .select_only()
        .column(approval_task::Column::SubjectId)
        .into_query();
    approval_process::Entity::find()
        .filter(approval_process::Column::SubjectId.in_subquery(waiting))
        .filter(approval_process::Column::HasDeadline.eq(true))
        .select_only()
        .column(approval_process::Column::SubjectId)
        .limit(ROUND)
        .into_tuple()
        .all(connection)
        .await
}

async fn act_on_due(state: &AppState, subject: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let mut running = act::lock(&tx, subject).await?;
    let due = running.process.due(state.now());
    if due.is_empty() {
        return Ok(());
    }
    let known = directory::of_process(&tx, &running.process).await?;
    for due in due {
        let action = match due.then {
            Overdue::Remind => Some(Action::Remind { task: due.task }),
            Overdue::Escalate => escalate(&running.process, &known, due.task),
        };
        // Nobody to escalate to: it stays where it is.
        if let Some(action) = action {
            act::act_as_system(&tx, state, &mut running, action).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
