//! What a year gives and what costs it: lost years and HR's word on them, brackets asked for ahead, what goes over, the
//! settings that limit it.

use std::collections::BTreeSet;

use app::calendar::rules::WorkCalendar;
use app::leave::api::{
    LeaveExemption, LeaveExemptionChange, ListLostYears, LostYears, LostYearsQuery, PreviewResult, SetLeaveExemption,
};
use app::leave::entitlement::ContractRule;
use app::leave::ledger::Kind;
use app::leave::types::Limit;
use app::org::rules::Category;
use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use server::audit::Actor;
use server::entity::{audit_entry, leave_grant, leave_slot, officer};
use tests::world::{ADMIN, BASIC_HR, HR};

use super::figures::statistics;
use super::grants::{let_go_over, on, statement};
use super::types::{rules_of, set};
use super::*;

on_both!(
    a_year_lost_because_of_the_year_before_names_it,
    what_went_over_is_taken_in_a_lost_year_and_costs_no_other,
    hr_exempts_a_year_whose_wages_were_deducted,
    a_year_exempted_after_its_end_lets_its_rest_go_over,
    what_a_lost_year_had_granted_is_shown_as_lost,
    who_decides_reads_what_a_lost_year_leaves,
    a_bracket_is_asked_for_ahead_and_pays_from_its_month_on,
    what_the_forecast_promises_can_be_asked_for,
    what_goes_over_pays_for_what_was_asked_for_before,
    what_is_done_in_the_night_of_new_year_ends_in_sound_books,
    annual_leave_across_new_year_draws_on_both_years,
    the_limit_of_a_year_counts_what_was_taken_and_asked_for,
    contract_staff_get_what_the_setting_says,
);

/// Twenty workdays of 事假 in 2026, approved: they cost the annual leave of the year.
async fn away_for_twenty_days(app: &TestApp) {
    let away = submit(&app.client_of(CLERK).await, asking("personal", "2026-11-24", "2026-12-21")).await;
    approve_all(app, &away).await;
}

async fn refusal(client: &Client, body: Submit) -> Problem {
    client.send::<SubmitLeave>(body).await.unwrap_err()
}

async fn run_job(app: &TestApp, day: &str) {
    app.clock.set(at(day, 0, 5));
    server::leave::year::run_due(&app.state).await.unwrap();
}

async fn a_year_lost_because_of_the_year_before_names_it(app: TestApp) {
    app.world().await;
    let taken = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-23", "2026-11-23")).await;
    approve_all(&app, &taken).await;
    away_for_twenty_days(&app).await;
    app.clock.set(at("2027-02-01", 9, 0));
    let clerk = app.client_of(CLERK).await;
    let problem = refusal(&clerk, asking("annual", "2027-03-01", "2027-03-01")).await;
    assert_eq!(problem.code, Code::NotEntitled);
    assert!(problem.detail.starts_with("2026年已休年休假，且累计事假已达20天"), "{}", problem.detail);
    assert!(problem.detail.contains("不享受2027年年休假"), "{}", problem.detail);
    assert_eq!(on(&clerk, "annual", "2028-03-01").await.available, Some(20), "the year after is not touched");
}

async fn what_went_over_is_taken_in_a_lost_year_and_costs_no_other(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    run_job(&app, "2027-01-01").await;
    // Twenty workdays of 事假 cost 2027; six half days of 2026 are still there.
    let away = submit(&app.client_of(CLERK).await, asking("personal", "2027-01-04", "2027-01-29")).await;
    approve_all(&app, &away).await;
    app.clock.set(at("2027-03-01", 9, 0));
    let clerk = app.client_of(CLERK).await;
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.available, left.expiring.unwrap().half_days), (Some(6), 6));
    assert_eq!(left.lost.unwrap().half_days, 20);
    let too_much = refusal(&clerk, asking("annual", "2027-03-15", "2027-03-18")).await;
    assert_eq!(too_much.code, Code::NotEntitled);
    let taken = submit(&clerk, asking("annual", "2027-03-15", "2027-03-17")).await;
    approve_all(&app, &taken).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(0));
    assert_eq!(on(&clerk, "annual", "2028-03-01").await.available, Some(20), "nothing of 2027's own was taken");
}

