//! Grants with windows: what ends first pays first, what HR gives and corrects, the turn of the year, the statement.

use app::api::ByOfficer;
use app::leave::api::{
    Balances, GetAccountOfficer, GetStatement, GrantLeave, GrantLeaveToOfficer, LeaveExemptionChange,
    ListAccountOfficers, ListTypeRules, SetLeaveExemption, SetTypeRules, StatementLine, StatementQuery, TypePath,
};
use app::leave::ledger::Kind;
use app::leave::types::CarryOver;
use app::org::api::ColleagueQuery;
use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use server::entity::officer;
use tests::world::{ADMIN, BASIC_HR, HR};

use super::*;

on_both!(
    what_lasts_into_the_next_year_is_brought_forward,
    what_hr_grants_pays_in_its_window_and_the_one_that_ends_first_pays_first,
    a_balance_is_put_right_and_says_why,
    a_wrong_entry_is_taken_back,
    what_is_taken_back_may_come_from_several_grants,
    nobody_changes_his_own_account,
    the_year_ends_once_on_however_many_nodes,
    a_balance_can_be_foreseen,
    the_far_future_is_not_foreseen,
    giving_leave_shows_that_type_only,
    hr_finds_whose_account_it_is_within_its_part_of_the_tree,
    a_lost_year_leaves_nothing_over,
    two_who_stand_in_for_each_other_ask_at_once,
    a_new_bracket_is_granted_with_its_month,
    of_fifty_submissions_as_many_succeed_as_the_balance_covers,
);

fn give(officer: &str, leave_type: &str, half_days: i64, window: Option<(&str, &str)>) -> GrantLeave {
    let day = |text: &str| text.parse::<Day>().unwrap();
    GrantLeave {
        id: Uuid::new_v4(),
        officer: officer.to_owned(),
        leave_type: leave_type.to_owned(),
        half_days,
        from: window.map(|(from, _)| day(from)),
        until: window.map(|(_, until)| day(until)),
        reason: "国庆值班".to_owned(),
    }
}

pub(super) async fn on(client: &Client, leave_type: &str, day: &str) -> Balance {
    let query = BalanceQuery { officer: None, on: Some(day.parse().unwrap()) };
    let found = client.call::<ListBalances>(Empty {}, query, Empty {}).await.unwrap();
    found.balances.into_iter().find(|balance| balance.leave_type == leave_type).unwrap()
}

pub(super) async fn statement(client: &Client, leave_type: &str, year: i32) -> Vec<StatementLine> {
    let query = StatementQuery { officer: None, leave_type: leave_type.to_owned(), year: Some(year) };
    client.call::<GetStatement>(Empty {}, query, Empty {}).await.unwrap().lines
}

async fn what_lasts_into_the_next_year_is_brought_forward(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", 6, Some(("2026-11-23", "2027-03-31")))).await.unwrap();
    submit(&clerk, asking("compensatory", "2026-11-30", "2026-11-30")).await;
    submit(&clerk, asking("compensatory", "2027-01-04", "2027-01-04")).await;
    let amounts = |lines: &[StatementLine]| lines.iter().map(|line| (line.half_days, line.after)).collect::<Vec<_>>();
    assert_eq!(amounts(&statement(&clerk, "compensatory", 2026).await), [(6, 6), (-2, 4)]);
    let next = statement(&clerk, "compensatory", 2027).await;
    assert_eq!(amounts(&next), [(4, 4), (-2, 2)]);
    assert_eq!(next[0].text, "上年登记的补休2天，仍在有效期内");
    // What is left of it ends in 2027, and is told there.
    app.clock.set(at("2027-04-01", 9, 0));
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let next = statement(&clerk, "compensatory", 2027).await;
    assert_eq!(amounts(&next), [(4, 4), (-2, 2), (-2, 0)]);
    assert_eq!(amounts(&statement(&clerk, "compensatory", 2026).await), [(6, 6), (-2, 4)]);
}

