//! The settings of running requests on the wire.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::account::rules::Permission;
use crate::api::{Access, Code, Problem};
use crate::approval::process::Settings;
use crate::endpoint;

/// How long a task may have to wait before its first 催办, in minutes: at once to thirty days.
pub const URGE_AFTER: RangeInclusive<i64> = 0..=30 * 24 * 60;

/// How long may have to lie between two times, in minutes: ten minutes, so that nobody is flooded, to thirty days.
pub const URGE_EVERY: RangeInclusive<i64> = 10..=30 * 24 * 60;

/// The settings of running requests. They judge an action when it is taken; what was done before stays done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApprovalSettings {
    /// How long a task has to wait before the applicant can urge (催办), in minutes, 0 to 43200.
    pub urge_after_minutes: i64,
    /// How long he has to wait between two times, in minutes, 10 to 43200.
    pub urge_every_minutes: i64,
    /// Whether approvers can take back their own decisions (撤回审批) while the next has not acted.
    pub take_back: bool,
}

/// A change of the settings of running requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalSettingsChange {
    /// The settings that the caller saw; where others hold by now, nothing changes.
    pub seen: ApprovalSettings,
    /// The settings that are to hold.
    pub settings: ApprovalSettings,
}

impl ApprovalSettings {
    /// The settings for the engine. Error: [`Code::BadInput`] at the field that is out of its bounds.
    pub fn check(self) -> Result<Settings, Box<Problem>> {
        let Self { urge_after_minutes, urge_every_minutes, take_back } = self;
        let refuse = |field, why| Err(Box::new(Problem::new(Code::BadInput, why).at(field)));
        if !URGE_AFTER.contains(&urge_after_minutes) {
            return refuse("urge_after_minutes", "首次催办前的等待时间应在 0 分钟至 30 天之间");
        }
        if !URGE_EVERY.contains(&urge_every_minutes) {
            return refuse("urge_every_minutes", "两次催办的间隔应在 10 分钟至 30 天之间");
        }
        Ok(Settings { urge_after_minutes, urge_every_minutes, take_back })
    }
}

impl From<Settings> for ApprovalSettings {
    fn from(settings: Settings) -> Self {
        let Settings { urge_after_minutes, urge_every_minutes, take_back } = settings;
        Self { urge_after_minutes, urge_every_minutes, take_back }
    }
}

endpoint! {
    /// Shows the settings of running requests.
    GetApprovalSettings: Get "/approval-settings", "get_approval_settings", Access::May(Permission::ManageApproval);
    reply: ApprovalSettings;
}
endpoint! {
    /// Sets the settings of running requests; they count from the next action on.
    SetApprovalSettings: Put "/approval-settings", "set_approval_settings", Access::May(Permission::ManageApproval);
    body: ApprovalSettingsChange;
    reply: ApprovalSettings;
    problems: StaleVersion;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_held_at_their_field() {
        let of =
            |after, every| ApprovalSettings { urge_after_minutes: after, urge_every_minutes: every, take_back: true };
        let field = |settings: ApprovalSettings| settings.check().err().and_then(|problem| problem.field);
        assert_eq!(ApprovalSettings::from(Settings::default()).check(), Ok(Settings::default()));
        for (after, every) in [(0, 10), (43_200, 43_200)] {
            assert_eq!(field(of(after, every)), None);
        }
        for after in [-1, 43_201] {
            assert_eq!(field(of(after, 60)).as_deref(), Some("urge_after_minutes"));
        }
        for every in [9, -1, 43_201] {
            assert_eq!(field(of(0, every)).as_deref(), Some("urge_every_minutes"));
        }
    }
}
