//! Calendar feeds: what they say, who reads them, and that ending one works at once.

use app::leave::feed::{CreateFeed, FeedKind, ListFeeds, MadeFeed, NewFeed, RevokeFeed};
use app::org::rules::{Category, OfficerStatus};
use axum::http::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use server::entity::{audit_entry, leave_feed, officer};
use tests::Answered;

use super::*;

on_both!(
    a_feed_says_when_and_nothing_else,
    an_ended_feed_and_an_owner_who_left_are_unknown,
    a_feed_shows_the_department_of_now,
    of_each_kind_there_is_one,
    a_reading_takes_a_fixed_number_of_statements,
);

async fn make(client: &Client, kind: FeedKind) -> MadeFeed {
    client.send::<CreateFeed>(NewFeed { id: Uuid::new_v4(), kind }).await.unwrap()
}

async fn read(app: &TestApp, feed: &MadeFeed) -> Answered {
    app.client().fetch(&feed.path).await
}

async fn a_feed_says_when_and_nothing_else(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let whole = submit(&clerk, asking("sick", "2026-11-24", "2026-11-25")).await;
    approve_all(&app, &whole).await;
    let half_day = Submit { to: half("2026-11-27", Half::Am), ..asking("annual", "2026-11-27", "2026-11-27") };
    let half_day = submit(&clerk, half_day).await;
    approve_all(&app, &half_day).await;
    submit(&clerk, asking("personal", "2026-12-01", "2026-12-01")).await;

    let own = make(&clerk, FeedKind::Own).await;
    let team = make(&app.client_of(COLLEAGUE).await, FeedKind::Team).await;
    let answer = read(&app, &own).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "private, max-age=3600");
    let text = answer.text();
    for line in [
        "BEGIN:VCALENDAR",
        "SUMMARY:请假",
        "DTSTART;VALUE=DATE:20261124",
        "DTEND;VALUE=DATE:20261126",
        // Nine to twelve in Shanghai.
        "DTSTART:20261127T010000Z",
        "DTEND:20261127T040000Z",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line} is missing in\n{text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "what is not decided is not in it: {text}");
    assert_eq!(text, read(&app, &own).await.text(), "the same from one reading to the next");
    let seen = read(&app, &team).await.text();
    assert!(seen.contains("SUMMARY:周书记 不在岗\r\n") && seen.matches("BEGIN:VEVENT").count() == 2, "{seen}");
    for text in [text, seen] {
        for secret in ["病假", "sick", "annual", "回乡探亲", "临江市", CLERK, &whole.number, &whole.id.to_string()]
        {
            assert!(!text.contains(secret), "{secret} stands in\n{text}");
        }
    }
}

async fn an_ended_feed_and_an_owner_who_left_are_unknown(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let (own, team) = (make(&clerk, FeedKind::Own).await, make(&clerk, FeedKind::Team).await);
    let token = own.path.strip_prefix("/feeds/").and_then(|file| file.strip_suffix(".ics")).unwrap();
    assert_eq!(token.len(), 32, "128 bits");
    let stored = leave_feed::Entity::find_by_id(own.feed.id).one(app.state.database.read()).await.unwrap().unwrap();
    assert_ne!(stored.token_digest, token.as_bytes());
    let unknown = app.client().fetch(&format!("/feeds/{}.ics", "0".repeat(32))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    let other = app.client_of(COLLEAGUE).await;
    let by = ById { id: own.feed.id };
    assert_eq!(other.call::<RevokeFeed>(by, Empty {}, Empty {}).await.unwrap_err().code, Code::NotFound);
    assert_eq!(read(&app, &own).await.status, StatusCode::OK);
    for _ in 0..2 {
        clerk.call::<RevokeFeed>(by, Empty {}, Empty {}).await.unwrap();
    }
    let ended = read(&app, &own).await;
    assert_eq!((ended.status, ended.text()), (unknown.status, unknown.text()));

    assert_eq!(read(&app, &team).await.status, StatusCode::OK);
    let mut leaving = app.officer(CLERK).await.into_active_model();
    leaving.status = Set(OfficerStatus::Retired.as_str().to_owned());
    leaving.update(app.state.database.write()).await.unwrap();
    let gone = read(&app, &team).await;
    assert_eq!((gone.status, gone.text()), (unknown.status, unknown.text()));
    let rows = audit_entry::Entity::find().all(app.state.database.read()).await.unwrap();
    let deeds: Vec<&str> =
        rows.iter().filter(|row| row.subject_kind == "leave_feed").map(|row| row.action.as_str()).collect();
    assert_eq!(deeds, ["leave_feed.create", "leave_feed.create", "leave_feed.revoke"]);
}

async fn a_feed_shows_the_department_of_now(app: TestApp) {
    let world = app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("sick", "2026-11-24", "2026-11-24")).await;
    approve_all(&app, &request).await;
    let feed = make(&app.client_of(COLLEAGUE).await, FeedKind::Team).await;
    assert!(read(&app, &feed).await.text().contains("周书记"));
    let mut moved: officer::ActiveModel = app.officer(COLLEAGUE).await.into_active_model();
    moved.department_id = Set(world.criminal);
    moved.update(app.state.database.write()).await.unwrap();
    assert!(!read(&app, &feed).await.text().contains("周书记"), "he may not see them any more");
}

async fn a_reading_takes_a_fixed_number_of_statements(app: TestApp) {
    let world = app.world().await;
    let feed = make(&app.client_of(COLLEAGUE).await, FeedKind::Team).await;
    let count = async || {
        let before = app.state.database.statements().get();
        let events = read(&app, &feed).await.text().matches("BEGIN:VEVENT").count();
        (events, app.state.database.statements().get() - before)
    };
    let (none, few) = count().await;
    assert!(none == 0 && few <= 12, "{few} statements");
    for number in 210_000..210_030 {
        app.officer_in(world.court, world.civil, &number.to_string(), "林书记员", "", Category::Clerk).await;
    }
    for day in ["2026-11-25", "2026-11-27"] {
        let request = submit(&app.client_of(CLERK).await, asking("sick", day, day)).await;
        approve_all(&app, &request).await;
    }
    assert_eq!(count().await, (2, few));
}

async fn of_each_kind_there_is_one(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = NewFeed { id: Uuid::new_v4(), kind: FeedKind::Own };
    let first = clerk.send::<CreateFeed>(body).await.unwrap();
    assert_eq!(clerk.send::<CreateFeed>(body).await.unwrap(), first, "a repeat answers as the first did");
    let other = NewFeed { kind: FeedKind::Team, ..body };
    assert_eq!(clerk.send::<CreateFeed>(other).await.unwrap_err().code, Code::IdReused);
    let foreign = app.client_of(COLLEAGUE).await.send::<CreateFeed>(body).await;
    assert_eq!(foreign.unwrap_err().code, Code::IdReused);

    let second = make(&clerk, FeedKind::Own).await;
    assert_eq!(read(&app, &first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&app, &second).await.status, StatusCode::OK);
    assert_eq!(clerk.send::<CreateFeed>(body).await.unwrap_err().code, Code::WrongState);
    let listed = clerk.call::<ListFeeds>(Empty {}, Empty {}, Empty {}).await.unwrap();
    assert_eq!(listed.items, [second.feed]);
}
