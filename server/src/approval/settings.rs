//! The settings of running requests, for the page on which they are changed.

use app::api::{Code, Problem};
use app::approval::api::{ApprovalSettings, GetApprovalSettings, SetApprovalSettings};

use super::act::{self, SETTING};
use crate::audit::{self, Actor, Deed};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::setting;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetApprovalSettings, _, _, _>(get_approval_settings)
        .mount::<SetApprovalSettings, _, _, _>(set_approval_settings)
}

async fn get_approval_settings(call: Call<GetApprovalSettings>) -> Result<ApprovalSettings, Failure> {
    Ok(act::settings(call.state.database.read()).await?.into())
}

async fn set_approval_settings(call: Call<SetApprovalSettings>) -> Result<ApprovalSettings, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let after = body.settings.check().map_err(Failure::Problem)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let before = act::settings(&tx).await?;
    if before != after {
        let current = ApprovalSettings::from(before);
        if current != body.seen {
            let text = "规则刚被他人修改，已显示最新的规则，请核对后再改";
            let current = serde_json::to_value(current).map_err(Failure::internal)?;
            return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
        }
        let text = serde_json::to_string(&after).map_err(Failure::internal)?;
        setting::set(&tx, SETTING, &text).await?;
        let deed = Deed { action: "approval_settings.set", subject: "setting", id: SETTING };
        audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&after)).await?;
        tx.commit().await?;
    }
    Ok(after.into())
}
