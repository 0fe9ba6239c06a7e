//! The ledger against a model that knows only requests.

use proptest::prelude::*;

use super::*;
use crate::day::{Day, Span};
use crate::leave::rules::{Event, Stored};

const YEARS: [i32; 2] = [2026, 2027];

#[derive(Clone, Copy, Debug)]
enum Step {
    Submit { start: i64, length: i64 },
    Act { request: usize, event: Event, unused: usize },
    Expire(i32),
    Regrant { year: i32, entitled: i64 },
    Opening { year: i32, figure: i64 },
}

struct Request {
    stored: Stored,
    slots: Vec<HalfDay>,
    refunded: Vec<HalfDay>,
}

fn step() -> impl Strategy<Value = Step> {
    let year = prop_oneof![Just(2026), Just(2027)];
    let event = prop_oneof![
        Just(Event::Withdraw),
        Just(Event::Approve),
        Just(Event::Refuse),
        Just(Event::SendBack),
        Just(Event::Resubmit),
        Just(Event::Return),
        Just(Event::Cancel),
    ];
    prop_oneof![
        4 => (0i64..40, 1i64..12).prop_map(|(start, length)| Step::Submit { start, length }),
        8 => (0usize..8, event, 0usize..12).prop_map(|(request, event, unused)| Step::Act { request, event, unused }),
        1 => year.clone().prop_map(Step::Expire),
        1 => (year.clone(), 0i64..40).prop_map(|(year, entitled)| Step::Regrant { year, entitled }),
        1 => (year, 0i64..40).prop_map(|(year, figure)| Step::Opening { year, figure }),
    ]
}

fn of_year(entries: &[Entry], year: i32) -> Totals {
    Totals::of(entries.iter().filter(|entry| entry.year == year))
}

fn sum(entries: &[Entry], year: i32) -> i64 {
    entries.iter().filter(|entry| entry.year == year).map(|entry| entry.half_days).sum()
}

fn in_year(slots: &[HalfDay], year: i32) -> i64 {
    by_year(slots).get(&year).copied().unwrap_or(0)
}

/// Applies an event to a request if its state allows it, and answers the entries.
fn act(request: &mut Request, event: Event, unused: usize) -> Vec<Entry> {
    let Ok(next) = request.stored.after(event) else { return Vec::new() };
    request.stored = next;
    match event {
        Event::Withdraw | Event::Refuse => on_end(&request.slots),
        Event::Approve => on_approve(&request.slots),
        // What is sent back keeps its half days until it is submitted again, which takes them anew.
        Event::SendBack => Vec::new(),
        Event::Resubmit => [on_end(&request.slots), on_submit(&request.slots)].concat(),
        Event::Return => {
            request.refunded = request.slots.iter().rev().take(unused).copied().collect();
            on_return(&request.refunded)
        }
        Event::Cancel => on_cancel(&request.slots),
    }
}

