//! The lists beside the inbox: 我发起的, 我已办, 抄送我.

use app::api::Page;
use app::approval::api::{ListRequests, RequestBox, RequestItem, RequestQuery};
use app::approval::process::Outcome;
use app::leave::sight::{self, Sight};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::inbox::{Subjects, position};
use super::search::Search;
use super::store::of_name;
use crate::entity::{approval_copy, approval_process, approval_task};
use crate::error::Failure;
use crate::mount::Call;

/// A page of one of the lists: what came last to the officer first, be it asked for, decided or copied to him.
pub(super) async fn list_requests(call: Call<ListRequests>) -> Result<Page<RequestItem>, Failure> {
    let (caller, query) = (call.caller()?.id, &call.query);
    let connection = call.state.database.read();
    let of = query.of.unwrap_or_default();
    let limit = usize::from(query.limit.unwrap_or(20).clamp(1, 100));
    let mut places = places(connection, caller, query, limit as u64 + 1).await?;
    let more = places.len() > limit;
    places.truncate(limit);
    let next = places.last().filter(|_| more).map(|(subject, at)| format!("{at}.{subject}"));
    let ids: Vec<Uuid> = places.iter().map(|(subject, _)| *subject).collect();
    // Not the whole rows: the plan with all its people stands in them.
    let processes: Vec<(Uuid, String, i32, i32)> = approval_process::Entity::find()
        .filter(approval_process::Column::SubjectId.is_in(ids.iter().copied()))
        .select_only()
        .columns([approval_process::Column::SubjectId, approval_process::Column::Outcome])
        .columns([approval_process::Column::Decided, approval_process::Column::Nodes])
        .into_tuple()
        .all(connection)
        .await?;
    let subjects = Subjects::load(connection, ids.clone(), Vec::new()).await?;
    let sight = if of == RequestBox::Copied { Sight::Copy } else { Sight::Request };
    let item = |id: Uuid| {
        let (_, outcome, decided, nodes) = processes.iter().find(|(subject, ..)| *subject == id)?;
        Some(RequestItem {
            subject: sight::card(sight, subjects.subject(id)?),
            outcome: of_name(outcome).unwrap_or(Outcome::Running),
            decided: *decided,
            nodes: *nodes,
            cancelled: subjects.is_cancelled(id),
        })
    };
    Ok(Page { items: ids.into_iter().filter_map(item).collect(), next })
}

/// Which requests stand on a page, each with the instant that gives it its place. Each list walks an index of the
/// officer's own rows and stops at the end of the page, however long the list is.
async fn places(
    connection: &impl ConnectionTrait,
    caller: Uuid,
    query: &RequestQuery,
    limit: u64,
) -> Result<Vec<(Uuid, i64)>, Failure> {
    match query.of.unwrap_or_default() {
        RequestBox::Mine => {
            use approval_process::{Column, Entity};
            let mine = Entity::find().filter(Column::ApplicantId.eq(caller));
            let columns = (Column::SubjectId, Column::ApplicantId, Column::StartedAt);
            page(connection, mine, columns, None, query, limit).await
        }
        RequestBox::Decided => {
            use approval_task::{Column, Entity};
            // Who decided twice on a request finds it once, where he decided last.
            let later = Query::select()
                .expr(Expr::cust("1"))
                .from_as(Entity, "later")
                .and_where(Expr::cust(
                    "later.subject_id = approval_task.subject_id AND (later.decided_at > approval_task.decided_at \
                     OR later.decided_at = approval_task.decided_at AND later.id > approval_task.id)",
                ))
                .and_where(Expr::col(("later", Column::DecidedBy)).eq(caller))
                .to_owned();
            let decided = Entity::find().filter(Column::DecidedBy.eq(caller)).filter(Column::DecidedAt.is_not_null());
            let last = Some(Expr::exists(later).not());
            let columns = (Column::SubjectId, Column::ApplicantId, Column::DecidedAt);
            page(connection, decided, columns, last, query, limit).await
        }
        RequestBox::Copied => {
            use approval_copy::{Column, Entity};
            let copied = Entity::find().filter(Column::OfficerId.eq(caller));
            let columns = (Column::SubjectId, Column::ApplicantId, Column::At);
            page(connection, copied, columns, None, query, limit).await
        }
    }
}

/// A page of rows. What else is asked of a row (`also`) is asked after the search, which most rows do not survive.
async fn page<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    mut rows: Select<E>,
    (subject, applicant, at): (E::Column, E::Column, E::Column),
    also: Option<Expr>,
    query: &RequestQuery,
    limit: u64,
) -> Result<Vec<(Uuid, i64)>, Failure> {
    if let Some(search) = Search::of(query.q.as_deref(), query.from, query.to) {
        let sought = search.among(&rows, subject, applicant);
        rows = rows.filter(sought);
    }
    if let Some(also) = also {
        rows = rows.filter(also);
    }
    if let Some(cursor) = &query.cursor {
        let (before, id) = position(cursor)?;
        rows = rows.filter(at.lt(before).or(at.eq(before).and(subject.lt(id))));
    }
    let rows = rows.order_by_desc(at).order_by_desc(subject).limit(limit);
    Ok(rows.select_only().column(subject).column(at).into_tuple().all(connection).await?)
}
