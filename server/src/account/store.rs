//! Queries about accounts, sessions and roles.

use app::account::rules::{Grant, Role, Scope, roles_from_post};
use app::approval::directory::Court;
use app::org::rules::{OfficerStatus, POLITICAL_DEPARTMENT, POLITICAL_DIRECTOR, PostClass};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::{account, officer, session, training_class};
use crate::error::Failure;
use crate::session::Caller;
use crate::state::AppState;

/// An officer by his 工号.
///
/// # Errors
/// The database fails.
pub async fn officer_by_number(
    connection: &impl ConnectionTrait,
    number: &str,
) -> Result<Option<officer::Model>, DbErr> {
    officer::Entity::find().filter(officer::Column::Number.eq(number)).one(connection).await
}

/// The account of an officer, where one was ever made.
///
/// # Errors
/// The database fails.
pub async fn account(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(officer).one(connection).await
}

/// Everything a call needs to know about who makes it; `None` for somebody who cannot log in any more.
///
/// # Errors
/// The database fails.
pub async fn caller(state: &AppState, id: Uuid, session: Uuid) -> Result<Option<Caller>, Failure> {
    let connection = state.database.read();
    let Some(officer) = officer::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    if officer.status != OfficerStatus::InService.as_str() {
        return Ok(None);
    }
    let org = state.reference.org(connection).await?;
    let courts = &org.courts;
    let department = org.departments.iter().find(|department| department.id == officer.department_id);
    let department_name = department.map(|department| department.name.clone()).unwrap_or_default();
    let post_class = PostClass::parse(&officer.post_class).unwrap_or(PostClass::Staff);
    let mut grants = Vec::new();
    let is_director = officer.post.as_deref() == Some(POLITICAL_DIRECTOR);
    for role in roles_from_post(post_class, is_director, department_name == POLITICAL_DEPARTMENT) {
        let scope = match role {
            Role::DepartmentHead => Scope::Departments { ids: vec![officer.department_id] },
            Role::VicePresident => {
                let overseen = org.oversights.iter().filter(|row| row.officer_id == id);
                Scope::Departments { ids: overseen.map(|row| row.department_id).collect() }
            }
            Role::President | Role::Hr => {
                let ids = subtree(courts, officer.court_id);
                // At the top court it is the province, with what is decided for all courts at once.
                if ids.len() == courts.len() { Scope::Province } else { Scope::Courts { ids } }
            }
            _ => Scope::Own,
        };
        grants.push(Grant { role, scope });
    }
    let classes: Vec<Uuid> = training_class::Entity::find()
        .filter(training_class::Column::TeacherId.eq(id))
        .select_only()
        .column(training_class::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    if !classes.is_empty() {
        grants.push(Grant { role: Role::ClassTeacher, scope: Scope::Classes { ids: classes } });
    }
    for given in org.role_grants.iter().filter(|given| given.officer_id == id) {
        if let Some(role) = Role::parse(&given.role) {
            let scope = match (given.department_id, given.court_id) {
                (Some(department), _) => Scope::Departments { ids: vec![department] },
                // A role of a department covers nothing without one, whatever wrote the row.
                (None, _) if role.is_of_a_department() => Scope::Own,
                (None, Some(court)) => Scope::Courts { ids: subtree(courts, court) },
                (None, None) => Scope::Province,
            };
            grants.push(Grant { role, scope });
        }
    }
    let court_name =
        courts.iter().find(|court| court.id == officer.court_id).map(|court| court.name.clone()).unwrap_or_default();
    Ok(Some(Caller {
        session,
        id,
        officer: officer.number,
        name: officer.name,
        court: officer.court_id,
        court_name,
        department: officer.department_id,
        department_name,
        post: officer.post,
        post_class,
        grants,
    }))
}

/// A court and all courts below it.
fn subtree(courts: &[Court], root: Uuid) -> Vec<Uuid> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(courts.iter().filter(|court| court.parent_id == Some(parent)).map(|court| court.id));
        at += 1;
    }
    found
}

/// The sessions of an officer that have not ended, last used first.
///
/// # Errors
/// The database fails.
pub async fn sessions(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    now: i64,
) -> Result<Vec<session::Model>, DbErr> {
    session::Entity::find()
        .filter(session::Column::OfficerId.eq(officer))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .limit(100)
        .all(connection)
        .await
}
