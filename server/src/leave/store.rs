//! Queries about requests for leave and the ledger.

use std::collections::{BTreeSet, HashMap, HashSet};

use app::calendar::rules::WorkCalendar;
use app::day::{Day, HalfDay, Span};
use app::leave::grant::Taken;
use app::leave::rules::{Check, Earlier, Existing, Part, Stored};
use app::leave::types::{Basis, Catalogue, Lane, LeaveType};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::after::report;
use crate::entity::{leave_request, leave_slot};

/// The name under which a type that takes minutes keeps a day.
const DAY: &str = "day";

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
        .filter(report::reported_of_series().not())
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let away: Vec<Uuid> = leave_slot::Entity::find()
        .filter(leave_slot::Column::OfficerId.is_in(officers))
        .filter(leave_slot::Column::Day.eq(at.date.date()))
        .filter(leave_slot::Column::Half.eq(half_name(at)))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Lane.eq(Lane::Leave.as_str()))
        .filter(leave_slot::Column::RequestId.in_subquery(granted))
        .select_only()
        .column(leave_slot::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(away.into_iter().collect())
}

/// The days on which these officers were on granted leave from morning to evening, from `first` on.
///
/// # Errors
/// The database fails.
pub async fn days_away(
    connection: &impl ConnectionTrait,
    officers: Vec<Uuid>,
    first: Day,
) -> Result<HashMap<Uuid, BTreeSet<Day>>, DbErr> {
    let granted = leave_request::Entity::find()
        .filter(leave_request::Column::State.is_in([Stored::Approved, Stored::Returned].map(Stored::as_str)))
        .filter(leave_request::Column::OfficerId.is_in(officers.iter().copied()))
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let days: Vec<(Uuid, time::Date)> = leave_slot::Entity::find()
        .filter(leave_slot::Column::OfficerId.is_in(officers))
        .filter(leave_slot::Column::Day.gte(first.date()))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Lane.eq(Lane::Leave.as_str()))
        .filter(leave_slot::Column::RequestId.in_subquery(granted))
        .select_only()
        .columns([leave_slot::Column::OfficerId, leave_slot::Column::Day])
        .group_by(leave_slot::Column::OfficerId)
        .group_by(leave_slot::Column::Day)
        .having(leave_slot::Column::Half.count().eq(2))
        .into_tuple()
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, BTreeSet<Day>> = HashMap::new();
    for (officer, day) in days {
        found.entry(officer).or_default().insert(Day::from(day));
    }
    Ok(found)
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

/// The lane of a stored request; one that nobody knows keeps him from work, which is the careful reading.
pub fn lane(row: &leave_request::Model) -> Lane {
    Lane::parse(&row.lane).unwrap_or_default()
}

