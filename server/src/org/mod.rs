//! Courts, departments, officers; who oversees what; imports.

pub mod pinyin;
pub mod store;

pub(crate) mod colleagues;
mod imports;

use app::account::rules::Permission;
use app::api::Page;
use app::day::Day;
use app::org::api::{
    Court, Courts, Departments, GetOfficer, ListColleagues, ListCourts, ListDepartments, ListOfficers, ListVacancies,
    OfficerDetail, OfficerItem, SetOversights, Vacancies, Vacancy,
};
use app::org::rules::{CourtLevel, PostClass, fallback_text};
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::entity::{court, department, officer, oversight};
use crate::error::Failure;
use crate::mount::{Api, Call, not_allowed};
use crate::state::AppState;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    let api = api
        .mount::<ListCourts, _, _, _>(list_courts)
        .mount::<ListDepartments, _, _, _>(list_departments)
        .mount::<ListOfficers, _, _, _>(list_officers)
        .mount::<GetOfficer, _, _, _>(get_officer)
        .mount::<SetOversights, _, _, _>(set_oversights)
        .mount::<ListVacancies, _, _, _>(list_vacancies)
        .mount::<ListColleagues, _, _, _>(colleagues::list_colleagues);
    imports::mount(api)
}

async fn list_courts(call: Call<ListCourts>) -> Result<Courts, Failure> {
    let connection = call.state.database.read();
    let counts = store::officers_by_court(connection).await?;
    let items = store::courts(connection)
        .await?
        .into_iter()
        .map(|row| Court {
            officers: counts.iter().find(|(court, _)| *court == row.id).map_or(0, |(_, count)| *count),
            level: CourtLevel::parse(&row.level).unwrap_or(CourtLevel::Basic),
            id: row.id,
            name: row.name,
            parent_id: row.parent_id,
        })
        .collect();
    Ok(Courts { items })
}

async fn list_departments(call: Call<ListDepartments>) -> Result<Departments, Failure> {
    let caller = call.caller()?;
    let court = call.query.court.unwrap_or(caller.court);
    if !caller.may(Permission::ReadOfficers, court, None) {
        return Err(not_allowed());
    }
    departments(&call.state, court).await
}

async fn departments(state: &AppState, court: Uuid) -> Result<Departments, Failure> {
    let connection = state.database.read();
    let filter = store::Filter {
        court: Some(court),
        posts: vec![PostClass::CourtLeader, PostClass::President],
        ..store::Filter::default()
    };
    let leaders = store::officers(connection, &state.secrets, filter, 100).await?;
    let held = store::held_posts(connection, Some(court)).await?;
    Ok(Departments {
        items: store::departments(connection, court, &held).await?,
        leaders: leaders.into_iter().map(|(_, item)| item).collect(),
    })
}

async fn list_officers(call: Call<ListOfficers>) -> Result<Page<OfficerItem>, Failure> {
    let caller = call.caller()?;
    let limit = call.query.limit.unwrap_or(50).clamp(1, 200);
    let filter = store::Filter {
        scope: Some(store::scope(&caller.grants, Permission::ReadOfficers)),
        court: call.query.court,
        text: call.query.q.clone(),
        posts: Vec::new(),
        after: call.query.cursor.clone(),
    };
    let rows = store::officers(call.state.database.read(), &call.state.secrets, filter, u64::from(limit) + 1).await?;
    let mut items: Vec<OfficerItem> = rows.into_iter().map(|(_, item)| item).collect();
    let more = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    let next = items.last().filter(|_| more).map(|item| item.officer.clone());
    Ok(Page { items, next })
}

async fn get_officer(call: Call<GetOfficer>) -> Result<OfficerDetail, Failure> {
    let caller = call.caller()?;
    let filter = store::Filter {
        scope: Some(store::scope(&caller.grants, Permission::ReadOfficers)),
        text: Some(call.path.officer.clone()),
        ..store::Filter::default()
    };
    let found = store::officers(call.state.database.read(), &call.state.secrets, filter, 200).await?;
    let (row, item) = found
        .into_iter()
        .find(|(row, _)| row.number == call.path.officer)
        .ok_or_else(|| Failure::not_found("这名干警"))?;
    Ok(OfficerDetail {
        rank: row.rank,
        id_number: store::masked(&call.state.secrets, &row.id_number, 3, 2),
        started_work_on: Day::from(row.started_work_on),
        joined_court_on: row.joined_court_on.map(Day::from),
        item,
    })
}

