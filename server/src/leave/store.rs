//! Queries about requests for leave and the ledger.

use std::collections::{BTreeMap, HashSet};

use app::calendar::rules::WorkCalendar;
use app::day::{Day, HalfDay, Span};
use app::leave::entitlement::{Setting, grant_for_year};
use app::leave::ledger::{self, Entry, Kind, Totals};
use app::leave::rules::{Existing, Stored};
use app::leave::types::{self, LeaveType};
use app::org::rules::Category;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::clock::Clock;
use crate::entity::{leave_entry, leave_request, leave_slot, officer, opening_balance};
use crate::setting;

/// The setting that holds [`Setting`] as JSON.
pub const ANNUAL_SETTING: &str = "annual_leave";

/// How far from a request another one can lie and still adjoin it over rest days.
const NEARBY_DAYS: i64 = 400;

/// A request.
///
/// # Errors
/// The database fails.
pub async fn request(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<leave_request::Model>, DbErr> {
    leave_request::Entity::find_by_id(id).one(connection).await
}

/// A request, locked until the transaction ends.
///
/// # Errors
/// The database fails.
pub async fn lock_request(tx: &impl ConnectionTrait, id: Uuid) -> Result<Option<leave_request::Model>, DbErr> {
    leave_request::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Who of these officers is on granted leave in a half day.
///
/// # Errors
/// The database fails.
pub async fn away(connection: &impl ConnectionTrait, officers: Vec<Uuid>, at: HalfDay) -> Result<HashSet<Uuid>, DbErr> {
    if officers.is_empty() {
        return Ok(HashSet::new());
    }
    let granted = leave_request::Entity::find()
        .filter(leave_request::Column::State.eq(Stored::Approved.as_str()))
        .filter(leave_request::Column::OfficerId.is_in(officers.iter().copied()))
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let away: Vec<Uuid> = leave_slot::Entity::find()
        .filter(leave_slot::Column::OfficerId.is_in(officers))
        .filter(leave_slot::Column::Day.eq(at.date.date()))
        .filter(leave_slot::Column::Half.eq(half_name(at)))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::RequestId.in_subquery(granted))
        .select_only()
        .column(leave_slot::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(away.into_iter().collect())
}

/// The span of a stored request.
pub fn span(row: &leave_request::Model) -> Span {
    let from = half_day(row.from_day, &row.from_half);
    Span::new(from, half_day(row.to_day, &row.to_half)).or_else(|| Span::new(from, from)).expect("a half day is a span")
}

/// A half day as stored.
pub fn half_day(day: time::Date, half: &str) -> HalfDay {
    let day = Day::from(day);
    if half == "pm" { HalfDay::pm(day) } else { HalfDay::am(day) }
}

/// The name of a half as stored.
pub fn half_name(at: HalfDay) -> &'static str {
    match at.half {
        app::day::Half::Am => "am",
        app::day::Half::Pm => "pm",
    }
}

/// The officer's requests near a span that have not come to nothing.
///
/// # Errors
/// The database fails.
pub async fn existing(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    around: (Day, Day),
) -> Result<Vec<Existing>, DbErr> {
    let states = [Stored::InApproval, Stored::SentBack, Stored::Approved, Stored::Returned].map(Stored::as_str);
    let rows = leave_request::Entity::find()
        .filter(leave_request::Column::OfficerId.eq(officer))
        .filter(leave_request::Column::State.is_in(states))
        .filter(leave_request::Column::ToDay.gte(around.0.plus(-NEARBY_DAYS).date()))
        .filter(leave_request::Column::FromDay.lte(around.1.plus(NEARBY_DAYS).date()))
        .all(connection)
        .await?;
    let counted: Vec<(Uuid, i64)> = leave_slot::Entity::find()
        .filter(leave_slot::Column::RequestId.is_in(rows.iter().map(|row| row.id)))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Counts.eq(true))
        .select_only()
        .column(leave_slot::Column::RequestId)
        .column_as(leave_slot::Column::Day.count(), "half_days")
        .group_by(leave_slot::Column::RequestId)
        .into_tuple()
        .all(connection)
        .await?;
    let existing = rows.iter().filter_map(|row| {
        Some(Existing {
            number: row.number.clone(),
            title: LeaveType::find(&row.leave_type)
                .map_or_else(|_| row.leave_type.clone(), |kind| kind.title.to_owned()),
            stored: Stored::parse(&row.state)?,
            span: span(row),
            half_days: counted.iter().find(|(id, _)| *id == row.id).map_or(0, |(_, count)| *count),
            back: row.back_day.map(|day| half_day(day, row.back_half.as_deref().unwrap_or("am"))),
        })
    });
    Ok(existing.collect())
}

/// The officer's ledger of these years, by type.
///
/// # Errors
/// The database fails.
pub async fn entries(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    years: std::ops::RangeInclusive<i32>,
) -> Result<Vec<(String, Entry)>, DbErr> {
    let rows: Vec<(String, i32, String, i64)> = leave_entry::Entity::find()
        .filter(leave_entry::Column::OfficerId.eq(officer))
        .filter(leave_entry::Column::Year.between(*years.start(), *years.end()))
        .select_only()
        .column(leave_entry::Column::LeaveType)
        .column(leave_entry::Column::Year)
        .column(leave_entry::Column::Kind)
        .column(leave_entry::Column::HalfDays)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(kind, year, name, half_days)| Some((kind, Entry { kind: Kind::parse(&name)?, year, half_days })))
        .collect())
}