async fn what_hr_grants_pays_in_its_window_and_the_one_that_ends_first_pays_first(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let long = give(CLERK, "compensatory", 2, Some(("2026-11-23", "2027-03-31")));
    let short = give(CLERK, "compensatory", 2, Some(("2026-11-23", "2026-11-30")));
    for body in [&long, &short, &short] {
        hr.send::<GrantLeaveToOfficer>(body.clone()).await.unwrap();
    }
    let changed = GrantLeave { half_days: 8, ..short.clone() };
    assert_eq!(hr.send::<GrantLeaveToOfficer>(changed).await.unwrap_err().code, Code::IdReused);
    let expiring = on(&clerk, "compensatory", "2026-11-23").await;
    assert_eq!((expiring.available, expiring.expiring.unwrap().half_days), (Some(4), 2));
    assert_eq!(on(&clerk, "compensatory", "2026-12-01").await.available, Some(2), "the short one is over by then");
    let request = submit(&clerk, asking("compensatory", "2026-11-30", "2026-12-01")).await;
    assert_eq!(request.half_days, 4);
    assert_eq!(
        on(&clerk, "compensatory", "2026-12-01").await.available,
        Some(0),
        "the day after it drew on the long one"
    );
    let late = clerk.send::<SubmitLeave>(asking("compensatory", "2026-12-02", "2026-12-02")).await.unwrap_err();
    assert_eq!(late.code, Code::InsufficientBalance);
    for (client, body) in [
        (&app.client_of(BASIC_HR).await, give(CLERK, "compensatory", 2, None)),
        (&hr, give("999999", "compensatory", 2, None)),
    ] {
        assert_eq!(client.send::<GrantLeaveToOfficer>(body).await.unwrap_err().code, Code::NotFound);
    }
    for (body, field) in [
        (give(CLERK, "compensatory", 0, None), "half_days"),
        (give(CLERK, "compensatory", -2, None), "half_days"),
        (give(CLERK, "compensatory", 2, Some(("2026-11-01", "2026-11-22"))), "until"),
        (give(CLERK, "personal", 2, None), "leave_type"),
        (GrantLeave { reason: " ".to_owned(), ..give(CLERK, "compensatory", 2, None) }, "reason"),
    ] {
        assert_eq!(hr.send::<GrantLeaveToOfficer>(body).await.unwrap_err().field.as_deref(), Some(field));
    }
}

