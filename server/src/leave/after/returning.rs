//! 销假: reporting back, from a leave and all that it extends, and the confirmation of it where the type or the settings
//! ask for one.

use app::api::{Code, Problem};
use app::approval::process;
use app::day::HalfDay;
use app::leave::api::{ConfirmLeaveReturn, Confirmation, DisputeLeaveReturn, LeaveRequest, ReturnFromLeave};
use app::leave::grant::Taken;
use app::leave::ledger;
use app::leave::rules::absence::{contradicts, current};
use app::leave::rules::series::{closing, converted, extension, may_judge_return, may_return};
use app::leave::rules::{Leave, Outcome, ReturnPlan, Stored, close_converted, report_return};
use app::notice::rules::{News, NoticeKind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::extend::{APPLICANT, number_of_extension, own_series};
use super::{absence, report, series, settings};
use crate::approval;
use crate::calendar;
use crate::database::Transaction;
use crate::entity::{leave_request, officer, return_report};
use crate::error::Failure;
use crate::leave::account::append;
use crate::leave::act::{REASON_LIMIT, bump, in_version, record, stored};
use crate::leave::{FORM, one, stand_in, store, view, visible_request};
use crate::mount::{Api, Call};
use crate::notice;
use crate::session::Caller;
use crate::state::AppState;

/// The longest note of a report, in characters.
const NOTE_LIMIT: usize = 100;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ReturnFromLeave, _, _, _>(return_from_leave)
        .mount::<ConfirmLeaveReturn, _, _, _>(confirm_leave_return)
        .mount::<DisputeLeaveReturn, _, _, _>(dispute_leave_return)
}

async fn return_from_leave(call: Call<ReturnFromLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let note = body.note.trim();
    if note.chars().count() > NOTE_LIMIT {
        return Err(Failure::bad_input("note", format!("说明最多 {NOTE_LIMIT} 字，请删减")));
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    let (row, rows) = own_series(&tx, caller.id, call.path.id).await?;
    let row = in_version(&tx, state, caller, row, body.version).await?;
    let standing = series::standing(&tx, state, &rows, &row).await?;
    may_return(&standing, APPLICANT, state.today()).map_err(|code| match code {
        Code::AlreadyExtended => {
            let text = format!("这份请假已续假，请在续假{}上一并销假", number_of_extension(&rows, row.id));
            Failure::new(code, text)
        }
        _ if standing.reported => Failure::new(code, "您已报到，正在等待确认；如需更正请联系确认人"),
        code => out_of_range(code),
    })?;
    if let Some(undecided) = extension(&series::links(&rows), row.id) {
        // Who is back needs no more leave.
        let action = process::Action::Withdraw { comment: "已销假".to_owned() };
        approval::act(&tx, state, caller, undecided.id, action).await?;
    }
    let confirmation = report::confirmation(&row, settings::current(&tx).await?);
    // Whoever says otherwise than the record of his absence is believed once somebody confirms it.
    let log = absence::log(&absence::of(&tx, [row.id]).await?, row.id);
    let is_disputed = current(&log).is_some_and(|open| contradicts(open, body.back));
    let is_final = confirmation == Confirmation::None && !is_disputed;
    let report = add_report(&tx, state, row.id, body.back, note, is_final).await?;
    let closing = closing_rows(&rows, &row);
    let row = if is_final {
        close(&tx, state, caller, &rows, closing, &report).await?
    } else {
        // Judged now, so that the report is in range; what comes of it is written when it is final.
        plan(&tx, state, &closing, body.back).await?;
        ask_for_confirmation(&tx, state, caller, row).await?
    };
    tx.commit().await?;
    one(state, row, caller).await
}

async fn add_report(
    tx: &Transaction,
    state: &AppState,
    request: Uuid,
    back: HalfDay,
    note: &str,
    is_final: bool,
) -> Result<return_report::Model, DbErr> {
    let before = report::of(tx, [request]).await?;
    let report = return_report::Model {
        request_id: request,
        seq: before.last().map_or(1, |last| last.seq + 1),
        back_day: back.date.date(),
        back_half: store::half_name(back).to_owned(),
        note: note.to_owned(),
        reported_at: state.now().millis(),
        state: if is_final { report::CONFIRMED } else { report::WAITING }.to_owned(),
        judged_by: None,
        judged_at: None,
        disputed_day: None,
        disputed_half: None,
        reason: None,
    };
    return_report::Entity::insert(report.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(report)
}

async fn ask_for_confirmation(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    row: leave_request::Model,
) -> Result<leave_request::Model, Failure> {
    let by = report::confirmation(&row, settings::current(tx).await?);
    let applicant = officer::Entity::find_by_id(row.officer_id).one(tx).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let told = report::confirmers(tx, by, &applicant, row.id).await?;
    let news =
        told.into_iter().map(|officer| News { officer, kind: NoticeKind::ReturnReported, actor: Some(row.officer_id) });
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(tx, &state.clock, subject, news).await?;
    record(tx, state, caller, "leave.report_return", row.id, Some(&row.state), Some(&row.state)).await?;
    Ok(bump(row, Stored::Approved).update(tx).await?)
}

async fn confirm_leave_return(call: Call<ConfirmLeaveReturn>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let version = call.body()?.version;
    let state = &call.state;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let (row, rows, report) = reported(&tx, state, caller, call.path.id, version).await?;
    let mut change = report.clone().into_active_model();
    change.state = Set(report::CONFIRMED.to_owned());
    change.judged_by = Set(Some(caller.id));
    change.judged_at = Set(Some(state.now().millis()));
    change.update(&tx).await?;
    let row = close(&tx, state, caller, &rows, closing_rows(&rows, &row), &report).await?;
    tell_applicant(&tx, state, caller, &row).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

async fn dispute_leave_return(call: Call<DisputeLeaveReturn>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Problem::new(Code::ReasonRequired, "请填写退回的理由，本人会看到").at("reason").into());
    }
    if reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("理由最多 {REASON_LIMIT} 字，请删减")));
    }
    let state = &call.state;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let (row, rows, report) = reported(&tx, state, caller, call.path.id, body.version).await?;
    // What the officer is asked to report instead has to be something that he could report.
    plan(&tx, state, &closing_rows(&rows, &row), body.back).await?;
    let mut change = report.into_active_model();
    change.state = Set(report::DISPUTED.to_owned());
    change.judged_by = Set(Some(caller.id));
    change.judged_at = Set(Some(state.now().millis()));
    change.disputed_day = Set(Some(body.back.date.date()));
    change.disputed_half = Set(Some(store::half_name(body.back).to_owned()));
    change.reason = Set(Some(reason.to_owned()));
    change.update(&tx).await?;
    record(&tx, state, caller, "leave.dispute_return", row.id, Some(&row.state), Some(&row.state)).await?;
    tell_applicant(&tx, state, caller, &row).await?;
    let mut change = bump(row, Stored::Approved);
    // Also where the leave would end by itself: he is asked to say once more when he was back.
    change.needs_return = Set(true);
    let row = change.update(&tx).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

