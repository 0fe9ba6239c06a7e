//! Files that belong to no request: left over by an upload that came to nothing, or taken off.

use futures_util::TryStreamExt;
use sea_orm::{DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::store::{file_name, is_attachment, rows_of};
use crate::database::Database;
use crate::entity::leave_attachment;
use crate::error::Failure;
use crate::files::{Files, Found, Kept};
use crate::secrets::sha256;
use crate::state::AppState;

/// How long a file stays that was taken off: a back-up copies the files after the rows.
pub const REMOVED_SECONDS: i64 = 24 * 60 * 60;
/// How long a file stays that no row knows: an upload that has written its file is about to write its row, and whoever
/// has brought in an old back-up may still find the newer one.
pub const UNKNOWN_SECONDS: i64 = 30 * REMOVED_SECONDS;

/// How many files are looked up at a time.
const CHUNK: usize = 500;

/// What became of the files, for `fingertip check`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileFindings {
    /// How many files belong to a request.
    pub files: usize,
    /// Files that should be there and are not, by their names.
    pub missing: Vec<String>,
    /// Files that are not what was attached.
    pub changed: Vec<String>,
    /// Files that belong to no request. The server deletes them in time; until then they are no fault.
    pub orphans: Vec<String>,
}

/// Deletes the files that were taken off a day ago, and those that no row has known for a month. Any number of servers may
/// do it at once. What this installation has not sealed is left alone, and so is everything beside a database that knows
/// no attachment at all: it is a new one, or the wrong one.
///
/// # Errors
/// The database, the disk or the network fails.
pub async fn sweep(state: &AppState) -> Result<usize, Failure> {
    if leave_attachment::Entity::find().one(state.database.read()).await?.is_none() {
        return Ok(0);
    }
    let mut swept = 0;
    let mut chunks = state.files.list().try_chunks(CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        for kept in past(state, chunk).await? {
            // Hundreds of files may have been read since; whoever has attached this one again meanwhile keeps it.
            for Kept { name, .. } in past(state, vec![kept]).await? {
                state.files.delete(&name).await?;
                swept += 1;
            }
        }
    }
    if swept > 0 {
        tracing::info!(swept, "Files that belonged to no request were deleted.");
    }
    Ok(swept)
}

/// Of these files those whose time is over.
async fn past(state: &AppState, files: Vec<Kept>) -> Result<Vec<Kept>, Failure> {
    let removed_before = state.now().plus_seconds(-REMOVED_SECONDS).millis();
    let unknown_before = state.now().plus_seconds(-UNKNOWN_SECONDS);
    let names: Vec<String> = files.iter().map(|kept| kept.name.clone()).collect();
    let rows = rows_of(state.database.read(), &names).await?;
    let mut past = Vec::new();
    for kept in files {
        let Kept { name, at } = &kept;
        let is_past = match rows.get(name) {
            Some(None) => false,
            Some(Some(removed_at)) => *removed_at < removed_before,
            None => {
                *at < unknown_before && is_attachment(name) && matches!(state.files.get(name).await?, Found::File(_))
            }
        };
        if is_past {
            past.push(kept);
        }
    }
    Ok(past)
}

/// Of these files, by their names, those that belong to no request.
async fn orphans(database: &Database, names: Vec<String>) -> Result<Vec<String>, DbErr> {
    let rows = rows_of(database.read(), &names).await?;
    let is_orphan = |name: &String| is_attachment(name) && !matches!(rows.get(name), Some(None));
    Ok(names.into_iter().filter(is_orphan).collect())
}

/// Reads every file and compares it with its row.
///
/// # Errors
/// The database, the disk or the network fails.
pub async fn check(database: &Database, files: &Files) -> Result<FileFindings, Failure> {
    use sea_orm::{ColumnTrait, ExprTrait};
    let mut findings = FileFindings::default();
    let mut last = uuid::Uuid::nil();
    loop {
        let rows = leave_attachment::Entity::find()
            .filter(leave_attachment::Column::RemovedAt.is_null().and(leave_attachment::Column::Id.gt(last)))
            .order_by_asc(leave_attachment::Column::Id)
            .limit(CHUNK as u64)
            .all(database.read())
            .await?;
        let Some(end) = rows.last() else { break };
        last = end.id;
        for row in rows {
            let name = file_name(row.id, &row.digest);
            findings.files += 1;
            match files.get(&name).await? {
                Found::File(bytes) if sha256(&bytes).as_slice() == row.digest => {}
                // Taken off meanwhile, and swept up: then nothing is missing.
                Found::Nothing if !orphans(database, vec![name.clone()]).await?.is_empty() => {}
                Found::Nothing => findings.missing.push(name),
                Found::File(_) | Found::Damaged => findings.changed.push(name),
            }
        }
    }
    let mut chunks = files.list().try_chunks(CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let names = chunk.into_iter().map(|kept| kept.name).collect();
        findings.orphans.extend(orphans(database, names).await?);
    }
    findings.orphans.sort_unstable();
    Ok(findings)
}
