//! Ratings: who may, once only, counted exactly, shown late and never below the threshold; and that nothing stored
//! links a person with an answer.

use std::collections::BTreeMap;

use app::api::{ById, Code, Empty, Problem};
use app::rating::api::{CloseRating, GetResults, Rate, RateLesson, Results};
use app::rating::rules::Dimension;
use app::training::api::GetLesson;
use axum::http::StatusCode;
use futures_util::future::join_all;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, ModelTrait,
    Statement,
};
use server::entity::{attendance, audit_entry, lesson, rating_buffer, rating_counter, rating_receipt, rating_text};
use tests::world::{ADMIN, CLERK, TEACHER, TRAINING_ADMIN};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

on_both!(
    only_who_was_there_rates_and_only_in_time,
    nobody_counts_twice,
    a_whole_class_is_counted_exactly,
    results_open_late_and_from_five_answers_on,
    a_crash_between_the_steps_loses_and_doubles_nothing,
    nothing_stored_links_a_person_with_an_answer,
    the_plain_form_keeps_what_was_typed,
);

fn answers(score: u8, text: &str) -> Rate {
    let scores: BTreeMap<_, _> = Dimension::ALL.into_iter().map(|dimension| (dimension, score)).collect();
    Rate { id: Uuid::new_v4(), scores, text: text.to_owned() }
}

async fn rate(client: &Client, lesson: Uuid, body: Rate) -> Result<Empty, Problem> {
    client.post::<RateLesson>(ById { id: lesson }, body).await
}

async fn refused(client: &Client, lesson: Uuid) -> Code {
    rate(client, lesson, answers(5, "")).await.expect_err("this must be refused").code
}

async fn results(client: &Client, lesson: Uuid) -> Result<Results, Problem> {
    client.get::<GetResults>(ById { id: lesson }).await
}

/// Writes that these officers were in a lesson.
async fn attended(app: &TestApp, lesson: Uuid, numbers: &[String], status: &str) {
    let mut rows = Vec::new();
    for number in numbers {
        let row = attendance::Model {
            lesson_id: lesson,
            officer_id: app.officer(number).await.id,
            status: status.to_owned(),
            at: app.now().millis(),
            received_at: app.now().millis(),
            source: "link".to_owned(),
            device: None,
        };
        rows.push(row.into_active_model());
    }
    let insert = attendance::Entity::insert_many(rows);
    insert.exec_without_returning(app.state.database.write()).await.expect("attendance is stored");
}

async fn close(app: &TestApp, lesson: Uuid) {
    let teacher = app.client_of(TEACHER).await;
    teacher.post::<CloseRating>(ById { id: lesson }, Empty {}).await.expect("the class teacher closes the rating");
}

async fn count_all(app: &TestApp, dimension: &str, score: i32) -> i64 {
    let rows = rating_counter::Entity::find().all(app.state.database.read()).await.expect("the database answers");
    rows.iter().filter(|row| row.dimension == dimension && row.score == score).map(|row| row.count).sum()
}

async fn buffered(app: &TestApp) -> usize {
    rating_buffer::Entity::find().all(app.state.database.read()).await.expect("the database answers").len()
}

