//! Reports of returns, as rows: the last one of a request says whether a confirmation is waited for.

use std::collections::HashMap;

use app::account::rules::Permission;
use app::approval::process::TaskState;
use app::day::{Day, HalfDay};
use app::leave::api::{Confirmation, LeaveSettings};
use app::leave::rules::Stored;
use app::leave::types::LeaveType;
use app::org::rules::{OfficerStatus, POLITICAL_DEPARTMENT, POLITICAL_DIRECTOR};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::approval::name_of;
use crate::entity::{approval_task, court, department, leave_request, officer, return_report};
use crate::leave::store::half_day;
use crate::session::Caller;

/// A report that waits for its confirmation.
pub(crate) const WAITING: &str = "waiting";
/// A report that is final.
pub(crate) const CONFIRMED: &str = "confirmed";
/// A report that was sent back.
pub(crate) const DISPUTED: &str = "disputed";

/// The reports of these requests, each request's first one first.
///
/// # Errors
/// The database fails.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    requests: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<return_report::Model>, DbErr> {
    return_report::Entity::find()
        .filter(return_report::Column::RequestId.is_in(requests))
        .order_by_asc(return_report::Column::Seq)
        .all(connection)
        .await
}

/// The last report of a request.
pub(crate) fn last(reports: &[return_report::Model], request: Uuid) -> Option<&return_report::Model> {
    reports.iter().rev().find(|report| report.request_id == request)
}

/// Whether the last report of a request waits for its confirmation.
pub(crate) fn is_waiting(reports: &[return_report::Model], request: Uuid) -> bool {
    last(reports, request).is_some_and(|report| report.state == WAITING)
}

/// The half days on which these officers say that they were back from series of leave that end on a day or after it,
/// where nobody has confirmed it yet, by the first leave of the series: one query.
///
/// # Errors
/// The database fails.
pub(crate) async fn waiting(
    connection: &impl ConnectionTrait,
    whose: Condition,
    from: Day,
) -> Result<HashMap<Uuid, HalfDay>, DbErr> {
    use leave_request::Column;
    let report =
        leave_request::Entity::belongs_to(return_report::Entity).from(Column::Id).to(return_report::Column::RequestId);
    let officers = officer::Entity::find().filter(whose).select_only().column(officer::Column::Id).into_query();
    let rows: Vec<(Uuid, Option<Uuid>, time::Date, String)> = leave_request::Entity::find()
        .join(JoinType::InnerJoin, report.into())
        .filter(Column::OfficerId.in_subquery(officers))
        // The report hangs on the last leave of the series.
        .filter(Column::ToDay.gte(from.date()))
        .filter(Column::State.eq(Stored::Approved.as_str()))
        .filter(return_report::Column::State.eq(WAITING))
        .select_only()
        .columns([Column::Id, Column::SeriesId])
        .columns([return_report::Column::BackDay, return_report::Column::BackHalf])
        .into_tuple()
        .all(connection)
        .await?;
    let back = |(id, first, day, half): (Uuid, Option<Uuid>, _, String)| (first.unwrap_or(id), half_day(day, &half));
    Ok(rows.into_iter().map(back).collect())
}

/// Whether a report waits for its confirmation, asked of each `leave_request` of a query: who has made one is at work.
pub(crate) fn reported() -> Expr {
    let waiting = Query::select()
        .expr(Expr::cust("1"))
        .from(return_report::Entity)
        .and_where(Expr::cust("return_report.request_id = leave_request.id"))
        .and_where(Expr::col((return_report::Entity, return_report::Column::State)).eq(WAITING))
        .to_owned();
    Expr::exists(waiting)
}

/// Whether a report waits for any leave of the series, asked of each `leave_request` of a query. The report hangs on the
/// last one, and whoever has made it is at work on the days of all of them.
pub(crate) fn reported_of_series() -> Expr {
    const FIRST: &str = "COALESCE(leave_request.series_id, leave_request.id)";
    let members = Query::select()
        .column(("member", leave_request::Column::Id))
        .from_as(leave_request::Entity, "member")
        .and_where(Expr::cust(format!("member.series_id = {FIRST}")))
        .to_owned();
    let of_series = Condition::any()
        .add(Expr::cust(format!("return_report.request_id = {FIRST}")))
        .add(Expr::col((return_report::Entity, return_report::Column::RequestId)).in_subquery(members));
    let waiting = Query::select()
        .expr(Expr::cust("1"))
        .from(return_report::Entity)
        .and_where(Expr::col((return_report::Entity, return_report::Column::State)).eq(WAITING))
        .cond_where(of_series)
        .to_owned();
    Expr::exists(waiting)
}

