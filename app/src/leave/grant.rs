//! Grants: what has given leave, from when until when, and which of them a request draws on.
//!
//! A grant has a window; a half day can be drawn on it only inside. Of several grants that are open on a day the one
//! that ends first pays, so that as little as possible expires; half days are served in the order of the calendar, which
//! finds a way to pay for all of them whenever there is one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use uuid::Uuid;

use crate::day::{Day, HalfDay};
use crate::leave::entitlement::Exclusion;
use crate::leave::ledger::{Entry, Kind, Totals};
use crate::leave::types::CarryOver;

/// Where a grant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// What a year gives: by years of service, the same for everybody, or the figure that an office brought along.
    Year,
    /// What a bracket of years of service that is reached within the year adds, from its month on.
    Bracket,
    /// What the year before left over.
    CarryOver,
    /// What HR granted for an event.
    Earned,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Year, Self::Bracket, Self::CarryOver, Self::Earned];

    /// The source's name as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Bracket => "bracket",
            Self::CarryOver => "carry_over",
            Self::Earned => "earned",
        }
    }

    /// The source of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }

    /// Whether it is the year's own leave, which a lost year does not give.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Year | Self::Bracket)
    }
}

/// A grant of one officer and one type of leave. How much it gave stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// Where it comes from.
    pub source: Source,
    /// The year that it is of; that of its first day.
    pub year: i32,
    /// The first day that can be drawn on it.
    pub from: Day,
    /// The last one.
    pub until: Day,
}

impl Grant {
    /// What a year gives: open from its first day to its last. `None` outside the calendar.
    pub fn of_year(id: Uuid, year: i32) -> Option<Self> {
        Some(Self { id, source: Source::Year, year, from: Day::new(year, 1, 1)?, until: Day::new(year, 12, 31)? })
    }

    /// What a year gives from a day on: open from then to its last day. `None` outside the calendar.
    pub fn opening(id: Uuid, source: Source, from: Day) -> Option<Self> {
        Some(Self { id, source, year: from.year(), from, until: Day::new(from.year(), 12, 31)? })
    }

    /// What goes over into a year. `None` outside the calendar.
    pub fn carried_into(id: Uuid, year: i32, rule: CarryOver) -> Option<Self> {
        let (from, until) = (Day::new(year, 1, 1)?, rule.last_day(year)?);
        Some(Self { id, source: Source::CarryOver, year, from, until })
    }

    /// Whether a day can be drawn on it.
    pub fn is_open(&self, on: Day) -> bool {
        (self.from..=self.until).contains(&on)
    }
}

/// A grant with what the ledger says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The grant.
    pub grant: Grant,
    /// Its entries, added up.
    pub totals: Totals,
}

impl Lot {
    /// Adds up the ledger by grants.
    pub fn of(grants: &[Grant], entries: &[Entry]) -> Vec<Self> {
        let entries_of = |id: Uuid| entries.iter().filter(move |entry| entry.grant == Some(id));
        grants.iter().map(|grant| Self { grant: *grant, totals: Totals::of(entries_of(grant.id)) }).collect()
    }

    /// The grants as they can be drawn on: what is left of a year's own leave is lost where the year gives none.
    pub fn without_lost(lots: &[Self], lost: &BTreeMap<i32, Exclusion>) -> Vec<Self> {
        let seen = |lot: &Self| {
            let is_lost = lot.grant.source.is_own() && lost.contains_key(&lot.grant.year);
            let left = if is_lost { lot.totals.available().max(0) } else { 0 };
            Self { totals: Totals { lost: lot.totals.lost + left, ..lot.totals }, ..*lot }
        };
        lots.iter().map(seen).collect()
    }

    /// What the grants that are open on a day amount to.
    pub fn open_on(lots: &[Self], on: Day) -> Totals {
        lots.iter().filter(|lot| lot.grant.is_open(on)).map(|lot| lot.totals).sum()
    }

    /// Of what is left on a day, the part that ends first: how much, and its last day.
    pub fn first_to_end(lots: &[Self], on: Day) -> Option<(i64, Day)> {
        let open = || lots.iter().filter(|lot| lot.grant.is_open(on) && lot.totals.available() > 0);
        let until = open().map(|lot| lot.grant.until).min()?;
        let left = open().filter(|lot| lot.grant.until == until).map(|lot| lot.totals.available()).sum();
        Some((left, until))
    }
}

/// A half day that a request holds or has used: which one, how much it is of the type's unit, and what paid for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The half day.
    pub at: HalfDay,
    /// One half day, or the minutes of the day.
    pub amount: i64,
    /// The grant; none for a type without a balance.
    pub grant: Option<Uuid>,
}

/// What a request draws.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draw {
    /// The half days that are paid for, in order.
    pub taken: Vec<Taken>,
    /// The half days that no open grant has anything left for, in order.
    pub short: Vec<HalfDay>,
}

