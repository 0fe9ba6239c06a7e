//! Spans against spans, balances across New Year, and what a request is told.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::calendar::own::{self, HalfHolidays, WorkingWeek};
use crate::leave::authority;
use crate::leave::entitlement::{Cause, Exclusion, Person};
use crate::leave::grant::{Grant, Lot};
use crate::leave::ledger::{self, Totals};
use crate::leave::types::{ANNUAL, BUILTIN, Basis, CarryOver, LEAVING_TOWN, Lane, Limit, PERSONAL, SICK};
use crate::org::rules::{Category, PostClass, Sex};

mod after;
mod status;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn am(text: &str) -> HalfDay {
    HalfDay::am(day(text))
}

fn pm(text: &str) -> HalfDay {
    HalfDay::pm(day(text))
}

fn span(from: HalfDay, to: HalfDay) -> Span {
    Span::new(from, to).expect("in order")
}

fn existing(stored: Stored, span: Span, back: Option<HalfDay>) -> Existing {
    let half_days = count(&WorkCalendar::builtin(), &ANNUAL, span).iter().filter(|day| day.counts).count() as i64;
    let (number, title) = ("假2026-000001".to_owned(), "年休假".to_owned());
    let parts = Vec::new();
    Existing { number, title, lane: Lane::Leave, counts_rest_days: false, stored, span, half_days, back, parts }
}

const TODAY: &str = "2026-06-01";

fn judge() -> Applicant {
    let person = Person { started_work_on: day("2010-03-15"), category: Category::Judge };
    Applicant { person, sex: Some(Sex::Female) }
}

/// What the year of this number has left.
fn left(year: i32, half_days: i64) -> Lot {
    let grant = Grant::of_year(uuid::Uuid::from_u128(year as u128), year).expect("a year");
    Lot { grant, totals: Totals { granted: half_days, ..Totals::default() } }
}

fn check(leave_type: &LeaveType, from: HalfDay, to: HalfDay, others: &[Existing], available: &[(i32, i64)]) -> Check {
    let lots = available.iter().map(|&(year, half_days)| left(year, half_days)).collect::<Vec<_>>();
    let (calendar, taken, exclusions) = (WorkCalendar::builtin(), BTreeMap::new(), BTreeMap::new());
    let facts = Facts {
        calendar: &calendar,
        applicant: judge(),
        existing: others,
        lots: &lots,
        taken: &taken,
        exclusions: &exclusions,
        today: day(TODAY),
    };
    check_request(Ask { leave_type, from, to, earlier: Earlier::default() }, facts)
}

fn codes(check: &Check) -> Vec<String> {
    check.warnings().into_iter().map(|warning| warning.code).collect()
}

#[test]
fn each_half_day_says_whether_it_counts_and_why() {
    let around_new_year = span(pm("2026-02-13"), am("2026-02-15"));
    let calendar = WorkCalendar::builtin();
    let seen = |leave_type| {
        let days = count(&calendar, leave_type, around_new_year);
        days.into_iter().map(|day| (day.counts, day.why)).collect::<Vec<_>>()
    };
    let expected = [(true, "工作日"), (true, "调休上班"), (true, "调休上班"), (false, "春节假期")];
    assert_eq!(seen(&ANNUAL), expected.map(|(counts, why)| (counts, why.to_owned())));
    assert!(seen(&SICK).iter().all(|(counts, _)| *counts));
    assert_eq!(seen(&SICK)[3].1, "春节假期，按自然日计");
}

#[test]
fn somebody_is_due_back_with_his_own_first_half_day() {
    let everybody = WorkCalendar::builtin();
    let morning = span(am("2026-06-10"), am("2026-06-10"));
    assert_eq!(due_back(&everybody, morning), day("2026-06-10"), "in the afternoon");
    let mut halves = WorkingWeek::STANDARD;
    (halves[5], halves[6], halves[7]) = (false, false, false);
    let week = WorkingWeek { from: day("2026-06-01"), halves };
    let own = everybody.for_officer(own::Person::default(), HalfHolidays::default(), [week]);
    assert_eq!(due_back(&own, morning), day("2026-06-12"), "neither Wednesday afternoon nor Thursday");
}

