//! What happens to running requests by itself: deadlines, and tasks of officers who have left or moved.

use app::approval::reroute;
use app::day::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{act, delegates, directory, posts, store};
use crate::entity::approval_process;
use crate::error::Failure;
use crate::state::AppState;

/// How many requests one round looks at, those first that have waited longest.
const ROUND: u64 = 200;

/// Gives tasks of officers who have left or moved to those who answer for them now, tells delegates what waits since
/// they act for somebody, and reminds or escalates past deadlines. Safe to run twice and on two servers at once: each request is decided on inside its own transaction.
///
/// # Errors
/// The database fails.
pub async fn run_due(state: &AppState) -> Result<(), Failure> {
    posts::follow(state).await?;
    delegates::follow(state).await?;
    for subject in due(state.database.read(), state.now()).await? {
        // One request that cannot be looked after must not keep the others from it.
        if let Err(error) = act_on_due(state, subject).await {
            tracing::warn!(%error, %subject, "A deadline was not looked after this time.");
        }
    }
    Ok(())
}

async fn due(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Uuid>, DbErr> {
    approval_process::Entity::find()
        .filter(approval_process::Column::DueAt.lte(now.millis()))
        .select_only()
        .column(approval_process::Column::SubjectId)
        .order_by_asc(approval_process::Column::DueAt)
        .limit(ROUND)
        .into_tuple()
        .all(connection)
        .await
}

async fn act_on_due(state: &AppState, subject: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let mut running = act::lock(&tx, subject).await?;
    // What is done to one task may end another one, so the question is asked anew each time.
    while let Some(due) = running.process.due(state.now()).first().copied() {
        let org = state.reference.org(&tx).await?;
        let known = directory::of_process(&tx, &org, &running.process).await?;
        let action = reroute::act_on_due(&running.process, &known, due);
        act::act_as_system(&tx, state, &mut running, action).await?;
    }
    // Where nothing was due, its row named the wrong time; it gets the right one.
    let same = running.process.clone();
    store::append(&tx, &state.clock, &mut running, same, &[], None).await?;
    tx.commit().await?;
    Ok(())
}
