//! 续假: asking for more of a leave before it ends.

use app::api::{Code, Problem};
use app::day::HalfDay;
use app::leave::api::{ExtendLeave, LeaveRequest, Submit};
use app::leave::rules::Viewer;
use app::leave::rules::series::{Standing, extend, extension};
use app::leave::types::LeaveType;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::series;
use crate::calendar;
use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::leave::act::{check_texts, in_version, place, repeated};
use crate::leave::{conflict, one, store, types};
use crate::mount::{Api, Call, signed_out};
use crate::org::store::lock_officer;
use crate::secrets::sha256;
use crate::state::AppState;

/// What only the applicant does is judged as him.
pub(super) const APPLICANT: Viewer = Viewer {
    is_applicant: true,
    is_submitter: false,
    has_open_task: false,
    has_approved: false,
    may_confirm: false,
    reads_papers: false,
    may_record: false,
    follows_approvers: false,
};

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ExtendLeave, _, _, _>(extend_leave)
}

async fn extend_leave(call: Call<ExtendLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    check_texts(&body.reason, "", "")?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let reference = state.reference.current(&tx).await?;
    let extended = store::request(&tx, call.path.id).await?.filter(|row| row.officer_id == caller.id);
    let extended = extended.ok_or_else(|| Failure::not_found("这份请假"))?;
    let name = body.leave_type.as_deref().unwrap_or(&extended.leave_type);
    conflict::lock_groups(&tx, &reference, caller.id, types::find(&reference.leave_types, name)?).await?;
    let applicant = lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    calendar::hold(&tx).await?;
    let asked = serde_json::to_vec(&(call.path.id, &body)).map_err(Failure::internal)?;
    let digest = sha256(&asked).to_vec();
    if let Some(stored) = repeated(&tx, caller, body.id, &digest).await? {
        drop(tx);
        return one(state, stored, caller).await;
    }
    let (leave, series) = own_series(&tx, caller.id, call.path.id).await?;
    let standing = series::standing(&tx, state, &series, &leave).await?;
    let from = match extend(&standing, APPLICANT, state.today()) {
        Ok(from) => from,
        Err(code) => {
            // Whoever saw an older state is shown the present one; who saw this one hears why not.
            in_version(&tx, state, caller, leave.clone(), body.version).await?;
            return Err(refused(code, &standing, &series, leave.id).into());
        }
    };
    let leave = in_version(&tx, state, caller, leave, body.version).await?;
    let stand_in = match leave.stand_in_id {
        Some(id) => officer::Entity::find_by_id(id).one(&tx).await?.map(|row| row.number),
        None => None,
    };
    let asked = Submit {
        id: body.id,
        leave_type: body.leave_type.unwrap_or_else(|| leave.leave_type.clone()),
        from,
        to: body.to,
        reason: body.reason,
        destination: leave.destination.clone(),
        stand_in,
        contact: leave.contact.clone(),
        officer_id: None,
    };
    let row = place(&tx, state, caller, &applicant, &asked, digest, Some(&leave)).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

/// The caller's own request with its series, locked.
///
/// # Errors
/// [`Code::NotFound`] for a request that is not his, or the database fails.
pub(super) async fn own_series(
    tx: &impl ConnectionTrait,
    caller: Uuid,
    id: Uuid,
) -> Result<(leave_request::Model, Vec<leave_request::Model>), Failure> {
    let missing = || Failure::not_found("这份请假");
    let seen = store::request(tx, id).await?.filter(|row| row.officer_id == caller).ok_or_else(missing)?;
    let series = series::lock(tx, &seen).await?;
    let leave = series.iter().find(|row| row.id == id).cloned().ok_or_else(missing)?;
    Ok((leave, series))
}

/// Why a leave cannot be extended, with what to do.
fn refused(code: Code, standing: &Standing, series: &[leave_request::Model], id: Uuid) -> Problem {
    let text = match code {
        Code::AlreadyExtended => format!("这份请假已有续假{}，请在那一份上办理", number_of_extension(series, id)),
        Code::ExtendTooLate => {
            format!("续假应在{}（含当日）前提出，现已超过；请先销假，再另行请假", standing.extend_until.text())
        }
        _ => "只有已批准且未销假的请假可以续假，请刷新查看最新状态".to_owned(),
    };
    Problem::new(code, text)
}

/// The number of the request that extends this one; empty where there is none.
pub(crate) fn number_of_extension(series: &[leave_request::Model], id: Uuid) -> String {
    let found = extension(&series::links(series), id);
    let row = found.and_then(|link| series.iter().find(|row| row.id == link.id));
    row.map(|row| row.number.clone()).unwrap_or_default()
}

/// What a preview of an extension needs: the half day with which it begins, and why it would be refused.
///
/// # Errors
/// [`Code::NotFound`] for a request that is not the caller's, or the database fails.
pub(in crate::leave) async fn beginning(
    connection: &impl ConnectionTrait,
    state: &AppState,
    caller: Uuid,
    id: Uuid,
) -> Result<(HalfDay, Option<Problem>), Failure> {
    let leave = store::request(connection, id).await?.filter(|row| row.officer_id == caller);
    let leave = leave.ok_or_else(|| Failure::not_found("这份请假"))?;
    let series = series::of(connection, std::slice::from_ref(&leave)).await?;
    let standing = series::standing(connection, state, &series, &leave).await?;
    let problem = extend(&standing, APPLICANT, state.today()).err();
    Ok((standing.span.to().next(), problem.map(|code| refused(code, &standing, &series, id))))
}

/// Leave is extended by leave, a report by a report: a series ends with one way back.
///
/// # Errors
/// [`Code::BadInput`] at `leave_type` where the two do not go together.
pub(in crate::leave) fn check_lane(leave: &leave_request::Model, leave_type: &LeaveType) -> Result<(), Failure> {
    if store::lane(leave) == leave_type.lane() {
        return Ok(());
    }
    Err(Failure::bad_input("leave_type", "请假和外出报备不能互相续接，请另行提交一份申请"))
}

/// An extension that was sent back keeps its beginning, and stays of the kind that it extends.
///
/// # Errors
/// [`Code::BadInput`] at `from` or `leave_type` where another is asked for, or the database fails.
pub(in crate::leave) async fn check_beginning(
    tx: &impl ConnectionTrait,
    row: &leave_request::Model,
    leave_type: &LeaveType,
    from: HalfDay,
) -> Result<(), Failure> {
    let Some(leave) = row.extends_id else { return Ok(()) };
    let Some(leave) = store::request(tx, leave).await? else { return Ok(()) };
    check_lane(&leave, leave_type)?;
    if from == store::span(&leave).to().next() {
        return Ok(());
    }
    let text = format!("这是{}的续假，开始时间须与原假期相接，请改回原来的开始时间", leave.number);
    Err(Failure::bad_input("from", text))
}
