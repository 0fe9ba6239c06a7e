//! How long the first page of an approver's list takes when a thousand tasks wait for him.

use app::api::{BASE, Empty};
use app::approval::api::{GetInbox, InboxQuery};
use app::day::{Day, HalfDay};
use app::leave::api::{Submit, SubmitLeave};
use app::org::rules::Category;
use tests::world::HEAD;
use tests::{Backend, Place, TestApp};
use tokio::time::Instant;
use uuid::Uuid;

/// Tasks that wait for one approver.
const TASKS: usize = 1000;
/// How often the list is opened.
const TIMES: usize = 300;
/// The time that its first page may take, in milliseconds.
const BUDGET_MS: f64 = 20.0;

/// Opens the list over and over, without a socket between, and prints how long that took on each database, beside a
/// call that reads one row.
pub(crate) async fn measure(backends: &[Backend]) {
    for backend in backends {
        let place = Place::make(*backend).await;
        measure_on(&TestApp::start(&place).await, *backend).await;
        place.remove().await;
    }
}

async fn measure_on(app: &TestApp, backend: Backend) {
    println!("{backend:?}: making {TASKS} requests that wait for one approver");
    let world = app.world().await;
    let first: Day = "2026-11-30".parse().expect("a day");
    let mut officers = Vec::new();
    for number in 0..TASKS {
        let number = (500_000 + number).to_string();
        app.officer_in(world.court, world.civil, &number, "林书记员", "", Category::Clerk).await;
        officers.push(number);
    }
    app.give_accounts().await;
    for officer in &officers {
        let body = Submit {
            id: Uuid::new_v4(),
            leave_type: "annual".to_owned(),
            from: HalfDay::am(first),
            to: HalfDay::pm(first),
            reason: String::new(),
            destination: String::new(),
            stand_in: None,
            contact: String::new(),
            officer_id: None,
        };
        app.client_of(officer).await.send::<SubmitLeave>(body).await.expect("a request is accepted");
    }
    let head = app.client_of(HEAD).await;
    let page = head.call::<GetInbox>(Empty {}, InboxQuery::default(), Empty {}).await.expect("his own list");
    assert_eq!(page.total, i64::try_from(TASKS).expect("few tasks"));
    for (what, path) in [("floor: one's own settings", "notices/settings"), ("inbox, first page", "approvals/inbox")] {
        let mut took = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begin = Instant::now();
            let answered = head.fetch(&format!("{BASE}/{path}")).await;
            took.push(begin.elapsed().as_secs_f64() * 1000.0);
            assert!(answered.status.is_success(), "{}", answered.text());
        }
        took.sort_by(f64::total_cmp);
        let percentile = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
        println!("{backend:?}: {what}: p50 {:.2} ms, p99 {:.2} ms of {BUDGET_MS} ms", percentile(50), percentile(99));
    }
}
