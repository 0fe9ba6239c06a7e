//! 逾期未销假: reminders about leave that is over and that nobody has reported back from, and the list of it.

use app::account::rules::Permission;
use app::api::Page;
use app::day::Day;
use app::leave::api::{ListUnreported, Unreported};
use app::leave::rules::Stored;
use app::leave::rules::overdue::{REMINDER_DAYS, earliest_reminded, overdue_days, reminder};
use app::leave::types::Lane;
use app::notice::rules::{News, NoticeKind};
use app::org::rules::{OfficerStatus, PostClass};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::escalate::UNDECIDED;
use super::{report, series, settings};
use crate::approval::name_of;
use crate::audit::{self, Actor, Deed};
use crate::calendar::{of_officer, of_officers};
use crate::entity::{approval_task, leave_request, officer, return_reminder};
use crate::error::Failure;
use crate::leave::{FORM, store};
use crate::mount::{Api, Call};
use crate::notice;
use crate::org::store::{people, scope};
use crate::state::AppState;

/// When in the day reminders go out, in minutes: whoever is back in the morning has had the time to report it.
pub(super) const REMINDED_AT: i32 = 9 * 60 + 30;
/// How many requests one round looks at.
const ROUND: usize = 200;
/// How many leaves one round asks the calendars about. Whoever does not work today stays among them, and whoever was
/// reminded does not: what is due comes up in one of the next rounds.
const CANDIDATES: u64 = 2000;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListUnreported, _, _, _>(list_unreported)
}

/// Leave that was over before a day and that nobody has reported back from. With an approved extension nobody is due; a
/// report that waits for its confirmation is a report, and where the calendar has left no day nothing is to be reported.
pub(super) fn unreported(before: Day) -> Condition {
    // Asked of each leave that is due, of which there are few: all extensions that ever were would be many.
    let granted = [Stored::Approved, Stored::Returned].map(Stored::as_str);
    let extended = Query::select()
        .expr(Expr::cust("1"))
        .from_as(leave_request::Entity, "more")
        .and_where(Expr::cust("more.extends_id = leave_request.id"))
        .and_where(Expr::col(("more", leave_request::Column::State)).is_in(granted))
        .to_owned();
    // The calendar may have left no day of a leave: then there is nothing to come back from, unless days are left of
    // another one of its series. What was converted stands with its 病假.
    let first = "COALESCE(leave_request.series_id, leave_request.id)";
    let kept = Query::select()
        .expr(Expr::cust("1"))
        .from_as(leave_request::Entity, "part")
        .and_where(Expr::cust(format!("(part.id = {first} OR part.series_id = {first})")))
        .and_where(Expr::col(("part", leave_request::Column::State)).is_in(granted))
        .and_where(Expr::cust("(part.half_days > 0 OR part.minutes > 0)"))
        .to_owned();
    let counts = Condition::any()
        .add(leave_request::Column::HalfDays.gt(0))
        .add(leave_request::Column::Minutes.gt(0))
        .add(leave_request::Column::Lane.eq(Lane::Report.as_str()))
        .add(Expr::exists(kept));
    Condition::all()
        .add(leave_request::Column::State.eq(Stored::Approved.as_str()))
        // What needs no report of its end is over by itself.
        .add(leave_request::Column::NeedsReturn.eq(true))
        // What was converted is reported back from with the leave of which it was a part.
        .add(leave_request::Column::ConvertsId.is_null())
        .add(leave_request::Column::ToDay.lt(before.date()))
        .add(Expr::exists(extended).not())
        .add(report::reported().not())
        .add(counts)
}

/// Reminds of returns that nobody has reported, once a workday: the officer, and from a day on his leader as well. Safe
/// to run twice and on two servers at once: each request is decided on while it is locked, and what was sent is a row
/// in the same transaction.
///
/// # Errors
/// The database fails.
pub(crate) async fn remind(state: &AppState) -> Result<(), Failure> {
    if state.now() < state.config.zone.at(state.today(), REMINDED_AT) {
        return Ok(());
    }
    for request in due(state).await? {
        // One request that cannot be looked after must not keep the others from it.
        if let Err(error) = remind_of(state, request).await {
            tracing::warn!(%error, %request, "Nobody was reminded of a return this time.");
        }
    }
    Ok(())
}

