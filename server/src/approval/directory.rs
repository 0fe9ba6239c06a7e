//! The facts that plans are made from.

use std::collections::BTreeSet;

use app::account::rules::Role;
use app::approval::definition::{ApproverRule, Unit};
use app::approval::directory::{Court, Department, Directory, Officer, Oversight, Person, RoleHolder};
use app::approval::process::Process;
use app::org::rules::{OfficerStatus, POLITICAL_DEPARTMENT, PostClass};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::database::among;
use crate::entity::{court, department, officer, oversight, role_grant};
use crate::reference::Org;

/// The people of the applicant's court who can have a part in a chain, the leaders of the courts above, whoever holds a
/// role that was given, whoever the rules ask for, and the officers named by `also` with the leaders of their courts: at
/// most two queries, whatever the size of the court.
///
/// # Errors
/// The database fails.
pub async fn load(
    connection: &impl ConnectionTrait,
    org: &Org,
    applicant: &officer::Model,
    rules: impl IntoIterator<Item = &ApproverRule>,
    also: &[Uuid],
) -> Result<Directory, DbErr> {
    let asked = Asked::of(rules);
    let named = named(connection, also, &asked).await?;
    let own: BTreeSet<Uuid> = named.iter().map(|row| row.court_id).chain([applicant.court_id]).collect();
    let concerned: BTreeSet<Uuid> = own.iter().flat_map(|court| org.lineage(*court)).collect();
    let courts: Vec<Court> = org.courts.iter().filter(|court| concerned.contains(&court.id)).cloned().collect();
    let above = courts_above(&courts, applicant.court_id);
    let roles = role_holders(&org.role_grants, applicant.court_id, &above);
    let is_near = |row: &&Department| own.contains(&row.court_id) || above.contains(&row.court_id);
    let departments: Vec<Department> = org.departments.iter().filter(is_near).cloned().collect();
    let known: BTreeSet<Uuid> = departments.iter().map(|department| department.id).collect();
    let oversights = org.oversights.iter().filter(|row| known.contains(&row.department_id)).copied().collect();

    let of_class = |classes: &[PostClass]| officer::Column::PostClass.is_in(classes.iter().map(|class| class.as_str()));
    let leads = of_class(&PostClass::ALL[1..]);
    let leads_court = of_class(&[PostClass::CourtLeader, PostClass::President]);
    let small = |row: &&Department| row.name == POLITICAL_DEPARTMENT || asked.departments.contains(&row.name);
    let small = departments.iter().filter(|row| row.court_id == applicant.court_id).filter(small);
    let mut people = Condition::any()
        .add(officer::Column::Id.eq(applicant.id))
        .add_option(among(officer::Column::Id, named.iter().map(|row| row.id)))
        .add_option(among(officer::Column::Id, roles.iter().map(|holder| holder.officer_id)))
        .add(officer::Column::DepartmentId.eq(applicant.department_id))
        .add_option(among(officer::Column::DepartmentId, small.map(|row| row.id)))
        .add(officer::Column::CourtId.is_in(own).and(leads))
        .add_option(among(officer::Column::CourtId, above.iter().copied()).map(|above| above.and(leads_court)));
    if asked.court {
        people = people.add(officer::Column::CourtId.eq(applicant.court_id));
    }
    if let Some(parent) = above.first().filter(|_| asked.court_above) {
        people = people.add(officer::Column::CourtId.eq(*parent));
    }
    let officers = officers(connection, people).await?;
    Ok(Directory { officers, courts, departments, oversights, roles, submitter: None })
}

/// The facts for a running request: of the unit in which its applicant asked, with whoever has a task.
///
/// # Errors
/// The database fails.
pub(crate) async fn of_process(
    connection: &impl ConnectionTrait,
    org: &Org,
    process: &Process,
) -> Result<Directory, DbErr> {
    let plan = process.plan();
    let applicant = officer::Entity::find_by_id(plan.applicant).one(connection).await?;
    let applicant = applicant.ok_or_else(|| DbErr::RecordNotFound("the applicant of a request".to_owned()))?;
    let then = officer::Model { court_id: plan.court_id, department_id: plan.department_id, ..applicant };
    let also: Vec<Uuid> = process.tasks().iter().map(|task| task.officer.id).collect();
    let directory = load(connection, org, &then, plan.rules(), &also).await?;
    Ok(Directory { submitter: plan.submitter, ..directory })
}

/// Whom rules ask for beside the leaders.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Officers by their 工号.
    pub(super) numbers: BTreeSet<String>,
    /// Departments by name, in the applicant's court.
    pub(super) departments: BTreeSet<String>,
    /// Everybody of the applicant's court.
    pub(super) court: bool,
    /// Everybody of the court above.
    pub(super) court_above: bool,
}

