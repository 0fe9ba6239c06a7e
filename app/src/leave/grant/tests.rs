//! Which grant pays for which half day, and what is left when a grant ends.

use proptest::prelude::*;

use super::*;
use crate::day::Span;
use crate::leave::entitlement::Cause;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn lot(id: u128, source: Source, from: &str, until: &str, granted: i64) -> Lot {
    let grant = Grant { id: Uuid::from_u128(id), source, year: day(from).year(), from: day(from), until: day(until) };
    Lot { grant, totals: Totals { granted, ..Totals::default() } }
}

fn half_days(first: &str, last: &str) -> Vec<HalfDay> {
    Span::days(day(first), day(last)).expect("in order").half_days().collect()
}

fn paid_by(draw: &Draw) -> Vec<u128> {
    draw.taken.iter().filter_map(|taken| taken.grant).map(|id| id.as_u128()).collect()
}

const OVER: CarryOver = CarryOver { half_days: 6, month: 3, day: 31 };

#[test]
fn what_ends_first_pays_first() {
    let lots = [
        lot(1, Source::Year, "2027-01-01", "2027-12-31", 10),
        lot(2, Source::CarryOver, "2027-01-01", "2027-03-31", 3),
    ];
    let drawn = draw(&half_days("2027-03-30", "2027-04-01"), &lots);
    assert_eq!(paid_by(&drawn), [2, 2, 2, 1, 1, 1]);
    assert_eq!(drawn.short, []);
    let late = draw(&half_days("2027-04-01", "2027-04-01"), &lots);
    assert_eq!(paid_by(&late), [1, 1], "what has ended pays for nothing");
}

#[test]
fn each_year_pays_for_its_own_days() {
    let lots =
        [lot(1, Source::Year, "2026-01-01", "2026-12-31", 10), lot(2, Source::Year, "2027-01-01", "2027-12-31", 1)];
    let counted = half_days("2026-12-31", "2027-01-01");
    let drawn = draw(&counted, &lots);
    assert_eq!((paid_by(&drawn), drawn.short.len()), (vec![1, 1, 2], 1));
    assert_eq!(left_after(&counted, &lots, &drawn), BTreeMap::from([(2026, 8), (2027, -1)]));
}

#[test]
fn the_rest_of_a_year_ends_and_as_much_as_the_cap_begins_again() {
    let year = lot(1, Source::Year, "2026-01-01", "2026-12-31", 10);
    let ended = |lot: &Lot, rule, carried, today| end(lot, rule, carried, day(today));
    assert_eq!(ended(&year, None, 0, "2026-12-31"), Ending::default(), "its last day is not over");
    assert_eq!(ended(&year, None, 0, "2027-01-01"), Ending { expires: 10, goes_over: 0 });
    assert_eq!(ended(&year, Some(OVER), 0, "2027-01-01"), Ending { expires: 10, goes_over: 6 });
    assert_eq!(ended(&year, Some(OVER), 5, "2027-01-01"), Ending { expires: 10, goes_over: 1 }, "a late refund");
    assert_eq!(ended(&year, Some(OVER), 9, "2027-01-01"), Ending { expires: 10, goes_over: 0 }, "the cap was lowered");
    assert_eq!(ended(&year, Some(OVER), 0, "2027-04-01"), Ending { expires: 10, goes_over: 0 }, "too late to go over");
    let held = Lot { totals: Totals { granted: 10, held: 10, ..Totals::default() }, ..year };
    assert_eq!(ended(&held, Some(OVER), 0, "2027-01-01"), Ending::default(), "what is held is not taken");
    let carried = lot(2, Source::CarryOver, "2027-01-01", "2027-03-31", 4);
    assert_eq!(ended(&carried, Some(OVER), 0, "2027-04-01"), Ending { expires: 4, goes_over: 0 }, "once only");
}

#[test]
fn what_should_have_gone_over_goes_once() {
    assert_eq!(late_carry(0, 0, OVER), 0);
    assert_eq!(late_carry(20, 0, OVER), 6, "the year ended as a lost one");
    assert_eq!(late_carry(4, 0, OVER), 4);
    for (expired, carried) in [(20, 6), (4, 4), (0, 0), (4, 6)] {
        assert_eq!(late_carry(expired, carried, OVER), 0, "it went over when the year ended");
    }
}

#[test]
fn a_balance_counts_what_is_open_on_the_day() {
    let lots = [
        lot(1, Source::Year, "2027-01-01", "2027-12-31", 10),
        lot(2, Source::CarryOver, "2027-01-01", "2027-03-31", 3),
    ];
    assert_eq!(Lot::open_on(&lots, day("2027-03-31")).available(), 13);
    assert_eq!(Lot::first_to_end(&lots, day("2027-03-31")), Some((3, day("2027-03-31"))));
    assert_eq!(Lot::open_on(&lots, day("2027-04-01")).available(), 10);
    assert_eq!(Lot::first_to_end(&lots, day("2027-04-01")), Some((10, day("2027-12-31"))));
    assert_eq!(Lot::first_to_end(&lots, day("2028-01-01")), None);
}

