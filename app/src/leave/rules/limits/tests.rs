//! Limits hold for a stretch of leave however it is cut, and never refuse the smaller where the larger passes.

use proptest::prelude::*;

use super::*;
use crate::leave::entitlement::{Cause, Person};
use crate::leave::rules::{Existing, Part, Stored, check_request};
use crate::leave::types::{Lane, PERSONAL, SICK};
use crate::org::rules::Category;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// What an officer has asked for before.
#[derive(Clone, Debug, Default)]
struct Before {
    existing: Vec<Existing>,
    taken: BTreeMap<i32, i64>,
    exclusions: BTreeMap<i32, Exclusion>,
}

impl Before {
    fn check(&self, ask: Ask<'_>, today: Day) -> Check {
        let person = Person { started_work_on: day("2010-03-15"), category: Category::Judge };
        let facts = Facts {
            calendar: &WorkCalendar::builtin(),
            applicant: Applicant { person, sex: None },
            existing: &self.existing,
            lots: &[],
            taken: &self.taken,
            exclusions: &self.exclusions,
            today,
        };
        check_request(ask, facts)
    }

    /// Whole days of a type that are filed, when they count and are not refused.
    fn file(&mut self, leave_type: &LeaveType, first: Day, last: Day) -> Check {
        let check = self.check(asking(leave_type, first, last), day(TODAY));
        if check.refusal().is_none() {
            let span = Span::days(first, last).expect("in order");
            let (half_days, counts_rest_days) = (check.half_days(), leave_type.basis == Basis::NaturalDays);
            let part = Part { leave_type: leave_type.name.clone(), counts_rest_days, span, half_days };
            self.existing.push(Existing {
                number: format!("假2026-{:06}", self.existing.len() + 1),
                title: leave_type.title.clone(),
                lane: Lane::Leave,
                counts_rest_days,
                stored: Stored::InApproval,
                span,
                half_days,
                back: None,
                parts: vec![part],
            });
        }
        check
    }
}

const TODAY: &str = "2026-06-01";

fn asking(leave_type: &LeaveType, first: Day, last: Day) -> Ask<'_> {
    Ask { leave_type, from: HalfDay::am(first), to: HalfDay::pm(last), earlier: Earlier::default() }
}

fn is_refused(check: &Check, code: Code) -> bool {
    check.remarks.iter().any(|remark| remark.why == Why::Refused(code))
}

fn limited(leave_type: &LeaveType, half_days: i64, blocking: bool) -> LeaveType {
    LeaveType { request_limit: Some(Limit { half_days, blocking }), ..leave_type.clone() }
}

#[test]
fn sick_leave_that_goes_on_owes_papers_and_names_what_it_goes_on_from() {
    let mut before = Before::default();
    let short = before.file(&SICK, day("2026-06-08"), day("2026-06-09"));
    assert!(!short.owes_evidence(&SICK));
    let more = before.file(&SICK, day("2026-06-10"), day("2026-06-11"));
    assert!(more.owes_evidence(&SICK));
    assert_eq!((more.half_days(), more.stretch.half_days), (4, 8));
    let text = "病假（与前后相连的假2026-000001合并为4天）需要证明材料，可以先请假后补交；交验之前标为“待补证明”";
    assert!(more.remarks.iter().any(|remark| remark.text == text), "{:?}", more.remarks);
    let hidden = more.without_other_leave();
    assert!(hidden.remarks.iter().all(|remark| !remark.text.contains("000001")), "{:?}", hidden.remarks);
    // Another type that adjoins is another matter.
    let other =
        before.file(&LeaveType { evidence_from: Some(6), ..PERSONAL.clone() }, day("2026-06-12"), day("2026-06-12"));
    assert_eq!((other.stretch.half_days, other.routed_half_days), (2, 10));
}

#[test]
fn friday_and_monday_are_one_request_to_its_limit_and_two_apart_are_not() {
    let one_day = limited(&PERSONAL, 2, true);
    let mut before = Before::default();
    before.file(&one_day, day("2026-06-12"), day("2026-06-12"));
    let monday = before.file(&one_day, day("2026-06-15"), day("2026-06-15"));
    let refusal = monday.refusal().expect("it is two days");
    let text = "事假一次一般不超过1天，本次为1天，与前后相连的假2026-000001合并为2天；请缩短时间或联系政治部";
    assert_eq!((refusal.code, refusal.detail.as_str()), (Code::OverLimit, text));
    assert_eq!(before.file(&one_day, day("2026-06-16"), day("2026-06-16")).refusal(), None, "Monday was worked");
    let warned = before.check(asking(&limited(&PERSONAL, 2, false), day("2026-06-15"), day("2026-06-15")), day(TODAY));
    assert_eq!(warned.refusal(), None, "the approver decides");
    assert!(warned.remarks.iter().any(|remark| remark.why == Why::Note(Note::OverLimit)));
}

