//! Calendar feeds: made and ended by their owner, read by whoever has the address.
//!
//! The token is 128 bits of a keyed digest over the feed's id, so a repeated call can show it again while nothing but
//! its digest is stored. What a feed says is worked out anew at each reading, from what its owner may see then.

use app::api::{Code, Empty};
use app::day::Half;
use app::day::{Span, Timestamp};
use app::leave::feed::{
    AFTERNOON, CreateFeed, DAYS_AHEAD, DAYS_BACK, Entry, Feed, FeedKind, Feeds, ListFeeds, MORNING, MadeFeed, NewFeed,
    RevokeFeed, entries,
};
use data_encoding::HEXLOWER;
use icalendar::{Calendar, Component, Event, Property};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::team;
use crate::account::store::caller;
use crate::audit::{self, Actor, Deed};
use crate::entity::{account, leave_feed};
use crate::error::Failure;
use crate::mount::{Answer, Api, Call, signed_out};
use crate::org::store::lock_officer;
use crate::secrets::sha256;
use crate::session::Caller;
use crate::state::AppState;

/// Adds the calls of this part.
pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListFeeds, _, _, _>(list_feeds)
        .mount::<CreateFeed, _, _, _>(create_feed)
        .mount::<RevokeFeed, _, _, _>(revoke_feed)
}

async fn list_feeds(call: Call<ListFeeds>) -> Result<Feeds, Failure> {
    let rows = live(call.state.database.read(), call.caller()?.id).await?;
    Ok(Feeds { items: rows.iter().filter_map(wire).collect() })
}

/// Whoever makes a feed anew has lost the address of the one before, or fears that others have it: that one ends.
async fn create_feed(call: Call<CreateFeed>) -> Result<MadeFeed, Failure> {
    let (state, caller, NewFeed { id, kind }) = (&call.state, call.caller()?, call.body()?);
    let token = token(state, id);
    let tx = state.database.begin().await?;
    lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    if let Some(row) = leave_feed::Entity::find_by_id(id).one(&tx).await? {
        if row.officer_id != caller.id || row.kind != kind.as_str() {
            return Err(Failure::new(Code::IdReused, "这个编号已用于另一个订阅，请刷新页面后重新生成"));
        }
        if row.revoked_at.is_some() {
            return Err(Failure::new(Code::WrongState, "这个订阅已停用，请重新生成一个"));
        }
        return made(&row, &token);
    }
    for old in live(&tx, caller.id).await?.into_iter().filter(|row| row.kind == kind.as_str()) {
        end(&tx, state, caller, old).await?;
    }
    let row = leave_feed::Model {
        id,
        officer_id: caller.id,
        kind: kind.as_str().to_owned(),
        token_digest: sha256(token.as_bytes()).to_vec(),
        made_at: state.now().millis(),
        revoked_at: None,
    };
    leave_feed::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    let name = id.to_string();
    let deed = Deed { action: "leave_feed.create", subject: "leave_feed", id: &name };
    audit::record(&tx, &state.clock, &Actor::from(caller.as_ref()), deed, None::<&()>, Some(&kind)).await?;
    tx.commit().await?;
    made(&row, &token)
}

async fn revoke_feed(call: Call<RevokeFeed>) -> Result<Answer<Empty>, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let tx = state.database.begin().await?;
    lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    let found = leave_feed::Entity::find_by_id(call.path.id).one(&tx).await?;
    let row = found.filter(|row| row.officer_id == caller.id).ok_or_else(|| Failure::not_found("这个日历订阅"))?;
    // A repeat finds it ended already, and is done.
    if row.revoked_at.is_none() {
        end(&tx, state, caller, row).await?;
        tx.commit().await?;
    }
    Ok(Empty {}.into())
}

async fn end(
    tx: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    row: leave_feed::Model,
) -> Result<(), DbErr> {
    let name = row.id.to_string();
    let deed = Deed { action: "leave_feed.revoke", subject: "leave_feed", id: &name };
    audit::record(tx, &state.clock, &Actor::from(caller), deed, Some(&row.kind), None::<&()>).await?;
    let mut change = row.into_active_model();
    change.revoked_at = Set(Some(state.now().millis()));
    change.update(tx).await?;
    Ok(())
}

