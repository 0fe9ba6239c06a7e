//! Queries about courts, departments and officers.

use std::collections::HashMap;

use app::account::rules::{Grant, Permission, Scope};
use app::org::api::{Department, OfficerItem};
use app::org::rules::{Category, OfficerStatus, PostClass, is_leaders_only};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::{account, court, department, officer, oversight};
use crate::secrets::Secrets;

/// The courts, a parent before its children.
///
/// # Errors
/// The database fails.
pub async fn courts(connection: &impl ConnectionTrait) -> Result<Vec<court::Model>, DbErr> {
    court::Entity::find().order_by_asc(court::Column::Position).all(connection).await
}

/// How many officers in service each court has.
///
/// # Errors
/// The database fails.
pub async fn officers_by_court(connection: &impl ConnectionTrait) -> Result<Vec<(Uuid, i64)>, DbErr> {
    officer::Entity::find()
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .select_only()
        .column(officer::Column::CourtId)
        .column_as(officer::Column::Id.count(), "officers")
        .group_by(officer::Column::CourtId)
        .into_tuple()
        .all(connection)
        .await
}

/// The departments of a court in the order of the roster, with who oversees them. `held`: the posts of this court at
/// least.
///
/// # Errors
/// The database fails.
pub async fn departments(
    connection: &impl ConnectionTrait,
    court: Uuid,
    held: &[HeldPost],
) -> Result<Vec<Department>, DbErr> {
    let rows = department::Entity::find()
        .filter(department::Column::CourtId.eq(court))
        .order_by_asc(department::Column::Position)
        .all(connection)
        .await?;
    let overseers: Vec<(Uuid, String, String)> = oversight::Entity::find()
        .join(
            sea_orm::JoinType::InnerJoin,
            oversight::Entity::belongs_to(officer::Entity)
                .from(oversight::Column::OfficerId)
                .to(officer::Column::Id)
                .into(),
        )
        .filter(officer::Column::CourtId.eq(court))
        .select_only()
        .column(oversight::Column::DepartmentId)
        .column(officer::Column::Number)
        .column(officer::Column::Name)
        .into_tuple()
        .all(connection)
        .await?;
    let departments = rows
        .into_iter()
        .map(|row| {
            let overseer = overseers.iter().find(|(department, ..)| *department == row.id);
            let classes = held.iter().filter(|post| post.department == row.id).map(|post| post.class);
            Department {
                leaders_only: is_leaders_only(classes),
                overseer: overseer.map(|(_, number, _)| number.clone()),
                overseer_name: overseer.map(|(.., name)| name.clone()),
                id: row.id,
                court_id: row.court_id,
                name: row.name,
            }
        })
        .collect();
    Ok(departments)
}

/// Which officers to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that the caller may see; everybody when absent.
    pub scope: Option<Condition>,
    /// One court only.
    pub court: Option<Uuid>,
    /// Part of the name or the beginning of the 工号.
    pub text: Option<String>,
    /// These classes of post only; all when empty.
    pub posts: Vec<PostClass>,
    /// After this 工号.
    pub after: Option<String>,
}

