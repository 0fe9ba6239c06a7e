//! Leave on the wire. Durations are half days, integers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Page};
use crate::approval::api::ChainStep;
use crate::day::{Day, HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::rules::{Action, Outcome, Status};
use crate::leave::stand_in::StandInState;
use crate::leave::types;

mod absence;
mod account;
mod after;
mod attachment;
mod authority;
mod balance;
mod conflict;
mod contract_staff;
mod draft;
mod exemption;
mod leave_types;
mod on_behalf;
mod papers;
mod stand_in;

pub use absence::*;
pub use account::*;
pub use after::*;
pub use attachment::*;
pub use authority::*;
pub use balance::*;
pub use conflict::*;
pub use contract_staff::*;
pub use draft::*;
pub use exemption::*;
pub use leave_types::*;
pub use on_behalf::*;
pub use papers::*;
pub use stand_in::*;

/// What an officer is about to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// The request that would be submitted again (退回): its own half days are not in its way.
    #[serde(default)]
    pub resubmits: Option<Uuid>,
    /// The 工号 of the colleague who would stand in: what speaks against it is among the warnings.
    #[serde(default)]
    pub stand_in: Option<String>,
    /// The approved leave that would be extended (续假): `from` is then the half day after it, whatever stands there.
    #[serde(default)]
    pub extends: Option<Uuid>,
    /// The 工号 of the officer in whose place it would be asked for (代提交); the caller himself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "officer")]
    pub officer_id: Option<String>,
}

/// One half day of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewDay {
    /// The day.
    pub date: Day,
    /// Morning or afternoon.
    pub half: crate::day::Half,
    /// Whether it counts against the request.
    pub counts: bool,
    /// Why, in Chinese: 工作日, 周末, 春节, 调休上班.
    pub why: String,
}

/// Something the applicant should know before he submits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// The code; the same as the problem's code when submitting would be refused.
    pub code: String,
    /// Whether submitting would be refused.
    pub blocking: bool,
    /// What to know and what to do, in Chinese.
    pub text: String,
}

/// What a request would be: counted day by day, with the chain that will decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewResult {
    /// How much counts; 0 where the type counts minutes.
    pub half_days: i64,
    /// How much counts where the type counts minutes.
    pub minutes: Option<i64>,
    /// What the half days are kept for; of a report none counts.
    #[serde(default)]
    pub lane: types::Lane,
    /// How much counts for routing: adjoining requests added, for who may read the officer's leave.
    pub routed_half_days: i64,
    /// What would be left; null for a type without a grant, and for who may not read the officer's leave.
    pub available_after: Option<i64>,
    /// Whether a day has no notice of the State Council yet.
    pub provisional: bool,
    /// Every half day of the span.
    pub days: Vec<PreviewDay>,
    /// Who will decide, in order.
    pub chain: Vec<ChainStep>,
    /// What to know; a blocking one means that submitting would be refused.
    pub warnings: Vec<Warning>,
}

/// Asks for leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submit {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// Why; at most 500 characters.
    #[serde(default)]
    pub reason: String,
    /// Where he will be; at most 100 characters.
    #[serde(default)]
    pub destination: String,
    /// The 工号 of the colleague who stands in.
    #[serde(default)]
    pub stand_in: Option<String>,
    /// How to reach him meanwhile; at most 100 characters.
    #[serde(default)]
    pub contact: String,
    /// The 工号 of the officer in whose place it is asked for (代提交); the caller himself when absent.
    // Left out where it is absent: what was submitted before there was such a thing keeps its digest.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "officer")]
    pub officer_id: Option<String>,
}