#[test]
fn a_name_on_the_wire_is_the_problem_s_code() {
    let refused = [
        check(&ANNUAL, pm("2026-06-10"), am("2026-06-10"), &[], &[(2026, 10)]),
        check(&PERSONAL, am("2026-01-01"), am("2027-01-02"), &[], &[]),
        check(&PERSONAL, am("2026-02-15"), pm("2026-02-23"), &[], &[]),
        check(&ANNUAL, am("2026-06-10"), pm("2026-06-12"), &[], &[(2026, 5)]),
        {
            let other = existing(Stored::InApproval, span(am("2026-06-10"), am("2026-06-10")), None);
            check(&PERSONAL, am("2026-06-10"), pm("2026-06-10"), &[other], &[])
        },
    ];
    let expected = ["inverted_span", "span_too_long", "nothing_counts", "insufficient_balance", "overlapping_leave"];
    for (check, expected) in refused.iter().zip(expected) {
        let refusal = check.refusal().expect("refused");
        assert_eq!(serde_json::to_value(refusal.code).expect("a name"), expected);
        assert_eq!(codes(check)[0], expected);
        assert!(check.warnings()[0].blocking && refusal.field.is_some());
    }
    assert!(check(&PERSONAL, am("2026-06-10"), pm("2026-06-11"), &[], &[]).refusal().is_none());
    assert!(
        check(&PERSONAL, am("2026-06-02"), pm("2027-06-02"), &[], &[]).refusal().is_none(),
        "366 days are not too many"
    );
}

#[test]
fn overlap_is_judged_by_half_days_in_every_geometry() {
    let taken = span(pm("2026-06-10"), am("2026-06-12"));
    let others = [existing(Stored::Approved, taken, None)];
    let blocked = |from, to| codes(&check(&PERSONAL, from, to, &others, &[])).contains(&"overlapping_leave".to_owned());
    assert!(blocked(am("2026-06-11"), pm("2026-06-11")), "inside");
    assert!(blocked(am("2026-06-09"), pm("2026-06-15")), "enclosing");
    assert!(blocked(pm("2026-06-10"), am("2026-06-12")), "equal");
    assert!(blocked(am("2026-06-10"), pm("2026-06-10")), "touching the first half day");
    assert!(blocked(am("2026-06-12"), pm("2026-06-12")), "touching the last half day");
    assert!(!blocked(am("2026-06-10"), am("2026-06-10")), "the other half of the first day");
    assert!(!blocked(pm("2026-06-12"), pm("2026-06-12")), "the other half of the last day");
}

#[test]
fn what_has_come_to_nothing_never_blocks() {
    let taken = span(am("2026-06-08"), pm("2026-06-12"));
    let blocked = |stored, back| {
        let others = [existing(stored, taken, back)];
        check(&PERSONAL, am("2026-06-11"), pm("2026-06-11"), &others, &[]).refusal().is_some()
    };
    for stored in [Stored::Withdrawn, Stored::Refused, Stored::Cancelled] {
        assert!(!blocked(stored, None), "{stored:?}");
    }
    assert!(blocked(Stored::InApproval, None) && blocked(Stored::Approved, None) && blocked(Stored::Returned, None));
    assert!(!blocked(Stored::Returned, Some(am("2026-06-11"))), "back before, so the day is free again");
    assert!(blocked(Stored::Returned, Some(pm("2026-06-11"))));
    assert!(blocked(Stored::Returned, Some(am("2026-06-15"))));
    assert!(!blocked(Stored::Returned, Some(am("2026-06-08"))), "back at the beginning, nothing was taken");
}

#[test]
fn each_year_pays_for_its_own_half_days() {
    // Thursday 31 December 2026 is worked by what is known so far, 1 January is off, 4 January is a Monday.
    let ask = |available| check(&ANNUAL, am("2026-12-31"), pm("2027-01-04"), &[], available);
    let enough = ask(&[(2026, 2), (2027, 2)]);
    assert_eq!((enough.half_days(), enough.available_after, enough.provisional), (4, Some(0), true));
    assert!(enough.refusal().is_none());
    assert_eq!(codes(&enough), ["provisional"]);
    assert_eq!(ask(&[(2026, 30), (2027, 1)]).refusal().map(|refusal| refusal.code), Some(Code::InsufficientBalance));
    assert_eq!(ask(&[(2026, 30)]).available_after, Some(-2));
    assert_eq!(check(&SICK, am("2026-12-31"), pm("2027-01-04"), &[], &[]).available_after, None, "never limited");
}

