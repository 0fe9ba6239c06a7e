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

    /// On how many days from `from` to `to`, both included, the officer whose calendar it is works a half at least; none
    /// where `to` is earlier. It looks at the first [`MAX_DAYS`] days.
    pub fn workdays(&self, from: Day, to: Day) -> i64 {
        let days = from.through(to.min(from.plus(MAX_DAYS - 1)));
        days.map(|day| i64::from(self.is_workday(day))).sum()
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
mod tests;
