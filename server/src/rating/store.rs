//! Queries about receipts, sealed answers, counters and texts; each its own table, none joined with another.

use std::collections::{BTreeMap, HashSet};

use app::api::Code;
use app::attendance::rules::Status;
use app::day::Timestamp;
use app::rating::api::Rate;
use app::rating::rules::{Dimension, may_rate};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, TryInsertResult,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::database::Database;
use crate::entity::{attendance, lesson, rating_buffer, rating_counter, rating_receipt, rating_text, training_class};
use crate::error::Failure;
use crate::secrets::{Secrets, Tag, sha256};
use crate::training::store::times;

/// Answers as they are sealed: nothing in them says whose they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answers {
    pub(super) scores: BTreeMap<Dimension, u8>,
    pub(super) text: String,
}

/// Sealed answers are padded to a multiple of this many bytes, so that their length does not tell a long text.
const PADDING: usize = 1024;

impl Answers {
    pub(super) fn of(body: &Rate) -> Self {
        Self { scores: body.scores.clone(), text: body.text.trim().to_owned() }
    }

    /// As JSON, padded with spaces.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = serde_json::to_vec(self).map_err(Failure::internal)?;
        bytes.resize(bytes.len().next_multiple_of(PADDING), b' ');
        Ok(bytes)
    }
}

/// The name of a person's sealed answers: computable from the receipt with the key, and from nothing without it. The
/// officer goes in as well, so that two people whose phones made the same id do not share a row.
pub(super) fn tag(secrets: &Secrets, lesson: Uuid, officer: Uuid, request: Uuid) -> Tag {
    let digest = sha256(&[officer.as_bytes().as_slice(), request.as_bytes()].concat());
    secrets.rating_tag(lesson, Uuid::from_bytes(std::array::from_fn(|n| digest[n])))
}

/// An answer as it waits in the buffer, for the demonstration, which writes many at once.
///
/// # Errors
/// The answers cannot be written as JSON.
pub(crate) fn sealed(
    secrets: &Secrets,
    receipt: &rating_receipt::Model,
    scores: BTreeMap<Dimension, u8>,
    text: &str,
) -> Result<rating_buffer::Model, Failure> {
    let answers = Answers { scores, text: text.to_owned() };
    Ok(rating_buffer::Model {
        tag: tag(secrets, receipt.lesson_id, receipt.officer_id, receipt.request_id).to_vec(),
        lesson_id: receipt.lesson_id,
        sealed: secrets.seal(&answers.to_bytes()?),
    })
}

/// The id under which an officer rated a lesson, if he did.
pub(super) async fn receipt(
    connection: &impl ConnectionTrait,
    lesson: Uuid,
    officer: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    Ok(rating_receipt::Entity::find_by_id((lesson, officer)).one(connection).await?.map(|row| row.request_id))
}