/// T60.
async fn only_who_was_there_rates_and_only_in_time(app: TestApp) {
    let class = app.class(&app.world().await, 3, TestApp::DAY).await;
    let lesson = class.lessons[0];
    let clients = app.clients_of(&class.trainees).await;
    attended(&app, lesson, &class.trainees[..1], "on_time").await;
    attended(&app, lesson, &class.trainees[1..2], "late").await;
    app.clock.set(at(TestApp::DAY, 10, 29));
    assert_eq!(refused(&clients[0], lesson).await, Code::RatingNotOpen);
    let teacher = app.client_of(TEACHER).await;
    let early = teacher.post::<CloseRating>(ById { id: lesson }, Empty {}).await.expect_err("the lesson is not over");
    assert_eq!(early.code, Code::RatingNotOpen);

    app.clock.set(at(TestApp::DAY, 10, 30));
    assert!(clients[0].get::<GetLesson>(ById { id: lesson }).await.expect("his lesson").can_rate);
    assert_eq!(refused(&clients[2], lesson).await, Code::NotSignedIn, "absent");
    for officer in [TEACHER, TRAINING_ADMIN, ADMIN, CLERK] {
        assert_eq!(refused(&app.client_of(officer).await, lesson).await, Code::NotSignedIn, "{officer}");
    }
    rate(&clients[1], lesson, answers(4, "")).await.expect("late is there");
    let seen = clients[1].get::<GetLesson>(ById { id: lesson }).await.expect("his lesson");
    assert!(seen.my_rated && !seen.can_rate);
    for broken in [
        Rate { scores: BTreeMap::from([(Dimension::Content, 5)]), ..answers(5, "") },
        answers(6, ""),
        answers(0, ""),
        answers(5, &"字".repeat(1001)),
    ] {
        assert_eq!(rate(&clients[0], lesson, broken).await.expect_err("broken").code, Code::BadInput);
    }
    let unknown = Uuid::new_v4();
    assert_eq!(refused(&clients[0], unknown).await, Code::NotFound);
    let not_his = clients[0].post::<CloseRating>(ById { id: lesson }, Empty {}).await.expect_err("a trainee");
    assert_eq!(not_his.code, Code::NotAllowed);

    app.clock.set(at("2026-11-25", 10, 30));
    assert_eq!(refused(&clients[0], lesson).await, Code::RatingClosed, "48 hours later");
}

/// T31.
async fn nobody_counts_twice(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let lesson = class.lessons[0];
    attended(&app, lesson, &class.trainees, "on_time").await;
    let client = app.client_of(&class.trainees[0]).await;
    app.clock.set(at(TestApp::DAY, 11, 0));
    let outcomes = join_all((0..8).map(|_| rate(&client, lesson, answers(5, "好")))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(
        outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|problem| problem.code == Code::AlreadyRated)
    );
    assert_eq!(buffered(&app).await, 1, "what nothing vouches for does not wait");
    let id = rating_receipt::Entity::find().one(app.state.database.read()).await.expect("the database answers");
    let same = Rate { id: id.expect("a receipt").request_id, ..answers(1, "别的") };
    for outcome in join_all((0..4).map(|_| rate(&client, lesson, same.clone()))).await {
        outcome.expect("the same id succeeds again");
    }
    close(&app, lesson).await;
    rate(&client, lesson, same).await.expect("the same id succeeds also after the end");
    assert_eq!((count_all(&app, "content", 5).await, count_all(&app, "content", 1).await), (1, 0));
    close(&app, lesson).await;
    assert_eq!(count_all(&app, "content", 5).await, 1, "closing again counts nothing");
}

/// T32.
async fn a_whole_class_is_counted_exactly(app: TestApp) {
    let class = app.class(&app.world().await, 252, TestApp::DAY).await;
    let lesson = class.lessons[0];
    attended(&app, lesson, &class.trainees, "on_time").await;
    app.clock.set(at(TestApp::DAY, 10, 31));
    let clients = app.clients_of(&class.trainees).await;
    for outcome in join_all(clients.iter().map(|client| rate(client, lesson, answers(5, "受益匪浅")))).await {
        outcome.expect("each may rate");
    }
    // Several at once settle what is due; one of them counts.
    app.clock.set(at("2026-11-25", 10, 30));
    let other = app.replica().await;
    let (one, two) =
        futures_util::join!(server::rating::settle_due(&app.state), server::rating::settle_due(&other.state));
    let counted: usize = [one, two].into_iter().flatten().sum();
    assert!(counted >= 1, "the three lessons of the class are due");
    server::rating::settle_due(&app.state).await.expect("settles the rest");
    let teacher = app.client_of(TEACHER).await;
    let shown = results(&teacher, lesson).await.expect("the rating has ended");
    assert_eq!((shown.attended, shown.answers), (252, Some(252)));
    for summary in shown.dimensions.values() {
        let summary = summary.expect("above the threshold");
        assert_eq!((summary.counts, summary.mean_hundredths), ([0, 0, 0, 0, 252], 500));
    }
    assert_eq!(shown.texts.map(|texts| texts.len()), Some(252));
    assert_eq!(buffered(&app).await, 0);
}