/// A request for leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveRequest {
    /// The id that the caller made.
    pub id: Uuid,
    /// The number for people: 假2026-000123.
    pub number: String,
    /// The applicant's 工号.
    pub officer: String,
    /// The applicant's name.
    pub name: String,
    /// His department.
    pub department: String,
    /// The type's name. Absent for those who may not read it.
    pub leave_type: Option<String>,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// How much counts; 0 where the type counts minutes. For those who may not read the type, which it could give away,
    /// how many half days lie in the span.
    pub half_days: i64,
    /// How much counts where the type counts minutes.
    pub minutes: Option<i64>,
    /// What its half days are kept for: leave, an hour a day, or a report that he is out of town (外出报备). For those who
    /// may not read the type an hour a day is leave.
    #[serde(default)]
    pub lane: types::Lane,
    /// Whether its end is to be reported (销假). Those who may not read the type are not told that it is not.
    #[serde(default = "is_reported")]
    pub needs_return: bool,
    /// Why he asks. Absent for those who may not read it.
    pub reason: Option<String>,
    /// Where he will be. Absent for those who may not read it.
    pub destination: Option<String>,
    /// The 工号 of the colleague who stands in.
    pub stand_in: Option<String>,
    /// That colleague's name.
    pub stand_in_name: Option<String>,
    /// Whether he has agreed; absent where nobody stands in.
    pub stand_in_state: Option<StandInState>,
    /// What he said with his answer.
    pub stand_in_note: Option<String>,
    /// How to reach the applicant meanwhile. Absent for those who may not read it.
    pub contact: Option<String>,
    /// The state, on the server's day.
    pub status: Status,
    /// Goes up with every change; give it back when acting.
    pub version: i64,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The steps that decide, with what has been decided.
    pub chain: Vec<ChainStep>,
    /// The first half day back, once reported.
    pub back: Option<HalfDay>,
    /// When the return was reported.
    pub returned_at: Option<Timestamp>,
    /// On time, early or late, once returned.
    pub outcome: Option<Outcome>,
    /// That it was cancelled after it was approved, where it was.
    pub cancelled: Option<Cancellation>,
    /// What has become of the papers that it needs; none where it needs none.
    pub evidence: Option<Evidence>,
    /// How many files are attached. Absent for those who may not read them; for who submitted the request in another's
    /// place and may not either, how many of them he attached himself.
    pub attachments: Option<i64>,
    /// The leave that this one extends (续假), where it does.
    #[serde(default)]
    pub extends: Option<Extended>,
    /// The request that extends this one, where there is one that has not come to nothing.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// What was reported about his return last, where something was.
    #[serde(default)]
    pub return_report: Option<ReturnReport>,
    /// How many workdays a report of his return is overdue (逾期未销假), once it is; it says nothing about where he is.
    #[serde(default)]
    pub overdue_days: Option<i64>,
    /// What is on record about his not being back (逾期未归), where something ever was.
    #[serde(default)]
    pub absence: Option<AbsenceRecord>,
    /// The annual leave in place of which this 病假 stands, where it does.
    #[serde(default)]
    pub converts: Option<Extended>,
    /// The 病假 that stands, or is asked to stand, in place of days of this leave.
    #[serde(default)]
    pub conversions: Vec<Conversion>,
    /// The 工号 of who submitted it for the applicant (代提交), where he did not himself. Absent for those who may not
    /// read the request.
    #[serde(default)]
    pub submitted_by: Option<String>,
    /// That officer's name.
    #[serde(default)]
    pub submitted_by_name: Option<String>,
    /// How it was last counted anew after the calendar had changed, where it was.
    pub recounted: Option<Recounted>,
    /// Whether it lies on a day whose holidays are not announced yet, so that it will be counted anew. Not said of what
    /// is over or has come to nothing, nor to those who may not read the type.
    #[serde(default)]
    pub provisional: bool,
    /// What the caller may do now; the phone draws its buttons from it.
    pub actions: Vec<Action>,
}

/// What was kept on a phone before there was the choice is reported back from.
fn is_reported() -> bool {
    true
}

/// What has become of the papers that a request needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Evidence {
    /// They are still owed (待补证明).
    Owed,
    /// A file is attached that somebody has to look at.
    Provided {
        /// Since when; the newest file counts.
        at: Timestamp,
    },
    /// They have been seen.
    Seen {
        /// The name of who has seen them.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// How approved leave was taken back (撤销).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cancellation {
    /// The name of who took it back.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A request was counted anew after the calendar had changed: in half days, or in minutes where its type counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recounted {
    /// When.
    pub at: Timestamp,
    /// How much counted before.
    pub before: i64,
    /// How much counts since.
    pub after: i64,
    /// How many half days count now that the balance does not cover. They are not taken: the officer changes the
    /// request, or HR the balance, whereupon they are taken.
    pub uncovered: i64,
}

