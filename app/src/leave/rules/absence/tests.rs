//! 逾期未归 against a model that forgets every button now and then.

use proptest::prelude::*;

use super::*;
use crate::day::Span;

const LEADER: Viewer = Viewer {
    is_applicant: false,
    is_submitter: false,
    has_open_task: false,
    has_approved: true,
    reads_papers: false,
    may_confirm: false,
    may_record: false,
    follows_approvers: false,
};
const OFFICER: Viewer = Viewer { is_applicant: true, has_approved: false, ..LEADER };

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// Monday to Friday, 8 to 12 June 2026.
fn standing() -> Standing {
    let span = Span::days(day("2026-06-08"), day("2026-06-12")).expect("in order");
    Standing::alone(Stored::Approved, span)
}

#[test]
fn a_record_is_made_by_a_named_person_after_the_leave_and_while_nobody_is_back() {
    let (standing, today) = (standing(), day("2026-06-16"));
    let since = day("2026-06-15");
    assert_eq!(record(&standing, LEADER, &[], since, today), Ok(Deed::Recorded(since)));
    let head = Viewer { has_approved: false, may_record: true, ..LEADER };
    assert!(record(&standing, head, &[], since, today).is_ok());
    let colleague = Viewer { has_approved: false, ..LEADER };
    for other in [OFFICER, colleague, Viewer { has_approved: true, may_record: true, ..OFFICER }] {
        assert_eq!(record(&standing, other, &[], since, today), Err(Code::NotAllowed), "{other:?}");
    }
    assert_eq!(record(&standing, LEADER, &[], since, day("2026-06-12")), Err(Code::WrongState), "its last day");
    for bad in ["2026-06-12", "2026-06-17"] {
        assert_eq!(record(&standing, LEADER, &[], day(bad), today), Err(Code::BadInput), "{bad}");
    }
    let not_due = [
        Standing { reported: true, ..standing },
        Standing { extension: Some(Stored::InApproval), ..standing },
        Standing { extension: Some(Stored::Approved), ..standing },
        Standing { kind: Kind::Present, ..standing },
        Standing { needs_return: false, ..standing },
        Standing { stored: Stored::Returned, ..standing },
        Standing { whole: Span::days(day("2026-06-08"), day("2026-06-19")).expect("in order"), ..standing },
    ];
    for standing in not_due {
        assert_eq!(may_record(&standing, LEADER, &[], today), Err(Code::WrongState), "{standing:?}");
    }
    let sent_back = Standing { extension: Some(Stored::SentBack), ..standing };
    assert_eq!(may_record(&sent_back, LEADER, &[], today), Ok(()), "whoever never submits it again holds up nobody");
    assert_eq!(may_record(&standing, LEADER, &[Deed::Recorded(since)], today), Err(Code::WrongState), "once");
}

#[test]
fn a_record_is_answered_and_lifted() {
    let (standing, today) = (standing(), day("2026-06-18"));
    let log = [Deed::Recorded(day("2026-06-15")), Deed::Answered];
    assert_eq!(current(&log), Some(Absence { at: 0, since: day("2026-06-15") }));
    assert_eq!(
        (may_answer(&standing, OFFICER, &log), may_answer(&standing, LEADER, &log)),
        (Ok(()), Err(Code::NotAllowed))
    );
    assert_eq!(lift(&standing, OFFICER, &log, None, today), Err(Code::NotAllowed), "he reports back instead");
    assert_eq!(lift(&standing, LEADER, &log, None, today), Ok(Deed::Mistaken));
    assert_eq!(lift(&standing, LEADER, &log, Some(today), today), Ok(Deed::Back(today)));
    for bad in ["2026-06-14", "2026-06-19"] {
        assert_eq!(lift(&standing, LEADER, &log, Some(day(bad)), today), Err(Code::BadInput), "{bad}");
    }
    let lifted = [log[0], log[1], Deed::Mistaken];
    assert_eq!(lift(&standing, LEADER, &lifted, None, today), Err(Code::WrongState));
    assert_eq!(may_record(&standing, LEADER, &lifted, today), Ok(()), "it can be recorded anew");
    let reported = Standing { reported: true, ..standing };
    assert_eq!((holding(&reported, &log), may_answer(&reported, OFFICER, &log)), (None, Err(Code::WrongState)));
}

