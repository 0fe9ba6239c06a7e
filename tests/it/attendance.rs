//! Sign-in: codes, roster, windows, repeats, herds; the numbers in comments are those of known traps elsewhere.

mod board;
mod pages;

use app::api::{ById, Code, Problem};
use app::attendance::api::{CreateSignIn, GetAttendance, SignIn, SignedIn};
use app::attendance::rules::Status;
use app::training::rules::Phase;
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use server::attendance::code::Codes;
use server::entity::{attendance, attendance_attempt};
use tests::world::{CLERK, TEACHER};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

on_both!(
    a_code_dies_with_its_window,
    without_a_code_of_the_lesson_nobody_is_signed_in,
    too_early_stores_nothing_that_blocks,
    an_old_code_names_its_lesson,
    one_person_is_one_row,
    a_repeat_survives_a_restart,
    a_class_signs_in_at_once,
    guessing_slows_the_guesser_only,
    a_refusal_leaves_its_neighbours_alone,
);

/// The link of a lesson at this moment.
fn link(app: &TestApp, lesson: Uuid) -> String {
    let codes = Codes::new(&app.state.secrets, lesson, app.state.config.code_seconds);
    format!("https://court.example/c/{}", codes.token(codes.window(app.now())))
}

/// The typed code of a lesson at this moment.
fn typed(app: &TestApp, lesson: Uuid) -> String {
    let codes = Codes::new(&app.state.secrets, lesson, app.state.config.code_seconds);
    codes.typed(codes.window(app.now()))
}

fn by_link(link: &str) -> SignIn {
    SignIn { lesson: None, code: None, link: Some(link.to_owned()), nonce: Uuid::new_v4(), scanned_at: None }
}

fn by_code(lesson: Option<Uuid>, code: &str) -> SignIn {
    SignIn { lesson, code: Some(code.to_owned()), link: None, nonce: Uuid::new_v4(), scanned_at: None }
}

async fn sign_in(client: &Client, body: SignIn) -> Result<SignedIn, Problem> {
    client.send::<CreateSignIn>(body).await
}

async fn refused(client: &Client, body: SignIn) -> Code {
    sign_in(client, body).await.expect_err("this must be refused").code
}

async fn attempts(app: &TestApp) -> Vec<attendance_attempt::Model> {
    attendance_attempt::Entity::find().all(app.state.database.read()).await.expect("the database answers")
}

async fn rows(app: &TestApp) -> Vec<attendance::Model> {
    attendance::Entity::find().all(app.state.database.read()).await.expect("the database answers")
}