/// The grants that years of service still owe for these years. An imported opening balance stands in for them.
///
/// # Errors
/// The database fails.
pub async fn missing_grants(
    connection: &impl ConnectionTrait,
    officer: &officer::Model,
    entries: &[(String, Entry)],
    years: std::ops::RangeInclusive<i32>,
    today: Day,
) -> Result<Vec<Entry>, DbErr> {
    let imported: Vec<i32> = opening_balance::Entity::find()
        .filter(opening_balance::Column::OfficerId.eq(officer.id))
        .filter(opening_balance::Column::LeaveType.eq(types::ANNUAL.name))
        .select_only()
        .column(opening_balance::Column::Year)
        .into_tuple()
        .all(connection)
        .await?;
    let rule = annual_setting(connection).await?;
    let category = Category::parse(&officer.category).unwrap_or(Category::Administrative);
    let missing = years.filter(|year| !imported.contains(year)).filter_map(|year| {
        let granted = entries
            .iter()
            .filter(|(kind, entry)| kind == types::ANNUAL.name && entry.year == year && entry.kind == Kind::Grant)
            .map(|(_, entry)| entry.half_days)
            .sum();
        let entitled = grant_for_year(Day::from(officer.started_work_on), category, rule, year, today);
        ledger::grant(year, entitled, granted)
    });
    Ok(missing.collect())
}

/// The installation's rule for annual leave.
///
/// # Errors
/// The database fails.
pub async fn annual_setting(connection: &impl ConnectionTrait) -> Result<Setting, DbErr> {
    let stored = setting::get(connection, ANNUAL_SETTING).await?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// What the ledger of one type and year adds up to.
pub fn totals(entries: &[(String, Entry)], leave_type: &str, year: i32) -> Totals {
    Totals::of(entries.iter().filter(|(kind, entry)| kind == leave_type && entry.year == year).map(|(_, entry)| entry))
}

/// What a request of a type can take in each year that a span touches, in half days.
pub fn available(
    entries: &[(String, Entry)],
    leave_type: &LeaveType,
    years: std::ops::RangeInclusive<i32>,
) -> BTreeMap<i32, i64> {
    years.map(|year| (year, totals(entries, leave_type.name, year).available())).collect()
}

/// Appends entries to the ledger.
///
/// # Errors
/// The database fails.
pub async fn append(
    tx: &impl ConnectionTrait,
    clock: &Clock,
    officer: Uuid,
    leave_type: &str,
    request: Option<Uuid>,
    entries: &[Entry],
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.iter().map(|entry| leave_entry::ActiveModel {
        id: Set(clock.new_id()),
        officer_id: Set(officer),
        leave_type: Set(leave_type.to_owned()),
        year: Set(entry.year),
        kind: Set(entry.kind.as_str().to_owned()),
        half_days: Set(entry.half_days),
        request_id: Set(request),
        at: Set(clock.now().millis()),
    });
    leave_entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes the half days of a span for a request. The unique index on live half days is the last guard against overlap.
///
/// # Errors
/// The database fails.
pub async fn take_slots(
    tx: &impl ConnectionTrait,
    request: Uuid,
    officer: Uuid,
    span: Span,
    counted: &[HalfDay],
) -> Result<(), DbErr> {
    let rows = span.half_days().map(|at| leave_slot::ActiveModel {
        request_id: Set(request),
        officer_id: Set(officer),
        day: Set(at.date.date()),
        half: Set(half_name(at).to_owned()),
        counts: Set(counted.contains(&at)),
        live: Set(true),
    });
    leave_slot::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// The half days that count and that a request still holds, in order.
///
/// # Errors
/// The database fails.
pub async fn counted(connection: &impl ConnectionTrait, request: Uuid) -> Result<Vec<HalfDay>, DbErr> {
    let rows: Vec<(time::Date, String)> = leave_slot::Entity::find()
        .filter(leave_slot::Column::RequestId.eq(request))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Counts.eq(true))
        .order_by_asc(leave_slot::Column::Day)
        .order_by_asc(leave_slot::Column::Half)
        .select_only()
        .column(leave_slot::Column::Day)
        .column(leave_slot::Column::Half)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(day, half)| half_day(day, &half)).collect())
}

/// Takes a request's half days away altogether, before others are taken for it.
///
/// # Errors
/// The database fails.
pub async fn drop_slots(tx: &impl ConnectionTrait, request: Uuid) -> Result<(), DbErr> {
    leave_slot::Entity::delete_many().filter(leave_slot::Column::RequestId.eq(request)).exec(tx).await?;
    Ok(())
}

/// Lets go of a request's half days from `first` on; of all of them where there is none.
///
/// # Errors
/// The database fails.
pub async fn free_slots(tx: &impl ConnectionTrait, request: Uuid, first: Option<HalfDay>) -> Result<(), DbErr> {
    let mut update = leave_slot::Entity::update_many()
        .col_expr(leave_slot::Column::Live, sea_orm::sea_query::Expr::value(false))
        .filter(leave_slot::Column::RequestId.eq(request));
    if let Some(first) = first {
        let later = leave_slot::Column::Day.gt(first.date.date());
        let same_day =
            leave_slot::Column::Day.eq(first.date.date()).and(leave_slot::Column::Half.gte(half_name(first)));
        update = update.filter(later.or(same_day));
    }
    update.exec(tx).await?;
    Ok(())
}

/// The years that two days touch, with the calendar's bound on either side.
pub fn years(from: Day, to: Day) -> std::ops::RangeInclusive<i32> {
    from.year()..=to.year().clamp(from.year(), from.year() + 2)
}

/// The version of the calendar as stored with a request.
pub fn calendar_version(calendar: &WorkCalendar) -> i32 {
    i32::try_from(calendar.version()).unwrap_or(i32::MAX)
}