async fn a_balance_is_put_right_and_says_why(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let balances: Balances = hr.send::<GrantLeaveToOfficer>(give(CLERK, "annual", -3, None)).await.unwrap();
    assert_eq!(balances.balances[0].available, Some(17));
    let problem = hr.send::<GrantLeaveToOfficer>(give(CLERK, "annual", -18, None)).await.unwrap_err();
    assert_eq!((problem.code, problem.field.as_deref()), (Code::InsufficientBalance, Some("half_days")));
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    approve_all(&app, &request).await;
    let lines = statement(&clerk, "annual", 2026).await;
    let kinds: Vec<(Kind, i64, i64)> = lines.iter().map(|line| (line.kind, line.half_days, line.after)).collect();
    let expected = [
        (Kind::Grant, 20, 20),
        (Kind::Adjust, -3, 17),
        (Kind::Hold, -2, 15),
        (Kind::Release, 2, 17),
        (Kind::Commit, -2, 15),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(lines[1].text, "调减1.5天（国庆值班）");
    assert!(lines[4].text.contains(&request.number) && lines[4].request == Some(request.id));
    let colleague = app.client_of(COLLEAGUE).await;
    let query = StatementQuery { officer: Some(CLERK.to_owned()), leave_type: "annual".to_owned(), year: None };
    let foreign = colleague.call::<GetStatement>(Empty {}, query, Empty {}).await.unwrap_err();
    assert_eq!(foreign.code, Code::NotFound);
}

async fn a_wrong_entry_is_taken_back(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    for half_days in [2, 3] {
        hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", half_days, None)).await.unwrap();
        app.pass(1);
    }
    let back = give(CLERK, "compensatory", -4, None);
    for _ in 0..2 {
        hr.send::<GrantLeaveToOfficer>(back.clone()).await.unwrap();
    }
    assert_eq!(balance(&clerk, "compensatory").await.available, Some(1), "a repeat takes nothing more");
    let lines = statement(&clerk, "compensatory", 2026).await;
    let kinds: Vec<_> = lines.iter().map(|line| (line.kind, line.half_days)).collect();
    assert_eq!(kinds, [(Kind::Grant, 2), (Kind::Grant, 3), (Kind::Adjust, -3), (Kind::Adjust, -1)]);
    let more = hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", -2, None)).await.unwrap_err();
    assert_eq!((more.code, more.field.as_deref()), (Code::InsufficientBalance, Some("half_days")));
    assert!(more.detail.contains("只剩0.5天"), "{}", more.detail);
    // So is what was recorded for next year in place of this one.
    hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", 2, Some(("2027-11-21", "2027-12-31")))).await.unwrap();
    hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", -2, None)).await.unwrap();
    assert_eq!(on(&clerk, "compensatory", "2027-12-01").await.available, Some(0));
    assert_eq!(balance(&clerk, "compensatory").await.available, Some(1));
}

/// It once had to come from one grant, and the year of a repeat was not looked at.
async fn what_is_taken_back_may_come_from_several_grants(app: TestApp) {
    app.world().await;
    app.clock.set(at("2027-04-01", 9, 0));
    // Twenty years of work are complete on 15 March 2027: ten days from January, five more from April on.
    let started = time::Date::from_calendar_date(2007, time::Month::March, 15).unwrap();
    officer::Entity::update_many()
        .col_expr(officer::Column::StartedWorkOn, Expr::value(started))
        .filter(officer::Column::Number.eq(CLERK))
        .exec(app.state.database.write())
        .await
        .unwrap();
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let back = give(CLERK, "annual", -25, Some(("2027-04-01", "2027-12-31")));
    for _ in 0..2 {
        hr.send::<GrantLeaveToOfficer>(back.clone()).await.unwrap();
    }
    assert_eq!(balance(&clerk, "annual").await.available, Some(5));
    let next_year = GrantLeave { from: Some("2028-01-01".parse().unwrap()), ..back };
    assert_eq!(hr.send::<GrantLeaveToOfficer>(next_year).await.unwrap_err().code, Code::IdReused);
    let last_year = give(CLERK, "annual", 2, Some(("2026-12-31", "2026-12-31")));
    assert_eq!(hr.send::<GrantLeaveToOfficer>(last_year).await.unwrap_err().field.as_deref(), Some("from"));
    let query = BalanceQuery { officer: None, on: Some("2026-12-31".parse().unwrap()) };
    let past = clerk.call::<ListBalances>(Empty {}, query, Empty {}).await.unwrap_err();
    assert_eq!(past.field.as_deref(), Some("on"), "what was stands in the statement");
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn nobody_changes_his_own_account(app: TestApp) {
    app.world().await;
    let hr = app.client_of(HR).await;
    let own = hr.send::<GrantLeaveToOfficer>(give(HR, "compensatory", 2, None)).await.unwrap_err();
    assert_eq!(own.code, Code::NotAllowed);
    let own = hr.get::<GetAccountOfficer>(ByOfficer { officer: HR.to_owned() }).await.unwrap_err();
    assert_eq!(own.code, Code::NotAllowed);
    let said = LeaveExemptionChange {
        officer: HR.to_owned(),
        year: 2026,
        version: 0,
        exempt: true,
        reason: "已扣发工资".to_owned(),
    };
    assert_eq!(hr.send::<SetLeaveExemption>(said).await.unwrap_err().code, Code::NotAllowed);
    let above = app.client_of(ADMIN).await;
    above.send::<GrantLeaveToOfficer>(give(HR, "compensatory", 2, None)).await.unwrap();
}

/// Lets at most six half days of annual leave go over until the end of March.
pub(super) async fn let_go_over(app: &TestApp) {
    let admin = app.client_of(ADMIN).await;
    let all = admin.get::<ListTypeRules>(Empty {}).await.unwrap().items;
    let mut annual = all.into_iter().find(|item| item.rules.name == "annual").unwrap();
    annual.rules.carry_over = Some(CarryOver { half_days: 6, month: 3, day: 31 });
    admin.post::<SetTypeRules>(TypePath { name: "annual".to_owned() }, annual).await.unwrap();
}

async fn the_year_ends_once_on_however_many_nodes(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20, "the job has granted the year");
    submit(&clerk, asking("annual", "2026-12-30", "2026-12-30")).await;

    app.clock.set(at("2027-01-01", 0, 5));
    let nodes = (0..4).map(|_| server::leave::year::run_due(&app.state));
    for ran in join_all(nodes).await {
        ran.unwrap();
    }
    let clerk = app.client_of(CLERK).await;
    // Eighteen were left, two are held by what nobody has decided; six go over, the new year gives twenty.
    assert_eq!(balance(&clerk, "annual").await.available, Some(26));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 26);
    let of_2026 = statement(&clerk, "annual", 2026).await;
    assert_eq!((of_2026.last().unwrap().kind, of_2026.last().unwrap().half_days), (Kind::Expire, -18));
    let mut of_2027: Vec<i64> = statement(&clerk, "annual", 2027).await.iter().map(|line| line.half_days).collect();
    of_2027.sort_unstable();
    assert_eq!(of_2027, [6, 20]);

    // What the year before still held comes back to it when the leave is withdrawn, and ends with the next look.
    let open = clerk.call::<ListLeaveRequests>(Empty {}, LeaveQuery::default(), Empty {}).await.unwrap().items;
    clerk.post::<WithdrawLeave>(ById { id: open[0].id }, Withdraw { version: open[0].version }).await.unwrap();
    app.clock.set(at("2027-01-02", 0, 5));
    server::leave::year::run_due(&app.state).await.unwrap();
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 26, "the cap was reached before");

    app.clock.set(at("2027-04-01", 0, 5));
    server::leave::year::run_due(&app.state).await.unwrap();
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(20), "what went over has ended");
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20);
}