/// Which of the lessons an officer has rated.
///
/// # Errors
/// The database fails.
pub async fn rated(connection: &impl ConnectionTrait, officer: Uuid, lessons: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
    let ids: Vec<Uuid> = rating_receipt::Entity::find()
        .filter(rating_receipt::Column::OfficerId.eq(officer))
        .filter(rating_receipt::Column::LessonId.is_in(lessons.iter().copied()))
        .select_only()
        .column(rating_receipt::Column::LessonId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Puts sealed answers into the buffer. The first ones under a tag stay.
pub(super) async fn buffer(database: &Database, lesson: Uuid, tag: &Tag, sealed: Vec<u8>) -> Result<(), DbErr> {
    let row = rating_buffer::ActiveModel { tag: Set(tag.to_vec()), lesson_id: Set(lesson), sealed: Set(sealed) };
    rating_buffer::Entity::insert(row)
        .on_conflict_do_nothing_on([rating_buffer::Column::Tag])
        .exec_without_returning(database.write())
        .await?;
    Ok(())
}

/// Takes sealed answers out of the buffer that nothing vouches for.
pub(super) async fn unbuffer(database: &Database, tag: &Tag) -> Result<(), DbErr> {
    rating_buffer::Entity::delete_by_id(tag.to_vec()).exec(database.write()).await?;
    Ok(())
}

/// What a receipt is made of.
pub(super) struct Facts<'a> {
    pub(super) lesson: Uuid,
    pub(super) class: &'a training_class::Model,
    pub(super) officer: Uuid,
    pub(super) request: Uuid,
    pub(super) status: Option<Status>,
    pub(super) now: Timestamp,
}

/// Makes the receipt while the rating is open. The lesson's row is held meanwhile, so that closing and counting come
/// either wholly before or wholly after it. The inner error refuses.
pub(super) async fn make_receipt(database: &Database, facts: &Facts<'_>) -> Result<Result<(), Code>, DbErr> {
    let tx = database.begin().await?;
    let mut query = lesson::Entity::find_by_id(facts.lesson);
    if database.backend() == DatabaseBackend::Postgres {
        query = query.lock_shared();
    }
    let Some(lesson) = query.one(&tx).await? else { return Ok(Err(Code::RatingClosed)) };
    if lesson.ratings_counted {
        return Ok(Err(Code::RatingClosed));
    }
    if let Err(code) = may_rate(&times(&lesson, facts.class), facts.status, facts.now) {
        return Ok(Err(code));
    }
    let row = rating_receipt::ActiveModel {
        lesson_id: Set(facts.lesson),
        officer_id: Set(facts.officer),
        request_id: Set(facts.request),
    };
    let inserted = rating_receipt::Entity::insert(row)
        .on_conflict_do_nothing_on([rating_receipt::Column::LessonId, rating_receipt::Column::OfficerId])
        .exec_without_returning(&tx)
        .await?;
    let made = matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0);
    if !made && receipt(&tx, facts.lesson, facts.officer).await? != Some(facts.request) {
        return Ok(Err(Code::AlreadyRated));
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// Closes the rating; `false` when it was closed before.
pub(super) async fn close(connection: &impl ConnectionTrait, lesson: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let done = lesson::Entity::update_many()
        .col_expr(lesson::Column::RatingClosedAt, Expr::value(now.millis()))
        .filter(lesson::Column::Id.eq(lesson))
        .filter(lesson::Column::RatingClosedAt.is_null())
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How many gave 1, 2, 3, 4 and 5, for each dimension.
pub(super) async fn counts(
    connection: &impl ConnectionTrait,
    lesson: Uuid,
) -> Result<BTreeMap<Dimension, [i64; 5]>, DbErr> {
    let rows =
        rating_counter::Entity::find().filter(rating_counter::Column::LessonId.eq(lesson)).all(connection).await?;
    let mut counts = BTreeMap::new();
    for row in rows {
        let dimension = Dimension::ALL.into_iter().find(|dimension| dimension.as_str() == row.dimension);
        let cell = usize::try_from(row.score - 1).ok();
        if let (Some(dimension), Some(cell @ 0..5)) = (dimension, cell) {
            counts.entry(dimension).or_insert([0; 5])[cell] = row.count;
        }
    }
    Ok(counts)
}

/// The texts of a lesson; their order means nothing.
pub(super) async fn texts(connection: &impl ConnectionTrait, lesson: Uuid) -> Result<Vec<String>, DbErr> {
    rating_text::Entity::find()
        .filter(rating_text::Column::LessonId.eq(lesson))
        .select_only()
        .column(rating_text::Column::Text)
        .into_tuple()
        .all(connection)
        .await
}

/// How many signed in to a lesson.
pub(super) async fn attended(connection: &impl ConnectionTrait, lesson: Uuid) -> Result<i64, DbErr> {
    let count = attendance::Entity::find().filter(attendance::Column::LessonId.eq(lesson)).count(connection).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}
