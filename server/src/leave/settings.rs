//! The installation's settings for leave, as the command line changes them.

use app::leave::entitlement::ContractRule;

use super::account::{ANNUAL_SETTING, annual_setting};
use crate::audit::{self, Actor, Deed};
use crate::clock::Clock;
use crate::database::Database;
use crate::error::Failure;
use crate::setting;

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
    let before = annual_setting(&tx).await?;
    let mut after = before;
    after.contract_staff = rule;
    setting::set(&tx, ANNUAL_SETTING, &serde_json::to_string(&after).map_err(Failure::internal)?).await?;
    let deed = Deed { action: "leave_settings.set", subject: "setting", id: ANNUAL_SETTING };
    audit::record(&tx, clock, actor, deed, Some(&before), Some(&after)).await?;
    tx.commit().await?;
    Ok(())
}
