//! Counting a request anew after the calendar has changed: what comes back, what is taken, what the balance does not
//! cover. The rule proposes; the server writes it.

use std::collections::BTreeMap;

use super::ledger::{self, Entry, by_year};
use super::rules::{Leave, Stored};
use super::types::Basis;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay};

/// What counting anew changes. Days before today are over: they stay as they were counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Half days that no longer count and come back, in order.
    pub freed: Vec<HalfDay>,
    /// Half days that count now and are taken, in order. All of them or, where the balance does not cover them, none.
    pub taken: Vec<HalfDay>,
    /// How many half days count now and are not taken, because the balance does not cover them: somebody has to decide.
    pub uncovered: i64,
}

impl Recount {
    /// Whether nothing is to be written.
    pub fn changes_nothing(&self) -> bool {
        self.freed.is_empty() && self.taken.is_empty()
    }

    /// How many half days the request counts afterwards, when it counted so many before.
    pub fn after(&self, before: i64) -> i64 {
        let len = |half_days: &[HalfDay]| i64::try_from(half_days.len()).expect("a span is bounded");
        before - len(&self.freed) + len(&self.taken)
    }

    /// What it means to the ledger: a request in approval holds, approved leave is committed.
    pub fn entries(&self, stored: Stored) -> Vec<Entry> {
        let (freed, taken) = (&self.freed, &self.taken);
        match stored {
            Stored::Approved => {
                [ledger::on_return(freed), ledger::on_submit(taken), ledger::on_approve(taken)].concat()
            }
            _ => [ledger::on_end(freed), ledger::on_submit(taken)].concat(),
        }
    }
}

