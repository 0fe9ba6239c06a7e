//! Which days and half days are worked, and how many lie in a stretch.
//!
//! A day that a notice lists is what the notice says; every other day is a workday from Monday to Friday. Where no
//! notice can have spoken yet the answer is provisional: nobody may rely on it, and it is counted again later. On top of
//! that come an officer's own court, working week and half-day holidays: [`WorkCalendar::half`] answers with all of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Code;
use crate::calendar::api::DayCount;
use crate::calendar::notices::{NOTICES, Notice};
use crate::calendar::own::{CourtWord, HalfHolidays, Person, WorkingWeek};
use crate::calendar::paper::Paper;
use crate::calendar::statutory;
use crate::day::{Day, Half, HalfDay};

/// The longest stretch that [`WorkCalendar::count`] counts, in days.
pub const MAX_DAYS: i64 = 3660;

/// What a day is for everybody. It borrows the names of holidays from the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'c> {
    /// Courts work.
    Workday {
        /// The holiday that a weekend day is worked for (调休上班); none on an ordinary workday.
        makeup: Option<&'c str>,
    },
    /// Courts rest: a weekend, or a rest day that a notice moves beside a holiday.
    Rest {
        /// The holiday that a notice joins the day to; none on an ordinary Saturday or Sunday.
        holiday: Option<&'c str>,
    },
    /// A statutory holiday of this name.
    Statutory(&'c str),
}

impl DayKind<'_> {
    /// Whether courts work.
    pub fn is_workday(self) -> bool {
        matches!(self, Self::Workday { .. })
    }

    /// What the day is called on screen: 工作日, 调休上班, 周末, 春节假期, 春节（法定节假日）.
    pub fn why(self) -> String {
        match self {
            Self::Workday { makeup: None } => "工作日".to_owned(),
            Self::Workday { makeup: Some(_) } => "调休上班".to_owned(),
            Self::Rest { holiday: None } => "周末".to_owned(),
            Self::Rest { holiday: Some(name) } => format!("{name}假期"),
            Self::Statutory(name) => format!("{name}（法定节假日）"),
        }
    }
}

/// What a half day is for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfKind<'c> {
    /// What its day is for everybody.
    Day(DayKind<'c>),
    /// His own half-day holiday: 妇女节, 青年节.
    HalfHoliday(&'static str),
    /// His court has said so for itself.
    Court {
        /// Whether it works.
        works: bool,
        /// Why.
        reason: &'c str,
    },
    /// His own working week differs from everybody's.
    Week {
        /// Whether he works.
        works: bool,
    },
}

impl HalfKind<'_> {
    /// Whether he works, so that leave counts.
    pub fn works(self) -> bool {
        match self {
            Self::Day(kind) => kind.is_workday(),
            Self::HalfHoliday(_) => false,
            Self::Court { works, .. } | Self::Week { works } => works,
        }
    }

    /// What the half day is called on screen.
    pub fn why(self) -> String {
        match self {
            Self::Day(kind) => kind.why(),
            Self::HalfHoliday(name) => format!("{name}放假半天"),
            Self::Court { works: true, reason } => format!("本院上班：{reason}"),
            Self::Court { works: false, reason } => format!("本院休息：{reason}"),
            Self::Week { works: true } => "个人工作时间".to_owned(),
            Self::Week { works: false } => "个人休息时间".to_owned(),
        }
    }
}

/// What the papers say, whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Notices {
    // Each day once, over all papers.
    listed: BTreeMap<Day, Listed>,
    // The years that a paper has said something of.
    years: Vec<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Listed {
    name: String,
    is_off_day: bool,
}

/// What a court has said of a half day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CourtHalf {
    works: bool,
    reason: String,
}

/// The work calendar: what a set of notices makes for everybody, and for an officer what is his own. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCalendar {
    notices: Arc<Notices>,
    version: u32,
    court: BTreeMap<HalfDay, CourtHalf>,
    // By the day from which each holds.
    weeks: Vec<WorkingWeek>,
    person: Person,
    half_holidays: HalfHolidays,
}

