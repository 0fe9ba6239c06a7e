//! Who is away.

use app::day::{Half, HalfDay};
use app::leave::team::{Away, AwayLeave, Team, TeamMember};
use frontend::kit::Tab;
use frontend::leave::{calendar_view, team_view};

use crate::facts;
use crate::page::{draw, in_frame};

fn half(date: u8, half: Half) -> HalfDay {
    HalfDay { date: facts::day(date), half }
}

fn away(from: HalfDay, to: HalfDay, is_granted: Option<bool>) -> Away {
    let leave = is_granted.map(|granted| AwayLeave { request: facts::id(7), leave_type: "annual".to_owned(), granted });
    Away { from, to, leave }
}

fn member(number: &str, name: &str, away: Vec<Away>) -> TeamMember {
    TeamMember {
        officer: number.to_owned(), name: name.to_owned(), department: "民事审判第二庭".to_owned(), away
    }
}

/// A department as a colleague sees it; with `whole`, as its head does.
fn team(whole: bool) -> Team {
    let granted = whole.then_some(true);
    let mut people = vec![
        member("G0120", "周明远", vec![]),
        member("G0123", "王晓燕", vec![away(half(20, Half::Am), half(23, Half::Am), granted)]),
        member("G0124", "赵倩", vec![away(half(24, Half::Pm), half(24, Half::Pm), granted)]),
    ];
    if whole {
        people[0].away.push(away(half(24, Half::Am), half(27, Half::Pm), Some(false)));
        people[2].away.insert(0, away(half(21, Half::Am), half(21, Half::Pm), Some(false)));
    }
    Team {
        department: Some(facts::id(1)),
        court: facts::id(2),
        from: facts::day(16),
        to: facts::day(29),
        rest_days: [21, 22, 28, 29].map(facts::day).to_vec(),
        people,
        departments: vec![],
        courts: vec![],
    }
}

#[test]
fn a_colleague_reads_who_is_away_and_nothing_more() {
    let html = draw("team", || in_frame("谁不在岗", Tab::Leave, team_view::days(facts::words(), &team(false))));
    let list = html.split("<main").nth(1).and_then(|rest| rest.split("</main").next()).expect("the page");
    assert!(list.contains("不在岗") && !list.contains("年休假") && !list.contains("href"), "{list}");
    insta::assert_snapshot!(list);
}

#[test]
fn the_head_reads_types_and_what_is_not_decided_yet() {
    let html = draw("team_head", || team_view::days(facts::words(), &team(true)));
    let today = html.split("接下来两周").next().expect("today comes first");
    assert!(today.contains("1 人") && !today.contains("周明远"), "what is not decided keeps nobody away: {today}");
    assert!(html.contains("年休假 · 审批中") && html.contains("/leave/00000000-0000-0000-0000-000000000007"), "{html}");
}

#[test]
fn a_day_without_absence_says_so() {
    let mut team = team(false);
    team.people.truncate(1);
    let html = draw("team_present", || team_view::days(facts::words(), &team));
    assert!(html.contains("今天都在岗"), "{html}");
}

#[test]
fn the_calendar_draws_half_days_and_says_them() {
    let html = draw("team_calendar", || calendar_view::calendar(facts::words(), &team(true), false));
    // Half a day is half a column: the afternoon of the 24th begins at the second half of the ninth day.
    assert!(html.contains("M17 0h1v10h-1z"), "{html}");
    assert!(html.contains("11月24日 周二 下午 年休假"), "what is drawn is told as well");
    insta::assert_snapshot!(html);
    let html = draw("team_calendar_away", || calendar_view::calendar(facts::words(), &team(false), true));
    assert!(!html.contains("周明远") && html.contains("王晓燕"), "{html}");
}

#[test]
fn five_hundred_people_are_a_few_thousand_elements() {
    let mut team = team(false);
    let away = team.people[1].away.clone();
    team.people = (0..500).map(|n| member(&format!("G{n:04}"), "王晓燕", away.clone())).collect();
    let html = draw("team_500", || calendar_view::calendar(facts::words(), &team, false));
    let elements = html.matches("\n<").count() - html.matches("</").count();
    assert!(elements < 500 * 10, "{elements} elements");
}