#[test]
fn adjoining_requests_are_added_for_routing_and_said_so() {
    let friday = existing(Stored::InApproval, span(am("2026-06-12"), pm("2026-06-12")), None);
    let monday = check(&PERSONAL, am("2026-06-15"), pm("2026-06-15"), std::slice::from_ref(&friday), &[]);
    assert_eq!((monday.half_days(), monday.routed_half_days), (2, 4));
    assert_eq!(codes(&monday), ["adjoining"]);
    assert_eq!(monday.adjoining[0].number, friday.number);
    let text = "与前后相连的假期（假2026-000001）合并为2天（本次1天），审批人按合并天数确定";
    assert_eq!(monday.warnings()[0].text, text);
    let tuesday = check(&PERSONAL, am("2026-06-16"), pm("2026-06-16"), &[friday], &[]);
    assert_eq!((tuesday.half_days(), tuesday.routed_half_days), (2, 2));
}

#[test]
fn whoever_asks_in_his_place_learns_neither_the_balance_nor_what_adjoins() {
    let friday = existing(Stored::InApproval, span(am("2026-06-12"), pm("2026-06-12")), None);
    let found = check(&ANNUAL, am("2026-06-15"), pm("2026-06-17"), &[friday], &[(2026, 4)]);
    assert_eq!((found.half_days(), found.routed_half_days, found.available_after), (6, 8, Some(-2)));
    assert!(found.refusal().is_some_and(|refusal| refusal.detail.contains("可用2天")), "{:?}", found.remarks);
    let hidden = found.without_other_leave();
    assert_eq!((hidden.half_days(), hidden.routed_half_days, hidden.available_after), (6, 6, None));
    assert_eq!(hidden.refusal().map(|refusal| refusal.code), Some(Code::InsufficientBalance));
    let counts = |remark: &Remark| remark.text.contains(|letter: char| letter.is_ascii_digit());
    assert!(!hidden.remarks.iter().any(counts), "{:?}", hidden.remarks);
    // Two years that are short by different amounts say the same.
    let years = check(&ANNUAL, am("2026-12-31"), pm("2027-01-04"), &[], &[(2026, 1), (2027, 0)]);
    assert_eq!(codes(&years.without_other_leave()), ["insufficient_balance", "provisional"]);
    let report = check(&LEAVING_TOWN, am("2026-06-13"), pm("2026-06-14"), &[], &[]).without_other_leave();
    assert_eq!(report.routed_half_days, 1, "a report is decided like the shortest leave");
}

proptest! {
    #[test]
    fn however_an_absence_is_cut_somebody_as_high_decides(
        class in proptest::sample::select(PostClass::ALL.to_vec()),
        natural in any::<bool>(),
        length in 2i64..20,
        cuts in proptest::collection::btree_set(1i64..20, 1..4),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 5),
    ) {
        let leave_type = if natural { &SICK } else { &PERSONAL };
        let first = day("2026-06-08");
        let matrix = authority::templates::standard();
        let level = |half_days| matrix.decides(class, &leave_type.name, half_days).and_then(|hit| hit.route.level());
        let mut ends = cuts.into_iter().filter(|cut| *cut < length).collect::<Vec<_>>();
        ends.push(length);
        let mut from = 0;
        let mut pieces = Vec::new();
        for end in ends {
            pieces.push((HalfDay::am(first.plus(from)), HalfDay::pm(first.plus(end - 1))));
            from = end;
        }
        let mut asked = Vec::<Existing>::new();
        let mut highest = None;
        for turn in order {
            if pieces.is_empty() {
                break;
            }
            let (from, to) = pieces.remove(turn.index(pieces.len()));
            let found = check(leave_type, from, to, &asked, &[]);
            // A piece of rest days alone is no leave of a type that does not count them.
            if found.half_days() == 0 {
                continue;
            }
            highest = highest.max(level(found.routed_half_days));
            let half_days = found.half_days();
            let piece = Existing { half_days, counts_rest_days: natural, ..existing(Stored::InApproval, span(from, to), None) };
            asked.push(piece);
        }
        let begin = asked.iter().map(|piece| piece.span.from()).min();
        let end = asked.iter().map(|piece| piece.span.to()).max();
        if let (Some(from), Some(to)) = (begin, end) {
            let whole = check(leave_type, from, to, &[], &[]);
            prop_assert!(highest >= level(whole.half_days()), "{:?} for {}", highest, whole.half_days());
        }
    }
}

