//! Which days are workdays, and how many lie in a stretch.
//!
//! A day that a notice lists is what the notice says; every other day is a workday from Monday to Friday. Where no
//! notice can have spoken yet the answer is provisional: nobody may rely on it, and it is counted again later.

use crate::api::Code;
use crate::calendar::api::DayCount;
use crate::calendar::notices::{NOTICES, Notice};
use crate::day::Day;

/// The longest stretch that [`WorkCalendar::count`] counts, in days.
pub const MAX_DAYS: i64 = 3660;

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Courts work.
    Workday {
        /// The holiday that a weekend day is worked for; none on an ordinary workday.
        makeup: Option<&'static str>,
    },
    /// Courts rest.
    Rest(Rest),
}

/// Why courts rest on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A holiday of this name, moved rest days included.
    Holiday(&'static str),
}

impl DayKind {
    /// Whether courts work.
    pub fn is_workday(self) -> bool {
        matches!(self, Self::Workday { .. })
    }

    /// What the day is called on screen: 工作日, 调休上班, 周末, or the holiday's name.
    pub fn why(self) -> &'static str {
        match self {
            Self::Workday { makeup: None } => "工作日",
            Self::Workday { makeup: Some(_) } => "调休上班",
            Self::Rest(Rest::Weekend) => "周末",
            Self::Rest(Rest::Holiday(name)) => name,
        }
    }
}

/// The work calendar that a set of notices makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    // Sorted by day, each day once, over all notices.
    listed: Vec<(Day, DayKind)>,
    years: Vec<i32>,
    version: u32,
}

impl WorkCalendar {
    /// The calendar of these notices. Where two of them list one day, the later one wins, as an amendment would.
    pub fn new(notices: &[Notice]) -> Self {
        let mut listed = std::collections::BTreeMap::new();
        for holiday in notices.iter().flat_map(|notice| notice.holidays) {
            let off = DayKind::Rest(Rest::Holiday(holiday.name));
            listed.extend(day(holiday.first).through(day(holiday.last)).map(|day| (day, off)));
            listed.extend(holiday.makeup.iter().map(|&number| {
                let day = day(number);
                (day, DayKind::Workday { makeup: day.is_weekend().then_some(holiday.name) })
            }));
        }
        let papers = notices.iter().map(|notice| notice.papers.len()).sum::<usize>();
        Self {
            listed: listed.into_iter().collect(),
            years: notices.iter().map(|notice| notice.year).collect(),
            version: u32::try_from(papers).expect("there are fewer papers than that"),
        }
    }

    /// The calendar of the notices that are built in.
    pub fn builtin() -> Self {
        Self::new(NOTICES)
    }

    /// How many papers the calendar knows: goes up with each notice and each amendment, so that a count can say by
    /// which calendar it was made.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What a day is.
    pub fn day(&self, day: Day) -> DayKind {
        if let Some(kind) = self.listed(day) {
            return kind;
        }
        match statutory_name(day).filter(|_| self.is_provisional(day)) {
            Some(name) => DayKind::Rest(Rest::Holiday(name)),
            None if day.is_weekend() => DayKind::Rest(Rest::Weekend),
            None => DayKind::Workday { makeup: None },
        }
    }

    /// Whether courts work on a day.
    pub fn is_workday(&self, day: Day) -> bool {
        self.day(day).is_workday()
    }

    /// Whether no notice can have said yet what the day is: its year has none, or it is one of the last seven days of
    /// December, which the next year's notice may move, and that one is not in.
    pub fn is_provisional(&self, day: Day) -> bool {
        if self.listed(day).is_some() {
            return false;
        }
        let year_end = day.month() == 12 && day.day_of_month() >= 25;
        !self.knows(day.year()) || (year_end && !self.knows(day.year() + 1))
    }

    /// Counts the days from `from` to `to`, both included.
    ///
    /// Errors: [`Code::InvertedSpan`] when `to` is earlier, [`Code::SpanTooLong`] past [`MAX_DAYS`].
    pub fn count(&self, from: Day, to: Day) -> Result<DayCount, Code> {
        let natural_days = to.days_since(from) + 1;
        if natural_days < 1 {
            return Err(Code::InvertedSpan);
        }
        if natural_days > MAX_DAYS {
            return Err(Code::SpanTooLong);
        }
        let empty = DayCount { workdays: 0, natural_days, provisional: false };
        Ok(from.through(to).fold(empty, |count, day| DayCount {
            workdays: count.workdays + i64::from(self.is_workday(day)),
            provisional: count.provisional || self.is_provisional(day),
            ..count
        }))
    }

