//! What stands in whose way: of one lane no two requests of an officer share a half day, of different lanes they may.

use serde::{Deserialize, Serialize};

/// What a request keeps the officer's half days for. It follows from the unit of its type, which nobody changes, and is
/// stored with the request and with each of its half days: the unique index over those holds whatever races above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// He is away from work; a business trip (公务外出) too.
    #[default]
    Leave,
    /// He is at work but for an hour a day.
    Hours,
    /// He says that he is out of town (外出报备). Whether he is away from work as well, only leave says: he may leave
    /// town on a rest day, or during his annual leave.
    Report,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Leave, Self::Hours, Self::Report];

    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Hours => "hours",
            Self::Report => "report",
        }
    }

    /// The lane of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == name)
    }

    /// Whether the officer is away from work by it. Then, and only then, its days count, and their number decides who
    /// approves; what counts none is decided like the shortest leave.
    pub fn is_absence(self) -> bool {
        self == Self::Leave
    }

    /// What a request has to say and does not: the field, and what to do, in Chinese. Who reports that he leaves town says
    /// where he is and how to reach him; that is all that a report is for.
    pub fn missing(self, destination: &str, contact: &str) -> Option<(&'static str, &'static str)> {
        if self != Self::Report {
            None
        } else if destination.trim().is_empty() {
            Some(("destination", "请填写外出地点，如：临江市"))
        } else if contact.trim().is_empty() {
            Some(("contact", "请填写外出期间的联系电话"))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_known_by_its_name() {
        for lane in Lane::ALL {
            assert_eq!(Lane::parse(lane.as_str()), Some(lane));
            assert_eq!(serde_json::to_value(lane).expect("a name"), lane.as_str());
        }
        assert_eq!(Lane::parse("fast"), None);
    }

    #[test]
    fn who_is_out_of_town_says_where_and_how_to_reach_him() {
        let missing = |destination, contact| Lane::Report.missing(destination, contact).map(|(field, _)| field);
        assert_eq!(missing(" ", "13800000001"), Some("destination"));
        assert_eq!(missing("临江市", ""), Some("contact"));
        assert_eq!((missing("临江市", "13800000001"), Lane::Leave.missing("", "")), (None, None));
    }
}