async fn say(client: &Client, version: i64, exempt: bool, reason: &str) -> Result<LeaveExemption, Problem> {
    let (officer, reason) = (CLERK.to_owned(), reason.to_owned());
    client.send::<SetLeaveExemption>(LeaveExemptionChange { officer, year: 2026, version, exempt, reason }).await
}

async fn lost_years(client: &Client) -> LostYears {
    let query = LostYearsQuery { officer: Some(CLERK.to_owned()) };
    client.call::<ListLostYears>(Empty {}, query, Empty {}).await.unwrap()
}

async fn hr_exempts_a_year_whose_wages_were_deducted(app: TestApp) {
    app.world().await;
    let taken = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-23", "2026-11-23")).await;
    approve_all(&app, &taken).await;
    away_for_twenty_days(&app).await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    assert_eq!(refusal(&clerk, asking("annual", "2026-12-28", "2026-12-28")).await.code, Code::NotEntitled);
    let lost = lost_years(&hr).await;
    let seen: Vec<_> = lost.items.iter().map(|item| (item.year, item.because_of, item.exempt)).collect();
    assert_eq!((seen.as_slice(), lost.exemptions.len()), ([(2026, 2026, false), (2027, 2026, false)].as_slice(), 0));
    assert_eq!((lost.items[0].absence.as_str(), lost.items[0].half_days), ("personal", 40));

    assert_eq!(say(&hr, 0, true, " ").await.unwrap_err().field.as_deref(), Some("reason"));
    assert_eq!(say(&hr, 0, false, "无").await.unwrap_err().field.as_deref(), Some("exempt"));
    assert_eq!(say(&app.client_of(BASIC_HR).await, 0, true, "已扣发工资").await.unwrap_err().code, Code::NotFound);
    let said = say(&hr, 0, true, "已扣发工资").await.unwrap();
    assert_eq!((said.version, said.by.as_str(), said.at), (1, app.officer(HR).await.name.as_str(), app.now()));
    assert_eq!(say(&hr, 0, true, "已扣发工资").await.unwrap(), said, "a repeat answers the same");
    let stale = say(&app.client_of(ADMIN).await, 0, true, "别的原因").await.unwrap_err();
    assert_eq!(stale.code, Code::StaleVersion);
    assert_eq!(serde_json::from_value::<LeaveExemption>(stale.current.unwrap()).unwrap(), said);
    let lost = lost_years(&clerk).await;
    assert!(lost.items.len() == 2 && lost.items.iter().all(|item| item.exempt), "{lost:?}");
    assert_eq!(lost.exemptions, [said]);
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.available, left.lost), (Some(18), None));
    submit(&clerk, asking("annual", "2026-12-28", "2026-12-28")).await;
    assert_eq!(on(&clerk, "annual", "2027-03-01").await.available, Some(20), "nor does it cost the next year");

    let back = say(&hr, 1, false, "核对后未扣工资").await.unwrap();
    assert_eq!((back.version, back.exempt), (2, false));
    assert_eq!(refusal(&clerk, asking("annual", "2026-12-30", "2026-12-30")).await.code, Code::NotEntitled);
    let trail = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("leave.exempt"));
    assert_eq!(trail.all(app.state.database.read()).await.unwrap().len(), 2, "one for each change");
}

