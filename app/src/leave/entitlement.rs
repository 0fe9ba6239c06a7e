//! How much leave a year gives, by years of service or the same for everybody, and what costs it.
//!
//! Annual leave is 5, 10 or 15 workdays after 1, 10 or 20 years of work (《职工带薪年休假条例》, article 3). The new
//! number is due in full from the month after the anniversary, less what was taken by then; nothing is pro-rated. So an
//! entitlement has a date, and what a year grants can grow within the year but never shrink.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::api::{Code, Problem};
use crate::day::Day;
use crate::leave::types::{GrantRule, ServiceStep, days_text};
use crate::org::rules::Category;

mod parts;

pub use parts::{Part, missing};

/// What contract staff (聘用制人员) get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// The most that contract staff can be given a year, in half days.
const MOST_FIXED: i64 = 60;

impl ContractRule {
    /// The rule, if it is within its bounds. Error: [`Code::BadInput`] at `rule`.
    pub fn check(self) -> Result<Self, Box<Problem>> {
        match self {
            Self::Fixed(half_days) if !(1..=MOST_FIXED).contains(&half_days) => {
                let why = "聘用制人员的年休假应为每年0.5至30天；不给年休假的，请选“不给”";
                Err(Box::new(Problem::new(Code::BadInput, why).at("rule")))
            }
            rule => Ok(rule),
        }
    }
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
            .filter(|half_days| (1..=MOST_FIXED).contains(half_days))
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

/// Who is entitled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The first day of work, which years of service count from.
    pub started_work_on: Day,
    /// The category of personnel.
    pub category: Category,
}

/// What a year took of the types that can cost the entitlement, in half days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absences {
    /// 事假.
    pub personal: i64,
    /// 病假.
    pub sick: i64,
}

/// What absences of a year have reached (《职工带薪年休假条例》, article 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// So many half days of 事假 or more.
    Personal(i64),
    /// So many half days of 病假 or more, for the bracket of years of service.
    Sick(i64),
}

/// Why a year gives no leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The year whose absences cost it: the year itself or, where its leave was taken all the same, the one before.
    pub because_of: i32,
    /// What they have reached.
    pub cause: Cause,
}

impl Exclusion {
    /// The reason in words, for the leave `title` of `year`.
    pub fn words(self, year: i32, title: &str) -> String {
        let because_of = self.because_of;
        let (what, limit) = match self.cause {
            Cause::Personal(limit) => ("事假", days_text(limit)),
            Cause::Sick(limit) => ("病假", days_text(limit)),
        };
        if because_of == year {
            format!("{year}年累计{what}已达{limit}，按《职工带薪年休假条例》第四条不享受当年{title}")
        } else {
            format!(
                "{because_of}年已休{title}，且累计{what}已达{limit}，\
                 按《机关事业单位工作人员带薪年休假实施办法》第八条不享受{year}年{title}"
            )
        }
    }
}

/// What is known of an officer's years, as far as it can cost leave. A missing year has nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What each year took of the types that can cost it.
    pub absences: BTreeMap<i32, Absences>,
    /// What was used of each year's own leave, in half days; what went over into it is the leave of the year before.
    pub used: BTreeMap<i32, i64>,
    /// The years whose absences cost nothing, by the word of HR: wages were deducted for them (article 4, item 2).
    pub exempt: BTreeSet<i32>,
}

impl GrantRule {
    /// The half days that a year gives, as it stands on the day `on`.
    ///
    /// A day outside the year stands for the nearest day of the year: before it, what the year will begin with; after
    /// it, what it ended with. Nothing for a type that HR grants by hand.
    pub fn of_year(&self, person: Person, setting: Setting, year: i32, on: Day) -> i64 {
        let (Some(first), Some(last)) = (Day::new(year, 1, 1), Day::new(year, 12, 31)) else { return 0 };
        let Self::ByService { .. } = self else {
            return if let Self::Yearly { half_days } = self { *half_days } else { 0 };
        };
        match (person.category, setting.contract_staff) {
            (Category::Contract, ContractRule::None) => 0,
            (Category::Contract, ContractRule::Fixed(half_days)) => half_days.max(0),
            _ => self.step(person.started_work_on, on.clamp(first, last)).map_or(0, |step| step.half_days),
        }
    }

    /// Whether the absences of a year cost the leave of that year; if leave was taken all the same, the next year's
    /// (article 4, and article 8 of 机关事业单位实施办法).
    pub fn exclusion(&self, person: Person, year: i32, on: Day, absences: Absences) -> Option<Cause> {
        let (first, last) = (Day::new(year, 1, 1)?, Day::new(year, 12, 31)?);
        let Self::ByService { personal_limit, .. } = self else { return None };
        let reached = |limit: Option<i64>, taken: i64| limit.filter(|limit| taken >= *limit);
        reached(*personal_limit, absences.personal).map(Cause::Personal).or_else(|| {
            let step = self.step(person.started_work_on, on.clamp(first, last))?;
            reached(step.sick_limit, absences.sick).map(Cause::Sick)
        })
    }

