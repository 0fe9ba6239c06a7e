//! The team calendar: who sees whom, and how much of it.

use app::api::{Code, Empty, Problem};
use app::approval::api::TaskAction;
use app::calendar::api::{CreateCourtDay, NewCourtDay};
use app::day::Half;
use app::home::{AwayToday, GetHome};
use app::leave::api::{LeaveRequest, ReportReturn, ReturnFromLeave};
use app::leave::team::{GetTeam, Team, TeamMember, TeamQuery};
use app::org::rules::Category;
use tests::world::{BASIC_CLERK, BASIC_HEAD, CLERK, COLLEAGUE, HEAD, HR, OTHER_HEAD, OVERSEER, PRESIDENT, World};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use super::{approve_all, asking, decide, half, only_task, show, submit};

on_both!(
    colleagues_learn_that_somebody_is_away_and_nothing_else,
    who_may_read_it_sees_types_and_what_is_not_decided,
    others_departments_need_a_role_that_covers_them,
    an_early_return_ends_the_absence,
    rest_days_are_those_of_the_court,
    a_court_of_five_hundred_takes_the_same_statements,
    leaders_are_told_at_home_who_is_away,
);

async fn look(client: &Client, query: TeamQuery) -> Result<Team, Problem> {
    client.call::<GetTeam>(Empty {}, query, Empty {}).await
}

fn days(from: &str, to: &str) -> TeamQuery {
    TeamQuery { from: from.parse().ok(), to: to.parse().ok(), ..TeamQuery::default() }
}

fn of<'t>(team: &'t Team, officer: &str) -> &'t TeamMember {
    team.people.iter().find(|member| member.officer == officer).expect("he is in the team")
}

/// The clerk's leave of one day, approved by the head.
async fn granted(app: &TestApp, day: &str) -> LeaveRequest {
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("sick", day, day)).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    show(&clerk, request.id).await
}

async fn colleagues_learn_that_somebody_is_away_and_nothing_else(app: TestApp) {
    app.world().await;
    granted(&app, "2026-11-25").await;
    submit(&app.client_of(CLERK).await, asking("annual", "2026-11-27", "2026-11-27")).await;
    let colleague = app.client_of(COLLEAGUE).await;
    let team = look(&colleague, days("2026-11-23", "2026-11-29")).await.unwrap();
    let numbers: Vec<&str> = team.people.iter().map(|member| member.officer.as_str()).collect();
    assert_eq!(numbers, ["200001", "200002", "200003", "200004"]);
    let away = &of(&team, CLERK).away;
    assert_eq!(away.len(), 1, "what is not decided is nobody's business: {away:?}");
    assert_eq!((away[0].from, away[0].to), (half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm)));
    assert_eq!(away[0].leave, None);
    assert!(team.courts.is_empty());
    assert_eq!(team.departments.len(), 1, "his own department only");
    assert_eq!(team.rest_days.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2026-11-28", "2026-11-29"]);
    let raw = colleague.fetch("/api/v1/leave/team?from=2026-11-23&to=2026-11-29").await.text();
    assert!(!raw.contains("sick") && !raw.contains("approved"), "{raw}");
    // The officer himself knows what he asked for.
    let own = look(&app.client_of(CLERK).await, days("2026-11-23", "2026-11-29")).await.unwrap();
    assert_eq!(of(&own, CLERK).away.len(), 2);
}

async fn who_may_read_it_sees_types_and_what_is_not_decided(app: TestApp) {
    let world = app.world().await;
    let request = granted(&app, "2026-11-25").await;
    submit(&app.client_of(CLERK).await, asking("annual", "2026-11-27", "2026-11-27")).await;
    for person in [HEAD, OVERSEER, PRESIDENT, HR] {
        let query = TeamQuery { department: Some(world.civil), ..days("2026-11-23", "2026-11-29") };
        let team = look(&app.client_of(person).await, query).await.unwrap();
        let seen: Vec<_> = of(&team, CLERK).away.iter().flat_map(|away| &away.leave).collect();
        assert_eq!(seen.len(), 2, "{person}");
        assert_eq!((seen[0].request, seen[0].leave_type.as_str()), (request.id, "sick"), "{person}");
        assert_eq!((seen[0].granted, seen[1].granted), (true, false));
    }
}