#[test]
fn the_stages_climb_the_ladder_and_a_missed_one_is_not_made_up_for() {
    let stage = |natural_days, told| escalation(ESCALATION_DAYS, Running { natural_days, workdays: 0 }, told);
    assert_eq!((stage(0, None), stage(1, None), stage(2, Some(0)), stage(3, Some(0))), (None, Some(0), None, Some(1)));
    assert_eq!(stage(9, Some(0)), Some(2), "day 3 went by unseen");
    assert_eq!((stage(14, Some(3)), stage(400, Some(4))), (Some(4), None));
    assert_eq!(audience(0), [Audience::Leader]);
    assert_eq!(
        (audience(2).last(), audience(3).last(), audience(4).len()),
        (Some(&Audience::Political), Some(&Audience::President), 4)
    );
    assert!(are_days(ESCALATION_DAYS) && !are_days([1, 3, 3, 10, 14]) && !are_days([0, 3, 7, 10, 14]));
}

#[test]
fn workdays_are_those_of_the_officer() {
    use crate::calendar::own::CourtWord;
    let word = CourtWord { date: day("2026-06-16"), half: None, works: Some(false), reason: "检修".to_owned() };
    let closed = WorkCalendar::builtin().with_court([word]);
    let of = |calendar: &WorkCalendar| Running::of(calendar, day("2026-06-15"), day("2026-06-18"));
    assert_eq!(of(&WorkCalendar::builtin()), Running { natural_days: 4, workdays: 4 });
    assert_eq!(of(&closed), Running { natural_days: 4, workdays: 3 });
}

#[test]
fn the_limit_is_passed_by_more_than_it_says_in_the_days_that_it_counts() {
    let calendar = WorkCalendar::builtin();
    let of = |last: &str| Running::of(&calendar, day("2026-06-15"), day(last));
    assert_eq!(of("2026-06-14"), Running::default());
    assert_eq!(of("2026-06-21"), Running { natural_days: 7, workdays: 4 }, "Friday 19 June is 端午节");
    let (row, none) = (of("2026-06-29"), Running::default());
    assert_eq!(row.natural_days, 15);
    assert!(!Limit::STATUTE.is_passed(row, none), "fifteen days are not more than fifteen");
    assert!(Limit::STATUTE.is_passed(of("2026-06-30"), none));
    assert!(!Limit { basis: Basis::Workdays, ..Limit::STATUTE }.is_passed(of("2026-06-30"), none));
    assert!(Limit::STATUTE.is_passed(none, Running { natural_days: 31, workdays: 0 }));
    assert_eq!(Limits::default().of(Category::Contract), None, "his contract says");
    assert!(Limits::default().are_sound() && !Limits { items: Vec::new() }.are_sound());
}

#[test]
fn a_year_adds_up_what_was_no_mistake() {
    let calendar = WorkCalendar::builtin();
    let log = [
        Deed::Recorded(day("2025-12-30")),
        Deed::Back(day("2026-01-05")),
        Deed::Recorded(day("2026-02-02")),
        Deed::Mistaken,
        Deed::Recorded(day("2026-03-02")),
    ];
    let found = periods(&log, None, day("2026-03-03"));
    assert_eq!(found, [(day("2025-12-30"), day("2026-01-04")), (day("2026-03-02"), day("2026-03-03"))]);
    assert_eq!(in_year(&calendar, &found, 2026).natural_days, 4 + 2);
    assert_eq!(in_year(&calendar, &found, 2025).natural_days, 2);
    assert_eq!(periods(&log[4..], Some(day("2026-03-02")), day("2026-03-09")), [], "he was back on that day");
}

#[test]
fn leave_that_is_granted_later_breaks_the_row() {
    let calendar = WorkCalendar::builtin();
    let leave = ["2026-06-10", "2026-06-12"].map(day).into();
    let left = unexplained(&[(day("2026-06-10"), day("2026-06-16"))], &leave);
    assert_eq!(left, [(day("2026-06-11"), day("2026-06-11")), (day("2026-06-13"), day("2026-06-16"))]);
    assert_eq!(Running::longest(&calendar, &left), Running { natural_days: 4, workdays: 2 });
    assert_eq!(Running::longest(&calendar, &[]), Running::default());
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Pass(i64),
    Record(i64),
    Answer,
    Lift(Option<i64>),
    Report,
    SendBack,
    Confirm,
    /// The job looks so many times.
    Look(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0i64..6).prop_map(Step::Pass),
        3 => (0i64..8).prop_map(Step::Record),
        1 => Just(Step::Answer),
        2 => proptest::option::of(0i64..4).prop_map(Step::Lift),
        2 => Just(Step::Report),
        1 => Just(Step::SendBack),
        1 => Just(Step::Confirm),
        4 => (1usize..3).prop_map(Step::Look),
    ]
}

