//! Leave: types, balances, preview, submit, withdraw, report back, and what there is to see of it.

pub mod account;
pub mod attachment;
pub mod balance;
pub mod chain;
pub(crate) mod conflict;
pub mod draft;
pub mod settings;
pub mod store;
pub mod team;
pub mod types;
pub mod view;
pub mod year;

mod accounts;
pub(crate) mod act;
pub(crate) mod after;
mod authority;
mod cancel;
mod consider;
mod evidence;
mod exemption;
pub(crate) mod feed;
mod figures;
pub(crate) mod number;
mod on_behalf;
mod periods;
pub(crate) mod presence;
pub mod recount;
mod redraw;
pub(crate) mod stand_in;
pub(crate) mod stand_in_rule;
mod words;

use app::account::rules::Permission;
use app::api::{Code, Page};
use app::leave::api::{GetLeaveRequest, LeaveRequest, ListLeaveRequests, PreviewLeave, PreviewResult};
use app::leave::rules::{Ask, Earlier};
use app::leave::sight::{self, Part, Sight};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use self::consider::{Again, consider};
use crate::entity::{approval_copy, approval_task, leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

/// The name of this form to the approval engine.
pub const FORM: &str = "leave";

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = exemption::mount(balance::mount(types::mount(api)))
        .mount::<PreviewLeave, _, _, _>(preview_leave)
        .mount::<ListLeaveRequests, _, _, _>(list_leave_requests)
        .mount::<GetLeaveRequest, _, _, _>(get_leave_request);
    let api = attachment::mount(evidence::mount(after::mount(cancel::mount(act::mount(api)))));
    let api = settings::mount(stand_in::mount(presence::mount(periods::mount(api))));
    let api = accounts::mount(on_behalf::mount(draft::mount(api)));
    authority::mount(figures::mount(feed::mount(team::mount(api))))
}

