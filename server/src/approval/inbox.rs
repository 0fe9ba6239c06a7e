//! What waits for an approver: a page of cards with a fixed number of queries.

use std::collections::HashMap;

use app::approval::api::{Inbox, Task};
use app::approval::rules::StepState;
use app::day::Timestamp;
use app::leave::types::LeaveType;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::{approval_task, leave_entry, leave_request};
use crate::leave::store::span;
use crate::org::store::people;

/// The most tasks that one answer carries.
pub(super) const LIMIT: u64 = 200;

/// The open tasks of an approver, the longest waiting first: seven queries, whatever their number.
///
/// # Errors
/// The database fails.
pub async fn inbox(connection: &impl ConnectionTrait, approver: Uuid, limit: u64) -> Result<Inbox, DbErr> {
    let open = approval_task::Entity::find()
        .filter(approval_task::Column::OfficerId.eq(approver))
        .filter(approval_task::Column::State.eq(StepState::Open.as_str()));
    let total = i64::try_from(open.clone().count(connection).await?).unwrap_or(i64::MAX);
    let rows = open
        .order_by_asc(approval_task::Column::OpenedAt)
        .order_by_asc(approval_task::Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    let subjects: Vec<Uuid> = rows.iter().map(|task| task.subject_id).collect();
    let requests: HashMap<Uuid, leave_request::Model> = leave_request::Entity::find()
        .filter(leave_request::Column::Id.is_in(subjects.iter().copied()))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let applicants: Vec<Uuid> = requests.values().map(|row| row.officer_id).collect();
    let (officers, departments) = people(connection, applicants.clone()).await?;
    let steps: HashMap<Uuid, i64> = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.is_in(subjects))
        .select_only()
        .column(approval_task::Column::SubjectId)
        .column_as(approval_task::Column::Id.count(), "steps")
        .group_by(approval_task::Column::SubjectId)
        .into_tuple::<(Uuid, i64)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let left = left(connection, &applicants).await?;
    let tasks = rows.into_iter().filter_map(|task| {
        let request = requests.get(&task.subject_id)?;
        let applicant = officers.get(&request.officer_id)?;
        let span = span(request);
        let is_granted = LeaveType::find(&request.leave_type).is_ok_and(|kind| kind.granted);
        let key = (request.officer_id, request.leave_type.clone(), span.from().date.year());
        Some(Task {
            id: task.id,
            version: task.version,
            subject_id: task.subject_id,
            number: request.number.clone(),
            kind: task.subject_kind,
            officer: applicant.number.clone(),
            name: applicant.name.clone(),
            department: departments.get(&applicant.department_id).cloned().unwrap_or_default(),
            leave_type: request.leave_type.clone(),
            from: span.from(),
            to: span.to(),
            half_days: request.half_days,
            reason: request.reason.clone(),
            // The request holds its half days already, so what is left now is what is left after it.
            available_after: is_granted.then(|| left.get(&key).copied().unwrap_or(0)),
            step: task.step,
            steps: steps.get(&task.subject_id).and_then(|count| i32::try_from(*count).ok()).unwrap_or(task.step),
            opened_at: Timestamp::from_millis(task.opened_at.unwrap_or(request.submitted_at)),
        })
    });
    Ok(Inbox { tasks: tasks.collect(), total })
}

type Account = (Uuid, String, i32);

async fn left(connection: &impl ConnectionTrait, officers: &[Uuid]) -> Result<HashMap<Account, i64>, DbErr> {
    let rows = leave_entry::Entity::find()
        .filter(leave_entry::Column::OfficerId.is_in(officers.iter().copied()))
        .select_only()
        .column(leave_entry::Column::OfficerId)
        .column(leave_entry::Column::LeaveType)
        .column(leave_entry::Column::Year)
        .column_as(sea_orm::sea_query::Expr::cust("CAST(SUM(half_days) AS BIGINT)"), "left")
        .group_by(leave_entry::Column::OfficerId)
        .group_by(leave_entry::Column::LeaveType)
        .group_by(leave_entry::Column::Year)
        .into_tuple::<(Uuid, String, i32, i64)>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(officer, kind, year, left)| ((officer, kind, year), left)).collect())
}
