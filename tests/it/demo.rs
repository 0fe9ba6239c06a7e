//! The demonstration: living, consistent, the same for the same seed, and never poured over somebody's data.

use app::api::{ById, Empty};
use app::approval::api::{GetInbox, InboxQuery};
use app::attendance::rules::Status;
use app::leave::api::{AbsenceQuery, BalanceQuery, ListAbsences, ListBalances, ListOnBehalfOfficers};
use app::org::api::ColleagueQuery;
use app::training::api::{GetLesson, ListLessons};
use app::training::rules::Phase;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use server::demo;
use server::entity::{leave_request, officer, rating_buffer, rating_counter, rating_receipt, trainee, training_class};
use server::state::AppState;
use tests::{TestApp, at, on_both};

on_both!(
    a_demonstration_is_alive_and_consistent,
    a_demonstration_is_the_same_for_the_same_seed,
    a_demonstration_refuses_other_officers,
);

async fn show(app: &TestApp, role: &str) -> (String, Option<uuid::Uuid>) {
    let shown = demo::show(&app.state, role).await.expect("a role of the demonstration");
    let (number, lesson) =
        shown.split_once(' ').map_or((shown.as_str(), None), |(number, id)| (number, id.parse().ok()));
    (number.to_owned(), lesson)
}

async fn a_demonstration_is_alive_and_consistent(app: TestApp) {
    app.clock.set(at("2026-11-23", 16, 40));
    demo::make(&app.state, 7).await.expect("an empty database");
    let read = app.state.database.read();
    let officers = officer::Entity::find().count(read).await.expect("counted");
    assert!((1150..=1250).contains(&officers), "{officers} officers");
    let requests = leave_request::Entity::find().count(read).await.expect("counted");
    assert!(requests > 1500, "{requests} requests");
    for state in ["in_approval", "approved", "returned", "refused", "withdrawn"] {
        let found = leave_request::Entity::find().filter(leave_request::Column::State.eq(state)).count(read).await;
        assert!(found.expect("counted") > 5, "no requests are {state}");
    }
    let findings = server::check::check(&app.state).await.expect("checked");
    assert_eq!(findings.ledger, Vec::new());

    for role in ["department-head", "vice-president", "president", "hr", "class-teacher", "trainee", "admin"] {
        let (number, _) = show(&app, role).await;
        let client = app.client_of(&number).await;
        let inbox = client.call::<GetInbox>(Empty {}, InboxQuery::default(), Empty {}).await.expect("an inbox");
        assert!(inbox.tasks.len() >= 3, "{role} has {} tasks", inbox.tasks.len());
    }
    let (hr, _) = show(&app, "hr").await;
    let absences = app.client_of(&hr).await.call::<ListAbsences>(Empty {}, AbsenceQuery::default(), Empty {}).await;
    assert_eq!(absences.expect("the list of 政治部").items.len(), 1, "somebody is not back");
    let (clerk, _) = show(&app, "department-clerk").await;
    let query = ColleagueQuery { q: clerk[..3].to_owned() };
    let found = app.client_of(&clerk).await.call::<ListOnBehalfOfficers>(Empty {}, query, Empty {}).await;
    assert!(!found.expect("his department").items.is_empty(), "内勤 asks for the others of his department");
    let (number, _) = show(&app, "officer").await;
    let client = app.client_of(&number).await;
    let balances = client.call::<ListBalances>(Empty {}, BalanceQuery::default(), Empty {}).await.expect("balances");
    assert!(balances.balances[0].available >= Some(10), "{balances:?}");

    let (trainee_number, open) = show(&app, "trainee").await;
    let (teacher, again) = show(&app, "class-teacher").await;
    assert_eq!(open, again, "one lesson is open");
    let lesson = ById { id: open.expect("a lesson's id") };
    let client = app.client_of(&trainee_number).await;
    let seen = client.get::<GetLesson>(lesson).await.expect("his lesson");
    assert_eq!((seen.phase, seen.my_status), (Phase::OnTime, Some(Status::Missing)));
    assert_eq!(seen.sign_in_opens_at, at("2026-11-23", 16, 30));
    assert_eq!(seen.sign_in_closes_at, at("2026-11-23", 19, 30));
    let lessons = client.get::<ListLessons>(ById { id: seen.class_id }).await.expect("his class");
    assert_eq!((lessons.items.len(), lessons.class.trainees, lessons.class.teacher), (12, 252, teacher));
    let past: Vec<_> = lessons.items.iter().filter(|lesson| lesson.phase == Phase::Over).collect();
    assert!(past.len() >= 2 && past.iter().all(|lesson| lesson.can_rate && !lesson.my_rated));
    assert_eq!(trainee::Entity::find().count(read).await.expect("counted"), 252 + 64);

    // Each answer of the earlier class was counted once, those of today wait under seal.
    let receipts = rating_receipt::Entity::find().all(read).await.expect("read");
    let waiting = rating_buffer::Entity::find().count(read).await.expect("counted");
    let counted: i64 = rating_counter::Entity::find()
        .filter(rating_counter::Column::Dimension.eq("content"))
        .all(read)
        .await
        .expect("read")
        .iter()
        .map(|row| row.count)
        .sum();
    assert!(waiting > 100 && counted > 50, "{waiting} {counted}");
    assert_eq!(receipts.len() as i64, counted + i64::try_from(waiting).expect("few"));

    // Hours later none is open: one is opened, and named again as long as it is.
    app.clock.set(at("2026-11-30", 3, 15));
    let (_, opened) = show(&app, "trainee").await;
    assert_ne!(opened, open);
    let later = client.get::<GetLesson>(ById { id: opened.expect("a lesson's id") }).await.expect("his lesson");
    assert_eq!(later.phase, Phase::OnTime);
    app.pass(3600);
    assert_eq!(show(&app, "class-teacher").await.1, opened);
    assert!(demo::show(&app.state, "emperor").await.is_err());
    assert_eq!(demo::accounts(&app.state).await.expect("accounts").len(), 10);
}

