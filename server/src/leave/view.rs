//! Requests as their viewers see them: a whole page with a fixed number of queries.

use std::collections::HashMap;

use app::approval::api::{ChainStep, StepMode};
use app::approval::process::TaskState;
use app::day::{Day, Timestamp};
use app::leave::api::{Cancellation, LeaveRequest};
use app::leave::rules::{Outcome, Stored, Viewer, actions, status};
use app::org::rules::PostClass;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::store::{half_day, span};
use crate::approval::{name_of, of_name};
use crate::entity::{approval_task, leave_request, officer};
use crate::org::store::people;

/// Draws requests for a viewer, in the order given: five queries.
///
/// # Errors
/// The database fails.
pub async fn draw(
    connection: &impl ConnectionTrait,
    rows: Vec<leave_request::Model>,
    viewer: Uuid,
    today: Day,
) -> Result<Vec<LeaveRequest>, DbErr> {
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.is_in(rows.iter().map(|row| row.id)))
        .filter(approval_task::Column::Shown.eq(true))
        .order_by_asc(approval_task::Column::Node)
        .order_by_asc(approval_task::Column::Seq)
        .all(connection)
        .await?;
    let named = rows
        .iter()
        .flat_map(|row| [Some(row.officer_id), row.stand_in_id, row.cancelled_by])
        .flatten()
        .chain(tasks.iter().map(|task| task.officer_id))
        .collect();
    let (officers, departments) = people(connection, named).await?;
    let names = Names { officers: &officers, departments: &departments };
    let mut recounted = super::recount::last(connection, rows.iter().map(|row| row.id).collect()).await?;
    let drawn = rows.into_iter().map(|row| {
        let recounted = recounted.remove(&row.id);
        LeaveRequest { recounted, ..names.request(row, &tasks, viewer, today) }
    });
    Ok(drawn.collect())
}

/// What somebody is to a request.
///
/// # Errors
/// The database fails.
pub async fn viewer(
    connection: &impl ConnectionTrait,
    row: &leave_request::Model,
    viewer: Uuid,
) -> Result<Viewer, DbErr> {
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id))
        .filter(approval_task::Column::Shown.eq(true))
        .all(connection)
        .await?;
    Ok(as_viewer(row, tasks.iter(), viewer))
}

fn as_viewer<'t>(
    row: &leave_request::Model,
    tasks: impl Iterator<Item = &'t approval_task::Model>,
    viewer: Uuid,
) -> Viewer {
    let is_applicant = row.officer_id == viewer;
    let mut found = Viewer { is_applicant, ..Viewer::default() };
    for task in tasks {
        found.has_open_task |= !is_applicant && task.officer_id == viewer && task.state == name_of(&TaskState::Open);
        found.has_approved |= task.decided_by == Some(viewer) && task.state == name_of(&TaskState::Approved);
    }
    found
}

struct Names<'a> {
    officers: &'a HashMap<Uuid, officer::Model>,
    departments: &'a HashMap<Uuid, String>,
}

impl Names<'_> {
    fn number_and_name(&self, id: Uuid) -> (String, String) {
        self.officers.get(&id).map(|row| (row.number.clone(), row.name.clone())).unwrap_or_default()
    }

    fn request(
        &self,
        row: leave_request::Model,
        tasks: &[approval_task::Model],
        viewer: Uuid,
        today: Day,
    ) -> LeaveRequest {
        let stored = Stored::parse(&row.state).unwrap_or(Stored::Cancelled);
        let span = span(&row);
        let own = tasks.iter().filter(|task| task.subject_id == row.id);
        let viewer = as_viewer(&row, own.clone(), viewer);
        let (officer, name) = self.number_and_name(row.officer_id);
        let department =
            self.officers.get(&row.officer_id).and_then(|found| self.departments.get(&found.department_id));
        let stand_in = row.stand_in_id.map(|id| self.number_and_name(id));
        LeaveRequest {
            id: row.id,
            number: row.number,
            officer,
            name,
            department: department.cloned().unwrap_or_default(),
            leave_type: row.leave_type,
            from: span.from(),
            to: span.to(),
            half_days: row.half_days,
            reason: Some(row.reason),
            destination: Some(row.destination),
            stand_in: stand_in.as_ref().map(|(number, _)| number.clone()),
            stand_in_name: stand_in.map(|(_, name)| name),
            status: status(stored, span, today),
            version: row.version,
            submitted_at: Timestamp::from_millis(row.submitted_at),
            chain: self.chain(own),
            back: row.back_day.map(|day| half_day(day, row.back_half.as_deref().unwrap_or("am"))),
            returned_at: row.returned_at.map(Timestamp::from_millis),
            outcome: row.outcome.as_deref().and_then(Outcome::parse),
            cancelled: row.cancelled_at.zip(row.cancelled_by).map(|(at, by)| Cancellation {
                by: self.number_and_name(by).1,
                at: Timestamp::from_millis(at),
                reason: row.cancel_reason.unwrap_or_default(),
            }),
            recounted: None,
            actions: actions(stored, span, viewer, today),
        }
    }

    /// The steps of a chain: tasks of one node have the same position.
    fn chain<'t>(&self, tasks: impl Iterator<Item = &'t approval_task::Model>) -> Vec<ChainStep> {
        let mut steps = Vec::new();
        let (mut position, mut node) = (0, None);
        for task in tasks {
            if node != Some(task.node) {
                (position, node) = (position + 1, Some(task.node));
            }
            steps.push(self.step(position, task));
        }
        steps
    }

    fn step(&self, position: i32, task: &approval_task::Model) -> ChainStep {
        let (officer, name) = self.number_and_name(task.officer_id);
        ChainStep {
            step: position,
            mode: of_name(&task.mode).unwrap_or(StepMode::Single),
            officer: Some(officer),
            name: Some(name),
            post_class: task.post_class.as_deref().and_then(PostClass::parse),
            post: task.post.clone(),
            stands_in_for: task.stands_in_for.clone(),
            state: of_name(&task.state).unwrap_or(TaskState::Void),
            comment: task.comment.clone(),
            decided_at: task.decided_at.map(Timestamp::from_millis),
        }
    }
}