/// Officers by 工号, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn officers(
    connection: &impl ConnectionTrait,
    secrets: &Secrets,
    filter: Filter,
    limit: u64,
) -> Result<Vec<(officer::Model, OfficerItem)>, DbErr> {
    let mut query = officer::Entity::find();
    if let Some(scope) = filter.scope {
        query = query.filter(scope);
    }
    if let Some(court) = filter.court {
        query = query.filter(officer::Column::CourtId.eq(court));
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query = query.filter(
            Condition::any().add(officer::Column::Name.contains(text)).add(officer::Column::Number.starts_with(text)),
        );
    }
    if !filter.posts.is_empty() {
        query = query.filter(officer::Column::PostClass.is_in(filter.posts.iter().map(|post| post.as_str())));
    }
    if let Some(after) = filter.after {
        query = query.filter(officer::Column::Number.gt(after));
    }
    let rows = query.order_by_asc(officer::Column::Number).limit(limit).all(connection).await?;
    let courts =
        names(connection, court::Entity::find().select_only().column(court::Column::Id).column(court::Column::Name))
            .await?;
    let ids = rows.iter().map(|row| row.department_id);
    let departments = names(
        connection,
        department::Entity::find()
            .filter(department::Column::Id.is_in(ids))
            .select_only()
            .column(department::Column::Id)
            .column(department::Column::Name),
    )
    .await?;
    let active: Vec<Uuid> = account::Entity::find()
        .filter(account::Column::OfficerId.is_in(rows.iter().map(|row| row.id)))
        .filter(account::Column::PasswordHash.is_not_null())
        .select_only()
        .column(account::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    let name = |names: &[(Uuid, String)], id: Uuid| {
        names.iter().find(|(key, _)| *key == id).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let listed = rows.into_iter().map(|row| {
        let item = OfficerItem {
            officer: row.number.clone(),
            name: row.name.clone(),
            court: name(&courts, row.court_id),
            department: name(&departments, row.department_id),
            post: row.post.clone(),
            post_class: PostClass::parse(&row.post_class).unwrap_or(PostClass::Staff),
            category: Category::parse(&row.category).unwrap_or(Category::Administrative),
            status: OfficerStatus::parse(&row.status).unwrap_or(OfficerStatus::InService),
            phone: row.phone.as_deref().map(|sealed| masked(secrets, sealed, 3, 4)),
            active: active.contains(&row.id),
        };
        (row, item)
    });
    Ok(listed.collect())
}

async fn names<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    query: sea_orm::Select<E>,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    query.into_tuple().all(connection).await
}

/// The officer's row, locked until the transaction ends: whatever changes his leave, his delegations or his browsers
/// waits here.
///
/// # Errors
/// The database fails.
pub async fn lock_officer(tx: &impl ConnectionTrait, id: Uuid) -> Result<Option<officer::Model>, DbErr> {
    officer::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await
}

/// A sealed number with only its ends shown: `138****0001`.
pub fn masked(secrets: &Secrets, sealed: &[u8], head: usize, tail: usize) -> String {
    let Ok(bytes) = secrets.open(sealed) else { return "****".to_owned() };
    let text = String::from_utf8_lossy(&bytes);
    let length = text.chars().count();
    if length <= head + tail {
        return "****".to_owned();
    }
    text.chars().enumerate().map(|(at, c)| if at < head || at >= length - tail { c } else { '*' }).collect()
}

/// The officers that grants let somebody see with a permission.
pub fn scope(grants: &[Grant], permission: Permission) -> Condition {
    let mut condition = Condition::any();
    for grant in grants.iter().filter(|grant| grant.permits(permission)) {
        condition = match &grant.scope {
            Scope::Province => condition.add(Expr::val(1).eq(1)),
            Scope::Courts { ids } => condition.add(officer::Column::CourtId.is_in(ids.iter().copied())),
            Scope::Departments { ids } => condition.add(officer::Column::DepartmentId.is_in(ids.iter().copied())),
            Scope::Own | Scope::Classes { .. } => condition,
        };
    }
    // An empty `any` would let everything through.
    if condition.is_empty() { condition.add(Expr::val(1).eq(0)) } else { condition }
}

/// A post that somebody in service holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// The court's id.
    pub court: Uuid,
    /// The department's id.
    pub department: Uuid,
    /// The class of post.
    pub class: PostClass,
    /// The post's name, where it has one.
    pub name: Option<String>,
}

/// Which posts somebody in service holds, each once: in one court, or in all of them.
///
/// # Errors
/// The database fails.
pub async fn held_posts(connection: &impl ConnectionTrait, court: Option<Uuid>) -> Result<Vec<HeldPost>, DbErr> {
    let mut query = officer::Entity::find().filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()));
    if let Some(court) = court {
        query = query.filter(officer::Column::CourtId.eq(court));
    }
    let rows: Vec<(Uuid, Uuid, String, Option<String>)> = query
        .select_only()
        .column(officer::Column::CourtId)
        .column(officer::Column::DepartmentId)
        .column(officer::Column::PostClass)
        .column(officer::Column::Post)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    let held = rows.into_iter().map(|(court, department, class, name)| HeldPost {
        class: PostClass::parse(&class).unwrap_or(PostClass::Staff),
        court,
        department,
        name,
    });
    Ok(held.collect())
}

/// Officers by id, with the names of their departments by id: two queries.
///
/// # Errors
/// The database fails.
pub async fn people(
    connection: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<(HashMap<Uuid, officer::Model>, HashMap<Uuid, String>), DbErr> {
    let officers = officer::Entity::find().filter(officer::Column::Id.is_in(ids)).all(connection).await?;
    let departments = department::Entity::find()
        .filter(department::Column::Id.is_in(officers.iter().map(|row| row.department_id)))
        .all(connection)
        .await?;
    Ok((
        officers.into_iter().map(|row| (row.id, row)).collect(),
        departments.into_iter().map(|row| (row.id, row.name)).collect(),
    ))
}