/// It once only said so, and what had expired with the lost year stayed lost.
async fn a_year_exempted_after_its_end_lets_its_rest_go_over(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    away_for_twenty_days(&app).await;
    run_job(&app, "2027-01-01").await;
    app.clock.set(at("2027-02-01", 9, 0));
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    assert_eq!(balance(&clerk, "annual").await.available, Some(20), "nothing of a lost year goes over");
    say(&hr, 0, true, "年底核对，已扣发工资").await.unwrap();
    let left = balance(&clerk, "annual").await;
    let expiring = left.expiring.map(|part| (part.half_days, part.on.to_string()));
    assert_eq!((left.available, expiring), (Some(26), Some((6, "2027-03-31".to_owned()))));
    run_job(&app, "2027-02-02").await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(26), "once");

    // Taken back, it leaves what was taken of it meanwhile; said again, it gives the rest.
    submit(&clerk, asking("annual", "2027-02-08", "2027-02-08")).await;
    let hr = app.client_of(HR).await;
    let unused = async || statistics(&hr, 2026).await.by_unit.iter().map(|unit| unit.unused).sum::<i64>();
    let before = unused().await;
    for (version, exempt, left) in [(1, false, 20), (2, true, 24), (3, false, 20)] {
        app.pass(1);
        say(&hr, version, exempt, "再次核对").await.unwrap();
        assert_eq!(balance(&clerk, "annual").await.available, Some(left), "{version}");
    }
    assert_eq!(unused().await, before, "what HR takes back nobody took");
    let line = statement(&clerk, "annual", 2027).await.pop().unwrap();
    assert_eq!((line.kind, line.half_days, line.after), (Kind::Adjust, -4, 20));
    assert_eq!(line.text, "调减2天（取消免除：再次核对）");
    run_job(&app, "2027-02-03").await;
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn what_a_lost_year_had_granted_is_shown_as_lost(app: TestApp) {
    app.world().await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(20));
    away_for_twenty_days(&app).await;
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.half_days, left.available, left.expiring), (Some(0), Some(0), None));
    let lost = left.lost.unwrap();
    assert!(lost.half_days == 20 && lost.text.starts_with("2026年累计事假已达20天"), "{lost:?}");
    let lines = statement(&clerk, "annual", 2026).await;
    let amounts: Vec<_> = lines.iter().map(|line| (line.kind, line.half_days, line.after)).collect();
    assert_eq!(amounts, [(Kind::Grant, 20, 20), (Kind::Expire, -20, 0)]);
    assert_eq!(lines[1].text, format!("{}，未休的10天不能再休", lost.text));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20, "no entry is made of it, since it may turn out otherwise");
    let next = on(&clerk, "annual", "2027-03-01").await;
    assert_eq!((next.available, next.lost), (Some(20), None), "nothing of 2026 was taken");
}

/// The card once told the approver of seven days that the officer had lost meanwhile.
async fn who_decides_reads_what_a_lost_year_leaves(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let asked = submit(&clerk, asking("annual", "2026-12-28", "2026-12-30")).await;
    let left = async || {
        let tasks = inbox(&app.client_of(HEAD).await).await.tasks;
        let task = tasks.into_iter().find(|task| task.subject.subject_id == asked.id).expect("he decides first");
        (task.available_after, balance(&app.client_of(CLERK).await, "annual").await.available)
    };
    assert_eq!(left().await, (Some(14), Some(14)));
    let away = submit(&clerk, asking("personal", "2026-11-24", "2026-12-21")).await;
    for step in &away.chain {
        let approver = app.client_of(step.officer.as_deref().unwrap()).await;
        assert_eq!(left().await, (Some(14), Some(14)), "nothing is approved");
        let tasks = inbox(&approver).await.tasks;
        let task = tasks.into_iter().find(|task| task.subject.subject_id == away.id).unwrap();
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }
    assert_eq!(left().await, (Some(0), Some(0)));
    say(&hr, 0, true, "已扣发工资").await.unwrap();
    assert_eq!(left().await, (Some(14), Some(14)), "HR exempts the year");
}

async fn started_work_on(app: &TestApp, number: &str, day: &str) {
    officer::Entity::update_many()
        .col_expr(officer::Column::StartedWorkOn, Expr::value(day.parse::<Day>().unwrap().date()))
        .filter(officer::Column::Number.eq(number))
        .exec(app.state.database.write())
        .await
        .unwrap();
}

/// A request of so many half days on workdays from a day on.
fn asking_so_much(first: &str, half_days: i64) -> Submit {
    let calendar = WorkCalendar::builtin();
    let mut to = half(first, Half::Am);
    let mut left = half_days - i64::from(calendar.works(to));
    while left > 0 {
        to = to.next();
        left -= i64::from(calendar.works(to));
    }
    Submit { to, ..asking("annual", first, first) }
}

async fn previewed(client: &Client, body: &Submit) -> (PreviewResult, Vec<String>) {
    let found = client.send::<PreviewLeave>(previewing(body)).await.unwrap();
    let blocking = found.warnings.iter().filter(|warning| warning.blocking).map(|warning| warning.code.clone());
    let blocking = blocking.collect();
    (found, blocking)
}

