//! 转为病假: days of annual leave on which an officer was ill, by setting.
//!
//! The 病假 is a request of its own in the series of the annual leave, and keeps no half day until it is approved: then
//! the annual leave gives its half days up, in the same transaction.

use std::collections::HashMap;

use app::api::{Code, Problem};
use app::approval::compile::{Member, Plan, PlanKind, PlanNode};
use app::approval::definition::{ApproverRule, Mode};
use app::day::{HalfDay, Span};
use app::leave::api::{Confirmation, ConvertLeave, LeaveRequest, LeaveSettings};
use app::leave::grant::{Lot, Taken, draw, draw_freely};
use app::leave::ledger;
use app::leave::rules::convert::{Facts, NO_CERTIFICATE, ask, convert, may_consent};
use app::leave::rules::series::{Kind, Link, Standing};
use app::leave::rules::{Outcome, Stored, count};
use app::leave::types::{ANNUAL, LeaveType, SICK};
use app::org::rules::PostClass;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::extend::{APPLICANT, own_series};
use super::{report, series, settings};
use crate::approval::{self, directory};
use crate::calendar;
use crate::database::Transaction;
use crate::entity::{leave_request, leave_slot, officer};
use crate::error::Failure;
use crate::leave::account::{Account, append};
use crate::leave::act::{REASON_LIMIT, bump, in_version, record, repeated, stored};
use crate::leave::attachment::store::counts;
use crate::leave::{FORM, number, one, store, types};
use crate::mount::{Api, Call, signed_out};
use crate::org::store::lock_officer;
use crate::reference::Reference;
use crate::secrets::sha256;
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ConvertLeave, _, _, _>(convert_leave)
}

/// What leaves still keep: every half day, and of the counted ones what paid for each; in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) all: Vec<HalfDay>,
    pub(crate) taken: Vec<Taken>,
}

impl Kept {
    /// Of some requests: one query.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) async fn of(
        connection: &impl ConnectionTrait,
        requests: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Self>, DbErr> {
        let rows = leave_slot::Entity::find()
            .filter(leave_slot::Column::RequestId.is_in(requests))
            .filter(leave_slot::Column::Live.eq(true))
            .order_by_asc(leave_slot::Column::Day)
            .order_by_asc(leave_slot::Column::Half)
            .all(connection)
            .await?;
        let mut found: HashMap<Uuid, Self> = HashMap::new();
        for row in rows {
            let kept = found.entry(row.request_id).or_default();
            let at = store::half_day(row.day, &row.half);
            kept.all.push(at);
            if row.counts {
                kept.taken.push(Taken { at, amount: row.amount, grant: row.grant_id });
            }
        }
        Ok(found)
    }
}

/// Whether a request in this standing could be one of which days can be converted: worth looking at its half days.
pub(crate) fn is_candidate(row: &leave_request::Model, settings: LeaveSettings) -> bool {
    let is_taken = [Stored::Approved, Stored::Returned].iter().any(|stored| row.state == stored.as_str());
    settings.convert_sickness && row.leave_type == ANNUAL.name && row.converts_id.is_none() && is_taken
}

/// Whether an undecided request asks for days of this leave.
pub(crate) fn is_asked(links: &[Link], leave: Uuid) -> bool {
    let asks = |link: &Link| link.kind == Kind::Converts(leave);
    links.iter().any(|link| asks(link) && matches!(link.stored, Stored::InApproval | Stored::SentBack))
}

/// Locks a request that is decided on, after what has to be locked before it: what the consent to a conversion moves is
/// the officer's account and the leave that gives the days up.
///
/// # Errors
/// The database fails.
pub(crate) async fn lock(tx: &Transaction, id: Uuid) -> Result<Option<leave_request::Model>, DbErr> {
    if let Some(seen) = store::request(tx, id).await?
        && seen.converts_id.is_some()
    {
        lock_officer(tx, seen.officer_id).await?;
        calendar::hold(tx).await?;
        series::lock(tx, &seen).await?;
    }
    store::lock_request(tx, id).await
}

