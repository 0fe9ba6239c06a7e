//! Whose account HR looks at: finds the officer, and says what can be given to him.

use std::collections::HashSet;

use app::account::rules::Permission;
use app::api::Code;
use app::leave::api::{AccountOfficer, GetAccountOfficer, GrantableType, ListAccountOfficers};
use app::org::api::Colleagues;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::account::store::officer_by_number;
use crate::entity::{department, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::colleagues::{drawn, in_service};
use crate::org::store::scope;
use crate::session::Caller;
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListAccountOfficers, _, _, _>(list_account_officers)
        .mount::<GetAccountOfficer, _, _, _>(get_account_officer)
}

async fn list_account_officers(call: Call<ListAccountOfficers>) -> Result<Colleagues, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let text = call.query.q.trim();
    if text.is_empty() {
        return Ok(Colleagues { items: Vec::new() });
    }
    let connection = state.database.read();
    let rows = in_service(text)
        .filter(officer::Column::Id.ne(caller.id))
        .filter(scope(&caller.grants, Permission::ManageLeave))
        .all(connection)
        .await?;
    // Whether he is at work today has nothing to do with his account.
    drawn(connection, rows, &HashSet::new()).await
}

async fn get_account_officer(call: Call<GetAccountOfficer>) -> Result<AccountOfficer, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let connection = state.database.read();
    let row = managed(state, caller, &call.path.officer).await?;
    let department = department::Entity::find_by_id(row.department_id).one(connection).await?;
    let reference = state.reference.current(connection).await?;
    Ok(AccountOfficer {
        officer: row.number,
        name: row.name,
        department: department.map(|department| department.name).unwrap_or_default(),
        types: reference.leave_types.active().filter_map(GrantableType::of).collect(),
    })
}

/// The officer whose account the caller may change. Nobody changes his own.
///
/// # Errors
/// [`app::api::Code::NotFound`], [`app::api::Code::NotAllowed`], or the database fails.
pub(super) async fn managed(state: &AppState, caller: &Caller, number: &str) -> Result<officer::Model, Failure> {
    let row = officer_by_number(state.database.read(), number)
        .await?
        .filter(|row| caller.may(Permission::ManageLeave, row.court_id, Some(row.department_id)))
        .ok_or_else(|| Failure::not_found("这名干警"))?;
    if row.id == caller.id {
        let text = "不能登记或调整自己的假期，请由政治部的其他同事或上级法院政治部办理";
        return Err(Failure::new(Code::NotAllowed, text));
    }
    Ok(row)
}