/// Counts a request anew by a calendar. `available` is what its type has left in each year without it giving anything
/// back, in half days; it is asked of types with a grant only. A request that is decided otherwise than with approval,
/// or whose return is reported, is left alone, and so is a type that counts natural days.
pub fn recount(calendar: &WorkCalendar, leave: Leave<'_>, available: &BTreeMap<i32, i64>, today: Day) -> Recount {
    let is_live = matches!(leave.stored, Stored::InApproval | Stored::SentBack | Stored::Approved);
    if !is_live || leave.leave_type.basis == Basis::NaturalDays {
        return Recount::default();
    }
    let open = || leave.span.half_days().filter(|at| at.date >= today);
    let freed: Vec<HalfDay> = open().filter(|at| leave.counted.contains(at) && !calendar.works(*at)).collect();
    let taken: Vec<HalfDay> = open().filter(|at| !leave.counted.contains(at) && calendar.works(*at)).collect();
    let back = by_year(&freed);
    let is_covered = !leave.leave_type.granted
        || by_year(&taken).iter().all(|(year, asked)| {
            let left = |of: &BTreeMap<i32, i64>| of.get(year).copied().unwrap_or(0);
            *asked <= left(available) + left(&back)
        });
    if is_covered {
        Recount { freed, taken, uncovered: 0 }
    } else {
        let uncovered = i64::try_from(taken.len()).expect("a span is bounded");
        Recount { freed, taken: Vec::new(), uncovered }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::paper::{Paper, PaperDay};
    use crate::day::Span;
    use crate::leave::types::{ANNUAL, LeaveType, PERSONAL, SICK};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn amended(days: &[(&str, bool)]) -> WorkCalendar {
        let line =
            |(date, off): &(&str, bool)| PaperDay { name: "春节".to_owned(), date: day(date), is_off_day: *off };
        let days = days.iter().map(line).collect();
        WorkCalendar::builtin().amended([Paper { year: 2027, papers: Vec::new(), days }])
    }

    fn counted(calendar: &WorkCalendar, span: Span) -> Vec<HalfDay> {
        span.half_days().filter(|at| calendar.works(*at)).collect()
    }

    fn recounted(leave_type: &LeaveType, left: i64, today: &str) -> Recount {
        let span = Span::days(day("2027-02-05"), day("2027-02-10")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let leave = Leave { stored: Stored::Approved, leave_type, span, counted: &counted };
        let calendar = amended(&[("2027-02-06", false), ("2027-02-09", true), ("2027-02-10", true)]);
        recount(&calendar, leave, &BTreeMap::from([(2027, left)]), day(today))
    }

    #[test]
    fn days_that_rest_come_back_and_days_that_work_are_taken() {
        let plan = recounted(&ANNUAL, 0, "2026-12-01");
        assert_eq!((plan.freed.len(), plan.taken.len(), plan.uncovered), (4, 2, 0), "what comes back covers the rest");
        assert_eq!(plan.after(8), 6);
        assert!(recounted(&SICK, 0, "2026-12-01").changes_nothing(), "natural days count as they did");
        assert_eq!(recounted(&PERSONAL, -5, "2026-12-01").taken.len(), 2, "no balance limits it");
    }

    #[test]
    fn what_is_over_stays_as_it_was() {
        let plan = recounted(&ANNUAL, 0, "2027-02-10");
        assert_eq!(
            (plan.freed, plan.taken.len()),
            (vec![HalfDay::am(day("2027-02-10")), HalfDay::pm(day("2027-02-10"))], 0)
        );
        assert!(recounted(&ANNUAL, 0, "2027-02-11").changes_nothing());
    }

    #[test]
    fn what_the_balance_does_not_cover_is_asked_and_not_taken() {
        let span = Span::days(day("2027-02-05"), day("2027-02-06")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let leave = Leave { stored: Stored::InApproval, leave_type: &ANNUAL, span, counted: &counted };
        let calendar = amended(&[("2027-02-06", false)]);
        let with = |left: i64| recount(&calendar, leave, &BTreeMap::from([(2027, left)]), day("2026-12-01"));
        assert_eq!(with(1), Recount { freed: Vec::new(), taken: Vec::new(), uncovered: 2 });
        assert_eq!((with(2).taken.len(), with(2).uncovered), (2, 0));
    }

    proptest! {
        #[test]
        fn counting_anew_conserves_is_idempotent_and_leaves_the_past_alone(
            start in 0i64..60,
            length in 1i64..30,
            offs in proptest::collection::vec(any::<Option<bool>>(), 90),
            left in 0i64..30,
            now in 0i64..90,
            stored in proptest::sample::select(Stored::ALL.to_vec()),
        ) {
            let first = day("2026-12-10");
            let today = first.plus(now);
            let span = Span::days(first.plus(start), first.plus(start + length - 1)).expect("in order");
            let before = counted(&WorkCalendar::builtin(), span);
            let days = offs.iter().zip(0..).filter_map(|(off, n)| {
                Some(PaperDay { name: "春节".to_owned(), date: first.plus(n), is_off_day: (*off)? })
            });
            let calendar = WorkCalendar::builtin().amended([Paper { year: 2027, papers: Vec::new(), days: days.collect() }]);
            let mut available = BTreeMap::from([(2026, left), (2027, left)]);
            let leave = Leave { stored, leave_type: &ANNUAL, span, counted: &before };
            let plan = recount(&calendar, leave, &available, today);

            prop_assert!(plan.freed.iter().chain(&plan.taken).all(|at| at.date >= today && span.contains(*at)));
            // Conservation: the ledger moves by exactly what the slots move by, in each year.
            let entries = plan.entries(stored);
            for year in [2026, 2027] {
                let moved: i64 = entries.iter().filter(|entry| entry.year == year).map(|entry| entry.half_days).sum();
                let of = |half_days: &[HalfDay]| by_year(half_days).get(&year).copied().unwrap_or(0);
                prop_assert_eq!(moved, of(&plan.freed) - of(&plan.taken));
                let after = available[&year] + moved;
                prop_assert!(after >= 0, "a balance is never overdrawn");
                available.insert(year, after);
            }
            // Idempotence: once written, nothing is left to write, and the same is asked.
            let mut after: Vec<HalfDay> = before.iter().filter(|at| !plan.freed.contains(at)).copied().collect();
            after.extend(&plan.taken);
            after.sort_unstable();
            prop_assert_eq!(plan.after(before.len() as i64), after.len() as i64);
            let again = recount(&calendar, Leave { counted: &after, ..leave }, &available, today);
            prop_assert!(again.changes_nothing());
            prop_assert_eq!(again.uncovered, plan.uncovered);
            if !matches!(stored, Stored::InApproval | Stored::SentBack | Stored::Approved) {
                prop_assert_eq!(plan, Recount::default());
            }
        }
    }
}