async fn preview_leave(call: Call<PreviewLeave>) -> Result<PreviewResult, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let connection = call.state.database.read();
    let whose = on_behalf::applicant(connection, caller, body.officer_id.as_deref()).await?;
    let submitter = (whose != caller.id).then_some(caller.id);
    let (applicant, reference) = tokio::try_join!(
        async { Ok::<_, Failure>(officer::Entity::find_by_id(whose).one(connection).await?) },
        call.state.reference.current(connection),
    )?;
    let applicant = applicant.ok_or_else(crate::mount::signed_out)?;
    let leave_type = types::find(&reference.leave_types, &body.leave_type)?;
    if submitter.is_some() && (body.extends.is_some() || body.resubmits.is_some()) {
        let text = "代提交只用于新的请假；续假和被退回的请假由本人办理";
        return Err(Failure::bad_input("officer_id", text));
    }
    let (from, refused) = match body.extends {
        Some(id) => after::extend::beginning(connection, &call.state, caller.id, id).await?,
        None => (body.from, None),
    };
    let again = match body.resubmits {
        Some(id) => Some(Again::load(connection, &call.state, id, caller.id).await?),
        None => None,
    };
    let anew = Earlier { is_extension: body.extends.is_some(), ..Earlier::default() };
    let ask = Ask { leave_type, from, to: body.to, earlier: again.as_ref().map_or(anew, |again| again.earlier) };
    let considered = consider(connection, &call.state, &reference, &applicant, ask, again.as_ref(), submitter)
        .await?
        .told_to(caller, &applicant);
    let mut warnings = considered.warnings();
    warnings
        .extend(stand_in::warnings(connection, body.stand_in.as_deref(), body.resubmits, considered.check.span).await?);
    let names_somebody = body.stand_in.as_deref().is_some_and(|number| !number.trim().is_empty());
    if names_somebody && reference.accepting_first.contains(&applicant.court_id) {
        warnings.push(app::leave::stand_in::first_remark());
    }
    if let Some(problem) = refused {
        let code = serde_json::to_value(problem.code).ok();
        let code = code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
        warnings.insert(0, app::leave::api::Warning { code, blocking: true, text: problem.detail });
    }
    Ok(PreviewResult {
        warnings,
        half_days: considered.check.half_days(),
        minutes: considered.check.minutes,
        lane: considered.check.lane,
        routed_half_days: considered.check.routed_half_days,
        available_after: considered.check.available_after,
        provisional: considered.check.provisional,
        days: considered.check.days,
        chain: considered.plan.map(|(_, plan)| chain::preview(&plan)).unwrap_or_default(),
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
    let drawn = view::draw(connection, &call.state, rows, caller).await?;
    // Which of them he decides on is asked where one is opened.
    let sight = Sight::of(Part { reads_leave: true, ..part_by_role(caller, &officer) }).unwrap_or(Sight::Copy);
    Ok(Page { items: drawn.into_iter().map(|request| sight::request(sight, request)).collect(), next })
}

async fn get_leave_request(call: Call<GetLeaveRequest>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let (row, _) = visible_request(&call.state, caller, call.path.id).await?;
    one(&call.state, row, caller).await
}

/// One request, drawn for a viewer.
///
/// # Errors
/// The database fails.
pub async fn one(state: &AppState, row: leave_request::Model, viewer: &Caller) -> Result<LeaveRequest, Failure> {
    shown(state.database.read(), state, row, viewer).await
}

/// The same on a connection that is in the middle of something.
pub(crate) async fn shown(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: leave_request::Model,
    viewer: &Caller,
) -> Result<LeaveRequest, Failure> {
    // Who is to stand in has no part in the request, and answers it all the same.
    let sight = sight_of(connection, state, &row, viewer).await?.unwrap_or(Sight::Copy);
    // Who submitted it for another goes on with the papers that he attached himself.
    let own_files = if row.submitted_by == Some(viewer.id) && !sight.has_papers() {
        Some(attachment::store::count_of(connection, row.id, viewer.id).await?)
    } else {
        None
    };
    let mut drawn = view::draw(connection, state, vec![row], viewer).await?;
    let whole = drawn.pop().ok_or_else(|| Failure::internal("one request was drawn as none"))?;
    let seen = sight::request(sight, whole);
    Ok(LeaveRequest { attachments: own_files.or(seen.attachments), ..seen })
}

/// What somebody is to the requests of an applicant by himself and his roles alone.
fn part_by_role(caller: &Caller, applicant: &officer::Model) -> Part {
    let may = |permission| caller.may(permission, applicant.court_id, Some(applicant.department_id));
    Part {
        is_applicant: applicant.id == caller.id,
        reads_leave: may(Permission::ReadLeave),
        reads_papers: may(Permission::ReadLeavePapers),
        ..Part::default()
    }
}

/// How much the caller sees of a request: as applicant, as somebody of its chain or who has decided there, by a role over
/// the applicant, because he has a copy, or because he submitted it for him; nothing for everybody else.
async fn sight_of(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: &leave_request::Model,
    caller: &Caller,
) -> Result<Option<Sight>, Failure> {
    let Some(applicant) = officer::Entity::find_by_id(row.officer_id).one(connection).await? else { return Ok(None) };
    let by_role = part_by_role(caller, &applicant);
    if by_role.is_applicant {
        return Ok(Some(Sight::Papers));
    }
    // Who decided for somebody else may read what he decided on, though the delegation has ended.
    let part = approval_task::Column::OfficerId.eq(caller.id).or(approval_task::Column::DecidedBy.eq(caller.id));
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id).and(part))
        .all(connection)
        .await?;
    let was_asked = tasks.iter().any(|task| task.opened_at.is_some() || task.decided_by == Some(caller.id));
    let has_copy = approval_copy::Entity::find_by_id((row.id, caller.id)).one(connection).await?.is_some();
    let acts_for = crate::approval::acts_for_somebody_of(connection, state, caller.id, row.id).await?;
    let has_submitted = row.submitted_by == Some(caller.id);
    // A delegation opens nothing to who submitted it for another: he may not decide on it.
    let in_chain = was_asked || (acts_for && !has_submitted);
    Ok(Sight::of(Part { in_chain, is_next: !tasks.is_empty(), has_copy, has_submitted, ..by_role }))
}

/// A request that the caller has a part in, and how much of it he sees.
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
    let sight = sight_of(connection, state, &row, caller).await?.ok_or_else(missing)?;
    Ok((row, sight))
}