#[test]
fn a_backdated_request_is_told_so() {
    let late = check(&SICK, am("2026-05-28"), pm("2026-05-29"), &[], &[]);
    assert_eq!(codes(&late), ["backdated"]);
    assert!(late.refusal().is_none());
}

#[test]
fn what_the_rules_leave_to_him_is_told_the_approver() {
    let told = |check: &Check, submitted| check.for_approver(Earlier { submitted, ..Earlier::default() });
    let limit = Some(Limit { half_days: 2, blocking: false });
    let short = LeaveType { request_limit: limit, ..PERSONAL.clone() };
    let over = "事假一次一般不超过1天，本次为2天；是否准假由审批人决定";
    let late = "提交时开始日期已过，属于补办";
    let (from, to) = (am("2026-05-28"), pm("2026-05-29"));
    let check_of = |leave_type: &LeaveType| check(leave_type, from, to, &[], &[]);
    assert_eq!(told(&check_of(&short), None), [over, late]);
    assert_eq!(told(&check_of(&PERSONAL), None), [late]);
    // Sent back, and submitted again after it had begun.
    assert_eq!(told(&check_of(&short), Some((day("2026-05-27"), from))), [over], "it was in time at first");
    assert_eq!(told(&check_of(&short), Some((day("2026-05-29"), from))), [over, late], "it never was");
    assert_eq!(told(&check_of(&short), Some((day("2026-05-27"), pm("2026-05-28")))), [over, late], "it begins earlier");
    let report = check(&LEAVING_TOWN, from, to, &[], &[]);
    assert_eq!(told(&report, None), ["提交时开始日期已过，属于事后补报"], "that he is at work is his own business");
    let friday = existing(Stored::InApproval, span(am("2026-06-12"), pm("2026-06-12")), None);
    let monday = check(&PERSONAL, am("2026-06-15"), pm("2026-06-15"), &[friday], &[]);
    assert_eq!(told(&monday, None), ["与前后相连的假期（假2026-000001）合并为2天（本次1天），审批人按合并天数确定"]);
    // Papers come while it waits: they are no remark on what was submitted.
    assert_eq!(told(&check(&SICK, am("2026-06-08"), pm("2026-06-10"), &[], &[]), None), [""; 0]);
    assert_ne!(owed_papers(0), owed_papers(1));
}

/// The check of a whole-day request by somebody else, on another day, or after other leave.
fn judged(
    leave_type: &LeaveType,
    (from, to): (&str, &str),
    applicant: Applicant,
    taken: &[(i32, i64)],
    exclusions: &[(i32, Exclusion)],
) -> Check {
    let (calendar, taken) = (WorkCalendar::builtin(), taken.iter().copied().collect());
    let exclusions = exclusions.iter().copied().collect();
    let lots = [left(2026, 30)];
    let facts = Facts {
        calendar: &calendar,
        applicant,
        existing: &[],
        lots: &lots,
        taken: &taken,
        exclusions: &exclusions,
        today: day(TODAY),
    };
    check_request(Ask { leave_type, from: am(from), to: pm(to), earlier: Earlier::default() }, facts)
}

fn refused(check: &Check) -> Option<Code> {
    check.refusal().map(|problem| problem.code)
}

#[test]
fn a_type_is_for_those_whom_it_names() {
    let days = ("2026-06-08", "2026-06-09");
    let ask = |leave_type: &LeaveType, applicant| refused(&judged(leave_type, days, applicant, &[], &[]));
    let women = LeaveType { sex: Some(Sex::Female), ..PERSONAL.clone() };
    let man = Applicant { sex: Some(Sex::Male), ..judge() };
    assert_eq!(ask(&women, judge()), None);
    assert_eq!(ask(&women, man), Some(Code::NotEligible));
    assert_eq!(ask(&women, Applicant { sex: None, ..man }), None, "the roster does not say");
    let bailiffs = LeaveType { categories: vec![Category::Bailiff], ..PERSONAL.clone() };
    assert_eq!(ask(&bailiffs, judge()), Some(Code::NotEligible));
    let after_a_year = LeaveType { service_years: 1, ..PERSONAL.clone() };
    let started = |on: &str| Applicant { person: Person { started_work_on: day(on), ..judge().person }, ..judge() };
    assert_eq!(ask(&after_a_year, started("2025-06-01")), None);
    assert_eq!(ask(&after_a_year, started("2025-06-02")), Some(Code::NotEligible));
    assert_eq!(ask(&LeaveType { active: false, ..PERSONAL.clone() }, judge()), Some(Code::NotEligible));
}

