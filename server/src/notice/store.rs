//! Queries about notices and what officers want to hear of them.

use std::collections::{BTreeSet, HashMap};

use app::day::Timestamp;
use app::notice::api::Notice;
use app::notice::rules::{NoticeKind, QuietHours, link};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::{notice, notice_preference, officer, session};

/// Counts the officer's list up by one and answers his row with the new position. The row stays locked until the
/// transaction ends, so positions become visible in their order.
pub(super) async fn next_position(tx: &impl ConnectionTrait, officer: Uuid) -> Result<notice_preference::Model, DbErr> {
    let first = notice_preference::ActiveModel { last_position: Set(1), ..blank(officer) };
    let one_more = Expr::col((notice_preference::Entity, notice_preference::Column::LastPosition)).add(1);
    notice_preference::Entity::insert(first)
        .on_conflict(
            OnConflict::column(notice_preference::Column::OfficerId)
                .value(notice_preference::Column::LastPosition, one_more)
                .to_owned(),
        )
        .exec_with_returning(tx)
        .await
}

/// Sets what an officer wants to hear.
pub(super) async fn set_preference(
    tx: &impl ConnectionTrait,
    officer: Uuid,
    muted: String,
    quiet: Option<QuietHours>,
    email: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    use notice_preference::Column;
    let row = notice_preference::ActiveModel {
        muted: Set(muted),
        quiet_from: Set(quiet.map(|quiet| quiet.from)),
        quiet_to: Set(quiet.map(|quiet| quiet.to)),
        email: Set(email),
        ..blank(officer)
    };
    notice_preference::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::OfficerId)
                .update_columns([Column::Muted, Column::QuietFrom, Column::QuietTo, Column::Email])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn blank(officer: Uuid) -> notice_preference::ActiveModel {
    notice_preference::ActiveModel {
        officer_id: Set(officer),
        last_position: Set(0),
        muted: Set(String::new()),
        quiet_from: Set(None),
        quiet_to: Set(None),
        email: Set(None),
    }
}

/// What an officer wants to hear, where he has a row.
pub(super) async fn preference(
    connection: &impl ConnectionTrait,
    officer: Uuid,
) -> Result<Option<notice_preference::Model>, DbErr> {
    notice_preference::Entity::find_by_id(officer).one(connection).await
}

/// Quiet hours from their two columns.
pub(super) fn quiet(from: Option<i32>, to: Option<i32>) -> Option<QuietHours> {
    Some(QuietHours { from: from?, to: to? }).filter(|quiet| quiet.is_valid())
}

/// Whether a session goes on.
pub(super) async fn is_live(connection: &impl ConnectionTrait, session: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let row = session::Entity::find_by_id(session).one(connection).await?;
    Ok(row.is_some_and(|row| row.revoked_at.is_none() && row.expires_at > now.millis()))
}

/// How many notices of an officer are not read; of one kind where one is named.
pub(super) async fn unread(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    kind: Option<NoticeKind>,
) -> Result<i64, DbErr> {
    let mut query =
        notice::Entity::find().filter(notice::Column::OfficerId.eq(officer)).filter(notice::Column::ReadAt.is_null());
    if let Some(kind) = kind {
        query = query.filter(notice::Column::Kind.eq(kind.as_str()));
    }
    Ok(i64::try_from(query.count(connection).await?).unwrap_or(i64::MAX))
}

/// Which part of an officer's list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// The newest, before a position where one is given; only what is not read, if asked.
    Newest { before: Option<i64>, unread: bool },
    /// What came after a position, in its order.
    After(i64),
}

/// A part of an officer's list, at most `limit` notices.
pub(super) async fn notices(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    part: Part,
    limit: u64,
) -> Result<Vec<Notice>, DbErr> {
    let mut query = notice::Entity::find().filter(notice::Column::OfficerId.eq(officer)).limit(limit);
    query = match part {
        Part::Newest { before, unread } => {
            if let Some(before) = before {
                query = query.filter(notice::Column::Position.lt(before));
            }
            if unread {
                query = query.filter(notice::Column::ReadAt.is_null());
            }
            query.order_by_desc(notice::Column::Position)
        }
        Part::After(position) => {
            query.filter(notice::Column::Position.gt(position)).order_by_asc(notice::Column::Position)
        }
    };
    let rows = query.all(connection).await?;
    let names = names(connection, rows.iter().filter_map(|row| row.actor_id)).await?;
    Ok(rows.into_iter().filter_map(|row| wire(row, &names)).collect())
}

async fn names(
    connection: &impl ConnectionTrait,
    officers: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let officers: Vec<Uuid> = officers.collect();
    if officers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(officers))
        .select_only()
        .columns([officer::Column::Id, officer::Column::Name])
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A kind that this version does not know any more is not shown.
fn wire(row: notice::Model, names: &HashMap<Uuid, String>) -> Option<Notice> {
    let kind = NoticeKind::parse(&row.kind)?;
    Some(Notice {
        id: row.id,
        position: row.position,
        kind,
        link: link(kind, &row.subject_kind, row.subject_id),
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        number: row.number,
        actor: row.actor_id.and_then(|actor| names.get(&actor).cloned()),
        at: Timestamp::from_millis(row.created_at),
        read: row.read_at.is_some(),
    })
}

/// Marks the officer's unread notices as read: one, or all up to a position. Answers how many it marked.
pub(super) async fn mark_read(
    tx: &impl ConnectionTrait,
    officer: Uuid,
    which: Which,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let which = match which {
        Which::One(id) => notice::Column::Id.eq(id),
        Which::Through(position) => notice::Column::Position.lte(position),
    };
    let done = notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(now.millis()))
        .filter(notice::Column::OfficerId.eq(officer).and(notice::Column::ReadAt.is_null()).and(which))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Marks notices of these kinds about a thing as read, apart from these officers'; answers whose was marked.
pub(super) async fn settle(
    tx: &impl ConnectionTrait,
    subject: Uuid,
    kinds: &[NoticeKind],
    apart_from: &BTreeSet<Uuid>,
    now: Timestamp,
) -> Result<BTreeSet<Uuid>, DbErr> {
    let unread = unread_about(tx, subject, kinds).await?;
    let officers: BTreeSet<Uuid> = unread.difference(apart_from).copied().collect();
    if !officers.is_empty() {
        notice::Entity::update_many()
            .col_expr(notice::Column::ReadAt, Expr::value(now.millis()))
            .filter(is_unread_about(subject, kinds))
            .filter(notice::Column::OfficerId.is_in(officers.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(officers)
}

/// Who has a notice of these kinds about a thing that is not read.
pub(super) async fn unread_about(
    connection: &impl ConnectionTrait,
    subject: Uuid,
    kinds: &[NoticeKind],
) -> Result<BTreeSet<Uuid>, DbErr> {
    let officers: Vec<Uuid> = notice::Entity::find()
        .filter(is_unread_about(subject, kinds))
        .select_only()
        .column(notice::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(officers.into_iter().collect())
}

fn is_unread_about(subject: Uuid, kinds: &[NoticeKind]) -> Expr {
    notice::Column::SubjectId
        .eq(subject)
        .and(notice::Column::ReadAt.is_null())
        .and(notice::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
}

/// Which notices to mark.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// This one.
    One(Uuid),
    /// All up to this position.
    Through(i64),
}
