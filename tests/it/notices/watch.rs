//! The list of notices as a stream of events.

use std::time::Duration;

use app::api::{ById, Empty};
use app::notice::api::{ListNotices, MarkNoticeRead, NoticeQuery, NoticeUpdate};
use app::notice::rules::NoticeKind;
use tests::world::{CLERK, HEAD};
use tests::{Served, TestApp, on_both};

use super::{list, tell};

on_both!(
    the_count_comes_at_once_and_each_notice_when_it_happens,
    a_stream_is_taken_up_without_a_gap,
    reading_on_one_device_is_seen_on_the_other,
    a_session_that_ended_hears_nothing_more,
);

/// No event takes longer; a machine under load is slow, not wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream of events as a browser reads it.
pub(super) struct Stream {
    response: reqwest::Response,
    text: String,
}

/// An event.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) id: i64,
    pub(super) update: NoticeUpdate,
}

impl Stream {
    pub(super) async fn open(app: &TestApp, served: &Served, officer: &str, query: &str, last: Option<i64>) -> Self {
        Self::open_as(served, &app.token_of(officer).await, query, last).await
    }

    async fn open_as(served: &Served, token: &str, query: &str, last: Option<i64>) -> Self {
        let url = format!("{}/api/v1/notices/watch{query}", served.origin());
        let mut request = reqwest::Client::new().get(url).bearer_auth(token);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = request.send().await.expect("the server answers on its socket");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { response, text: String::new() }
    }

    /// The next event; comments and `retry` are passed over.
    pub(super) async fn next(&mut self) -> Received {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
                };
                if let Some(data) = field("data") {
                    assert_eq!(field("event"), Some("notice"));
                    let id = field("id").and_then(|id| id.parse().ok()).expect("each event can be taken up from");
                    return Received { id, update: serde_json::from_str(data).expect("the wire type") };
                }
                continue;
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            let chunk = chunk.expect("the stream goes on").expect("the stream does not end");
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The next notice; counts are passed over.
    pub(super) async fn next_notice(&mut self) -> Received {
        loop {
            let received = self.next().await;
            if received.update.notice.is_some() {
                return received;
            }
        }
    }
}

async fn the_count_comes_at_once_and_each_notice_when_it_happens(app: TestApp) {
    app.world().await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let served = app.serve().await;
    let mut stream = Stream::open(&app, &served, HEAD, "", None).await;
    let first = stream.next().await;
    assert_eq!((first.id, first.update.unread, first.update.notice), (1, 1, None));
    // What others are told is not his.
    tell(&app, &[CLERK], NoticeKind::Decided).await;
    let subject = tell(&app, &[HEAD], NoticeKind::Urged).await;
    let second = stream.next().await;
    let notice = second.update.notice.expect("a notice came");
    assert_eq!((second.id, second.update.unread, notice.position), (2, 2, 2));
    assert_eq!((notice.kind, notice.subject_id, notice.actor.as_deref()), (NoticeKind::Urged, subject, Some("王庭长")));
}

async fn a_stream_is_taken_up_without_a_gap(app: TestApp) {
    app.world().await;
    let served = app.serve().await;
    let mut stream = Stream::open(&app, &served, HEAD, "", None).await;
    let seen = stream.next().await.id;
    assert_eq!(seen, 0, "a list that never had a notice");
    drop(stream);
    // More than are read at a time.
    for _ in 0..60 {
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    }
    let mut stream = Stream::open(&app, &served, HEAD, "", Some(seen)).await;
    let count = stream.next().await;
    assert_eq!((count.id, count.update.unread, count.update.notice), (0, 60, None));
    for position in 1..=60 {
        let received = stream.next_notice().await;
        assert_eq!((received.id, received.update.notice.map(|notice| notice.position)), (position, Some(position)));
    }
    drop(stream);
    // A page that cannot set the header says it in the address; the header counts more.
    let mut stream = Stream::open(&app, &served, HEAD, "?after=57", None).await;
    assert_eq!((stream.next().await.id, stream.next_notice().await.id), (57, 58));
    let mut stream = Stream::open(&app, &served, HEAD, "?after=3", Some(59)).await;
    assert_eq!((stream.next().await.id, stream.next_notice().await.id), (59, 60));
    // A position of another account, or of a list that was restored, is no reason to stay silent.
    let mut stream = Stream::open(&app, &served, HEAD, "", Some(4711)).await;
    assert_eq!(stream.next().await.id, 60);
    tell(&app, &[HEAD], NoticeKind::Urged).await;
    assert_eq!(stream.next_notice().await.id, 61);
}

async fn reading_on_one_device_is_seen_on_the_other(app: TestApp) {
    app.world().await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let served = app.serve().await;
    let mut stream = Stream::open(&app, &served, HEAD, "", None).await;
    assert_eq!(stream.next().await.update.unread, 2);
    let head = app.client_of(HEAD).await;
    let newest = list(&head, NoticeQuery::default()).await.items[0].id;
    head.post::<MarkNoticeRead>(ById { id: newest }, Empty {}).await.expect("his own");
    let received = stream.next().await;
    assert_eq!((received.id, received.update.unread, received.update.notice), (2, 1, None));
    // Reading the list changes nothing (R7).
    head.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.expect("his own");
    assert_eq!(list(&head, NoticeQuery::default()).await.unread, 1);
}

async fn a_session_that_ended_hears_nothing_more(app: TestApp) {
    app.world().await;
    let served = app.serve().await;
    let token = app.token_of(HEAD).await;
    let mut stream = Stream::open_as(&served, &token, "", None).await;
    assert_eq!(stream.next().await.update.unread, 0);
    app.client().with_token(&token).send::<app::account::api::EndSession>(Empty {}).await.expect("signed out");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let end = tokio::time::timeout(PATIENCE, stream.response.chunk()).await.expect("in time").expect("no break");
    assert_eq!(end, None, "the stream ends, and coming back needs a session");
}
