//! How long notices and the log of deliveries are kept.

use app::day::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::database::Database;
use crate::entity::{delivery, notice};

/// How long the log of deliveries is kept, in days: long enough to find out why something did not arrive.
const DELIVERY_DAYS: i64 = 90;
/// How long a notice stays in its officer's list, in days: a year's worth, read or not. What it was about stays.
const NOTICE_DAYS: i64 = 400;
/// How many rows a transaction deletes: nobody who decides something waits behind it for long.
const AT_ONCE: u64 = 500;

/// Deletes what nobody looks at any more, a part at a time. Safe to run twice and on two servers at once.
///
/// # Errors
/// The database fails; what was deleted until then stays deleted.
pub async fn prune(database: &Database, now: Timestamp) -> Result<(), DbErr> {
    let days_ago = |days: i64| now.plus_minutes(-days * 24 * 60).millis();
    loop {
        let done: Vec<i64> = delivery::Entity::find()
            .filter(delivery::Column::DoneAt.lt(days_ago(DELIVERY_DAYS)))
            .limit(AT_ONCE)
            .select_only()
            .column(delivery::Column::Position)
            .into_tuple()
            .all(database.read())
            .await?;
        if done.is_empty() {
            break;
        }
        let tx = database.begin().await?;
        delivery::Entity::delete_many().filter(delivery::Column::Position.is_in(done)).exec(&tx).await?;
        tx.commit().await?;
    }
    let of_notice = Query::select()
        .expr(Expr::value(1))
        .from(delivery::Entity)
        .and_where(
            Expr::col((delivery::Entity, delivery::Column::NoticeId)).equals((notice::Entity, notice::Column::Id)),
        )
        .to_owned();
    loop {
        let old: Vec<Uuid> = notice::Entity::find()
            .filter(notice::Column::CreatedAt.lt(days_ago(NOTICE_DAYS)))
            .filter(Expr::exists(of_notice.clone()).not())
            .limit(AT_ONCE)
            .select_only()
            .column(notice::Column::Id)
            .into_tuple()
            .all(database.read())
            .await?;
        if old.is_empty() {
            return Ok(());
        }
        let tx = database.begin().await?;
        notice::Entity::delete_many().filter(notice::Column::Id.is_in(old)).exec(&tx).await?;
        tx.commit().await?;
    }
}