/// T53, T55.
async fn results_open_late_and_from_five_answers_on(app: TestApp) {
    let class = app.class(&app.world().await, 6, TestApp::DAY).await;
    let clients = app.clients_of(&class.trainees).await;
    let teacher = app.client_of(TEACHER).await;
    let stranger = app.client_of(CLERK).await;
    for (lesson, raters) in [(class.lessons[0], 4), (class.lessons[1], 5)] {
        attended(&app, lesson, &class.trainees, "on_time").await;
        app.clock.set(at(TestApp::DAY, 12, 30));
        for client in &clients[..raters] {
            rate(client, lesson, answers(3, "尚可")).await.expect("may rate");
        }
        assert_eq!(results(&teacher, lesson).await.expect_err("still open").code, Code::ResultsNotOpen);
        assert_eq!(results(&clients[0], lesson).await.expect_err("still open").code, Code::ResultsNotOpen);
        close(&app, lesson).await;
        assert_eq!(refused(&clients[5], lesson).await, Code::RatingClosed);
        assert_eq!(results(&stranger, lesson).await.expect_err("not his class").code, Code::NotFound);
        let (seen, shown) =
            (results(&clients[0], lesson).await.expect("closed"), results(&teacher, lesson).await.expect("closed"));
        assert_eq!((seen.attended, shown.threshold), (6, 5));
        assert_eq!(seen.texts, None, "texts are for the class staff");
        if raters < 5 {
            assert_eq!((shown.answers, &shown.texts), (None, &None));
            assert!(shown.dimensions.values().all(Option::is_none));
            let raw = teacher.fetch(&format!("/api/v1/lessons/{lesson}/results")).await.json();
            assert!(raw["dimensions"]["content"].is_null() && raw["answers"].is_null(), "{raw}");
        } else {
            assert_eq!((seen.answers, shown.answers), (Some(5), Some(5)));
            assert!(seen.dimensions.values().flatten().all(|summary| summary.counts == [0, 0, 5, 0, 0]));
            assert_eq!(shown.texts.map(|texts| texts.len()), Some(5));
        }
    }
    let audit = audit_entry::Entity::find().all(app.state.database.read()).await.expect("the database answers");
    assert_eq!(audit.iter().filter(|row| row.action == "rating.close").count(), 2);
    assert!(audit.iter().all(|row| !row.action.starts_with("rating") || row.action == "rating.close"));
}