#[test]
fn a_request_comes_neither_too_late_nor_without_notice() {
    let ask = |leave_type: &LeaveType, date: &str| refused(&judged(leave_type, (date, date), judge(), &[], &[]));
    let three_days = LeaveType { backfill_days: 3, ..PERSONAL.clone() };
    assert_eq!(ask(&three_days, "2026-05-29"), None);
    assert_eq!(ask(&three_days, "2026-05-28"), Some(Code::OutsideWindow));
    assert_eq!(ask(&LeaveType { backfill_days: 0, ..three_days.clone() }, TODAY), None, "today is in time");
    // Monday 1 June: with three workdays' notice the first day is Thursday.
    let ahead = LeaveType { notice_workdays: 3, ..PERSONAL.clone() };
    assert_eq!(ask(&ahead, "2026-06-03"), Some(Code::OutsideWindow));
    assert_eq!(ask(&ahead, "2026-06-04"), None);
    assert_eq!(ask(&ahead, "2026-05-29"), None, "an emergency is asked for afterwards");
}

#[test]
fn more_than_a_type_allows_warns_or_is_refused() {
    let limit = |half_days, blocking| Some(Limit { half_days, blocking });
    let ask = |leave_type: LeaveType, taken: &[(i32, i64)]| {
        let check = judged(&leave_type, ("2026-06-08", "2026-06-09"), judge(), taken, &[]);
        (refused(&check), codes(&check))
    };
    let of_request = |limit| LeaveType { request_limit: limit, ..PERSONAL.clone() };
    assert_eq!(ask(of_request(limit(4, true)), &[]), (None, vec![]));
    assert_eq!(ask(of_request(limit(3, true)), &[]).0, Some(Code::OverLimit));
    assert_eq!(ask(of_request(limit(3, false)), &[]), (None, vec!["over_limit".to_owned()]));
    let of_year = |limit| LeaveType { year_limit: limit, ..PERSONAL.clone() };
    assert_eq!(ask(of_year(limit(10, true)), &[(2026, 6)]).0, None);
    assert_eq!(ask(of_year(limit(10, true)), &[(2026, 7)]).0, Some(Code::OverLimit));
    assert_eq!(ask(of_year(limit(10, true)), &[(2025, 70)]).0, None, "another year");
}

/// Each visit was once measured by itself, though there is one a year.
#[test]
fn a_second_home_visit_in_a_year_is_warned_of() {
    let visit = BUILTIN.iter().find(|known| known.name == "home_visit").expect("it comes with the product");
    let ask = |taken: &[(i32, i64)]| judged(visit, ("2026-06-08", "2026-06-27"), judge(), taken, &[]);
    let is_told = |check: &Check| codes(check).contains(&"over_limit".to_owned());
    assert!(!is_told(&ask(&[])) && !is_told(&ask(&[(2026, 20)])) && !is_told(&ask(&[(2025, 60)])));
    let second = ask(&[(2026, 60)]);
    assert!(is_told(&second) && refused(&second).is_none(), "who decides decides");
}

#[test]
fn papers_are_owed_from_the_half_day_that_the_type_names() {
    let ask = |date: &str| codes(&judged(&SICK, ("2026-06-08", date), judge(), &[], &[]));
    assert_eq!(ask("2026-06-09"), Vec::<String>::new());
    assert_eq!(ask("2026-06-10"), ["evidence_owed"]);
}