/// The feeds of an officer that can be read, the oldest first.
async fn live(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Vec<leave_feed::Model>, DbErr> {
    leave_feed::Entity::find()
        .filter(leave_feed::Column::OfficerId.eq(officer))
        .filter(leave_feed::Column::RevokedAt.is_null())
        .order_by_asc(leave_feed::Column::MadeAt)
        .all(connection)
        .await
}

fn token(state: &AppState, id: Uuid) -> String {
    HEXLOWER.encode(&state.secrets.feed_token(id))
}

fn wire(row: &leave_feed::Model) -> Option<Feed> {
    let kind = FeedKind::parse(&row.kind)?;
    Some(Feed { id: row.id, kind, made_at: Timestamp::from_millis(row.made_at) })
}

fn made(row: &leave_feed::Model, token: &str) -> Result<MadeFeed, Failure> {
    let feed = wire(row).ok_or_else(|| Failure::internal("a feed of no kind"))?;
    Ok(MadeFeed { feed, path: format!("/feeds/{token}.ics") })
}

/// What a feed says now; `None` when no feed has this token, when it was ended, and when its owner cannot log in any
/// more.
///
/// # Errors
/// The database fails.
pub(crate) async fn read(state: &AppState, token: &str) -> Result<Option<String>, Failure> {
    let connection = state.database.read();
    let row = leave_feed::Entity::find()
        .filter(leave_feed::Column::TokenDigest.eq(sha256(token.as_bytes()).to_vec()))
        .filter(leave_feed::Column::RevokedAt.is_null())
        .one(connection)
        .await?;
    let Some((row, kind)) = row.and_then(|row| FeedKind::parse(&row.kind).map(|kind| (row, kind))) else {
        return Ok(None);
    };
    let active = account::Entity::find_by_id(row.officer_id).one(connection).await?;
    if active.is_none_or(|account| account.password_hash.is_none()) {
        return Ok(None);
    }
    // The roles of now, not those of when the feed was made; a nil session, since nobody is signed in.
    let Some(owner) = caller(state, row.officer_id, Uuid::nil()).await? else { return Ok(None) };
    let (first, last) = (state.today().plus(-DAYS_BACK), state.today().plus(DAYS_AHEAD));
    let Some(window) = Span::days(first, last) else { return Ok(None) };
    let people = team::colleagues_away(state, &owner, window).await?;
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//Fingertip//leave//ZH"));
    calendar.append_property(("METHOD", "PUBLISH")).append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")).append_property(("X-PUBLISHED-TTL", "PT1H"));
    calendar.name(match kind {
        FeedKind::Own => "我的请假",
        FeedKind::Team => "本部门不在岗",
    });
    for member in people {
        let own = member.officer == owner.officer;
        let summary = match kind {
            FeedKind::Own if own => "请假".to_owned(),
            FeedKind::Own => continue,
            FeedKind::Team => format!("{} 不在岗", member.name),
        };
        let spans = member.away.iter().filter_map(|away| Span::new(away.from, away.to));
        for entry in spans.flat_map(entries) {
            calendar.push(event(state, &row, &member.officer, &summary, entry));
        }
    }
    Ok(Some(calendar.to_string()))
}

/// An entry of the calendar. Its id follows from the feed, the officer and the beginning, so that it stays the same from
/// one reading to the next and says nothing.
fn event(state: &AppState, row: &leave_feed::Model, officer: &str, summary: &str, entry: Entry) -> Event {
    let day = |day: app::day::Day| day.to_string().replace('-', "");
    let whole = |name: &str, on: app::day::Day| Property::new(name, day(on)).add_parameter("VALUE", "DATE").done();
    let mut event = Event::new();
    let start = match entry {
        Entry::Days(first, last) => {
            // The end of whole days is the first day after them.
            event.append_property(whole("DTSTART", first)).append_property(whole("DTEND", last.next()));
            first.to_string()
        }
        Entry::Half(at) => {
            let (from, to) = if at.half == Half::Am { MORNING } else { AFTERNOON };
            let instant = |minute| basic(state.config.zone.at(at.date, minute));
            event.add_property("DTSTART", instant(from)).add_property("DTEND", instant(to));
            format!("{}{}", at.date, super::store::half_name(at))
        }
    };
    let id = state.secrets.digest([row.id.as_bytes(), officer.as_bytes(), start.as_bytes()].concat().as_slice());
    event.uid(&format!("{}@fingertip", HEXLOWER.encode(&id[..16])));
    event.add_property("DTSTAMP", basic(Timestamp::from_millis(row.made_at)));
    event.summary(summary).add_property("TRANSP", "TRANSPARENT").add_property("CLASS", "PRIVATE");
    event
}

/// An instant as calendars write it: `20261125T010000Z`.
fn basic(at: Timestamp) -> String {
    Timestamp::from_millis(at.millis().div_euclid(1000) * 1000).to_string().replace(['-', ':'], "")
}
