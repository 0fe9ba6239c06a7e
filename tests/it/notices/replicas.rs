//! Two servers on one PostgreSQL: what happens on one is heard on the other.

use std::future::Future;
use std::time::Duration;

use app::api::ById;
use app::attendance::api::{CreateSignIn, GetBoard, SignIn};
use app::notice::rules::{News, NoticeKind};
use sea_orm::ConnectionTrait;
use server::events::Event;
use server::notice::{Subject, send};
use tests::world::{HEAD, TEACHER};
use tests::{Backend, TestApp, at, run};
use tokio::time::Instant;
use uuid::Uuid;

use super::tell;
use super::watch::Stream;

/// On SQLite there is one server.
macro_rules! on_postgres {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[test]
                fn postgres() {
                    super::run(super::Backend::Postgres, super::$name);
                }
            }
        )+
    };
}

on_postgres!(
    a_notice_reaches_every_replica,
    what_was_missed_while_nobody_listened_is_read_again,
    a_board_hears_of_a_sign_in_at_another_replica,
    a_notice_that_is_taken_back_is_heard_nowhere,
);

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it is heard, on a machine under load too")
}

/// Waits until a server listens to the others: it says so by asking its watchers to look.
async fn listening(app: &TestApp) {
    let mut events = app.state.events.watch();
    loop {
        // A replica that began to listen before this watch hears its neighbour.
        let tx = app.state.database.begin().await.unwrap();
        tx.execute_unprepared(
            r#"SELECT pg_notify('fingertip_events', '{"from":"00000000-0000-0000-0000-000000000000","event":"missed"}')"#,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        if tokio::time::timeout(Duration::from_millis(200), events.recv())
            .await
            .is_ok_and(|event| event == Ok(Event::Missed))
        {
            return;
        }
    }
}

async fn a_notice_reaches_every_replica(app: TestApp) {
    app.world().await;
    let other = app.replica().await;
    let served = other.serve().await;
    in_time(listening(&other)).await;
    let mut stream = Stream::open(&other, &served, HEAD, "", None).await;
    assert_eq!(stream.next().await.update.unread, 0);
    let mut quickest = Duration::MAX;
    for position in 1..=5 {
        let begin = Instant::now();
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
        let received = stream.next_notice().await;
        quickest = quickest.min(begin.elapsed());
        assert_eq!((received.id, received.update.unread), (position, position));
    }
    assert!(quickest < Duration::from_secs(1), "the other replica heard of it after {quickest:?}");
}

async fn what_was_missed_while_nobody_listened_is_read_again(app: TestApp) {
    app.world().await;
    let other = app.replica().await;
    let served = other.serve().await;
    in_time(listening(&other)).await;
    let mut stream = Stream::open(&other, &served, HEAD, "", None).await;
    assert_eq!(stream.next().await.update.unread, 0);
    // Every connection that listens breaks; in the same transaction something happens that nobody can hear.
    let tx = app.state.database.begin().await.unwrap();
    let broken = tx
        .execute_unprepared(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND query LIKE 'LISTEN %' AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    assert!(broken.rows_affected() >= 2, "both servers listened");
    tx.rollback().await.unwrap();
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    assert_eq!(stream.next_notice().await.id, 1);
    in_time(listening(&other)).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    assert_eq!(stream.next_notice().await.id, 2, "and it listens again");
}

async fn a_board_hears_of_a_sign_in_at_another_replica(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let other = app.replica().await;
    in_time(listening(&other)).await;
    let mut events = other.state.events.watch();
    app.clock.set(at(TestApp::DAY, 8, 40));
    let lesson = class.lessons[0];
    let board = app.client_of(TEACHER).await.get::<GetBoard>(ById { id: lesson }).await;
    let code = board.expect("the class teacher shows the board").code;
    let body = SignIn { lesson: Some(lesson), code: Some(code), link: None, nonce: Uuid::new_v4(), scanned_at: None };
    let trainee = app.client_of(&class.trainees[0]).await;
    trainee.send::<CreateSignIn>(body).await.expect("fresh");
    in_time(async { while events.recv().await != Ok(Event::SignedIn(lesson)) {} }).await;
}

async fn a_notice_that_is_taken_back_is_heard_nowhere(app: TestApp) {
    app.world().await;
    let other = app.replica().await;
    in_time(listening(&other)).await;
    let mut events = other.state.events.watch();
    let head = app.officer(HEAD).await.id;
    let subject = Subject { kind: "leave", id: Uuid::new_v4(), number: "" };
    let tx = app.state.database.begin().await.unwrap();
    send(&tx, &app.clock, subject, [News { officer: head, kind: NoticeKind::Urged, actor: None }]).await.unwrap();
    tx.rollback().await.unwrap();
    // What comes after it is heard, so it would have been heard before.
    tell(&app, &[TEACHER], NoticeKind::Urged).await;
    let teacher = app.officer(TEACHER).await.id;
    let mut heard = Vec::new();
    in_time(async {
        while heard.last() != Some(&Event::Notices(teacher)) {
            heard.extend(events.recv().await.ok());
        }
    })
    .await;
    assert!(!heard.contains(&Event::Notices(head)), "{heard:?}");
}
