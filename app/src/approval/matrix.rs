//! Who has to decide: class of post x type of leave x half days gives a list of approvers.
//!
//! Half days are those that the type counts, adjoining requests added. Bounds are half-open, so that neither a gap nor
//! an overlap can be written without [`lint`] finding it.

use crate::calendar::rules::WorkCalendar;
use crate::day::Span;
use crate::org::rules::PostClass;

/// Somebody who decides, seen from the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Approver {
    /// The head of his department.
    DepartmentHead,
    /// The court leader who oversees his department (分管院领导).
    Overseer,
    /// The president of his court.
    President,
    /// The president of the court above; at the top court, where the decision falls outside the province's courts, the
    /// political department records it.
    PresidentAbove,
    /// The political department, which records a decision made outside.
    PoliticalRecords,
}

/// A row of the matrix: from `at_least` half days to less than `below`, these approvers in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The applicant's class of post.
    pub post_class: PostClass,
    /// The name of the type of leave; every type where there is none.
    pub leave_type: Option<&'static str>,
    /// The fewest half days.
    pub at_least: i64,
    /// One more than the most half days; no bound where there is none.
    pub below: Option<i64>,
    /// Who decides, in order.
    pub approvers: &'static [Approver],
}

/// The matrix that every court starts with, whatever its level: a day by the next leader, three days by the one above,
/// longer by the president.
pub const TEMPLATE: &[Row] = &[
    row(PostClass::Staff, 1, Some(3), &[Approver::DepartmentHead]),
    row(PostClass::Staff, 3, Some(7), &[Approver::DepartmentHead, Approver::Overseer]),
    row(PostClass::Staff, 7, None, &[Approver::DepartmentHead, Approver::Overseer, Approver::President]),
    row(PostClass::DepartmentDeputy, 1, Some(3), &[Approver::DepartmentHead]),
    row(PostClass::DepartmentDeputy, 3, Some(7), &[Approver::DepartmentHead, Approver::Overseer]),
    row(PostClass::DepartmentDeputy, 7, None, &[Approver::DepartmentHead, Approver::Overseer, Approver::President]),
    row(PostClass::DepartmentHead, 1, Some(3), &[Approver::Overseer]),
    row(PostClass::DepartmentHead, 3, None, &[Approver::Overseer, Approver::President]),
    row(PostClass::CourtLeader, 1, None, &[Approver::President]),
    row(PostClass::President, 1, None, &[Approver::PresidentAbove]),
];

const fn row(post_class: PostClass, at_least: i64, below: Option<i64>, approvers: &'static [Approver]) -> Row {
    Row { post_class, leave_type: None, at_least, below, approvers }
}

impl Row {
    fn covers(&self, post_class: PostClass, leave_type: &str, half_days: i64) -> bool {
        self.post_class == post_class
            && self.leave_type.is_none_or(|name| name == leave_type)
            && self.at_least <= half_days
            && self.below.is_none_or(|below| half_days < below)
    }
}

/// Who decides on so many half days of a type, by the template; nobody where nothing counts.
pub fn approvers(post_class: PostClass, leave_type: &str, half_days: i64) -> &'static [Approver] {
    let row = TEMPLATE.iter().find(|row| row.covers(post_class, leave_type, half_days));
    row.map_or(&[], |row| row.approvers)
}

/// A hole or a doubling in a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The class of post.
    pub post_class: PostClass,
    /// The fewest half days at fault.
    pub half_days: i64,
    /// How many rows speak there, where it should be one.
    pub rows: usize,
}

/// The faults of a matrix for a type of leave: where no row or several rows speak, or a row has no approver. Each fault
/// is named by the half days at which it begins.
pub fn lint(rows: &[Row], leave_type: &str) -> Vec<Fault> {
    // Between two bounds nothing changes, so it is enough to look at the bounds.
    let bounds = rows.iter().flat_map(|row| [Some(row.at_least), row.below]).flatten().filter(|bound| *bound > 1);
    let mut bounds = bounds.chain([1]).collect::<Vec<_>>();
    bounds.sort_unstable();
    bounds.dedup();
    let fault = |post_class: PostClass, half_days: i64| {
        let speaking = rows.iter().filter(|row| row.covers(post_class, leave_type, half_days));
        let speaking = speaking.filter(|row| !row.approvers.is_empty()).count();
        (speaking != 1).then_some(Fault { post_class, half_days, rows: speaking })
    };
    PostClass::ALL.iter().flat_map(|class| bounds.iter().filter_map(|bound| fault(*class, *bound))).collect()
}

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
        Some(between) => between.half_days().all(|at| !calendar.is_workday(at.date)),
        None => !first.overlaps(second),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::{Day, HalfDay};
    use crate::leave::types;

    fn days(first: &str, last: &str) -> Span {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        Span::days(day(first), day(last)).expect("in order")
    }

    #[test]
    fn the_template_has_neither_gap_nor_overlap() {
        for leave_type in types::ALL {
            assert_eq!(lint(TEMPLATE, leave_type.name), []);
            for &post_class in PostClass::ALL {
                for half_days in 1..=400 {
                    let covers = |row: &&Row| row.covers(post_class, leave_type.name, half_days);
                    assert_eq!(TEMPLATE.iter().filter(covers).count(), 1, "{post_class:?} {half_days}");
                    assert!(!approvers(post_class, leave_type.name, half_days).is_empty());
                }
            }
        }
        assert_eq!(approvers(PostClass::Staff, "annual", 0), []);
    }

    #[test]
    fn the_bounds_are_whole_days() {
        let steps = |half_days| approvers(PostClass::Staff, "sick", half_days).len();
        assert_eq!([1, 2, 3, 6, 7, 400].map(steps), [1, 1, 2, 2, 3, 3]);
        let steps = |half_days| approvers(PostClass::DepartmentHead, "sick", half_days).len();
        assert_eq!([1, 2, 3, 400].map(steps), [1, 1, 2, 2]);
    }

    #[test]
    fn a_matrix_with_a_hole_is_found_out() {
        let head = &[Approver::DepartmentHead][..];
        let rows = [row(PostClass::Staff, 1, Some(3), head), row(PostClass::Staff, 5, None, head)];
        let of_staff = |rows: &[Row]| {
            let faults = lint(rows, "annual").into_iter().filter(|fault| fault.post_class == PostClass::Staff);
            faults.map(|fault| (fault.half_days, fault.rows)).collect::<Vec<_>>()
        };
        assert_eq!(of_staff(&rows), [(3, 0)]);
        assert_eq!(
            of_staff(&[row(PostClass::Staff, 1, Some(4), head), row(PostClass::Staff, 3, None, head)]),
            [(3, 2)]
        );
        assert_eq!(of_staff(&[row(PostClass::Staff, 2, None, head)]), [(1, 0)]);
        let only_sick = Row { leave_type: Some("sick"), ..row(PostClass::Staff, 1, None, head) };
        assert_eq!(of_staff(&[only_sick]), [(1, 0)]);
        assert!(lint(&[only_sick], "sick").iter().all(|fault| fault.post_class != PostClass::Staff));
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