proptest! {
    #[test]
    fn the_balance_is_the_sum_of_the_ledger(steps in proptest::collection::vec(step(), 1..60)) {
        // New Year lies in the middle of the days that requests are about.
        let first = Day::new(2026, 12, 20).expect("exists");
        let mut ledger = Vec::new();
        let mut requests: Vec<Request> = Vec::new();
        let mut openings: BTreeMap<i32, i64> = BTreeMap::new();

        for step in steps {
            match step {
                Step::Submit { start, length } => {
                    let from = HalfDay::am(first.plus(start / 2));
                    let from = if start % 2 == 0 { from } else { from.next() };
                    let to = (1..length).fold(from, |at, _| at.next());
                    let slots = Span::new(from, to).expect("in order").half_days().collect::<Vec<_>>();
                    let covered = by_year(&slots)
                        .iter()
                        .all(|(&year, &count)| of_year(&ledger, year).available() >= count);
                    if covered {
                        ledger.extend(on_submit(&slots));
                        requests.push(Request { stored: Stored::InApproval, slots, refunded: Vec::new() });
                    }
                }
                Step::Act { request, event, unused } => {
                    let count = requests.len().max(1);
                    if let Some(request) = requests.get_mut(request % count) {
                        ledger.extend(act(request, event, unused));
                    }
                }
                Step::Expire(year) => {
                    ledger.extend(expire(year, of_year(&ledger, year)));
                    prop_assert!(expire(year, of_year(&ledger, year)).is_none(), "a second run finds nothing");
                }
                Step::Regrant { year, entitled } => {
                    let granted = of_year(&ledger, year).granted;
                    ledger.extend(grant(year, entitled, granted));
                    prop_assert!(of_year(&ledger, year).granted >= entitled);
                }
                Step::Opening { year, figure } => {
                    let previous = openings.insert(year, figure);
                    // Only figures that go up, so that the balance stays above zero and can be asserted.
                    if previous.is_none_or(|previous| previous <= figure) {
                        ledger.extend(opening(year, previous, figure));
                    } else {
                        openings.extend(previous.map(|previous| (year, previous)));
                    }
                    prop_assert!(opening(year, openings.get(&year).copied(), openings[&year]).is_none());
                }
            }

            for year in YEARS {
                let totals = of_year(&ledger, year);
                let held = requests.iter().filter(|request| matches!(request.stored, Stored::InApproval | Stored::SentBack));
                let used = requests.iter().filter(|request| matches!(request.stored, Stored::Approved | Stored::Returned));
                prop_assert_eq!(totals.available(), sum(&ledger, year));
                prop_assert_eq!(totals.half_days() - totals.held, totals.available());
                prop_assert_eq!(totals.held, held.map(|request| in_year(&request.slots, year)).sum::<i64>());
                prop_assert_eq!(
                    totals.used,
                    used.map(|request| in_year(&request.slots, year) - in_year(&request.refunded, year)).sum::<i64>()
                );
                prop_assert!(totals.held >= 0 && totals.used >= 0 && totals.expired >= 0);
                prop_assert!(totals.available() >= 0, "nothing is given that is not there");
            }
        }

        for request in &mut requests {
            ledger.extend(act(request, Event::Withdraw, 0));
        }
        for year in YEARS {
            let totals = of_year(&ledger, year);
            prop_assert_eq!(totals.held, 0, "every request is decided");
            prop_assert_eq!(totals.granted, totals.used + totals.expired + totals.available());
        }
    }
}

#[test]
fn a_request_across_the_year_end_is_split_by_its_days() {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let span = Span::new(HalfDay::pm(day("2026-12-31")), HalfDay::pm(day("2027-01-01"))).expect("in order");
    let slots = span.half_days().collect::<Vec<_>>();
    let hold = |year, half_days| Entry { kind: Kind::Hold, year, half_days };
    assert_eq!(on_submit(&slots), [hold(2026, -1), hold(2027, -2)]);
    assert_eq!(Totals::of(&on_approve(&slots)).used, 3);
}

#[test]
fn an_opening_balance_is_set_once_and_then_adjusted() {
    let entry = |kind, half_days| Some(Entry { kind, year: 2026, half_days });
    assert_eq!(opening(2026, None, 14), entry(Kind::Grant, 14));
    assert_eq!(opening(2026, Some(14), 14), None);
    assert_eq!(opening(2026, Some(14), 11), entry(Kind::Adjust, -3));
    assert_eq!(opening(2026, None, 0), None);
}

#[test]
fn a_bracket_reached_in_the_year_grants_the_difference() {
    assert_eq!(grant(2026, 20, 10), Some(Entry { kind: Kind::Grant, year: 2026, half_days: 10 }));
    assert_eq!(grant(2026, 20, 20), None);
    assert_eq!(grant(2026, 10, 20), None);
}

#[test]
fn a_kind_survives_its_name() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
}
