//! The ledger against a model that knows only requests.

use proptest::prelude::*;

use super::*;
use crate::day::{Day, Span};
use crate::leave::entitlement::{Part, missing};
use crate::leave::grant::{Grant, Lot, Source, draw, end, expire, give};
use crate::leave::redraw::redraw;
use crate::leave::rules::{Event, Stored};
use crate::leave::types::CarryOver;

const OVER: CarryOver = CarryOver { half_days: 6, month: 3, day: 31 };

#[derive(Clone, Copy, Debug)]
enum Step {
    Submit {
        start: i64,
        length: i64,
    },
    Act {
        request: usize,
        event: Event,
        unused: usize,
    },
    /// The days go by, and the job that ends grants runs twice.
    Pass {
        days: i64,
    },
    Regrant {
        entitled: i64,
    },
    Opening {
        figure: i64,
    },
    Earn {
        from: i64,
        length: i64,
        half_days: i64,
    },
}

struct Request {
    stored: Stored,
    taken: Vec<Taken>,
    refunded: Vec<Taken>,
}

fn step() -> impl Strategy<Value = Step> {
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
        4 => (0i64..200, 1i64..12).prop_map(|(start, length)| Step::Submit { start, length }),
        8 => (0usize..8, event, 0usize..12).prop_map(|(request, event, unused)| Step::Act { request, event, unused }),
        2 => (0i64..60).prop_map(|days| Step::Pass { days }),
        1 => (0i64..40).prop_map(|entitled| Step::Regrant { entitled }),
        1 => (0i64..40).prop_map(|figure| Step::Opening { figure }),
        1 => (0i64..100, 1i64..90, 1i64..6).prop_map(|(from, length, half_days)| Step::Earn { from, length, half_days }),
    ]
}

/// Applies an event to a request if its state allows it, and answers the entries.
fn act(request: &mut Request, event: Event, unused: usize) -> Vec<Entry> {
    let Ok(next) = request.stored.after(event) else { return Vec::new() };
    request.stored = next;
    match event {
        Event::Withdraw | Event::Refuse => on_end(&request.taken),
        Event::Approve => on_approve(&request.taken),
        // What is sent back keeps its half days until it is submitted again, which takes them anew.
        Event::SendBack => Vec::new(),
        Event::Resubmit => [on_end(&request.taken), on_submit(&request.taken)].concat(),
        Event::Return => {
            request.refunded = request.taken.iter().rev().take(unused).copied().collect();
            on_return(&request.refunded)
        }
        Event::Cancel => on_cancel(&request.taken),
    }
}

/// The job: what is over ends, and what the rule lets go over begins again.
fn run_the_job(grants: &mut Vec<Grant>, ledger: &mut Vec<Entry>, today: Day) -> usize {
    let mut written = 0;
    for lot in Lot::of(grants, ledger) {
        let next = lot.grant.year + 1;
        let carried = grants.iter().find(|grant| grant.source == Source::CarryOver && grant.year == next).copied();
        let before = carried.map_or(0, |grant| Lot::of(&[grant], ledger)[0].totals.granted);
        let ending = end(&lot, Some(OVER), before, today);
        if ending.expires > 0 {
            ledger.push(expire(&lot.grant, ending.expires));
            written += 1;
        }
        if ending.goes_over > 0 {
            let grant = carried.unwrap_or_else(|| {
                Grant::carried_into(Uuid::from_u128(u128::MAX - grants.len() as u128), next, OVER).expect("a year")
            });
            if carried.is_none() {
                grants.push(grant);
            }
            ledger.push(give(&grant, ending.goes_over));
            written += 1;
        }
    }
    written
}

