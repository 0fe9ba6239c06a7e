//! Running requests follow the posts: after a change of the roster, of an oversight or of a given role, each of them is
//! looked at once.

use app::approval::reroute::reroute;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{act, directory, store};
use crate::clock::Clock;
use crate::entity::approval_task;
use crate::error::Failure;
use crate::setting;
use crate::state::AppState;

/// A mark that every change of posts leaves, in its own transaction, so that it is seen exactly when the change is.
const CHANGED: &str = "approval.posts_changed";
/// The last mark after which every running request was looked at.
const FOLLOWED: &str = "approval.posts_followed";

/// Notes that somebody may hold another post, oversee another department or have another role now.
///
/// # Errors
/// The database fails.
pub async fn changed(tx: &impl ConnectionTrait, clock: &Clock) -> Result<(), DbErr> {
    setting::set(tx, CHANGED, &clock.new_id().to_string()).await
}

/// Gives the tasks of officers who have left a post to who holds it now, if posts have changed since the last time.
///
/// # Errors
/// The database fails.
pub(super) async fn follow(state: &AppState) -> Result<(), Failure> {
    let read = state.database.read();
    let Some(mark) = setting::get(read, CHANGED).await? else { return Ok(()) };
    if setting::get(read, FOLLOWED).await?.as_ref() == Some(&mark) {
        return Ok(());
    }
    for subject in undecided(read).await? {
        // One request that cannot be looked at must not keep the others from it.
        if let Err(error) = follow_one(state, subject).await {
            tracing::warn!(%error, %subject, "A request did not follow a change of posts.");
        }
    }
    setting::set(state.database.write(), FOLLOWED, &mark).await?;
    Ok(())
}

async fn undecided(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr> {
    approval_task::Entity::find()
        .filter(approval_task::Column::State.is_in(["waiting", "open", "delegated"]))
        .select_only()
        .column(approval_task::Column::SubjectId)
        .distinct()
        .into_tuple()
        .all(connection)
        .await
}

async fn follow_one(state: &AppState, subject: Uuid) -> Result<(), Failure> {
    let read = state.database.read();
    // Most requests have nothing to follow; they are not worth a lock.
    let Some(running) = store::read(read, subject).await? else { return Ok(()) };
    let known = directory::of_process(read, &running.process).await?;
    if reroute(&running.process, &known, state.now()).entries.is_empty() {
        return Ok(());
    }
    let tx = state.database.begin().await?;
    let mut running = act::lock(&tx, subject).await?;
    act::reroute_lost(&tx, state, &mut running).await?;
    tx.commit().await?;
    Ok(())
}
