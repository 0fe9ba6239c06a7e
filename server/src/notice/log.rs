//! The log of deliveries, for administrators.

use std::collections::HashMap;

use app::api::{Code, Page};
use app::day::Timestamp;
use app::notice::api::{Delivery, ListDeliveries, RetryDelivery};
use app::notice::rules::{DeliveryState, NoticeKind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::entity::{channel, delivery, notice, officer};
use crate::error::Failure;
use crate::events::Event;
use crate::mount::{Api, Call};
use crate::notice::admin;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListDeliveries, _, _, _>(list_deliveries).mount::<RetryDelivery, _, _, _>(retry_delivery)
}

async fn list_deliveries(call: Call<ListDeliveries>) -> Result<Page<Delivery>, Failure> {
    let connection = call.state.database.read();
    let channels = admin::of_caller(connection, call.caller()?).await?;
    let asked = call.query.channel;
    let mut query = delivery::Entity::find().filter(
        delivery::Column::ChannelId
            .is_in(channels.iter().map(|row| row.id).filter(|id| asked.is_none_or(|asked| asked == *id))),
    );
    if let Some(state) = call.query.state {
        query = query.filter(delivery::Column::State.eq(state.as_str()));
    }
    if let Some(cursor) = &call.query.cursor {
        let before: i64 =
            cursor.parse().map_err(|_| Failure::bad_input("cursor", "分页位置无效，请从第一页重新打开"))?;
        query = query.filter(delivery::Column::Position.lt(before));
    }
    let limit = usize::from(call.query.limit.unwrap_or(50).clamp(1, 200));
    let mut rows = query.order_by_desc(delivery::Column::Position).limit(limit as u64 + 1).all(connection).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.position.to_string());
    Ok(Page { items: draw(connection, rows, &channels).await?, next })
}

async fn draw(
    connection: &impl ConnectionTrait,
    rows: Vec<delivery::Model>,
    channels: &[channel::Model],
) -> Result<Vec<Delivery>, Failure> {
    let notices: HashMap<Uuid, notice::Model> = notice::Entity::find()
        .filter(notice::Column::Id.is_in(rows.iter().map(|row| row.notice_id)))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let numbers: HashMap<Uuid, String> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(notices.values().map(|row| row.officer_id)))
        .select_only()
        .columns([officer::Column::Id, officer::Column::Number])
        .into_tuple::<(Uuid, String)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let drawn = rows.into_iter().filter_map(|row| {
        let notice = notices.get(&row.notice_id)?;
        Some(Delivery {
            id: row.id,
            channel_id: row.channel_id,
            channel: channels.iter().find(|channel| channel.id == row.channel_id)?.name.clone(),
            kind: NoticeKind::parse(&notice.kind)?,
            officer: numbers.get(&notice.officer_id)?.clone(),
            state: DeliveryState::parse(&row.state)?,
            tries: row.tries,
            queued_at: Timestamp::from_millis(row.queued_at),
            due_at: Timestamp::from_millis(row.due_at),
            done_at: row.done_at.map(Timestamp::from_millis),
            last_error: row.last_error,
        })
    });
    Ok(drawn.collect())
}

async fn retry_delivery(call: Call<RetryDelivery>) -> Result<Delivery, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let missing = || Failure::not_found("这次发送");
    let tx = state.database.begin().await?;
    let channels = admin::of_caller(&tx, caller).await?;
    let row = delivery::Entity::find()
        .filter(delivery::Column::Id.eq(call.path.id))
        .lock_exclusive()
        .one(&tx)
        .await?
        .ok_or_else(missing)?;
    let channel = channels.iter().find(|channel| channel.id == row.channel_id).ok_or_else(missing)?;
    if row.state != DeliveryState::Dead.as_str() || channel.deleted_at.is_some() {
        // A transaction that is only dropped ends later, and a worker passes over the rows that it still locks.
        tx.rollback().await?;
        return Err(Failure::new(Code::WrongState, "只有发送失败且通道仍在的记录可以重新发送"));
    }
    let now = state.now().millis();
    let mut change = row.into_active_model();
    change.state = Set(DeliveryState::Waiting.as_str().to_owned());
    change.tries = Set(0);
    change.queued_at = Set(now);
    change.due_at = Set(now);
    change.done_at = Set(None);
    let row = change.update(&tx).await?;
    let id = row.id.to_string();
    let deed = Deed { action: "delivery.retry", subject: "delivery", id: &id };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, None::<&()>).await?;
    let mut drawn = draw(&tx, vec![row], &channels).await?;
    tx.announce(Event::Queued);
    tx.commit().await?;
    drawn.pop().ok_or_else(|| Failure::internal("one delivery was drawn as none"))
}
