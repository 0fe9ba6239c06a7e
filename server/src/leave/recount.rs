//! Counting requests anew after the calendar has changed.
//!
//! Whoever changes the calendar only stores the change and takes its next revision; this job brings every request that
//! is open or not over up to that version, one request a transaction. A request names the version that it was counted
//! by, so that the job can stop anywhere, be run again and be run by two servers at once: whoever comes second finds
//! the request at the new version and leaves it alone.
//!
//! What the balance does not cover is asked for and stays so until it is settled: by whatever gives the officer
//! something, in the same transaction, and by the look of each day for what came back in another way.

mod tell;

use std::collections::HashMap;

use app::calendar::rules::WorkCalendar;
use app::day::{Day, HalfDay, Timestamp};
use app::leave::api::Recounted;
use app::leave::grant::{Lot, Taken};
use app::leave::recount::{Recount, recount};
use app::leave::rules::{Leave, Stored};
use app::leave::types::{Lane, LeaveType};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::account::{Account, Owed, append};
use super::act::{bump, stored};
use super::after::report;
use super::store;
use crate::audit::{self, Actor, Deed};
use crate::calendar;
use crate::clock::Clock;
use crate::database::Transaction;
use crate::entity::{leave_recount, leave_request, leave_slot, officer};
use crate::error::Failure;
use crate::org::store::lock_officer;
use crate::state::AppState;

/// How many requests are read at a time.
const ROUND: u64 = 200;

/// Counts every request anew that is open or not over and was counted by an older calendar. Safe to run twice and on two
/// servers at once.
///
/// # Errors
/// The database fails; what has been counted stays counted, and the next round goes on.
pub async fn run_due(state: &AppState) -> Result<(), Failure> {
    let connection = state.database.read();
    let reference = state.reference.current(connection).await?;
    let version = store::calendar_version(&reference.calendar);
    if reference.recounted >= version {
        return Ok(());
    }
    let (mut after, mut has_failed) = (Uuid::nil(), false);
    loop {
        let rows = due(connection, state, version, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let mut same = Vec::new();
        for row in rows {
            let id = row.id;
            match look(connection, state, &row).await {
                // Most requests lie nowhere near the change: they need no transaction of their own.
                Ok(found) if !found.has_news() => same.push(id),
                Ok(_) => {
                    if let Err(error) = write(state, id).await {
                        tracing::warn!(%error, request = %id, "A request was not counted anew this time.");
                        has_failed = true;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, request = %id, "A request cannot be counted anew.");
                    has_failed = true;
                }
            }
        }
        leave_request::Entity::update_many()
            .col_expr(leave_request::Column::CalendarVersion, Expr::value(version))
            .filter(leave_request::Column::Id.is_in(same))
            .filter(leave_request::Column::CalendarVersion.lt(version))
            .exec(state.database.write())
            .await?;
    }
    if !has_failed {
        calendar::set_recounted(state.database.write(), version).await?;
    }
    Ok(())
}

/// The next requests that were counted by an older calendar.
async fn due(
    connection: &impl ConnectionTrait,
    state: &AppState,
    version: i32,
    after: Uuid,
) -> Result<Vec<leave_request::Model>, DbErr> {
    leave_request::Entity::find()
        .filter(leave_request::Column::CalendarVersion.lt(version))
        .filter(leave_request::Column::ToDay.gte(state.today().date()))
        .filter(leave_request::Column::State.is_in(live()))
        .filter(leave_request::Column::Id.gt(after))
        .order_by_asc(leave_request::Column::Id)
        .limit(ROUND)
        .all(connection)
        .await
}

/// The states of requests that are counted anew, as stored.
fn live() -> impl Iterator<Item = &'static str> {
    Stored::ALL.into_iter().filter(|stored| stored.is_counted_anew()).map(Stored::as_str)
}

/// Takes what counting anew has asked of an officer and his balance covers now, and tells him. Whoever gives him something
/// calls it in the same transaction, and has locked him; a second call finds nothing to take. Whether anything was.
///
/// # Errors
/// The database fails.
pub(super) async fn settle(tx: &Transaction, state: &AppState, applicant: &officer::Model) -> Result<bool, Failure> {
    let requests = leave_request::Entity::find()
        .filter(leave_request::Column::OfficerId.eq(applicant.id))
        .filter(leave_request::Column::State.is_in(live()))
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let rows = in_order().filter(leave_recount::Column::RequestId.in_subquery(requests)).all(tx).await?;
    let last: HashMap<Uuid, i64> = rows.into_iter().map(|row| (row.request_id, row.uncovered)).collect();
    let mut asked: Vec<Uuid> = last.into_iter().filter(|(_, uncovered)| *uncovered > 0).map(|(id, _)| id).collect();
    if asked.is_empty() {
        return Ok(false);
    }
    // In one order, so that every run serves them alike.
    asked.sort_unstable();
    calendar::hold(tx).await?;
    let mut has_taken = false;
    for id in asked {
        let Some(row) = store::lock_request(tx, id).await? else { continue };
        let found = look(tx, state, &row).await?;
        // A calendar that has changed since is the job's, which finds the balance as it is by then.
        let is_covered = found.plan.uncovered.is_empty() && !found.plan.taken.is_empty();
        // What is over the job has left at the version that it had.
        let is_over = Day::from(row.to_day) < state.today();
        if is_covered && (is_over || row.calendar_version == found.calendar_version) {
            let mut change = apply(tx, state, &row, &found).await?;
            change.calendar_version = Set(found.calendar_version);
            tell::tell(tx, state, &row, applicant, &found).await?;
            change.update(tx).await?;
            has_taken = true;
        }
    }
    Ok(has_taken)
}

