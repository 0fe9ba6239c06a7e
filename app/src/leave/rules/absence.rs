//! 逾期未归: somebody has recorded that an officer is not back from a leave that is over.
//!
//! It is another thing than 逾期未销假, which says only that no report is there: without a record by a named person there
//! is no absence, however much time goes by. The record, what the officer says to it and how it was lifted are a log;
//! nothing in it is ever changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::series::{Kind, Standing};
use super::{Stored, Viewer};
use crate::api::Code;
use crate::calendar::rules::{MAX_DAYS, WorkCalendar};
use crate::day::{Day, HalfDay};
use crate::leave::types::Basis;
use crate::org::rules::Category;

/// How somebody knows that the officer is not back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// 未见到岗: he was not seen at work.
    NotSeen,
    /// 本人告知: he says so himself.
    Told,
    /// 联系不上: he was not at work and cannot be reached.
    OutOfReach,
}

impl KnownBy {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::NotSeen, Self::Told, Self::OutOfReach];

    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotSeen => "not_seen",
            Self::Told => "told",
            Self::OutOfReach => "out_of_reach",
        }
    }

    /// The way of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// What an entry of the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// He is not back: missed from this day on.
    Recorded(Day),
    /// He says something to it.
    Answered,
    /// He is back at work since this day.
    Back(Day),
    /// The record was a mistake.
    Mistaken,
}

/// A record that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The position of its entry in the log, from 0.
    pub at: usize,
    /// The first day on which he was missed.
    pub since: Day,
}

impl Absence {
    /// How long he has been missing by now without a break, the days of granted leave left out.
    pub fn running(self, calendar: &WorkCalendar, leave: &BTreeSet<Day>, today: Day) -> Running {
        Running::longest(calendar, &unexplained(&[(self.since, today)], leave))
    }
}

/// The record that holds after these entries: the last one, unless it was lifted.
pub fn current(log: &[Deed]) -> Option<Absence> {
    log.iter().enumerate().fold(None, |open, (at, deed)| match deed {
        Deed::Recorded(since) => Some(Absence { at, since: *since }),
        Deed::Answered => open,
        Deed::Back(_) | Deed::Mistaken => None,
    })
}

/// The record that still says something: he has not reported back since. A report that is sent back lets it hold again.
pub fn holding(standing: &Standing, log: &[Deed]) -> Option<Absence> {
    current(log).filter(|_| standing.stored == Stored::Approved && !standing.reported)
}

/// Whether a viewer can record that the officer is not back: whoever approved the leave, the head of his department or
/// 政治部, never himself; from the day after the leave on, while nobody has reported back and nobody is deciding on an
/// extension. One that was sent back stands in nobody's way: it is the officer's turn, and he may never take it.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] otherwise.
pub fn may_record(standing: &Standing, viewer: Viewer, log: &[Deed], today: Day) -> Result<(), Code> {
    names_him(viewer)?;
    let is_over = standing.stored == Stored::Approved
        && standing.kind == Kind::Absence
        && standing.needs_return
        && !standing.reported
        && !standing.is_extension_in_the_way()
        && today > standing.whole.to().date;
    if is_over && current(log).is_none() { Ok(()) } else { Err(Code::WrongState) }
}

/// Records that the officer is not back, missed from `since` on.
///
/// Errors: those of [`may_record`], and [`Code::BadInput`] for a day of the leave or one to come.
pub fn record(standing: &Standing, viewer: Viewer, log: &[Deed], since: Day, today: Day) -> Result<Deed, Code> {
    may_record(standing, viewer, log, today)?;
    let first = standing.whole.to().next().date;
    if (first..=today).contains(&since) { Ok(Deed::Recorded(since)) } else { Err(Code::BadInput) }
}

/// Whether the officer can say something to the record; reporting back is another thing, and always open to him.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] where no record holds.
pub fn may_answer(standing: &Standing, viewer: Viewer, log: &[Deed]) -> Result<(), Code> {
    if !viewer.is_applicant {
        return Err(Code::NotAllowed);
    }
    holding(standing, log).map(|_| ()).ok_or(Code::WrongState)
}

