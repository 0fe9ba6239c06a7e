use proptest::prelude::*;

use super::*;
use crate::day::Half;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn span(from: HalfDay, to: HalfDay) -> Span {
    Span::new(from, to).expect("in order")
}

fn hearing(date: &str, starts_minute: i32, ends_minute: i32) -> Hearing {
    Hearing { case_number: "（2026）江01民初12号".to_owned(), day: day(date), starts_minute, ends_minute }
}

fn colleague(name: &str, away: &[Span], asked: &[Span]) -> Colleague {
    Colleague { name: name.to_owned(), away: away.to_vec(), asked: asked.to_vec(), out: vec![], asked_out: vec![] }
}

fn leaders(others: Vec<Colleague>) -> Group {
    Group { kind: GroupKind::Leaders, title: "民一庭正副职".to_owned(), least: 1, others }
}

/// Nothing to collide with.
fn none(calendar: &WorkCalendar) -> Facts<'_> {
    Facts { calendar, hearings: &[], lessons: &[], periods: &[], groups: &[] }
}

fn texts(span: Span, facts: Facts<'_>) -> Vec<String> {
    find(Lane::Leave, span, facts).into_iter().map(|conflict| conflict.text).collect()
}

#[test]
fn who_leaves_town_is_missed_on_duty_and_while_nobody_may_leave() {
    let (calendar, date) = (WorkCalendar::builtin(), day("2026-11-25"));
    let asked = span(HalfDay::am(date), HalfDay::pm(date));
    let period = |kind| Period { kind, title: "安保".to_owned(), from: date, to: date };
    let hearings = [hearing("2026-11-25", 9 * 60, 10 * 60)];
    let periods = PeriodKind::ALL.map(period);
    let lessons = [Lesson {
        class: "培训班".to_owned(),
        title: "课程".to_owned(),
        day: date,
        starts_minute: 9 * 60,
        ends_minute: 10 * 60,
    }];
    let rule = Group { kind: GroupKind::Rule, title: "合议庭".to_owned(), least: 1, others: vec![] };
    let facts = Facts { hearings: &hearings, lessons: &lessons, periods: &periods, ..none(&calendar) };
    let kinds = |lane, groups: &[Group]| {
        find(lane, asked, Facts { groups, ..facts }).into_iter().map(|conflict| conflict.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(Lane::Leave, std::slice::from_ref(&rule)), Kind::ALL);
    // A rule of HR is about work, from which a report takes nobody; that leaders do not leave town together is the rule of
    // reports themselves.
    assert_eq!(kinds(Lane::Report, std::slice::from_ref(&rule)), [Kind::Duty, Kind::Blackout]);
    assert_eq!(kinds(Lane::Report, &[leaders(vec![])]), [Kind::Duty, Kind::Blackout, Kind::Presence]);
    assert_eq!(kinds(Lane::Hours, &[rule, leaders(vec![])]), []);
}

#[test]
fn a_hearing_touches_the_half_days_that_it_lasts_in() {
    let date = day("2026-11-25");
    let (am, pm) = (HalfDay::am(date), HalfDay::pm(date));
    assert_eq!(halves(date, 9 * 60, 10 * 60), [am]);
    assert_eq!(halves(date, 9 * 60, NOON), [am], "over at noon");
    assert_eq!(halves(date, 11 * 60, NOON + 1), [am, pm], "across noon");
    assert_eq!(halves(date, NOON, 15 * 60), [pm]);
    assert_eq!(halves(date, 23 * 60, 30), [pm], "past midnight it stays with its day");
}

#[test]
fn a_hearing_is_named_with_its_case_and_time() {
    let calendar = WorkCalendar::builtin();
    let hearings = [hearing("2026-11-25", 9 * 60 + 30, 11 * 60)];
    let facts = Facts { hearings: &hearings, ..none(&calendar) };
    let date = day("2026-11-25");
    let whole = span(HalfDay::am(date), HalfDay::pm(date));
    let text = "（2026）江01民初12号定于11月25日 09:30开庭，请先办理改期或更换承办人，或调整请假时间";
    assert_eq!(texts(whole, facts), [text]);
    let afternoon = span(HalfDay::pm(date), HalfDay::pm(date));
    assert!(texts(afternoon, facts).is_empty(), "he is back from the hearing");
}

#[test]
fn a_class_is_named_once_whatever_the_number_of_its_lessons() {
    let calendar = WorkCalendar::builtin();
    let lesson = |title: &str, starts_minute: i32| Lesson {
        class: "青年干警培训班".to_owned(),
        title: title.to_owned(),
        day: day("2026-11-25"),
        starts_minute,
        ends_minute: starts_minute + 90,
    };
    let lessons = [lesson("证据规则", 14 * 60), lesson("裁判文书", 9 * 60)];
    let facts = Facts { lessons: &lessons, ..none(&calendar) };
    let date = day("2026-11-25");
    let found = texts(span(HalfDay::am(date), HalfDay::pm(date)), facts);
    assert_eq!(
        found,
        ["与“青年干警培训班”的课程冲突：11月25日 09:00《裁判文书》等2节课，请调整请假时间，或先向班主任请假"]
    );
}

#[test]
fn duty_and_closed_periods_are_named_by_their_title() {
    let calendar = WorkCalendar::builtin();
    let period = |kind, title: &str, from: &str, to: &str| Period {
        kind,
        title: title.to_owned(),
        from: day(from),
        to: day(to),
    };
    let periods = [
        period(PeriodKind::Blackout, "两会安保", "2026-11-25", "2026-11-27"),
        period(PeriodKind::Duty, "周末值班", "2026-11-28", "2026-11-28"),
    ];
    let facts = Facts { periods: &periods, ..none(&calendar) };
    let over = |first: &str, last: &str| texts(Span::days(day(first), day(last)).expect("in order"), facts);
    assert_eq!(
        over("2026-11-27", "2026-11-28"),
        [
            "11月28日已安排“周末值班”，请先与同事换班并报值班安排部门",
            "11月25日至11月27日为“两会安保”，期间不得外出，请改期；确有特殊情况请联系政治部",
        ]
    );
    assert!(over("2026-11-29", "2026-11-30").is_empty() && over("2026-11-23", "2026-11-24").is_empty());
}

#[test]
fn head_and_deputy_are_not_away_together() {
    let calendar = WorkCalendar::builtin();
    let days = |first: &str, last: &str| Span::days(day(first), day(last)).expect("in order");
    let of = |others: Vec<Colleague>, asked: Span| {
        let groups = [leaders(others)];
        texts(asked, Facts { groups: &groups, ..none(&calendar) })
    };
    let wednesday = days("2026-11-25", "2026-11-25");
    let away = colleague("郑副庭", &[wednesday], &[]);
    assert_eq!(
        of(vec![away.clone()], wednesday),
        ["民一庭正副职至少须有1人在岗，11月25日上午起将只剩0人，同期不在岗：郑副庭（已准假），请协商错开时间"]
    );
    let asked = colleague("郑副庭", &[], &[wednesday]);
    assert!(of(vec![asked], wednesday)[0].contains("郑副庭（也在申请）"));
    assert!(of(vec![away.clone(), colleague("李副庭", &[], &[])], wednesday).is_empty(), "somebody stays");
    assert!(of(vec![away], days("2026-11-26", "2026-11-26")).is_empty(), "on another day");
    let weekend = days("2026-11-28", "2026-11-29");
    assert!(of(vec![colleague("郑副庭", &[weekend], &[])], weekend).is_empty(), "nobody is there on a weekend");
}

#[test]
fn head_and_deputy_do_not_leave_town_together_whatever_the_day() {
    let calendar = WorkCalendar::builtin();
    let days = |first: &str, last: &str| Span::days(day(first), day(last)).expect("in order");
    let weekend = days("2026-11-28", "2026-11-29");
    let of = |others: Vec<Colleague>, asked: Span| {
        let groups = [leaders(others)];
        let found = find(Lane::Report, asked, Facts { groups: &groups, ..none(&calendar) });
        found.into_iter().map(|conflict| conflict.text).collect::<Vec<_>>()
    };
    let here = colleague("郑副庭", &[], &[]);
    let out = Colleague { out: vec![days("2026-11-29", "2026-11-29")], ..here.clone() };
    assert_eq!(
        of(vec![out.clone()], weekend),
        ["民一庭正副职不得同时外出，11月29日上午起将无人留守，同期休假或外出：郑副庭（已准外出），请协商错开时间"]
    );
    let asks = Colleague { asked_out: vec![weekend], ..here.clone() };
    assert!(of(vec![asks], weekend)[0].contains("郑副庭（也在申请）"));
    let on_leave = colleague("郑副庭", &[days("2026-11-27", "2026-11-30")], &[]);
    assert!(of(vec![on_leave.clone()], weekend)[0].contains("郑副庭（已准假）"), "who is on leave is not there either");
    assert!(of(vec![out.clone(), here.clone()], weekend).is_empty(), "another deputy stays");
    assert!(of(vec![out.clone()], days("2026-11-27", "2026-11-28")).is_empty(), "he is in town until Sunday");
    // Who is out of town on a workday is at work all the same.
    let workday = days("2026-11-25", "2026-11-25");
    let groups = [leaders(vec![Colleague { out: vec![workday], ..here }])];
    assert!(find(Lane::Leave, workday, Facts { groups: &groups, ..none(&calendar) }).is_empty());
}

#[test]
fn the_installation_chooses_what_blocks_and_an_illness_is_never_blocked() {
    let conflicts = Kind::ALL.map(|kind| Conflict { kind, text: kind.as_str().to_owned() });
    let settings = Settings::default();
    let blocking: Vec<bool> =
        warnings(&conflicts, &settings, true).into_iter().map(|warning| warning.blocking).collect();
    assert_eq!(blocking, [false, false, false, true, false], "only the closed period");
    assert_eq!(refusal(&conflicts, &settings, true).map(|problem| problem.code), Some(Code::BlackoutPeriod));
    assert_eq!(refusal(&conflicts, &settings, false), None);
    assert_eq!(serde_json::from_str::<Settings>("{}").ok(), Some(settings), "what is not said is the default");
}

#[test]
fn a_warning_and_a_refusal_have_one_name() {
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind.code()).ok(), Some(kind.as_str().into()));
        assert!(matches!(kind.code().status(), 409 | 422));
    }
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let one = (0i64..12, 0i64..8).prop_map(|(from, length)| {
        let first = HalfDay::am(day("2026-11-23").plus(from / 2));
        let first = if from % 2 == 0 { first } else { first.next() };
        span(first, (0..length).fold(first, |at, _| at.next()))
    });
    proptest::collection::vec(one, 0..3)
}