/// The officers of whom something was ever asked for a request that is open or not reported back from.
pub(super) fn asked() -> SelectStatement {
    let uncovered = leave_recount::Entity::find()
        .filter(leave_recount::Column::Uncovered.gt(0))
        .select_only()
        .column(leave_recount::Column::RequestId)
        .into_query();
    leave_request::Entity::find()
        .filter(leave_request::Column::State.is_in(live()))
        .filter(leave_request::Column::Id.in_subquery(uncovered))
        .select_only()
        .column(leave_request::Column::OfficerId)
        .into_query()
}

/// A request as the present calendar sees it.
struct Found {
    plan: Recount,
    leave_type: LeaveType,
    /// How much it counts so far, in the unit of its type.
    counted: i64,
    /// How much it counted when its chain was made.
    submitted: i64,
    account: Account,
    owed: Vec<Owed>,
    /// The half days that the balance did not cover the last time.
    uncovered_before: Vec<HalfDay>,
    /// By which it counts.
    calendar: WorkCalendar,
    calendar_version: i32,
}

impl Found {
    fn has_news(&self) -> bool {
        !self.plan.changes_nothing() || self.plan.uncovered != self.uncovered_before
    }
}

async fn look(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: &leave_request::Model,
) -> Result<Found, Failure> {
    let applicant = officer::Entity::find_by_id(row.officer_id).one(connection).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let reference = state.reference.current(connection).await?;
    let calendar = calendar::of_officer(connection, &state.secrets, &reference, &applicant).await?;
    let catalogue = &reference.leave_types;
    let leave_type = catalogue.find(&row.leave_type).map_err(|_| Failure::internal("a stored type is unknown"))?;
    let held = store::taken(connection, row.id).await?;
    let counted: Vec<_> = held.iter().map(|one| one.at).collect();
    let span = store::span(row);
    let years = store::years(span.from().date, span.to().date);
    let mut account = Account::load(connection, &reference, &applicant, years.clone()).await?;
    let on = Ord::max(state.today(), span.to().date);
    let owed = account.grant_owed(leave_type, years.clone(), on, || state.clock.new_id());
    let lots = Lot::without_lost(&account.lots(&leave_type.name), &account.exclusions(leave_type, years, on));
    let leave = Leave { stored: stored(row)?, leave_type, span, counted: &counted };
    let version = store::calendar_version(&calendar);
    let recounted = in_order().filter(leave_recount::Column::RequestId.eq(row.id)).all(connection).await?;
    let uncovered_before = match recounted.last() {
        Some(last) => serde_json::from_str(&last.uncovered_half_days).map_err(Failure::internal)?,
        None => Vec::new(),
    };
    // Who has reported back is back: nothing is charged any more unless the report is refused, and until then what was
    // asked for stays as it is.
    let reports = report::of(connection, [row.id]).await?;
    // What is still asked to be converted keeps no half day of its own.
    let is_asked = row.converts_id.is_some() && leave.stored != Stored::Approved;
    let plan = if report::is_waiting(&reports, row.id) || is_asked {
        Recount { uncovered: uncovered_before.clone(), ..Recount::default() }
    } else {
        let given_up = store::given_up(connection, row.id).await?;
        recount(&calendar, leave, &held, &given_up, &lots, state.today(), &uncovered_before)
    };
    let counted = held.iter().map(|one| one.amount).sum();
    Ok(Found {
        plan,
        leave_type: leave_type.clone(),
        counted,
        submitted: recounted.first().map_or(counted, |first| first.before),
        account,
        owed,
        uncovered_before,
        calendar,
        calendar_version: version,
    })
}

