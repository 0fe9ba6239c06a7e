//! Finding the officer whose account HR looks at, on the wire. Balances, statements and grants have calls of their own.

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::{Access, ByOfficer};
use crate::endpoint;
use crate::leave::types::{GrantRule, LeaveType};
use crate::org::api::{ColleagueQuery, Colleagues};

/// A type of leave that can be given to an officer, or whose balance can be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantableType {
    /// The type's name.
    pub name: String,
    /// The name on screen.
    pub title: String,
    /// For a type that is given for an event, how many days it lasts where no last day is named; null for one with a
    /// balance of the year, which can be raised and lowered.
    pub lasts_days: Option<i64>,
}

impl GrantableType {
    /// How a type can be given; none for one without a balance.
    pub fn of(leave_type: &LeaveType) -> Option<Self> {
        let lasts_days = match leave_type.grant {
            GrantRule::None => return None,
            GrantRule::Earned { lasts_days } => Some(lasts_days),
            GrantRule::ByService { .. } | GrantRule::Yearly { .. } => None,
        };
        Some(Self { name: leave_type.name.clone(), title: leave_type.title.clone(), lasts_days })
    }
}

/// An officer to whom the caller may give leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountOfficer {
    /// His 工号.
    pub officer: String,
    /// His name.
    pub name: String,
    /// His department.
    pub department: String,
    /// What can be given to him.
    pub types: Vec<GrantableType>,
}

endpoint! {
    /// Finds an officer to whom the caller may give leave: by name, initials of its pinyin, or 工号.
    ListAccountOfficers: Get "/leave/accounts", "list_account_officers", Access::May(Permission::ManageLeave);
    query: ColleagueQuery;
    reply: Colleagues;
}
endpoint! {
    /// Shows what the form needs to give leave to an officer, or to put his balance right.
    GetAccountOfficer: Get "/leave/accounts/{officer}", "get_account_officer", Access::May(Permission::ManageLeave);
    path: ByOfficer;
    reply: AccountOfficer;
    problems: NotFound;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leave::types::{ANNUAL, BUILTIN, PERSONAL};

    #[test]
    fn what_has_a_balance_can_be_given() {
        assert_eq!(GrantableType::of(&ANNUAL).map(|known| known.lasts_days), Some(None));
        assert_eq!(GrantableType::of(&PERSONAL), None);
        let earned: Vec<&str> = BUILTIN
            .iter()
            .filter(|known| GrantableType::of(known).is_some_and(|known| known.lasts_days.is_some()))
            .map(|known| known.name.as_str())
            .collect();
        assert_eq!(earned, ["compensatory"]);
    }
}
