//! Counting requests anew after the calendar has changed.
//!
//! Whoever changes the calendar only stores the change and takes its next revision; this job brings every request that
//! is open or not over up to that version, one request a transaction. A request names the version that it was counted
//! by, so that the job can stop anywhere, be run again and be run by two servers at once: whoever comes second finds
//! the request at the new version and leaves it alone.

use std::collections::HashMap;

use app::day::{HalfDay, Timestamp};
use app::leave::api::Recounted;
use app::leave::grant::Taken;
use app::leave::recount::{Recount, recount};
use app::leave::rules::{Leave, Stored};
use app::notice::rules::{News, NoticeKind};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::account::{Account, Owed, append};
use super::act::{bump, stored};
use super::after::report;
use super::{FORM, store};
use crate::audit::{self, Actor, Deed};
use crate::calendar;
use crate::database::Transaction;
use crate::entity::{approval_task, leave_recount, leave_request, leave_slot, officer};
use crate::error::Failure;
use crate::notice;
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
    let live = [Stored::InApproval, Stored::SentBack, Stored::Approved].map(Stored::as_str);
    leave_request::Entity::find()
        .filter(leave_request::Column::CalendarVersion.lt(version))
        .filter(leave_request::Column::ToDay.gte(state.today().date()))
        .filter(leave_request::Column::State.is_in(live))
        .filter(leave_request::Column::Id.gt(after))
        .order_by_asc(leave_request::Column::Id)
        .limit(ROUND)
        .all(connection)
        .await
}

/// A request as the present calendar sees it.
struct Found {
    plan: Recount,
    counted: i64,
    account: Account,
    owed: Vec<Owed>,
    /// How many half days the balance did not cover the last time.
    uncovered_before: i64,
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
    let counted: Vec<HalfDay> = held.iter().map(|one| one.at).collect();
    let span = store::span(row);
    let years = store::years(span.from().date, span.to().date);
    let mut account = Account::load(connection, &reference, &applicant, years.clone()).await?;
    let owed = account.grant_owed(leave_type, years, state.today(), || state.clock.new_id());
    let leave = Leave { stored: stored(row)?, leave_type, span, counted: &counted };
    // Who has reported back is back: nothing of what follows is charged any more.
    let reports = report::of(connection, [row.id]).await?;
    // What is still asked to be converted keeps no half day of its own.
    let is_asked = row.converts_id.is_some() && leave.stored != Stored::Approved;
    let plan = if report::is_waiting(&reports, row.id) || is_asked {
        Recount::default()
    } else {
        let given_up = store::given_up(connection, row.id).await?;
        recount(&calendar, leave, &held, &given_up, &account.lots(&leave_type.name), state.today())
    };
    let last = last(connection, vec![row.id]).await?;
    Ok(Found {
        plan,
        counted: i64::try_from(counted.len()).map_err(Failure::internal)?,
        account,
        owed,
        uncovered_before: last.get(&row.id).map_or(0, |last| last.uncovered),
        calendar_version: store::calendar_version(&calendar),
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
        tell(&tx, state, &row, &applicant, &found.plan).await?;
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
    let after = plan.after(found.counted);
    let recounted = leave_recount::Model {
        id: state.clock.new_id(),
        request_id: row.id,
        calendar_version: found.calendar_version,
        before: found.counted,
        after,
        uncovered: plan.uncovered,
        at: state.now().millis(),
    };
    leave_recount::Entity::insert(recounted.into_active_model()).exec_without_returning(tx).await?;
    let id = row.id.to_string();
    let deed = Deed { action: "leave.recount", subject: "leave_request", id: &id };
    audit::record(tx, &state.clock, &Actor::system(), deed, Some(&found.counted), Some(&(after, plan.uncovered)))
        .await?;
    let mut change = bump(row.clone(), before);
    change.half_days = Set(after);
    Ok(change)
}

/// Tells the officer, whoever is deciding now, and the political department where the balance does not cover it.
async fn tell(
    tx: &Transaction,
    state: &AppState,
    row: &leave_request::Model,
    applicant: &officer::Model,
    plan: &Recount,
) -> Result<(), Failure> {
    let mut told = vec![applicant.id];
    let open: Vec<Uuid> = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id))
        .filter(approval_task::Column::State.eq("open"))
        .select_only()
        .column(approval_task::Column::OfficerId)
        .into_tuple()
        .all(tx)
        .await?;
    told.extend(open);
    if plan.uncovered > 0 {
        told.extend(report::political(tx, applicant).await?);
    }
    let news = told.into_iter().map(|officer| News { officer, kind: NoticeKind::Recounted, actor: None });
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(tx, &state.clock, subject, news).await?;
    Ok(())
}

/// How these requests were last counted anew, by request.
///
/// # Errors
/// The database fails.
pub async fn last(connection: &impl ConnectionTrait, requests: Vec<Uuid>) -> Result<HashMap<Uuid, Recounted>, DbErr> {
    let rows = leave_recount::Entity::find()
        .filter(leave_recount::Column::RequestId.is_in(requests))
        .order_by_asc(leave_recount::Column::CalendarVersion)
        .all(connection)
        .await?;
    let recounted = |row: leave_recount::Model| Recounted {
        at: Timestamp::from_millis(row.at),
        before: row.before,
        after: row.after,
        uncovered: row.uncovered,
    };
    Ok(rows.into_iter().map(|row| (row.request_id, recounted(row))).collect())
}

/// Forgets how a request was counted anew: it is submitted again and counted from the beginning. The trail keeps it.
///
/// # Errors
/// The database fails.
pub(super) async fn forget(tx: &Transaction, request: Uuid) -> Result<(), DbErr> {
    leave_recount::Entity::delete_many().filter(leave_recount::Column::RequestId.eq(request)).exec(tx).await?;
    Ok(())
}