#[test]
fn a_year_that_gives_none_is_refused_with_its_reason() {
    let lost = [(2026, Exclusion { because_of: 2025, cause: Cause::Personal(40) })];
    let check = judged(&ANNUAL, ("2026-06-08", "2026-06-08"), judge(), &[], &lost);
    assert_eq!(codes(&check), ["not_entitled"], "nothing is said of a balance that is not given");
    let text = check.refusal().expect("refused").detail;
    assert!(text.starts_with("2025年已休年休假，且累计事假已达20天") && text.contains("不享受2026年年休假"), "{text}");
    let sick = [(2027, Exclusion { because_of: 2027, cause: Cause::Sick(120) })];
    let next = judged(&ANNUAL, ("2026-06-08", "2026-06-08"), judge(), &[], &sick);
    assert_eq!(refused(&next), None, "another year's");
}

/// It was once refused with the rest of the year.
#[test]
fn what_went_over_can_be_taken_in_a_year_that_gives_none() {
    let rule = CarryOver { half_days: 6, month: 6, day: 30 };
    let over = Grant::carried_into(uuid::Uuid::from_u128(7), 2026, rule).expect("a year");
    let lots = [left(2026, 30), Lot { grant: over, totals: Totals { granted: 2, ..Totals::default() } }];
    let exclusions = BTreeMap::from([(2026, Exclusion { because_of: 2026, cause: Cause::Personal(40) })]);
    let ask = |to: &str| {
        let facts = Facts {
            calendar: &WorkCalendar::builtin(),
            applicant: judge(),
            existing: &[],
            lots: &lots,
            taken: &BTreeMap::new(),
            exclusions: &exclusions,
            today: day(TODAY),
        };
        check_request(
            Ask { leave_type: &ANNUAL, from: am("2026-06-08"), to: pm(to), earlier: Earlier::default() },
            facts,
        )
    };
    let one_day = ask("2026-06-08");
    assert_eq!((refused(&one_day), one_day.available_after), (None, Some(0)));
    assert!(one_day.draw.taken.iter().all(|taken| taken.grant == Some(over.id)));
    let two_days = ask("2026-06-09");
    assert_eq!((refused(&two_days), two_days.available_after), (Some(Code::NotEntitled), Some(-2)));
}

#[test]
fn an_hour_a_day_is_counted_in_minutes_and_stands_in_no_other_leave_s_way() {
    let nursing = BUILTIN.iter().find(|leave_type| leave_type.name == "nursing").expect("built in");
    // Friday to Monday.
    let hours = judged(nursing, ("2026-06-12", "2026-06-15"), judge(), &[], &[]);
    assert_eq!((hours.half_days(), hours.minutes, hours.routed_half_days), (0, Some(120), 1));
    assert!(hours.draw.taken.iter().all(|taken| taken.amount == 60 && taken.grant.is_none()));
    assert_eq!(refused(&hours), None);
    let span = hours.span.expect("in order");
    let others = [Existing { lane: Lane::Hours, ..existing(Stored::Approved, span, None) }];
    let codes_of = |leave_type| codes(&check(leave_type, am("2026-06-12"), pm("2026-06-12"), &others, &[]));
    assert_eq!(codes_of(&PERSONAL), Vec::<String>::new(), "neither in the way nor added up");
    assert_eq!(codes_of(nursing), ["overlapping_leave"]);
}

#[test]
fn a_report_takes_nothing_and_says_what_it_is_not() {
    // Saturday and Sunday.
    let weekend = check(&LEAVING_TOWN, am("2026-06-13"), pm("2026-06-14"), &[], &[]);
    assert_eq!((codes(&weekend), weekend.days.len()), (vec![], 4));
    assert!(weekend.days.iter().all(|day| !day.counts && !day.why.contains("自然日")));
    assert_eq!((weekend.half_days(), weekend.routed_half_days, weekend.available_after), (0, 1, None));
    assert!(!check(&LEAVING_TOWN, am("2027-06-12"), pm("2027-06-13"), &[], &[]).provisional, "nothing to count anew");
    // Friday to Monday: two workdays, of which he has leave on one.
    let (friday, monday) = (am("2026-06-12"), pm("2026-06-15"));
    let over = check(&LEAVING_TOWN, friday, monday, &[], &[]);
    assert_eq!(codes(&over), ["at_work"]);
    assert!(over.warnings()[0].text.starts_with("6月12日等2天为工作日"), "{:?}", over.warnings());
    let leave = [existing(Stored::InApproval, span(friday, pm("2026-06-12")), None)];
    let beside = check(&LEAVING_TOWN, friday, monday, &leave, &[]);
    assert!(beside.warnings()[0].text.starts_with("6月15日为工作日"), "{:?}", beside.warnings());
    assert_eq!((beside.refusal(), beside.adjoining.len()), (None, 0));
    let report = [Existing { lane: Lane::Report, ..existing(Stored::Approved, span(friday, monday), None) }];
    assert_eq!(codes(&check(&LEAVING_TOWN, monday, monday, &report, &[])), ["overlapping_leave", "at_work"]);
    let later = check(&PERSONAL, pm("2026-06-15"), pm("2026-06-16"), &report, &[]);
    assert_eq!((codes(&later), later.routed_half_days), (vec![], 3), "neither in the way nor added up");
    let past = judged(&LEAVING_TOWN, ("2026-05-30", "2026-05-31"), judge(), &[], &[]);
    assert!(past.warnings()[0].text.contains("补报"), "{:?}", past.warnings());
}

