//! The audit trail: who did what, from where, with digests of what was before and after.
//!
//! A row is written in the transaction of what it tells. [`seal`] chains rows by digest afterwards, so that no write
//! waits for another's digest; [`verify`] checks the chain.

use app::day::Timestamp;
use sea_orm::sea_query::{NullOrdering, Order};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Clock;
use crate::database::Database;
use crate::entity::audit_entry;
use crate::secrets::sha256;

/// Who acts, and from where.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The officer; absent for the system itself and for the command line.
    pub officer: Option<Uuid>,
    /// The officer for whom he acts under a delegation.
    pub acting_for: Option<Uuid>,
    /// The session, `command-line` or `system`.
    pub origin: String,
}

impl Actor {
    /// The command line of the server's machine.
    pub fn command_line() -> Self {
        Self { origin: "command-line".to_owned(), ..Self::default() }
    }

    /// The server itself: jobs.
    pub fn system() -> Self {
        Self { origin: "system".to_owned(), ..Self::default() }
    }
}

impl From<&crate::session::Caller> for Actor {
    fn from(caller: &crate::session::Caller) -> Self {
        Self { officer: Some(caller.id), acting_for: None, origin: caller.session.to_string() }
    }
}

/// What was done: `leave.submit` on `leave_request` so-and-so.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// The action, `noun.verb`.
    pub action: &'a str,
    /// The kind of thing.
    pub subject: &'a str,
    /// The thing's id or name.
    pub id: &'a str,
}

/// Writes a row within the caller's transaction. What was before and after is kept as a digest: it proves, and reveals
/// nothing.
///
/// # Errors
/// The database fails.
pub async fn record(
    connection: &impl ConnectionTrait,
    clock: &Clock,
    actor: &Actor,
    deed: Deed<'_>,
    before: Option<&(impl Serialize + Sync)>,
    after: Option<&(impl Serialize + Sync)>,
) -> Result<(), DbErr> {
    let digest = |bytes: serde_json::Result<Vec<u8>>| bytes.map(|bytes| sha256(&bytes).to_vec()).unwrap_or_default();
    let mut row = audit_entry::Model {
        id: clock.new_id(),
        at: clock.now().millis(),
        actor_id: actor.officer,
        acting_for_id: actor.acting_for,
        action: deed.action.to_owned(),
        subject_kind: deed.subject.to_owned(),
        subject_id: deed.id.to_owned(),
        origin: actor.origin.clone(),
        before_digest: before.map(|value| digest(serde_json::to_vec(value))),
        after_digest: after.map(|value| digest(serde_json::to_vec(value))),
        content_digest: Vec::new(),
        seal: None,
        seal_digest: None,
    };
    row.content_digest = content_digest(&row);
    audit_entry::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// The digest of what a row says. It is stored, so that retention can blank a row later without breaking the chain.
fn content_digest(row: &audit_entry::Model) -> Vec<u8> {
    let content = serde_json::json!([
        row.id,
        row.at,
        row.actor_id,
        row.acting_for_id,
        row.action,
        row.subject_kind,
        row.subject_id,
        row.origin,
        row.before_digest,
        row.after_digest,
    ]);
    sha256(content.to_string().as_bytes()).to_vec()
}

fn link(previous: &[u8], seal: i64, content: &[u8]) -> Vec<u8> {
    sha256(&[previous, &seal.to_be_bytes(), content].concat()).to_vec()
}

/// Rows sealed in one batch.
const BATCH: u64 = 500;

/// Chains the rows that are not sealed yet; answers how many it sealed. Two replicas may run it at once: the unique
/// seal number makes the later one fail and try again.
///
/// # Errors
/// The database fails.
pub async fn seal(database: &Database) -> Result<usize, DbErr> {
    let tx = database.begin().await?;
    let last = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seal.is_not_null())
        .order_by_with_nulls(audit_entry::Column::Seal, Order::Desc, NullOrdering::Last)
        .one(&tx)
        .await?;
    let (mut number, mut digest) =
        last.map_or((0, Vec::new()), |row| (row.seal.unwrap_or(0), row.seal_digest.unwrap_or_default()));
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Seal.is_null())
        .order_by_asc(audit_entry::Column::At)
        .order_by_asc(audit_entry::Column::Id)
        .limit(BATCH)
        .all(&tx)
        .await?;
    let sealed = rows.len();
    for row in rows {
        number += 1;
        digest = link(&digest, number, &row.content_digest);
        let mut change = row.into_active_model();
        change.seal = Set(Some(number));
        change.seal_digest = Set(Some(digest.clone()));
        change.update(&tx).await?;
    }
    tx.commit().await?;
    Ok(sealed)
}

/// What a check of the trail found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Rows in the chain.
    pub sealed: u64,
    /// Rows that wait for the next batch.
    pub unsealed: u64,
    /// Seal numbers whose row does not fit: changed, removed or put in.
    pub broken: Vec<i64>,
}

/// Checks the chain from its beginning.
///
/// # Errors
/// The database fails.
pub async fn verify(database: &Database) -> Result<Verified, DbErr> {
    let mut found = Verified::default();
    let mut digest = Vec::new();
    let mut number = 0;
    loop {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Seal.gt(number))
            .order_by_asc(audit_entry::Column::Seal)
            .limit(BATCH)
            .all(database.read())
            .await?;
        let Some(end) = rows.last().and_then(|row| row.seal) else { break };
        for row in rows {
            number += 1;
            let seal = row.seal.unwrap_or_default();
            let stored = row.seal_digest.clone().unwrap_or_default();
            // A removed row shows once, as the number that is missing; the chain goes on from what is stored.
            if seal != number
                || content_digest(&row) != row.content_digest
                || link(&digest, seal, &row.content_digest) != stored
            {
                found.broken.push(number);
            }
            number = seal;
            digest = stored;
            found.sealed += 1;
        }
        number = end;
    }
    found.unsealed =
        audit_entry::Entity::find().filter(audit_entry::Column::Seal.is_null()).count(database.read()).await?;
    Ok(found)
}

/// When a row was written, for those who show it.
pub fn at(row: &audit_entry::Model) -> Timestamp {
    Timestamp::from_millis(row.at)
}