/// Finds for each half day, in order, the grant that pays for it: of those open on its day with something left, the one
/// that ends first; of two that end together the one that opens later, which pays for fewer days, and rather what went
/// over once than what can still go over.
pub fn draw(counted: &[HalfDay], lots: &[Lot]) -> Draw {
    let mut left: Vec<(Grant, i64)> = lots.iter().map(|lot| (lot.grant, lot.totals.available())).collect();
    left.sort_by_key(|(grant, _)| (grant.until, Reverse(grant.from), Reverse(grant.source), grant.id));
    let mut draw = Draw::default();
    for &at in counted {
        match left.iter_mut().find(|(grant, left)| *left > 0 && grant.is_open(at.date)) {
            Some((grant, left)) => {
                *left -= 1;
                draw.taken.push(Taken { at, amount: 1, grant: Some(grant.id) });
            }
            None => draw.short.push(at),
        }
    }
    draw
}

/// Half days of a type without a balance: nothing pays for them, and nothing is short.
pub fn draw_freely(counted: &[HalfDay], amount: i64) -> Draw {
    Draw { taken: counted.iter().map(|&at| Taken { at, amount, grant: None }).collect(), short: Vec::new() }
}

/// What the end of a grant does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// So much ends.
    pub expires: i64,
    /// Of that, so much begins again in the next year.
    pub goes_over: i64,
}

/// Ends a grant whose last day is over. `carried` is what went over from the same year before, so that a late refund
/// finds what is left of the cap. What went over once does not go over again (《职工带薪年休假条例》, article 5: at
/// most one year later). A second run finds nothing.
pub fn end(lot: &Lot, rule: Option<CarryOver>, carried: i64, today: Day) -> Ending {
    let left = lot.totals.available();
    if today <= lot.grant.until || left <= 0 {
        return Ending::default();
    }
    // What would end on the same day does not begin again: the job may come months late.
    let is_time = |rule: &CarryOver| rule.last_day(lot.grant.year + 1).is_some_and(|last| today <= last);
    let rule = rule.filter(|rule| lot.grant.source.is_own() && is_time(rule));
    let room = rule.map_or(0, |rule| (rule.half_days - carried).max(0));
    Ending { expires: left, goes_over: left.min(room) }
}

/// The ledger's entry for what ends.
pub fn expire(grant: &Grant, half_days: i64) -> Entry {
    Entry { kind: Kind::Expire, year: grant.year, half_days: -half_days, grant: Some(grant.id) }
}

/// What of an ended year still goes over, once it is found that it should have: `expired` of its own grants, `carried`
/// from it so far. Nothing where it went over when it ended.
pub fn late_carry(expired: i64, carried: i64, rule: CarryOver) -> i64 {
    (expired.min(rule.half_days) - carried).max(0)
}

/// The entries that take back what lost years have let go over, as far as it is left and has not ended: a lost year
/// (条例 article 4) leaves nothing over. Once they are written, a second call finds nothing.
pub fn carried_in_vain(lots: &[Lot], lost: &BTreeMap<i32, Exclusion>, today: Day) -> Vec<Entry> {
    let is_in_vain = |lot: &&Lot| {
        lot.grant.source == Source::CarryOver && lost.contains_key(&(lot.grant.year - 1)) && today <= lot.grant.until
    };
    let lots: Vec<Lot> = lots.iter().filter(is_in_vain).copied().collect();
    lower(&lots, lots.iter().map(|lot| lot.totals.available().max(0)).sum()).0
}

/// Takes half days back: from each grant in turn what is left of it, and none falls below zero. The entries, and how much
/// none of them had left.
pub fn lower(lots: &[Lot], half_days: i64) -> (Vec<Entry>, i64) {
    let mut rest = half_days.max(0);
    let taken = lots.iter().filter_map(|lot| {
        let part = rest.min(lot.totals.available().max(0));
        rest -= part;
        let Grant { id, year, .. } = lot.grant;
        (part > 0).then_some(Entry { kind: Kind::Adjust, year, half_days: -part, grant: Some(id) })
    });
    (taken.collect(), rest)
}

/// The ledger's entry for what a grant gives.
pub fn give(grant: &Grant, half_days: i64) -> Entry {
    Entry { kind: Kind::Grant, year: grant.year, half_days, grant: Some(grant.id) }
}

/// What would be left in each year that a request draws on, once it has drawn: of the grants open on the last half day
/// of the year that it asks for. Negative by what is short.
pub fn left_after(counted: &[HalfDay], lots: &[Lot], draw: &Draw) -> BTreeMap<i32, i64> {
    let last: BTreeMap<i32, Day> = counted.iter().map(|at| (at.date.year(), at.date)).collect();
    let left = last.into_iter().map(|(year, on)| {
        let open: Vec<&Lot> = lots.iter().filter(|lot| lot.grant.is_open(on)).collect();
        let available: i64 = open.iter().map(|lot| lot.totals.available()).sum();
        let is_open = |taken: &&Taken| open.iter().any(|lot| Some(lot.grant.id) == taken.grant);
        let drawn: i64 = draw.taken.iter().filter(is_open).map(|taken| taken.amount).sum();
        let short = draw.short.iter().filter(|at| at.date.year() == year).count();
        (year, available - drawn - i64::try_from(short).expect("a span is bounded"))
    });
    left.collect()
}

#[cfg(test)]
mod tests;