#[test]
fn a_report_is_over_when_he_is_back_rest_days_or_not() {
    let calendar = WorkCalendar::builtin();
    // Saturday and Sunday; Monday is a workday.
    let leave = |counted| Leave {
        stored: Stored::Approved,
        leave_type: &LEAVING_TOWN,
        span: span(am("2026-06-13"), pm("2026-06-14")),
        counted,
    };
    let back = |at: HalfDay| {
        let plan = report_return(&calendar, &[leave(&[])], at, day("2026-06-30")).expect("in range").remove(0);
        (plan.outcome, plan.freed.len(), plan.refunded.len())
    };
    assert_eq!(back(pm("2026-06-14")), (Outcome::Early, 1, 0));
    assert_eq!(back(am("2026-06-15")), (Outcome::OnTime, 0, 0));
    assert_eq!(back(pm("2026-06-15")), (Outcome::OnTime, 0, 0));
    assert_eq!(back(am("2026-06-16")), (Outcome::Late, 0, 0));
}

#[test]
fn papers_are_seen_by_who_decides_or_by_hr_and_never_by_the_applicant() {
    let nobody = Viewer::default();
    let may = [
        Viewer { has_open_task: true, ..nobody },
        Viewer { has_approved: true, ..nobody },
        Viewer { reads_papers: true, ..nobody },
    ];
    for viewer in may {
        assert_eq!(confirm_evidence(Stored::Approved, true, viewer), Ok(()));
        assert_eq!(confirm_evidence(Stored::Approved, false, viewer), Err(Code::WrongState), "nothing is owed");
        assert_eq!(confirm_evidence(Stored::Refused, true, viewer), Err(Code::WrongState));
        let own = Viewer { is_applicant: true, ..viewer };
        assert_eq!(confirm_evidence(Stored::Approved, true, own), Err(Code::NotAllowed));
    }
    assert_eq!(confirm_evidence(Stored::Approved, true, nobody), Err(Code::NotAllowed));
}

fn half_day() -> impl Strategy<Value = HalfDay> {
    (0i64..800, any::<bool>()).prop_map(|(n, morning)| {
        let date = day("2025-06-01").plus(n);
        if morning { HalfDay::am(date) } else { HalfDay::pm(date) }
    })
}