/// Who confirms returns of a type, as a request of it keeps it; nothing where the setting for all types holds.
pub(crate) fn pinned(leave_type: &LeaveType) -> Option<String> {
    leave_type.return_confirmation.map(|by| by.as_str().to_owned())
}

/// Who confirms a return from a request: as its type said when it was asked for, else as the setting says now.
pub(crate) fn confirmation(row: &leave_request::Model, settings: LeaveSettings) -> Confirmation {
    let own = row.return_confirmation.as_deref().and_then(Confirmation::parse);
    own.unwrap_or(settings.return_confirmation)
}

/// Whether somebody confirms returns from a leave: 政治部 always, so that none is stuck, and whoever approved it last
/// unless it is left to 政治部. `tasks` are those of the request.
pub(crate) fn may_confirm<'t>(
    by: Confirmation,
    caller: &Caller,
    applicant: Option<&officer::Model>,
    tasks: impl Iterator<Item = &'t approval_task::Model>,
) -> bool {
    let is_of_hr = applicant.is_some_and(|applicant| {
        caller.may(Permission::ConfirmReturn, applicant.court_id, Some(applicant.department_id))
    });
    let is_left_to_hr = by == Confirmation::PoliticalDepartment;
    is_of_hr || (!is_left_to_hr && last_approver(tasks) == Some(caller.id))
}

fn last_approver<'t>(tasks: impl Iterator<Item = &'t approval_task::Model>) -> Option<Uuid> {
    let approved = tasks.filter(|task| task.state == name_of(&TaskState::Approved));
    approved.max_by_key(|task| (task.decided_at, task.node, task.seq)).and_then(|task| task.decided_by)
}

/// Who is told that a return waits for a confirmation: whoever approved last where it is his to confirm and he is still in
/// service, else 政治部 of the applicant's court, or of the nearest court above that has one.
///
/// # Errors
/// The database fails.
pub(crate) async fn confirmers(
    connection: &impl ConnectionTrait,
    by: Confirmation,
    applicant: &officer::Model,
    request: Uuid,
) -> Result<Vec<Uuid>, DbErr> {
    if by == Confirmation::Approver {
        let tasks = approval_task::Entity::find()
            .filter(approval_task::Column::SubjectId.eq(request))
            .filter(approval_task::Column::Shown.eq(true))
            .all(connection)
            .await?;
        if let Some(approver) = last_approver(tasks.iter()) {
            let found = officer::Entity::find_by_id(approver).one(connection).await?;
            if found.is_some_and(|row| row.status == OfficerStatus::InService.as_str() && row.id != applicant.id) {
                return Ok(vec![approver]);
            }
        }
    }
    political(connection, applicant).await
}

/// 政治部 for an officer: of his court, or of the nearest court above that has one; never himself.
///
/// # Errors
/// The database fails.
pub(crate) async fn political(connection: &impl ConnectionTrait, of: &officer::Model) -> Result<Vec<Uuid>, DbErr> {
    let courts = court::Entity::find().all(connection).await?;
    let parent = |id: &Uuid| courts.iter().find(|court| court.id == *id)?.parent_id;
    // As many steps as there are courts at most: a circle in the tree would be an error of an import.
    for court in std::iter::successors(Some(of.court_id), parent).take(courts.len()) {
        let departments = department::Entity::find()
            .filter(department::Column::CourtId.eq(court))
            .filter(department::Column::Name.eq(POLITICAL_DEPARTMENT))
            .select_only()
            .column(department::Column::Id)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?;
        let member = Condition::any()
            .add(officer::Column::DepartmentId.is_in(departments))
            .add(officer::Column::Post.eq(POLITICAL_DIRECTOR));
        let found = officer::Entity::find()
            .filter(officer::Column::CourtId.eq(court))
            .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
            .filter(officer::Column::Id.ne(of.id))
            .filter(member)
            .select_only()
            .column(officer::Column::Id)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}