    /// The first workday after a day.
    pub fn next_workday(&self, day: Day) -> Day {
        // Saturates at the end of the calendar; long before that a workday is found within two weeks.
        (1..=60).map(|n| day.plus(n)).find(|day| self.is_workday(*day)).unwrap_or(day)
    }

    fn listed(&self, day: Day) -> Option<DayKind> {
        let found = self.listed.binary_search_by_key(&day, |(listed, _)| *listed).ok()?;
        self.listed.get(found).map(|(_, kind)| *kind)
    }

    fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }
}

/// The statutory days that fall on the same date each year, without make-up days and weekends around them: what can be
/// said of a year before its notice. The lunar ones wait for the notice.
fn statutory_name(day: Day) -> Option<&'static str> {
    match (day.month(), day.day_of_month()) {
        (1, 1) => Some("元旦"),
        (5, 1 | 2) => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}

fn day(number: u32) -> Day {
    let [year, month, day] = [number / 10_000, number / 100 % 100, number % 100];
    i32::try_from(year)
        .ok()
        .zip(u8::try_from(month).ok())
        .zip(u8::try_from(day).ok())
        .and_then(|((year, month), day)| Day::new(year, month, day))
        .expect("a notice lists days of the calendar")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn count(from: &str, to: &str) -> (i64, i64, bool) {
        let count = WorkCalendar::builtin().count(at(from), at(to)).expect("a short stretch");
        (count.workdays, count.natural_days, count.provisional)
    }

    #[test]
    fn stretches_of_2026_count_as_the_notice_says() {
        assert_eq!(count("2026-02-13", "2026-02-24"), (3, 12, false), "K1");
        assert_eq!(count("2026-02-14", "2026-02-14"), (1, 1, false), "K2");
        assert_eq!(count("2026-02-15", "2026-02-23"), (0, 9, false), "K3");
        assert_eq!(count("2026-01-01", "2026-01-04"), (1, 4, false), "K5");
        let makeup = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];
        let calendar = WorkCalendar::builtin();
        let worked = at("2026-01-01")
            .through(at("2026-12-24"))
            .filter(|day| day.is_weekend() && calendar.is_workday(*day))
            .map(|day| day.to_string())
            .collect::<Vec<_>>();
        assert_eq!(worked, makeup);
    }

    #[test]
    fn a_day_is_looked_up_over_all_years() {
        let calendar = WorkCalendar::builtin();
        assert_eq!(calendar.day(at("2018-12-29")), DayKind::Workday { makeup: Some("元旦") });
        assert_eq!(calendar.day(at("2018-12-31")), DayKind::Rest(Rest::Holiday("元旦")));
        assert_eq!(calendar.day(at("2022-12-31")), DayKind::Rest(Rest::Holiday("元旦")));
        assert_eq!(count("2018-12-29", "2019-01-01"), (1, 4, false), "K11");
    }

    #[test]
    fn amended_years_stand_as_amended() {
        let calendar = WorkCalendar::builtin();
        assert_eq!(count("2019-04-28", "2019-05-05"), (4, 8, false), "K12: four days off at Labour Day");
        assert!(!calendar.is_workday(at("2020-01-31")), "K12: Spring Festival 2020 was extended");
        assert!(!calendar.is_workday(at("2020-02-02")));
        assert!(calendar.is_workday(at("2020-02-03")));
        assert_eq!(calendar.version(), 11, "nine notices and two amendments");
    }

    #[test]
    fn a_weekend_beside_a_holiday_needs_no_listing() {
        let calendar = WorkCalendar::builtin();
        // K14: the two Saturdays before and after National Day 2018, one worked, one not.
        assert!(calendar.is_workday(at("2018-09-29")));
        assert_eq!(calendar.day(at("2018-10-13")), DayKind::Rest(Rest::Weekend));
        // K15: what is off is off, what is worked is worked.
        assert_eq!(calendar.day(at("2026-10-01")).why(), "国庆节");
        assert_eq!(calendar.day(at("2026-10-10")).why(), "调休上班");
    }

    #[test]
    fn what_no_notice_has_said_is_provisional() {
        let calendar = WorkCalendar::builtin();
        for day in ["2017-12-29", "2026-12-25", "2026-12-31", "2027-01-01", "2027-06-15", "2031-10-01"] {
            assert!(calendar.is_provisional(at(day)), "{day}");
        }
        for day in ["2018-01-01", "2018-12-25", "2025-12-31", "2026-12-24", "2026-01-01"] {
            assert!(!calendar.is_provisional(at(day)), "{day}");
        }
        assert_eq!(count("2026-12-24", "2026-12-25"), (2, 2, true));
        // K13: in a year without a notice Monday to Friday count, except the statutory days of fixed date.
        for day in ["2027-01-01", "2027-05-01", "2027-10-01", "2028-05-02", "2029-10-03"] {
            assert!(!calendar.is_workday(at(day)), "{day}");
        }
        assert!(calendar.is_workday(at("2027-05-03")) && calendar.is_workday(at("2027-10-04")));
        assert_eq!(count("2027-01-01", "2027-12-31").0, 261 - 2, "1 January and 1 October are Fridays");
    }

    #[test]
    fn the_next_notice_settles_the_end_of_the_year() {
        let until_2024 = &NOTICES[..NOTICES.iter().position(|notice| notice.year == 2025).expect("known")];
        assert!(WorkCalendar::new(until_2024).is_provisional(at("2024-12-30")));
        assert!(!WorkCalendar::builtin().is_provisional(at("2024-12-30")));
        // 2023's notice lists 31 December 2022, so that day is settled even without 2022's own notice.
        let only_2023 = NOTICES.iter().copied().filter(|notice| notice.year == 2023).collect::<Vec<_>>();
        assert!(!WorkCalendar::new(&only_2023).is_provisional(at("2022-12-31")));
        assert!(WorkCalendar::new(&only_2023).is_provisional(at("2022-12-30")));
    }

    #[test]
    fn the_notices_are_sound() {
        for (notice, year) in NOTICES.iter().zip(2018..) {
            assert_eq!(notice.year, year);
            assert!(notice.papers.iter().all(|paper| paper.contains("gov.cn/zhengce/zhengceku/")));
            for holiday in notice.holidays {
                assert!(holiday.first <= holiday.last, "{year} {}", holiday.name);
                let weekends = holiday.makeup.iter().all(|&number| day(number).is_weekend() || number == 2020_0203);
                assert!(weekends, "{year} {}", holiday.name);
            }
        }
        assert_eq!(NOTICES.last().map(|notice| notice.year), Some(2026));
    }

    #[test]
    fn a_stretch_is_bounded() {
        let calendar = WorkCalendar::builtin();
        assert_eq!(calendar.count(at("2026-01-02"), at("2026-01-01")), Err(Code::InvertedSpan));
        let from = at("2020-01-01");
        assert!(calendar.count(from, from.plus(MAX_DAYS - 1)).is_ok());
        assert_eq!(calendar.count(from, from.plus(MAX_DAYS)), Err(Code::SpanTooLong));
    }

    proptest! {
        #[test]
        fn counting_adds_up(start in 0i64..5000, first in 0i64..700, second in 1i64..700) {
            let calendar = WorkCalendar::builtin();
            let from = at("2016-01-01").plus(start);
            let (middle, to) = (from.plus(first), from.plus(first + second));
            let whole = calendar.count(from, to).expect("in order");
            let left = calendar.count(from, middle).expect("in order");
            let right = calendar.count(middle.next(), to).expect("in order");
            prop_assert_eq!(whole.natural_days, first + second + 1);
            prop_assert!(0 <= whole.workdays && whole.workdays <= whole.natural_days);
            prop_assert_eq!(whole.workdays, left.workdays + right.workdays);
            prop_assert_eq!(whole.natural_days, left.natural_days + right.natural_days);
            prop_assert_eq!(whole.provisional, left.provisional || right.provisional);
        }
    }
}