#[test]
fn what_became_sick_leave_counts_as_such() {
    let mut before = Before::default();
    before.file(&PERSONAL, day("2026-06-08"), day("2026-06-12"));
    let leave = &mut before.existing[0];
    let ill = Span::days(day("2026-06-11"), day("2026-06-12")).expect("in order");
    leave.parts[0].half_days = 6;
    let part = Part { leave_type: SICK.name.clone(), counts_rest_days: true, span: ill, half_days: 4 };
    leave.parts.push(part);
    let saturday = before.check(asking(&SICK, day("2026-06-13"), day("2026-06-13")), day(TODAY));
    assert_eq!(saturday.stretch, Stretch { half_days: 6, added: vec!["假2026-000001".to_owned()] });
}

#[test]
fn an_extension_needs_no_notice_and_what_was_sent_back_had_it() {
    let ahead = LeaveType { notice_workdays: 3, backfill_days: 3, ..PERSONAL.clone() };
    let before = Before::default();
    let on = |date: &str, earlier, today: &str| {
        let ask = Ask { earlier, ..asking(&ahead, day(date), day(date)) };
        is_refused(&before.check(ask, day(today)), Code::OutsideWindow)
    };
    let extension = Earlier { is_extension: true, submitted: None };
    assert!(on("2026-06-03", Earlier::default(), TODAY));
    assert!(!on("2026-06-03", extension, TODAY));
    // Asked for on 1 June for the 5th, and sent back on the 4th.
    let sent_back = |from| Earlier { submitted: Some((day(TODAY), HalfDay::am(day(from)))), ..Earlier::default() };
    assert!(on("2026-06-05", Earlier::default(), "2026-06-04"));
    assert!(!on("2026-06-05", sent_back("2026-06-05"), "2026-06-04"));
    assert!(!on("2026-06-08", sent_back("2026-06-05"), "2026-06-04"), "later days had it too");
    assert!(on("2026-06-04", sent_back("2026-06-05"), "2026-06-04"), "it begins earlier than before");
    assert!(on("2026-06-03", sent_back("2026-06-03"), "2026-06-02"), "it was late at first");
    // Sent back late, it is not late: it was asked for in time.
    assert!(on("2026-06-05", Earlier::default(), "2026-06-15"));
    assert!(!on("2026-06-05", sent_back("2026-06-05"), "2026-06-15"));
}

/// A stretch of whole days in adjoining pieces, in the order in which they are asked for.
fn cut(length: i64, cuts: &[i64], order: &[prop::sample::Index]) -> Vec<(Day, Day)> {
    let first = day("2026-06-08");
    let mut ends = cuts.iter().copied().filter(|cut| *cut < length).collect::<Vec<_>>();
    ends.push(length);
    let (mut from, mut pieces) = (0, Vec::new());
    for end in ends {
        pieces.push((first.plus(from), first.plus(end - 1)));
        from = end;
    }
    let mut turns = order.iter();
    let mut asked = Vec::new();
    while !pieces.is_empty() {
        let at = turns.next().map_or(0, |turn| turn.index(pieces.len()));
        asked.push(pieces.remove(at));
    }
    asked
}

