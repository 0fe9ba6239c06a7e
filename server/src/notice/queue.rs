//! The line of deliveries: put in with the notice, claimed by one worker at a time, brought to an end.
//!
//! A lane is what keeps its order: the channel for webhooks and robots, the delivery alone for what goes to a person.
//! Only the first of a lane is ever claimed. A claim lasts for a while and is named by a token, so that a worker that
//! was thought dead changes nothing when it wakes up.

use std::collections::HashMap;

use app::day::Timestamp;
use app::notice::rules::{ChannelKind, DeliveryState, NoticeKind, Place, Reach, kinds_of};
use sea_orm::sea_query::{Alias, Expr, LockBehavior, LockType, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{channel, court, delivery, notice, notice_preference, officer, push_subscription, session};

/// How long a claim lasts, in seconds; much longer than any try takes.
const CLAIM_SECONDS: i64 = 120;
/// How many deliveries of one channel are under way at a time, on all replicas together.
const CHANNEL_LIMIT: usize = 8;
/// The longest reason that is kept, in characters: other people's servers may have much to say.
const REASON_LIMIT: usize = 300;
/// A court tree is three levels deep; a row that names itself as its parent must not hang the server.
const DEEPEST: usize = 8;

/// The channels that carry anything, with the tree of courts that says for whom. Read once for all that a transaction
/// has to tell.
pub(super) struct Carriers {
    channels: Vec<channel::Model>,
    parents: HashMap<Uuid, Option<Uuid>>,
}

impl Carriers {
    /// Two queries; one where no channel is on.
    pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let channels = channel::Entity::find()
            .filter(channel::Column::Enabled.eq(true))
            .filter(channel::Column::DeletedAt.is_null())
            .order_by_asc(channel::Column::Id)
            .all(connection)
            .await?;
        let courts = if channels.is_empty() { Vec::new() } else { court::Entity::find().all(connection).await? };
        Ok(Self { channels, parents: courts.into_iter().map(|court| (court.id, court.parent_id)).collect() })
    }

    fn place(&self, officer: &officer::Model) -> Place {
        let mut courts = vec![officer.court_id];
        while courts.len() < DEEPEST
            && let Some(above) = courts.last().and_then(|lowest| self.parents.get(lowest).copied().flatten())
        {
            courts.push(above);
        }
        Place { courts, department: officer.department_id }
    }

    /// The channels that carry what fits to an officer. Of those that reach himself only the nearest of each kind: two
    /// mail servers, the court's and the province's, must not both write to him.
    fn of_officer(
        &self,
        officer: &officer::Model,
        fits: impl Fn(&channel::Model) -> bool,
    ) -> Vec<(&channel::Model, ChannelKind)> {
        let place = self.place(officer);
        let mut nearest: HashMap<ChannelKind, (usize, &channel::Model)> = HashMap::new();
        let mut all = Vec::new();
        for channel in self.channels.iter().filter(|channel| fits(channel)) {
            let reach = Reach { court: channel.court_id, department: channel.department_id };
            let Some((kind, distance)) = ChannelKind::parse(&channel.kind).zip(reach.distance(&place)) else {
                continue;
            };
            if !kind.is_personal() {
                all.push((channel, kind));
            } else if nearest.get(&kind).is_none_or(|(best, _)| distance < *best) {
                nearest.insert(kind, (distance, channel));
            }
        }
        all.extend(nearest.into_iter().map(|(kind, (_, channel))| (channel, kind)));
        all
    }

    /// The channel by which browsers of an officer are reached.
    pub(super) fn push_channel(&self, officer: &officer::Model) -> Option<&channel::Model> {
        let is_push = |channel: &channel::Model| channel.kind == ChannelKind::WebPush.as_str();
        self.of_officer(officer, is_push).first().map(|(channel, _)| *channel)
    }

    /// Puts a notice in line for every channel that carries it; answers whether there was one.
    pub(super) async fn put_in_line(
        &self,
        tx: &impl ConnectionTrait,
        clock: &Clock,
        row: &notice::Model,
        kind: NoticeKind,
        preference: &notice_preference::Model,
    ) -> Result<bool, DbErr> {
        if self.channels.is_empty() {
            return Ok(false);
        }
        let Some(officer) = officer::Entity::find_by_id(row.officer_id).one(tx).await? else { return Ok(false) };
        let mut rows = Vec::new();
        for (channel, channel_kind) in self.of_officer(&officer, |channel| kinds_of(&channel.kinds).contains(&kind)) {
            let mut add = |subscription| rows.push(waiting(clock, row.id, channel, channel_kind, subscription));
            match channel_kind {
                ChannelKind::Smtp if preference.email.is_none() => {}
                ChannelKind::WebPush => {
                    for subscription in browsers(tx, row.officer_id, clock.now()).await? {
                        add(Some(subscription.id));
                    }
                }
                _ => add(None),
            }
        }
        if rows.is_empty() {
            return Ok(false);
        }
        delivery::Entity::insert_many(rows).exec_without_returning(tx).await?;
        Ok(true)
    }
}

