//! Asking for leave in place of another (代提交): for whom, and what has become of it.
//!
//! What is asked is judged as if the officer asked himself: his days, his balance, his chain. Who asks for him is in no
//! step of that chain; `app::approval` bars him from it as it bars the officer.

use std::collections::HashSet;

use app::account::rules::Permission;
use app::api::{Code, Page, Problem};
use app::leave::api::{GetOnBehalfOfficer, LeaveRequest, ListOnBehalfOfficers, ListOnBehalfRequests, OnBehalfOfficer};
use app::leave::sight::{self, Sight};
use app::org::api::Colleagues;
use app::org::rules::OfficerStatus;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{after, types, view};
use crate::account::store::officer_by_number;
use crate::entity::{department, leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::colleagues::{drawn, in_service};
use crate::org::store::scope;
use crate::session::Caller;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListOnBehalfOfficers, _, _, _>(list_on_behalf_officers)
        .mount::<GetOnBehalfOfficer, _, _, _>(get_on_behalf_officer)
        .mount::<ListOnBehalfRequests, _, _, _>(list_on_behalf_requests)
}

/// Whose request it is that a caller makes: the officer's whom he names, where he may ask for him, else his own.
///
/// # Errors
/// [`Code::ForeignOfficer`] for an officer whom he may not ask for, in the same words as for one whom nobody knows; or
/// the database fails.
pub(super) async fn applicant(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    number: Option<&str>,
) -> Result<Uuid, Failure> {
    match number.map(str::trim).filter(|number| !number.is_empty() && *number != caller.officer) {
        Some(number) => Ok(in_scope(connection, caller, number).await?.id),
        None => Ok(caller.id),
    }
}

async fn in_scope(connection: &impl ConnectionTrait, caller: &Caller, number: &str) -> Result<officer::Model, Failure> {
    let may = |row: &officer::Model| {
        caller.may(Permission::SubmitForOthers, row.court_id, Some(row.department_id))
            && row.status == OfficerStatus::InService.as_str()
            && row.id != caller.id
    };
    officer_by_number(connection, number).await?.filter(may).ok_or_else(|| foreign().into())
}

/// One answer for who is out of reach and for who does not exist: it says nothing about either.
fn foreign() -> Problem {
    let text = "您只能为本人职责范围内的在职干警代为提交请假；请核对工号，或请其所在部门负责人、政治部办理";
    Problem::new(Code::ForeignOfficer, text).at("officer_id")
}

async fn list_on_behalf_officers(call: Call<ListOnBehalfOfficers>) -> Result<Colleagues, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let text = call.query.q.trim();
    if text.is_empty() {
        return Ok(Colleagues { items: Vec::new() });
    }
    let connection = state.database.read();
    let rows = in_service(text)
        .filter(officer::Column::Id.ne(caller.id))
        .filter(scope(&caller.grants, Permission::SubmitForOthers))
        .all(connection)
        .await?;
    // The preview says what stands in the way; here it is only asked who.
    drawn(connection, rows, &HashSet::new()).await
}

async fn get_on_behalf_officer(call: Call<GetOnBehalfOfficer>) -> Result<OnBehalfOfficer, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let connection = state.database.read();
    let row = in_scope(connection, caller, &call.path.officer).await?;
    let department = department::Entity::find_by_id(row.department_id).one(connection).await?;
    let types = types::seen_by(state, &row).await?;
    let department = department.map(|department| department.name).unwrap_or_default();
    Ok(OnBehalfOfficer { officer: row.number, name: row.name, department, types })
}

async fn list_on_behalf_requests(call: Call<ListOnBehalfRequests>) -> Result<Page<LeaveRequest>, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let limit = usize::from(call.query.limit.unwrap_or(20).clamp(1, 100));
    let mut query = leave_request::Entity::find().filter(leave_request::Column::SubmittedBy.eq(caller.id));
    if let Some(cursor) = &call.query.cursor {
        query = query.filter(after(cursor)?);
    }
    let connection = state.database.read();
    let mut rows = query
        .order_by_desc(leave_request::Column::SubmittedAt)
        .order_by_desc(leave_request::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.submitted_at, row.id));
    // The officer may have changed it since: what becomes of it is all that this list says, whoever reads it.
    let drawn = view::draw(connection, state, rows, caller).await?;
    Ok(Page { items: drawn.into_iter().map(|request| sight::request(Sight::Copy, request)).collect(), next })
}
