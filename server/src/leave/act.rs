//! What an applicant, or who asks in his place, does until it is decided: submit, withdraw, submit again.

use app::api::{Code, Problem};
use app::approval::process;
use app::leave::api::{LeaveRequest, Resubmit, ResubmitLeave, Submit, SubmitLeave, WithdrawLeave};
use app::leave::ledger;
use app::leave::rules::{Ask, Earlier, Event, Stored};
use app::leave::types::LeaveType;
use app::org::rules::OfficerStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::account::append;
use super::after::{convert, extend, report, series};
use super::consider::{Again, consider};
use super::{conflict, draft, number, on_behalf, one, recount, store, types};
use crate::approval;
use crate::audit::{self, Actor, Deed};
use crate::calendar;
use crate::database::Transaction;
use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call, signed_out};
use crate::org::store::lock_officer;
use crate::secrets::sha256;
use crate::session::Caller;
use crate::state::AppState;

/// The longest reason, in characters.
pub(super) const REASON_LIMIT: usize = 500;
/// The longest destination, in characters.
const DESTINATION_LIMIT: usize = 100;
/// The longest way to reach somebody, in characters.
const CONTACT_LIMIT: usize = 100;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<SubmitLeave, _, _, _>(submit_leave)
        .mount::<WithdrawLeave, _, _, _>(withdraw_leave)
        .mount::<ResubmitLeave, _, _, _>(resubmit_leave)
}

