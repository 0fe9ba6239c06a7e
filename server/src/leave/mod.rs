//! Leave: preview, submit, withdraw, report back, and what there is to see of it.

pub mod chain;
pub mod settings;
pub mod store;
pub mod view;

pub(crate) mod act;
mod cancel;
pub mod recount;

use app::account::rules::Permission;
use app::api::{Code, Page};
use app::approval::compile::Plan;
use app::day::Day;
use app::leave::api::{
    Balance, Balances, Expiring, GetLeaveRequest, LeaveRequest, LeaveTypes, ListBalances, ListLeaveRequests,
    ListLeaveTypes, PreviewLeave, PreviewResult,
};
use app::leave::rules::{Ask, Check, Facts, Stored, check_request};
use app::leave::types::{self, LeaveType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::{approval_copy, approval_process, approval_task, leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

/// The name of this form to the approval engine.
pub const FORM: &str = "leave";

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api
        .mount::<ListLeaveTypes, _, _, _>(list_leave_types)
        .mount::<ListBalances, _, _, _>(list_balances)
        .mount::<PreviewLeave, _, _, _>(preview_leave)
        .mount::<ListLeaveRequests, _, _, _>(list_leave_requests)
        .mount::<GetLeaveRequest, _, _, _>(get_leave_request);
    cancel::mount(act::mount(api))
}

async fn list_leave_types(_call: Call<ListLeaveTypes>) -> Result<LeaveTypes, Failure> {
    Ok(LeaveTypes { types: types::ALL.iter().map(Into::into).collect() })
}

async fn list_balances(call: Call<ListBalances>) -> Result<Balances, Failure> {
    let caller = call.caller()?;
    let asked = call.query.officer.as_deref();
    let officer = crate::org::visible_officer(&call.state, caller, Permission::ReadLeave, asked).await?;
    let on = call.query.on.unwrap_or_else(|| call.state.today());
    Ok(balances(&call.state, &officer, on).await?)
}

/// The balances of an officer in the year of a day.
///
/// # Errors
/// The database fails.
pub async fn balances(state: &AppState, officer: &officer::Model, on: Day) -> Result<Balances, DbErr> {
    let connection = state.database.read();
    let year = on.year();
    let mut entries = store::entries(connection, officer.id, year..=year).await?;
    let missing = store::missing_grants(connection, officer, &entries, year..=year, state.today()).await?;
    entries.extend(missing.into_iter().map(|entry| (types::ANNUAL.name.to_owned(), entry)));
    let balance = |leave_type: &LeaveType| {
        let totals = store::totals(&entries, leave_type.name, year);
        let available = totals.available();
        Balance {
            leave_type: leave_type.name.to_owned(),
            half_days: leave_type.granted.then(|| totals.half_days()),
            held: totals.held,
            available: leave_type.granted.then_some(available),
            used: totals.used,
            expiring: Day::new(year, 12, 31)
                .filter(|_| leave_type.granted && available > 0)
                .map(|on| Expiring { half_days: available, on }),
        }
    };
    Ok(Balances { year, balances: types::ALL.iter().map(balance).collect() })
}

/// A request as the rules see it, with the chain that would decide.
struct Considered {
    check: Check,
    plan: Option<(i32, Plan)>,
    missing: Vec<app::leave::ledger::Entry>,
    /// The calendar that it was counted by.
    calendar_version: i32,
}

/// A request that is submitted again, as far as it could stand in its own way.
struct Again {
    number: String,
    leave_type: String,
    /// What its half days come to in the ledger, the other way round.
    given_back: Vec<app::leave::ledger::Entry>,
    /// The version of the definition that it began with, and keeps.
    definition: i32,
}

impl Again {
    /// The caller's own request, which was sent back: only that one gives anything back.
    async fn load(connection: &impl ConnectionTrait, id: Uuid, officer: Uuid) -> Result<Self, Failure> {
        let row = store::request(connection, id)
            .await?
            .filter(|row| row.officer_id == officer && row.state == Stored::SentBack.as_str())
            .ok_or_else(|| Failure::not_found("这份被退回的请假"))?;
        let given_back = app::leave::ledger::on_end(&store::counted(connection, id).await?);
        let process = approval_process::Entity::find_by_id(id).one(connection).await?;
        let definition = process.map_or(0, |process| process.definition_version);
        Ok(Self { number: row.number, leave_type: row.leave_type, given_back, definition })
    }
}

/// Reads the facts and asks the rules; the same for the preview and, inside its transaction, for the submission.
/// `again` is the request that is submitted again: it does not stand in its own way.
async fn consider(
    connection: &impl ConnectionTrait,
    state: &AppState,
    applicant: &officer::Model,
    ask: Ask<'_>,
    again: Option<&Again>,
) -> Result<Considered, Failure> {
    let (first, last) = (ask.from.date, ask.to.date.max(ask.from.date));
    let years = store::years(first, last);
    let mut existing = store::existing(connection, applicant.id, (first, last)).await?;
    existing.retain(|other| again.is_none_or(|again| other.number != again.number));
    let mut entries = store::entries(connection, applicant.id, years.clone()).await?;
    let missing = if ask.leave_type.granted {
        store::missing_grants(connection, applicant, &entries, years.clone(), state.today()).await?
    } else {
        Vec::new()
    };
    if let Some(again) = again.filter(|again| again.leave_type == ask.leave_type.name) {
        entries.extend(again.given_back.iter().map(|entry| (again.leave_type.clone(), *entry)));
    }
    entries.extend(missing.iter().map(|entry| (ask.leave_type.name.to_owned(), *entry)));
    let available = store::available(&entries, ask.leave_type, years);
    let calendar = crate::calendar::of_officer(connection, state, applicant).await?;
    let facts = Facts { calendar: &calendar, existing: &existing, available: &available, today: state.today() };
    let check = check_request(ask, facts);
    let plan =
        chain::plan(connection, applicant, ask.leave_type, check.routed_half_days, again.map(|again| again.definition))
            .await?;
    Ok(Considered { check, plan, missing, calendar_version: store::calendar_version(&calendar) })
}

async fn preview_leave(call: Call<PreviewLeave>) -> Result<PreviewResult, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let leave_type = find_type(&body.leave_type)?;
    let connection = call.state.database.read();
    let applicant =
        officer::Entity::find_by_id(caller.id).one(connection).await?.ok_or_else(crate::mount::signed_out)?;
    let ask = Ask { leave_type, from: body.from, to: body.to };
    let again = match body.resubmits {
        Some(id) => Some(Again::load(connection, id, caller.id).await?),
        None => None,
    };
    let considered = consider(connection, &call.state, &applicant, ask, again.as_ref()).await?;
    let mut warnings = considered.check.warnings();
    if let Some(problem) = chain::problem(considered.plan.as_ref()) {
        warnings.push(app::leave::api::Warning {
            code: "empty_chain".to_owned(),
            blocking: true,
            text: problem.detail,
        });
    }
    Ok(PreviewResult {
        half_days: considered.check.half_days(),
        routed_half_days: considered.check.routed_half_days,
        available_after: considered.check.available_after,
        provisional: considered.check.provisional,
        days: considered.check.days,
        chain: considered.plan.map(|(_, plan)| chain::preview(&plan)).unwrap_or_default(),
        warnings,
    })
}