async fn a_crash_between_the_steps_loses_and_doubles_nothing(app: TestApp) {
    let class = app.class(&app.world().await, 6, TestApp::DAY).await;
    let lesson = class.lessons[0];
    attended(&app, lesson, &class.trainees, "on_time").await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 11, 0));
    let bodies: Vec<Rate> = (0..6).map(|n| answers(5, &format!("第 {n} 份"))).collect();
    for (client, body) in clients.iter().zip(&bodies) {
        rate(client, lesson, body.clone()).await.expect("may rate");
    }
    // The server died for two of them after the answers were buffered and before the receipt was made.
    let write = app.state.database.write();
    for number in &class.trainees[..2] {
        let key = (lesson, app.officer(number).await.id);
        let receipt = rating_receipt::Entity::find_by_id(key).one(write).await.expect("the database answers");
        receipt.expect("a receipt").delete(write).await.expect("the receipt is taken away");
    }
    let restarted = app.replica().await;
    // One phone sends again; the other never comes back, so nothing was acknowledged to it.
    let again = restarted.client_of(&class.trainees[0]).await;
    rate(&again, lesson, bodies[0].clone()).await.expect("goes on where it stopped");
    close(&restarted, lesson).await;
    assert_eq!(count_all(&app, "method", 5).await, 5);
    assert_eq!(buffered(&app).await, 0);

    // The same server died later, with answers in the buffer that came after the count.
    let row = rating_buffer::ActiveModel { tag: Set(vec![1; 32]), lesson_id: Set(lesson), sealed: Set(vec![0; 40]) };
    rating_buffer::Entity::insert(row).exec_without_returning(write).await.expect("stored");
    server::rating::settle_due(&app.state).await.expect("settles");
    assert_eq!((buffered(&app).await, count_all(&app, "method", 5).await), (0, 5));

    // A count that failed half-way has not happened: it is one transaction that begins with the mark.
    let other = class.lessons[1];
    attended(&app, other, &class.trainees[..1], "on_time").await;
    app.clock.set(at(TestApp::DAY, 12, 30));
    rate(&clients[0], other, answers(2, "")).await.expect("may rate");
    let spoiled = rating_buffer::Entity::find().one(write).await.expect("the database answers").expect("buffered");
    let sealed = spoiled.sealed.clone();
    let mut change = spoiled.into_active_model();
    change.sealed = Set(vec![0; 40]);
    let spoiled = change.update(write).await.expect("stored");
    app.clock.set(at("2026-11-26", 0, 0));
    assert!(server::rating::settle(&app.state, other).await.is_err());
    let row = lesson::Entity::find_by_id(other).one(write).await.expect("the database answers").expect("a lesson");
    assert!(!row.ratings_counted, "nothing has happened");
    let mut change = spoiled.into_active_model();
    change.sealed = Set(sealed);
    change.update(write).await.expect("stored");
    assert!(server::rating::settle(&app.state, other).await.expect("counts now"));
    assert!(!server::rating::settle(&app.state, other).await.expect("once only"));
    assert_eq!(count_all(&app, "method", 2).await, 1);
}