async fn set_oversights(call: Call<SetOversights>) -> Result<Departments, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let leader = crate::account::store::officer_by_number(&tx, &body.officer)
        .await?
        .filter(|leader| caller.may(Permission::ManageOrg, leader.court_id, None))
        .ok_or_else(|| Failure::not_found("这名院领导"))?;
    if !PostClass::parse(&leader.post_class).is_some_and(PostClass::is_leader) {
        return Err(Failure::bad_input("officer", format!("{} 不是院领导，不能分管部门", leader.name)));
    }
    // One leader of a court after the other: a department may change hands between two.
    court::Entity::find_by_id(leader.court_id).lock(LockType::NoKeyUpdate).one(&tx).await?;
    let own: Vec<department::Model> =
        department::Entity::find().filter(department::Column::CourtId.eq(leader.court_id)).all(&tx).await?;
    if body.departments.iter().any(|id| own.iter().all(|department| department.id != *id)) {
        return Err(Failure::bad_input("departments", "只能分管本院的部门，请刷新页面后重新选择"));
    }
    let before: Vec<Uuid> = oversight::Entity::find()
        .filter(oversight::Column::OfficerId.eq(leader.id))
        .all(&tx)
        .await?
        .into_iter()
        .map(|row| row.department_id)
        .collect();
    // What he oversaw before goes, and a department that another leader oversaw changes hands.
    oversight::Entity::delete_many().filter(oversight::Column::OfficerId.eq(leader.id)).exec(&tx).await?;
    oversight::Entity::delete_many()
        .filter(oversight::Column::DepartmentId.is_in(body.departments.iter().copied()))
        .exec(&tx)
        .await?;
    let mut departments_set = body.departments.clone();
    departments_set.sort_unstable();
    departments_set.dedup();
    let rows = departments_set.iter().map(|department| oversight::ActiveModel {
        department_id: Set(*department),
        officer_id: Set(leader.id),
        set_at: Set(state.now().millis()),
    });
    if !departments_set.is_empty() {
        oversight::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    crate::approval::posts_changed(&tx, &state.clock).await?;
    let deed = Deed { action: "oversight.set", subject: "officer", id: &leader.number };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&departments_set)).await?;
    tx.commit().await?;
    state.callers.invalidate_all();
    departments(state, leader.court_id).await
}

async fn list_vacancies(call: Call<ListVacancies>) -> Result<Vacancies, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let held = store::held_posts(connection, None).await?;
    let mut items = Vec::new();
    for court in store::courts(connection).await? {
        if !caller.may(Permission::ManageOrg, court.id, None) {
            continue;
        }
        let is_top = court.parent_id.is_none();
        if !held.iter().any(|post| post.court == court.id && post.class == PostClass::President) {
            items.push(Vacancy {
                court: court.name.clone(),
                department: None,
                post_class: PostClass::President,
                fallback: fallback_text(PostClass::President, is_top),
            });
        }
        for department in store::departments(connection, court.id, &held).await? {
            let own: Vec<&store::HeldPost> = held.iter().filter(|post| post.department == department.id).collect();
            let staffed = own.iter().any(|post| matches!(post.class, PostClass::Staff | PostClass::DepartmentDeputy));
            let headed = own.iter().any(|post| post.class.heads(post.name.as_deref(), &department.name));
            if staffed && !headed {
                items.push(Vacancy {
                    court: court.name.clone(),
                    department: Some(department.name),
                    post_class: PostClass::DepartmentHead,
                    fallback: fallback_text(PostClass::DepartmentHead, is_top),
                });
            }
        }
    }
    Ok(Vacancies { items })
}

/// An officer that a caller may see with a permission, or himself.
///
/// # Errors
/// [`app::api::Code::NotFound`] for nobody and for somebody outside his part of the tree alike.
pub async fn visible_officer(
    state: &AppState,
    caller: &crate::session::Caller,
    permission: Permission,
    number: Option<&str>,
) -> Result<officer::Model, Failure> {
    let number = number.unwrap_or(&caller.officer);
    crate::account::store::officer_by_number(state.database.read(), number)
        .await?
        .filter(|row| row.id == caller.id || caller.may(permission, row.court_id, Some(row.department_id)))
        .ok_or_else(|| Failure::not_found("这名干警"))
}
