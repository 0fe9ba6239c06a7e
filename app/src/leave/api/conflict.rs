//! What leave collides with, as HR sets it up, on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::rules::Permission;
use crate::api::{Access, ById};
use crate::day::Day;
use crate::endpoint;
use crate::leave::conflict::{PeriodKind, Settings};
use crate::org::rules::{Category, PostClass};

/// A period of duty (值班), or one in which nobody may leave (严禁外出期).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeavePeriod {
    /// Its id.
    pub id: Uuid,
    /// Goes up with every change; give it back when changing.
    pub version: i64,
    /// Duty, or nobody may leave.
    pub kind: PeriodKind,
    /// Its name.
    pub title: String,
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// The court that it is for; the whole province when absent.
    pub court: Option<Uuid>,
    /// That court's name.
    pub court_name: Option<String>,
    /// The only department that it is for.
    pub department: Option<Uuid>,
    /// That department's name.
    pub department_name: Option<String>,
    /// Who is on duty; nobody where nobody may leave.
    pub officers: Vec<OnDuty>,
}

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnDuty {
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
}

/// The periods that the caller manages, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeavePeriods {
    /// Those that have not been over for a month.
    pub items: Vec<LeavePeriod>,
}

/// What a period is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeavePeriodChange {
    /// The version that the caller saw; 0 for a new one.
    pub version: i64,
    /// Duty, or nobody may leave.
    pub kind: PeriodKind,
    /// Its name, 1 to 60 characters.
    pub title: String,
    /// The first day.
    pub from: Day,
    /// The last day, included; at most a year later.
    pub to: Day,
    /// The court that it is for; the whole province when absent, which only who covers all of it can say.
    #[serde(default)]
    pub court: Option<Uuid>,
    /// The only department of that court that it is for.
    #[serde(default)]
    pub department: Option<Uuid>,
    /// The 工号 of who is on duty, 1 to 100; nobody where nobody may leave.
    #[serde(default)]
    pub officers: Vec<String>,
}

/// Somebody whom a rule of presence names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupMember {
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
}

/// How many of a group have to stay (最低在岗).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceRule {
    /// Its id.
    pub id: Uuid,
    /// Goes up with every change; give it back when changing.
    pub version: i64,
    /// The group's name.
    pub title: String,
    /// The court.
    pub court: Uuid,
    /// Its name.
    pub court_name: String,
    /// The only department.
    pub department: Option<Uuid>,
    /// That department's name.
    pub department_name: Option<String>,
    /// The only class of post.
    pub post_class: Option<PostClass>,
    /// The only category of personnel.
    pub category: Option<Category>,
    /// The only officers, as far as they are of that place, class and category: the judges of a panel (合议庭). All of
    /// them when nobody is named.
    pub officers: Vec<GroupMember>,
    /// How many have to be present in each working half day.
    pub least: i64,
}

/// The rules of presence that the caller manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceRules {
    /// The rules, by title. Beside them it always holds that the head and the deputies of a department, and the leaders
    /// of a court, are not all away.
    pub items: Vec<PresenceRule>,
}

/// What a rule of presence is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceRuleChange {
    /// The version that the caller saw; 0 for a new one.
    pub version: i64,
    /// The group's name, 1 to 60 characters.
    pub title: String,
    /// The court.
    pub court: Uuid,
    /// The only department of that court.
    #[serde(default)]
    pub department: Option<Uuid>,
    /// The only class of post.
    #[serde(default)]
    pub post_class: Option<PostClass>,
    /// The only category of personnel.
    #[serde(default)]
    pub category: Option<Category>,
    /// The 工号 of the only officers, at most 100; everybody of that place, class and category when empty.
    #[serde(default)]
    pub officers: Vec<String>,
    /// How many have to be present in each working half day, 1 to 99; at most as many as are named.
    pub least: i64,
}

/// A change of what conflicts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConflictSettingsChange {
    /// The settings that the caller saw; where others hold by now, nothing changes.
    pub seen: Settings,
    /// The settings that are to hold.
    pub settings: Settings,
}

endpoint! {
    /// Lists periods of duty, and those in which nobody may leave.
    ListLeavePeriods: Get "/leave/periods", "list_leave_periods", Access::May(Permission::ManageLeave);
    reply: LeavePeriods;
}
endpoint! {
    /// Makes or changes a period. A repeat answers the same.
    SetLeavePeriod: Put "/leave/periods/{id}", "set_leave_period", Access::May(Permission::ManageLeave);
    path: ById;
    body: LeavePeriodChange;
    reply: LeavePeriod;
    problems: NotFound, NotAllowed, StaleVersion;
}
endpoint! {
    /// Takes a period away.
    DeleteLeavePeriod: Delete "/leave/periods/{id}", "delete_leave_period", Access::May(Permission::ManageLeave);
    path: ById;
    problems: NotFound;
}
endpoint! {
    /// Lists the rules of minimum presence.
    ListPresenceRules: Get "/leave/presence-rules", "list_presence_rules", Access::May(Permission::ManageLeave);
    reply: PresenceRules;
}
endpoint! {
    /// Makes or changes a rule of minimum presence. A repeat answers the same.
    SetPresenceRule: Put "/leave/presence-rules/{id}", "set_presence_rule", Access::May(Permission::ManageLeave);
    path: ById;
    body: PresenceRuleChange;
    reply: PresenceRule;
    problems: NotFound, NotAllowed, StaleVersion;
}
endpoint! {
    /// Takes a rule of minimum presence away.
    DeletePresenceRule: Delete "/leave/presence-rules/{id}", "delete_presence_rule", Access::May(Permission::ManageLeave);
    path: ById;
    problems: NotFound;
}
endpoint! {
    /// Shows which conflicts warn and which block.
    GetConflictSettings: Get "/leave/conflict-settings", "get_conflict_settings", Access::May(Permission::ManageLeave);
    reply: Settings;
}
endpoint! {
    /// Sets which conflicts warn and which block; it counts for what is submitted from now on. They are the province's.
    SetConflictSettings: Put "/leave/conflict-settings", "set_conflict_settings", Access::May(Permission::ManageLeave);
    body: ConflictSettingsChange;
    reply: Settings;
    problems: NotAllowed, StaleVersion;
}
