//! How long notices and the log of deliveries are kept.

use app::day::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::database::Database;
use crate::entity::{delivery, notice};

/// How long the log of deliveries is kept, in days: long enough to find out why something did not arrive.
const DELIVERY_DAYS: i64 = 90;
/// How long a notice stays in its officer's list, in days: a year's worth, read or not. What it was about stays.
const NOTICE_DAYS: i64 = 400;

/// Deletes what nobody looks at any more. Safe to run twice and on two servers at once.
///
/// # Errors
/// The database fails.
pub async fn prune(database: &Database, now: Timestamp) -> Result<(), DbErr> {
    let days_ago = |days: i64| now.plus_minutes(-days * 24 * 60).millis();
    let tx = database.begin().await?;
    delivery::Entity::delete_many().filter(delivery::Column::DoneAt.lt(days_ago(DELIVERY_DAYS))).exec(&tx).await?;
    let of_notice = Query::select()
        .expr(Expr::value(1))
        .from(delivery::Entity)
        .and_where(
            Expr::col((delivery::Entity, delivery::Column::NoticeId)).equals((notice::Entity, notice::Column::Id)),
        )
        .to_owned();
    notice::Entity::delete_many()
        .filter(notice::Column::CreatedAt.lt(days_ago(NOTICE_DAYS)))
        .filter(Expr::exists(of_notice).not())
        .exec(&tx)
        .await?;
    tx.commit().await
}