async fn others_departments_need_a_role_that_covers_them(app: TestApp) {
    let World { court, basic, civil, .. } = app.world().await;
    let hidden = |code: Result<Team, Problem>| code.map(|_| ()).map_err(|problem| problem.code);
    let department = TeamQuery { department: Some(civil), ..TeamQuery::default() };
    for person in [OTHER_HEAD, BASIC_CLERK, BASIC_HEAD] {
        let client = app.client_of(person).await;
        assert_eq!(hidden(look(&client, department).await), Err(Code::NotFound), "{person}");
        let whole = TeamQuery { court: Some(court), ..TeamQuery::default() };
        assert_eq!(hidden(look(&client, whole).await), Err(Code::NotFound), "{person}");
    }
    let hr = app.client_of(HR).await;
    let whole = look(&hr, TeamQuery { court: Some(court), ..TeamQuery::default() }).await.unwrap();
    assert_eq!(whole.people.len(), 13);
    assert_eq!((whole.department, whole.court), (None, court));
    assert_eq!(whole.departments.len(), 4);
    assert_eq!(whole.courts.len(), 2, "his own court and the one below");
    assert!(look(&hr, TeamQuery { court: Some(basic), ..TeamQuery::default() }).await.is_ok());
    let unknown = TeamQuery { department: Some(Uuid::new_v4()), ..TeamQuery::default() };
    assert_eq!(hidden(look(&hr, unknown).await), Err(Code::NotFound));
    assert_eq!(hidden(look(&hr, days("2026-11-23", "2026-11-22")).await), Err(Code::InvertedSpan));
    assert_eq!(hidden(look(&hr, days("2026-11-23", "2027-02-24")).await), Err(Code::SpanTooLong));
    let both = TeamQuery { department: Some(civil), court: Some(court), ..TeamQuery::default() };
    assert_eq!(hidden(look(&hr, both).await), Err(Code::BadInput));
}

async fn an_early_return_ends_the_absence(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-24", "2026-11-25")).await;
    approve_all(&app, &request).await;
    app.clock.set(at("2026-11-25", 14, 0));
    let clerk = app.client_of(CLERK).await;
    let version = show(&clerk, request.id).await.version;
    let back = ReportReturn { version, back: half("2026-11-25", Half::Am), note: String::new() };
    clerk.post::<ReturnFromLeave>(app::api::ById { id: request.id }, back).await.unwrap();
    let team = look(&app.client_of(COLLEAGUE).await, days("2026-11-23", "2026-11-27")).await.unwrap();
    let away = &of(&team, CLERK).away;
    assert_eq!((away[0].from, away[0].to), (half("2026-11-24", Half::Am), half("2026-11-24", Half::Pm)));
}

/// It was once drawn by everybody's calendar, as if no court ever closed for a day.
async fn rest_days_are_those_of_the_court(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    for (date, works) in [("2026-11-25", false), ("2026-11-28", true)] {
        let word = NewCourtDay {
            id: Uuid::new_v4(),
            court_id: world.court,
            date: date.parse().unwrap(),
            half: None,
            works: Some(works),
            reason: "停电检修".to_owned(),
            inherited: false,
        };
        hr.send::<CreateCourtDay>(word).await.unwrap();
    }
    let rests = async |query: TeamQuery| {
        let team = look(&hr, query).await.unwrap();
        team.rest_days.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let week = days("2026-11-23", "2026-11-29");
    assert_eq!(rests(week).await, ["2026-11-25", "2026-11-29"]);
    assert_eq!(rests(TeamQuery { department: Some(world.civil), ..week }).await, ["2026-11-25", "2026-11-29"]);
    let below = rests(TeamQuery { court: Some(world.basic), ..week }).await;
    assert_eq!(below, ["2026-11-28", "2026-11-29"], "it said so for itself alone");
}

async fn leaders_are_told_at_home_who_is_away(app: TestApp) {
    app.world().await;
    granted(&app, "2026-11-25").await;
    let home = async |person: &str| app.client_of(person).await.get::<GetHome>(Empty {}).await.unwrap().away;
    assert_eq!(home(HEAD).await, Some(AwayToday::default()), "today everybody is at work");
    app.clock.set(at("2026-11-25", 9, 0));
    let away = Some(AwayToday { count: 1, names: vec!["周书记".to_owned()] });
    for person in [HEAD, OVERSEER, PRESIDENT, HR] {
        assert_eq!(home(person).await, away, "{person}");
    }
    assert_eq!(home(COLLEAGUE).await, None, "who may read nobody's leave is told nothing");
    assert_eq!(home(BASIC_HEAD).await, Some(AwayToday::default()), "nor is another court's head");
}

async fn a_court_of_five_hundred_takes_the_same_statements(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let three_months = TeamQuery { court: Some(world.court), ..days("2026-11-01", "2027-01-31") };
    granted(&app, "2026-11-25").await;
    let count = async || {
        let before = app.state.database.statements().get();
        let team = look(&hr, three_months).await.unwrap();
        (team.people.len(), app.state.database.statements().get() - before)
    };
    count().await;
    let (few, statements) = count().await;
    assert_eq!((few, statements), (13, 6), "departments, officers, requests, reports that wait, calendar, courts");
    for number in 210_000..210_487 {
        app.officer_in(world.court, world.criminal, &number.to_string(), "林书记员", "", Category::Clerk).await;
    }
    assert_eq!(count().await, (500, 6));
}
