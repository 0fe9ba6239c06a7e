//! How much leave a chain decides on: a request with the requests that adjoin it.

use crate::calendar::rules::WorkCalendar;
use crate::day::Span;

/// How many half days decide about the chain: those of the request and of every neighbour that joins it, directly or
/// through another one. Two spans join when nothing but rest days lies between them; the sum keeps a long leave from
/// being cut into short ones. A neighbour is `(span, half days that count)`.
pub fn routed_half_days(calendar: &WorkCalendar, span: Span, half_days: i64, neighbours: &[(Span, i64)]) -> i64 {
    let mut joined = vec![span];
    let mut waiting = neighbours.to_vec();
    let mut sum = half_days;
    while let Some(span) = joined.pop() {
        let (new, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(other, _)| joins(calendar, span, *other));
        sum += new.iter().map(|(_, half_days)| half_days).sum::<i64>();
        joined.extend(new.into_iter().map(|(span, _)| span));
        waiting = rest;
    }
    sum
}

fn joins(calendar: &WorkCalendar, one: Span, other: Span) -> bool {
    let (first, second) = if one.from() <= other.from() { (one, other) } else { (other, one) };
    match Span::new(first.to().next(), second.from().previous()) {
        Some(between) => between.half_days().all(|at| !calendar.works(at)),
        None => !first.overlaps(second),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::{Day, HalfDay};

    fn days(first: &str, last: &str) -> Span {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        Span::days(day(first), day(last)).expect("in order")
    }

    #[test]
    fn rest_days_between_join_and_workdays_part() {
        let calendar = WorkCalendar::builtin();
        let routed =
            |neighbours: &[(Span, i64)]| routed_half_days(&calendar, days("2026-06-15", "2026-06-15"), 2, neighbours);
        assert_eq!(routed(&[]), 2);
        assert_eq!(routed(&[(days("2026-06-12", "2026-06-12"), 2)]), 4, "Friday and Monday");
        assert_eq!(routed(&[(days("2026-06-11", "2026-06-11"), 2)]), 2, "Friday was worked");
        assert_eq!(routed(&[(days("2026-06-16", "2026-06-18"), 6)]), 8, "an extension");
        let through = [(days("2026-06-09", "2026-06-11"), 6), (days("2026-06-12", "2026-06-14"), 2)];
        assert_eq!(routed(&through), 10, "through another one");
        // 14 February 2026 is a worked Saturday: the days before it and after Spring Festival do not join.
        let after = days("2026-02-24", "2026-02-24");
        assert_eq!(routed_half_days(&calendar, after, 2, &[(days("2026-02-13", "2026-02-13"), 2)]), 2);
        assert_eq!(routed_half_days(&calendar, after, 2, &[(days("2026-02-14", "2026-02-14"), 2)]), 4);
        let (morning, afternoon) = (days("2026-06-15", "2026-06-15").from(), days("2026-06-15", "2026-06-15").to());
        let half = |at: HalfDay| Span::new(at, at).expect("in order");
        assert_eq!(routed_half_days(&calendar, half(morning), 1, &[(half(afternoon), 1)]), 2);
    }

    proptest! {
        #[test]
        fn cutting_a_leave_into_pieces_changes_nothing(cuts in proptest::collection::btree_set(1i64..40, 0..8), last in 0usize..9) {
            let calendar = WorkCalendar::builtin();
            let first = "2026-04-20".parse::<Day>().expect("a day");
            let ends = cuts.iter().copied().chain([40]);
            let mut from = 0;
            let mut pieces = Vec::new();
            for end in ends {
                let span = Span::days(first.plus(from), first.plus(end - 1)).expect("in order");
                let counted = span.half_days().filter(|at| calendar.is_workday(at.date)).count() as i64;
                pieces.push((span, counted));
                from = end;
            }
            let whole = pieces.iter().map(|(_, half_days)| half_days).sum::<i64>();
            let (span, half_days) = pieces.remove(last % pieces.len());
            prop_assert_eq!(routed_half_days(&calendar, span, half_days, &pieces), whole);
        }
    }
}
