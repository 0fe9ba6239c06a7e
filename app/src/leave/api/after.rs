//! What can happen to leave after it is approved, on the wire: 续假, the confirmation of a 销假, reports that are
//! missing, and their settings.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LeaveRequest;
use crate::account::rules::Permission;
use crate::api::{Access, ById, Code, Page, Problem};
use crate::day::{HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::attachment::{ATTACHMENT_MEGABYTES, ATTACHMENTS_A_REQUEST};
use crate::leave::rules::Status;
use crate::leave::rules::absence::{ESCALATION_DAYS, are_days};
use crate::leave::rules::overdue::REMINDER_DAYS;

/// Asks for more of a leave (续假). The extension begins with the half day after the leave; destination and stand-in
/// stay what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extend {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The version of the leave that is extended.
    pub version: i64,
    /// The last half day, included.
    pub to: HalfDay,
    /// The type's name; that of the leave that is extended when absent.
    #[serde(default)]
    pub leave_type: Option<String>,
    /// Why; at most 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// The leave that a request extends (续自).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extended {
    /// Its id.
    pub id: Uuid,
    /// Its number for people.
    pub number: String,
}

/// The request that extends a leave (续假).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Extension {
    /// Its id.
    pub id: Uuid,
    /// Its number for people.
    pub number: String,
    /// Where it is.
    pub status: Status,
    /// Its last half day, included.
    pub to: HalfDay,
}

/// Reports back (销假).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportReturn {
    /// The version that the caller saw.
    pub version: i64,
    /// The first half day back at work.
    pub back: HalfDay,
    /// Where he reports from, or what else there is to say; at most 100 characters.
    #[serde(default)]
    pub note: String,
}

/// Confirms a reported return, which makes it final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmReturn {
    /// The version that the caller saw.
    pub version: i64,
}

/// Sends a reported return back to the applicant, who reports again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DisputeReturn {
    /// The version that the caller saw.
    pub version: i64,
    /// The half day on which he was back, as the caller knows it.
    pub back: HalfDay,
    /// Why; 1 to 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// The last report of a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnReport {
    /// The first half day back at work, as reported.
    pub back: HalfDay,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Where he reports from; absent for those who may not read it.
    pub note: Option<String>,
    /// Whether it waits for its confirmation.
    pub is_waiting: bool,
    /// The name of who confirmed it, where somebody had to.
    pub confirmed_by: Option<String>,
    /// When it was confirmed.
    #[serde(default)]
    pub confirmed_at: Option<Timestamp>,
    /// That it was sent back, where it was.
    pub disputed: Option<Dispute>,
}

/// How a reported return was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dispute {
    /// The name of who sent it back.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The half day on which he was back, as that person knows it.
    pub back: HalfDay,
    /// Why.
    pub reason: String,
}

/// Who confirms a return (销假).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// Nobody: the report is final.
    #[default]
    None,
    /// Whoever approved the leave last, or 政治部 in his place.
    Approver,
    /// 政治部 of the applicant's court.
    PoliticalDepartment,
}

impl Confirmation {
    /// Every choice, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::None, Self::Approver, Self::PoliticalDepartment];

    /// The choice's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Approver => "approver",
            Self::PoliticalDepartment => "political_department",
        }
    }

    /// The choice of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == name)
    }
}

/// How early an extension can be asked for to be in time, in workdays before the last day: 0, the last day itself, to 10.
pub const EXTEND_WORKDAYS: RangeInclusive<i64> = 0..=10;

/// Asks for days of annual leave to become 病假 (转为病假).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Convert {
    /// An id made by the caller, of the request for 病假; a repeat answers as the first did.
    pub id: Uuid,
    /// The version of the annual leave that the caller saw.
    pub version: i64,
    /// The first half day on which he was ill.
    pub from: HalfDay,
    /// The last one, included.
    pub to: HalfDay,
    /// What happened; 1 to 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// The settings for leave after it is submitted. They are the province's, judge an action when it is taken, and leave
/// what was done before as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LeaveSettings {
    /// How many workdays before its last day an extension has to be asked for, 0 to 10.
    pub extend_workdays_before: i64,
    /// Who confirms a return, where the type of leave says nothing of its own.
    pub return_confirmation: Confirmation,
    /// From which overdue workday on the officer's leader is reminded as well, 1 to 5. Day 1 is the first workday after
    /// the leave.
    pub overdue_leader_from_day: i64,
    /// How large an attached file may be, 1 to 20 megabytes (1,048,576 bytes each).
    pub attachment_megabytes: i64,
    /// How many files a request may have, 1 to 20.
    pub attachments_a_request: i64,
    /// On which days of a record that somebody is not back (逾期未归) leaders hear of it: five, each later than the one
    /// before; day 1 is the first day on which he was missed.
    pub absence_days: [i64; 5],
    /// Whether days of annual leave on which an officer was ill can become 病假.
    pub convert_sickness: bool,
}

impl Default for LeaveSettings {
    fn default() -> Self {
        Self {
            extend_workdays_before: 0,
            return_confirmation: Confirmation::None,
            overdue_leader_from_day: 2,
            attachment_megabytes: 10,
            attachments_a_request: 6,
            absence_days: ESCALATION_DAYS,
            convert_sickness: false,
        }
    }
}