impl Asked {
    pub(super) fn of<'r>(rules: impl IntoIterator<Item = &'r ApproverRule>) -> Self {
        let mut asked = Self::default();
        for rule in rules {
            match rule {
                ApproverRule::Officer { officer } => {
                    asked.numbers.insert(officer.clone());
                }
                ApproverRule::Post { unit: Unit::NamedDepartment { name }, .. }
                | ApproverRule::Role { unit: Unit::NamedDepartment { name }, .. } => {
                    asked.departments.insert(name.clone());
                }
                ApproverRule::Post { class: PostClass::Staff, unit: Unit::Court } => asked.court = true,
                ApproverRule::Post { unit: Unit::CourtAbove, .. }
                | ApproverRule::Role { unit: Unit::CourtAbove, .. } => asked.court_above = true,
                ApproverRule::Post { .. }
                | ApproverRule::Role { .. }
                | ApproverRule::Leader { .. }
                | ApproverRule::Overseer
                | ApproverRule::Chosen { .. } => {}
            }
        }
        asked
    }
}

/// Officers as the rules see them, of the columns that they look at: there are dozens for each chain.
async fn officers(connection: &impl ConnectionTrait, which: Condition) -> Result<Vec<Officer>, DbErr> {
    use officer::Column;
    type Row = (Uuid, String, String, Uuid, Uuid, Option<String>, String, String);
    let rows: Vec<Row> = officer::Entity::find()
        .filter(which)
        .select_only()
        .columns([Column::Id, Column::Number, Column::Name, Column::CourtId, Column::DepartmentId])
        .columns([Column::Post, Column::PostClass, Column::Status])
        .into_tuple()
        .all(connection)
        .await?;
    let officer = |(id, officer, name, court_id, department_id, post, post_class, status): Row| Officer {
        id,
        officer,
        name,
        court_id,
        department_id,
        post,
        post_class: post_class_of(&post_class),
        can_log_in: status == OfficerStatus::InService.as_str(),
    };
    Ok(rows.into_iter().map(officer).collect())
}

/// A class of post as stored; one that nobody knows decides nothing.
fn post_class_of(stored: &str) -> PostClass {
    PostClass::parse(stored).unwrap_or(PostClass::Staff)
}

/// Every court.
pub(crate) async fn courts(connection: &impl ConnectionTrait) -> Result<Vec<Court>, DbErr> {
    let rows = court::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| Court { id: row.id, name: row.name, parent_id: row.parent_id }).collect())
}

/// Every department.
pub(crate) async fn departments(connection: &impl ConnectionTrait) -> Result<Vec<Department>, DbErr> {
    let rows = department::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| Department { id: row.id, court_id: row.court_id, name: row.name }).collect())
}

/// Who oversees which department.
pub(crate) async fn oversights(connection: &impl ConnectionTrait) -> Result<Vec<Oversight>, DbErr> {
    let rows = oversight::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| Oversight { department_id: row.department_id, officer_id: row.officer_id }).collect())
}

async fn named(connection: &impl ConnectionTrait, also: &[Uuid], asked: &Asked) -> Result<Vec<officer::Model>, DbErr> {
    if also.is_empty() && asked.numbers.is_empty() {
        return Ok(Vec::new());
    }
    let either = Condition::any()
        .add_option(among(officer::Column::Id, also.iter().copied()))
        .add_option(among(officer::Column::Number, asked.numbers.iter().map(String::as_str)));
    officer::Entity::find().filter(either).all(connection).await
}

/// The courts above a court, the nearest first.
pub(crate) fn courts_above(courts: &[Court], court: Uuid) -> Vec<Uuid> {
    let parent = |id: &Uuid| courts.iter().find(|court| court.id == *id)?.parent_id;
    // As many steps as there are courts at most: a circle in the tree would be an error of an import.
    std::iter::successors(parent(&court), parent).take(courts.len()).collect()
}

/// Who holds a given role over a court or one above; a grant without a court covers all of them.
pub(super) fn role_holders(grants: &[role_grant::Model], court: Uuid, above: &[Uuid]) -> Vec<RoleHolder> {
    let lineage: Vec<Uuid> = std::iter::once(court).chain(above.iter().copied()).collect();
    let mut holders = Vec::new();
    for grant in grants {
        // A role of one department decides nothing: its holder asks.
        let Some(role) = Role::parse(&grant.role).filter(|role| !role.is_of_a_department()) else { continue };
        // A role over a court covers the courts below it: those that stand before it in the lineage.
        let reach = grant.court_id.map_or(Some(lineage.len()), |court| {
            lineage.iter().position(|known| *known == court).map(|position| position + 1)
        });
        let covered = lineage.iter().take(reach.unwrap_or(0));
        holders.extend(covered.map(|court_id| RoleHolder { officer_id: grant.officer_id, role, court_id: *court_id }));
    }
    holders
}

/// An officer as the rules see him.
pub(crate) fn known(row: officer::Model) -> Officer {
    Officer {
        id: row.id,
        officer: row.number,
        name: row.name,
        court_id: row.court_id,
        department_id: row.department_id,
        post: row.post,
        post_class: post_class_of(&row.post_class),
        can_log_in: row.status == OfficerStatus::InService.as_str(),
    }
}

/// An officer as somebody who acts in his own post.
pub(crate) fn person(row: officer::Model) -> Person {
    let known = known(row);
    let post = known.post.unwrap_or_else(|| known.post_class.text().to_owned());
    Person { id: known.id, officer: known.officer, name: known.name, post }
}
