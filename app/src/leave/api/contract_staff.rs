//! What contract staff (聘用制人员) get of annual leave, on the wire.

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::Access;
use crate::endpoint;
use crate::leave::entitlement::ContractRule;

/// What contract staff get of annual leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContractStaff {
    /// The rule that holds.
    pub rule: ContractRule,
}

/// A change of what contract staff get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContractStaffChange {
    /// The rule that the caller saw; where another holds by now, nothing changes.
    pub seen: ContractRule,
    /// The rule that is to hold.
    pub rule: ContractRule,
}

endpoint! {
    /// Shows what contract staff (聘用制人员) get of annual leave.
    GetContractStaff: Get "/leave/contract-staff", "get_contract_staff", Access::May(Permission::ManageLeaveRules);
    reply: ContractStaff;
}
endpoint! {
    /// Sets what contract staff get of annual leave; it counts for what is granted from now on.
    SetContractStaff: Put "/leave/contract-staff", "set_contract_staff", Access::May(Permission::ManageLeaveRules);
    body: ContractStaffChange;
    reply: ContractStaff;
    problems: StaleVersion;
}