async fn submit_leave(call: Call<SubmitLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    check_texts(&body.reason, &body.destination, &body.contact)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let whose = on_behalf::applicant(&tx, caller, body.officer_id.as_deref()).await?;
    let reference = state.reference.current(&tx).await?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    conflict::lock_groups(&tx, &reference, whose, leave_type).await?;
    let applicant = lock_officer(&tx, whose).await?.ok_or_else(signed_out)?;
    calendar::hold(&tx).await?;
    let digest = sha256(&serde_json::to_vec(&body).map_err(Failure::internal)?).to_vec();
    if let Some(stored) = repeated(&tx, caller, body.id, &digest).await? {
        tx.rollback().await?;
        return one(state, stored, caller).await;
    }
    let row = place(&tx, state, caller, &applicant, &body, digest, None).await?;
    draft::submitted(&tx, caller.id, body.id).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

/// The request that was submitted under this id before, where this submission repeats it.
///
/// # Errors
/// [`Code::IdReused`] where the id was used for something else, or the database fails.
pub(super) async fn repeated(
    tx: &impl ConnectionTrait,
    caller: &Caller,
    id: Uuid,
    digest: &[u8],
) -> Result<Option<leave_request::Model>, Failure> {
    match store::request(tx, id).await? {
        Some(stored)
            if stored.submitted_by.unwrap_or(stored.officer_id) == caller.id && stored.body_digest == digest =>
        {
            Ok(Some(stored))
        }
        Some(_) => Err(Problem::new(Code::IdReused, "这个编号已用于另一份请假，请返回重新填写").at("id").into()),
        None => Ok(None),
    }
}

/// Files a request of an applicant who is locked: judged, stored with its half days, held in the ledger, given to its
/// chain. Where somebody else calls, he asks in the applicant's place. The calendar is held. `extends` is the leave that it extends (续假),
/// locked with its series.
pub(super) async fn place(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    applicant: &officer::Model,
    body: &Submit,
    digest: Vec<u8>,
    extends: Option<&leave_request::Model>,
) -> Result<leave_request::Model, Failure> {
    // Read here, since the calendar may have changed before it was held.
    let reference = state.reference.current(tx).await?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    let submitter = (caller.id != applicant.id).then_some(caller.id);
    check_told(leave_type, &body.destination, &body.contact)?;
    if let Some(leave) = extends {
        extend::check_lane(leave, leave_type)?;
    }
    let stand_in = find_stand_in(tx, body.stand_in.as_deref(), applicant.id).await?;
    let earlier = Earlier { is_extension: extends.is_some(), ..Earlier::default() };
    let ask = Ask { leave_type, from: body.from, to: body.to, earlier };
    let considered = consider(tx, state, &reference, applicant, ask, None, submitter).await?;
    // Whoever decides may read what the caller perhaps may not.
    let remarks = store::remarks_to_keep(&considered.check, earlier);
    let considered = considered.told_to(caller, applicant);
    if let Some(problem) = considered.refusal() {
        return Err(problem.into());
    }
    let span = considered.check.span.ok_or_else(|| Failure::internal("an accepted request has no span"))?;
    let taken = &considered.check.draw.taken;
    let row = leave_request::Model {
        id: body.id,
        number: number::of(body.id, body.from.date.year(), leave_type.lane()),
        officer_id: applicant.id,
        leave_type: leave_type.name.clone(),
        from_day: span.from().date.date(),
        from_half: store::half_name(span.from()).to_owned(),
        to_day: span.to().date.date(),
        to_half: store::half_name(span.to()).to_owned(),
        half_days: considered.check.half_days(),
        reason: body.reason.trim().to_owned(),
        destination: body.destination.trim().to_owned(),
        stand_in_id: stand_in,
        state: Stored::InApproval.as_str().to_owned(),
        version: 1,
        calendar_version: considered.calendar_version,
        submitted_at: state.now().millis(),
        decided_at: None,
        back_day: None,
        back_half: None,
        returned_at: None,
        outcome: None,
        cancelled_by: None,
        cancelled_at: None,
        cancel_reason: None,
        extends_id: extends.map(|leave| leave.id),
        series_id: extends.map(series::first),
        converts_id: None,
        body_digest: digest,
        minutes: considered.check.minutes,
        evidence_needed: considered.check.owes_evidence(leave_type),
        evidence_seen_by: None,
        evidence_seen_at: None,
        stand_in_answer: None,
        stand_in_note: None,
        stand_in_answered_at: None,
        contact: body.contact.trim().to_owned(),
        submitted_by: submitter,
        lane: leave_type.lane().as_str().to_owned(),
        // A series is reported back from once, as it was said for the leave that it began with.
        needs_return: extends.map_or(leave_type.needs_return, |leave| leave.needs_return),
        return_confirmation: match extends {
            Some(leave) => leave.return_confirmation.clone(),
            None => report::pinned(leave_type),
        },
        remarks,
        begin_asked_on: None,
    };
    leave_request::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    store::take_slots(tx, row.id, applicant.id, leave_type, span, taken).await.map_err(overlap_or)?;
    considered.account.write(tx, &state.clock, &considered.owed).await?;
    append(tx, &state.clock, applicant.id, &leave_type.name, Some(row.id), &ledger::on_submit(taken)).await?;
    let (version, plan) = considered.plan.ok_or_else(|| Failure::internal("an accepted request has no plan"))?;
    approval::start(tx, state, row.id, version, plan).await?;
    super::stand_in::ask(tx, state, row.id, &row.number, applicant.id, stand_in).await?;
    record_for(tx, state, (caller, &row), "leave.submit", None, Some(&row.state)).await?;
    Ok(row)
}

pub(super) fn check_texts(reason: &str, destination: &str, contact: &str) -> Result<(), Failure> {
    if reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("请假事由最多 {REASON_LIMIT} 字，请删减")));
    }
    if destination.chars().count() > DESTINATION_LIMIT {
        return Err(Failure::bad_input("destination", format!("去向最多 {DESTINATION_LIMIT} 字，请删减")));
    }
    if contact.chars().count() > CONTACT_LIMIT {
        return Err(Failure::bad_input("contact", format!("联系方式最多 {CONTACT_LIMIT} 字，请删减")));
    }
    Ok(())
}

/// Refuses a report that does not say what a report is for.
fn check_told(leave_type: &LeaveType, destination: &str, contact: &str) -> Result<(), Failure> {
    leave_type.lane().missing(destination, contact).map_or(Ok(()), |(field, text)| Err(Failure::bad_input(field, text)))
}

