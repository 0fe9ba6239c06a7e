//! The years that give an officer no leave, and what HR has said of them, on the wire.

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::Access;
use crate::day::Timestamp;
use crate::endpoint;

/// Whose years.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LostYearsQuery {
    /// The 工号; the caller himself when absent.
    pub officer: Option<String>,
}

/// A year that gives none of a type, or would give none if HR had not exempted its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostYear {
    /// The type's name.
    pub leave_type: String,
    /// The year.
    pub year: i32,
    /// The year whose absences cost it: itself, or the one before.
    pub because_of: i32,
    /// The name of the type of leave that these absences were: `personal` or `sick`.
    pub absence: String,
    /// So many half days of it, or more.
    pub half_days: i64,
    /// The reason, in Chinese.
    pub text: String,
    /// Whether the absences of `because_of` are exempted, so that the year gives its leave all the same.
    pub exempt: bool,
}

/// What HR has said of the absences of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveExemption {
    /// The year.
    pub year: i32,
    /// Goes up with every change.
    pub version: i64,
    /// Whether they cost no leave.
    pub exempt: bool,
    /// Why.
    pub reason: String,
    /// The name of who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The years of an officer from last year to the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostYears {
    /// The lost ones, by year.
    pub items: Vec<LostYear>,
    /// What HR has said of years, by year.
    pub exemptions: Vec<LeaveExemption>,
}

/// Says that the absences of a year cost an officer no leave, or that they do after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveExemptionChange {
    /// The 工号.
    pub officer: String,
    /// The year of the absences.
    pub year: i32,
    /// The version that the caller saw; 0 where there is none.
    pub version: i64,
    /// Whether they cost no leave.
    pub exempt: bool,
    /// Why; 1 to 200 characters.
    pub reason: String,
}

endpoint! {
    /// Lists the years that give an officer no leave, why, and what HR has said of them.
    ListLostYears: Get "/leave/lost-years", "list_lost_years", Access::Party;
    query: LostYearsQuery;
    reply: LostYears;
    problems: NotFound;
}
endpoint! {
    /// Says that the absences of a year cost an officer no leave, as where his wages were deducted for them (《职工带薪年休假
    /// 条例》, article 4), or that they do after all. It counts for what is asked for from then on; the same again changes
    /// nothing.
    SetLeaveExemption: Put "/leave/exemptions", "set_leave_exemption", Access::May(Permission::ManageLeave);
    body: LeaveExemptionChange;
    reply: LeaveExemption;
    problems: NotFound, StaleVersion;
}
