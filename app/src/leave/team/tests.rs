use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn day(n: i64) -> Day {
    Day::new(2026, 11, 1).expect("exists").plus(n)
}

fn half(n: i64) -> HalfDay {
    let date = day(n.div_euclid(2));
    if n.rem_euclid(2) == 0 { HalfDay::am(date) } else { HalfDay::pm(date) }
}

fn span(first: i64, length: i64) -> Span {
    Span::new(half(first), half(first + length)).expect("in order")
}

fn leave() -> impl Strategy<Value = Leave> {
    (0u128..9999, 0i64..80, 0i64..20, 0usize..Stored::ALL.len(), prop::option::of(-3i64..30)).prop_map(
        |(id, first, length, state, back)| Leave {
            request: Uuid::from_u128(id),
            leave_type: if id % 2 == 0 { "annual" } else { "sick" }.to_owned(),
            stored: Stored::ALL[state],
            span: span(first, length),
            back: back.map(|back| half(first + back)),
        },
    )
}

fn covered(away: &[Away]) -> BTreeSet<HalfDay> {
    away.iter().flat_map(|away| Span::new(away.from, away.to).expect("in order").half_days()).collect()
}

proptest! {
    #[test]
    fn a_colleague_learns_when_and_nothing_else(leaves in prop::collection::vec(leave(), 0..8), first in 0i64..40, days in 1i64..93) {
        let window = Span::days(day(first), day(first + days - 1)).expect("in order");
        let seen = away(&leaves, Reader::Colleague, window);
        prop_assert!(seen.iter().all(|away| away.leave.is_none()));
        // No seam: between two stretches lies at least one half day at work.
        prop_assert!(seen.windows(2).all(|pair| pair[0].to.next() < pair[1].from));
        prop_assert!(seen.iter().all(|away| window.contains(away.from) && window.contains(away.to)));
        // Exactly the granted half days that he did not come back for.
        let granted = leaves.iter().filter(|leave| matches!(leave.stored, Stored::Approved | Stored::Returned));
        let expected: BTreeSet<HalfDay> = granted
            .flat_map(|leave| leave.span.half_days().filter(|at| {
                window.contains(*at) && leave.back.is_none_or(|back| *at < back)
            }))
            .collect();
        prop_assert_eq!(covered(&seen), expected);
    }

    #[test]
    fn who_may_read_it_sees_the_same_days_by_request(leaves in prop::collection::vec(leave(), 0..8)) {
        let window = Span::days(day(0), day(60)).expect("in order");
        let whole = away(&leaves, Reader::Whole, window);
        let granted: Vec<Away> =
            whole.iter().filter(|away| away.leave.as_ref().is_some_and(|leave| leave.granted)).cloned().collect();
        prop_assert_eq!(covered(&granted), covered(&away(&leaves, Reader::Colleague, window)));
        prop_assert!(whole.iter().all(|away| away.leave.is_some()));
        prop_assert!(whole.is_sorted_by_key(|away| away.from));
        let live = leaves.iter().filter(|leave| leave.stored.is_live());
        let live: BTreeSet<Uuid> = live.map(|leave| leave.request).collect();
        prop_assert!(whole.iter().flat_map(|away| &away.leave).all(|leave| live.contains(&leave.request)));
    }
}

#[test]
fn a_look_covers_at_most_three_months() {
    let today = day(0);
    assert_eq!(window(None, None, today), Ok(Span::days(today, day(13)).expect("in order")));
    assert!(window(Some(day(5)), Some(day(5 + MAX_DAYS - 1)), today).is_ok());
    assert_eq!(window(Some(day(5)), Some(day(5 + MAX_DAYS)), today), Err(Code::SpanTooLong));
    assert_eq!(window(Some(day(5)), Some(day(4)), today), Err(Code::InvertedSpan));
    assert_eq!(window(None, Some(day(-1)), today), Err(Code::InvertedSpan));
}