/// The subscriptions of an officer whose session goes on: a browser that is signed out hears nothing more.
pub(super) async fn browsers(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    now: Timestamp,
) -> Result<Vec<push_subscription::Model>, DbErr> {
    let live = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::OfficerId.eq(officer))
        .and_where(session::Column::RevokedAt.is_null())
        .and_where(session::Column::ExpiresAt.gt(now.millis()))
        .to_owned();
    push_subscription::Entity::find()
        .filter(push_subscription::Column::OfficerId.eq(officer))
        .filter(push_subscription::Column::SessionId.in_subquery(live))
        .order_by_asc(push_subscription::Column::CreatedAt)
        .order_by_asc(push_subscription::Column::Id)
        .all(connection)
        .await
}

fn waiting(
    clock: &Clock,
    notice: Uuid,
    channel: &channel::Model,
    kind: ChannelKind,
    subscription: Option<Uuid>,
) -> delivery::ActiveModel {
    let (id, now) = (clock.new_id(), clock.now().millis());
    delivery::ActiveModel {
        id: Set(id),
        notice_id: Set(notice),
        channel_id: Set(channel.id),
        lane: Set(if kind.is_personal() { id } else { channel.id }),
        subscription_id: Set(subscription),
        state: Set(DeliveryState::Waiting.as_str().to_owned()),
        tries: Set(0),
        queued_at: Set(now),
        due_at: Set(now),
        ..delivery::ActiveModel::default()
    }
}

/// What may be sent now: due, not in anybody's hands, first of its lane, over a channel that is on and not out of
/// breath.
fn due(now: Timestamp) -> Select<delivery::Entity> {
    let earlier = Alias::new("earlier");
    let ahead = Query::select()
        .expr(Expr::value(1))
        .from_as(delivery::Entity, earlier.clone())
        .and_where(
            Expr::col((earlier.clone(), delivery::Column::Lane)).equals((delivery::Entity, delivery::Column::Lane)),
        )
        // Written out, so that the partial index is found to fit.
        .and_where(Expr::cust("earlier.state = 'waiting'"))
        .and_where(
            Expr::col((earlier, delivery::Column::Position))
                .lt(Expr::col((delivery::Entity, delivery::Column::Position))),
        )
        .to_owned();
    let ready = Query::select()
        .column(channel::Column::Id)
        .from(channel::Entity)
        .and_where(channel::Column::Enabled.eq(true))
        .and_where(channel::Column::DeletedAt.is_null())
        .and_where(channel::Column::NextAt.lte(now.millis()))
        .to_owned();
    delivery::Entity::find()
        .filter(Expr::cust("delivery.state = 'waiting'"))
        .filter(delivery::Column::DueAt.lte(now.millis()))
        .filter(delivery::Column::ClaimedUntil.is_null().or(delivery::Column::ClaimedUntil.lt(now.millis())))
        .filter(delivery::Column::ChannelId.in_subquery(ready))
        .filter(Expr::exists(ahead).not())
        .order_by_asc(delivery::Column::DueAt)
        .order_by_asc(delivery::Column::Position)
}

/// How many deliveries of each channel are under way, on whichever replica.
async fn under_way(connection: &impl ConnectionTrait) -> Result<HashMap<Uuid, usize>, DbErr> {
    let counts: Vec<(Uuid, i64)> = delivery::Entity::find()
        // Written out, so that the partial index is found to fit.
        .filter(Expr::cust("delivery.state = 'waiting' AND delivery.claim IS NOT NULL"))
        .select_only()
        .column(delivery::Column::ChannelId)
        .column_as(Expr::cust("COUNT(*)"), "count")
        .group_by(delivery::Column::ChannelId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().map(|(channel, count)| (channel, usize::try_from(count).unwrap_or(usize::MAX))).collect())
}

