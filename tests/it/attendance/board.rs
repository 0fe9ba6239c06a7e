//! The board and the list of who is there.

use app::api::{ById, Code};
use app::attendance::api::{GetAttendance, GetBoard};
use app::attendance::rules::Status;
use app::day::Day;
use futures_util::future::join_all;
use sea_orm::{EntityTrait, IntoActiveModel};
use server::entity::{leave_request, leave_slot};
use tests::world::{CLERK, TEACHER, TRAINING_ADMIN};
use tests::{TestApp, at, on_both};
use uuid::Uuid;

use super::{by_code, by_link, link, sign_in};

on_both!(the_board_is_for_those_who_run_the_class, the_list_says_where_everybody_is, the_board_is_a_stream);

/// T10, T15.
async fn the_board_is_for_those_who_run_the_class(app: TestApp) {
    let class = app.class(&app.world().await, 2, TestApp::DAY).await;
    let lesson = ById { id: class.lessons[0] };
    for officer in [class.trainees[0].as_str(), CLERK] {
        let client = app.client_of(officer).await;
        assert_eq!(client.get::<GetBoard>(lesson).await.expect_err("not his to show").code, Code::NotAllowed);
        assert_eq!(client.get::<GetAttendance>(lesson).await.expect_err("not his to see").code, Code::NotAllowed);
    }
    app.client_of(TRAINING_ADMIN).await.get::<GetBoard>(lesson).await.expect("his role covers the class");
    let teacher = app.client_of(TEACHER).await.with_header("host", "fingertip.court.example:8080");
    let closed = teacher.get::<GetBoard>(lesson).await.expect("the class teacher shows the board");
    assert_eq!((closed.code.as_str(), closed.link.as_str(), closed.qr), ("", "", None), "it is not open at 08:00");
    let unknown = ById { id: Uuid::new_v4() };
    assert_eq!(teacher.get::<GetBoard>(unknown).await.expect_err("no such lesson").code, Code::NotFound);

    app.clock.set(at(TestApp::DAY, 8, 40));
    app.pass(3);
    let shown = teacher.get::<GetBoard>(lesson).await.expect("the class teacher shows the board");
    assert!(shown.link.starts_with("http://fingertip.court.example:8080/c/"), "{}", shown.link);
    assert_eq!((shown.code.len(), shown.remaining_ms, shown.window_ms), (6, 7000, 10_000));
    assert!(shown.qr.is_some_and(|qr| qr.path.starts_with('M')));
    assert_eq!((shown.counts.trainees, shown.counts.missing), (2, 2));
    app.pass(10);
    let next = teacher.get::<GetBoard>(lesson).await.expect("the class teacher shows the board");
    assert!(next.link != shown.link && next.code != shown.code && next.window == shown.window + 1);
    // The first code shown is good for a whole window, although it was shown in the middle of one.
    let trainee = app.client_of(&class.trainees[0]).await;
    sign_in(&trainee, by_code(Some(lesson.id), &shown.code)).await.expect("ten seconds later");
    assert_eq!(teacher.get::<GetBoard>(lesson).await.expect("still shown").counts.on_time, 1);

    app.clock.set(at(TestApp::DAY, 10, 30));
    let over = teacher.get::<GetBoard>(lesson).await.expect("the class teacher looks again");
    assert_eq!((over.code.as_str(), over.counts.absent, over.counts.missing), ("", 1, 0), "it stops with the lesson");
}