async fn a_balance_can_be_foreseen(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    assert_eq!(on(&clerk, "annual", "2026-12-31").await.available, Some(16));
    let early = on(&clerk, "annual", "2027-03-31").await;
    // What may go over is told, and cannot be asked for before it has.
    let goes_over = early.goes_over.unwrap();
    assert_eq!(
        (early.available, goes_over.half_days, goes_over.on.to_string()),
        (Some(20), 6, "2027-03-31".to_owned())
    );
    let late = on(&clerk, "annual", "2027-04-01").await;
    assert_eq!((late.available, late.goes_over), (Some(20), None));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 16, "looking ahead writes nothing");
}

/// Ten thousand years ahead used to be counted year by year.
async fn the_far_future_is_not_foreseen(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let query = BalanceQuery { officer: None, on: Some("9998-12-31".parse().unwrap()) };
    let problem = clerk.call::<ListBalances>(Empty {}, query, Empty {}).await.unwrap_err();
    assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("on")));
    let far = give(CLERK, "compensatory", 2, Some(("9998-01-01", "9998-12-31")));
    assert_eq!(hr.send::<GrantLeaveToOfficer>(far).await.unwrap_err().field.as_deref(), Some("from"));
    // The same id with another last day is another grant.
    let given = give(CLERK, "compensatory", 2, Some(("2026-11-23", "2026-12-31")));
    hr.send::<GrantLeaveToOfficer>(given.clone()).await.unwrap();
    let other = GrantLeave { until: Some("2027-01-31".parse().unwrap()), ..given };
    assert_eq!(hr.send::<GrantLeaveToOfficer>(other).await.unwrap_err().code, Code::IdReused);
}

/// Who may give leave and not read it learns nothing of other types.
async fn giving_leave_shows_that_type_only(app: TestApp) {
    app.world().await;
    let of = |balances: Balances| balances.balances.into_iter().map(|one| one.leave_type).collect::<Vec<_>>();
    let admin = app.client_of(ADMIN).await;
    let given = admin.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", 2, None)).await.unwrap();
    assert_eq!(of(given), ["compensatory"]);
    let hr = app.client_of(HR).await;
    let given = hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", 2, None)).await.unwrap();
    assert!(of(given).len() > 1);
}