async fn a_bracket_is_asked_for_ahead_and_pays_from_its_month_on(app: TestApp) {
    app.world().await;
    // Twenty years of work are complete on 15 March 2027; the new number is due from April on.
    started_work_on(&app, CLERK, "2007-03-15").await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(on(&clerk, "annual", "2027-03-31").await.available, Some(20));
    assert_eq!(on(&clerk, "annual", "2027-04-01").await.available, Some(30));
    let early = refusal(&clerk, asking_so_much("2027-02-22", 21)).await;
    assert_eq!(early.code, Code::InsufficientBalance);
    // In November for April: six days, the bracket's five first.
    let april = submit(&clerk, asking_so_much("2027-04-12", 12)).await;
    assert_eq!(april.half_days, 12);
    let grants = leave_grant::Entity::find().all(app.state.database.read()).await.unwrap();
    let bracket = grants.iter().find(|grant| grant.source == "bracket").unwrap();
    assert_eq!((bracket.year, bracket.valid_from.to_string()), (2027, "2027-04-01".to_owned()));
    assert_eq!(on(&clerk, "annual", "2027-03-31").await.available, Some(18), "March keeps what April did not need");
    assert_eq!(on(&clerk, "annual", "2027-04-01").await.available, Some(18));
    submit(&clerk, asking_so_much("2027-02-22", 18)).await;
    let more = refusal(&clerk, asking_so_much("2027-03-22", 1)).await;
    assert_eq!(more.code, Code::InsufficientBalance);
    // The month comes, and the job finds nothing more to grant.
    run_job(&app, "2027-04-01").await;
    let clerk = app.client_of(CLERK).await;
    let lines = statement(&clerk, "annual", 2027).await;
    let granted: Vec<_> = lines.iter().filter(|line| line.kind == Kind::Grant).collect();
    assert_eq!(granted.iter().map(|line| line.half_days).collect::<BTreeSet<_>>(), BTreeSet::from([10, 20]));
    assert!(granted.iter().any(|line| line.text == "工龄满年限，自4月1日起增加2027年度年休假5天"), "{granted:?}");
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn what_the_forecast_promises_can_be_asked_for(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    started_work_on(&app, CLERK, "2007-03-15").await;
    let promises = async |days: &[(&str, i64)]| {
        let clerk = app.client_of(CLERK).await;
        for (day, expected) in days {
            let promised = on(&clerk, "annual", day).await.available.unwrap();
            assert_eq!(promised, *expected, "{day}");
            let (found, blocking) = previewed(&clerk, &asking_so_much(day, promised)).await;
            assert_eq!((found.available_after, blocking.as_slice()), (Some(0), [].as_slice()), "{day}");
            let (_, blocking) = previewed(&clerk, &asking_so_much(day, promised + 1)).await;
            assert!(blocking.contains(&"insufficient_balance".to_owned()), "{day}: {blocking:?}");
        }
    };
    // In November, for this year, for the next one before and after the new bracket, and while the rest may go over.
    promises(&[("2026-11-30", 20), ("2026-12-14", 20), ("2027-01-11", 20), ("2027-04-12", 30), ("2027-10-11", 30)])
        .await;
    // What has been taken since is promised to nobody.
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking_so_much("2026-12-01", 4)).await;
    submit(&clerk, asking_so_much("2027-04-05", 3)).await;
    promises(&[("2026-12-14", 16), ("2027-01-11", 20), ("2027-04-19", 27)]).await;
    run_job(&app, "2027-01-01").await;
    promises(&[("2027-01-11", 26), ("2027-04-19", 27)]).await;
}