impl WorkCalendar {
    /// The calendar of these notices. Where two of them list one day, the later one wins, as an amendment would.
    pub fn new(notices: &[Notice]) -> Self {
        let papers = notices.iter().map(|notice| notice.papers.len()).sum::<usize>();
        let version = u32::try_from(papers).expect("there are fewer papers than that");
        let empty = Self {
            notices: Arc::default(),
            version,
            court: BTreeMap::new(),
            weeks: Vec::new(),
            person: Person::default(),
            half_holidays: HalfHolidays::default(),
        };
        empty.amended(notices.iter().map(Paper::from))
    }

    /// The calendar of the notices that are built in.
    pub fn builtin() -> Self {
        Self::new(NOTICES)
    }

    /// This calendar with further papers, in the order in which they were brought in: the later one wins by day. A year
    /// is known once a paper has said something of it.
    #[must_use]
    pub fn amended(mut self, papers: impl IntoIterator<Item = Paper>) -> Self {
        let notices = Arc::make_mut(&mut self.notices);
        for paper in papers {
            if !paper.days.is_empty() && !notices.years.contains(&paper.year) {
                notices.years.push(paper.year);
            }
            notices.listed.extend(
                paper.days.into_iter().map(|line| (line.date, Listed { name: line.name, is_off_day: line.is_off_day })),
            );
        }
        self
    }

    /// This calendar as its version so-and-so.
    #[must_use]
    pub fn in_version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// This calendar for an officer: whether half-day holidays are his, and the weeks that he works, in any order; of
    /// two that begin on one day the later one holds.
    #[must_use]
    pub fn for_officer(
        mut self,
        person: Person,
        half_holidays: HalfHolidays,
        weeks: impl IntoIterator<Item = WorkingWeek>,
    ) -> Self {
        (self.person, self.half_holidays) = (person, half_holidays);
        self.weeks = weeks.into_iter().collect();
        self.weeks.sort_by_key(|week| week.from);
        self
    }

    /// This calendar with what a court has said, oldest first, laid over what the courts above have said: call it for
    /// the farthest court first.
    #[must_use]
    pub fn with_court(mut self, words: impl IntoIterator<Item = CourtWord>) -> Self {
        let mut own = BTreeMap::new();
        for word in words {
            for at in word.half_days() {
                match word.works {
                    Some(works) => own.insert(at, CourtHalf { works, reason: word.reason.clone() }),
                    None => own.remove(&at),
                };
            }
        }
        self.court.extend(own);
        self
    }

