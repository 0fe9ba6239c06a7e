//! Leave on the wire. Durations are half days, integers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Page};
use crate::approval::api::ChainStep;
use crate::day::{Day, HalfDay, Timestamp};
use crate::endpoint;
use crate::leave::rules::{Action, Outcome, Status};

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

/// Whose balances, and on which day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct BalanceQuery {
    /// The 工号; the caller himself when absent.
    pub officer: Option<String>,
    /// The day; today when absent. Its year is the year of the balance.
    pub on: Option<Day>,
}

/// What is left of one type in one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// The type's name.
    pub leave_type: String,
    /// Granted less committed less expired; null for a type without a grant.
    pub half_days: Option<i64>,
    /// Held by requests that are not decided yet.
    pub held: i64,
    /// What a new request can take: `half_days - held`, the sum of the ledger; null for a type without a grant.
    pub available: Option<i64>,
    /// Committed so far.
    pub used: i64,
    /// What ends with the year, where something does.
    pub expiring: Option<Expiring>,
}

/// A part of a balance that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Expiring {
    /// How much.
    pub half_days: i64,
    /// The last day on which it can be taken.
    pub on: Day,
}

/// The balances of an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balances {
    /// The year they are of.
    pub year: i32,
    /// One for each type.
    pub balances: Vec<Balance>,
}

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
    /// How much counts.
    pub half_days: i64,
    /// How much counts for routing, adjoining requests added; the same as `half_days` where nothing adjoins.
    pub routed_half_days: i64,
    /// What would be left; null for a type without a grant.
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
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// How much counts.
    pub half_days: i64,
    /// Why he asks. Absent for those who may not read it.
    pub reason: Option<String>,
    /// Where he will be. Absent for those who may not read it.
    pub destination: Option<String>,
    /// The 工号 of the colleague who stands in.
    pub stand_in: Option<String>,
    /// That colleague's name.
    pub stand_in_name: Option<String>,
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
    /// How it was last counted anew after the calendar had changed, where it was.
    pub recounted: Option<Recounted>,
    /// What the caller may do now; the phone draws its buttons from it.
    pub actions: Vec<Action>,
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

/// A request was counted anew after the calendar had changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recounted {
    /// When.
    pub at: Timestamp,
    /// How many half days counted before.
    pub before: i64,
    /// How many count since.
    pub after: i64,
    /// How many half days count now that the balance does not cover. They are not taken: the officer changes the
    /// request, or HR the balance.
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
}

/// Reports back (销假).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportReturn {
    /// The version that the caller saw.
    pub version: i64,
    /// The first half day back at work.
    pub back: HalfDay,
}

endpoint! {
    /// Lists the types of leave.
    ListLeaveTypes: Get "/leave/types", "list_leave_types", Access::Own;
    reply: LeaveTypes;
    offline: LastKnown;
}
endpoint! {
    /// Lists the balances of an officer in a year.
    ListBalances: Get "/leave/balances", "list_balances", Access::Party;
    query: BalanceQuery;
    reply: Balances;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Counts a request day by day and names the chain that would decide; always answers 200 for readable input.
    PreviewLeave: Post "/leave/preview", "preview_leave", Access::Own;
    body: Preview;
    reply: PreviewResult;
}
endpoint! {
    /// Submits a request for leave. A repeat of the id answers the same.
    SubmitLeave: Post "/leave/requests", "submit_leave", Access::Own;
    body: Submit;
    reply: LeaveRequest;
    offline: Queue;
    problems: InvertedSpan, SpanTooLong, NothingCounts, OverlappingLeave, InsufficientBalance, UnknownLeaveType,
        EmptyChain, IdReused, NotFound;
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
    /// Takes a request back before it is decided.
    WithdrawLeave: Post "/leave/requests/{id}/withdraw", "withdraw_leave", Access::Own;
    path: ById;
    body: Withdraw;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState;
}
endpoint! {
    /// Takes back approved leave before the day on which it begins (撤销): for those who approved it. All of it comes
    /// back to the balance.
    CancelLeave: Post "/leave/requests/{id}/cancel", "cancel_leave", Access::Party;
    path: ById;
    body: Cancel;
    reply: LeaveRequest;
    problems: NotFound, NotAllowed, StaleVersion, WrongState, LeaveBegun, ReasonRequired;
}
endpoint! {
    /// Submits again, changed or not, what an approver sent back (退回).
    ResubmitLeave: Post "/leave/requests/{id}/resubmit", "resubmit_leave", Access::Own;
    path: ById;
    body: Resubmit;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, InvertedSpan, SpanTooLong, NothingCounts, OverlappingLeave,
        InsufficientBalance, UnknownLeaveType, EmptyChain;
}
endpoint! {
    /// Reports back from leave (销假); unused half days of a type that may be split are refunded.
    ReturnFromLeave: Post "/leave/requests/{id}/return", "return_from_leave", Access::Own;
    path: ById;
    body: ReportReturn;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState, ReturnOutOfRange;
}