/// T50, T52, T54: everything that is stored, read as somebody who has the database and not the key file.
async fn nothing_stored_links_a_person_with_an_answer(app: TestApp) {
    let class = app.class(&app.world().await, 12, TestApp::DAY).await;
    let lesson = class.lessons[0];
    attended(&app, lesson, &class.trainees, "on_time").await;
    let clients = app.clients_of(&class.trainees).await;
    app.clock.set(at(TestApp::DAY, 11, 0));
    let texts: Vec<String> = (0..12).map(|n| format!("独一无二的意见{n:02}")).collect();
    for (client, text) in clients.iter().zip(&texts) {
        rate(client, lesson, answers(5, text)).await.expect("may rate");
    }
    let read = app.state.database.read();
    let sealed = rating_buffer::Entity::find().all(read).await.expect("the database answers");
    assert_eq!(sealed.len(), 12);
    let length = sealed[0].sealed.len();
    for row in &sealed {
        let readable = String::from_utf8_lossy(&row.sealed).into_owned();
        assert!(!readable.contains("意见") && !readable.contains("content"));
        assert_eq!(row.sealed.len(), length, "the length does not tell who wrote much");
    }
    assert!(rating_counter::Entity::find().all(read).await.expect("the database answers").is_empty());
    app.state.database.refresh_statistics().await.expect("the database learns");
    if app.state.database.backend() == DatabaseBackend::Sqlite {
        let rows = async |sql: &str| {
            let statement = Statement::from_string(DatabaseBackend::Sqlite, sql);
            read.query_all_raw(statement).await.expect("the database answers").len()
        };
        assert_ne!(rows("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'rating_buffer'").await, 0, "it has learned");
        let samples = rows("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'").await;
        assert!(samples == 0 || rows("SELECT 1 FROM sqlite_stat4").await == 0, "no sample of a row outlives it");
    }
    let receipts = rating_receipt::Entity::find().all(read).await.expect("the database answers");
    let shown = format!("{sealed:?}");
    for receipt in &receipts {
        assert!(!shown.contains(&receipt.officer_id.to_string()) && !shown.contains(&receipt.request_id.to_string()));
        assert!(!sealed.iter().any(|row| row.tag.starts_with(receipt.request_id.as_bytes())));
    }

    close(&app, lesson).await;
    let stored = rating_text::Entity::find().all(read).await.expect("the database answers");
    let mut found: Vec<&str> = stored.iter().map(|row| row.text.as_str()).collect();
    assert_ne!(found, texts, "the order of writing is gone");
    found.sort_unstable();
    assert_eq!(found, texts);
    let counters = rating_counter::Entity::find().all(read).await.expect("the database answers");
    assert_eq!(counters.len(), 20, "every counter is there, used or not");
    let answers_side = format!("{stored:?}{counters:?}");
    for receipt in &receipts {
        assert!(!answers_side.contains(&receipt.officer_id.to_string()));
        assert!(!answers_side.contains(&receipt.request_id.to_string()));
    }
    assert!(stored.iter().all(|row| row.id.get_version_num() == 4), "no id tells an order");
    // No other table has heard of it.
    let audit = audit_entry::Entity::find().all(read).await.expect("the database answers");
    let ids: Vec<String> = receipts.iter().map(|receipt| receipt.officer_id.to_string()).collect();
    assert!(audit.iter().all(|row| row.subject_id != lesson.to_string() || row.action == "rating.close"));
    assert!(
        audit
            .iter()
            .filter(|row| row.action.starts_with("rating"))
            .all(|row| { row.actor_id.is_some_and(|actor| !ids.contains(&actor.to_string())) })
    );
}

/// T59.
async fn the_plain_form_keeps_what_was_typed(app: TestApp) {
    let class = app.class(&app.world().await, 2, TestApp::DAY).await;
    let lesson = class.lessons[0];
    attended(&app, lesson, &class.trainees[..1], "on_time").await;
    let page = format!("/lessons/{lesson}/rate-plain");
    let client = app.client_of(&class.trainees[0]).await;
    app.clock.set(at(TestApp::DAY, 10, 0));
    assert!(client.fetch(&page).await.text().contains("课程结束后"));
    app.clock.set(at(TestApp::DAY, 11, 0));
    let absent = app.client_of(&class.trainees[1]).await;
    assert!(absent.fetch(&page).await.text().contains("签到"));
    let form = client.fetch(&page).await;
    assert!(form.text().contains("民法典合同编的适用"), "{}", form.text());

    let id = Uuid::new_v4().to_string();
    let half = [("id", id.as_str()), ("content", "5"), ("method", "4"), ("text", "案例再多些 <b>")];
    for (client, status) in [(client.clone(), StatusCode::BAD_REQUEST), (app.client(), StatusCode::UNAUTHORIZED)] {
        let again = client.submit_form(&page, &half).await;
        assert_eq!(again.status, status);
        assert!(again.text().contains("案例再多些 &lt;b") && again.text().contains(&id), "{}", again.text());
        assert_eq!(again.text().matches("checked").count(), 2);
    }
    let whole = [("relevance", "5"), ("organisation", "5")];
    let fields: Vec<_> = half.into_iter().chain(whole).collect();
    for _ in 0..2 {
        let done = client.submit_form(&page, &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    }
    let other = Uuid::new_v4().to_string();
    let fields: Vec<_> =
        fields.into_iter().map(|(name, value)| (name, if name == "id" { other.as_str() } else { value })).collect();
    let twice = client.submit_form(&page, &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    close(&app, lesson).await;
    assert_eq!(count_all(&app, "method", 4).await, 1);
}