/// Whether any choice at all pays for all of the half days, found by trying.
fn can_be_paid(counted: &[HalfDay], left: &mut Vec<(Grant, i64)>) -> bool {
    let Some((first, rest)) = counted.split_first() else { return true };
    (0..left.len()).any(|place| {
        if left[place].1 == 0 || !left[place].0.is_open(first.date) {
            return false;
        }
        left[place].1 -= 1;
        let paid = can_be_paid(rest, left);
        left[place].1 += 1;
        paid
    })
}

proptest! {
    /// A lost year leaves nothing over, and takes nothing but what it let go over.
    #[test]
    fn what_a_lost_year_let_go_over_is_taken_back_once(
        given in proptest::collection::vec((-3i64..12, 0usize..4, 2025i32..2029), 0..6),
        lost in proptest::collection::btree_set(2024i32..2029, 0..4),
        now in 0i64..1500,
    ) {
        let today = day("2025-01-01").plus(now);
        let lost: BTreeMap<i32, Exclusion> =
            lost.into_iter().map(|year| (year, Exclusion { because_of: year, cause: Cause::Personal(40) })).collect();
        let made = (1..).zip(&given).map(|(id, (left, source, year))| {
            lot(id, Source::ALL[*source], &format!("{year}-01-01"), &format!("{year}-03-31"), *left)
        });
        let mut lots: Vec<Lot> = made.collect();
        let entries = carried_in_vain(&lots, &lost, today);
        for lot in &mut lots {
            let before = lot.totals.available();
            let of = entries.iter().filter(|entry| entry.grant == Some(lot.grant.id));
            lot.totals.granted += of.map(|entry| entry.half_days).sum::<i64>();
            let Grant { source, year, until, .. } = lot.grant;
            let is_in_vain = source == Source::CarryOver && lost.contains_key(&(year - 1)) && today <= until;
            prop_assert_eq!(lot.totals.available(), if is_in_vain { before.min(0) } else { before });
        }
        prop_assert_eq!(carried_in_vain(&lots, &lost, today), vec![]);
    }

    #[test]
    fn what_is_taken_back_leaves_no_grant_below_zero(left in proptest::collection::vec(-3i64..12, 0..4), amount in 0i64..40) {
        let lots: Vec<Lot> = (1..).zip(&left).map(|(id, left)| lot(id, Source::Earned, "2026-01-01", "2026-12-31", *left)).collect();
        let (entries, rest) = lower(&lots, amount);
        let taken: i64 = entries.iter().map(|entry| -entry.half_days).sum();
        prop_assert_eq!(taken + rest, amount);
        let most: i64 = left.iter().map(|left| (*left).max(0)).sum();
        prop_assert_eq!(rest, (amount - most).max(0));
        for lot in &lots {
            let of: i64 = entries.iter().filter(|entry| entry.grant == Some(lot.grant.id)).map(|entry| entry.half_days).sum();
            prop_assert!(of == 0 || lot.totals.available() + of >= 0);
        }
    }

    #[test]
    fn whoever_can_be_paid_is_paid(
        windows in proptest::collection::vec((0i64..12, 0i64..8, 0i64..4), 0..4),
        counted in proptest::collection::btree_set(0i64..24, 0..7),
    ) {
        let first = day("2027-01-01");
        let lots = windows.iter().enumerate().map(|(n, &(from, length, granted))| Lot {
            grant: Grant {
                id: Uuid::from_u128(n as u128 + 1),
                source: Source::Earned,
                year: 2027,
                from: first.plus(from),
                until: first.plus(from + length),
            },
            totals: Totals { granted, ..Totals::default() },
        });
        let lots = lots.collect::<Vec<_>>();
        let counted = counted.iter().map(|&n| {
            let date = first.plus(n / 2);
            if n % 2 == 0 { HalfDay::am(date) } else { HalfDay::pm(date) }
        });
        let counted = counted.collect::<Vec<_>>();
        let drawn = draw(&counted, &lots);
        prop_assert_eq!(drawn.taken.len() + drawn.short.len(), counted.len());
        for taken in &drawn.taken {
            let lot = lots.iter().find(|lot| Some(lot.grant.id) == taken.grant).expect("a known grant");
            prop_assert!(lot.grant.is_open(taken.at.date));
        }
        for lot in &lots {
            let drawn = drawn.taken.iter().filter(|taken| taken.grant == Some(lot.grant.id)).count() as i64;
            prop_assert!(drawn <= lot.totals.granted, "no grant pays more than it has");
        }
        let mut left = lots.iter().map(|lot| (lot.grant, lot.totals.granted)).collect();
        prop_assert_eq!(drawn.short.is_empty(), can_be_paid(&counted, &mut left));
    }
}