/// Whether a viewer can lift the record: whoever could have made it.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] where no record holds.
pub fn may_lift(standing: &Standing, viewer: Viewer, log: &[Deed]) -> Result<(), Code> {
    names_him(viewer)?;
    holding(standing, log).map(|_| ()).ok_or(Code::WrongState)
}

/// Lifts the record: he is back since a day, or it was a mistake.
///
/// Errors: those of [`may_lift`], and [`Code::BadInput`] for a day before the record or one to come.
pub fn lift(standing: &Standing, viewer: Viewer, log: &[Deed], back: Option<Day>, today: Day) -> Result<Deed, Code> {
    may_lift(standing, viewer, log)?;
    let since = current(log).map(|open| open.since).ok_or(Code::WrongState)?;
    match back {
        None => Ok(Deed::Mistaken),
        Some(back) if (since..=today).contains(&back) => Ok(Deed::Back(back)),
        Some(_) => Err(Code::BadInput),
    }
}

fn names_him(viewer: Viewer) -> Result<(), Code> {
    if !viewer.is_applicant && (viewer.has_approved || viewer.may_record) { Ok(()) } else { Err(Code::NotAllowed) }
}

/// Whether a report of his return says otherwise than the record: then it is final only once somebody confirms it,
/// whatever the settings say.
pub fn contradicts(absence: Absence, back: HalfDay) -> bool {
    back.date <= absence.since
}

/// How long somebody is missing, both ways: the sources differ on which days the law counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Running {
    /// Every day.
    pub natural_days: i64,
    /// The days on which he would have worked.
    pub workdays: i64,
}

impl Running {
    /// From one day to another by his own calendar, both included; nothing where the second comes first.
    pub fn of(calendar: &WorkCalendar, first: Day, last: Day) -> Self {
        if last < first {
            return Self::default();
        }
        let last = last.min(first.plus(MAX_DAYS - 1));
        Self { natural_days: last.days_since(first) + 1, workdays: calendar.workdays(first, last) }
    }

    /// The longest of some stretches.
    pub fn longest(calendar: &WorkCalendar, stretches: &[(Day, Day)]) -> Self {
        let all = stretches.iter().map(|(first, last)| Self::of(calendar, *first, *last));
        all.max_by_key(|running| (running.natural_days, running.workdays)).unwrap_or_default()
    }

    /// The days that a limit counts.
    pub fn by(self, basis: Basis) -> i64 {
        match basis {
            Basis::Workdays => self.workdays,
            Basis::NaturalDays => self.natural_days,
        }
    }
}

/// The days on which absences were, as far as a log says: from each record to the day before he was back, to today for
/// one that holds, nothing for a mistake. `back` is the day of his reported return, once it is final.
pub fn periods(log: &[Deed], back: Option<Day>, today: Day) -> Vec<(Day, Day)> {
    let mut found = Vec::new();
    let mut open = None;
    for deed in log {
        match deed {
            Deed::Recorded(since) => open = Some(*since),
            Deed::Answered => {}
            Deed::Back(day) => found.extend(open.take().map(|since| (since, day.previous()))),
            Deed::Mistaken => open = None,
        }
    }
    found.extend(open.map(|since| (since, back.map_or(today, Day::previous))));
    found.retain(|(first, last)| first <= last);
    found
}

/// The stretches of these periods without the days of granted leave: a leave that is granted later explains its days, and
/// breaks the row. What came before stands as it was.
pub fn unexplained(periods: &[(Day, Day)], leave: &BTreeSet<Day>) -> Vec<(Day, Day)> {
    let mut found = Vec::new();
    for &(first, last) in periods.iter().filter(|(first, last)| first <= last) {
        let mut from = first;
        for day in leave.range(first..=last) {
            found.extend((from < *day).then(|| (from, day.previous())));
            from = day.next();
        }
        found.extend((from <= last).then_some((from, last)));
    }
    found
}

