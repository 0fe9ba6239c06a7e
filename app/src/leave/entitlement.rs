//! How much annual leave a year gives, by years of service.
//!
//! 5, 10 or 15 workdays after 1, 10 or 20 years of work (《职工带薪年休假条例》, article 3). The new number is due in
//! full from the month after the anniversary, less what was taken by then; nothing is pro-rated. So an entitlement has
//! a date, and what a year grants can grow within the year but never shrink.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::org::rules::Category;

/// Years of service and the half days a year that they give.
const STEPS: [(i32, i64); 3] = [(1, 10), (10, 20), (20, 30)];

/// What contract staff (聘用制人员) get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule", content = "half_days")]
pub enum ContractRule {
    /// By years of service, as everybody else.
    #[default]
    Same,
    /// Nothing.
    None,
    /// So many half days a year, whatever the years of service.
    Fixed(i64),
}

impl FromStr for ContractRule {
    type Err = String;

    /// `same`, `none`, or days a year in steps of a half, up to 30: `7`, `7.5`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "same" => return Ok(Self::Same),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let (days, half) = text.strip_suffix(".5").map_or((text, 0), |days| (days, 1));
        let half_days = days.parse::<u8>().ok().map(|days| i64::from(days) * 2 + half);
        half_days
            .filter(|half_days| (1..=60).contains(half_days))
            .map(Self::Fixed)
            .ok_or_else(|| "one of: same, none, or days a year such as 7 or 7.5 (at most 30)".to_owned())
    }
}

impl Display for ContractRule {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => to.write_str("same"),
            Self::None => to.write_str("none"),
            Self::Fixed(half_days) if half_days % 2 == 0 => write!(to, "{}", half_days / 2),
            Self::Fixed(half_days) => write!(to, "{}.5", half_days / 2),
        }
    }
}

/// The installation's settings for annual leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// What contract staff get.
    pub contract_staff: ContractRule,
}

/// The half days that an officer's annual leave of a year amounts to, as it stands on the day `on`.
///
/// A day outside the year stands for the nearest day of the year: before it, what the year will begin with; after it,
/// what it ended with.
pub fn grant_for_year(started_work_on: Day, category: Category, setting: Setting, year: i32, on: Day) -> i64 {
    let (Some(first), Some(last)) = (Day::new(year, 1, 1), Day::new(year, 12, 31)) else { return 0 };
    annual_on(started_work_on, category, setting, on.clamp(first, last))
}

/// The half days a year that an officer is entitled to on a day.
pub fn annual_on(started_work_on: Day, category: Category, setting: Setting, on: Day) -> i64 {
    match (category, setting.contract_staff) {
        (Category::Contract, ContractRule::None) => 0,
        (Category::Contract, ContractRule::Fixed(half_days)) => half_days.max(0),
        _ => by_service(started_work_on, on),
    }
}

fn by_service(started_work_on: Day, on: Day) -> i64 {
    STEPS
        .iter()
        .rev()
        .find(|(years, _)| started_work_on.plus_years(*years).first_of_next_month() <= on)
        .map_or(0, |(_, half_days)| *half_days)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn clerk(started: &str, on: &str) -> i64 {
        annual_on(at(started), Category::Clerk, Setting::default(), at(on))
    }

    #[test]
    fn a_rule_for_contract_staff_is_read_as_it_is_written() {
        for text in ["same", "none", "7", "7.5", "30", "0.5"] {
            assert_eq!(text.parse::<ContractRule>().expect(text).to_string(), text);
        }
        for text in ["", "0", "30.5", "-1", "7.25", "law", "1e3"] {
            assert!(text.parse::<ContractRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_step_is_due_from_the_month_after_the_anniversary() {
        assert_eq!(clerk("2025-07-15", "2026-07-31"), 0);
        assert_eq!(clerk("2025-07-15", "2026-08-01"), 10);
        assert_eq!(clerk("2016-07-01", "2026-07-31"), 10);
        assert_eq!(clerk("2016-07-01", "2026-08-01"), 20);
        assert_eq!(clerk("2006-12-31", "2026-12-31"), 20);
        assert_eq!(clerk("2006-12-31", "2027-01-01"), 30);
        assert_eq!(clerk("2024-02-29", "2025-02-28"), 0);
        assert_eq!(clerk("2024-02-29", "2025-03-01"), 10);
        assert_eq!(clerk("2027-01-01", "2026-01-01"), 0, "not at work yet");
    }

    #[test]
    fn a_year_is_asked_on_a_day() {
        let grant = |year, on| grant_for_year(at("2016-07-01"), Category::Judge, Setting::default(), year, at(on));
        assert_eq!(grant(2026, "2026-03-01"), 10);
        assert_eq!(grant(2026, "2026-09-01"), 20, "the full new number");
        assert_eq!(grant(2026, "2025-11-21"), 10, "asked ahead: as the year begins");
        assert_eq!(grant(2026, "2028-01-01"), 20, "asked afterwards: as the year ended");
    }

    #[test]
    fn contract_staff_follow_the_setting() {
        let with = |contract_staff| {
            let setting = Setting { contract_staff };
            annual_on(at("2010-01-01"), Category::Contract, setting, at("2026-11-21"))
        };
        assert_eq!(with(ContractRule::Same), 20);
        assert_eq!(with(ContractRule::None), 0);
        assert_eq!(with(ContractRule::Fixed(6)), 6);
        let others = Setting { contract_staff: ContractRule::None };
        assert_eq!(annual_on(at("2010-01-01"), Category::Bailiff, others, at("2026-11-21")), 20);
    }

    proptest! {
        #[test]
        fn service_never_takes_leave_away(start in 0i64..15_000, on in 0i64..20_000, later in 0i64..9_000) {
            let (started, on) = (at("1980-01-01").plus(start), at("1980-01-01").plus(on));
            let now = annual_on(started, Category::Judge, Setting::default(), on);
            let then = annual_on(started, Category::Judge, Setting::default(), on.plus(later));
            prop_assert!([0, 10, 20, 30].contains(&now));
            prop_assert!(now <= then);
            let of_year = grant_for_year(started, Category::Judge, Setting::default(), on.year(), on);
            prop_assert_eq!(of_year, now);
        }
    }
}
