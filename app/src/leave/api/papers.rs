//! The papers that requests owe (待补证明), on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Evidence;
use crate::account::rules::Permission;
use crate::api::{Access, Page};
use crate::day::HalfDay;
use crate::endpoint;

/// Which page of the papers that are owed is meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OwedPapersQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 50 when absent.
    pub limit: Option<u16>,
}

/// A request that needs papers which nobody has seen yet (待补证明).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwedPapers {
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
    /// The type's name.
    pub leave_type: String,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// Whether a file is there to look at.
    pub evidence: Evidence,
}

endpoint! {
    /// Lists requests whose papers nobody has seen yet, what ended first before the others.
    ListOwedPapers: Get "/leave/owed-papers", "list_owed_papers", Access::May(Permission::ReadLeavePapers);
    query: OwedPapersQuery;
    reply: Page<OwedPapers>;
}
