//! Running requests follow the posts: after a change of the roster, of an oversight or of a given role, each of them is
//! looked at once.

use app::approval::process::TaskState;
use app::approval::reroute::reroute;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{act, directory, store};
use crate::clock::Clock;
use crate::entity::approval_task;
use crate::error::Failure;
use crate::setting;
use crate::state::AppState;

/// A mark that every change of posts leaves, in its own transaction, so that it is seen exactly when the change is: the
/// instant, and an id.
const CHANGED: &str = "approval.posts_changed";
/// What was done about the last change: a [`Followed`] as JSON.
const FOLLOWED: &str = "approval.posts_followed";
/// When the next look is due, in milliseconds after the one before. There is a second one after every change: a request
/// that was being submitted in the moment of the change had looked for its approvers before, and was not there yet at
/// the first look. And there is another one as long as a request could not be looked at.
const NEXT_LOOK: i64 = 60_000;

/// What was done about a change of posts.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Followed {
    /// The change.
    mark: String,
    /// When every running request was last looked at, in milliseconds.
    looked_at: i64,
    /// Whether another look is to come.
    goes_on: bool,
}

/// Notes that somebody may hold another post, oversee another department or have another role now.
///
/// # Errors
/// The database fails.
pub async fn changed(tx: &impl ConnectionTrait, clock: &Clock) -> Result<(), DbErr> {
    setting::set(tx, CHANGED, &format!("{} {}", clock.now().millis(), clock.new_id())).await
}

/// Gives the tasks of officers who have left a post to who holds it now, if posts have changed since the last time.
///
/// # Errors
/// The database fails.
pub(super) async fn follow(state: &AppState) -> Result<(), Failure> {
    let read = state.database.read();
    let Some(mark) = setting::get(read, CHANGED).await? else { return Ok(()) };
    let stored = setting::get(read, FOLLOWED).await?.unwrap_or_default();
    let before: Followed = serde_json::from_str(&stored).unwrap_or_default();
    let is_first = before.mark != mark;
    let now = state.now().millis();
    if !is_first && (!before.goes_on || now < before.looked_at + NEXT_LOOK) {
        return Ok(());
    }
    let mut goes_on = is_first;
    for subject in undecided(read).await? {
        // One request that cannot be looked at must not keep the others from it.
        if let Err(error) = follow_one(state, subject).await {
            tracing::warn!(%error, %subject, "A request did not follow a change of posts; it is looked at again.");
            goes_on = true;
        }
    }
    let followed = serde_json::to_string(&Followed { mark, looked_at: now, goes_on }).map_err(Failure::internal)?;
    setting::set(state.database.write(), FOLLOWED, &followed).await?;
    Ok(())
}

async fn undecided(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr> {
    let undecided = [TaskState::Waiting, TaskState::Open, TaskState::Delegated].map(|state| store::name_of(&state));
    approval_task::Entity::find()
        .filter(approval_task::Column::State.is_in(undecided))
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
    let org = state.reference.org(read).await?;
    let known = directory::of_process(read, &org, &running.process).await?;
    if reroute(&running.process, &known, state.now()).entries.is_empty() {
        return Ok(());
    }
    let tx = state.database.begin().await?;
    let mut running = act::lock(&tx, subject).await?;
    act::reroute_lost(&tx, state, &mut running).await?;
    tx.commit().await?;
    Ok(())
}
