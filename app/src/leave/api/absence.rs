//! 逾期未归 on the wire: the record that somebody is not back, what he says to it, and the list of 政治部.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LeaveRequest;
use crate::account::rules::Permission;
use crate::api::{Access, ById, Page};
use crate::day::{Day, HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::rules::Status;
use crate::leave::rules::absence::{KnownBy, Limit, Limits, Running};
use crate::org::rules::Category;

/// The 病假 that stands, or is asked to stand, in place of days of an annual leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversion {
    /// Its id.
    pub id: Uuid,
    /// Its number for people.
    pub number: String,
    /// Where it is.
    pub status: Status,
    /// Its first half day.
    pub from: HalfDay,
    /// Its last half day, included.
    pub to: HalfDay,
}

/// What an entry about an absence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AbsenceDeed {
    /// 记录未归: he is not back.
    Recorded,
    /// 本人说明.
    Answered,
    /// 解除: he is back.
    Back,
    /// 解除: it was recorded by mistake.
    Mistaken,
}

/// An entry about an absence. Entries are never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceEntry {
    /// What it says.
    pub deed: AbsenceDeed,
    /// The name of who says so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The first day on which he was missed, or the day on which he was back.
    pub day: Option<Day>,
    /// How it is known that he is not back.
    pub known_by: Option<KnownBy>,
    /// In words.
    pub note: String,
}

/// What is on record about an officer not being back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceRecord {
    /// The first day on which he was missed, where the record holds: it was not lifted, and he has not reported back.
    pub since: Option<Day>,
    /// How long he is missing by now, where the record holds.
    pub running: Running,
    /// The log, oldest first.
    pub entries: Vec<AbsenceEntry>,
}

/// Records that an officer is not back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordAbsence {
    /// The version that the caller saw.
    pub version: i64,
    /// The first day on which he was missed: after the leave, not after today.
    pub since: Day,
    /// How it is known.
    pub known_by: KnownBy,
    /// What was done to reach him, in words; 1 to 500 characters. The officer reads it.
    #[serde(default)]
    pub note: String,
}

/// Says something to the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerAbsence {
    /// The version that the caller saw.
    pub version: i64,
    /// What; 1 to 500 characters.
    #[serde(default)]
    pub note: String,
}

/// Lifts the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiftAbsence {
    /// The version that the caller saw.
    pub version: i64,
    /// The day on which he was back; absent where the record was a mistake.
    #[serde(default)]
    pub back: Option<Day>,
    /// Why; 1 to 500 characters. The officer reads it.
    #[serde(default)]
    pub note: String,
}

/// Which page of the absences is meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AbsenceQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 50 when absent.
    pub limit: Option<u16>,
}

/// An officer who is on record as not back, as 政治部 sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Absent {
    /// The request's id.
    pub id: Uuid,
    /// Its number for people.
    pub number: String,
    /// The officer's 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His department.
    pub department: String,
    /// His category of personnel.
    pub category: Option<Category>,
    /// The last half day of the leave.
    pub to: HalfDay,
    /// The first day on which he was missed.
    pub since: Day,
    /// The name of who recorded it.
    pub recorded_by: String,
    /// How it is known.
    pub known_by: Option<KnownBy>,
    /// Whether he has said something to it.
    pub is_answered: bool,
    /// How long he is missing without a break.
    pub running: Running,
    /// How long he was missing in this year, other absences included.
    pub in_year: Running,
    /// The limit of the law for his category; none where it names none.
    pub limit: Option<Limit>,
    /// Whether the limit is passed.
    pub is_passed: bool,
}

/// A change of the limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitsChange {
    /// The limits that the caller saw; where others hold by now, nothing changes.
    pub seen: Limits,
    /// The limits that are to hold.
    pub limits: Limits,
}

endpoint! {
    /// Records that an officer is not back from a leave that is over (逾期未归): for whoever approved it, the head of his
    /// department and 政治部. He is told at once.
    RecordLeaveAbsence: Post "/leave/requests/{id}/absence", "record_leave_absence", Access::Party;
    path: ById;
    body: RecordAbsence;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState, ReasonRequired;
}
endpoint! {
    /// Says something to the record that he is not back: for the officer himself.
    AnswerLeaveAbsence: Post "/leave/requests/{id}/absence/answer", "answer_leave_absence", Access::Own;
    path: ById;
    body: AnswerAbsence;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, ReasonRequired;
}
endpoint! {
    /// Lifts the record that an officer is not back: he is, or it was a mistake. Both stay in the log.
    LiftLeaveAbsence: Post "/leave/requests/{id}/absence/lift", "lift_leave_absence", Access::Party;
    path: ById;
    body: LiftAbsence;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState, ReasonRequired;
}
endpoint! {
    /// Lists who is on record as not back, with the days against the limits of the law, the longest first: for 政治部.
    ListAbsences: Get "/leave/absences", "list_absences", Access::May(Permission::ConfirmReturn);
    query: AbsenceQuery;
    reply: Page<Absent>;
}
endpoint! {
    /// Shows the limits of the law for absences, by category of personnel.
    GetAbsenceLimits: Get "/leave/absence-limits", "get_absence_limits", Access::May(Permission::ManageLeaveRules);
    reply: Limits;
}
endpoint! {
    /// Sets the limits of the law for absences. They are the province's.
    SetAbsenceLimits: Put "/leave/absence-limits", "set_absence_limits", Access::May(Permission::ManageLeaveRules);
    body: LimitsChange;
    reply: Limits;
    problems: StaleVersion;
}