/// Claims what may be sent now, at most `limit`, and counts the try. No channel has more than [`CHANNEL_LIMIT`] under
/// way: one mail server that does not answer must not keep the pushes waiting. Workers on several replicas may claim at once: a
/// row is in one pair of hands.
pub(super) async fn claim(database: &Database, now: Timestamp, limit: u64) -> Result<Vec<delivery::Model>, DbErr> {
    // Looking costs no lock; an idle server writes nothing.
    if limit == 0 || due(now).one(database.read()).await?.is_none() {
        return Ok(Vec::new());
    }
    let tx = database.begin().await?;
    let mut flying = under_way(&tx).await?;
    let full = flying.iter().filter(|(_, count)| **count >= CHANNEL_LIMIT).map(|(channel, _)| *channel);
    let mut rows = due(now)
        .filter(delivery::Column::ChannelId.is_not_in(full))
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&tx)
        .await?;
    rows.retain(|row| {
        let count = flying.entry(row.channel_id).or_default();
        *count += 1;
        *count <= CHANNEL_LIMIT
    });
    let token = Uuid::new_v4();
    delivery::Entity::update_many()
        .col_expr(delivery::Column::Claim, Expr::value(token))
        .col_expr(delivery::Column::ClaimedUntil, Expr::value(now.plus_seconds(CLAIM_SECONDS).millis()))
        .col_expr(delivery::Column::Tries, Expr::col(delivery::Column::Tries).add(1))
        .filter(delivery::Column::Position.is_in(rows.iter().map(|row| row.position)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    let claimed = |row: delivery::Model| delivery::Model { claim: Some(token), tries: row.tries + 1, ..row };
    Ok(rows.into_iter().map(claimed).collect())
}

/// Whether the same receiver waits for a later delivery of the same kind over the same channel, which says how many there
/// are: this one has nothing to add.
pub(super) async fn is_followed(
    connection: &impl ConnectionTrait,
    row: &delivery::Model,
    notice: &notice::Model,
) -> Result<bool, DbErr> {
    let of_kind = Query::select()
        .column(notice::Column::Id)
        .from(notice::Entity)
        .and_where(notice::Column::OfficerId.eq(notice.officer_id))
        .and_where(notice::Column::Kind.eq(notice.kind.clone()))
        .and_where(notice::Column::ReadAt.is_null())
        .to_owned();
    let mut later = delivery::Entity::find()
        .filter(Expr::cust("delivery.state = 'waiting'"))
        .filter(delivery::Column::ChannelId.eq(row.channel_id))
        .filter(delivery::Column::Position.gt(row.position))
        .filter(delivery::Column::NoticeId.in_subquery(of_kind));
    later = match row.subscription_id {
        Some(subscription) => later.filter(delivery::Column::SubscriptionId.eq(subscription)),
        None => later.filter(delivery::Column::SubscriptionId.is_null()),
    };
    Ok(later.one(connection).await?.is_some())
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The other side took it.
    Sent,
    /// Nobody needs it any more.
    Unneeded(&'static str),
    /// Given up.
    Dead(String),
    /// Tried again then.
    Again { at: Timestamp, why: String },
    /// Not tried at all; its time has not come.
    Postponed { until: Timestamp },
}

/// Writes how a claimed delivery ended; does nothing when the claim has passed on to somebody else meanwhile. A channel
/// that must not send too fast rests after a try.
pub(super) async fn finish(
    database: &Database,
    row: &delivery::Model,
    ending: Ending,
    now: Timestamp,
    pace_millis: i64,
) -> Result<(), DbErr> {
    let tx = database.begin().await?;
    let is_tried = matches!(ending, Ending::Sent | Ending::Dead(_) | Ending::Again { .. });
    let mut change = delivery::Entity::update_many()
        .col_expr(delivery::Column::Claim, Expr::value(None::<Uuid>))
        .col_expr(delivery::Column::ClaimedUntil, Expr::value(None::<i64>));
    if !is_tried {
        change = change.col_expr(delivery::Column::Tries, Expr::col(delivery::Column::Tries).sub(1));
    }
    let (state, due_at, error) = match ending {
        Ending::Sent => (DeliveryState::Sent, row.due_at, None),
        Ending::Unneeded(why) => (DeliveryState::Unneeded, row.due_at, Some(why.to_owned())),
        Ending::Dead(why) => (DeliveryState::Dead, row.due_at, Some(why)),
        Ending::Again { at, why } => (DeliveryState::Waiting, at.millis(), Some(why)),
        Ending::Postponed { until } => (DeliveryState::Waiting, until.millis(), row.last_error.clone()),
    };
    let error = error.map(|error| error.chars().take(REASON_LIMIT).collect::<String>());
    let done_at = (state != DeliveryState::Waiting).then(|| now.millis());
    change
        .col_expr(delivery::Column::State, Expr::value(state.as_str()))
        .col_expr(delivery::Column::DueAt, Expr::value(due_at))
        .col_expr(delivery::Column::DoneAt, Expr::value(done_at))
        .col_expr(delivery::Column::LastError, Expr::value(error))
        .filter(delivery::Column::Position.eq(row.position))
        .filter(delivery::Column::Claim.eq(row.claim))
        .exec(&tx)
        .await?;
    if is_tried && pace_millis > 0 {
        channel::Entity::update_many()
            .col_expr(channel::Column::NextAt, Expr::value(now.millis() + pace_millis))
            .filter(channel::Column::Id.eq(row.channel_id))
            .exec(&tx)
            .await?;
    }
    tx.commit().await
}