/// Counts one request anew in a transaction of its own, where it still has to be.
async fn write(state: &AppState, id: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    // The officer first, then the calendar, then the request: the order of whoever submits.
    let Some(seen) = store::request(&tx, id).await? else { return Ok(()) };
    let applicant = lock_officer(&tx, seen.officer_id).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    calendar::hold(&tx).await?;
    let Some(row) = store::lock_request(&tx, id).await? else { return Ok(()) };
    let found = look(&tx, state, &row).await?;
    if row.calendar_version >= found.calendar_version {
        return Ok(());
    }
    let mut change = if found.has_news() {
        let change = apply(&tx, state, &row, &found).await?;
        tell::tell(&tx, state, &row, &applicant, &found).await?;
        change
    } else {
        row.into_active_model()
    };
    change.calendar_version = Set(found.calendar_version);
    change.update(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves slots and ledger by what the plan says, and writes down what was before and after.
async fn apply(
    tx: &Transaction,
    state: &AppState,
    row: &leave_request::Model,
    found: &Found,
) -> Result<leave_request::ActiveModel, Failure> {
    let (plan, before) = (&found.plan, stored(row)?);
    if !plan.taken.is_empty() {
        found.account.write(tx, &state.clock, &found.owed).await?;
    }
    let entries = plan.entries(before);
    append(tx, &state.clock, row.officer_id, &row.leave_type, Some(row.id), &entries).await?;
    let is_hours = found.leave_type.lane() == Lane::Hours;
    if is_hours {
        move_days(tx, row, found).await?;
    } else {
        move_half_days(tx, row, plan).await?;
    }
    let after = plan.after(found.counted);
    let recounted = leave_recount::Model {
        id: state.clock.new_id(),
        request_id: row.id,
        calendar_version: found.calendar_version,
        before: found.counted,
        after,
        uncovered: i64::try_from(plan.uncovered.len()).map_err(Failure::internal)?,
        uncovered_half_days: serde_json::to_string(&plan.uncovered).map_err(Failure::internal)?,
        at: state.now().millis(),
    };
    leave_recount::Entity::insert(recounted.into_active_model()).exec_without_returning(tx).await?;
    let id = row.id.to_string();
    let deed = Deed { action: "leave.recount", subject: "leave_request", id: &id };
    audit::record(tx, &state.clock, &Actor::system(), deed, Some(&found.counted), Some(&(after, plan.uncovered.len())))
        .await?;
    let mut change = bump(row.clone(), before);
    if is_hours {
        change.minutes = Set(Some(after));
    } else {
        change.half_days = Set(after);
    }
    Ok(change)
}

/// A request for leave has a row for each half day of its span, whether it counts or not.
async fn move_half_days(tx: &Transaction, row: &leave_request::Model, plan: &Recount) -> Result<(), DbErr> {
    for (half_days, counts) in [(&plan.freed, false), (&plan.taken, true)] {
        for Taken { at, grant, .. } in half_days {
            leave_slot::Entity::update_many()
                .col_expr(leave_slot::Column::Counts, Expr::value(counts))
                .col_expr(leave_slot::Column::GrantId, Expr::value(grant.filter(|_| counts)))
                .filter(leave_slot::Column::RequestId.eq(row.id))
                .filter(leave_slot::Column::Day.eq(at.date.date()))
                .filter(leave_slot::Column::Half.eq(store::half_name(*at)))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Of a type that takes minutes a request has rows for the days that count alone.
async fn move_days(tx: &Transaction, row: &leave_request::Model, found: &Found) -> Result<(), DbErr> {
    let plan = &found.plan;
    leave_slot::Entity::delete_many()
        .filter(leave_slot::Column::RequestId.eq(row.id))
        .filter(leave_slot::Column::Day.is_in(plan.freed.iter().map(|one| one.at.date.date())))
        .exec(tx)
        .await?;
    if plan.taken.is_empty() {
        return Ok(());
    }
    store::take_slots(tx, row.id, row.officer_id, &found.leave_type, store::span(row), &plan.taken).await
}

/// How requests were counted anew, the last time last. What one calendar asked for comes before that it was settled.
fn in_order() -> Select<leave_recount::Entity> {
    leave_recount::Entity::find()
        .order_by_asc(leave_recount::Column::CalendarVersion)
        .order_by_desc(leave_recount::Column::Uncovered)
}

/// How these requests were last counted anew, by request.
///
/// # Errors
/// The database fails.
pub async fn last(connection: &impl ConnectionTrait, requests: Vec<Uuid>) -> Result<HashMap<Uuid, Recounted>, DbErr> {
    let rows = in_order().filter(leave_recount::Column::RequestId.is_in(requests)).all(connection).await?;
    let recounted = |row: leave_recount::Model| Recounted {
        at: Timestamp::from_millis(row.at),
        before: row.before,
        after: row.after,
        uncovered: row.uncovered,
    };
    Ok(rows.into_iter().map(|row| (row.request_id, recounted(row))).collect())
}

/// Forgets how a request was counted anew: it is submitted again, counted from the beginning, and gets a new chain. The
/// trail keeps it.
///
/// # Errors
/// The database fails.
pub(super) async fn forget(tx: &Transaction, clock: &Clock, request: Uuid) -> Result<(), DbErr> {
    tell::withdraw(tx, clock, request).await?;
    leave_recount::Entity::delete_many().filter(leave_recount::Column::RequestId.eq(request)).exec(tx).await?;
    Ok(())
}
