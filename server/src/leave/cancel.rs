//! 撤销: taking back approved leave before it begins.

use app::api::{Code, Problem};
use app::leave::api::{CancelLeave, LeaveRequest};
use app::leave::ledger;
use app::leave::rules::series::extension;
use app::leave::rules::{Stored, cancel};
use app::notice::rules::{News, NoticeKind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::account::append;
use super::act::{REASON_LIMIT, bump, in_version, record};
use super::after::extend::number_of_extension;
use super::after::series;
use super::{FORM, one, stand_in, store, view, visible_request};
use crate::approval;
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::notice;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<CancelLeave, _, _, _>(cancel_leave)
}

async fn cancel_leave(call: Call<CancelLeave>) -> Result<LeaveRequest, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Problem::new(Code::ReasonRequired, "请填写撤销的理由，申请人会看到").at("reason").into());
    }
    if reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("理由最多 {REASON_LIMIT} 字，请删减")));
    }
    let state = &call.state;
    visible_request(state, caller, call.path.id).await?;
    let tx = state.database.begin().await?;
    let missing = || Failure::not_found("这份请假");
    let seen = store::request(&tx, call.path.id).await?.ok_or_else(missing)?;
    let series = series::lock(&tx, &seen).await?;
    let row = series.iter().find(|row| row.id == seen.id).cloned().ok_or_else(missing)?;
    let viewer = view::viewer(&tx, &row, caller).await?;
    let standing = series::standing(&tx, state, &series, &row).await?;
    let after = match cancel(&standing, viewer, state.half_day()) {
        Ok(after) => after,
        Err(Code::NotAllowed) => {
            let text = "只有批准过这份请假的领导可以撤销，请与其联系；批准的领导均已离任的，由政治部撤销";
            return Err(Failure::new(Code::NotAllowed, text));
        }
        Err(code) => {
            // Whoever saw an older state is shown the present one; who saw this one hears why not.
            let row = in_version(&tx, state, caller, row, body.version).await?;
            let text = match code {
                Code::LeaveBegun => "假期已经开始，不能撤销；请由本人提前销假".to_owned(),
                Code::AlreadyExtended => {
                    let number = number_of_extension(&series, row.id);
                    format!("这份请假有续假{number}，请先撤销续假；还在审批的，请先不同意或由本人撤回")
                }
                _ => "只有已批准且未销假的请假可以撤销，请刷新查看最新状态".to_owned(),
            };
            return Err(Failure::new(code, text));
        }
    };
    let row = in_version(&tx, state, caller, row, body.version).await?;
    if let Some(next) = extension(&series::links(&series), row.id) {
        // It was sent back: what it extends is gone, so that nobody can submit it again.
        approval::withdraw_with(&tx, state, next.id, format!("{}已撤销", row.number)).await?;
        let (before, ended) = (next.stored.as_str().to_owned(), Stored::Withdrawn.as_str().to_owned());
        record(&tx, state, caller, "leave.withdraw", next.id, Some(&before), Some(&ended)).await?;
    }
    let taken = store::taken(&tx, row.id).await?;
    let entries = ledger::on_cancel(&taken);
    append(&tx, &state.clock, row.officer_id, &row.leave_type, Some(row.id), &entries).await?;
    store::end_slots(&tx, row.id).await?;
    record(&tx, state, caller, "leave.cancel", row.id, Some(&row.state), Some(&after.as_str().to_owned())).await?;
    let news = News { officer: row.officer_id, kind: NoticeKind::Cancelled, actor: Some(caller.id) };
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(&tx, &state.clock, subject, [news]).await?;
    stand_in::tell_changed(&tx, state, &row).await?;
    let mut change = bump(row, after);
    change.cancelled_by = Set(Some(caller.id));
    change.cancelled_at = Set(Some(state.now().millis()));
    change.cancel_reason = Set(Some(reason.to_owned()));
    let row = change.update(&tx).await?;
    tx.commit().await?;
    one(state, row, caller).await
}
