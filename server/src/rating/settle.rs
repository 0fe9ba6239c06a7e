//! What happens after a rating has ended: sealed answers become counters and texts, once.

use std::collections::{BTreeMap, HashSet};

use app::rating::rules::{Dimension, RATING_SCORES};
use app::training::rules::RATING_HOURS;
use rand::seq::SliceRandom;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::entity::{lesson, rating_buffer, rating_counter, rating_receipt, rating_text};
use crate::error::Failure;
use crate::rating::store::{Answers, tag};
use crate::state::AppState;

/// Lessons settled in one run.
const RUN: u64 = 100;

/// Counts the answers of a lesson whose rating has ended; does nothing when that was done before, here or elsewhere, or
/// when the rating is still open. Answers whether it counted.
///
/// # Errors
/// The database fails; nothing has happened then.
pub async fn settle(state: &AppState, lesson: Uuid) -> Result<bool, Failure> {
    let now = state.now();
    let tx = state.database.begin().await?;
    // One of all that try wins, and from here on nobody gets a receipt: who holds the row is waited for.
    let won = lesson::Entity::update_many()
        .col_expr(lesson::Column::RatingsCounted, Expr::value(true))
        .filter(lesson::Column::Id.eq(lesson))
        .filter(ended(now.millis()))
        .exec(&tx)
        .await?;
    if won.rows_affected != 1 {
        return Ok(false);
    }
    let mut answers = vouched(state, &tx, lesson).await?;
    // Whatever order the rows were read in, none is left.
    answers.shuffle(&mut rand::rng());
    count(&tx, lesson, &answers).await?;
    let texts = answers.into_iter().map(|answers| answers.text).filter(|text| !text.is_empty());
    let texts: Vec<_> = texts
        .map(|text| rating_text::ActiveModel { id: Set(Uuid::new_v4()), lesson_id: Set(lesson), text: Set(text) })
        .collect();
    rating_text::Entity::insert_many(texts).exec_without_returning(&tx).await?;
    rating_buffer::Entity::delete_many().filter(rating_buffer::Column::LessonId.eq(lesson)).exec(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Settles every lesson whose rating has ended, and drops what a crash left in the buffer of lessons settled before.
/// Answers how many lessons it counted.
///
/// # Errors
/// The database fails.
pub async fn settle_due(state: &AppState) -> Result<usize, Failure> {
    let due: Vec<Uuid> = lesson::Entity::find()
        .filter(ended(state.now().millis()))
        .select_only()
        .column(lesson::Column::Id)
        .limit(RUN)
        .into_tuple()
        .all(state.database.read())
        .await?;
    let mut counted = 0;
    for lesson in due {
        counted += usize::from(settle(state, lesson).await?);
    }
    let settled = lesson::Entity::find()
        .filter(lesson::Column::RatingsCounted.eq(true))
        .select_only()
        .column(lesson::Column::Id)
        .into_query();
    rating_buffer::Entity::delete_many()
        .filter(rating_buffer::Column::LessonId.in_subquery(settled))
        .exec(state.database.write())
        .await?;
    Ok(counted)
}

/// Lessons whose rating has ended and was not counted yet.
fn ended(now: i64) -> Condition {
    Condition::all().add(lesson::Column::RatingsCounted.eq(false)).add(
        Condition::any()
            .add(lesson::Column::RatingClosedAt.lte(now))
            .add(lesson::Column::EndsAt.lte(now - RATING_HOURS * 3_600_000)),
    )
}

/// Opens the sealed answers that a receipt vouches for.
async fn vouched(state: &AppState, connection: &impl ConnectionTrait, lesson: Uuid) -> Result<Vec<Answers>, Failure> {
    let receipts =
        rating_receipt::Entity::find().filter(rating_receipt::Column::LessonId.eq(lesson)).all(connection).await?;
    let expected = receipts.len();
    let tags: HashSet<Vec<u8>> =
        receipts.into_iter().map(|row| tag(&state.secrets, lesson, row.officer_id, row.request_id).to_vec()).collect();
    let sealed =
        rating_buffer::Entity::find().filter(rating_buffer::Column::LessonId.eq(lesson)).all(connection).await?;
    let mut answers = Vec::with_capacity(expected);
    for row in sealed.into_iter().filter(|row| tags.contains(&row.tag)) {
        let plain = state.secrets.open(&row.sealed).map_err(Failure::internal)?;
        answers.push(serde_json::from_slice(&plain).map_err(Failure::internal)?);
    }
    if answers.len() != expected {
        // Only somebody who deleted rows by hand can bring this about; the rest is counted all the same.
        tracing::error!(%lesson, expected, found = answers.len(), "Receipts without sealed answers.");
    }
    Ok(answers)
}

/// Makes all counters of the lesson, and adds the answers to them in the database itself.
async fn count(connection: &impl ConnectionTrait, lesson: Uuid, answers: &[Answers]) -> Result<(), DbErr> {
    let mut sums: BTreeMap<(&str, u8), i64> = Dimension::ALL
        .into_iter()
        .flat_map(|dimension| RATING_SCORES.map(|score| ((dimension.as_str(), score), 0)))
        .collect();
    let zeros = sums.keys().map(|(dimension, score)| rating_counter::ActiveModel {
        lesson_id: Set(lesson),
        dimension: Set((*dimension).to_owned()),
        score: Set(i32::from(*score)),
        count: Set(0),
    });
    rating_counter::Entity::insert_many(zeros.collect::<Vec<_>>())
        .on_conflict_do_nothing_on([
            rating_counter::Column::LessonId,
            rating_counter::Column::Dimension,
            rating_counter::Column::Score,
        ])
        .exec_without_returning(connection)
        .await?;
    for (dimension, score) in answers.iter().flat_map(|answers| &answers.scores) {
        *sums.entry((dimension.as_str(), *score)).or_default() += 1;
    }
    for ((dimension, score), sum) in sums.into_iter().filter(|(_, sum)| *sum > 0) {
        rating_counter::Entity::update_many()
            .col_expr(rating_counter::Column::Count, Expr::col(rating_counter::Column::Count).add(sum))
            .filter(rating_counter::Column::LessonId.eq(lesson))
            .filter(rating_counter::Column::Dimension.eq(dimension))
            .filter(rating_counter::Column::Score.eq(i32::from(score)))
            .exec(connection)
            .await?;
    }
    Ok(())
}