async fn hr_finds_whose_account_it_is_within_its_part_of_the_tree(app: TestApp) {
    app.world().await;
    let (hr, basic) = (app.client_of(HR).await, app.client_of(BASIC_HR).await);
    let found = async |client: &Client, q: &str| {
        let query = ColleagueQuery { q: q.to_owned() };
        let found = client.call::<ListAccountOfficers>(Empty {}, query, Empty {}).await.unwrap();
        found.items.into_iter().map(|person| person.officer).collect::<Vec<_>>()
    };
    assert_eq!(found(&hr, "周书记").await, [CLERK]);
    assert!(found(&hr, "卫人事").await.is_empty(), "nobody finds himself");
    assert!(found(&basic, "周书记").await.is_empty() && found(&hr, " ").await.is_empty());
    let of = |number: &str| ByOfficer { officer: number.to_owned() };
    let shown = hr.get::<GetAccountOfficer>(of(CLERK)).await.unwrap();
    let lasting = |name: &str| shown.types.iter().find(|one| one.name == name).map(|one| one.lasts_days.is_some());
    assert_eq!((shown.name.as_str(), lasting("annual"), lasting("compensatory")), ("周书记", Some(false), Some(true)));
    assert_eq!(lasting("personal"), None, "it has no balance");
    for (client, number) in [(&basic, CLERK), (&hr, "999999")] {
        assert_eq!(client.get::<GetAccountOfficer>(of(number)).await.unwrap_err().code, Code::NotFound);
    }
    // What is given stands in the statement that HR reads as well.
    hr.send::<GrantLeaveToOfficer>(give(CLERK, "compensatory", 2, None)).await.unwrap();
    let query = StatementQuery { officer: Some(CLERK.to_owned()), leave_type: "compensatory".to_owned(), year: None };
    let read = hr.call::<GetStatement>(Empty {}, query.clone(), Empty {}).await.unwrap();
    assert!(read.lines[0].text.contains("国庆值班"), "{:?}", read.lines);
    assert_eq!(basic.call::<GetStatement>(Empty {}, query, Empty {}).await.unwrap_err().code, Code::NotFound);
}

/// Twenty days of 事假 cost the year's annual leave, and what was granted of it does not go over either.
async fn a_lost_year_leaves_nothing_over(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let away = submit(&clerk, asking("personal", "2026-11-24", "2026-12-21")).await;
    approve_all(&app, &away).await;
    app.clock.set(at("2027-01-01", 0, 5));
    server::leave::year::run_due(&app.state).await.unwrap();
    assert_eq!(balance(&app.client_of(CLERK).await, "annual").await.available, Some(20), "the new year's alone");
}

/// Each asks the other to stand in, both at once: neither waits for the other's row.
async fn two_who_stand_in_for_each_other_ask_at_once(app: TestApp) {
    app.world().await;
    let (one, other) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    for week in 0..5 {
        let day = "2026-12-07".parse::<Day>().unwrap().plus(7 * week).to_string();
        let ask = |stand_in: &str| Submit { stand_in: Some(stand_in.to_owned()), ..asking("personal", &day, &day) };
        let (first, second) =
            tokio::join!(one.send::<SubmitLeave>(ask(COLLEAGUE)), other.send::<SubmitLeave>(ask(CLERK)));
        assert_eq!((first.unwrap().status, second.unwrap().status), (Status::InApproval, Status::InApproval));
    }
}

async fn a_new_bracket_is_granted_with_its_month(app: TestApp) {
    app.world().await;
    // Twenty years of work are complete on 1 July 2030; the new number is due from August on.
    let of_year = async |day: &str| {
        app.clock.set(at(day, 1, 0));
        server::leave::year::run_due(&app.state).await.unwrap();
        let year = day[..4].parse().unwrap();
        statement(&app.client_of(CLERK).await, "annual", year).await.iter().map(|line| line.half_days).sum::<i64>()
    };
    assert_eq!(of_year("2030-07-31").await, 20);
    assert_eq!(of_year("2030-08-01").await, 30);
    assert_eq!(of_year("2030-08-02").await, 30);
}

async fn of_fifty_submissions_as_many_succeed_as_the_balance_covers(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    // Three grants of different windows, seven half days together, all open in December.
    for (half_days, until) in [(3, "2026-12-31"), (2, "2027-01-31"), (2, "2027-06-30")] {
        let body = give(CLERK, "compensatory", half_days, Some(("2026-11-23", until)));
        hr.send::<GrantLeaveToOfficer>(body).await.unwrap();
    }
    let days = (0..50).map(|n| {
        let day = "2026-12-01".parse::<Day>().unwrap().plus(n / 2).to_string();
        let at = half(&day, if n % 2 == 0 { Half::Am } else { Half::Pm });
        let body = Submit { from: at, to: at, ..asking("compensatory", &day, &day) };
        clerk.send::<SubmitLeave>(body)
    });
    let answers = join_all(days).await;
    let succeeded = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(succeeded, 7);
    for problem in answers.into_iter().filter_map(Result::err) {
        assert!(matches!(problem.code, Code::InsufficientBalance | Code::NothingCounts), "{problem:?}");
    }
    assert_eq!(ledger_sum(&app, CLERK, "compensatory").await, 0);
}
