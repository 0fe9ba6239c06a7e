//! The facts that a chain is made from, and its tasks.

use app::approval::matrix::approvers;
use app::approval::rules::{
    Court, Department, Directory, Mode, Officer, Oversight, ResolvedStep, StepState, begin, resolve,
};
use app::org::rules::{OfficerStatus, POLITICAL_DEPARTMENT, PostClass};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::clock::Clock;
use crate::entity::{approval_task, court, department, officer, oversight};

/// The kind of subject that a task of a leave request names.
pub const SUBJECT: &str = "leave";

/// Who would decide on so many half days of a type for an officer.
///
/// # Errors
/// The database fails.
pub async fn chain(
    connection: &impl ConnectionTrait,
    applicant: &officer::Model,
    leave_type: &str,
    routed_half_days: i64,
) -> Result<Vec<ResolvedStep>, DbErr> {
    let post_class = PostClass::parse(&applicant.post_class).unwrap_or(PostClass::Staff);
    let approvers = approvers(post_class, leave_type, routed_half_days);
    if approvers.is_empty() {
        return Ok(Vec::new());
    }
    Ok(resolve(approvers, applicant.id, &directory(connection, applicant).await?))
}

/// The people of the applicant's court who can have a part in a chain, and the leaders of the court above: five queries,
/// whatever the size of the court.
async fn directory(connection: &impl ConnectionTrait, applicant: &officer::Model) -> Result<Directory, DbErr> {
    let courts = court::Entity::find().all(connection).await?;
    let above = courts.iter().find(|court| court.id == applicant.court_id).and_then(|court| court.parent_id);
    let departments =
        department::Entity::find().filter(department::Column::CourtId.eq(applicant.court_id)).all(connection).await?;
    let political = departments.iter().find(|department| department.name == POLITICAL_DEPARTMENT).map(|found| found.id);
    let leads = officer::Column::PostClass.ne(PostClass::Staff.as_str());
    let mut concerned = Condition::any()
        .add(officer::Column::Id.eq(applicant.id))
        .add(officer::Column::DepartmentId.eq(applicant.department_id))
        .add(Condition::all().add(officer::Column::CourtId.eq(applicant.court_id)).add(leads));
    if let Some(political) = political {
        concerned = concerned.add(officer::Column::DepartmentId.eq(political));
    }
    if let Some(above) = above {
        let leaders = [PostClass::CourtLeader, PostClass::President].map(PostClass::as_str);
        concerned = concerned.add(
            Condition::all().add(officer::Column::CourtId.eq(above)).add(officer::Column::PostClass.is_in(leaders)),
        );
    }
    let officers = officer::Entity::find().filter(concerned).all(connection).await?;
    let oversights = oversight::Entity::find()
        .filter(oversight::Column::DepartmentId.is_in(departments.iter().map(|department| department.id)))
        .all(connection)
        .await?;
    Ok(Directory {
        courts: courts.into_iter().map(|row| Court { id: row.id, name: row.name, parent_id: row.parent_id }).collect(),
        departments: departments
            .into_iter()
            .map(|row| Department { id: row.id, court_id: row.court_id, name: row.name })
            .collect(),
        officers: officers.into_iter().map(known).collect(),
        oversights: oversights
            .into_iter()
            .map(|row| Oversight { department_id: row.department_id, officer_id: row.officer_id })
            .collect(),
    })
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
        post_class: PostClass::parse(&row.post_class).unwrap_or(PostClass::Staff),
        can_log_in: row.status == OfficerStatus::InService.as_str(),
    }
}

/// Pins a chain to a request: a task a step, the first one open.
///
/// # Errors
/// The database fails.
pub async fn pin(tx: &impl ConnectionTrait, clock: &Clock, request: Uuid, steps: &[ResolvedStep]) -> Result<(), DbErr> {
    let states = begin(steps.len());
    let rows = steps.iter().zip(states).filter_map(|(step, state)| {
        Some(approval_task::ActiveModel {
            id: Set(clock.new_id()),
            subject_kind: Set(SUBJECT.to_owned()),
            subject_id: Set(request),
            step: Set(step.position),
            mode: Set(Mode::Single.as_str().to_owned()),
            post_class: Set(step.post_class.as_str().to_owned()),
            post: Set(step.post.clone()),
            officer_id: Set(step.officer.as_ref()?.id),
            stands_in_for: Set(step.stands_in_for.clone()),
            state: Set(state.as_str().to_owned()),
            version: Set(1),
            comment: Set(None),
            opened_at: Set((state == StepState::Open).then(|| clock.now().millis())),
            decided_at: Set(None),
        })
    });
    approval_task::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