pub(super) async fn find_stand_in(
    tx: &impl ConnectionTrait,
    number: Option<&str>,
    applicant: Uuid,
) -> Result<Option<Uuid>, Failure> {
    let Some(number) = number.map(str::trim).filter(|number| !number.is_empty()) else { return Ok(None) };
    let found = crate::account::store::officer_by_number(tx, number)
        .await?
        .ok_or_else(|| Failure::bad_input("stand_in", "没有找到代理人的工号，请核对"))?;
    if found.id == applicant {
        return Err(Failure::bad_input("stand_in", "代理人不能是本人"));
    }
    if found.status != OfficerStatus::InService.as_str() {
        return Err(Failure::bad_input("stand_in", app::leave::stand_in::has_left(&found.name)));
    }
    Ok(Some(found.id))
}

/// The unique index on live half days speaks up only when two requests race past the check; the loser hears why.
fn overlap_or(error: DbErr) -> Failure {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
            Problem::new(Code::OverlappingLeave, "所选时间与您刚提交的另一份请假重叠，请刷新后调整").at("from").into()
        }
        _ => error.into(),
    }
}

async fn withdraw_leave(call: Call<WithdrawLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    // Nobody makes the locks of a stranger's leave wait.
    let missing = || Failure::not_found("这份请假");
    let is_his = |row: &leave_request::Model| row.officer_id == caller.id || row.submitted_by == Some(caller.id);
    store::request(&tx, call.path.id).await?.filter(is_his).ok_or_else(missing)?;
    convert::lock(&tx, call.path.id).await?;
    let row = store::lock_request(&tx, call.path.id).await?.ok_or_else(missing)?;
    let row = in_version(&tx, state, caller, row, body.version).await?;
    stored(&row)?
        .after(Event::Withdraw)
        .map_err(|code| Failure::new(code, "这份请假已经有了结论，不能再撤回；批准后需要取消请联系审批人"))?;
    let action = process::Action::Withdraw { comment: String::new() };
    approval::act(&tx, state, caller, row.id, action).await?;
    let row = store::lock_request(&tx, row.id).await?.ok_or_else(|| Failure::internal("the request is gone"))?;
    if row.officer_id != caller.id {
        record_for(&tx, state, (caller, &row), "leave.withdraw", None, Some(&row.state)).await?;
    }
    tx.commit().await?;
    one(state, row, caller).await
}

