//! 证明材料: papers that a request owes until somebody who may decide on it, or HR, has seen them.

use app::api::Code;
use app::leave::api::{ConfirmEvidence, LeaveRequest};
use app::leave::rules::confirm_evidence;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::act::{bump, in_version, record, stored};
use super::{one, store, view, visible_request};
use crate::error::Failure;
use crate::mount::{Api, Call};

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ConfirmEvidence, _, _, _>(confirm)
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
