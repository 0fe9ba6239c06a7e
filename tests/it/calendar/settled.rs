//! What counting anew asked for and the balance did not cover: it is taken as soon as somebody gives it, once.

use app::api::ById;
use app::calendar::api::CreateCourtDay;
use app::day::Half;
use app::leave::api::{
    Confirmation, GrantLeave, GrantLeaveToOfficer, LeaveSettings, LeaveSettingsChange, ReportReturn, ReturnFromLeave,
    SetLeaveSettings, Withdraw, WithdrawLeave,
};
use app::leave::rules::Status;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::entity::{leave_entry, leave_recount};
use tests::world::{ADMIN, CLERK, COLLEAGUE, DIRECTOR, HEAD, HR};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use super::{approved, change, closing, counts, told};
use crate::leave::{asking, balance, half, ledger_sum, show, submit};

on_both!(
    what_hr_grants_settles_what_was_asked,
    a_grant_settles_leave_whose_day_is_over,
    another_courts_word_before_the_day_forgives_nothing,
    another_courts_word_after_the_day_forgives_nothing,
    another_courts_word_after_the_leave_forgives_nothing,
    another_courts_word_while_a_return_waits_forgives_nothing,
    the_look_of_each_day_settles_what_came_back,
    two_grants_and_a_new_calendar_at_once_settle_once,
);

/// What HR grants of a year's annual leave.
fn more(half_days: i64) -> GrantLeave {
    GrantLeave {
        id: Uuid::new_v4(),
        officer: CLERK.to_owned(),
        leave_type: "annual".to_owned(),
        half_days,
        from: None,
        until: None,
        reason: "按新日历补足".to_owned(),
    }
}

async fn grant(hr: &Client, body: &GrantLeave) {
    hr.send::<GrantLeaveToOfficer>(body.clone()).await.unwrap();
}

/// How many rows there are of what counting anew writes: entries of the officer's ledger, and what was counted.
async fn rows(app: &TestApp) -> (u64, u64) {
    let connection = app.state.database.read();
    let his = leave_entry::Column::OfficerId.eq(app.officer(CLERK).await.id);
    let entries = leave_entry::Entity::find().filter(his).count(connection).await.unwrap();
    (entries, leave_recount::Entity::find().count(connection).await.unwrap())
}

/// Every job of two servers at once, and again.
async fn run_jobs(app: &TestApp) {
    let other = app.replica().await;
    for _ in 0..2 {
        let (one, two) =
            tokio::join!(server::leave::year::run_due(&app.state), server::leave::year::run_due(&other.state));
        one.and(two).unwrap();
        let (one, two) =
            tokio::join!(server::leave::recount::run_due(&app.state), server::leave::recount::run_due(&other.state));
        one.and(two).unwrap();
    }
}

async fn what_hr_grants_settles_what_was_asked(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-12-08")).await;
    // Saturday 5 December becomes a workday; the year's ten days are held already.
    change(&app, &[("2026-12-05", false)]).await;
    let asked = show(&clerk, request.id).await;
    assert_eq!(counts(asked.recounted), (20, 20, 2));

    grant(&hr, &more(1)).await;
    let short = show(&clerk, request.id).await;
    assert_eq!((short.version, counts(short.recounted)), (asked.version, (20, 20, 2)), "all of it or nothing");
    assert_eq!(balance(&clerk, "annual").await.available, Some(1));

    let rest = more(1);
    grant(&hr, &rest).await;
    let settled = show(&clerk, request.id).await;
    assert_eq!((settled.half_days, counts(settled.recounted)), (22, (20, 22, 0)), "nothing is asked any more");
    assert!(settled.version > asked.version, "who decides sees what it counts now");
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.available), (22, Some(0)));
    for (number, times) in [(CLERK, 2), (HEAD, 2), (HR, 1), (DIRECTOR, 1), (COLLEAGUE, 0)] {
        assert_eq!(told(&app, number).await, times, "{number}");
    }

    // Neither the same grant again nor any job finds anything more to take.
    let before = rows(&app).await;
    grant(&hr, &rest).await;
    run_jobs(&app).await;
    assert_eq!(rows(&app).await, before);
    assert_eq!(told(&app, CLERK).await, 2);
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 0);
    let withdrawn = Withdraw { version: settled.version };
    clerk.post::<WithdrawLeave>(ById { id: request.id }, withdrawn).await.unwrap();
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 22, "all of it comes back");
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn a_grant_settles_leave_whose_day_is_over(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    grant(&hr, &more(-16)).await;
    // Thursday to Sunday takes all that is left.
    let request = approved(&app, submit(&clerk, asking("annual", "2026-12-03", "2026-12-06")).await).await;
    change(&app, &[("2026-12-05", false)]).await;
    assert_eq!(counts(show(&clerk, request.id).await.recounted), (4, 4, 2));
    app.clock.set(at("2026-12-08", 9, 0));
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    grant(&hr, &more(3)).await;
    let settled = show(&clerk, request.id).await;
    assert_eq!((settled.status, settled.half_days), (Status::AwaitingReturn, 6));
    assert_eq!(counts(settled.recounted), (4, 6, 0), "it was asked for in time");
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.used, left.available), (0, 6, Some(1)));
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

