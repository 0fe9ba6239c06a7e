//! Asking for leave in place of another (代提交), on the wire. What is asked goes through the calls of every request.

use serde::{Deserialize, Serialize};

use super::{LeaveRequest, LeaveType};
use crate::account::rules::Permission;
use crate::api::{Access, ByOfficer, Page};
use crate::endpoint;
use crate::org::api::{ColleagueQuery, Colleagues};

/// An officer in whose place the caller may ask, with what is for him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnBehalfOfficer {
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His department.
    pub department: String,
    /// The types of leave, as eligible as they are for him.
    pub types: Vec<LeaveType>,
}

/// Which page of the requests that the caller has submitted for others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OnBehalfQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 20 when absent.
    pub limit: Option<u16>,
}

endpoint! {
    /// Finds an officer in whose place the caller may ask for leave: by name, initials of its pinyin, or 工号.
    ListOnBehalfOfficers: Get "/leave/on-behalf/officers", "list_on_behalf_officers",
        Access::May(Permission::SubmitForOthers);
    query: ColleagueQuery;
    reply: Colleagues;
}
endpoint! {
    /// Shows what the form needs to ask for leave in place of an officer.
    GetOnBehalfOfficer: Get "/leave/on-behalf/officers/{officer}", "get_on_behalf_officer",
        Access::May(Permission::SubmitForOthers);
    path: ByOfficer;
    reply: OnBehalfOfficer;
    problems: ForeignOfficer;
}
endpoint! {
    /// Lists what the caller has submitted for others, newest first: for whom, when, and what has become of it.
    ListOnBehalfRequests: Get "/leave/on-behalf/requests", "list_on_behalf_requests", Access::Own;
    query: OnBehalfQuery;
    reply: Page<LeaveRequest>;
    offline: LastKnown;
}