    /// Which calendar it is: goes up with each paper and each other change, so that a count can say by which calendar it
    /// was made.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Whether the papers of both say the same of every day.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.notices == other.notices
    }

    /// What a day is for everybody.
    pub fn day(&self, day: Day) -> DayKind<'_> {
        if let Some(listed) = self.notices.listed.get(&day) {
            return match (listed.is_off_day, statutory::name_of(day)) {
                (true, Some(name)) => DayKind::Statutory(name),
                (true, None) => DayKind::Rest { holiday: Some(&listed.name) },
                (false, _) => DayKind::Workday { makeup: day.is_weekend().then_some(listed.name.as_str()) },
            };
        }
        match statutory::fixed_name(day).filter(|_| self.is_provisional(day)) {
            Some(name) => DayKind::Statutory(name),
            None if day.is_weekend() => DayKind::Rest { holiday: None },
            None => DayKind::Workday { makeup: None },
        }
    }

    /// What a half day is for the officer whose calendar it is.
    ///
    /// His court's word comes first, the nearest court's where several have spoken. A day that a notice names is what
    /// it says. On every other day his own week decides, and takes the place of Monday to Friday. A half-day holiday of
    /// his is off where he would work; where he would not, nothing is made up (art. 6).
    pub fn half(&self, at: HalfDay) -> HalfKind<'_> {
        if let Some(said) = self.court.get(&at) {
            return HalfKind::Court { works: said.works, reason: &said.reason };
        }
        let kind = self.day(at.date);
        let is_named = matches!(kind, DayKind::Statutory(_)) || self.notices.listed.contains_key(&at.date);
        let week = self.weeks.iter().rev().find(|week| week.from <= at.date).filter(|_| !is_named);
        let kind = match week.map(|week| week.works(at)) {
            Some(works) if works != kind.is_workday() => HalfKind::Week { works },
            _ => HalfKind::Day(kind),
        };
        match self.half_holidays.name(at, self.person).filter(|_| kind.works()) {
            Some(name) => HalfKind::HalfHoliday(name),
            None => kind,
        }
    }

    /// Whether the half day is worked.
    pub fn works(&self, at: HalfDay) -> bool {
        self.half(at).works()
    }

    /// Whether a half of the day is worked.
    pub fn is_workday(&self, day: Day) -> bool {
        self.works(HalfDay::am(day)) || self.works(HalfDay::pm(day))
    }

    /// Whether no notice can have said yet what the day is: its year has none, or it is one of the last seven days of
    /// December, which the next year's notice may move, and that one is not in.
    pub fn is_provisional(&self, day: Day) -> bool {
        if self.notices.listed.contains_key(&day) {
            return false;
        }
        let year_end = day.month() == 12 && day.day_of_month() >= 25;
        !self.knows(day.year()) || (year_end && !self.knows(day.year() + 1))
    }

    /// Counts the days from `from` to `to`, both included, as they are for everybody.
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
            workdays: count.workdays + i64::from(self.day(day).is_workday()),
            provisional: count.provisional || self.is_provisional(day),
            ..count
        }))
    }

    /// The first day after a day of which a half is worked.
    pub fn next_workday(&self, day: Day) -> Day {
        // Saturates at the end of the calendar; long before that a workday is found within two weeks.
        (1..=60).map(|n| day.plus(n)).find(|day| self.is_workday(*day)).unwrap_or(day)
    }

    /// Whether a paper has said something of the year.
    pub fn knows(&self, year: i32) -> bool {
        self.notices.years.contains(&year)
    }

    /// The halves of a day with what they are.
    pub fn halves(&self, day: Day) -> [HalfKind<'_>; 2] {
        [Half::Am, Half::Pm].map(|half| self.half(HalfDay { date: day, half }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::paper::PaperDay;

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
        assert_eq!(calendar.day(at("2018-12-31")), DayKind::Rest { holiday: Some("元旦") });
        assert_eq!(calendar.day(at("2022-12-31")), DayKind::Rest { holiday: Some("元旦") });
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
        assert_eq!(calendar.day(at("2018-10-13")), DayKind::Rest { holiday: None });
        // K15: what is off is off, what is worked is worked.
        assert_eq!(calendar.day(at("2026-10-01")).why(), "国庆节（法定节假日）");
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
            }
            let worked = Paper::from(notice).days.into_iter().filter(|line| !line.is_off_day);
            let weekdays = worked.filter(|line| !line.date.is_weekend()).map(|line| line.date.to_string());
            assert!(weekdays.eq(Some("2020-02-03".to_owned()).into_iter().filter(|_| year == 2020)), "{year}");
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

    #[test]
    fn statutory_and_moved_rest_days_are_told_apart() {
        let calendar = WorkCalendar::builtin();
        let kinds = [
            ("2026-02-15", DayKind::Rest { holiday: Some("春节") }),
            ("2026-02-16", DayKind::Statutory("春节")),
            ("2026-02-19", DayKind::Statutory("春节")),
            ("2026-02-20", DayKind::Rest { holiday: Some("春节") }),
            ("2026-02-28", DayKind::Workday { makeup: Some("春节") }),
            ("2026-03-01", DayKind::Rest { holiday: None }),
            ("2026-03-02", DayKind::Workday { makeup: None }),
            ("2027-05-02", DayKind::Statutory("劳动节")),
        ];
        for (day, kind) in kinds {
            assert_eq!(calendar.day(at(day)), kind, "{day}");
        }
    }

    #[test]
    fn a_later_paper_wins_by_day() {
        let amendment = |date: &str, is_off_day| Paper {
            year: 2027,
            papers: Vec::new(),
            days: vec![PaperDay { name: "春节".to_owned(), date: at(date), is_off_day }],
        };
        let once = WorkCalendar::builtin().amended([amendment("2027-02-10", true)]);
        assert!(once.knows(2027) && !once.is_workday(at("2027-02-10")));
        assert!(!once.is_provisional(at("2026-12-30")) && once.is_provisional(at("2027-12-30")));
        let twice = once.clone().amended([amendment("2027-02-10", false)]);
        assert!(twice.is_workday(at("2027-02-10")));
        assert!(!twice.says_the_same(&once));
        let nothing = Paper { days: Vec::new(), ..amendment("2027-02-10", true) };
        assert!(WorkCalendar::builtin().amended([nothing]).says_the_same(&WorkCalendar::builtin()));
    }

    fn word(date: &str, half: Option<Half>, works: Option<bool>) -> CourtWord {
        CourtWord { date: at(date), half, works, reason: "停电检修".to_owned() }
    }

    #[test]
    fn the_nearest_court_has_the_last_word() {
        let above = [word("2026-11-25", None, Some(false))];
        let calendar = WorkCalendar::builtin().with_court(above.clone());
        assert!(!calendar.is_workday(at("2026-11-25")));
        assert_eq!(calendar.half(HalfDay::am(at("2026-11-25"))).why(), "本院休息：停电检修");
        let own = [word("2026-11-25", Some(Half::Am), Some(true)), word("2026-11-28", None, Some(true))];
        let calendar = calendar.with_court(own);
        assert!(calendar.works(HalfDay::am(at("2026-11-25"))) && !calendar.works(HalfDay::pm(at("2026-11-25"))));
        assert!(calendar.is_workday(at("2026-11-28")), "a Saturday that the court works");
        // A court takes back its own word; what the courts above have said stays.
        let taken_back = [word("2026-11-25", None, Some(true)), word("2026-11-25", None, None)];
        let calendar = WorkCalendar::builtin().with_court(above).with_court(taken_back);
        assert!(!calendar.is_workday(at("2026-11-25")));
        assert_eq!(calendar.count(at("2026-11-25"), at("2026-11-25")).expect("short").workdays, 1, "for everybody");
    }

    #[test]
    fn a_week_holds_from_its_day_on_and_yields_to_notices() {
        let mut mornings = WorkingWeek::STANDARD;
        (0..5).for_each(|day| mornings[day * 2 + 1] = false);
        let weeks = [
            WorkingWeek { from: at("2026-12-07"), halves: WorkingWeek::STANDARD },
            WorkingWeek { from: at("2026-02-02"), halves: mornings },
        ];
        let calendar = WorkCalendar::builtin().for_officer(Person::default(), HalfHolidays::default(), weeks);
        let works = |day: &str| calendar.halves(at(day)).map(HalfKind::works);
        assert_eq!(works("2026-01-30"), [true, true], "before the first week");
        assert_eq!(works("2026-02-02"), [true, false]);
        assert_eq!(works("2026-02-14"), [true, true], "a make-up day is worked by everybody");
        assert_eq!(works("2026-02-17"), [false, false], "春节");
        assert_eq!(works("2026-12-04"), [true, false]);
        assert_eq!(works("2026-12-07"), [true, true], "the next week holds");
    }

    #[test]
    fn half_a_holiday_leaves_the_other_half() {
        // H2: 8 March 2027 is a Monday, 8 March 2026 a Sunday, which nobody makes up.
        let woman = Person { is_woman: true, born_on: None };
        let calendar = WorkCalendar::builtin().for_officer(woman, HalfHolidays::default(), []);
        let [am, pm] = calendar.halves(at("2027-03-08"));
        assert!(am.works() && !pm.works());
        assert_eq!(pm.why(), "妇女节放假半天");
        assert_eq!(calendar.halves(at("2026-03-08")).map(HalfKind::why), ["周末", "周末"]);
        assert!(calendar.works(HalfDay::pm(at("2026-03-09"))));
    }

    proptest! {
        #[test]
        fn without_anything_of_ones_own_both_halves_are_the_day(n in 0i64..5000) {
            let calendar = WorkCalendar::builtin();
            let day = at("2017-01-01").plus(n);
            let kind = HalfKind::Day(calendar.day(day));
            prop_assert_eq!(calendar.halves(day), [kind, kind]);
            prop_assert_eq!(calendar.is_workday(day), calendar.day(day).is_workday());
        }

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
