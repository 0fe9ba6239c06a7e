//! What nobody has to think of after a leave: leaders hear of an absence on its days, and whoever waits for an extension
//! hears that the leave ends without one.

use app::day::{Day, HalfDay};
use app::leave::rules::Stored;
use app::leave::rules::absence::{Audience, audience, escalation, holding};
use app::leave::rules::series::extension;
use app::notice::rules::{News, NoticeKind};
use app::org::rules::{OfficerStatus, PostClass};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::overdue::{REMINDED_AT, leader, unreported};
use super::{absence, absent, report, series, settings};
use crate::approval;
use crate::audit::{self, Actor, Deed};
use crate::calendar::of_officer;
use crate::entity::{absence_notice, leave_request, officer, oversight, return_reminder};
use crate::error::Failure;
use crate::leave::{FORM, store};
use crate::notice;
use crate::state::AppState;

/// When on the last day of a leave it is said that its extension is undecided, in minutes: while there is still somebody
/// at work who can decide.
const UNDECIDED_AT: i32 = 15 * 60;
/// For how many days that is still worth saying; the overdue return says it after that.
const UNDECIDED_DAYS: i64 = 7;
/// The place of that notice among the reminders of a leave: before the first overdue day.
pub(super) const UNDECIDED: i64 = 0;

/// Tells leaders of absences on the days of the settings, rest days included: the law's clock does not stop. Safe to run
/// twice and on two servers at once, like the reminders of returns.
///
/// # Errors
/// The database fails.
pub(crate) async fn escalate(state: &AppState) -> Result<(), Failure> {
    let today = state.today();
    if state.now() < state.config.zone.at(today, REMINDED_AT) {
        return Ok(());
    }
    let connection = state.database.read();
    let rows = leave_request::Entity::find()
        .filter(unreported(today))
        .filter(leave_request::Column::Id.in_subquery(absent::on_record()))
        .order_by_asc(leave_request::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        // Looked at without a lock first: most have nothing new to tell.
        let due = match due(connection, state, std::slice::from_ref(&row), &row).await {
            Ok(due) => due.is_some(),
            Err(error) => {
                tracing::warn!(%error, request = %row.id, "An absence cannot be read.");
                false
            }
        };
        if due && let Err(error) = tell_of(state, row.id).await {
            tracing::warn!(%error, request = %row.id, "Nobody was told of an absence this time.");
        }
    }
    Ok(())
}

/// The stage that is due of a request, with the position of its record.
async fn due(
    connection: &impl ConnectionTrait,
    state: &AppState,
    rows: &[leave_request::Model],
    row: &leave_request::Model,
) -> Result<Option<(usize, usize)>, Failure> {
    let standing = series::standing(connection, state, rows, row).await?;
    let log = absence::log(&absence::of(connection, [row.id]).await?, row.id);
    let Some(open) = holding(&standing, &log) else { return Ok(None) };
    // Who has left service is missed by nobody, and who is on other leave by now is where he may be.
    let applicant = officer::Entity::find_by_id(row.officer_id).one(connection).await?;
    let in_service = applicant.filter(|officer| officer.status == OfficerStatus::InService.as_str());
    let Some(applicant) = in_service else { return Ok(None) };
    let this_morning = HalfDay::am(state.today());
    if store::away(connection, vec![row.officer_id], this_morning).await?.contains(&row.officer_id) {
        return Ok(None);
    }
    let told: Option<i32> = absence_notice::Entity::find()
        .filter(absence_notice::Column::RequestId.eq(row.id))
        .filter(absence_notice::Column::Seq.eq(i32::try_from(open.at).map_err(Failure::internal)?))
        .order_by_desc(absence_notice::Column::Stage)
        .select_only()
        .column(absence_notice::Column::Stage)
        .into_tuple()
        .one(connection)
        .await?;
    let told = told.and_then(|stage| usize::try_from(stage).ok());
    let reference = state.reference.current(connection).await?;
    let calendar = of_officer(connection, &state.secrets, &reference, &applicant).await?;
    let leave = store::days_away(connection, vec![row.officer_id], open.since).await?;
    let leave = leave.get(&row.officer_id).cloned().unwrap_or_default();
    let running = open.running(&calendar, &leave, state.today());
    let days = settings::current(connection).await?.absence_days;
    Ok(escalation(days, running, told).map(|stage| (open.at, stage)))
}

async fn tell_of(state: &AppState, request: Uuid) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let Some(seen) = store::request(&tx, request).await? else { return Ok(tx.rollback().await?) };
    let rows = series::lock(&tx, &seen).await?;
    let Some(row) = rows.iter().find(|row| row.id == request) else { return Ok(tx.rollback().await?) };
    let Some((at, stage)) = due(&tx, state, &rows, row).await? else { return Ok(tx.rollback().await?) };
    let applicant = officer::Entity::find_by_id(row.officer_id).one(&tx).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let mut told = Vec::new();
    for who in audience(stage) {
        told.extend(people(&tx, *who, &applicant, row).await?);
    }
    told.retain(|officer| *officer != applicant.id);
    if told.is_empty() {
        // Who is meant has left, and nobody has followed him.
        told = report::political(&tx, &applicant).await?;
        told.retain(|officer| *officer != applicant.id);
    }
    let sent = absence_notice::Model {
        request_id: request,
        seq: i32::try_from(at).map_err(Failure::internal)?,
        stage: i32::try_from(stage).map_err(Failure::internal)?,
        sent_on: state.today().date(),
    };
    absence_notice::Entity::insert(sent.into_active_model()).exec_without_returning(&tx).await?;
    let deed = Deed { action: "leave.escalate_absence", subject: "leave_request", id: &request.to_string() };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&stage)).await?;
    let news =
        told.into_iter().map(|officer| News { officer, kind: NoticeKind::StaffAbsent, actor: Some(applicant.id) });
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(&tx, &state.clock, subject, news).await?;
    tx.commit().await?;
    Ok(())
}