proptest! {
    #[test]
    fn cutting_a_stretch_changes_neither_what_is_owed_nor_what_is_refused(
        natural in any::<bool>(),
        length in 1i64..20,
        cuts in proptest::collection::btree_set(1i64..20, 0..4),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 5),
        threshold in 1i64..40,
    ) {
        let basis = if natural { Basis::NaturalDays } else { Basis::Workdays };
        let plain = LeaveType { basis, evidence_from: Some(threshold), ..PERSONAL.clone() };
        let blocking = limited(&plain, threshold, true);
        let cuts = cuts.into_iter().collect::<Vec<_>>();
        let pieces = cut(length, &cuts, &order);
        let (first, last) = (day("2026-06-08"), day("2026-06-08").plus(length - 1));
        let whole = Before::default().check(asking(&blocking, first, last), day(TODAY));

        let mut before = Before::default();
        let owes = pieces.iter().map(|(first, last)| before.file(&plain, *first, *last)).collect::<Vec<_>>();
        prop_assert_eq!(owes.iter().any(|check| check.owes_evidence(&plain)), whole.owes_evidence(&plain));

        let mut before = Before::default();
        let refused = pieces.iter().map(|(first, last)| before.file(&blocking, *first, *last)).collect::<Vec<_>>();
        let refused = refused.iter().any(|check| is_refused(check, Code::OverLimit));
        prop_assert_eq!(refused, is_refused(&whole, Code::OverLimit));
    }

    #[test]
    fn a_shorter_request_is_never_refused_where_a_longer_one_passes(
        natural in any::<bool>(),
        others in proptest::collection::vec((0i64..60, 0i64..8), 0..4),
        taken in proptest::collection::vec(0i64..40, 2),
        lost in proptest::option::of(2026i32..=2027),
        most in (1i64..40, 1i64..60),
        window in (0i64..8, 0i64..20),
        (start, length, shorter) in (0i64..60, 0i64..30, 0i64..30),
        now in -20i64..60,
    ) {
        // Across New Year, so that two years are touched.
        let begin = day("2026-12-01");
        let basis = if natural { Basis::NaturalDays } else { Basis::Workdays };
        let leave_type = LeaveType {
            basis,
            year_limit: Some(Limit { half_days: most.1, blocking: true }),
            notice_workdays: window.0,
            backfill_days: window.1,
            ..limited(&PERSONAL, most.0, true)
        };
        let mut before = Before::default();
        let free = LeaveType { basis, ..PERSONAL.clone() };
        for (start, length) in others {
            before.file(&free, begin.plus(start), begin.plus(start + length));
        }
        before.taken = (2026..).zip(taken).collect();
        before.exclusions = lost.map(|year| (year, Exclusion { because_of: year, cause: Cause::Personal(40) })).into_iter().collect();
        let (first, today) = (begin.plus(start), begin.plus(now));
        let judged = |length: i64| before.check(asking(&leave_type, first, first.plus(length)), today);
        let (long, short) = (judged(length), judged(shorter.min(length)));
        if long.refusal().is_none() {
            for code in [Code::OverLimit, Code::NotEntitled, Code::OutsideWindow] {
                prop_assert!(!is_refused(&short, code), "{code:?}: {:?}", short.remarks);
            }
        }
        prop_assert!(short.stretch.half_days <= long.stretch.half_days || is_refused(&long, Code::OverlappingLeave));
    }

    #[test]
    fn more_room_in_the_settings_refuses_nothing_new(
        most in 1i64..40,
        more in 0i64..40,
        window in (0i64..8, 0i64..20),
        wider in (0i64..8, 0i64..20),
        (start, length) in (-20i64..40, 0i64..20),
    ) {
        let today = day(TODAY);
        let (first, last) = (today.plus(start), today.plus(start + length));
        let refused = |half_days, (notice_workdays, backfill_days)| {
            let leave_type = LeaveType { notice_workdays, backfill_days, ..limited(&PERSONAL, half_days, true) };
            let check = Before::default().check(asking(&leave_type, first, last), today);
            [Code::OverLimit, Code::OutsideWindow].map(|code| is_refused(&check, code))
        };
        let narrow = refused(most, window);
        let wide = refused(most + more, (window.0.min(wider.0), window.1.max(wider.1)));
        prop_assert!(narrow.iter().zip(wide).all(|(narrow, wide)| *narrow || !wide));
    }

    #[test]
    fn who_began_earlier_or_had_it_sent_back_is_never_worse_off(
        window in (0i64..8, 0i64..20),
        start in -20i64..20,
        later in 0i64..20,
        waited in 0i64..20,
        is_extension in any::<bool>(),
    ) {
        let leave_type = LeaveType { notice_workdays: window.0, backfill_days: window.1, ..PERSONAL.clone() };
        let submitted_on = day(TODAY);
        let (before, first, today) = (submitted_on.plus(start), submitted_on.plus(start + later), submitted_on.plus(waited));
        let refused = |from: Day, earlier, on| {
            let ask = Ask { earlier, ..asking(&leave_type, from, from) };
            is_refused(&Before::default().check(ask, on), Code::OutsideWindow)
        };
        let anew = Earlier { is_extension, submitted: None };
        let again = Earlier { submitted: Some((submitted_on, HalfDay::am(before))), ..anew };
        // Being sent back never makes a request late that would be in time if it were new, or was in time at first.
        prop_assert!(!refused(first, again, today) || refused(first, anew, today));
        prop_assert!(!refused(before, again, today) || refused(before, anew, submitted_on));
        // Submitted again and unchanged it is as late as before; moved to an earlier day it is as late as if it were new.
        let kept = Earlier { submitted: Some((again.asked_on(HalfDay::am(first), today), HalfDay::am(first))), ..anew };
        prop_assert!(refused(first, again, today) || !refused(first, kept, today));
        let earlier = before.previous();
        let moved = Earlier { submitted: Some((again.asked_on(HalfDay::am(earlier), today), HalfDay::am(earlier))), ..anew };
        prop_assert_eq!(refused(earlier, moved, today), refused(earlier, anew, today));
        // Neither does extending.
        let extended = refused(first, Earlier { is_extension: true, submitted: None }, today);
        prop_assert!(!extended || refused(first, anew, today));
        // Of two that are still to come the later one has more notice.
        if before >= today {
            prop_assert!(!refused(first, anew, today) || refused(before, anew, today));
        }
    }
}