proptest! {
    /// Whatever the clock does and whoever forgets what: without a record there is no absence and nobody hears of one;
    /// days of a record never go back; a stage is told once; after the return or the lifting nobody hears any more.
    #[test]
    fn no_clock_and_no_forgotten_button_makes_an_absence(steps in proptest::collection::vec(step(), 0..60)) {
        let calendar = WorkCalendar::builtin();
        let mut standing = standing();
        let (mut today, mut log) = (day("2026-06-08"), Vec::new());
        let mut records = 0;
        let mut told: Vec<(usize, usize)> = Vec::new();
        let mut last: Option<(Absence, Running)> = None;
        for step in steps {
            match step {
                Step::Pass(days) => today = today.plus(days),
                Step::Record(ago) => {
                    if let Ok(deed) = record(&standing, LEADER, &log, today.plus(-ago), today) {
                        log.push(deed);
                        records += 1;
                    }
                }
                Step::Answer => {
                    if may_answer(&standing, OFFICER, &log).is_ok() {
                        log.push(Deed::Answered);
                    }
                }
                Step::Lift(ago) => {
                    if let Ok(deed) = lift(&standing, LEADER, &log, ago.map(|ago| today.plus(-ago)), today) {
                        log.push(deed);
                    }
                }
                Step::Report if standing.stored == Stored::Approved => standing.reported = true,
                Step::SendBack if standing.stored == Stored::Approved => standing.reported = false,
                Step::Confirm if standing.reported => (standing.stored, standing.reported) = (Stored::Returned, false),
                Step::Report | Step::SendBack | Step::Confirm => {}
                Step::Look(times) => {
                    for _ in 0..times {
                        let Some(open) = holding(&standing, &log) else { continue };
                        let running = Running::of(&calendar, open.since, today);
                        let before = told.iter().filter(|(at, _)| *at == open.at).map(|(_, stage)| *stage).max();
                        if let Some(stage) = escalation(ESCALATION_DAYS, running, before) {
                            prop_assert!(!told.contains(&(open.at, stage)));
                            prop_assert!(ESCALATION_DAYS[stage] <= running.natural_days);
                            told.push((open.at, stage));
                        }
                    }
                }
            }
            let open = holding(&standing, &log);
            prop_assert!(open.is_none() || records > 0, "an absence without a record");
            if let Some(open) = open {
                prop_assert!(matches!(log.get(open.at), Some(Deed::Recorded(since)) if *since == open.since));
                prop_assert!(open.since > standing.whole.to().date && open.since <= today);
                let running = Running::of(&calendar, open.since, today);
                prop_assert!(running.natural_days >= 1 && running.workdays <= running.natural_days);
                if let Some((before, was)) = last.filter(|(before, _)| *before == open) {
                    prop_assert!(was.natural_days <= running.natural_days && was.workdays <= running.workdays, "{before:?}");
                }
                last = Some((open, running));
            } else {
                prop_assert!(standing.reported || standing.stored != Stored::Approved || current(&log).is_none());
            }
            for (first, until) in periods(&log, None, today) {
                prop_assert!(first <= until && until <= today);
            }
        }
        prop_assert!(told.is_empty() || records > 0);
    }
}

proptest! {
    #[test]
    fn every_day_is_missed_or_explained(
        stretches in proptest::collection::vec((0i64..90, 0i64..40), 0..5),
        leave in proptest::collection::btree_set(0i64..140, 0..60),
    ) {
        let first = day("2026-01-01");
        let periods: Vec<_> = stretches.iter().map(|(at, days)| (first.plus(*at), first.plus(at + days))).collect();
        let leave = leave.iter().map(|at| first.plus(*at)).collect();
        let left = unexplained(&periods, &leave);
        let days = |stretches: &[(Day, Day)]| {
            let mut days: Vec<Day> = stretches.iter().flat_map(|(first, last)| first.through(*last)).collect();
            days.sort_unstable();
            days
        };
        let mut expected = days(&periods);
        expected.retain(|day| !leave.contains(day));
        prop_assert_eq!(days(&left), expected);
        let calendar = WorkCalendar::builtin();
        let row = Running::longest(&calendar, &left);
        prop_assert!(row.natural_days <= Running::longest(&calendar, &periods).natural_days);
        prop_assert!(left.iter().all(|(first, last)| Running::of(&calendar, *first, *last).natural_days <= row.natural_days));
    }
}