/// Who is meant, as far as he is in service.
async fn people(
    connection: &impl ConnectionTrait,
    who: Audience,
    applicant: &officer::Model,
    row: &leave_request::Model,
) -> Result<Vec<Uuid>, DbErr> {
    let in_service = officer::Entity::find()
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .select_only()
        .column(officer::Column::Id);
    match who {
        Audience::Leader => Ok(leader(connection, row).await?.into_iter().collect()),
        Audience::Overseer => {
            let found = oversight::Entity::find_by_id(applicant.department_id).one(connection).await?;
            let Some(found) = found else { return Ok(Vec::new()) };
            in_service.filter(officer::Column::Id.eq(found.officer_id)).into_tuple().all(connection).await
        }
        Audience::Political => report::political(connection, applicant).await,
        Audience::President => {
            in_service
                .filter(officer::Column::CourtId.eq(applicant.court_id))
                .filter(officer::Column::PostClass.eq(PostClass::President.as_str()))
                .into_tuple()
                .all(connection)
                .await
        }
    }
}

/// Tells the officer, and whoever is deciding, once, that a leave ends while its extension is undecided.
///
/// # Errors
/// The database fails.
pub(crate) async fn tell_undecided(state: &AppState) -> Result<(), Failure> {
    let (today, connection) = (state.today(), state.database.read());
    let told = Query::select()
        .expr(Expr::cust("1"))
        .from(return_reminder::Entity)
        .and_where(Expr::cust("return_reminder.request_id = leave_request.extends_id"))
        .and_where(Expr::col((return_reminder::Entity, return_reminder::Column::OverdueDay)).eq(UNDECIDED))
        .to_owned();
    // What has ended by now, and is not closed yet.
    let last = if has_ended(state, today) { today } else { today.plus(-1) };
    let ended = Query::select()
        .expr(Expr::cust("1"))
        .from_as(leave_request::Entity, "extended")
        .and_where(Expr::cust("extended.id = leave_request.extends_id"))
        .and_where(Expr::col(("extended", leave_request::Column::State)).eq(Stored::Approved.as_str()))
        .and_where(Expr::col(("extended", leave_request::Column::ToDay)).lte(last.date()))
        .to_owned();
    let undecided: Vec<Option<Uuid>> = leave_request::Entity::find()
        .filter(leave_request::Column::ExtendsId.is_not_null())
        .filter(Expr::exists(told).not())
        .filter(leave_request::Column::State.is_in([Stored::InApproval, Stored::SentBack].map(Stored::as_str)))
        .filter(leave_request::Column::FromDay.gte(today.plus(-UNDECIDED_DAYS).date()))
        .filter(leave_request::Column::FromDay.lte(today.next().date()))
        .filter(Expr::exists(ended))
        .order_by_asc(leave_request::Column::FromDay)
        .select_only()
        .column(leave_request::Column::ExtendsId)
        .into_tuple()
        .all(connection)
        .await?;
    for leave in undecided.into_iter().flatten() {
        if let Err(error) = tell_undecided_of(state, leave).await {
            tracing::warn!(%error, request = %leave, "Nobody was told of an undecided extension this time.");
        }
    }
    Ok(())
}

fn has_ended(state: &AppState, last: Day) -> bool {
    state.now() >= state.config.zone.at(last, UNDECIDED_AT)
}

async fn tell_undecided_of(state: &AppState, leave: Uuid) -> Result<(), Failure> {
    let read = state.database.read();
    let Some(seen) = store::request(read, leave).await? else { return Ok(()) };
    let is_told = return_reminder::Entity::find_by_id((leave, UNDECIDED)).one(read).await?.is_some();
    if is_told || !has_ended(state, store::span(&seen).to().date) {
        return Ok(());
    }
    let tx = state.database.begin().await?;
    let rows = series::lock(&tx, &seen).await?;
    let is_told = return_reminder::Entity::find_by_id((leave, UNDECIDED)).one(&tx).await?.is_some();
    let undecided = extension(&series::links(&rows), leave)
        .filter(|link| matches!(link.stored, Stored::InApproval | Stored::SentBack))
        .and_then(|link| rows.iter().find(|row| row.id == link.id));
    let leave = rows.iter().find(|row| row.id == leave && row.state == Stored::Approved.as_str());
    let (Some(leave), Some(undecided), false) = (leave, undecided, is_told) else { return Ok(tx.rollback().await?) };
    let sent = return_reminder::Model { request_id: leave.id, overdue_day: UNDECIDED, sent_on: state.today().date() };
    return_reminder::Entity::insert(sent.into_active_model()).exec_without_returning(&tx).await?;
    let deed = Deed { action: "leave.undecided_extension", subject: "leave_request", id: &leave.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&undecided.number)).await?;
    let deciding = approval::deciding(&tx, state, undecided.id).await?;
    let own = News { officer: leave.officer_id, kind: NoticeKind::ExtensionUndecided, actor: None };
    let theirs = deciding.into_iter().map(|officer| News {
        officer,
        kind: NoticeKind::ExtensionUndecided,
        actor: Some(leave.officer_id),
    });
    let subject = notice::Subject { kind: FORM, id: undecided.id, number: &undecided.number };
    notice::send(&tx, &state.clock, subject, theirs.chain([own])).await?;
    tx.commit().await?;
    Ok(())
}