proptest! {
    #[test]
    fn a_hearing_is_told_exactly_when_it_shares_a_half_day(starts in 0i32..1440, length in 1i32..600, asked in spans()) {
        let calendar = WorkCalendar::builtin();
        let hearings = [hearing("2026-11-25", starts, starts + length)];
        let minutes = |at: HalfDay| if at.half == Half::Am { 0..NOON } else { NOON..3000 };
        for asked in asked {
            let shares = asked.half_days().any(|at| {
                at.date == day("2026-11-25") && minutes(at).any(|minute| (starts..starts + length).contains(&minute))
            });
            let facts = Facts { hearings: &hearings, ..none(&calendar) };
            prop_assert_eq!(!find(Lane::Leave, asked, facts).is_empty(), shares);
        }
    }

    #[test]
    fn whoever_is_let_go_leaves_enough(least in 1usize..4, away in proptest::collection::vec((spans(), spans()), 0..5), asked in spans()) {
        let calendar = WorkCalendar::builtin();
        let others: Vec<Colleague> = away.iter().map(|(away, asked)| colleague("同事", away, asked)).collect();
        let groups = [Group { kind: GroupKind::Rule, title: "合议庭".to_owned(), least, others }];
        for asked in asked {
            let enough = asked.half_days().filter(|at| calendar.is_workday(at.date)).all(|at| {
                groups[0].others.iter().filter(|other| !other.is_away(at)).count() >= least
            });
            let found = find(Lane::Leave, asked, Facts { groups: &groups, ..none(&calendar) });
            prop_assert_eq!(found.is_empty(), enough);
            // More absences never mend a conflict.
            let mut more = groups.clone();
            more[0].others.iter_mut().for_each(|other| other.asked.push(asked));
            let still = find(Lane::Leave, asked, Facts { groups: &more, ..none(&calendar) });
            prop_assert!(enough || !still.is_empty());
        }
    }
}