async fn convert_leave(call: Call<ConvertLeave>) -> Result<LeaveRequest, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Problem::new(Code::ReasonRequired, "请写明患病情况，审批人会看到").at("reason").into());
    }
    if reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("事由最多 {REASON_LIMIT} 字，请删减")));
    }
    let inverted = || Problem::new(Code::InvertedSpan, "结束时间早于开始时间，请重新选择").at("to");
    let part = Span::new(body.from, body.to).ok_or_else(inverted)?;
    let tx = state.database.begin().await?;
    let applicant = lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    calendar::hold(&tx).await?;
    let asked = serde_json::to_vec(&(call.path.id, &body)).map_err(Failure::internal)?;
    let digest = sha256(&asked).to_vec();
    if let Some(stored) = repeated(&tx, caller, body.id, &digest).await? {
        tx.rollback().await?;
        return one(state, stored, caller).await;
    }
    let (leave, rows) = own_series(&tx, caller.id, call.path.id).await?;
    let leave = in_version(&tx, state, caller, leave, body.version).await?;
    let standing = series::standing(&tx, state, &rows, &leave).await?;
    let reference = state.reference.current(&tx).await?;
    let sick = types::find(&reference.leave_types, &SICK.name)?;
    let kept = Kept::of(&tx, [leave.id]).await?.remove(&leave.id).unwrap_or_default();
    let facts = Facts {
        standing,
        leave_type: &leave.leave_type,
        kept: &kept.all,
        taken: &kept.taken,
        is_asked: is_asked(&series::links(&rows), leave.id),
    };
    let is_on = settings::current(&tx).await?.convert_sickness;
    ask(facts, APPLICANT, is_on, sick, part, state.half_day()).map_err(refused)?;
    let calendar = calendar::of_officer(&tx, &state.secrets, &reference, &applicant).await?;
    let half_days = counted(&calendar, sick, part).len();
    let half_days = i64::try_from(half_days).map_err(Failure::internal)?;
    let plan = plan(&tx, &applicant, leave.id).await?;
    let version = reference.leave_definition()?.version;
    let row = leave_request::Model {
        id: body.id,
        number: number::of(body.id, part.from().date.year(), sick.lane()),
        leave_type: sick.name.clone(),
        from_day: part.from().date.date(),
        from_half: store::half_name(part.from()).to_owned(),
        to_day: part.to().date.date(),
        to_half: store::half_name(part.to()).to_owned(),
        half_days,
        reason: reason.to_owned(),
        stand_in_id: None,
        state: Stored::InApproval.as_str().to_owned(),
        version: 1,
        calendar_version: store::calendar_version(&calendar),
        submitted_at: state.now().millis(),
        decided_at: None,
        back_day: None,
        back_half: None,
        returned_at: None,
        outcome: None,
        extends_id: None,
        series_id: Some(series::first(&leave)),
        converts_id: Some(leave.id),
        body_digest: digest,
        // 病假 in place of leave that was granted for something else owes a certificate, however short it is.
        evidence_needed: true,
        evidence_seen_by: None,
        evidence_seen_at: None,
        stand_in_answer: None,
        stand_in_note: None,
        stand_in_answered_at: None,
        submitted_by: None,
        // They were made of the leave.
        remarks: None,
        begin_asked_on: None,
        ..leave
    };
    leave_request::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    approval::start(&tx, state, row.id, version, plan).await?;
    record(&tx, state, caller, "leave.convert", row.id, None, Some(&row.state)).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

