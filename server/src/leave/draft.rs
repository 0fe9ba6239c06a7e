//! Drafts (草稿): what an officer has filled in and not submitted, the same on each of his devices.
//!
//! A draft is nobody's business but its owner's. That one was begun or discarded stands in the audit trail; what is typed
//! in between does not, nor does anything that it says.

use app::api::{Code, Empty};
use app::day::Timestamp;
use app::leave::api::{DeleteLeaveDraft, LeaveDraft, LeaveDraftContent, LeaveDrafts, ListLeaveDrafts, SaveLeaveDraft};
use app::leave::draft::{KEEP_DAYS, Stored, save};
use app::org::rules::OfficerStatus;
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel,
    ModelTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::store;
use crate::audit::{self, Actor, Deed};
use crate::entity::{leave_draft, officer};
use crate::error::Failure;
use crate::mount::{Answer, Api, Call, signed_out};
use crate::org::store::lock_officer;
use crate::session::Caller;
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListLeaveDrafts, _, _, _>(list_leave_drafts)
        .mount::<SaveLeaveDraft, _, _, _>(save_leave_draft)
        .mount::<DeleteLeaveDraft, _, _, _>(delete_leave_draft)
}

async fn list_leave_drafts(call: Call<ListLeaveDrafts>) -> Result<LeaveDrafts, Failure> {
    let rows = of_officer(call.state.database.read(), call.caller()?.id).await?;
    Ok(LeaveDrafts { items: rows.iter().filter_map(wire).collect() })
}

/// The owner's row is locked, as a submission locks it: a draft that is saved late does not come back after the request
/// was submitted from it.
async fn save_leave_draft(call: Call<SaveLeaveDraft>) -> Result<LeaveDraft, Failure> {
    let (state, caller, body, id) = (&call.state, call.caller()?, call.body()?, call.path.id);
    let tx = state.database.begin().await?;
    lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    let reused = || Failure::new(Code::IdReused, "这个编号已用于另一份请假，请返回重新填写");
    if let Some(request) = store::request(&tx, id).await? {
        if request.officer_id == caller.id {
            return Err(Failure::new(Code::WrongState, "这份请假已经提交，草稿不再保存；请到“我的申请”查看"));
        }
        return Err(reused());
    }
    let before = leave_draft::Entity::find_by_id(id).one(&tx).await?;
    if before.as_ref().is_some_and(|row| row.officer_id != caller.id) {
        return Err(reused());
    }
    let own = of_officer(&tx, caller.id).await?;
    let others = own.iter().filter(|row| row.id != id).count();
    let known = before.as_ref().and_then(|row| Some((row, content(row)?)));
    let stored = known.as_ref().map(|(row, content)| Stored { content, version: row.version });
    let version = match save(&body.content, body.version, stored, others) {
        Ok(Some(version)) => version,
        Ok(None) => {
            let same = before.as_ref().and_then(wire);
            tx.rollback().await?;
            return same.ok_or_else(|| Failure::internal("a draft that was just read"));
        }
        Err(mut problem) => {
            if problem.code == Code::StaleVersion {
                let current = before.as_ref().and_then(wire);
                problem.current = Some(serde_json::to_value(current).map_err(Failure::internal)?);
            }
            return Err(Failure::Problem(problem));
        }
    };
    let row = leave_draft::Model {
        id,
        officer_id: caller.id,
        content: serde_json::to_string(&body.content).map_err(Failure::internal)?,
        changed_at: state.now().millis(),
        version,
    };
    if before.is_some() {
        row.clone().into_active_model().reset_all().update(&tx).await?;
    } else {
        leave_draft::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        record(&tx, state, caller, "leave_draft.create", id).await?;
    }
    tx.commit().await?;
    wire(&row).ok_or_else(|| Failure::internal("a draft that was just written"))
}

/// Somebody else's draft is none of the caller's: he hears the same as if there were none.
async fn delete_leave_draft(call: Call<DeleteLeaveDraft>) -> Result<Answer<Empty>, Failure> {
    let (state, caller, id) = (&call.state, call.caller()?, call.path.id);
    let tx = state.database.begin().await?;
    lock_officer(&tx, caller.id).await?.ok_or_else(signed_out)?;
    let found = leave_draft::Entity::find_by_id(id).one(&tx).await?.filter(|row| row.officer_id == caller.id);
    match found {
        Some(row) => {
            row.delete(&tx).await?;
            record(&tx, state, caller, "leave_draft.discard", id).await?;
            tx.commit().await?;
        }
        None => tx.rollback().await?,
    }
    Ok(Empty {}.into())
}

async fn record(
    tx: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    action: &str,
    id: Uuid,
) -> Result<(), DbErr> {
    let name = id.to_string();
    let deed = Deed { action, subject: "leave_draft", id: &name };
    audit::record(tx, &state.clock, &Actor::from(caller), deed, None::<&()>, None::<&()>).await
}

/// The drafts of an officer, the last changed first.
async fn of_officer(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Vec<leave_draft::Model>, DbErr> {
    leave_draft::Entity::find()
        .filter(leave_draft::Column::OfficerId.eq(officer))
        .order_by_desc(leave_draft::Column::ChangedAt)
        .order_by_desc(leave_draft::Column::Id)
        .all(connection)
        .await
}

/// What a draft holds. One that this program cannot read any more is as good as none, which the log says.
fn content(row: &leave_draft::Model) -> Option<LeaveDraftContent> {
    serde_json::from_str(&row.content)
        .inspect_err(|error| tracing::error!(id = %row.id, %error, "A stored draft cannot be read."))
        .ok()
}

fn wire(row: &leave_draft::Model) -> Option<LeaveDraft> {
    let changed_at = Timestamp::from_millis(row.changed_at);
    Some(LeaveDraft { id: row.id, version: row.version, changed_at, content: content(row)? })
}

/// Removes the draft from which a request was submitted.
///
/// # Errors
/// The database fails.
pub(super) async fn submitted(tx: &impl ConnectionTrait, officer: Uuid, id: Uuid) -> Result<(), DbErr> {
    leave_draft::Entity::delete_many()
        .filter(leave_draft::Column::Id.eq(id))
        .filter(leave_draft::Column::OfficerId.eq(officer))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes the drafts that nobody will go on with: not changed for a long time, or of officers who are no longer in
/// service. Any number of servers may do it at once.
///
/// # Errors
/// The database fails.
pub async fn prune(state: &AppState) -> Result<u64, DbErr> {
    let before = state.now().plus_minutes(-KEEP_DAYS * 24 * 60).millis();
    let in_service = Query::select()
        .column(officer::Column::Id)
        .from(officer::Entity)
        .and_where(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .to_owned();
    let done = leave_draft::Entity::delete_many()
        .filter(
            Condition::any()
                .add(leave_draft::Column::ChangedAt.lt(before))
                .add(leave_draft::Column::OfficerId.in_subquery(in_service).not()),
        )
        .exec(state.database.write())
        .await?;
    Ok(done.rows_affected)
}
