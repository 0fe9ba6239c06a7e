//! `make bench`: how many sign-ins a second go through the whole stack, side by side on SQLite and PostgreSQL, against
//! a floor: the same server with a handler that only verifies the token and answers.
//!
//! Everything runs on this machine over the loopback device, the load generator included, so the figures compare with
//! each other and not with another machine's. Each sign-in is a first one: another officer or another lesson, through
//! HTTP, session, code, roster, group commit and a durable write. And what 2,000 phones cost that only listen, an
//! approver's list of a thousand tasks, and a province of 100,000 officers with five million requests.
//!
//! Everything is measured, or what is named: `bench sign-ins`, `bench listeners`, `bench inbox`, `bench province`; on one
//! database alone with its name, as `bench province postgres`.

mod inbox;
mod listeners;
mod load;
mod province;
mod report;

use app::api::BASE;
use app::api::ById;
use app::attendance::api::GetBoard;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use server::state::AppState;
use tests::world::TEACHER;
use tests::{Backend, Place, Served, TestApp, at};
use uuid::Uuid;

use crate::load::{Request, herd, run};
use crate::report::{Line, print};

/// Officers in the class, each with a session of his own.
const OFFICERS: usize = 1500;
/// Lessons that are open at the same time.
const LESSONS: usize = 12;
/// Connections that are kept open.
const CONNECTIONS: usize = 64;
/// A class that scans in the same moment.
const HERD: usize = 252;

#[tokio::main]
async fn main() {
    let (asked, on) = (std::env::args().nth(1), std::env::args().nth(2));
    let is_asked = |what: &str| asked.as_deref().is_none_or(|asked| asked == what);
    if is_asked("listeners") {
        listeners::measure().await;
    }
    let backends: &[Backend] = if std::env::var("SKIP_POSTGRES").is_ok_and(|value| value == "1") {
        println!("PostgreSQL is left out: SKIP_POSTGRES=1");
        &[Backend::Sqlite]
    } else {
        match on.as_deref() {
            Some("sqlite") => &[Backend::Sqlite],
            Some("postgres") => &[Backend::Postgres],
            _ => &[Backend::Sqlite, Backend::Postgres],
        }
    };
    if is_asked("inbox") {
        inbox::measure(backends).await;
    }
    if is_asked("province") {
        province::measure(backends).await;
    }
    if is_asked("sign-ins") {
        sign_ins_everywhere(backends).await;
    }
}

async fn sign_ins_everywhere(backends: &[Backend]) {
    let mut lines = Vec::new();
    for backend in backends {
        let place = Place::make(*backend).await;
        lines.extend(measure(*backend, &TestApp::start(&place).await).await);
        place.remove().await;
    }
    print(&lines);
}

async fn measure(backend: Backend, app: &TestApp) -> Vec<Line> {
    let name = match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    };
    println!("{name}: making {OFFICERS} officers and {LESSONS} lessons");
    let world = app.world().await;
    let class = app.class(&world, OFFICERS, TestApp::DAY).await;
    let mut lessons = Vec::new();
    for position in 0..LESSONS + 1 {
        let minute = i32::try_from(position).expect("few lessons");
        let position = minute + 10;
        let starts = at(TestApp::DAY, 19, minute);
        lessons.push(app.lesson(class.id, position, "夜间研讨", starts, at(TestApp::DAY, 21, 0)).await);
    }
    app.clock.set(at(TestApp::DAY, 18, 50));
    let tokens = app.tokens_of(&class.trainees).await;
    let floor = Router::new().route("/floor", post(verify_and_answer)).with_state(app.state.clone());
    let served = app.serve_beside(floor).await;

    let asked = |path: &str, token: &str, body: &str| Request::post(&served, path, token, body);
    let floor: Vec<Request> = (0..LESSONS).flat_map(|_| &tokens).map(|token| asked("/floor", token, "{}")).collect();
    let mut lines = vec![Line::of(name, "floor: token verified", run(&served, floor, CONNECTIONS).await)];

    let (herd_lesson, rest) = lessons.split_last().expect("there are lessons");
    let (first, others) = rest.split_first().expect("there are lessons");
    let cold = sign_ins(app, &served, &[*first], &tokens).await;
    lines.push(Line::of(name, "sign-in, session not seen yet", run(&served, cold, CONNECTIONS).await));
    let warm = sign_ins(app, &served, others, &tokens).await;
    lines.push(Line::of(name, "sign-in, session known", run(&served, warm, CONNECTIONS).await));
    let class_at_once = sign_ins(app, &served, &[*herd_lesson], &tokens[..HERD]).await;
    lines.push(Line::of(name, "252 phones connect and sign in at once", herd(&served, class_at_once).await));
    lines
}

/// One sign-in of each officer to each lesson, lesson by lesson, with the code that the board shows.
async fn sign_ins(app: &TestApp, served: &Served, lessons: &[Uuid], tokens: &[String]) -> Vec<Request> {
    let teacher = app.client_of(TEACHER).await;
    let mut requests = Vec::new();
    for lesson in lessons {
        let board = teacher.get::<GetBoard>(ById { id: *lesson }).await.expect("the lesson has a board");
        assert!(!board.code.is_empty(), "sign-in is open");
        for token in tokens {
            let body = serde_json::json!({ "lesson": lesson, "code": board.code, "nonce": Uuid::new_v4() }).to_string();
            requests.push(Request::post(served, &format!("{BASE}/attendance/sign-ins"), token, &body));
        }
    }
    requests
}

/// The least that any authenticated call costs.
async fn verify_and_answer(State(state): State<AppState>, headers: HeaderMap) -> (StatusCode, &'static str) {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match token.and_then(|token| server::session::verify(&state, token)) {
        Some(_) => (StatusCode::OK, "{}"),
        None => (StatusCode::UNAUTHORIZED, "{}"),
    }
}