/// T01.
async fn a_code_dies_with_its_window(app: TestApp) {
    let class = app.class(&app.world().await, 4, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let lesson = class.lessons[0];
    let (link, code) = (link(&app, lesson), typed(&app, lesson));
    app.pass(19);
    sign_in(&clients[0], by_link(&link)).await.expect("the previous window is taken");
    sign_in(&clients[1], by_code(Some(lesson), &code)).await.expect("the previous window is taken");
    app.pass(2);
    assert_eq!(refused(&clients[2], by_link(&link)).await, Code::CodeExpired);
    assert_eq!(refused(&clients[3], by_code(Some(lesson), &code)).await, Code::CodeExpired);
    assert_eq!(rows(&app).await.len(), 2);
}

/// T02, T05.
async fn without_a_code_of_the_lesson_nobody_is_signed_in(app: TestApp) {
    let world = app.world().await;
    let class = app.class(&world, 1, TestApp::DAY).await;
    let other = app.class(&world, 1, TestApp::DAY).await;
    let trainee = app.client_of(&class.trainees[0]).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let lesson = class.lessons[0];
    let theirs = typed(&app, other.lessons[0]);
    let foreign = link(&app, other.lessons[0]);
    let nothing = SignIn { code: None, ..by_code(Some(lesson), "") };
    let mixed = SignIn { lesson: Some(lesson), ..by_link(&foreign) };
    let tries = [
        nothing,
        by_code(Some(lesson), ""),
        by_code(Some(lesson), "\0\0\0\0\0\0"),
        by_code(Some(lesson), &theirs),
        by_code(None, &theirs),
        by_code(Some(Uuid::new_v4()), &theirs),
        by_link(""),
        by_link("\0"),
        by_link("https://court.example/c/x"),
        mixed,
    ];
    let count = tries.len();
    for body in tries {
        let shown = format!("{body:?}");
        assert_eq!(refused(&trainee, body).await, Code::CodeInvalid, "{shown}");
    }
    // Another class's code is good, but not for him.
    assert_eq!(refused(&trainee, by_link(&foreign)).await, Code::NotOnRoster);
    let stranger = app.client_of(CLERK).await;
    assert_eq!(refused(&stranger, by_link(&link(&app, lesson))).await, Code::NotOnRoster);
    assert_eq!(rows(&app).await.len(), 0);
    let log = attempts(&app).await;
    assert_eq!(log.iter().filter(|row| row.result == "code_invalid").count(), count);
    assert_eq!(log.iter().filter(|row| row.result == "not_on_roster").count(), 2);
    sign_in(&trainee, by_code(None, &typed(&app, lesson))).await.expect("the lesson is found by its code");
}

/// T17, and the bounds of the windows.
async fn too_early_stores_nothing_that_blocks(app: TestApp) {
    let class = app.class(&app.world().await, 3, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    let lesson = class.lessons[0];
    app.clock.set(at(TestApp::DAY, 8, 18));
    let early = sign_in(&clients[0], by_link(&link(&app, lesson))).await.expect_err("sign-in opens at 08:30");
    assert_eq!(early.code, Code::TooEarly);
    assert!(early.detail.contains("08:30") && early.detail.contains("12 分钟"), "{}", early.detail);
    app.clock.set(at(TestApp::DAY, 8, 30));
    let done = sign_in(&clients[0], by_link(&link(&app, lesson))).await.expect("it is open");
    assert_eq!((done.status, done.first, done.at), (Status::OnTime, true, at(TestApp::DAY, 8, 30)));
    app.clock.set(at(TestApp::DAY, 9, 10));
    let late = sign_in(&clients[1], by_link(&link(&app, lesson))).await.expect("it is open");
    assert_eq!(late.status, Status::Late);
    app.clock.set(at(TestApp::DAY, 10, 30));
    assert_eq!(refused(&clients[2], by_link(&link(&app, lesson))).await, Code::TooLate);
}

/// T11.
async fn an_old_code_names_its_lesson(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let trainee = app.client_of(&class.trainees[0]).await;
    app.clock.set(at(TestApp::DAY, 10, 25));
    let old = link(&app, class.lessons[0]);
    app.clock.set(at(TestApp::DAY, 10, 45));
    let refused = sign_in(&trainee, by_link(&old)).await.expect_err("that lesson is over");
    assert_eq!(refused.code, Code::CodeExpired);
    assert!(refused.detail.contains("民法典合同编的适用") && refused.detail.contains("10:30"), "{}", refused.detail);
}

/// T24.
async fn one_person_is_one_row(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let trainee = app.client_of(&class.trainees[0]).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let link = link(&app, class.lessons[0]);
    let answers = join_all((0..50).map(|_| sign_in(&trainee, by_link(&link)))).await;
    let answers: Vec<SignedIn> = answers.into_iter().map(|answer| answer.expect("each is a success")).collect();
    assert_eq!(answers.iter().filter(|answer| answer.first).count(), 1);
    assert!(answers.iter().all(|answer| answer.at == answers[0].at && answer.name == answers[0].name));
    app.pass(5);
    let again = sign_in(&trainee, by_link(&link)).await.expect("a repeat is a success");
    assert_eq!((again.first, again.at), (false, answers[0].at));
    assert_eq!(rows(&app).await.len(), 1);
    let log = attempts(&app).await;
    assert_eq!((log.len(), log.iter().filter(|row| row.result == "accepted").count()), (51, 1));
}

async fn a_repeat_survives_a_restart(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let body = by_link(&link(&app, class.lessons[0]));
    let first = sign_in(&app.client_of(&class.trainees[0]).await, body.clone()).await.expect("fresh");
    // The answer was lost; the phone asks again when the server is back, and the code has long expired.
    app.pass(300);
    let restarted = app.replica().await.client_of(&class.trainees[0]).await;
    let again = sign_in(&restarted, body.clone()).await.expect("the same attempt");
    assert_eq!(again, first);
    let reused = SignIn { nonce: body.nonce, ..by_link(&link(&app, class.lessons[1])) };
    assert_eq!(refused(&restarted, reused).await, Code::IdReused);
    assert_eq!(rows(&app).await.len(), 1);
}

/// T39: one address, one moment.
async fn a_class_signs_in_at_once(app: TestApp) {
    let class = app.class(&app.world().await, 252, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 8, 55));
    let lesson = class.lessons[0];
    let link = link(&app, lesson);
    let other = app.replica().await;
    let tokens = other.clients_of(&class.trainees).await;
    // Everybody sends twice, to two replicas.
    let here = join_all(clients.iter().map(|client| sign_in(client, by_link(&link))));
    let there = join_all(tokens.iter().map(|client| sign_in(client, by_link(&link))));
    let (here, there) = futures_util::join!(here, there);
    let mut first = 0;
    for (one, two) in here.into_iter().zip(there) {
        let (one, two) = (one.expect("signed in"), two.expect("signed in"));
        assert_eq!((one.at, &one.name), (two.at, &two.name));
        first += usize::from(one.first) + usize::from(two.first);
    }
    assert_eq!(first, 252);
    assert_eq!(rows(&app).await.len(), 252);
    let teacher = app.client_of(TEACHER).await;
    let list = teacher.get::<GetAttendance>(ById { id: lesson }).await.expect("the class teacher sees the list");
    assert_eq!((list.counts.trainees, list.counts.on_time, list.counts.missing), (252, 252, 0));
    assert!(list.rows.iter().all(|row| row.status == Status::OnTime && !row.shared_device));
    assert!(list.rows.is_sorted_by_key(|row| row.officer.clone()));
}

/// T09.
async fn guessing_slows_the_guesser_only(app: TestApp) {
    let class = app.class(&app.world().await, 2, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let lesson = class.lessons[0];
    let guesses = join_all((0..15).map(|_| refused(&clients[0], by_code(Some(lesson), "222222")))).await;
    assert_eq!(guesses.iter().filter(|code| **code == Code::CodeInvalid).count(), 10);
    assert_eq!(guesses.iter().filter(|code| **code == Code::SlowDown).count(), 5);
    let right = by_code(Some(lesson), &typed(&app, lesson));
    assert_eq!(refused(&clients[0], right).await, Code::SlowDown, "also the right one, or guessing would go on");
    sign_in(&clients[1], by_code(Some(lesson), &typed(&app, lesson))).await.expect("the neighbour is not slowed down");
    app.pass(61);
    sign_in(&clients[0], by_code(Some(lesson), &typed(&app, lesson))).await.expect("a minute later");
}

async fn a_refusal_leaves_its_neighbours_alone(app: TestApp) {
    let class = app.class(&app.world().await, 20, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let link = link(&app, class.lessons[0]);
    let tries = clients.iter().enumerate().map(|(n, client)| {
        let body = if n % 2 == 0 { by_link(&link) } else { by_link("https://court.example/c/a.1.b") };
        sign_in(client, body)
    });
    for (n, answer) in join_all(tries).await.into_iter().enumerate() {
        match answer {
            Ok(done) => assert!(n % 2 == 0 && done.first),
            Err(problem) => assert!(n % 2 == 1 && problem.code == Code::CodeInvalid),
        }
    }
    assert_eq!(rows(&app).await.len(), 10);
    assert_eq!(attempts(&app).await.len(), 20);
    let lesson = app.client_of(&class.trainees[0]).await;
    let seen = lesson.get::<app::training::api::GetLesson>(ById { id: class.lessons[0] }).await.expect("his lesson");
    assert_eq!((seen.phase, seen.my_status), (Phase::OnTime, Some(Status::OnTime)));
}