/// The leaves for which a reminder is due today by the calendars of their officers, what ended last first.
async fn due(state: &AppState) -> Result<Vec<Uuid>, Failure> {
    use return_reminder::Column as Sent;
    let (today, connection) = (state.today(), state.database.read());
    let today_already = Sent::SentOn.eq(today.date()).and(Sent::OverdueDay.gt(UNDECIDED));
    let reminded = return_reminder::Entity::find()
        .filter(Condition::any().add(today_already).add(Sent::OverdueDay.gte(REMINDER_DAYS)))
        .select_only()
        .column(Sent::RequestId)
        .into_query();
    let rows: Vec<(Uuid, Uuid, time::Date)> = leave_request::Entity::find()
        .filter(unreported(today))
        .filter(leave_request::Column::ToDay.gte(earliest_reminded(today).date()))
        .filter(leave_request::Column::Id.not_in_subquery(reminded))
        .select_only()
        .columns([leave_request::Column::Id, leave_request::Column::OfficerId, leave_request::Column::ToDay])
        .order_by_desc(leave_request::Column::ToDay)
        .limit(CANDIDATES)
        .into_tuple()
        .all(connection)
        .await?;
    let whose = rows.iter().map(|(_, officer, _)| *officer);
    let officers = officer::Entity::find().filter(officer::Column::Id.is_in(whose)).all(connection).await?;
    let reference = state.reference.current(connection).await?;
    let calendars = of_officers(connection, &state.secrets, &reference, &officers).await?;
    let is_due = |(id, officer, last): &(Uuid, Uuid, time::Date)| {
        let due = reminder(calendars.get(officer)?, Day::from(*last), today, i64::MAX, None);
        due.map(|_| *id)
    };
    Ok(rows.iter().filter_map(is_due).take(ROUND).collect())
}

async fn remind_of(state: &AppState, request: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let Some(seen) = store::request(&tx, request).await? else { return Ok(()) };
    let rows = series::lock(&tx, &seen).await?;
    let Some(row) = rows.iter().find(|row| row.id == request) else { return Ok(()) };
    let standing = series::standing(&tx, state, &rows, row).await?;
    let is_extended = standing.whole.to() != standing.span.to();
    if standing.stored != Stored::Approved || standing.reported || is_extended || !standing.needs_return {
        return Ok(());
    }
    let sent = return_reminder::Entity::find().filter(return_reminder::Column::RequestId.eq(request)).all(&tx).await?;
    let settings = settings::current(&tx).await?;
    let last = sent.iter().map(|sent| sent.overdue_day).max();
    let (end, from) = (standing.span.to().date, settings.overdue_leader_from_day);
    let applicant = officer::Entity::find_by_id(row.officer_id).one(&tx).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let reference = state.reference.current(&tx).await?;
    let calendar = of_officer(&tx, &state.secrets, &reference, &applicant).await?;
    let Some(due) = reminder(&calendar, end, state.today(), from, last) else { return Ok(()) };
    let mut news = vec![News { officer: row.officer_id, kind: NoticeKind::ReturnDue, actor: None }];
    if due.leader {
        let told = leaders(&tx, row, &applicant).await?.into_iter();
        let kind = NoticeKind::StaffReturnDue;
        news.extend(told.map(|officer| News { officer, kind, actor: Some(row.officer_id) }));
    }
    let sent = return_reminder::Model { request_id: request, overdue_day: due.day, sent_on: state.today().date() };
    return_reminder::Entity::insert(sent.into_active_model()).exec_without_returning(&tx).await?;
    let deed = Deed { action: "leave.remind", subject: "leave_request", id: &request.to_string() };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&due.day)).await?;
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(&tx, &state.clock, subject, news).await?;
    tx.commit().await?;
    Ok(())
}

/// The officer's leader, as far as a leave is concerned: whoever approved it first, while he is in service.
pub(crate) async fn leader(
    connection: &impl ConnectionTrait,
    row: &leave_request::Model,
) -> Result<Option<Uuid>, DbErr> {
    let first = approvers(connection, row).await?.into_iter().take(1);
    Ok(in_service(connection, first).await?.pop().filter(|id| *id != row.officer_id))
}