/// A request whose return waits for the caller's word, locked with its series, and the report.
async fn reported(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    id: Uuid,
    version: i64,
) -> Result<(leave_request::Model, Vec<leave_request::Model>, return_report::Model), Failure> {
    let missing = || Failure::not_found("这份请假");
    let seen = store::request(tx, id).await?.ok_or_else(missing)?;
    let rows = series::lock(tx, &seen).await?;
    let row = rows.iter().find(|row| row.id == id).cloned().ok_or_else(missing)?;
    let viewer = view::viewer(tx, &row, caller).await?;
    let standing = series::standing(tx, state, &rows, &row).await?;
    match may_judge_return(&standing, viewer) {
        Ok(()) => {}
        Err(Code::NotAllowed) => {
            return Err(Failure::new(Code::NotAllowed, "只有批准这份请假的领导或政治部可以确认销假，请与其联系"));
        }
        Err(code) => {
            in_version(tx, state, caller, row, version).await?;
            return Err(Failure::new(code, "没有等待确认的销假，请刷新查看最新状态"));
        }
    }
    let row = in_version(tx, state, caller, row, version).await?;
    let report = report::of(tx, [id]).await?.pop().ok_or_else(|| Failure::internal("a report is gone"))?;
    Ok((row, rows, report))
}

async fn tell_applicant(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    row: &leave_request::Model,
) -> Result<(), DbErr> {
    let news = News { officer: row.officer_id, kind: NoticeKind::ReturnJudged, actor: Some(caller.id) };
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(tx, &state.clock, subject, [news]).await
}

/// The rows that a return from this one closes, the first leave first.
fn closing_rows(rows: &[leave_request::Model], row: &leave_request::Model) -> Vec<leave_request::Model> {
    let closing = closing(&series::links(rows), series::link(row));
    closing.iter().filter_map(|link| rows.iter().find(|row| row.id == link.id)).cloned().collect()
}

