//! The installation's settings for leave: what contract staff (聘用制人员) get, from the command line or a screen.

use app::api::{Code, Problem};
use app::leave::api::{ContractStaff, GetContractStaff, SetContractStaff};
use app::leave::entitlement::ContractRule;

use super::account::{ANNUAL_SETTING, annual_setting};
use crate::audit::{self, Actor, Deed};
use crate::clock::Clock;
use crate::database::{Database, Transaction};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::setting;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetContractStaff, _, _, _>(get_contract_staff)
        .mount::<SetContractStaff, _, _, _>(set_contract_staff_seen)
}

/// Sets what contract staff (聘用制人员) get of annual leave. It counts for what is granted from now on.
///
/// # Errors
/// The database fails.
pub async fn set_contract_staff(
    database: &Database,
    clock: &Clock,
    actor: &Actor,
    rule: ContractRule,
) -> Result<(), Failure> {
    let tx = database.begin().await?;
    setting::lock(&tx, ANNUAL_SETTING).await?;
    write(&tx, clock, actor, rule).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the rule. The caller has locked the setting.
async fn write(tx: &Transaction, clock: &Clock, actor: &Actor, rule: ContractRule) -> Result<(), Failure> {
    let before = annual_setting(tx).await?;
    let mut after = before;
    after.contract_staff = rule;
    setting::set(tx, ANNUAL_SETTING, &serde_json::to_string(&after).map_err(Failure::internal)?).await?;
    let deed = Deed { action: "leave_settings.set", subject: "setting", id: ANNUAL_SETTING };
    audit::record(tx, clock, actor, deed, Some(&before), Some(&after)).await?;
    Ok(())
}

async fn get_contract_staff(call: Call<GetContractStaff>) -> Result<ContractStaff, Failure> {
    Ok(ContractStaff { rule: annual_setting(call.state.database.read()).await?.contract_staff })
}

async fn set_contract_staff_seen(call: Call<SetContractStaff>) -> Result<ContractStaff, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let rule = body.rule.check().map_err(Failure::Problem)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, ANNUAL_SETTING).await?;
    let before = annual_setting(&tx).await?.contract_staff;
    if before != rule {
        if before != body.seen {
            let text = "设置刚被他人修改，已显示最新的设置，请核对后再改";
            let current = serde_json::to_value(ContractStaff { rule: before }).map_err(Failure::internal)?;
            return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
        }
        write(&tx, &state.clock, &Actor::from(&**caller), rule).await?;
        tx.commit().await?;
    }
    Ok(ContractStaff { rule })
}