/// Who approved a leave, the first one first.
async fn approvers(connection: &impl ConnectionTrait, row: &leave_request::Model) -> Result<Vec<Uuid>, DbErr> {
    approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id))
        .filter(approval_task::Column::Shown.eq(true))
        .filter(approval_task::Column::State.eq(name_of(&app::approval::process::TaskState::Approved)))
        .order_by_asc(approval_task::Column::Node)
        .order_by_asc(approval_task::Column::Seq)
        .select_only()
        .column(approval_task::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await
}

/// Who of these officers is in service, in the order given.
async fn in_service(
    connection: &impl ConnectionTrait,
    officers: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let mut officers: Vec<Uuid> = officers.into_iter().collect();
    let found: Vec<Uuid> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(officers.iter().copied()))
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .select_only()
        .column(officer::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    officers.retain(|officer| found.contains(officer));
    Ok(officers)
}

/// Who hears that an officer has not reported back: whoever approved the leave first of those who are still in service,
/// else the head of his department, else 政治部; never himself.
async fn leaders(
    connection: &impl ConnectionTrait,
    row: &leave_request::Model,
    applicant: &officer::Model,
) -> Result<Vec<Uuid>, DbErr> {
    let others = approvers(connection, row).await?.into_iter().filter(|approver| *approver != applicant.id);
    if let Some(first) = in_service(connection, others).await?.into_iter().next() {
        return Ok(vec![first]);
    }
    let heads: Vec<Uuid> = officer::Entity::find()
        .filter(officer::Column::DepartmentId.eq(applicant.department_id))
        .filter(officer::Column::PostClass.eq(PostClass::DepartmentHead.as_str()))
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .filter(officer::Column::Id.ne(applicant.id))
        .select_only()
        .column(officer::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    if heads.is_empty() { report::political(connection, applicant).await } else { Ok(heads) }
}

/// Where a page begins: after this last day and id, the longest overdue first.
pub(crate) fn after(cursor: &str) -> Result<Condition, Failure> {
    let parsed =
        cursor.split_once('.').and_then(|(day, id)| Some((day.parse::<Day>().ok()?, id.parse::<Uuid>().ok()?)));
    let (day, id) = parsed.ok_or_else(|| Failure::bad_input("cursor", "分页位置无效，请从第一页重新打开"))?;
    let later = leave_request::Column::ToDay.gt(day.date());
    let same = leave_request::Column::ToDay.eq(day.date()).and(leave_request::Column::Id.gt(id));
    Ok(Condition::any().add(later).add(same))
}

async fn list_unreported(call: Call<ListUnreported>) -> Result<Page<Unreported>, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let limit = usize::from(call.query.limit.unwrap_or(50).clamp(1, 100));
    // From the leave that is due to its officer, not from all officers to all leave that they ever had.
    let covered = Query::select()
        .expr(Expr::cust("1"))
        .from(officer::Entity)
        .and_where(Expr::cust("officer.id = leave_request.officer_id"))
        .cond_where(scope(&caller.grants, Permission::ReadLeave))
        .to_owned();
    // Whose it is comes first, since most of what is due in a province is not the caller's; SQLite asks in this order.
    let mut query = leave_request::Entity::find().filter(Expr::exists(covered)).filter(unreported(state.today()));
    if let Some(cursor) = &call.query.cursor {
        query = query.filter(after(cursor)?);
    }
    let connection = state.database.read();
    let mut rows = query
        .order_by_asc(leave_request::Column::ToDay)
        .order_by_asc(leave_request::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", Day::from(row.to_day), row.id));
    let (officers, departments) = people(connection, rows.iter().map(|row| row.officer_id).collect()).await?;
    let reference = state.reference.current(connection).await?;
    let due = rows.iter().filter_map(|row| officers.get(&row.officer_id));
    let calendars = of_officers(connection, &state.secrets, &reference, due).await?;
    let items = rows.iter().filter_map(|row| {
        let (officer, calendar) = (officers.get(&row.officer_id)?, calendars.get(&row.officer_id)?);
        let span = store::span(row);
        Some(Unreported {
            id: row.id,
            number: row.number.clone(),
            officer: officer.number.clone(),
            name: officer.name.clone(),
            department: departments.get(&officer.department_id).cloned().unwrap_or_default(),
            to: span.to(),
            overdue_days: overdue_days(calendar, span.to().date, state.today()),
        })
    });
    Ok(Page { items: items.collect(), next })
}