/// Submits again what an approver sent back: judged anew, with other half days where they were changed.
async fn resubmit_leave(call: Call<ResubmitLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    check_texts(&body.reason, &body.destination, &body.contact)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let reference = state.reference.current(&tx).await?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    conflict::lock_groups(&tx, &reference, caller.id, leave_type).await?;
    let applicant = lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    calendar::hold(&tx).await?;
    // Read again, since the calendar may have changed before it was held.
    let reference = state.reference.current(&tx).await?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    let row = own_request(&tx, state, caller, call.path.id, body.version).await?;
    stored(&row)?
        .after(Event::Resubmit)
        .map_err(|code| Failure::new(code, "只有被退回的请假可以修改后重新提交，请刷新查看最新状态"))?;
    if row.converts_id.is_some() {
        let text = "年休假转病假的申请被退回后，请撤回，再按新的时间重新提出";
        return Err(Failure::new(Code::WrongState, text));
    }
    check_told(leave_type, &body.destination, &body.contact)?;
    extend::check_beginning(&tx, &row, leave_type, body.from).await?;
    let stand_in = find_stand_in(&tx, body.stand_in.as_deref(), caller.id).await?;
    let again = Again::load(&tx, state, row.id, caller.id).await?;
    let ask = Ask { leave_type, from: body.from, to: body.to, earlier: again.earlier };
    let considered = consider(&tx, state, &reference, &applicant, ask, Some(&again), None).await?;
    if let Some(problem) = considered.refusal() {
        return Err(problem.into());
    }
    let span = considered.check.span.ok_or_else(|| Failure::internal("an accepted request has no span"))?;
    let taken = &considered.check.draw.taken;
    // What it holds goes back first, and what it asks for now is taken.
    append(&tx, &state.clock, caller.id, &row.leave_type, Some(row.id), &again.given_back).await?;
    store::drop_slots(&tx, row.id).await?;
    store::take_slots(&tx, row.id, caller.id, leave_type, span, taken).await.map_err(overlap_or)?;
    considered.account.write(&tx, &state.clock, &considered.owed).await?;
    append(&tx, &state.clock, caller.id, &leave_type.name, Some(row.id), &ledger::on_submit(taken)).await?;
    let mut change = row.clone().into_active_model();
    rewrite(&mut change, &body, stand_in, span, considered.check.half_days());
    change.minutes = Set(considered.check.minutes);
    if row.extends_id.is_none() {
        change.needs_return = Set(leave_type.needs_return);
        change.return_confirmation = Set(report::pinned(leave_type));
    }
    let is_other_lane = store::lane(&row) != leave_type.lane();
    let named =
        if is_other_lane { number::of(row.id, span.from().date.year(), leave_type.lane()) } else { row.number.clone() };
    if is_other_lane {
        change.lane = Set(leave_type.lane().as_str().to_owned());
        change.number = Set(named.clone());
    }
    // What was seen was seen for another request, perhaps.
    change.evidence_needed = Set(considered.check.owes_evidence(leave_type));
    change.evidence_seen_by = Set(None);
    change.evidence_seen_at = Set(None);
    change.remarks = Set(store::remarks_to_keep(&considered.check, again.earlier));
    change.begin_asked_on = Set(Some(again.earlier.asked_on(span.from(), state.today()).date()));
    // Who agreed to other days, or somebody else, has agreed to nothing.
    if row.stand_in_id != stand_in || store::span(&row) != span {
        change.stand_in_answer = Set(None);
        change.stand_in_note = Set(None);
        change.stand_in_answered_at = Set(None);
        if row.stand_in_id != stand_in {
            super::stand_in::tell_changed(&tx, state, &row).await?;
        }
        super::stand_in::ask(&tx, state, row.id, &named, caller.id, stand_in).await?;
    }
    change.calendar_version = Set(considered.calendar_version);
    recount::forget(&tx, &state.clock, row.id).await?;
    change.update(&tx).await?;
    let plan = considered.plan.map(|(_, plan)| plan);
    approval::act(&tx, state, caller, row.id, process::Action::Resubmit { plan, comment: String::new() }).await?;
    let row = store::lock_request(&tx, row.id).await?.ok_or_else(|| Failure::internal("the request is gone"))?;
    tx.commit().await?;
    one(state, row, caller).await
}

fn rewrite(
    change: &mut leave_request::ActiveModel,
    body: &Resubmit,
    stand_in: Option<Uuid>,
    span: app::day::Span,
    half_days: i64,
) {
    change.leave_type = Set(body.leave_type.clone());
    change.from_day = Set(span.from().date.date());
    change.from_half = Set(store::half_name(span.from()).to_owned());
    change.to_day = Set(span.to().date.date());
    change.to_half = Set(store::half_name(span.to()).to_owned());
    change.half_days = Set(half_days);
    change.reason = Set(body.reason.trim().to_owned());
    change.destination = Set(body.destination.trim().to_owned());
    change.contact = Set(body.contact.trim().to_owned());
    change.stand_in_id = Set(stand_in);
}