fn refused(code: Code) -> Failure {
    match code {
        Code::NotEligible => Failure::new(code, "没有开放年休假转病假；患病的请联系政治部"),
        Code::OutsideWindow => Failure::new(code, "已超过病假补办期限，不能再转为病假；请联系政治部"),
        Code::BadInput => Failure::bad_input("to", "所选时间须都在这次年休假之内，且没有销假或转换过，请重新选择"),
        Code::NothingCounts => Problem::new(code, "所选时间都是休息日，没有占用年休假，无需转换").at("from").into(),
        code => {
            let text = "只有已开始的年休假可以转为病假，同一时间只能有一份转换申请，请刷新查看最新状态";
            Failure::new(code, text)
        }
    }
}

fn counted(calendar: &app::calendar::rules::WorkCalendar, sick: &LeaveType, part: Span) -> Vec<HalfDay> {
    let days = count(calendar, sick, part).into_iter().filter(|day| day.counts);
    days.map(|day| HalfDay { date: day.date, half: day.half }).collect()
}

/// Who consents: whoever approved the leave last or, where he is gone, 政治部, any one of them.
async fn plan(tx: &Transaction, applicant: &officer::Model, leave: Uuid) -> Result<Plan, Failure> {
    let who = report::confirmers(tx, Confirmation::Approver, applicant, leave).await?;
    let rows = officer::Entity::find()
        .filter(officer::Column::Id.is_in(who))
        .order_by_asc(officer::Column::Number)
        .all(tx)
        .await?;
    let member = |row: officer::Model| {
        let post_class = PostClass::parse(&row.post_class).unwrap_or(PostClass::Staff);
        let rule = ApproverRule::Officer { officer: row.number.clone() };
        let person = directory::person(row);
        Member { person, post_class, stands_in_for: None, records_outside: false, rule, merged_into: None }
    };
    let members: Vec<Member> = rows.into_iter().map(member).collect();
    let mode = if members.len() > 1 { Mode::Any } else { Mode::Single };
    let node = PlanNode {
        key: "consent".to_owned(),
        title: "年休假转病假".to_owned(),
        kind: PlanKind::Decide { mode },
        members,
        missing: Vec::new(),
        deadline: None,
    };
    let plan = Plan {
        form: FORM.to_owned(),
        applicant: applicant.id,
        submitter: None,
        court_id: applicant.court_id,
        department_id: applicant.department_id,
        nodes: vec![node],
    };
    plan.problem().map_or(Ok(plan), |problem| Err(problem.into()))
}

