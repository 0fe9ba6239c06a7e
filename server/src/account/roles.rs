//! Roles that are given.

use app::account::api::{CreateRoleGrant, DeleteRoleGrant, ListRoleGrants, RoleGrant, RoleGrants};
use app::account::rules::{Permission, Role};
use app::api::{Code, Empty};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::account::store;
use crate::audit::{self, Actor, Deed};
use crate::entity::{court, department, officer, role_grant};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::session::Caller;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListRoleGrants, _, _, _>(list_role_grants)
        .mount::<CreateRoleGrant, _, _, _>(create_role_grant)
        .mount::<DeleteRoleGrant, _, _, _>(delete_role_grant)
}

async fn list_role_grants(call: Call<ListRoleGrants>) -> Result<RoleGrants, Failure> {
    let connection = call.state.database.read();
    let rows = role_grant::Entity::find()
        .find_also_related_officer()
        .order_by_asc(officer::Column::Number)
        .order_by_asc(role_grant::Column::Role)
        .all(connection)
        .await?;
    let named = rows.iter().filter_map(|(row, _)| row.department_id);
    let departments = department::Entity::find().filter(department::Column::Id.is_in(named)).all(connection).await?;
    let courts = court::Entity::find().all(connection).await?;
    let items = rows.into_iter().filter_map(|(row, officer)| wire(&row, &officer?, &courts, &departments)).collect();
    Ok(RoleGrants { items })
}

fn wire(
    row: &role_grant::Model,
    officer: &officer::Model,
    courts: &[court::Model],
    departments: &[department::Model],
) -> Option<RoleGrant> {
    let department = departments.iter().find(|department| Some(department.id) == row.department_id);
    Some(RoleGrant {
        id: row.id,
        officer: officer.number.clone(),
        name: officer.name.clone(),
        role: Role::parse(&row.role)?,
        court: courts.iter().find(|court| Some(court.id) == row.court_id).map(|court| court.name.clone()),
        court_id: row.court_id,
        department_id: row.department_id,
        department: department.map(|department| department.name.clone()),
    })
}

trait WithOfficer {
    fn find_also_related_officer(self) -> sea_orm::SelectTwo<role_grant::Entity, officer::Entity>;
}

impl WithOfficer for sea_orm::Select<role_grant::Entity> {
    fn find_also_related_officer(self) -> sea_orm::SelectTwo<role_grant::Entity, officer::Entity> {
        let join = role_grant::Entity::belongs_to(officer::Entity)
            .from(role_grant::Column::OfficerId)
            .to(officer::Column::Id)
            .into();
        sea_orm::QuerySelect::join(self, sea_orm::JoinType::InnerJoin, join).select_also(officer::Entity)
    }
}

/// Whether the caller's own right to give roles reaches as far as this grant: nobody gives more than he holds.
fn covers(caller: &Caller, court: Option<Uuid>) -> bool {
    caller.may_throughout(Permission::GiveRoles, court)
}

async fn create_role_grant(call: Call<CreateRoleGrant>) -> Result<RoleGrant, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    if !body.role.is_given() {
        return Err(Failure::bad_input("role", "这个角色由职务产生，不能单独授予；请在花名册中调整职务"));
    }
    let tx = call.state.database.begin().await?;
    let officer = store::officer_by_number(&tx, &body.officer).await?.ok_or_else(|| Failure::not_found("这名干警"))?;
    let courts = court::Entity::find().all(&tx).await?;
    let department = match body.department_id {
        Some(id) => {
            Some(department::Entity::find_by_id(id).one(&tx).await?.ok_or_else(|| Failure::not_found("这个部门"))?)
        }
        None => None,
    };
    if body.role.is_of_a_department() != department.is_some() {
        let text = if department.is_none() {
            "请选择这个角色所在的部门"
        } else {
            "这个角色不按部门授予，请改选法院"
        };
        return Err(Failure::bad_input("department_id", text));
    }
    // A department says in which court it is.
    let court_id = department.as_ref().map(|department| department.court_id).or(body.court_id);
    if court_id.is_some_and(|id| courts.iter().all(|court| court.id != id)) || !covers(caller, court_id) {
        return Err(Failure::not_found("这个法院"));
    }
    let departments: Vec<department::Model> = department.into_iter().collect();
    let row = role_grant::Model {
        id: body.id,
        officer_id: officer.id,
        role: body.role.as_str().to_owned(),
        court_id,
        given_at: call.state.now().millis(),
        department_id: body.department_id,
    };
    if let Some(stored) = role_grant::Entity::find_by_id(body.id).one(&tx).await? {
        let same = role_grant::Model { given_at: stored.given_at, ..row } == stored;
        return if same {
            wire(&stored, &officer, &courts, &departments).ok_or_else(|| Failure::internal("a stored role has no name"))
        } else {
            Err(Failure::new(Code::IdReused, "这个编号已用于另一次授权，请刷新页面后重试"))
        };
    }
    role_grant::Entity::insert(role_grant::ActiveModel {
        id: Set(row.id),
        officer_id: Set(row.officer_id),
        role: Set(row.role.clone()),
        court_id: Set(row.court_id),
        given_at: Set(row.given_at),
        department_id: Set(row.department_id),
    })
    .exec_without_returning(&tx)
    .await?;
    crate::approval::posts_changed(&tx, &call.state.clock).await?;
    let deed = Deed { action: "role.give", subject: "role_grant", id: &row.id.to_string() };
    audit::record(&tx, &call.state.clock, &Actor::from(&**caller), deed, None::<&()>, Some(&body)).await?;
    tx.commit().await?;
    call.state.callers.invalidate_all();
    wire(&row, &officer, &courts, &departments).ok_or_else(|| Failure::internal("a stored role has no name"))
}

async fn delete_role_grant(call: Call<DeleteRoleGrant>) -> Result<Empty, Failure> {
    let caller = call.caller()?;
    let tx = call.state.database.begin().await?;
    let row = role_grant::Entity::find_by_id(call.path.id)
        .one(&tx)
        .await?
        .filter(|row| covers(caller, row.court_id))
        .ok_or_else(|| Failure::not_found("这项授权"))?;
    let deed = Deed { action: "role.take", subject: "role_grant", id: &row.id.to_string() };
    audit::record(
        &tx,
        &call.state.clock,
        &Actor::from(&**caller),
        deed,
        Some(&(&row.role, row.officer_id)),
        None::<&()>,
    )
    .await?;
    row.delete(&tx).await?;
    crate::approval::posts_changed(&tx, &call.state.clock).await?;
    tx.commit().await?;
    call.state.callers.invalidate_all();
    Ok(Empty {})
}
