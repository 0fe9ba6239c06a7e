//! Balances, what explains them and what is granted, on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::rules::Permission;
use crate::api::Access;
use crate::day::{Day, Timestamp};
use crate::endpoint;
use crate::leave::ledger::Kind;

/// For how many years after this one a balance can be foreseen: beyond, the rules will have changed.
pub const FORESEEN_YEARS: i32 = 2;

/// Whose balances, and on which day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct BalanceQuery {
    /// The 工号; the caller himself when absent.
    pub officer: Option<String>,
    /// Today or a day to come, to the end of the year after next; today when absent.
    pub on: Option<Day>,
}

/// What is left of one type on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// The type's name.
    pub leave_type: String,
    /// Whether it counts minutes of a day, and no half days.
    #[serde(default)]
    pub minutes: bool,
    /// Granted less committed less expired less lost; null for a type without a grant.
    pub half_days: Option<i64>,
    /// Held by requests that are not decided yet.
    pub held: i64,
    /// What a new request can take: `half_days - held`, the sum of the ledger less what was lost; null for a type without
    /// a grant. Of a day to come it is what can be asked for now.
    pub available: Option<i64>,
    /// Committed in the year of the day; minutes for a type that counts them.
    pub used: i64,
    /// What of it ends first, and when.
    pub expiring: Option<Expiring>,
    /// Why the year of the day gives none, where it does not.
    pub lost: Option<Lost>,
    /// Of a day to come: what would go over by then if nothing more was taken. It can be asked for once it has, and is not
    /// part of `available`.
    pub goes_over: Option<Expiring>,
}

/// A year that gives no leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lost {
    /// How much was granted of it before and cannot be taken any more.
    pub half_days: i64,
    /// The reason, in Chinese.
    pub text: String,
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

/// Whose ledger, of which type and year.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StatementQuery {
    /// The 工号; the caller himself when absent.
    pub officer: Option<String>,
    /// The type's name.
    pub leave_type: String,
    /// The year; this one when absent.
    pub year: Option<i32>,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementLine {
    /// When it was written.
    pub at: Timestamp,
    /// What it did.
    pub kind: Kind,
    /// Its effect on what can be taken, in half days (minutes where the type counts them).
    pub half_days: i64,
    /// What could be taken after it; of a type without a balance, what had been taken and asked for.
    pub after: i64,
    /// What happened, in words, in Chinese.
    pub text: String,
    /// The request that it belongs to, where there is one.
    pub request: Option<Uuid>,
}

/// The ledger of one type in one year, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statement {
    /// The type's name.
    pub leave_type: String,
    /// The year.
    pub year: i32,
    /// The lines, oldest first.
    pub lines: Vec<StatementLine>,
}

/// Gives leave for an event, or puts a balance right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantLeave {
    /// An id made by the caller; a repeat answers the same.
    pub id: Uuid,
    /// The 工号.
    pub officer: String,
    /// The type's name; one with a balance.
    pub leave_type: String,
    /// How many half days; negative to take back, which only a balance of the year can be.
    pub half_days: i64,
    /// The first day on which it can be taken; today when absent. Its year is the year of the balance.
    pub from: Option<Day>,
    /// The last day on which it can be taken, for a type that HR grants; as long as the type says when absent.
    pub until: Option<Day>,
    /// Why, for the statement; 1 to 200 characters.
    pub reason: String,
}

endpoint! {
    /// Explains a balance: the ledger of one type in one year, line by line.
    GetStatement: Get "/leave/statement", "get_statement", Access::Party;
    query: StatementQuery;
    reply: Statement;
    offline: LastKnown;
    problems: NotFound, UnknownLeaveType;
}
endpoint! {
    /// Gives an officer leave for an event (补休), or puts his balance of a year right. Answers with the balances of
    /// that day.
    GrantLeaveToOfficer: Post "/leave/grants", "grant_leave", Access::May(Permission::ManageLeave);
    body: GrantLeave;
    reply: Balances;
    problems: NotFound, UnknownLeaveType, IdReused, InsufficientBalance;
}
endpoint! {
    /// Lists the balances of an officer on a day, which may lie in the future: then as they would stand if nothing more
    /// was taken.
    ListBalances: Get "/leave/balances", "list_balances", Access::Party;
    query: BalanceQuery;
    reply: Balances;
    offline: LastKnown;
    problems: NotFound;
}
