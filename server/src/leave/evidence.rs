//! 证明材料: papers that a request owes until somebody who may decide on it, or HR, has seen them, and HR's list of them.

use app::account::rules::Permission;
use app::api::{Code, Page};
use app::day::{Day, Timestamp};
use app::leave::api::{ConfirmEvidence, Evidence, LeaveRequest, ListOwedPapers, OwedPapers};
use app::leave::rules::{Stored, confirm_evidence};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::act::{bump, in_version, record, stored};
use super::after::overdue::after;
use super::{attachment, one, store, view, visible_request};
use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::{people, scope};

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ConfirmEvidence, _, _, _>(confirm).mount::<ListOwedPapers, _, _, _>(list_owed_papers)
}

async fn confirm(call: Call<ConfirmEvidence>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let row = store::lock_request(&tx, call.path.id).await?.ok_or_else(|| Failure::not_found("这份请假"))?;
    let viewer = view::viewer(&tx, &row, caller).await?;
    let before = stored(&row)?;
    if let Err(code) = confirm_evidence(before, row.evidence_needed && row.evidence_seen_at.is_none(), viewer) {
        if code == Code::WrongState {
            in_version(&tx, state, caller, row, body.version).await?;
        }
        let text = match code {
            Code::NotAllowed => "只有审批这份请假的领导或政治部可以确认已交验证明材料",
            _ => "这份请假不欠证明材料，请刷新查看最新状态",
        };
        return Err(Failure::new(code, text));
    }
    let row = in_version(&tx, state, caller, row, body.version).await?;
    record(&tx, state, caller, "leave.evidence", row.id, None, Some(&"seen".to_owned())).await?;
    let mut change = bump(row, before);
    change.evidence_seen_by = Set(Some(caller.id));
    change.evidence_seen_at = Set(Some(state.now().millis()));
    let row = change.update(&tx).await?;
    tx.commit().await?;
    one(state, row, caller).await
}

/// Requests that need papers which nobody has seen yet, and that have not come to nothing. The first two conditions are
/// those of the index over them, word for word, so that both databases use it.
fn owed() -> Condition {
    let live = Stored::ALL.into_iter().filter(|stored| stored.is_live()).map(Stored::as_str);
    Condition::all()
        .add(Expr::cust("leave_request.evidence_needed"))
        .add(leave_request::Column::EvidenceSeenAt.is_null())
        .add(leave_request::Column::State.is_in(live))
}

async fn list_owed_papers(call: Call<ListOwedPapers>) -> Result<Page<OwedPapers>, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let limit = usize::from(call.query.limit.unwrap_or(50).clamp(1, 100));
    let covered = Query::select()
        .expr(Expr::cust("1"))
        .from(officer::Entity)
        .and_where(Expr::cust("officer.id = leave_request.officer_id"))
        .cond_where(scope(&caller.grants, Permission::ReadLeavePapers))
        .to_owned();
    let mut query = leave_request::Entity::find().filter(owed()).filter(Expr::exists(covered));
    if let Some(cursor) = &call.query.cursor {
        query = query.filter(after(cursor)?);
    }
    let connection = state.database.read();
    let mut rows = query
        .order_by_asc(leave_request::Column::ToDay)
        .order_by_asc(leave_request::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", Day::from(row.to_day), row.id));
    let (officers, departments) = people(connection, rows.iter().map(|row| row.officer_id).collect()).await?;
    let attached = attachment::store::counts(connection, rows.iter().map(|row| row.id)).await?;
    let items = rows.iter().filter_map(|row| {
        let officer = officers.get(&row.officer_id)?;
        let span = store::span(row);
        let files = attached.get(&row.id).filter(|count| count.files > 0);
        Some(OwedPapers {
            id: row.id,
            number: row.number.clone(),
            officer: officer.number.clone(),
            name: officer.name.clone(),
            department: departments.get(&officer.department_id).cloned().unwrap_or_default(),
            leave_type: row.leave_type.clone(),
            from: span.from(),
            to: span.to(),
            evidence: files.map_or(Evidence::Owed, |count| {
                let at = Timestamp::from_millis(count.newest);
                Evidence::Provided { at }
            }),
        })
    });
    Ok(Page { items: items.collect(), next })
}
