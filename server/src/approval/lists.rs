//! The lists beside the inbox: 我发起的, 我已办, 抄送我.

use app::api::Page;
use app::approval::api::{ListRequests, RequestBox, RequestItem};
use app::approval::process::Outcome;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::inbox::{Subjects, matching, position};
use super::store::of_name;
use crate::entity::{approval_copy, approval_process, approval_task};
use crate::error::Failure;
use crate::mount::Call;

/// A page of one of the lists, the newest request first.
pub(super) async fn list_requests(call: Call<ListRequests>) -> Result<Page<RequestItem>, Failure> {
    let (caller, query) = (call.caller()?.id, &call.query);
    let connection = call.state.database.read();
    let of = query.of.unwrap_or_default();
    let mut processes = approval_process::Entity::find();
    processes = match of {
        RequestBox::Mine => processes.filter(approval_process::Column::ApplicantId.eq(caller)),
        RequestBox::Decided => {
            let decided = approval_task::Entity::find()
                .filter(approval_task::Column::DecidedBy.eq(caller))
                .select_only()
                .column(approval_task::Column::SubjectId)
                .into_query();
            processes.filter(approval_process::Column::SubjectId.in_subquery(decided))
        }
        RequestBox::Copied => {
            let copied = approval_copy::Entity::find()
                .filter(approval_copy::Column::OfficerId.eq(caller))
                .select_only()
                .column(approval_copy::Column::SubjectId)
                .into_query();
            processes.filter(approval_process::Column::SubjectId.in_subquery(copied))
        }
    };
    if let Some(subjects) = matching(query.q.as_deref(), query.from, query.to) {
        processes = processes.filter(approval_process::Column::SubjectId.in_subquery(subjects));
    }
    if let Some(cursor) = &query.cursor {
        let (at, id) = position(cursor)?;
        let older = approval_process::Column::StartedAt.lt(at);
        let same = sea_orm::ExprTrait::and(
            approval_process::Column::StartedAt.eq(at),
            approval_process::Column::SubjectId.lt(id),
        );
        processes = processes.filter(sea_orm::ExprTrait::or(older, same));
    }
    let limit = usize::from(query.limit.unwrap_or(20).clamp(1, 100));
    let mut rows = processes
        .order_by_desc(approval_process::Column::StartedAt)
        .order_by_desc(approval_process::Column::SubjectId)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.started_at, row.subject_id));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.subject_id).collect();
    let subjects = Subjects::load(connection, ids, Vec::new()).await?;
    let item = |row: approval_process::Model| {
        Some(RequestItem {
            // Who only has a copy learns that somebody is away, not why.
            subject: subjects.subject(row.subject_id, of != RequestBox::Copied)?,
            outcome: of_name(&row.outcome).unwrap_or(Outcome::Running),
            decided: row.decided,
            nodes: row.nodes,
            cancelled: subjects.is_cancelled(row.subject_id),
        })
    };
    Ok(Page { items: rows.into_iter().filter_map(item).collect(), next })
}