/// Writes what an outcome of the approval means: the request's state, its half days, the ledger.
///
/// # Errors
/// The state does not fit, which would be an error of this program, or the database fails.
pub(crate) async fn settle(
    tx: &Transaction,
    state: &AppState,
    request: Uuid,
    outcome: process::Outcome,
) -> Result<(), Failure> {
    let row = store::lock_request(tx, request).await?.ok_or_else(|| Failure::internal("the request is gone"))?;
    let before = stored(&row)?;
    let event = match (outcome, before) {
        (process::Outcome::Running, Stored::SentBack) => Some(Event::Resubmit),
        (process::Outcome::Running, _) => None,
        (process::Outcome::Approved, _) => Some(Event::Approve),
        (process::Outcome::Refused, _) => Some(Event::Refuse),
        (process::Outcome::SentBack, _) => Some(Event::SendBack),
        (process::Outcome::Withdrawn, _) => Some(Event::Withdraw),
    };
    let after = match event {
        Some(event) => {
            before.after(event).map_err(|code| Failure::internal(format!("{code:?}: {before:?} {event:?}")))?
        }
        None => before,
    };
    if let (Some(leave), Stored::Approved) = (row.converts_id, after)
        && before != after
    {
        return convert::settle(tx, state, row, leave).await;
    }
    let has_ended = outcome.is_terminal();
    if matches!(after, Stored::Refused | Stored::Withdrawn) {
        super::stand_in::tell_changed(tx, state, &row).await?;
    }
    if has_ended {
        let taken = store::taken(tx, row.id).await?;
        let entries = if after == Stored::Approved { ledger::on_approve(&taken) } else { ledger::on_end(&taken) };
        append(tx, &state.clock, row.officer_id, &row.leave_type, Some(row.id), &entries).await?;
        if after != Stored::Approved {
            store::end_slots(tx, row.id).await?;
        }
    }
    let mut change = bump(row, after);
    if has_ended {
        change.decided_at = Set(Some(state.now().millis()));
    }
    change.update(tx).await?;
    Ok(())
}

/// The caller's own request, locked, in the version that he saw.
async fn own_request(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    id: Uuid,
    version: i64,
) -> Result<leave_request::Model, Failure> {
    let row = store::lock_request(tx, id)
        .await?
        .filter(|row| row.officer_id == caller.id)
        .ok_or_else(|| Failure::not_found("这份请假"))?;
    in_version(tx, state, caller, row, version).await
}

/// The row, if it is in the version that the caller saw.
///
/// # Errors
/// [`Code::StaleVersion`] with the present state, or the database fails.
pub(super) async fn in_version(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    row: leave_request::Model,
    version: i64,
) -> Result<leave_request::Model, Failure> {
    if row.version == version {
        return Ok(row);
    }
    let current = serde_json::to_value(super::shown(tx, state, row, caller).await?).map_err(Failure::internal)?;
    Err(Problem::new(Code::StaleVersion, "这份请假的状态刚刚变化，请按最新状态操作").with_current(current).into())
}

/// The stored state of a request.
///
/// # Errors
/// The row holds a state that nobody knows.
pub(crate) fn stored(row: &leave_request::Model) -> Result<Stored, Failure> {
    Stored::parse(&row.state)
        .ok_or_else(|| Failure::internal(format!("unknown state of a leave request: {}", row.state)))
}

/// The row with its next state and version.
pub(crate) fn bump(row: leave_request::Model, state: Stored) -> leave_request::ActiveModel {
    let version = row.version + 1;
    let mut change = row.into_active_model();
    change.state = Set(state.as_str().to_owned());
    change.version = Set(version);
    change
}

pub(super) async fn record(
    tx: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    action: &str,
    request: Uuid,
    before: Option<&String>,
    after: Option<&String>,
) -> Result<(), DbErr> {
    let id = request.to_string();
    audit::record(
        tx,
        &state.clock,
        &Actor::from(caller),
        Deed { action, subject: "leave_request", id: &id },
        before,
        after,
    )
    .await
}

/// The same of somebody who may act in the applicant's place: then the trail names both.
async fn record_for(
    tx: &impl ConnectionTrait,
    state: &AppState,
    (caller, row): (&Caller, &leave_request::Model),
    action: &str,
    before: Option<&String>,
    after: Option<&String>,
) -> Result<(), DbErr> {
    let acting_for = (row.officer_id != caller.id).then_some(row.officer_id);
    let actor = Actor { acting_for, ..Actor::from(caller) };
    let id = row.id.to_string();
    let deed = Deed { action, subject: "leave_request", id: &id };
    audit::record(tx, &state.clock, &actor, deed, before, after).await
}