/// What the rules leave to whoever decides, as it is kept with a request that is submitted: a line each, nothing where
/// there is none. Taken before anything of it is kept from who asks in the applicant's place.
pub fn remarks_to_keep(check: &Check, earlier: Earlier) -> Option<String> {
    let lines = check.for_approver(earlier);
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What the rules left to whoever decides when a request was submitted the last time.
pub fn remarks(row: &leave_request::Model) -> impl Iterator<Item = String> {
    row.remarks.as_deref().unwrap_or_default().lines().map(str::to_owned)
}

/// Whether anything of a stored request counts, in half days or minutes. Who reports that he is out of town takes
/// neither, and is out of town all the same.
pub fn counts(row: &leave_request::Model) -> bool {
    lane(row) == Lane::Report || row.half_days > 0 || row.minutes.is_some_and(|minutes| minutes > 0)
}

/// The officer's requests near a span that have not come to nothing.
///
/// # Errors
/// The database fails.
pub async fn existing(
    connection: &impl ConnectionTrait,
    catalogue: &Catalogue,
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
    if rows.is_empty() {
        return Ok(Vec::new());
    }
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
    let counts_rest_days =
        |row: &leave_request::Model| catalogue.find(&row.leave_type).is_ok_and(|kind| kind.basis == Basis::NaturalDays);
    // What was converted lies within its leave, and is part of it for whoever decides on what adjoins.
    let existing = rows.iter().filter(|row| row.converts_id.is_none()).filter_map(|row| {
        let parts = rows.iter().filter(|part| part.id == row.id || part.converts_id == Some(row.id));
        let half_days =
            |part: &leave_request::Model| counted.iter().find(|(id, _)| *id == part.id).map_or(0, |(_, count)| *count);
        let part = |part: &leave_request::Model| Part {
            leave_type: part.leave_type.clone(),
            counts_rest_days: counts_rest_days(part),
            span: span(part),
            half_days: half_days(part),
        };
        // What is still asked to be converted keeps no half day, and is no part yet.
        let parts: Vec<Part> = parts.map(part).filter(|part| part.half_days > 0).collect();
        Some(Existing {
            number: row.number.clone(),
            title: catalogue.title(&row.leave_type).to_owned(),
            lane: lane(row),
            counts_rest_days: counts_rest_days(row),
            stored: Stored::parse(&row.state)?,
            span: span(row),
            half_days: parts.iter().map(|part| part.half_days).sum(),
            back: row.back_day.map(|day| half_day(day, row.back_half.as_deref().unwrap_or("am"))),
            parts,
        })
    });
    Ok(existing.collect())
}

/// The rows of a span: every half day that it keeps from other requests of its lane. Of a type that takes minutes of a day
/// only the days that count, under a name of their own.
pub fn slots(
    request: Uuid,
    officer: Uuid,
    leave_type: &LeaveType,
    span: Span,
    taken: &[Taken],
) -> Vec<leave_slot::Model> {
    let row = |at: HalfDay, half: &str, paid: Option<&Taken>| leave_slot::Model {
        request_id: request,
        officer_id: officer,
        day: at.date.date(),
        half: half.to_owned(),
        counts: paid.is_some(),
        live: true,
        grant_id: paid.and_then(|paid| paid.grant),
        amount: paid.map_or(1, |paid| paid.amount),
        lane: leave_type.lane().as_str().to_owned(),
    };
    match leave_type.lane() {
        Lane::Leave | Lane::Report => {
            let paid = |at: HalfDay| taken.iter().find(|one| one.at == at);
            span.half_days().map(|at| row(at, half_name(at), paid(at))).collect()
        }
        Lane::Hours => taken.iter().map(|one| row(one.at, DAY, Some(one))).collect(),
    }
}

/// Takes the half days of a span for a request. The unique index on live half days is the last guard against overlap in
/// one lane.
///
/// # Errors
/// The database fails.
pub async fn take_slots(
    tx: &impl ConnectionTrait,
    request: Uuid,
    officer: Uuid,
    leave_type: &LeaveType,
    span: Span,
    taken: &[Taken],
) -> Result<(), DbErr> {
    let rows = slots(request, officer, leave_type, span, taken).into_iter().map(IntoActiveModel::into_active_model);
    leave_slot::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// What a request still keeps of what it holds or has used, in order: the half days that count, with what paid for each.
/// What was released without credit is not among them.
///
/// # Errors
/// The database fails.
pub async fn taken(connection: &impl ConnectionTrait, request: Uuid) -> Result<Vec<Taken>, DbErr> {
    let rows: Vec<(time::Date, String, i64, Option<Uuid>)> = leave_slot::Entity::find()
        .filter(leave_slot::Column::RequestId.eq(request))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Counts.eq(true))
        .order_by_asc(leave_slot::Column::Day)
        .order_by_asc(leave_slot::Column::Half)
        .select_only()
        .column(leave_slot::Column::Day)
        .column(leave_slot::Column::Half)
        .column(leave_slot::Column::Amount)
        .column(leave_slot::Column::GrantId)
        .into_tuple()
        .all(connection)
        .await?;
    let taken = |(day, half, amount, grant): (_, String, _, _)| Taken { at: half_day(day, &half), amount, grant };
    Ok(rows.into_iter().map(taken).collect())
}

/// The half days that a request has given up, though it lives: another request has them (转为病假).
///
/// # Errors
/// The database fails.
pub async fn given_up(connection: &impl ConnectionTrait, request: Uuid) -> Result<Vec<HalfDay>, DbErr> {
    let rows: Vec<(time::Date, String)> = leave_slot::Entity::find()
        .filter(leave_slot::Column::RequestId.eq(request))
        .filter(leave_slot::Column::Live.eq(false))
        .select_only()
        .columns([leave_slot::Column::Day, leave_slot::Column::Half])
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

/// Lets go of all half days of a request that came to nothing: the ledger has given them back.
///
/// # Errors
/// The database fails.
pub async fn end_slots(tx: &impl ConnectionTrait, request: Uuid) -> Result<(), DbErr> {
    free(tx, request, None, true).await
}

/// Lets go of a request's half days from `first` on. What is not credited goes on counting as used, though nobody is away.
///
/// # Errors
/// The database fails.
pub async fn free_slots(
    tx: &impl ConnectionTrait,
    request: Uuid,
    first: HalfDay,
    is_credited: bool,
) -> Result<(), DbErr> {
    free(tx, request, Some(first), is_credited).await
}

async fn free(
    tx: &impl ConnectionTrait,
    request: Uuid,
    first: Option<HalfDay>,
    is_credited: bool,
) -> Result<(), DbErr> {
    let mut update = leave_slot::Entity::update_many()
        .col_expr(leave_slot::Column::Live, Expr::value(false))
        .filter(leave_slot::Column::RequestId.eq(request));
    if is_credited {
        update = update.col_expr(leave_slot::Column::Counts, Expr::value(false));
    }
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