async fn made(state: &AppState) -> (Vec<(uuid::Uuid, String, String)>, Vec<(uuid::Uuid, String, i64)>) {
    let read = state.database.read();
    let officers = officer::Entity::find().order_by_asc(officer::Column::Number).all(read).await.expect("read");
    let requests = leave_request::Entity::find().order_by_asc(leave_request::Column::Id).all(read).await.expect("read");
    (
        officers.into_iter().map(|row| (row.id, row.number, row.name)).collect(),
        requests.into_iter().map(|row| (row.id, row.state, row.half_days)).collect(),
    )
}

async fn a_demonstration_is_the_same_for_the_same_seed(app: TestApp) {
    demo::make(&app.state, 3).await.expect("an empty database");
    let first = made(&app.state).await;
    demo::make(&app.state, 3).await.expect("the same again does nothing");
    assert_eq!(made(&app.state).await, first);
    assert!(demo::make(&app.state, 4).await.is_err(), "another seed needs another folder");

    let place = tests::Place::make(tests::Backend::Sqlite).await;
    let twin = TestApp::start(&place).await;
    demo::make(&twin.state, 3).await.expect("an empty database");
    assert_eq!(made(&twin.state).await, first);
    place.remove().await;
}

#[test]
fn a_demonstration_is_made_at_any_hour() {
    for (day, hour, minute) in [("2026-11-23", 0, 3), ("2026-12-31", 23, 55), ("2027-02-07", 12, 30)] {
        tests::run(tests::Backend::Sqlite, async |app: TestApp| {
            app.clock.set(at(day, hour, minute));
            demo::make(&app.state, 1).await.expect("an empty database");
            let findings = server::check::check(&app.state).await.expect("checked");
            assert_eq!(findings.ledger, Vec::new());
            let (number, lesson) = show(&app, "trainee").await;
            let client = app.client_of(&number).await;
            let lesson = client.get::<GetLesson>(ById { id: lesson.expect("an id") }).await.expect("his lesson");
            assert_eq!(lesson.sign_in_opens_at, app.now().plus_minutes(-10));
            assert_eq!(lesson.sign_in_closes_at, app.now().plus_minutes(170));
            for role in ["department-head", "vice-president", "president", "hr"] {
                let client = app.client_of(&show(&app, role).await.0).await;
                let inbox = client.call::<GetInbox>(Empty {}, InboxQuery::default(), Empty {}).await.expect("an inbox");
                assert!(inbox.tasks.len() >= 3, "{role} has {} tasks", inbox.tasks.len());
            }
        });
    }
}

async fn a_demonstration_refuses_other_officers(app: TestApp) {
    app.world().await;
    assert!(demo::make(&app.state, 1).await.is_err());
    assert!(demo::show(&app.state, "officer").await.is_err());
    let classes = training_class::Entity::find().count(app.state.database.read()).await.expect("counted");
    assert_eq!(classes, 0);
}