/// Which requests are meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LeaveQuery {
    /// The 工号; the caller himself when absent. Another's needs a role that covers him.
    pub officer: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 20 when absent.
    pub limit: Option<u16>,
}

/// Takes a request back before it is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withdraw {
    /// The version that the caller saw.
    pub version: i64,
}

/// Takes back leave that was approved, before it begins (撤销).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cancel {
    /// The version that the caller saw.
    pub version: i64,
    /// Why; 1 to 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// Notes that the papers of a request have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceSeen {
    /// The version that the caller saw.
    pub version: i64,
}

/// Submits again what an approver sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resubmit {
    /// The version that the caller saw.
    pub version: i64,
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// Why; at most 500 characters.
    #[serde(default)]
    pub reason: String,
    /// Where he will be; at most 100 characters.
    #[serde(default)]
    pub destination: String,
    /// The 工号 of the colleague who stands in.
    #[serde(default)]
    pub stand_in: Option<String>,
    /// How to reach him meanwhile; at most 100 characters.
    #[serde(default)]
    pub contact: String,
}

endpoint! {
    /// Counts a request day by day and names the chain that would decide; always answers 200 for readable input.
    PreviewLeave: Post "/leave/preview", "preview_leave", Access::Own;
    body: Preview;
    reply: PreviewResult;
    problems: ForeignOfficer;
}
endpoint! {
    /// Submits a request for leave, for oneself or in place of another (代提交). A repeat of the id answers the same; a
    /// draft of this id has done its work and is gone.
    SubmitLeave: Post "/leave/requests", "submit_leave", Access::Own;
    body: Submit;
    reply: LeaveRequest;
    offline: Queue;
    problems: InvertedSpan, SpanTooLong, NothingCounts, OverlappingLeave, InsufficientBalance, UnknownLeaveType,
        NotEligible, OutsideWindow, OverLimit, NotEntitled, EmptyChain, IdReused, NotFound, HearingConflict,
        ClassConflict, DutyConflict, BlackoutPeriod, MinimumPresence, ForeignOfficer;
}
endpoint! {
    /// Lists requests for leave, newest first.
    ListLeaveRequests: Get "/leave/requests", "list_leave_requests", Access::Party;
    query: LeaveQuery;
    reply: Page<LeaveRequest>;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Shows one request for leave.
    GetLeaveRequest: Get "/leave/requests/{id}", "get_leave_request", Access::Party;
    path: ById;
    reply: LeaveRequest;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Takes a request back before it is decided: by the applicant, or by who submitted it for him.
    WithdrawLeave: Post "/leave/requests/{id}/withdraw", "withdraw_leave", Access::Own;
    path: ById;
    body: Withdraw;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState;
}
endpoint! {
    /// Takes back approved leave before its first half day begins, an afternoon at noon (撤销): for those who approved
    /// it. All of it comes back to the balance.
    CancelLeave: Post "/leave/requests/{id}/cancel", "cancel_leave", Access::Party;
    path: ById;
    body: Cancel;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState, LeaveBegun, AlreadyExtended, ReasonRequired;
}
endpoint! {
    /// Notes that the papers which a request owes have been seen: for those who decide on it, and HR.
    ConfirmEvidence: Post "/leave/requests/{id}/evidence", "confirm_evidence", Access::Party;
    path: ById;
    body: EvidenceSeen;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState;
}
endpoint! {
    /// Submits again, changed or not, what an approver sent back (退回).
    ResubmitLeave: Post "/leave/requests/{id}/resubmit", "resubmit_leave", Access::Own;
    path: ById;
    body: Resubmit;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, InvertedSpan, SpanTooLong, NothingCounts, OverlappingLeave,
        InsufficientBalance, UnknownLeaveType, NotEligible, OutsideWindow, OverLimit, NotEntitled, EmptyChain,
        HearingConflict, ClassConflict, DutyConflict,
        BlackoutPeriod, MinimumPresence;
}