    /// The bracket of a day: a new one is reached with the month after the anniversary.
    fn step(&self, started_work_on: Day, on: Day) -> Option<ServiceStep> {
        let Self::ByService { steps, .. } = self else { return None };
        let reached = |step: &&ServiceStep| started_work_on.plus_years(step.years).first_of_next_month() <= on;
        steps.iter().rev().find(reached).copied()
    }
}

/// The years that give none, as it stands on a day, and why: for the absences of the year itself or, where the leave of
/// the year before was taken all the same, for those of that year.
pub fn exclusions(
    rule: &GrantRule,
    person: Person,
    years: RangeInclusive<i32>,
    on: Day,
    history: &History,
) -> BTreeMap<i32, Exclusion> {
    let of = |year: i32| {
        let absences = history.absences.get(&year).copied().unwrap_or_default();
        let cause = rule.exclusion(person, year, on, absences).filter(|_| !history.exempt.contains(&year))?;
        Some(Exclusion { because_of: year, cause })
    };
    let has_used = |year: i32| history.used.get(&year).is_some_and(|used| *used > 0);
    let of_last_year = |year: i32| of(year - 1).filter(|_| has_used(year - 1));
    years.filter_map(|year| Some((year, of(year).or_else(|| of_last_year(year))?))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::leave::types::ANNUAL;

    fn at(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn person(started: &str, category: Category) -> Person {
        Person { started_work_on: at(started), category }
    }

    fn annual_on(person: Person, setting: Setting, on: Day) -> i64 {
        ANNUAL.grant.of_year(person, setting, on.year(), on)
    }

    fn clerk(started: &str, on: &str) -> i64 {
        annual_on(person(started, Category::Clerk), Setting::default(), at(on))
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
        let judge = person("2016-07-01", Category::Judge);
        let grant = |year, on| ANNUAL.grant.of_year(judge, Setting::default(), year, at(on));
        assert_eq!(grant(2026, "2026-03-01"), 10);
        assert_eq!(grant(2026, "2026-09-01"), 20, "the full new number");
        assert_eq!(grant(2026, "2025-11-21"), 10, "asked ahead: as the year begins");
        assert_eq!(grant(2026, "2028-01-01"), 20, "asked afterwards: as the year ended");
    }

    #[test]
    fn contract_staff_follow_the_setting() {
        let with = |contract_staff| {
            annual_on(person("2010-01-01", Category::Contract), Setting { contract_staff }, at("2026-11-21"))
        };
        assert_eq!(with(ContractRule::Same), 20);
        assert_eq!(with(ContractRule::None), 0);
        assert_eq!(with(ContractRule::Fixed(6)), 6);
        let others = Setting { contract_staff: ContractRule::None };
        assert_eq!(annual_on(person("2010-01-01", Category::Bailiff), others, at("2026-11-21")), 20);
    }

    #[test]
    fn a_yearly_grant_is_the_same_for_everybody_and_others_give_nothing() {
        let of = |rule: GrantRule| {
            rule.of_year(person("2026-11-01", Category::Contract), Setting::default(), 2026, at("2026-11-21"))
        };
        assert_eq!(of(GrantRule::Yearly { half_days: 7 }), 7);
        assert_eq!((of(GrantRule::None), of(GrantRule::Earned { lasts_days: 9 })), (0, 0));
    }

    #[test]
    fn too_much_absence_costs_the_leave_of_the_year() {
        let lost = |started, personal, sick| {
            let absences = Absences { personal, sick };
            ANNUAL.grant.exclusion(person(started, Category::Judge), 2026, at("2026-11-21"), absences)
        };
        assert_eq!(lost("2020-01-01", 39, 119), None);
        assert_eq!(lost("2020-01-01", 40, 0), Some(Cause::Personal(40)));
        assert_eq!(lost("2020-01-01", 0, 120), Some(Cause::Sick(120)), "two months, less than ten years");
        assert_eq!(lost("2010-01-01", 0, 179), None, "three months from ten years on");
        assert_eq!(lost("2010-01-01", 0, 180), Some(Cause::Sick(180)));
        assert_eq!(lost("2000-01-01", 0, 239), None, "four months from twenty years on");
        assert_eq!(lost("2000-01-01", 0, 240), Some(Cause::Sick(240)));
        assert_eq!(lost("2026-06-01", 0, 400), None, "no bracket, no leave to lose");
    }

    #[test]
    fn what_was_taken_in_a_lost_year_costs_the_next_one() {
        let lost = |used: &[(i32, i64)]| lost(used, &[]).into_keys().collect::<Vec<_>>();
        assert_eq!(lost(&[]), [2026]);
        assert_eq!(lost(&[(2026, 2)]), [2026, 2027]);
        assert_eq!(lost(&[(2026, 0), (2027, 4)]), [2026]);
    }

    /// The lost ones of three years, of which 2026 has twenty days of 事假.
    fn lost(used: &[(i32, i64)], exempt: &[i32]) -> BTreeMap<i32, Exclusion> {
        let history = History {
            absences: BTreeMap::from([(2026, Absences { personal: 40, sick: 0 })]),
            used: used.iter().copied().collect(),
            exempt: exempt.iter().copied().collect(),
        };
        let judge = person("2020-01-01", Category::Judge);
        exclusions(&ANNUAL.grant, judge, 2026..=2028, at("2027-03-01"), &history)
    }

    /// It once said that the next year itself had seen so much 事假.
    #[test]
    fn a_lost_year_names_the_year_whose_days_cost_it() {
        let lost = lost(&[(2026, 2)], &[]);
        assert_eq!(lost[&2026], lost[&2027]);
        let words = |year: i32| lost[&year].words(year, "年休假");
        assert_eq!(words(2026), "2026年累计事假已达20天，按《职工带薪年休假条例》第四条不享受当年年休假");
        let next = words(2027);
        assert!(
            next.starts_with("2026年已休年休假，且累计事假已达20天") && next.ends_with("不享受2027年年休假"),
            "{next}"
        );
        let sick = Exclusion { because_of: 2027, cause: Cause::Sick(120) };
        assert!(sick.words(2027, "年休假").starts_with("2027年累计病假已达60天"));
    }

    #[test]
    fn a_year_that_hr_exempts_costs_neither_itself_nor_the_next_one() {
        assert_eq!(lost(&[(2026, 2)], &[2026]), BTreeMap::new());
        assert_eq!(lost(&[(2026, 2)], &[2027]).len(), 2, "another year's absences were exempted");
    }

    proptest! {
        #[test]
        fn service_never_takes_leave_away(start in 0i64..15_000, on in 0i64..20_000, later in 0i64..9_000) {
            let on = at("1980-01-01").plus(on);
            let judge = Person { started_work_on: at("1980-01-01").plus(start), category: Category::Judge };
            let now = annual_on(judge, Setting::default(), on);
            let then = annual_on(judge, Setting::default(), on.plus(later));
            prop_assert!([0, 10, 20, 30].contains(&now));
            prop_assert!(now <= then);
        }

        #[test]
        fn more_absence_never_gives_leave_back(
            start in 0i64..15_000, personal in 0i64..100, sick in 0i64..300, more in 0i64..300,
        ) {
            let judge = Person { started_work_on: at("1980-01-01").plus(start), category: Category::Judge };
            let lost = |personal, sick| {
                ANNUAL.grant.exclusion(judge, 2026, at("2026-11-21"), Absences { personal, sick }).is_some()
            };
            prop_assert!(!lost(personal, sick) || (lost(personal + more, sick) && lost(personal, sick + more)));
        }

        #[test]
        fn an_exemption_never_costs_a_year(
            absences in proptest::collection::vec((0i64..60, 0i64..200), 4),
            used in proptest::collection::vec(0i64..3, 4),
            exempt in proptest::collection::btree_set(2024i32..2028, 0..3),
            more in 2024i32..2028,
        ) {
            let of_years = |n: usize| 2024 + i32::try_from(n).expect("four years");
            let absences = absences.into_iter().enumerate();
            let mut history = History {
                absences: absences.map(|(n, (personal, sick))| (of_years(n), Absences { personal, sick })).collect(),
                used: used.into_iter().enumerate().map(|(n, used)| (of_years(n), used)).collect(),
                exempt,
            };
            let judge = person("2020-01-01", Category::Judge);
            let lost = |history: &History| exclusions(&ANNUAL.grant, judge, 2024..=2028, at("2027-03-01"), history);
            let before = lost(&history);
            for (year, exclusion) in &before {
                prop_assert!(exclusion.because_of == *year || exclusion.because_of == year - 1);
                prop_assert!(!history.exempt.contains(&exclusion.because_of));
            }
            history.exempt.insert(more);
            let after = lost(&history);
            prop_assert!(after.keys().all(|year| before.contains_key(year)));
            prop_assert!(after.values().all(|exclusion| exclusion.because_of != more));
        }
    }
}