fn find_type(name: &str) -> Result<&'static LeaveType, Failure> {
    LeaveType::find(name).map_err(|code| {
        let known: Vec<&str> = types::ALL.iter().map(|kind| kind.title).collect();
        app::api::Problem::new(code, format!("没有这种假别，可选：{}", known.join("、"))).at("leave_type").into()
    })
}

/// Where a page of requests begins: after this instant and id, newest first.
fn after(cursor: &str) -> Result<Condition, Failure> {
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.parse::<Uuid>().ok()?)));
    let (at, id) = parsed.ok_or_else(|| Failure::bad_input("cursor", "分页位置无效，请从第一页重新打开"))?;
    let older = leave_request::Column::SubmittedAt.lt(at);
    let same = leave_request::Column::SubmittedAt.eq(at).and(leave_request::Column::Id.lt(id));
    Ok(Condition::any().add(older).add(same))
}

async fn list_leave_requests(call: Call<ListLeaveRequests>) -> Result<Page<LeaveRequest>, Failure> {
    let caller = call.caller()?;
    let asked = call.query.officer.as_deref();
    let officer = crate::org::visible_officer(&call.state, caller, Permission::ReadLeave, asked).await?;
    let limit = usize::from(call.query.limit.unwrap_or(20).clamp(1, 100));
    let mut query = leave_request::Entity::find().filter(leave_request::Column::OfficerId.eq(officer.id));
    if let Some(cursor) = &call.query.cursor {
        query = query.filter(after(cursor)?);
    }
    let connection = call.state.database.read();
    let mut rows = query
        .order_by_desc(leave_request::Column::SubmittedAt)
        .order_by_desc(leave_request::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.submitted_at, row.id));
    let items = view::draw(connection, rows, caller.id, call.state.today()).await?;
    Ok(Page { items, next })
}