/// A day of approved leave is asked for and not covered, another court says something of a day of its own, and HR gives
/// what was short: the clock at the last two.
async fn a_word_of_another_court(app: TestApp, said_on: &str, given_on: &str) {
    let world = app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    grant(&hr, &more(-14)).await;
    // Thursday to Monday takes all that is left.
    let request = approved(&app, submit(&clerk, asking("annual", "2026-12-03", "2026-12-07")).await).await;
    change(&app, &[("2026-12-05", false)]).await;
    let asked = show(&clerk, request.id).await;
    assert_eq!(counts(asked.recounted), (6, 6, 2));

    app.clock.set(at(said_on, 9, 0));
    let admin = app.client_of(ADMIN).await;
    admin.send::<CreateCourtDay>(closing(world.foreign, "2026-12-16", false)).await.unwrap();
    server::worker::run(&app.state).await;
    let still = show(&app.client_of(CLERK).await, request.id).await;
    assert_eq!((still.version, counts(still.recounted)), (asked.version, (6, 6, 2)), "it is no news to him");
    assert_eq!(told(&app, CLERK).await, 1);

    app.clock.set(at(given_on, 9, 0));
    grant(&app.client_of(HR).await, &more(3)).await;
    let clerk = app.client_of(CLERK).await;
    let settled = show(&clerk, request.id).await;
    assert_eq!((settled.half_days, counts(settled.recounted)), (8, (6, 8, 0)), "what was asked for in time is taken");
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.used, left.available), (0, 8, Some(1)));
    assert_eq!(told(&app, CLERK).await, 2);
    let before = rows(&app).await;
    run_jobs(&app).await;
    assert_eq!(rows(&app).await, before, "once");
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn another_courts_word_before_the_day_forgives_nothing(app: TestApp) {
    a_word_of_another_court(app, "2026-11-30", "2026-12-08").await;
}

/// It once was said to be covered: nothing that is over was looked at any more.
async fn another_courts_word_after_the_day_forgives_nothing(app: TestApp) {
    a_word_of_another_court(app, "2026-12-06", "2026-12-08").await;
}

/// Leave that is over is left at the calendar that it had, and is settled all the same.
async fn another_courts_word_after_the_leave_forgives_nothing(app: TestApp) {
    a_word_of_another_court(app, "2026-12-08", "2026-12-09").await;
}

/// It once was said to be covered, and the officer told that his days had changed.
async fn another_courts_word_while_a_return_waits_forgives_nothing(app: TestApp) {
    let world = app.world().await;
    let (clerk, hr, admin) = (app.client_of(CLERK).await, app.client_of(HR).await, app.client_of(ADMIN).await);
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { return_confirmation: Confirmation::Approver, ..seen };
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.unwrap();
    grant(&hr, &more(-14)).await;
    let request = approved(&app, submit(&clerk, asking("annual", "2026-12-03", "2026-12-07")).await).await;
    change(&app, &[("2026-12-05", false)]).await;
    let asked = show(&clerk, request.id).await;
    assert_eq!(counts(asked.recounted), (6, 6, 2));

    app.clock.set(at("2026-12-06", 9, 0));
    let (clerk, admin) = (app.client_of(CLERK).await, app.client_of(ADMIN).await);
    let back = ReportReturn { version: asked.version, back: half("2026-12-06", Half::Am), note: String::new() };
    let reported = clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert_eq!(reported.status, Status::AwaitingReturn);
    admin.send::<CreateCourtDay>(closing(world.foreign, "2026-12-16", false)).await.unwrap();
    let before = rows(&app).await;
    server::worker::run(&app.state).await;
    let still = show(&clerk, request.id).await;
    assert_eq!((still.version, counts(still.recounted)), (reported.version, (6, 6, 2)), "it is no news to him");
    assert_eq!((rows(&app).await, told(&app, CLERK).await), (before, 1));
}

async fn the_look_of_each_day_settles_what_came_back(app: TestApp) {
    app.world().await;
    server::leave::year::run_due(&app.state).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-12-07")).await;
    let other = submit(&clerk, asking("annual", "2026-12-16", "2026-12-16")).await;
    change(&app, &[("2026-12-05", false)]).await;
    assert_eq!(counts(show(&clerk, request.id).await.recounted), (18, 18, 2));
    clerk.post::<WithdrawLeave>(ById { id: other.id }, Withdraw { version: other.version }).await.unwrap();
    run_jobs(&app).await;
    assert_eq!(counts(show(&clerk, request.id).await.recounted), (18, 18, 2), "the day's look was before");

    app.clock.set(at("2026-11-24", 8, 0));
    run_jobs(&app).await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(counts(show(&clerk, request.id).await.recounted), (18, 20, 0));
    assert_eq!((told(&app, CLERK).await, ledger_sum(&app, CLERK, "annual").await), (2, 0));
    let before = rows(&app).await;
    app.clock.set(at("2026-11-25", 8, 0));
    run_jobs(&app).await;
    assert_eq!((rows(&app).await, told(&app, CLERK).await), (before, 2), "once");
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn two_grants_and_a_new_calendar_at_once_settle_once(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-12-08")).await;
    change(&app, &[("2026-12-05", false)]).await;
    let other = app.replica().await;
    let elsewhere = other.client_of(HR).await;
    let (one, two) = (more(2), more(2));
    let admin = app.client_of(ADMIN).await;
    // A day of the leave becomes a workday besides.
    let paper = super::paper(2026, &[("2026-12-06", false)]);
    tokio::join!(grant(&hr, &one), grant(&elsewhere, &two), async {
        assert!(super::import(&admin, paper, false).await.applied);
    });
    for _ in 0..5 {
        let _ =
            tokio::join!(server::leave::recount::run_due(&app.state), server::leave::recount::run_due(&other.state));
    }
    let settled = show(&clerk, request.id).await;
    assert_eq!((settled.half_days, settled.recounted.unwrap().uncovered), (24, 0));
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.available), (24, Some(0)));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 0);
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}
