//! Counting a request anew after the calendar has changed: what comes back, what is taken, what the balance does not
//! cover. The rule proposes; the server writes it.

use super::grant::{Lot, Taken, draw, draw_freely};
use super::ledger::{self, Entry};
use super::rules::{Leave, Stored};
use super::types::Lane;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay};

/// What counting anew changes. Days before today are over: they stay as they were counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Half days that no longer count and come back, in order, each to the grant that paid for it.
    pub freed: Vec<Taken>,
    /// Half days that count now and are taken, in order. All of them or, where the balance does not cover them, none.
    pub taken: Vec<Taken>,
    /// Half days that count now and are not taken, because the balance does not cover them, in order: somebody has to
    /// decide.
    pub uncovered: Vec<HalfDay>,
}

impl Recount {
    /// Whether nothing is to be written.
    pub fn changes_nothing(&self) -> bool {
        self.freed.is_empty() && self.taken.is_empty()
    }

    /// How much the request counts afterwards, when it counted so much before: half days, or minutes for a type that
    /// counts them.
    pub fn after(&self, before: i64) -> i64 {
        let amount = |half_days: &[Taken]| half_days.iter().map(|one| one.amount).sum::<i64>();
        before - amount(&self.freed) + amount(&self.taken)
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

/// Counts a request anew by a calendar. `held` is what it holds or has used, `lots` are the grants of its type as the
/// ledger has them; a type without a balance has none. `given_up` are half days of the span that are another request's
/// now (转为病假): they stay so. A request that is decided otherwise than with approval, or whose
/// return is reported, is left alone, and so is a type that counts natural days or nothing. A type that counts minutes
/// holds some on each workday of its span, so that the calendar decides on which days it does and how many they are.
///
/// `asked` are the half days that were asked for the last time and not covered. They stay asked for while they go by, and
/// are taken when they are covered at last; a later word on the calendar charges no other day that is over.
pub fn recount(
    calendar: &WorkCalendar,
    leave: Leave<'_>,
    held: &[Taken],
    given_up: &[HalfDay],
    lots: &[Lot],
    today: Day,
    asked: &[HalfDay],
) -> Recount {
    let leave_type = leave.leave_type;
    if !leave.stored.is_counted_anew() || !leave_type.follows_calendar() {
        return Recount::default();
    }
    if leave_type.lane() == Lane::Hours {
        return recount_hours(calendar, leave, held, given_up, today);
    }
    let is_held = |at: HalfDay| held.iter().any(|one| one.at == at);
    let freed: Vec<Taken> =
        held.iter().filter(|one| one.at.date >= today && !calendar.works(one.at)).copied().collect();
    let is_open = |at: &HalfDay| !is_held(*at) && !given_up.contains(at) && calendar.works(*at);
    let over = asked.iter().copied().filter(|at| at.date < today && is_open(at));
    let to_come = leave.span.half_days().filter(|at| at.date >= today && is_open(at));
    let asked: Vec<HalfDay> = over.chain(to_come).collect();
    if !leave_type.has_balance() {
        return Recount { freed, taken: draw_freely(&asked, leave_type.slot_amount()).taken, uncovered: Vec::new() };
    }
    let mut lots = lots.to_vec();
    for lot in &mut lots {
        let back: i64 = freed.iter().filter(|one| one.grant == Some(lot.grant.id)).map(|one| one.amount).sum();
        lot.totals.used -= back;
    }
    let drawn = draw(&asked, &lots);
    if drawn.short.is_empty() {
        Recount { freed, taken: drawn.taken, uncovered: Vec::new() }
    } else {
        Recount { freed, taken: Vec::new(), uncovered: asked }
    }
}

/// An hour a day is one hour, whichever halves of the day are worked: a day is held whole or not at all, and it is so
/// many minutes as when they were asked for. No balance limits it.
fn recount_hours(
    calendar: &WorkCalendar,
    leave: Leave<'_>,
    held: &[Taken],
    given_up: &[HalfDay],
    today: Day,
) -> Recount {
    let mut days: Vec<HalfDay> = leave.span.half_days().filter(|at| calendar.works(*at)).collect();
    days.dedup_by_key(|at| at.date);
    let counts = |date: Day| days.iter().any(|at| at.date == date);
    let freed = held.iter().filter(|one| one.at.date >= today && !counts(one.at.date)).copied().collect();
    let is_known = |date: Day| held.iter().map(|one| one.at).chain(given_up.iter().copied()).any(|at| at.date == date);
    let amount = held.first().map_or_else(|| leave.leave_type.slot_amount(), |one| one.amount);
    let asked: Vec<HalfDay> = days.iter().filter(|at| at.date >= today && !is_known(at.date)).copied().collect();
    Recount { freed, taken: draw_freely(&asked, amount).taken, uncovered: Vec::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::paper::{Paper, PaperDay};
    use crate::day::Span;
    use crate::leave::grant::Grant;
    use crate::leave::ledger::Totals;
    use crate::leave::rules::count;
    use crate::leave::types::{ANNUAL, BUILTIN, LeaveType, PERSONAL, SICK};

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

    /// What the year of this number has left.
    fn left(year: i32, half_days: i64) -> Lot {
        let grant = Grant::of_year(uuid::Uuid::from_u128(year as u128), year).expect("a year");
        Lot { grant, totals: Totals { granted: half_days, ..Totals::default() } }
    }

    /// These half days, each paid for by its year.
    fn held(leave_type: &LeaveType, counted: &[HalfDay]) -> Vec<Taken> {
        let grant = |at: &HalfDay| leave_type.has_balance().then(|| left(at.date.year(), 0).grant.id);
        counted.iter().map(|at| Taken { at: *at, amount: 1, grant: grant(at) }).collect()
    }

    fn of_year(taken: &[Taken], year: i32) -> i64 {
        taken.iter().filter(|one| one.at.date.year() == year).map(|one| one.amount).sum()
    }

    fn recounted(leave_type: &LeaveType, rest: i64, today: &str) -> Recount {
        let span = Span::days(day("2027-02-05"), day("2027-02-10")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let leave = Leave { stored: Stored::Approved, leave_type, span, counted: &counted };
        let calendar = amended(&[("2027-02-06", false), ("2027-02-09", true), ("2027-02-10", true)]);
        recount(&calendar, leave, &held(leave_type, &counted), &[], &[left(2027, rest)], day(today), &[])
    }

    #[test]
    fn days_that_rest_come_back_and_days_that_work_are_taken() {
        let plan = recounted(&ANNUAL, 0, "2026-12-01");
        assert_eq!(
            (plan.freed.len(), plan.taken.len(), plan.uncovered.len()),
            (4, 2, 0),
            "what comes back covers the rest"
        );
        assert_eq!(plan.after(8), 6);
        assert!(recounted(&SICK, 0, "2026-12-01").changes_nothing(), "natural days count as they did");
        assert_eq!(recounted(&PERSONAL, -5, "2026-12-01").taken.len(), 2, "no balance limits it");
    }

    #[test]
    fn what_is_over_stays_as_it_was() {
        let plan = recounted(&ANNUAL, 0, "2027-02-10");
        let freed: Vec<HalfDay> = plan.freed.iter().map(|one| one.at).collect();
        let last = [HalfDay::am(day("2027-02-10")), HalfDay::pm(day("2027-02-10"))];
        assert_eq!((freed.as_slice(), plan.taken.len()), (last.as_slice(), 0));
        assert!(recounted(&ANNUAL, 0, "2027-02-11").changes_nothing());
    }

    #[test]
    fn what_the_balance_does_not_cover_is_asked_and_not_taken() {
        let span = Span::days(day("2027-02-05"), day("2027-02-06")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let leave = Leave { stored: Stored::InApproval, leave_type: &ANNUAL, span, counted: &counted };
        let calendar = amended(&[("2027-02-06", false)]);
        let held = held(&ANNUAL, &counted);
        let on = |rest: i64, today: &str, asked: &[HalfDay]| {
            recount(&calendar, leave, &held, &[], &[left(2027, rest)], day(today), asked)
        };
        let with = |rest: i64| on(rest, "2026-12-01", &[]);
        let saturday = [HalfDay::am(day("2027-02-06")), HalfDay::pm(day("2027-02-06"))];
        assert_eq!(with(1), Recount { freed: Vec::new(), taken: Vec::new(), uncovered: saturday.to_vec() });
        assert_eq!((with(2).taken.len(), with(2).uncovered.len()), (2, 0));
        // What was asked for in time is taken after its day as well; what nobody asked for is over.
        assert_eq!(on(2, "2027-02-07", &saturday).taken.len(), 2);
        assert_eq!(on(1, "2027-02-07", &saturday).uncovered, saturday);
        assert!(on(2, "2027-02-07", &[]).changes_nothing());
    }

    /// It once charged a Sunday that was over, in place of a Saturday that was still to come and asked for.
    #[test]
    fn a_later_paper_charges_no_day_that_is_over() {
        let span = Span::days(day("2027-02-05"), day("2027-02-14")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let leave = Leave { stored: Stored::Approved, leave_type: &ANNUAL, span, counted: &counted };
        let held = held(&ANNUAL, &counted);
        // Saturday the 13th was asked for in time; Sunday the 7th is a workday only since it is over.
        let calendar = amended(&[("2027-02-07", false), ("2027-02-13", false)]);
        let saturday = [HalfDay::am(day("2027-02-13")), HalfDay::pm(day("2027-02-13"))];
        let on =
            |rest: i64, today: &str| recount(&calendar, leave, &held, &[], &[left(2027, rest)], day(today), &saturday);
        let halves = |plan: Recount| plan.taken.iter().map(|one| one.at).collect::<Vec<_>>();
        for today in ["2027-02-08", "2027-02-13", "2027-02-14", "2027-02-15"] {
            assert_eq!(on(0, today).uncovered, saturday, "{today}");
            assert_eq!(halves(on(8, today)), saturday, "{today}");
        }
        assert_eq!(on(8, "2027-02-07").taken.len(), 4, "today is not over");
    }

    fn nursing() -> &'static LeaveType {
        BUILTIN.iter().find(|leave_type| leave_type.name == "nursing").expect("built in")
    }

    /// The days on which an hour is held, as the database keeps them.
    fn hours(calendar: &WorkCalendar, span: Span, amount: i64) -> Vec<Taken> {
        let mut days: Vec<Day> = counted(calendar, span).iter().map(|at| at.date).collect();
        days.dedup();
        days.into_iter().map(|date| Taken { at: HalfDay::am(date), amount, grant: None }).collect()
    }

    #[test]
    fn an_hour_a_day_follows_the_workdays() {
        let span = Span::days(day("2027-02-05"), day("2027-02-10")).expect("in order");
        // She asked when it was 45 minutes a day.
        let held = hours(&WorkCalendar::builtin(), span, 45);
        let leave = Leave { stored: Stored::Approved, leave_type: nursing(), span, counted: &[] };
        let calendar = amended(&[("2027-02-06", false), ("2027-02-09", true), ("2027-02-10", true)]);
        let plan = |today: &str| recount(&calendar, leave, &held, &[], &[], day(today), &[]);
        let [freed, taken] = [plan("2026-12-01").freed, plan("2026-12-01").taken]
            .map(|days| days.iter().map(|one| (one.at.date.to_string(), one.amount)).collect::<Vec<_>>());
        assert_eq!(freed, [("2027-02-09".to_owned(), 45), ("2027-02-10".to_owned(), 45)]);
        assert_eq!(taken, [("2027-02-06".to_owned(), 45)]);
        assert_eq!(plan("2026-12-01").after(4 * 45), 3 * 45);
        assert_eq!((plan("2027-02-10").freed.len(), plan("2027-02-10").taken.len()), (1, 0));
    }

    #[test]
    fn what_became_sick_leave_is_not_taken_again() {
        let span = Span::days(day("2027-02-05"), day("2027-02-08")).expect("in order");
        let counted = counted(&WorkCalendar::builtin(), span);
        let given_up = [HalfDay::am(day("2027-02-05")), HalfDay::am(day("2027-02-06"))];
        let leave = Leave { stored: Stored::Approved, leave_type: &ANNUAL, span, counted: &counted };
        let held: Vec<Taken> = held(&ANNUAL, &counted).into_iter().filter(|one| !given_up.contains(&one.at)).collect();
        let today = day("2026-12-01");
        let plan = recount(&amended(&[("2027-02-06", false)]), leave, &held, &given_up, &[left(2027, 9)], today, &[]);
        let taken: Vec<HalfDay> = plan.taken.iter().map(|one| one.at).collect();
        assert_eq!((plan.freed.len(), taken.as_slice()), (0, [HalfDay::pm(day("2027-02-06"))].as_slice()));
    }

    proptest! {
        /// An hour a day that is counted anew holds the days that a request of the new calendar would, and a day is held
        /// once; a second time changes nothing, and the ledger moves by the minutes that the days move by.
        #[test]
        fn an_hour_a_day_is_counted_anew_as_it_would_be_asked_for(
            start in 0i64..60,
            length in 1i64..30,
            from_noon in any::<bool>(),
            offs in proptest::collection::vec(any::<Option<bool>>(), 90),
            now in 0i64..90,
        ) {
            let first = day("2026-12-10");
            let (from, to) = (HalfDay::am(first.plus(start)), HalfDay::pm(first.plus(start + length - 1)));
            let span = Span::new(if from_noon { from.next() } else { from }, to).expect("in order");
            let days = offs.iter().zip(0..).filter_map(|(off, n)| {
                Some(PaperDay { name: "春节".to_owned(), date: first.plus(n), is_off_day: (*off)? })
            });
            let calendar = WorkCalendar::builtin().amended([Paper { year: 2027, papers: Vec::new(), days: days.collect() }]);
            let today = first.plus(now);
            let before = hours(&WorkCalendar::builtin(), span, 60);
            let leave = Leave { stored: Stored::InApproval, leave_type: nursing(), span, counted: &[] };
            let plan = recount(&calendar, leave, &before, &[], &[], today, &[]);
            let mut after: Vec<Taken> = before.iter().filter(|one| !plan.freed.contains(one)).copied().collect();
            after.extend(&plan.taken);
            after.sort_by_key(|one| one.at.date);
            let held: Vec<Day> = after.iter().map(|one| one.at.date).collect();
            let mut expected: Vec<Day> = hours(&WorkCalendar::builtin(), span, 60).iter().map(|one| one.at.date).collect();
            expected.retain(|date| *date < today);
            let asked = count(&calendar, nursing(), span);
            expected.extend(asked.iter().filter(|half| half.counts && half.date >= today).map(|half| half.date));
            expected.dedup();
            prop_assert_eq!(held, expected);
            let moved: i64 = plan.entries(leave.stored).iter().map(|entry| entry.half_days).sum();
            prop_assert_eq!(plan.after(60 * before.len() as i64), 60 * before.len() as i64 - moved);
            prop_assert!(recount(&calendar, leave, &after, &[], &[], today, &[]).changes_nothing());
        }

        #[test]
        fn counting_anew_conserves_is_idempotent_and_leaves_the_past_alone(
            start in 0i64..60,
            length in 1i64..30,
            offs in proptest::collection::vec(any::<Option<bool>>(), 90),
            rest in 0i64..30,
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
            let mut lots = [left(2026, rest), left(2027, rest)];
            let leave = Leave { stored, leave_type: &ANNUAL, span, counted: &before };
            let held_before = held(&ANNUAL, &before);
            let plan = recount(&calendar, leave, &held_before, &[], &lots, today, &[]);

            prop_assert!(plan.freed.iter().chain(&plan.taken).all(|one| one.at.date >= today && span.contains(one.at)));
            // Conservation: the ledger moves by exactly what the slots move by, in each year.
            let entries = plan.entries(stored);
            for year in [2026, 2027] {
                let moved: i64 = entries.iter().filter(|entry| entry.year == year).map(|entry| entry.half_days).sum();
                prop_assert_eq!(moved, of_year(&plan.freed, year) - of_year(&plan.taken, year));
                let lot = &mut lots[(year - 2026) as usize];
                lot.totals.used -= moved;
                prop_assert!(lot.totals.available() >= 0, "a balance is never overdrawn");
            }
            // Idempotence: once written, nothing is left to write, and the same is asked.
            let mut after: Vec<Taken> = held_before.iter().filter(|one| !plan.freed.contains(one)).copied().collect();
            after.extend(&plan.taken);
            after.sort_by_key(|one| one.at);
            prop_assert_eq!(plan.after(before.len() as i64), after.len() as i64);
            let again = recount(&calendar, leave, &after, &[], &lots, today, &[]);
            prop_assert!(again.changes_nothing());
            prop_assert_eq!(&again.uncovered, &plan.uncovered);
            if !matches!(stored, Stored::InApproval | Stored::SentBack | Stored::Approved) {
                prop_assert_eq!(plan, Recount::default());
            }
        }

        /// What was asked for is asked for on every later day, by whatever calendar comes then; and of what is over nothing
        /// else is ever taken.
        #[test]
        fn what_was_asked_for_stays_asked_for_and_costs_no_more(
            start in 0i64..60,
            length in 1i64..30,
            offs in proptest::collection::vec(any::<Option<bool>>(), 90),
            more in proptest::collection::vec(any::<Option<bool>>(), 90),
            now in 0i64..90,
            later in 0i64..90,
        ) {
            let first = day("2026-12-10");
            let span = Span::days(first.plus(start), first.plus(start + length - 1)).expect("in order");
            let calendar = |offs: &[Option<bool>]| {
                let days = offs.iter().zip(0..).filter_map(|(off, n)| {
                    Some(PaperDay { name: "春节".to_owned(), date: first.plus(n), is_off_day: (*off)? })
                });
                WorkCalendar::builtin().amended([Paper { year: 2027, papers: Vec::new(), days: days.collect() }])
            };
            let before = counted(&WorkCalendar::builtin(), span);
            let leave = Leave { stored: Stored::Approved, leave_type: &ANNUAL, span, counted: &before };
            let (since, today) = (first.plus(now), first.plus(now + later));
            let held_before = held(&ANNUAL, &before);
            // So little is left that no day that comes back covers another.
            let mut lots = [left(2026, -400), left(2027, -400)];
            let asking = recount(&calendar(&offs), leave, &held_before, &[], &lots, since, &[]);
            prop_assert!(asking.taken.is_empty());
            let held: Vec<Taken> = held_before.iter().filter(|one| !asking.freed.contains(one)).copied().collect();
            for lot in &mut lots {
                lot.totals.used -= of_year(&asking.freed, lot.grant.year);
            }
            let asked = asking.uncovered;
            let again = recount(&calendar(&offs), leave, &held, &[], &lots, today, &asked);
            prop_assert!(again.changes_nothing());
            prop_assert_eq!(&again.uncovered, &asked);

            let rich = [left(2026, 200), left(2027, 200)];
            let by_more = calendar(&more);
            let plan = recount(&by_more, leave, &held, &[], &rich, today, &asked);
            prop_assert_eq!(&plan.uncovered, &vec![]);
            let over: Vec<HalfDay> = plan.taken.iter().map(|one| one.at).filter(|at| at.date < today).collect();
            let expected: Vec<HalfDay> =
                asked.iter().copied().filter(|at| at.date < today && by_more.works(*at)).collect();
            prop_assert_eq!(over, expected);
            prop_assert!(plan.freed.iter().all(|one| one.at.date >= today));
            let settled = recount(&calendar(&offs), leave, &held, &[], &rich, today, &asked);
            prop_assert_eq!(settled.taken.iter().map(|one| one.at).collect::<Vec<_>>(), asked);
            let mut after: Vec<Taken> = held.iter().chain(&settled.taken).copied().collect();
            after.sort_by_key(|one| one.at);
            prop_assert!(recount(&calendar(&offs), leave, &after, &[], &rich, today, &[]).changes_nothing());
        }
    }
}
