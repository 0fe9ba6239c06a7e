//! How much leave a chain decides on: a request with the requests that adjoin it.

use crate::calendar::rules::WorkCalendar;
use crate::day::Span;

/// A leave, as far as adding up is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its span.
    pub span: Span,
    /// What it counts, in half days.
    pub half_days: i64,
    /// Whether its type counts rest days too.
    pub counts_rest_days: bool,
}

/// How much leave a chain decides on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// In half days.
    pub half_days: i64,
    /// The neighbours that were added, by their place in the list.
    pub joined: Vec<usize>,
}

/// How many half days decide about the chain: those of the request and of every neighbour that joins it, directly or
/// through another one. Two spans join when nothing but rest days lies between them; the sum keeps a long leave from
/// being cut into short ones. Between two leaves that count rest days those between them count as well, as they would
/// if both were asked for as one.
pub fn routed(calendar: &WorkCalendar, asked: Piece, neighbours: &[Piece]) -> Routed {
    let mut reached = vec![asked];
    let mut pieces = vec![asked];
    let mut joined = Vec::new();
    while let Some(piece) = reached.pop() {
        for (place, other) in neighbours.iter().enumerate() {
            if !joined.contains(&place) && between(calendar, piece.span, other.span).is_some() {
                joined.push(place);
                pieces.push(*other);
                reached.push(*other);
            }
        }
    }
    joined.sort_unstable();
    pieces.sort_by_key(|piece| piece.span.from());
    let rests = pieces.windows(2).filter(|pair| pair.iter().all(|piece| piece.counts_rest_days));
    let rests = rests.filter_map(|pair| between(calendar, pair[0].span, pair[1].span)).sum::<i64>();
    Routed { half_days: pieces.iter().map(|piece| piece.half_days).sum::<i64>() + rests, joined }
}

/// The half days between two spans that join; nothing where they overlap or somebody works between them.
fn between(calendar: &WorkCalendar, one: Span, other: Span) -> Option<i64> {
    let (first, second) = if one.from() <= other.from() { (one, other) } else { (other, one) };
    match Span::new(first.to().next(), second.from().previous()) {
        Some(between) => {
            let rests = between.half_days().all(|at| !calendar.works(at));
            rests.then(|| i64::try_from(between.half_days().count()).expect("a span is bounded"))
        }
        None => (!first.overlaps(second)).then_some(0),
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

    fn workdays(span: Span, half_days: i64) -> Piece {
        Piece { span, half_days, counts_rest_days: false }
    }

    #[test]
    fn rest_days_between_join_and_workdays_part() {
        let calendar = WorkCalendar::builtin();
        let sum = |span, half_days, neighbours: &[(Span, i64)]| {
            let neighbours = neighbours.iter().map(|&(span, half_days)| workdays(span, half_days)).collect::<Vec<_>>();
            routed(&calendar, workdays(span, half_days), &neighbours).half_days
        };
        let routed = |neighbours: &[(Span, i64)]| sum(days("2026-06-15", "2026-06-15"), 2, neighbours);
        assert_eq!(routed(&[]), 2);
        assert_eq!(routed(&[(days("2026-06-12", "2026-06-12"), 2)]), 4, "Friday and Monday");
        assert_eq!(routed(&[(days("2026-06-11", "2026-06-11"), 2)]), 2, "Friday was worked");
        assert_eq!(routed(&[(days("2026-06-16", "2026-06-18"), 6)]), 8, "an extension");
        let through = [(days("2026-06-09", "2026-06-11"), 6), (days("2026-06-12", "2026-06-14"), 2)];
        assert_eq!(routed(&through), 10, "through another one");
        // 14 February 2026 is a worked Saturday: the days before it and after Spring Festival do not join.
        let after = days("2026-02-24", "2026-02-24");
        assert_eq!(sum(after, 2, &[(days("2026-02-13", "2026-02-13"), 2)]), 2);
        assert_eq!(sum(after, 2, &[(days("2026-02-14", "2026-02-14"), 2)]), 4);
        let (morning, afternoon) = (days("2026-06-15", "2026-06-15").from(), days("2026-06-15", "2026-06-15").to());
        let half = |at: HalfDay| Span::new(at, at).expect("in order");
        assert_eq!(sum(half(morning), 1, &[(half(afternoon), 1)]), 2);
    }

    #[test]
    fn rest_days_between_count_where_both_types_count_them() {
        let calendar = WorkCalendar::builtin();
        let (friday, monday) = (days("2026-06-12", "2026-06-12"), days("2026-06-15", "2026-06-15"));
        let natural = |span| Piece { span, half_days: 2, counts_rest_days: true };
        let whole = routed(&calendar, natural(monday), &[natural(friday)]);
        assert_eq!(whole, Routed { half_days: 8, joined: vec![0] }, "as Friday to Monday in one request");
        let mixed = routed(&calendar, natural(monday), &[workdays(friday, 2)]);
        assert_eq!(mixed.half_days, 4);
        let apart = routed(&calendar, natural(monday), &[natural(days("2026-06-11", "2026-06-11"))]);
        assert_eq!(apart, Routed { half_days: 2, joined: vec![] });
    }

    proptest! {
        #[test]
        fn cutting_a_leave_into_pieces_changes_nothing(
            cuts in proptest::collection::btree_set(1i64..40, 0..8),
            last in 0usize..9,
            counts_rest_days in any::<bool>(),
            leave_out_rest_days in any::<bool>(),
        ) {
            let calendar = WorkCalendar::builtin();
            let first = "2026-04-20".parse::<Day>().expect("a day");
            let counts = |at: HalfDay| counts_rest_days || calendar.works(at);
            let counted = |span: Span| span.half_days().filter(|at| counts(*at)).count() as i64;
            let ends = cuts.iter().copied().chain([40]);
            let mut from = 0;
            let mut pieces = Vec::new();
            for end in ends {
                let whole = Span::days(first.plus(from), first.plus(end - 1)).expect("in order");
                from = end;
                // Whoever cuts a leave may leave the rest days at the edges of a piece out.
                let works = whole.half_days().filter(|at| calendar.works(*at)).collect::<Vec<_>>();
                let span = match (works.first(), works.last()) {
                    (Some(first), Some(last)) if leave_out_rest_days => Span::new(*first, *last).expect("in order"),
                    (None, None) if leave_out_rest_days => continue,
                    _ => whole,
                };
                pieces.push(Piece { span, half_days: counted(span), counts_rest_days });
            }
            let begin = pieces.iter().map(|piece| piece.span.from()).min().expect("a piece");
            let end = pieces.iter().map(|piece| piece.span.to()).max().expect("a piece");
            let whole = counted(Span::new(begin, end).expect("in order"));
            let asked = pieces.remove(last % pieces.len());
            let found = routed(&calendar, asked, &pieces);
            prop_assert_eq!(found.half_days, whole);
            prop_assert_eq!(found.joined.len(), pieces.len());
        }
    }
}