/// Writes the consent: the annual leave gives the half days up, they go back to the grants that paid for them, and the
/// 病假 takes them. What the officer has given up since by being back is not converted.
///
/// # Errors
/// [`Code::EvidenceMissing`] while no certificate is there, [`Code::WrongState`] where nothing is left to convert,
/// [`Code::InsufficientBalance`] where HR has given 病假 a balance
/// that does not cover it, or the database fails.
pub(crate) async fn settle(
    tx: &Transaction,
    state: &AppState,
    row: leave_request::Model,
    leave: Uuid,
) -> Result<(), Failure> {
    // The row is locked, and whoever attaches or takes a file off waits for it.
    let attached = counts(tx, [row.id]).await?.get(&row.id).map_or(0, |count| count.files);
    may_consent(row.evidence_seen_at.is_some(), attached).map_err(|code| Failure::new(code, NO_CERTIFICATE))?;
    let gone = || Failure::internal("the leave that is converted is gone");
    let leave = store::lock_request(tx, leave).await?.ok_or_else(gone)?;
    let kept = Kept::of(tx, [leave.id]).await?.remove(&leave.id).unwrap_or_default();
    let done = convert(&kept.all, &kept.taken, store::span(&row)).ok_or_else(|| {
        let text = "这些天已由本人提前销假退回，没有可转换的年休假，请不同意或由本人撤回";
        Failure::new(Code::WrongState, text)
    })?;
    let back = ledger::on_return(&done.refunded);
    append(tx, &state.clock, leave.officer_id, &leave.leave_type, Some(leave.id), &back).await?;
    give_up(tx, leave.id, done.part).await?;

    let reference = state.reference.current(tx).await?;
    let sick = types::find(&reference.leave_types, &row.leave_type)?;
    let applicant = officer::Entity::find_by_id(row.officer_id).one(tx).await?.ok_or_else(gone)?;
    let calendar = calendar::of_officer(tx, &state.secrets, &reference, &applicant).await?;
    let counted = counted(&calendar, sick, done.part);
    let taken = pay(tx, (state, &reference), &applicant, sick, &counted, done.part).await?;
    store::take_slots(tx, row.id, row.officer_id, sick, done.part, &taken).await?;
    let entries = [ledger::on_submit(&taken), ledger::on_approve(&taken)].concat();
    append(tx, &state.clock, row.officer_id, &sick.name, Some(row.id), &entries).await?;

    let given = i64::try_from(done.refunded.len()).map_err(Failure::internal)?;
    let is_closed = stored(&leave)? == Stored::Returned;
    let (back_day, back_half, returned_at) = (leave.back_day, leave.back_half.clone(), leave.returned_at);
    let half_days = leave.half_days - given;
    let before = stored(&leave)?;
    let mut change = bump(leave, before);
    change.half_days = Set(half_days);
    change.update(tx).await?;

    let mut change = bump(row, if is_closed { Stored::Returned } else { Stored::Approved });
    change.to_day = Set(done.part.to().date.date());
    change.to_half = Set(store::half_name(done.part.to()).to_owned());
    change.half_days = Set(i64::try_from(counted.len()).map_err(Failure::internal)?);
    change.calendar_version = Set(store::calendar_version(&calendar));
    change.decided_at = Set(Some(state.now().millis()));
    if is_closed {
        change.back_day = Set(back_day);
        change.back_half = Set(back_half);
        change.returned_at = Set(returned_at);
        change.outcome = Set(Some(Outcome::OnTime.as_str().to_owned()));
    }
    change.update(tx).await?;
    Ok(())
}

/// What pays for 病假: nothing, unless HR has given it a balance.
async fn pay(
    tx: &Transaction,
    (state, reference): (&AppState, &Reference),
    applicant: &officer::Model,
    sick: &LeaveType,
    counted: &[HalfDay],
    part: Span,
) -> Result<Vec<Taken>, Failure> {
    if !sick.has_balance() {
        return Ok(draw_freely(counted, sick.slot_amount()).taken);
    }
    let years = store::years(part.from().date, part.to().date);
    let mut account = Account::load(tx, reference, applicant, years.clone()).await?;
    let on = Ord::max(state.today(), part.to().date);
    let owed = account.grant_owed(sick, years.clone(), on, || state.clock.new_id());
    let lots = Lot::without_lost(&account.lots(&sick.name), &account.exclusions(sick, years, on));
    let drawn = draw(counted, &lots);
    if !drawn.short.is_empty() {
        return Err(Failure::new(Code::InsufficientBalance, "病假余额不足，不能转换，请联系政治部"));
    }
    account.write(tx, &state.clock, &owed).await?;
    Ok(drawn.taken)
}

/// Lets go of the half days of a part of a leave, which go back to the grants that paid for them.
async fn give_up(tx: &Transaction, leave: Uuid, part: Span) -> Result<(), DbErr> {
    use leave_slot::Column;
    for at in part.half_days() {
        leave_slot::Entity::update_many()
            .col_expr(Column::Live, Expr::value(false))
            .col_expr(Column::Counts, Expr::value(false))
            .filter(Column::RequestId.eq(leave))
            .filter(Column::Day.eq(at.date.date()))
            .filter(Column::Half.eq(store::half_name(at)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Where a request stands as a conversion sees it, for drawing.
pub(crate) fn facts<'a>(
    row: &'a leave_request::Model,
    standing: Standing,
    kept: &'a Kept,
    links: &[Link],
) -> Facts<'a> {
    Facts {
        standing,
        leave_type: &row.leave_type,
        kept: &kept.all,
        taken: &kept.taken,
        is_asked: is_asked(links, row.id),
    }
}