/// What a return does to each of these leaves.
async fn plan(
    tx: &Transaction,
    state: &AppState,
    rows: &[leave_request::Model],
    back: HalfDay,
) -> Result<Vec<ReturnPlan>, Failure> {
    let reference = state.reference.current(tx).await?;
    let catalogue = &reference.leave_types;
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        let leave_type = catalogue.find(&row.leave_type).map_err(|_| Failure::internal("a stored type is unknown"))?;
        let counted: Vec<HalfDay> = store::taken(tx, row.id).await?.iter().map(|one| one.at).collect();
        facts.push((stored(row)?, leave_type, counted));
    }
    let leaves = rows.iter().zip(&facts).map(|(row, (stored, leave_type, counted))| Leave {
        stored: *stored,
        leave_type,
        span: store::span(row),
        counted,
    });
    let applicant = rows.first().ok_or_else(|| Failure::internal("a return closes nothing"))?.officer_id;
    let applicant = officer::Entity::find_by_id(applicant).one(tx).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let calendar = calendar::of_officer(tx, &state.secrets, &reference, &applicant).await?;
    report_return(&calendar, &leaves.collect::<Vec<_>>(), back, state.today()).map_err(out_of_range)
}

/// Closes a leave and those that it extends, the first one first, and then what was converted of them: unused half days
/// come back, and each gets its outcome. `series` is all that is locked. The last leave, as it is then.
async fn close(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    series: &[leave_request::Model],
    rows: Vec<leave_request::Model>,
    report: &return_report::Model,
) -> Result<leave_request::Model, Failure> {
    let back = store::half_day(report.back_day, &report.back_half);
    let plans = plan(tx, state, &rows, back).await?;
    let last = rows.last().map(|row| row.id);
    let converted = plan_converted(tx, state, series, &rows, back).await?;
    let mut closed = None;
    for (row, plan) in rows.into_iter().zip(plans).chain(converted) {
        let taken = store::taken(tx, row.id).await?;
        let refunded: Vec<Taken> = taken.into_iter().filter(|one| plan.refunded.contains(&one.at)).collect();
        let entries = ledger::on_return(&refunded);
        append(tx, &state.clock, row.officer_id, &row.leave_type, Some(row.id), &entries).await?;
        if !plan.freed.is_empty() {
            store::free_slots(tx, row.id, back, !plan.refunded.is_empty()).await?;
        }
        let outcome = plan.outcome.as_str().to_owned();
        record(tx, state, caller, "leave.return", row.id, Some(&row.state), Some(&outcome)).await?;
        let mut change = bump(row, Stored::Returned);
        change.back_day = Set(Some(report.back_day));
        change.back_half = Set(Some(report.back_half.clone()));
        change.returned_at = Set(Some(report.reported_at));
        change.outcome = Set(Some(outcome));
        let row = change.update(tx).await?;
        if plan.outcome == Outcome::Early {
            stand_in::tell_changed(tx, state, &row).await?;
        }
        if Some(row.id) == last {
            closed = Some(row);
        }
    }
    closed.ok_or_else(|| Failure::internal("a return closes nothing"))
}

/// What a return does to the 病假 that stands in place of days of these leaves.
async fn plan_converted(
    tx: &Transaction,
    state: &AppState,
    series: &[leave_request::Model],
    rows: &[leave_request::Model],
    back: HalfDay,
) -> Result<Vec<(leave_request::Model, ReturnPlan)>, Failure> {
    let reference = state.reference.current(tx).await?;
    let catalogue = &reference.leave_types;
    let mut plans = Vec::new();
    for link in converted(&series::links(series), &series::links(rows)) {
        let Some(row) = series.iter().find(|row| row.id == link.id) else { continue };
        let leave_type = catalogue.find(&row.leave_type).map_err(|_| Failure::internal("a stored type is unknown"))?;
        let counted: Vec<HalfDay> = store::taken(tx, row.id).await?.iter().map(|one| one.at).collect();
        let leave = Leave { stored: link.stored, leave_type, span: link.span, counted: &counted };
        plans.push((row.clone(), close_converted(&leave, back)));
    }
    Ok(plans)
}

fn out_of_range(code: Code) -> Failure {
    match code {
        Code::ReturnOutOfRange => {
            Problem::new(code, "返回时间应在开始之后、今天之前（含今天），请重新选择").at("back").into()
        }
        code => Failure::new(code, "只有已批准且尚未报到的申请可以报到，请刷新查看最新状态"),
    }
}