proptest! {
    #[test]
    fn nothing_counts_on_a_rest_day_for_a_workday_type(from in half_day(), steps in 0usize..300, which in 0usize..3) {
        let calendar = WorkCalendar::builtin();
        let leave_type = &BUILTIN[which];
        let to = (0..steps).fold(from, |at, _| at.next());
        let days = count(&calendar, leave_type, span(from, to));
        prop_assert_eq!(days.len(), steps + 1);
        for day in days {
            let expected = leave_type.basis == Basis::NaturalDays || calendar.is_workday(day.date);
            prop_assert_eq!(day.counts, expected);
        }
    }

    #[test]
    fn accepted_requests_never_share_a_half_day(
        asks in proptest::collection::vec((half_day(), 0usize..30, 0usize..6, 0usize..40), 1..25),
    ) {
        let mut others: Vec<Existing> = Vec::new();
        for (from, steps, state, back) in asks {
            let to = (0..steps).fold(from, |at, _| at.next());
            if check(&SICK, from, to, &others, &[]).refusal().is_none() {
                let back = (0..back).fold(from, |at, _| at.next());
                others.push(existing(Stored::ALL[state], span(from, to), Some(back)));
            }
        }
        let mut taken = others.iter().filter_map(Existing::occupied).flat_map(Span::half_days).collect::<Vec<_>>();
        let all = taken.len();
        taken.sort_unstable();
        taken.dedup();
        prop_assert_eq!(taken.len(), all);
    }

    #[test]
    fn of_one_lane_no_half_day_is_kept_twice_and_lanes_do_not_meet(
        asks in proptest::collection::vec((0usize..3, half_day(), 0usize..30, 0usize..6, 0usize..40), 1..25),
    ) {
        let nursing = BUILTIN.iter().find(|leave_type| leave_type.name == "nursing").expect("built in");
        let types = [&*SICK, nursing, &*LEAVING_TOWN];
        let mut others: Vec<Existing> = Vec::new();
        for (which, from, steps, state, back) in asks {
            let (leave_type, to) = (types[which], (0..steps).fold(from, |at, _| at.next()));
            let lane = leave_type.lane();
            let is_in_the_way = |other: &&Existing| other.occupied().is_some_and(|kept| kept.overlaps(span(from, to)));
            let meets = others.iter().filter(is_in_the_way).any(|other| other.lane == lane);
            let judged = check(leave_type, from, to, &others, &[]);
            let refused = codes(&judged).contains(&"overlapping_leave".to_owned());
            prop_assert_eq!(refused, meets, "refused for its own lane and for nothing else");
            if judged.refusal().is_none() {
                let back = (0..back).fold(from, |at, _| at.next());
                others.push(Existing { lane, ..existing(Stored::ALL[state], span(from, to), Some(back)) });
            }
        }
        for lane in Lane::ALL {
            let of_lane = others.iter().filter(|other| other.lane == lane);
            let mut kept = of_lane.filter_map(Existing::occupied).flat_map(Span::half_days).collect::<Vec<_>>();
            let all = kept.len();
            kept.sort_unstable();
            kept.dedup();
            prop_assert_eq!(kept.len(), all, "{:?}", lane);
        }
    }

    #[test]
    fn a_report_never_has_an_entry_in_the_ledger(from in half_day(), steps in 0usize..300, back in 0usize..310) {
        let to = (0..steps).fold(from, |at, _| at.next());
        let judged = check(&LEAVING_TOWN, from, to, &[], &[(2025, 10), (2026, 10)]);
        let taken = &judged.draw.taken;
        prop_assert!(judged.counted.is_empty() && taken.is_empty() && judged.draw.short.is_empty());
        let written = [ledger::on_submit(taken), ledger::on_approve(taken), ledger::on_end(taken), ledger::on_return(taken)];
        prop_assert!(written.concat().is_empty());
        let calendar = WorkCalendar::builtin();
        let back = (0..back).fold(from, |at, _| at.next());
        let leave = Leave { stored: Stored::Approved, leave_type: &LEAVING_TOWN, span: span(from, to), counted: &judged.counted };
        let plan = report_return(&calendar, &[leave], back, back.date).expect("in range").remove(0);
        prop_assert!(plan.refunded.is_empty());
        prop_assert_eq!(plan.outcome == Outcome::Early, !plan.freed.is_empty());
        let again = crate::leave::recount::recount(&calendar, leave, taken, &[], &[], from.date, &[]);
        prop_assert!(again.changes_nothing());
    }

    #[test]
    fn what_is_refunded_was_counted_and_lies_after_the_return(steps in 0usize..40, back in 0usize..60, late in 0i64..30) {
        let calendar = WorkCalendar::builtin();
        let from = am("2026-04-27");
        let to = (0..steps).fold(from, |at, _| at.next());
        let back = (0..back).fold(from, |at, _| at.next());
        let counted = span(from, to).half_days().filter(|at| calendar.is_workday(at.date)).collect::<Vec<_>>();
        let leave = Leave { stored: Stored::Approved, leave_type: &ANNUAL, span: span(from, to), counted: &counted };
        let plan = &report_return(&calendar, &[leave], back, back.date.plus(late)).expect("in range")[0];
        prop_assert!(plan.refunded.iter().all(|at| *at >= back && counted.contains(at)));
        let used = counted.iter().filter(|at| **at < back).count();
        prop_assert_eq!(used + plan.refunded.len(), counted.len());
        prop_assert_eq!(plan.outcome == Outcome::Early, !plan.refunded.is_empty());
    }
}
