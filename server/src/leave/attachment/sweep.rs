//! Files that belong to no request: left over by an upload that came to nothing, or taken off.

use futures_util::TryStreamExt;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::store::{file_name, in_use};
use crate::database::Database;
use crate::entity::leave_attachment;
use crate::error::Failure;
use crate::files::{Files, Found, Kept};
use crate::secrets::sha256;
use crate::state::AppState;

/// How long a file may belong to nothing: an upload that has written its file is about to write its row, and a back-up
/// copies the files after the rows.
pub const GRACE_SECONDS: i64 = 24 * 60 * 60;

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
    /// Files that belong to no request. The server deletes them after a day; until then they are no fault.
    pub orphans: Vec<String>,
}

/// Deletes the files that have belonged to no request for a day. Any number of servers may do it at once.
///
/// # Errors
/// The database, the disk or the network fails.
pub async fn sweep(state: &AppState) -> Result<usize, Failure> {
    let before = state.now().plus_seconds(-GRACE_SECONDS);
    let mut swept = 0;
    let mut chunks = state.files.list().try_chunks(CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let old: Vec<Kept> = chunk.into_iter().filter(|kept| kept.at < before).collect();
        for name in orphans(&state.database, old).await? {
            state.files.delete(&name).await?;
            swept += 1;
        }
    }
    if swept > 0 {
        tracing::info!(swept, "Files that belonged to no request were deleted.");
    }
    Ok(swept)
}

async fn orphans(database: &Database, files: Vec<Kept>) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = files.into_iter().map(|kept| kept.name).collect();
    let used = in_use(database.read(), &names).await?;
    Ok(names.into_iter().filter(|name| !used.contains(name)).collect())
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
                Found::Nothing if in_use(database.read(), std::slice::from_ref(&name)).await?.is_empty() => {}
                Found::Nothing => findings.missing.push(name),
                Found::File(_) | Found::Damaged => findings.changed.push(name),
            }
        }
    }
    let mut chunks = files.list().try_chunks(CHUNK);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        findings.orphans.extend(orphans(database, chunk).await?);
    }
    findings.orphans.sort_unstable();
    Ok(findings)
}
