//! The settings for leave after it is approved.

use app::api::{Code, Problem};
use app::leave::api::{GetLeaveSettings, LeaveSettings, SetLeaveSettings};
use sea_orm::{ConnectionTrait, DbErr};

use crate::audit::{self, Actor, Deed};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::setting;

/// The setting that holds [`LeaveSettings`] as JSON.
const SETTING: &str = "leave";

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetLeaveSettings, _, _, _>(get_leave_settings).mount::<SetLeaveSettings, _, _, _>(set_leave_settings)
}

/// The settings that hold.
///
/// # Errors
/// The database fails.
pub(crate) async fn current(connection: &impl ConnectionTrait) -> Result<LeaveSettings, DbErr> {
    let stored = setting::get(connection, SETTING).await?;
    let read = |text: String| {
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::error!(%error, "the stored settings for leave cannot be read: the defaults hold");
            LeaveSettings::default()
        })
    };
    Ok(stored.map(read).unwrap_or_default())
}

async fn get_leave_settings(call: Call<GetLeaveSettings>) -> Result<LeaveSettings, Failure> {
    Ok(current(call.state.database.read()).await?)
}

async fn set_leave_settings(call: Call<SetLeaveSettings>) -> Result<LeaveSettings, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let after = body.settings.check().map_err(Failure::Problem)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let before = current(&tx).await?;
    if before != after {
        if before != body.seen {
            let text = "设置刚被他人修改，已显示最新的设置，请核对后再改";
            let current = serde_json::to_value(before).map_err(Failure::internal)?;
            return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
        }
        setting::set(&tx, SETTING, &serde_json::to_string(&after).map_err(Failure::internal)?).await?;
        let deed = Deed { action: "leave_settings.set", subject: "setting", id: SETTING };
        audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&after)).await?;
        tx.commit().await?;
    }
    Ok(after)
}