proptest! {
    #[test]
    fn the_balance_is_the_sum_of_the_ledger(steps in proptest::collection::vec(step(), 1..60)) {
        // New Year lies in the middle of the days that requests are about.
        let first = Day::new(2026, 12, 1).expect("exists");
        let mut today = first;
        let mut ledger: Vec<Entry> = Vec::new();
        let mut grants: Vec<Grant> =
            (1..=2).map(|n| Grant::of_year(Uuid::from_u128(n), 2025 + n as i32).expect("a year")).collect();
        let mut requests: Vec<Request> = Vec::new();
        let mut opening_of: Option<i64> = None;

        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Submit { start, length } => {
                    let from = HalfDay::am(first.plus(start / 2));
                    let from = if start % 2 == 0 { from } else { from.next() };
                    let to = (1..length).fold(from, |at, _| at.next());
                    let slots = Span::new(from, to).expect("in order").half_days().collect::<Vec<_>>();
                    let drawn = draw(&slots, &Lot::of(&grants, &ledger));
                    if drawn.short.is_empty() {
                        ledger.extend(on_submit(&drawn.taken));
                        let request = Request { stored: Stored::InApproval, taken: drawn.taken, refunded: Vec::new() };
                        requests.push(request);
                    }
                }
                Step::Act { request, event, unused } => {
                    let count = requests.len().max(1);
                    if let Some(request) = requests.get_mut(request % count) {
                        ledger.extend(act(request, event, unused));
                    }
                }
                Step::Pass { days } => {
                    today = today.plus(days);
                    run_the_job(&mut grants, &mut ledger, today);
                    prop_assert_eq!(run_the_job(&mut grants, &mut ledger, today), 0, "a second run finds nothing");
                    for request in &mut requests {
                        let plan = redraw(&request.taken, &Lot::of(&grants, &ledger));
                        let entries = plan.entries(request.stored);
                        if entries.is_empty() {
                            continue;
                        }
                        ledger.extend(entries);
                        for (from, to) in plan.from.iter().zip(&plan.to) {
                            let place = request.taken.iter().position(|one| one == from).expect("what it has drawn");
                            request.taken[place] = *to;
                        }
                    }
                }
                Step::Regrant { entitled } => {
                    let granted = Lot::of(&grants[..1], &ledger)[0].totals.granted;
                    let part = Part { source: Source::Year, from: grants[0].from, entitled };
                    let owed = missing(&[part], &BTreeMap::from([(Source::Year, granted)]), None);
                    ledger.extend(owed.into_iter().map(|(_, half_days)| give(&grants[0], half_days)));
                    prop_assert!(Lot::of(&grants[..1], &ledger)[0].totals.granted >= entitled);
                }
                // Only figures that go up, so that the balance stays above zero and can be asserted.
                Step::Opening { figure } if opening_of.is_none_or(|previous| previous <= figure) => {
                    ledger.extend(opening(&grants[1], opening_of, figure));
                    opening_of = Some(figure);
                    prop_assert!(opening(&grants[1], opening_of, figure).is_none());
                }
                Step::Opening { .. } => {}
                Step::Earn { from, length, half_days } => {
                    let from = first.plus(from);
                    let grant = Grant {
                        id: Uuid::from_u128(100 + number as u128),
                        source: Source::Earned,
                        year: from.year(),
                        from,
                        until: from.plus(length),
                    };
                    grants.push(grant);
                    ledger.push(give(&grant, half_days));
                }
            }

            let lots = Lot::of(&grants, &ledger);
            let totals: Totals = lots.iter().map(|lot| lot.totals).sum();
            let amount = |taken: &[Taken]| taken.iter().map(|one| one.amount).sum::<i64>();
            let held = requests.iter().filter(|request| matches!(request.stored, Stored::InApproval | Stored::SentBack));
            let used = requests.iter().filter(|request| matches!(request.stored, Stored::Approved | Stored::Returned));
            prop_assert_eq!(totals.available(), ledger.iter().map(|entry| entry.half_days).sum::<i64>());
            prop_assert_eq!(totals.granted, totals.used + totals.held + totals.expired + totals.available());
            prop_assert_eq!(totals.held, held.map(|request| amount(&request.taken)).sum::<i64>());
            let used = used.map(|request| amount(&request.taken) - amount(&request.refunded)).sum::<i64>();
            prop_assert_eq!(totals.used, used);
            for lot in &lots {
                prop_assert!(lot.totals.held >= 0 && lot.totals.used >= 0 && lot.totals.expired >= 0);
                prop_assert!(lot.totals.available() >= 0, "nothing is given that is not there");
            }
        }

        for request in &mut requests {
            ledger.extend(act(request, Event::Withdraw, 0));
        }
        for lot in Lot::of(&grants, &ledger) {
            prop_assert_eq!(lot.totals.held, 0, "every request is decided");
            prop_assert_eq!(lot.totals.granted, lot.totals.used + lot.totals.expired + lot.totals.available());
        }
    }
}

fn year(year: i32) -> Grant {
    Grant::of_year(Uuid::from_u128(1), year).expect("a year")
}

#[test]
fn a_request_across_the_year_end_is_split_by_its_days() {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let span = Span::new(HalfDay::pm(day("2026-12-31")), HalfDay::pm(day("2027-01-01"))).expect("in order");
    let taken: Vec<Taken> = span.half_days().map(|at| Taken { at, amount: 1, grant: None }).collect();
    let hold = |year, half_days| Entry { kind: Kind::Hold, year, half_days, grant: None };
    assert_eq!(on_submit(&taken), [hold(2026, -1), hold(2027, -2)]);
    assert_eq!(Totals::of(&on_approve(&taken)).used, 3);
}

#[test]
fn minutes_are_added_as_minutes() {
    let day = |text: &str| HalfDay::am(text.parse::<Day>().expect("a day"));
    let taken = [day("2026-11-23"), day("2026-11-24")].map(|at| Taken { at, amount: 60, grant: None });
    assert_eq!(Totals::of(&on_submit(&taken)).held, 120);
}

#[test]
fn an_opening_balance_is_set_once_and_then_adjusted() {
    let grant = year(2026);
    let entry = |kind, half_days| Some(Entry { kind, year: 2026, half_days, grant: Some(grant.id) });
    assert_eq!(opening(&grant, None, 14), entry(Kind::Grant, 14));
    assert_eq!(opening(&grant, Some(14), 14), None);
    assert_eq!(opening(&grant, Some(14), 11), entry(Kind::Adjust, -3));
    assert_eq!(opening(&grant, None, 0), None);
}

#[test]
fn a_kind_survives_its_name() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
    for source in Source::ALL {
        assert_eq!(Source::parse(source.as_str()), Some(source));
    }
}