async fn the_list_says_where_everybody_is(app: TestApp) {
    let class = app.class(&app.world().await, 6, TestApp::DAY).await;
    let lesson = ById { id: class.lessons[0] };
    let people = &class.trainees;
    let clients = app.clients_of(people).await;
    // The morning off, the afternoon off, a day that was only asked for.
    on_leave(&app, &people[3], "am", "approved", "leave").await;
    on_leave(&app, &people[4], "pm", "approved", "leave").await;
    on_leave(&app, &people[5], "am", "in_approval", "leave").await;
    // Who reports to be out of town is excused from nothing.
    on_leave(&app, &people[4], "am", "approved", "report").await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let code = link(&app, lesson.id);
    let shared = clients[1].clone().with_device(&format!("device-{}", people[0]));
    join_all([sign_in(&clients[0], by_link(&code)), sign_in(&shared, by_link(&code))]).await;
    app.clock.set(at(TestApp::DAY, 9, 20));
    sign_in(&clients[2], by_link(&link(&app, lesson.id))).await.expect("late");

    let teacher = app.client_of(TEACHER).await;
    let list = teacher.get::<GetAttendance>(lesson).await.expect("the class teacher sees the list");
    let seen: Vec<_> = list.rows.iter().map(|row| (row.officer.as_str(), row.status, row.shared_device)).collect();
    use Status::{Absent, Excused, Late, Missing, OnTime};
    let expected =
        [(OnTime, true), (OnTime, true), (Late, false), (Excused, false), (Missing, false), (Missing, false)];
    let expected: Vec<_> =
        people.iter().zip(expected).map(|(number, (status, shared))| (number.as_str(), status, shared)).collect();
    assert_eq!(seen, expected);
    let counts = list.counts;
    assert_eq!((counts.trainees, counts.on_time, counts.late, counts.excused, counts.missing), (6, 2, 1, 1, 2));

    app.clock.set(at(TestApp::DAY, 10, 30));
    let list = teacher.get::<GetAttendance>(lesson).await.expect("the class teacher sees the list");
    assert_eq!(list.rows.iter().filter(|row| row.status == Absent).count(), 2);
    assert_eq!((list.counts.missing, list.counts.absent), (0, 2));
}

/// Stores a request for one half of the day of the test.
async fn on_leave(app: &TestApp, number: &str, half: &str, state: &str, lane: &str) {
    let officer = app.officer(number).await;
    let day = TestApp::DAY.parse::<Day>().expect("a day").date();
    let request = leave_request::Model {
        id: Uuid::new_v4(),
        number: format!("测试-{number}"),
        officer_id: officer.id,
        leave_type: "annual".to_owned(),
        from_day: day,
        from_half: half.to_owned(),
        to_day: day,
        to_half: half.to_owned(),
        half_days: 1,
        reason: String::new(),
        destination: String::new(),
        stand_in_id: None,
        state: state.to_owned(),
        version: 1,
        calendar_version: 1,
        submitted_at: app.now().millis(),
        decided_at: None,
        back_day: None,
        back_half: None,
        returned_at: None,
        outcome: None,
        cancelled_by: None,
        cancelled_at: None,
        cancel_reason: None,
        extends_id: None,
        series_id: None,
        submitted_by: None,
        converts_id: None,
        body_digest: Vec::new(),
        minutes: None,
        evidence_needed: false,
        evidence_seen_by: None,
        evidence_seen_at: None,
        stand_in_answer: None,
        stand_in_note: None,
        stand_in_answered_at: None,
        contact: String::new(),
        lane: lane.to_owned(),
        needs_return: true,
        return_confirmation: None,
        remarks: None,
        begin_asked_on: None,
    };
    let slot = leave_slot::Model {
        request_id: request.id,
        officer_id: officer.id,
        day,
        half: half.to_owned(),
        counts: true,
        live: true,
        grant_id: None,
        amount: 1,
        lane: lane.to_owned(),
    };
    let writer = app.state.database.write();
    let insert = leave_request::Entity::insert(request.into_active_model());
    insert.exec_without_returning(writer).await.expect("the request is stored");
    let insert = leave_slot::Entity::insert(slot.into_active_model());
    insert.exec_without_returning(writer).await.expect("the slot is stored");
}

async fn the_board_is_a_stream(app: TestApp) {
    let class = app.class(&app.world().await, 2, TestApp::DAY).await;
    let lesson = class.lessons[0];
    app.clock.set(at(TestApp::DAY, 8, 40));
    let served = app.serve().await;
    let token = app.token_of(TEACHER).await;
    let url = format!("{}/api/v1/lessons/{lesson}/board/events", served.origin());
    let mut response =
        reqwest::Client::new().get(url).bearer_auth(token).send().await.expect("the server answers on its socket");
    let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(kind.as_deref(), Some("text/event-stream"));
    let mut seen = String::new();
    let mut signed_in = false;
    while !seen.contains("\"on_time\":1") {
        let chunk = tokio::time::timeout(std::time::Duration::from_secs(20), response.chunk()).await;
        let chunk = chunk.expect("an event in time").expect("the stream goes on").expect("the stream does not end");
        seen.push_str(&String::from_utf8_lossy(&chunk));
        if !signed_in && seen.contains("\"missing\":2") {
            signed_in = true;
            let trainee = app.client_of(&class.trainees[0]).await;
            sign_in(&trainee, by_link(&link(&app, lesson))).await.expect("fresh");
        }
    }
    assert!(seen.contains("event: board") && seen.contains("retry: "), "{seen}");
}