/// It once drew on the new year, and what went over expired beside it.
async fn what_goes_over_pays_for_what_was_asked_for_before(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let february = submit(&clerk, asking("annual", "2027-02-22", "2027-02-23")).await;
    approve_all(&app, &february).await;
    let january = submit(&clerk, asking("annual", "2027-01-05", "2027-01-05")).await;
    let april = submit(&clerk, asking("annual", "2027-04-12", "2027-04-12")).await;
    assert_eq!(on(&clerk, "annual", "2027-01-05").await.available, Some(12));

    app.clock.set(at("2027-01-01", 0, 5));
    let nodes = (0..4).map(|_| server::leave::year::run_due(&app.state));
    for ran in join_all(nodes).await {
        ran.unwrap();
    }
    let clerk = app.client_of(CLERK).await;
    let left = balance(&clerk, "annual").await;
    // Six went over and pay for January and February; April draws on the new year.
    assert_eq!((left.available, left.held, left.used), (Some(18), 4, 4));
    assert_eq!(left.expiring.map(|part| (part.half_days, part.on.to_string())), Some((18, "2027-12-31".to_owned())));
    let grants = leave_grant::Entity::find().all(app.state.database.read()).await.unwrap();
    let slots = leave_slot::Entity::find().filter(leave_slot::Column::Counts.eq(true));
    let slots = slots.all(app.state.database.read()).await.unwrap();
    let paid_by = |id: Uuid| {
        let of = slots.iter().filter(move |slot| slot.request_id == id);
        let source = |slot: &leave_slot::Model| grants.iter().find(|grant| Some(grant.id) == slot.grant_id).unwrap();
        of.map(|slot| source(slot).source.clone()).collect::<BTreeSet<_>>()
    };
    let only = |source: &str| BTreeSet::from([source.to_owned()]);
    assert_eq!(
        [january.id, february.id, april.id].map(paid_by),
        [only("carry_over"), only("carry_over"), only("year")]
    );
    let lines = statement(&clerk, "annual", 2027).await;
    assert!(lines.iter().any(|line| line.text.ends_with("（改由上年结转的天数支付），使用2天")), "{lines:?}");
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());

    // What is withdrawn comes back to what went over, and is there for whoever asks next.
    let seen = show(&clerk, january.id).await;
    clerk.post::<WithdrawLeave>(ById { id: january.id }, Withdraw { version: seen.version }).await.unwrap();
    let expiring = balance(&clerk, "annual").await.expiring.unwrap();
    assert_eq!((expiring.half_days, expiring.on.to_string()), (2, "2027-03-31".to_owned()));
    run_job(&app, "2027-01-02").await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.expiring, Some(expiring), "nothing else is within its life");
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20);
}

