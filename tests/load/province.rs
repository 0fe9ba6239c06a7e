//! A whole province after ten years: how long its officers wait for their lists, and for the preview of a request.
//!
//! Three requests go through the server as they would: one that is over, one that waits, one that nobody has reported
//! back from. They are copied for everybody, with half days, ledger, approval and log. The trail of audit and the
//! notices are left out: no list here reads them.

mod copies;
mod rows;
mod samples;

use app::api::BASE;
use app::day::{Day, HalfDay};
use app::leave::api::{Preview, PreviewLeave};
use sea_orm::{EntityTrait, PaginatorTrait};
use server::entity::leave_request;
use tests::world::HR;
use tests::{Backend, Client, Place, TestApp, at};
use tokio::time::Instant;

use self::samples::{Samples, day};

/// Officers of the province, unless `PROVINCE_OFFICERS` says otherwise.
const OFFICERS: i64 = 100_000;
/// Requests of each of them that are over: five a year for ten years.
const TURNS: i64 = 50;
/// Officers of a department, its head included.
const DEPARTMENT: i64 = 50;
/// Departments of a court.
const DEPARTMENTS: i64 = 10;
/// Officers whose calls are measured, each several times.
const CALLERS: i64 = 100;
/// How often each of them calls.
const ROUNDS: usize = 10;
/// The time that a list may take at p99, in milliseconds.
const LIST_MS: f64 = 20.0;
/// The time that a preview may take, in milliseconds.
const PREVIEW_MS: f64 = 5.0;

/// Makes the province and prints how long its calls take on each database, without a socket between.
pub(crate) async fn measure(backends: &[Backend]) {
    let officers = std::env::var("PROVINCE_OFFICERS").ok().and_then(|value| value.parse().ok()).unwrap_or(OFFICERS);
    for backend in backends {
        let place = Place::make(*backend).await;
        measure_on(&place, *backend, officers).await;
        place.remove().await;
    }
}

async fn measure_on(place: &Place, backend: Backend, officers: i64) {
    println!("{backend:?}: making a province of {officers} officers with {} requests", officers * TURNS);
    let begin = Instant::now();
    let app = TestApp::start(place).await;
    let samples = Samples::make(&app).await;
    rows::fill(place, &samples, officers).await;
    app.state.database.refresh_statistics().await.expect("the database learns");
    let requests = leave_request::Entity::find().count(app.state.database.read()).await.expect("the database counts");
    println!("{backend:?}: made {requests} requests in {} s", begin.elapsed().as_secs());

    let callers: Vec<i64> = (0..CALLERS).map(|one| one * officers / CALLERS / DEPARTMENT * DEPARTMENT).collect();
    let numbers = |offset: i64| -> Vec<String> { callers.iter().map(|one| rows::number(one + offset)).collect() };
    let (officers, heads) = (app.clients_of(&numbers(7)).await, app.clients_of(&numbers(0)).await);
    let hr = [app.client_of(HR).await];
    let statements = || app.state.database.statements().get();
    let bench = Bench { backend, statements: &statements };
    bench.list("floor: one's own settings", None, &officers, "notices/settings").await;
    bench.list("my leave", Some(LIST_MS), &officers, "leave/requests").await;
    bench.list("what I have asked for", Some(LIST_MS), &officers, "approvals/requests?box=mine").await;
    bench.list("my balances", Some(LIST_MS), &officers, "leave/balances").await;
    bench.list("who is away this month, as a colleague", Some(LIST_MS), &officers, TEAM).await;
    bench.list("waits for me", Some(LIST_MS), &heads, "approvals/inbox").await;
    bench.list("what I have decided (2,500)", Some(LIST_MS), &heads, "approvals/requests?box=decided").await;
    let named = format!("approvals/requests?box=decided&q={}", app::api::percent("周书记7"));
    bench.list("the same, of one officer by name", Some(LIST_MS), &heads, &named).await;
    bench.list("who is away this month, as head", Some(LIST_MS), &heads, TEAM).await;
    // All that the first screen shows, in one answer.
    bench.list("the first screen, as head", None, &heads, "home").await;
    bench.list("not reported back, one court", Some(LIST_MS), &hr, "leave/unreported").await;
    // The page of HR asks for three months of a court at once.
    let quarter = format!("leave/team?court={}&from=2026-10-01&to=2026-12-31", samples.court);
    let what = format!("who is away in a court of {} over three months", DEPARTMENT * DEPARTMENTS);
    bench.list(&what, Some(LIST_MS), &hr, &quarter).await;
    bench.preview(&officers).await;
    // Reminders go out at half past nine.
    app.clock.set(at(TestApp::DAY, 10, 0));
    let begin = Instant::now();
    server::worker::run(&app.state).await;
    println!("{backend:?}: a first round of the jobs: {} ms", begin.elapsed().as_millis());
    let begin = Instant::now();
    server::worker::run(&app.state).await;
    println!("{backend:?}: a second one: {} ms", begin.elapsed().as_millis());
}

const TEAM: &str = "leave/team?from=2026-11-01&to=2026-11-30";

/// What is measured, and how many statements the database has got.
struct Bench<'a> {
    backend: Backend,
    statements: &'a dyn Fn() -> u64,
}

impl Bench<'_> {
    async fn list(&self, what: &str, budget: Option<f64>, callers: &[Client], path: &str) {
        self.measure(what, budget, callers, async |caller| {
            let answered = caller.fetch(&format!("{BASE}/{path}")).await;
            assert!(answered.status.is_success(), "{path}: {}", answered.text());
        })
        .await;
    }

    async fn preview(&self, callers: &[Client]) {
        self.measure("preview of a day, after ten years", Some(PREVIEW_MS), callers, async |caller| {
            let previewed =
                caller.send::<PreviewLeave>(preview_of(day("2026-12-07"))).await.expect("a preview answers");
            assert_eq!(previewed.half_days, 2);
            assert!(!previewed.chain.is_empty());
        })
        .await;
    }

    /// Every caller calls several times; the first call of each, which finds out who calls, is not measured.
    async fn measure(&self, what: &str, budget: Option<f64>, callers: &[Client], call: impl AsyncFn(&Client)) {
        for caller in callers {
            call(caller).await;
        }
        let before = (self.statements)();
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            for caller in callers {
                let begin = Instant::now();
                call(caller).await;
                took.push(begin.elapsed().as_secs_f64() * 1000.0);
            }
        }
        let calls = took.len();
        let statements = ((self.statements)() - before) / u64::try_from(calls).expect("few calls");
        took.sort_by(f64::total_cmp);
        let percentile = |percent: usize| took[(calls * percent / 100).min(calls - 1)];
        let budget = budget.map(|budget| format!(" of {budget} ms")).unwrap_or_default();
        let (backend, half, most) = (self.backend, percentile(50), percentile(99));
        println!(
            "{backend:?}: {what}: p50 {half:.2} ms, p99 {most:.2} ms{budget}, {statements} statements, {calls} calls"
        );
    }
}

fn preview_of(day: Day) -> Preview {
    Preview {
        leave_type: "annual".to_owned(),
        from: HalfDay::am(day),
        to: HalfDay::pm(day),
        resubmits: None,
        stand_in: None,
        extends: None,
        officer_id: None,
    }
}