impl LeaveSettings {
    /// The settings, if each is within its bounds. Error: [`Code::BadInput`] at the field that is not.
    pub fn check(self) -> Result<Self, Box<Problem>> {
        if !EXTEND_WORKDAYS.contains(&self.extend_workdays_before) {
            let why = "续假须提前的工作日数应在 0 至 10 之间";
            return Err(Box::new(Problem::new(Code::BadInput, why).at("extend_workdays_before")));
        }
        if !(1..=REMINDER_DAYS).contains(&self.overdue_leader_from_day) {
            let why = format!("提醒领导的起始日应在第 1 至第 {REMINDER_DAYS} 个工作日之间");
            return Err(Box::new(Problem::new(Code::BadInput, why).at("overdue_leader_from_day")));
        }
        if !ATTACHMENT_MEGABYTES.contains(&self.attachment_megabytes) {
            let why = "单个附件的大小上限应在 1 至 20 MB 之间";
            return Err(Box::new(Problem::new(Code::BadInput, why).at("attachment_megabytes")));
        }
        if !ATTACHMENTS_A_REQUEST.contains(&self.attachments_a_request) {
            let why = "每份请假的附件数应在 1 至 20 之间";
            return Err(Box::new(Problem::new(Code::BadInput, why).at("attachments_a_request")));
        }
        if !are_days(self.absence_days) {
            let why = "未归提醒应为 5 个日数，在 1 至 366 之间，由小到大";
            return Err(Box::new(Problem::new(Code::BadInput, why).at("absence_days")));
        }
        Ok(self)
    }
}

/// Which page of the leave that nobody has reported back from is meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct UnreportedQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 50 when absent.
    pub limit: Option<u16>,
}

/// Leave that is over and that nobody has reported back from (逾期未销假): a report is missing, and nothing is said about
/// where the officer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unreported {
    /// The request's id.
    pub id: Uuid,
    /// Its number for people.
    pub number: String,
    /// The applicant's 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His department.
    pub department: String,
    /// The last half day of the leave.
    pub to: HalfDay,
    /// How many workdays the report is overdue; 0 where nothing but rest days lies since.
    pub overdue_days: i64,
}

/// A change of the settings for leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveSettingsChange {
    /// The settings that the caller saw; where others hold by now, nothing changes.
    pub seen: LeaveSettings,
    /// The settings that are to hold.
    pub settings: LeaveSettings,
}

endpoint! {
    /// Asks for more of an approved leave by its last day (续假): a linked request that is decided like any other.
    /// A repeat of the id answers the same.
    ExtendLeave: Post "/leave/requests/{id}/extend", "extend_leave", Access::Own;
    path: ById;
    body: Extend;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, AlreadyExtended, ExtendTooLate, InvertedSpan, SpanTooLong,
        NothingCounts, OverlappingLeave, InsufficientBalance, UnknownLeaveType, EmptyChain, IdReused;
}
endpoint! {
    /// Reports back from leave (销假), with the leaves that it extends, and takes an extension back that is still being
    /// decided. Once final, which may need a confirmation, unused half days of a type that may be split are refunded.
    ReturnFromLeave: Post "/leave/requests/{id}/return", "return_from_leave", Access::Own;
    path: ById;
    body: ReportReturn;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, AlreadyExtended, ReturnOutOfRange;
}
endpoint! {
    /// Confirms a reported return: for whoever approved last or 政治部, by setting.
    ConfirmLeaveReturn: Post "/leave/requests/{id}/confirm-return", "confirm_leave_return", Access::Party;
    path: ById;
    body: ConfirmReturn;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState;
}
endpoint! {
    /// Sends a reported return back to the applicant with a reason and another half day: for whoever could confirm it.
    DisputeLeaveReturn: Post "/leave/requests/{id}/dispute-return", "dispute_leave_return", Access::Party;
    path: ById;
    body: DisputeReturn;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState, ReturnOutOfRange, ReasonRequired;
}
endpoint! {
    /// Asks for days of annual leave on which the officer was ill to become 病假: a linked request that whoever approved
    /// the leave decides on; it owes papers. A repeat of the id answers the same.
    ConvertLeave: Post "/leave/requests/{id}/convert", "convert_leave", Access::Own;
    path: ById;
    body: Convert;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, NotEligible, OutsideWindow, InvertedSpan, NothingCounts,
        ReasonRequired, EmptyChain, IdReused;
}
endpoint! {
    /// Lists leave that is over and that nobody has reported back from, the longest first.
    ListUnreported: Get "/leave/unreported", "list_unreported", Access::May(Permission::ReadLeave);
    query: UnreportedQuery;
    reply: Page<Unreported>;
}
endpoint! {
    /// Shows the settings for leave after it is approved.
    GetLeaveSettings: Get "/leave-settings", "get_leave_settings", Access::May(Permission::ManageApproval);
    reply: LeaveSettings;
}
endpoint! {
    /// Sets the settings for leave after it is approved; they count from the next action on.
    SetLeaveSettings: Put "/leave-settings", "set_leave_settings", Access::May(Permission::ManageApproval);
    body: LeaveSettingsChange;
    reply: LeaveSettings;
    problems: StaleVersion;
}