/// Two nodes end the year and draw again, while what they draw for is withdrawn, approved and given back.
async fn what_is_done_in_the_night_of_new_year_ends_in_sound_books(app: TestApp) {
    app.world().await;
    let_go_over(&app).await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    // Wednesday to Tuesday: two days of each year.
    let across = submit(&clerk, asking("annual", "2026-12-30", "2027-01-05")).await;
    approve_all(&app, &across).await;
    let january = submit(&clerk, asking("annual", "2027-01-12", "2027-01-12")).await;
    let february = submit(&clerk, asking("annual", "2027-02-22", "2027-02-22")).await;

    app.clock.set(at("2027-01-01", 0, 5));
    let (other, clerk, head) = (app.replica().await, app.client_of(CLERK).await, app.client_of(HEAD).await);
    let tasks = inbox(&head).await.tasks;
    let task = tasks.into_iter().find(|task| task.subject.subject_id == february.id).unwrap();
    let withdrawal = Withdraw { version: show(&clerk, january.id).await.version };
    let version = show(&clerk, across.id).await.version;
    let back = ReportReturn { version, back: half("2027-01-01", Half::Am), note: String::new() };
    let (one, two, withdrawn, approved, returned) = tokio::join!(
        server::leave::year::run_due(&app.state),
        server::leave::year::run_due(&other.state),
        clerk.post::<WithdrawLeave>(ById { id: january.id }, withdrawal),
        decide(&head, &task, TaskAction::Approve),
        clerk.post::<ReturnFromLeave>(ById { id: across.id }, back),
    );
    one.and(two).unwrap();
    assert_eq!(withdrawn.unwrap().status, Status::Withdrawn);
    approved.unwrap();
    assert_eq!(returned.unwrap().outcome, Some(Outcome::Early));
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());

    // In whatever order it was: six half days went over, and the next look finds what still stands beside them.
    run_job(&app, "2027-01-02").await;
    let clerk = app.client_of(CLERK).await;
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.available, left.held, left.used), (Some(24), 0, 2));
    assert_eq!(left.expiring.map(|part| (part.half_days, part.on.to_string())), Some((4, "2027-03-31".to_owned())));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 24);
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn annual_leave_across_new_year_draws_on_both_years(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Wednesday to Tuesday: two days of 2026, and after New Year two of 2027.
    let request = submit(&clerk, asking("annual", "2026-12-30", "2027-01-05")).await;
    assert_eq!(request.half_days, 8);
    assert_eq!(balance(&clerk, "annual").await.available, Some(16));
    assert_eq!(on(&clerk, "annual", "2027-01-05").await.available, Some(16));
    approve_all(&app, &request).await;
    let rows = leave_entry::Entity::find().filter(leave_entry::Column::RequestId.eq(request.id));
    let rows = rows.all(app.state.database.read()).await.unwrap();
    let grants = leave_grant::Entity::find().all(app.state.database.read()).await.unwrap();
    let year_of = |row: &leave_entry::Model| grants.iter().find(|grant| Some(grant.id) == row.grant_id).unwrap().year;
    assert!(rows.iter().all(|row| year_of(row) == row.year), "each year pays for its own days");
    let mut committed: Vec<_> = rows.iter().filter(|row| row.kind == "commit").collect();
    committed.sort_by_key(|row| row.year);
    assert_eq!(committed.iter().map(|row| (row.year, row.half_days)).collect::<Vec<_>>(), [(2026, -4), (2027, -4)]);

    // He is back a day early: it comes back to the year that paid for it.
    app.clock.set(at("2027-01-05", 8, 40));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, request.id).await;
    let back = ReportReturn { version: seen.version, back: half("2027-01-05", Half::Am), note: String::new() };
    clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    let returned = show(&clerk, request.id).await;
    assert_eq!(returned.outcome, Some(Outcome::Early));
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn the_limit_of_a_year_counts_what_was_taken_and_asked_for(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let mut personal = rules_of(&admin, "personal").await;
    personal.rules.year_limit = Some(Limit { half_days: 6, blocking: true });
    let saved = set(&admin, &personal).await.unwrap();
    let taken = submit(&clerk, asking("personal", "2026-11-24", "2026-11-24")).await;
    approve_all(&app, &taken).await;
    submit(&clerk, asking("personal", "2026-11-30", "2026-11-30")).await;
    let over = refusal(&clerk, asking("personal", "2026-12-07", "2026-12-08")).await;
    assert_eq!((over.code, over.field.as_deref()), (Code::OverLimit, Some("to")));
    assert!(over.detail.contains("一年一般不超过3天，2026年已请2天，本次为2天"), "{}", over.detail);
    submit(&clerk, asking("personal", "2027-01-11", "2027-01-13")).await;
    submit(&clerk, asking("personal", "2026-12-07", "2026-12-07")).await;
    // A limit that only warns leaves it to the approver.
    let mut usual = saved;
    usual.rules.year_limit = Some(Limit { half_days: 6, blocking: false });
    set(&admin, &usual).await.unwrap();
    let body = asking("personal", "2026-12-14", "2026-12-14");
    let (found, blocking) = previewed(&clerk, &body).await;
    assert!(blocking.is_empty() && found.warnings.iter().any(|warning| warning.code == "over_limit"), "{found:?}");
    submit(&clerk, body).await;
}

async fn contract_staff_get_what_the_setting_says(app: TestApp) {
    let world = app.world().await;
    const CONTRACT: &str = "210001";
    app.officer_in(world.court, world.civil, CONTRACT, "钱聘用", "", Category::Contract).await;
    app.give_accounts().await;
    let left = async || balance(&app.client_of(CONTRACT).await, "annual").await.available;
    let setting = async |rule: ContractRule| {
        let (database, actor) = (&app.state.database, Actor::command_line());
        server::leave::settings::set_contract_staff(database, &app.clock, &actor, rule).await.unwrap();
    };
    assert_eq!(left().await, Some(20), "by years of service until somebody says otherwise");
    setting(ContractRule::None).await;
    assert_eq!(left().await, Some(0));
    let staff = app.client_of(CONTRACT).await;
    assert_eq!(refusal(&staff, asking("annual", "2026-11-25", "2026-11-25")).await.code, Code::InsufficientBalance);
    setting("7.5".parse().unwrap()).await;
    assert_eq!(left().await, Some(15));
    submit(&staff, asking("annual", "2026-11-25", "2026-11-25")).await;
    assert_eq!(ledger_sum(&app, CONTRACT, "annual").await, 13, "granted from the setting");
    // What was granted stays granted; a setting that gives more adds the difference.
    setting(ContractRule::Fixed(10)).await;
    assert_eq!(left().await, Some(13));
    setting(ContractRule::Same).await;
    assert_eq!(left().await, Some(18));
    assert_eq!(balance(&app.client_of(CLERK).await, "annual").await.available, Some(20), "others as ever");
}
