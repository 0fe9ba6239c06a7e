//! The parts of what a year gives: what it begins with, and what a bracket reached within it adds from its month on.
//!
//! Each part is a grant with a window of its own, so that what is not due yet can be asked for ahead and pays only for
//! days from then on.

use std::collections::BTreeMap;

use super::{Person, Setting};
use crate::day::Day;
use crate::leave::grant::Source;
use crate::leave::types::GrantRule;

/// A part of what a year gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it comes from: the year, or a bracket.
    pub source: Source,
    /// The first day that it pays for.
    pub from: Day,
    /// What the year gives with it, the part before it included, in half days.
    pub entitled: i64,
}

impl GrantRule {
    /// The parts of a year that are due on a day or before it, what it begins with first. That one is there on any day:
    /// a year can be asked about ahead.
    pub fn parts_of_year(&self, person: Person, setting: Setting, year: i32, on: Day) -> Vec<Part> {
        let Some(first) = Day::new(year, 1, 1) else { return Vec::new() };
        let part = |source, from| Part { source, from, entitled: self.of_year(person, setting, year, from) };
        // Brackets are whole years apart and one day begins them all, so that a year reaches one at most.
        let reached = self.months(person).into_iter().find(|from| from.year() == year && *from > first && *from <= on);
        [Some(part(Source::Year, first)), reached.map(|from| part(Source::Bracket, from))]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The first days of the months from which on brackets count.
    fn months(&self, person: Person) -> Vec<Day> {
        let Self::ByService { steps, .. } = self else { return Vec::new() };
        steps.iter().map(|step| person.started_work_on.plus_years(step.years).first_of_next_month()).collect()
    }
}

/// What the parts of a year still have to give, by part, in half days. `granted` is what each source has given of it.
///
/// `brought_on` is the day on which an office brought the year's balance along: its figure stands for what was due by
/// then, whatever it is, and a bracket that is reached later adds the difference between the brackets.
pub fn missing(parts: &[Part], granted: &BTreeMap<Source, i64>, brought_on: Option<Day>) -> Vec<(Part, i64)> {
    let begins = parts.first().map_or(0, |part| part.entitled);
    let of = |source: Source| granted.get(&source).copied().unwrap_or(0);
    let mut given: i64 = granted.values().sum();
    let owed = |part: &Part| {
        let missing = match brought_on {
            None => part.entitled - given,
            Some(day) if part.source == Source::Bracket && day < part.from => {
                part.entitled - begins - of(Source::Bracket)
            }
            Some(_) => 0,
        };
        given += missing.max(0);
        (missing > 0).then_some((*part, missing))
    };
    parts.iter().filter_map(owed).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::day::HalfDay;
    use crate::leave::entitlement::{Cause, Exclusion};
    use crate::leave::grant::{Grant, Lot, draw};
    use crate::leave::ledger::Totals;
    use crate::leave::types::{ANNUAL, CarryOver};
    use crate::org::rules::Category;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn clerk(started: &str) -> Person {
        Person { started_work_on: day(started), category: Category::Clerk }
    }

    fn parts(started: &str, on: &str) -> Vec<(Source, String, i64)> {
        let parts = ANNUAL.grant.parts_of_year(clerk(started), Setting::default(), 2026, day(on));
        parts.into_iter().map(|part| (part.source, part.from.to_string(), part.entitled)).collect()
    }

    #[test]
    fn a_bracket_is_a_part_from_its_month_on() {
        let begins = |half_days| (Source::Year, "2026-01-01".to_owned(), half_days);
        let adds = |from: &str, half_days| (Source::Bracket, from.to_owned(), half_days);
        assert_eq!(parts("2016-07-15", "2026-07-31"), [begins(10)]);
        assert_eq!(parts("2016-07-15", "2026-08-01"), [begins(10), adds("2026-08-01", 20)]);
        assert_eq!(parts("2016-07-15", "2025-11-01"), [begins(10)], "asked about ahead");
        assert_eq!(parts("2016-07-15", "2027-02-01"), [begins(10), adds("2026-08-01", 20)], "asked about afterwards");
        assert_eq!(parts("2025-07-15", "2026-12-31"), [begins(0), adds("2026-08-01", 10)], "the first bracket");
        assert_eq!(parts("2005-12-31", "2026-12-31"), [begins(30)], "with January the year begins with it");
        assert_eq!(parts("2015-03-01", "2026-12-31"), [begins(20)]);
    }

    fn owed(granted: &[(Source, i64)], brought_on: Option<&str>) -> Vec<(Source, i64)> {
        let parts = ANNUAL.grant.parts_of_year(clerk("2016-07-15"), Setting::default(), 2026, day("2026-12-31"));
        let owed = missing(&parts, &granted.iter().copied().collect(), brought_on.map(day));
        owed.into_iter().map(|(part, half_days)| (part.source, half_days)).collect()
    }

    #[test]
    fn what_is_missing_is_granted_once() {
        assert_eq!(owed(&[], None), [(Source::Year, 10), (Source::Bracket, 10)]);
        assert_eq!(owed(&[(Source::Year, 10)], None), [(Source::Bracket, 10)]);
        assert_eq!(owed(&[(Source::Year, 10), (Source::Bracket, 10)], None), []);
        assert_eq!(owed(&[(Source::Year, 20)], None), [], "granted as one before there were parts");
        assert_eq!(owed(&[(Source::Year, 16)], None), [(Source::Bracket, 4)]);
        assert_eq!(owed(&[(Source::Year, 30)], None), [], "a grant is never taken back");
    }

    /// It was never granted: the year owed nothing.
    #[test]
    fn a_bracket_adds_the_difference_to_a_balance_that_was_brought_along() {
        assert_eq!(owed(&[(Source::Year, 7)], Some("2026-02-01")), [(Source::Bracket, 10)]);
        assert_eq!(owed(&[], Some("2026-07-31")), [(Source::Bracket, 10)], "nothing was left");
        assert_eq!(owed(&[(Source::Year, 7), (Source::Bracket, 10)], Some("2026-02-01")), []);
        assert_eq!(owed(&[(Source::Year, 7)], Some("2026-08-01")), [], "the figure is of a day when it was due");
    }

    /// The grants that an account has on a day, nothing of them taken.
    fn lots(person: Person, carried: i64, on: Day) -> Vec<Lot> {
        let mut lots = Vec::new();
        for year in 2026..=2027 {
            let parts = ANNUAL.grant.parts_of_year(person, Setting::default(), year, on);
            for (part, granted) in missing(&parts, &BTreeMap::new(), None) {
                let id = Uuid::from_u128(lots.len() as u128 + 1);
                let grant = Grant::opening(id, part.source, part.from).expect("a year");
                lots.push(Lot { grant, totals: Totals { granted, ..Totals::default() } });
            }
        }
        let rule = CarryOver { half_days: 6, month: 3, day: 31 };
        let grant = Grant::carried_into(Uuid::from_u128(99), 2027, rule).expect("a year");
        lots.push(Lot { grant, totals: Totals { granted: carried, ..Totals::default() } });
        lots
    }

    proptest! {
        /// What is open on a day and foreseen for it pays for a request of that day, or of later ones while all of it is
        /// open, whenever it is asked for and whatever day it lasts to.
        #[test]
        fn what_the_forecast_promises_can_be_asked_for(
            started in 0i64..12_000,
            carried in 0i64..6,
            on in 0i64..730,
            later in 0i64..200,
            picks in proptest::collection::vec(0i64..200, 40),
            lost in proptest::collection::btree_set(2026i32..2028, 0..2),
        ) {
            let person = Person { started_work_on: day("1995-01-01").plus(started), category: Category::Judge };
            let lost: BTreeMap<i32, Exclusion> =
                lost.into_iter().map(|year| (year, Exclusion { because_of: year, cause: Cause::Personal(40) })).collect();
            let usable = |on: Day| Lot::without_lost(&lots(person, carried, on), &lost);
            let on = day("2026-01-01").plus(on);
            let promised = Lot::open_on(&usable(on), on).available();
            let Some((_, ends)) = Lot::first_to_end(&usable(on), on) else {
                prop_assert_eq!(promised, 0);
                return Ok(());
            };
            let last = on.plus(later).min(ends);
            let span = last.days_since(on) + 1;
            let mut counted: Vec<HalfDay> =
                picks.iter().cycle().map(|pick| HalfDay::am(on.plus(pick % span))).take(promised as usize).collect();
            counted.sort_unstable();
            let drawn = draw(&counted, &usable(last));
            prop_assert_eq!(drawn.short, vec![]);
            // Nor is any day paid for by what opens after it, or by a year that gives none.
            for taken in &drawn.taken {
                let lots = lots(person, carried, last);
                let grant = lots.iter().find(|lot| Some(lot.grant.id) == taken.grant).expect("known").grant;
                prop_assert!(grant.is_open(taken.at.date));
                prop_assert!(!(grant.source.is_own() && lost.contains_key(&grant.year)));
            }
        }
    }
}
