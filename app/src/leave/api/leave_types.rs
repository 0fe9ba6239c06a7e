//! The types of leave on the wire.

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::Access;
use crate::endpoint;
use crate::leave::types;

/// A type of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveType {
    /// The stable name: `annual`, `personal`, `sick`.
    pub name: String,
    /// The name on screen.
    pub title: String,
    /// Whether rest days are left out of the count.
    pub counts_workdays_only: bool,
    /// Whether a balance limits it.
    pub has_balance: bool,
    /// The minutes of each day, for a type that takes a part of the day; none for one that counts half days.
    pub minutes_a_day: Option<i64>,
    /// What its requests keep half days for; a report takes nothing and asks where to and how to reach him.
    #[serde(default)]
    pub lane: types::Lane,
    /// Whether it is for the caller: in use, and for his sex, his category and his years of work.
    pub eligible: bool,
    /// What an officer should know before he asks, with the source of the rule.
    pub help: String,
}

/// The types of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveTypes {
    /// The types in the order of the screen.
    pub types: Vec<LeaveType>,
}

/// A type of leave with all of its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeRules {
    /// Goes up with every change; 0 while the type is as it came with the product.
    pub version: i64,
    /// The settings.
    pub rules: types::LeaveType,
}

/// The types of leave with all of their settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypeRulesList {
    /// The types in the order of the screen.
    pub items: Vec<TypeRules>,
}

/// Which type is meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct TypePath {
    /// The stable name.
    pub name: String,
}

endpoint! {
    /// Lists the types of leave.
    ListLeaveTypes: Get "/leave/types", "list_leave_types", Access::Own;
    reply: LeaveTypes;
    offline: LastKnown;
}
endpoint! {
    /// Lists the types of leave with all of their settings.
    ListTypeRules: Get "/leave/type-rules", "list_type_rules", Access::May(Permission::ManageLeaveRules);
    reply: TypeRulesList;
}
endpoint! {
    /// Changes the settings of a type of leave, or adds a type of one's own, whose name is its title (version 0). What was
    /// asked for before keeps what it counts.
    SetTypeRules: Put "/leave/type-rules/{name}", "set_type_rules", Access::May(Permission::ManageLeaveRules);
    path: TypePath;
    body: TypeRules;
    reply: TypeRules;
    problems: UnknownLeaveType, StaleVersion;
}
