//! Queries about the files of requests.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::{approval_task, leave_attachment};

/// The name of a file where the bytes are kept. What it holds is part of it, so that two uploads under one id never
/// write over each other.
pub(crate) fn file_name(id: Uuid, digest: &[u8]) -> String {
    format!("{id}.{}", HEXLOWER.encode(digest))
}

/// The id in the name of a file.
pub(crate) fn id_in(name: &str) -> Option<Uuid> {
    name.split_once('.').and_then(|(id, _)| id.parse().ok())
}

/// Whether this is the name of an attachment: an id and a digest, nothing that could lead elsewhere.
pub(crate) fn is_attachment(name: &str) -> bool {
    let is_digest = |digest: &str| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    id_in(name).is_some() && name.split_once('.').is_some_and(|(_, digest)| is_digest(digest))
}

/// The files of a request, the oldest first.
///
/// # Errors
/// The database fails.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    request: Uuid,
) -> Result<Vec<leave_attachment::Model>, DbErr> {
    leave_attachment::Entity::find()
        .filter(leave_attachment::Column::RequestId.eq(request))
        .filter(leave_attachment::Column::RemovedAt.is_null())
        .order_by_asc(leave_attachment::Column::AttachedAt)
        .order_by_asc(leave_attachment::Column::Id)
        .all(connection)
        .await
}

/// How many files requests have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// How many.
    pub(crate) files: i64,
    /// When the newest one came, in milliseconds.
    pub(crate) newest: i64,
}

/// How many files each of these requests has; those that have none are missing. One query.
///
/// # Errors
/// The database fails.
pub(crate) async fn counts(
    connection: &impl ConnectionTrait,
    requests: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Count>, DbErr> {
    let rows = leave_attachment::Entity::find()
        .filter(leave_attachment::Column::RequestId.is_in(requests))
        .filter(leave_attachment::Column::RemovedAt.is_null())
        .select_only()
        .column(leave_attachment::Column::RequestId)
        .column_as(Expr::cust("CAST(COUNT(*) AS BIGINT)"), "files")
        .column_as(Expr::cust("MAX(attached_at)"), "newest")
        .group_by(leave_attachment::Column::RequestId)
        .into_tuple::<(Uuid, i64, i64)>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(request, files, newest)| (request, Count { files, newest })).collect())
}

/// How many files of a request somebody attached in the applicant's place.
///
/// # Errors
/// The database fails.
pub(crate) async fn count_of(
    connection: &impl ConnectionTrait,
    request: Uuid,
    attached_by: Uuid,
) -> Result<i64, DbErr> {
    let files = leave_attachment::Entity::find()
        .filter(leave_attachment::Column::RequestId.eq(request))
        .filter(leave_attachment::Column::RemovedAt.is_null())
        .filter(leave_attachment::Column::AttachedBy.eq(attached_by))
        .count(connection)
        .await?;
    Ok(i64::try_from(files).unwrap_or(i64::MAX))
}

/// When somebody decided on a request last, in milliseconds; nothing while nobody has.
///
/// # Errors
/// The database fails.
pub(super) async fn last_decision(connection: &impl ConnectionTrait, request: Uuid) -> Result<Option<i64>, DbErr> {
    let decided = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(request))
        .filter(approval_task::Column::DecidedAt.is_not_null())
        .order_by_desc(approval_task::Column::DecidedAt)
        .one(connection)
        .await?;
    Ok(decided.and_then(|task| task.decided_at))
}

/// What is known of these files, by their names: when each was taken off; nothing for one that belongs to a request. A
/// file that no row knows is missing.
///
/// # Errors
/// The database fails.
pub(crate) async fn rows_of(
    connection: &impl ConnectionTrait,
    names: &[String],
) -> Result<HashMap<String, Option<i64>>, DbErr> {
    let rows = leave_attachment::Entity::find()
        .filter(leave_attachment::Column::Id.is_in(names.iter().filter_map(|name| id_in(name))))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (file_name(row.id, &row.digest), row.removed_at)).collect())
}
