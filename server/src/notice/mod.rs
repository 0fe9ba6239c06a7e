//! Notices: written with their cause, shown live in the app, carried out of the house by channels.
//!
//! [`send`] is what other nouns call. The row in the officer's list is the truth; a row in `delivery` for each channel
//! that carries it is written beside it, and [`deliver`] sends those later, on whichever replica is faster.

pub mod channels;
pub mod deliver;
pub mod retention;

mod admin;
mod log;
mod outbound;
mod push;
mod queue;
mod settings;
mod store;
mod watch;

pub use outbound::Outbound;
pub(crate) use outbound::tls;

use std::collections::BTreeSet;

use app::notice::api::{ListNotices, MarkAllNoticesRead, MarkNoticeRead, Notices, Unread, WatchNotices};
use app::notice::rules::{News, NoticeKind, kinds_of};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::clock::Clock;
use crate::database::Transaction;
use crate::entity::notice;
use crate::error::Failure;
use crate::events::Event;
use crate::mount::{Api, Call};
use crate::notice::store::{Part, Which};

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api
        .mount::<ListNotices, _, _, _>(list_notices)
        .mount::<MarkNoticeRead, _, _, _>(mark_notice_read)
        .mount::<MarkAllNoticesRead, _, _, _>(mark_all_notices_read)
        .mount_response::<WatchNotices, _, _>(watch::watch_notices);
    log::mount(admin::mount(push::mount(settings::mount(api))))
}

/// What a notice is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The kind of thing, which is also the folder of its pages: `leave`.
    pub kind: &'a str,
    /// The thing's id.
    pub id: Uuid,
    /// The thing's number for people; empty where it has none.
    pub number: &'a str,
}

/// Tells officers something, within the transaction of its cause: a row in the list of each, a delivery for each
/// channel that carries it, an event for whoever watches. The same news to the same officer is told once. All that a
/// transaction has to tell goes into one call.
///
/// # Errors
/// The database fails.
pub async fn send(
    tx: &Transaction,
    clock: &Clock,
    subject: Subject<'_>,
    news: impl IntoIterator<Item = News>,
) -> Result<(), DbErr> {
    // By officer: two transactions that tell the same people must not wait for each other in a circle.
    let news = BTreeSet::from_iter(news);
    if news.is_empty() {
        return Ok(());
    }
    let carriers = queue::Carriers::load(tx).await?;
    for News { officer, kind, actor } in news {
        let preference = store::next_position(tx, officer).await?;
        let row = notice::Model {
            id: clock.new_id(),
            officer_id: officer,
            position: preference.last_position,
            kind: kind.as_str().to_owned(),
            subject_kind: subject.kind.to_owned(),
            subject_id: subject.id,
            number: subject.number.to_owned(),
            actor_id: actor,
            created_at: clock.now().millis(),
            read_at: None,
        };
        notice::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
        if !kinds_of(&preference.muted).contains(&kind)
            && carriers.put_in_line(tx, clock, &row, kind, &preference).await?
        {
            tx.announce(Event::Queued);
        }
        tx.announce(Event::Notices(officer));
    }
    Ok(())
}

/// Marks notices of these kinds about a thing as read, apart from those of whom it still holds: somebody has decided, or it
/// is not so any more, and a badge that goes on asking would be wrong. What waits in line for their phones is not sent.
///
/// # Errors
/// The database fails.
pub async fn settle(
    tx: &Transaction,
    clock: &Clock,
    subject: Uuid,
    kinds: &[NoticeKind],
    still: &BTreeSet<Uuid>,
) -> Result<(), DbErr> {
    for officer in store::settle(tx, subject, kinds, still, clock.now()).await? {
        tx.announce(Event::Notices(officer));
    }
    Ok(())
}

/// Who is asked for a decision about a thing and has not read it yet.
///
/// # Errors
/// The database fails.
pub async fn asked(connection: &impl ConnectionTrait, subject: Uuid) -> Result<BTreeSet<Uuid>, DbErr> {
    store::unread_about(connection, subject, &NoticeKind::ASKING).await
}

/// How many notices an officer has not read: the badge.
///
/// # Errors
/// The database fails.
pub async fn unread(connection: &impl ConnectionTrait, officer: Uuid) -> Result<i64, DbErr> {
    store::unread(connection, officer, None).await
}

async fn list_notices(call: Call<ListNotices>) -> Result<Notices, Failure> {
    let officer = call.caller()?.id;
    let limit = usize::from(call.query.limit.unwrap_or(20).clamp(1, 100));
    let before = match call.query.cursor.as_deref() {
        Some(cursor) => {
            Some(cursor.parse::<i64>().map_err(|_| Failure::bad_input("cursor", "分页位置无效，请从第一页重新打开"))?)
        }
        None => None,
    };
    let connection = call.state.database.read();
    let part = Part::Newest { before, unread: call.query.unread.unwrap_or(false) };
    let mut items = store::notices(connection, officer, part, limit as u64 + 1).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| last.position.to_string());
    Ok(Notices { items, next, unread: unread(connection, officer).await? })
}

async fn mark_notice_read(call: Call<MarkNoticeRead>) -> Result<Unread, Failure> {
    let officer = call.caller()?.id;
    let id = call.path.id;
    let tx = call.state.database.begin().await?;
    if !is_of(&tx, officer, id).await? {
        return Err(Failure::not_found("这条通知"));
    }
    mark(&call, tx, Which::One(id)).await
}

async fn is_of(connection: &impl ConnectionTrait, officer: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let found = notice::Entity::find_by_id(id).filter(notice::Column::OfficerId.eq(officer)).one(connection).await?;
    Ok(found.is_some())
}

async fn mark_all_notices_read(call: Call<MarkAllNoticesRead>) -> Result<Unread, Failure> {
    let through = call.body()?.through;
    let tx = call.state.database.begin().await?;
    mark(&call, tx, Which::Through(through)).await
}

/// Marks notices of the caller as read. What was read before changes nothing and leaves no row in the trail.
async fn mark<E: app::api::Endpoint>(call: &Call<E>, tx: Transaction, which: Which) -> Result<Unread, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    if store::mark_read(&tx, caller.id, which, state.now()).await? > 0 {
        let id = match which {
            Which::One(id) => id.to_string(),
            Which::Through(position) => format!("{}/{position}", caller.id),
        };
        let deed = Deed { action: "notice.read", subject: "notice", id: &id };
        audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, None::<&()>).await?;
        // The other devices of the officer count along.
        tx.announce(Event::Notices(caller.id));
    }
    let unread = unread(&tx, caller.id).await?;
    tx.commit().await?;
    Ok(Unread { unread })
}
