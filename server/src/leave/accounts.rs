//! Whose account HR looks at: finds the officer, and says what can be given to him.

use std::collections::HashSet;

use app::account::rules::Permission;
use app::leave::api::{AccountOfficer, GetAccountOfficer, GrantableType, ListAccountOfficers};
use app::org::api::Colleagues;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::account::store::officer_by_number;
use crate::entity::{department, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::colleagues::{drawn, in_service};
use crate::org::store::scope;

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
    let row = officer_by_number(connection, &call.path.officer)
        .await?
        .filter(|row| caller.may(Permission::ManageLeave, row.court_id, Some(row.department_id)))
        .ok_or_else(|| Failure::not_found("这名干警"))?;
    let department = department::Entity::find_by_id(row.department_id).one(connection).await?;
    let reference = state.reference.current(connection).await?;
    Ok(AccountOfficer {
        officer: row.number,
        name: row.name,
        department: department.map(|department| department.name).unwrap_or_default(),
        types: reference.leave_types.active().filter_map(GrantableType::of).collect(),
    })
}
