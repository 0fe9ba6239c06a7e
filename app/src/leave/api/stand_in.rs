//! The colleague who stands in, on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LeaveRequest;
use crate::account::rules::Permission;
use crate::api::{Access, ById};
use crate::day::HalfDay;
use crate::endpoint;
use crate::leave::rules::Status;
use crate::leave::stand_in::StandInState;

/// A leave that the caller is asked to stand in for. It says when, who and how to reach him; not why, not where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandIn {
    /// The request's id.
    pub id: Uuid,
    /// The 工号 of who will be away.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His department.
    pub department: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// How to reach him meanwhile; may be empty.
    pub contact: String,
    /// What has become of the request.
    pub status: Status,
    /// The caller's answer.
    pub state: StandInState,
    /// What he said with it.
    pub note: String,
    /// Whether he can answer, or answer otherwise.
    pub may_answer: bool,
    /// What speaks against it, in Chinese: he is away himself, has a hearing, stands in for somebody else.
    pub warnings: Vec<String>,
}

/// What the caller is asked to stand in for, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandIns {
    /// Those that are not over.
    pub items: Vec<StandIn>,
}

/// Agrees to stand in, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandInAnswer {
    /// Whether he agrees.
    pub accept: bool,
    /// A word with it; at most 100 characters.
    #[serde(default)]
    pub note: String,
    /// The first half day that he saw. Where the request asks for other days by now, nothing is answered.
    pub from: HalfDay,
    /// The last half day that he saw.
    pub to: HalfDay,
}

endpoint! {
    /// Lists the leave that the caller is asked to stand in for.
    ListStandIns: Get "/leave/stand-ins", "list_stand_ins", Access::Own;
    reply: StandIns;
    offline: LastKnown;
}
/// Names another colleague to stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewStandIn {
    /// The 工号 of the colleague in whose place he stands in. Where another is named by now, nothing changes.
    pub instead_of: String,
    /// His 工号.
    pub stand_in: String,
}

/// What a court says about those who stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandInRule {
    /// The court.
    pub court: Uuid,
    /// Its name.
    pub court_name: String,
    /// Goes up with every change; 0 where nobody has said anything.
    pub version: i64,
    /// Whether nobody can approve before the stand-in has agreed.
    pub accept_first: bool,
}

/// What the courts that the caller looks after say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandInRules {
    /// One for each court.
    pub items: Vec<StandInRule>,
}

/// Says whether nobody can approve before the stand-in has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandInRuleChange {
    /// The version that the caller saw.
    pub version: i64,
    /// Whether it is so from now on.
    pub accept_first: bool,
}

endpoint! {
    /// Names another colleague to stand in, while the present one has not agreed. The same one again changes nothing.
    NameStandIn: Post "/leave/requests/{id}/name-stand-in", "name_stand_in", Access::Own;
    path: ById;
    body: NewStandIn;
    reply: LeaveRequest;
    problems: NotFound, StaleVersion, WrongState;
}
endpoint! {
    /// Lists what the courts that the caller looks after say about those who stand in.
    ListStandInRules: Get "/leave/stand-in-rules", "list_stand_in_rules", Access::May(Permission::ManageLeave);
    reply: StandInRules;
}
endpoint! {
    /// Says for a court whether nobody can approve before the stand-in has agreed. It counts from the next decision on.
    SetStandInRule: Put "/leave/stand-in-rules/{id}", "set_stand_in_rule", Access::May(Permission::ManageLeave);
    path: ById;
    body: StandInRuleChange;
    reply: StandInRule;
    problems: NotFound, StaleVersion;
}
endpoint! {
    /// Answers whether the caller stands in. The same answer again changes nothing.
    AnswerStandIn: Post "/leave/requests/{id}/stand-in", "answer_stand_in", Access::Own;
    path: ById;
    body: StandInAnswer;
    reply: StandIn;
    problems: NotFound, StaleVersion, WrongState;
}