async fn get_leave_request(call: Call<GetLeaveRequest>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let (row, sight) = visible_request(&call.state, caller, call.path.id).await?;
    let mut request = one(&call.state, row, caller.id).await?;
    if sight == Sight::Copy {
        (request.reason, request.destination, request.recounted) = (None, None, None);
        if let Some(cancelled) = &mut request.cancelled {
            cancelled.reason.clear();
        }
    }
    Ok(request)
}

/// One request, drawn for a viewer.
///
/// # Errors
/// The database fails.
pub async fn one(state: &AppState, row: leave_request::Model, viewer: Uuid) -> Result<LeaveRequest, Failure> {
    let mut drawn = view::draw(state.database.read(), vec![row], viewer, state.today()).await?;
    drawn.pop().ok_or_else(|| Failure::internal("one request was drawn as none"))
}

/// How much of a request its viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All of it: the applicant, its chain, HR.
    Whole,
    /// That somebody is away and when, neither why nor where, nor who used which device: whoever only has a copy.
    Copy,
}

/// A request that the caller has a part in: as applicant, as somebody of its chain or who has decided there, by a role
/// over the applicant, or because he has a copy.
///
/// # Errors
/// [`Code::NotFound`] for everybody else, or the database fails.
pub(crate) async fn visible_request(
    state: &AppState,
    caller: &Caller,
    id: Uuid,
) -> Result<(leave_request::Model, Sight), Failure> {
    let missing = || Failure::new(Code::NotFound, "没有找到这份请假，可能已被删除或您无权查看");
    let connection = state.database.read();
    let row = leave_request::Entity::find_by_id(id).one(connection).await?.ok_or_else(missing)?;
    if row.officer_id == caller.id {
        return Ok((row, Sight::Whole));
    }
    // Who decided for somebody else may read what he decided on, though the delegation has ended.
    let part = approval_task::Column::OfficerId.eq(caller.id).or(approval_task::Column::DecidedBy.eq(caller.id));
    let in_chain = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(id).and(part))
        .one(connection)
        .await?
        .is_some();
    let has_copy = approval_copy::Entity::find_by_id((id, caller.id)).one(connection).await?.is_some();
    let acts_for = crate::approval::acts_for_somebody_of(connection, state, caller.id, id).await?;
    let applicant = officer::Entity::find_by_id(row.officer_id).one(connection).await?.ok_or_else(missing)?;
    if in_chain || acts_for || caller.may(Permission::ReadLeave, applicant.court_id, Some(applicant.department_id)) {
        Ok((row, Sight::Whole))
    } else if has_copy {
        Ok((row, Sight::Copy))
    } else {
        Err(missing())
    }
}