/// How much of some absences lies in a year; a day that two of them name counts once.
pub fn in_year(calendar: &WorkCalendar, periods: &[(Day, Day)], year: i32) -> Running {
    let (Some(first), Some(last)) = (Day::new(year, 1, 1), Day::new(year, 12, 31)) else { return Running::default() };
    let mut cut: Vec<(Day, Day)> = periods.iter().map(|(from, to)| ((*from).max(first), (*to).min(last))).collect();
    cut.sort();
    let mut sum = Running::default();
    let mut counted = first.previous();
    for (from, to) in cut {
        let part = Running::of(calendar, from.max(counted.next()), to);
        sum = Running { natural_days: sum.natural_days + part.natural_days, workdays: sum.workdays + part.workdays };
        counted = counted.max(to);
    }
    sum
}

/// The days of a record, counted as [`Running::natural_days`], on which leaders hear of it.
pub const ESCALATION_DAYS: [i64; 5] = [1, 3, 7, 10, 14];

/// Who hears of an absence beside those who heard at the stages before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// His leader: whoever approved the leave first, who can call him.
    Leader,
    /// 分管院领导 of his department.
    Overseer,
    /// 政治部, which has to know while there is time to act before the legal limit.
    Political,
    /// 院长, who decides on what follows.
    President,
}

/// Who hears at a stage, from 0: the ladder that decided on the leave, one step higher each time; the last stage tells
/// everybody again, a day before the usual limit of fifteen.
pub fn audience(stage: usize) -> &'static [Audience] {
    const ALL: [Audience; 4] = [Audience::Leader, Audience::Overseer, Audience::Political, Audience::President];
    &ALL[..(stage + 1).min(ALL.len())]
}

/// The stage that is due, from 0: the last one whose day is reached, unless it was told or a later one was. A stage that
/// was missed is not made up for. The days of natural time are counted: whatever the law counts, nobody hears too late.
pub fn escalation(days: [i64; 5], running: Running, told: Option<usize>) -> Option<usize> {
    let due = days.iter().rposition(|day| *day <= running.natural_days)?;
    told.is_none_or(|told| told < due).then_some(due)
}

/// Whether days can be those of the escalation: from 1 to 366, each after the one before.
pub fn are_days(days: [i64; 5]) -> bool {
    days.iter().all(|day| (1..=366).contains(day)) && days.windows(2).all(|pair| pair[0] < pair[1])
}

/// From when on the law lets a court dismiss somebody (辞退): more than so many days.
///
/// 公务员法 (2018), article 88 (5): 旷工或者因公外出、请假期满无正当理由逾期不归连续超过十五天，或者一年内累计超过三十天.
/// The statute says days; the press often writes workdays, so which ones count is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AbsenceLimit))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// More than so many in a row.
    pub in_a_row: i64,
    /// More than so many in a year.
    pub in_a_year: i64,
    /// Which days count.
    pub basis: Basis,
}

impl Limit {
    /// The statute's.
    pub const STATUTE: Self = Self { in_a_row: 15, in_a_year: 30, basis: Basis::NaturalDays };

    /// Whether an absence has passed it.
    pub fn is_passed(self, row: Running, year: Running) -> bool {
        row.by(self.basis) > self.in_a_row || year.by(self.basis) > self.in_a_year
    }
}

/// The limit for a category of personnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CategoryLimit {
    /// The category.
    pub category: Category,
    /// Its limit; none where the law names none, as for 聘用制人员, whose contract says.
    pub limit: Option<Limit>,
}

/// The limits of every category, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The categories in the order of the screen.
    pub items: Vec<CategoryLimit>,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |category| (category != Category::Contract).then_some(Limit::STATUTE);
        let items = Category::ALL.iter().map(|&category| CategoryLimit { category, limit: limit(category) });
        Self { items: items.collect() }
    }
}

impl Limits {
    /// The limit of a category.
    pub fn of(&self, category: Category) -> Option<Limit> {
        self.items.iter().find(|item| item.category == category)?.limit
    }

    /// Whether every category stands there once, with numbers from 1 to 366.
    pub fn are_sound(&self) -> bool {
        let named = |category: &Category| self.items.iter().filter(|item| item.category == *category).count() == 1;
        let sound = |limit: &Limit| [limit.in_a_row, limit.in_a_year].iter().all(|days| (1..=366).contains(days));
        self.items.len() == Category::ALL.len()
            && Category::ALL.iter().all(named)
            && self.items.iter().filter_map(|item| item.limit.as_ref()).all(sound)
    }
}

#[cfg(test)]
mod tests;
