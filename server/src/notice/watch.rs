//! The officer's notices as a stream of events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use app::notice::api::{Notice, NoticeUpdate, WatchNotices};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::Event as Message;
use futures_util::{Stream, stream};
use sea_orm::DbErr;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::Sleep;
use uuid::Uuid;

use crate::error::Failure;
use crate::events::{Event, STREAM_LASTS, stream_response};
use crate::mount::Call;
use crate::notice::store::{self, Part};
use crate::state::AppState;

/// How many notices are read at a time by somebody who catches up.
const BATCH: u64 = 50;
/// How often a stream looks without being told.
const LOOK: Duration = Duration::from_secs(60);
/// Everybody who watches looks for himself after a gap; not everybody in the same moment.
const SPREAD_MILLIS: u64 = 2000;

/// Streams the caller's notices.
pub(super) async fn watch_notices(call: Call<WatchNotices>) -> Result<Response, Failure> {
    let (officer, session) = (call.caller()?.id, call.caller()?.session);
    // The receiver is there before the first look, so that nothing falls in between.
    let events = call.state.events.watch();
    let last = store::preference(call.state.database.read(), officer).await?.map_or(0, |row| row.last_position);
    // A position that the list has not reached belongs to another account, or to a database before its restoration.
    let seen = last_event_id(&call.headers).or(call.query.after).unwrap_or(last).clamp(0, last);
    let watch = Watch {
        events,
        state: call.state,
        officer,
        session,
        seen,
        unread: None,
        ready: VecDeque::new(),
        is_behind: true,
        ends: Box::pin(tokio::time::sleep(STREAM_LASTS)),
    };
    Ok(stream_response(updates(watch)))
}

/// The position that a browser names when it comes back by itself.
fn last_event_id(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.trim().parse().ok()
}

struct Watch {
    events: Receiver<Event>,
    state: AppState,
    officer: Uuid,
    session: Uuid,
    /// The position of the newest notice that was read for this stream.
    seen: i64,
    /// The count that was sent last; nothing was sent yet when absent.
    unread: Option<i64>,
    /// What was read and is not sent yet.
    ready: VecDeque<Notice>,
    /// Whether there may be more to read, without waiting for an event.
    is_behind: bool,
    ends: Pin<Box<Sleep>>,
}

/// A message at once and one for each change; ends when its time is up, its session has ended or the database fails.
/// The browser comes back by itself with the id of the last message, and goes on from there.
fn updates(watch: Watch) -> impl Stream<Item = Result<Message, Infallible>> {
    stream::unfold(watch, |mut watch| async move {
        loop {
            if let Some(notice) = watch.ready.pop_front() {
                let update = NoticeUpdate { unread: watch.unread.unwrap_or_default(), notice: Some(notice) };
                return Some((Ok(message(&update, watch.seen)), watch));
            }
            if !watch.is_behind && !watch.wait().await {
                return None;
            }
            let before = watch.unread;
            if !watch.look().await.unwrap_or(false) {
                return None;
            }
            // The first message has the id to go on from, also when there is nothing to tell yet.
            if before.is_none() || (watch.ready.is_empty() && watch.unread != before) {
                let update = NoticeUpdate { unread: watch.unread.unwrap_or_default(), notice: None };
                let seen = watch.ready.front().map_or(watch.seen, |notice| notice.position - 1);
                return Some((Ok(message(&update, seen)), watch));
            }
        }
    })
}

/// A notice carries its own position; a mere count the position that the stream has got to.
fn message(update: &NoticeUpdate, seen: i64) -> Message {
    let position = update.notice.as_ref().map_or(seen, |notice| notice.position);
    let data = serde_json::to_string(update).expect("wire types are plain data");
    Message::default().event("notice").id(position.to_string()).data(data)
}

impl Watch {
    /// Reads what is new; answers false when the session has ended meanwhile.
    async fn look(&mut self) -> Result<bool, DbErr> {
        let connection = self.state.database.read();
        if !store::is_live(connection, self.session, self.state.now()).await? {
            return Ok(false);
        }
        let mut new = store::notices(connection, self.officer, Part::After(self.seen), BATCH).await?;
        self.unread = Some(store::unread(connection, self.officer, None).await?);
        self.is_behind = new.len() as u64 == BATCH;
        self.seen = new.last().map_or(self.seen, |notice| notice.position);
        self.ready.extend(new.drain(..));
        Ok(true)
    }

    /// Waits for something to look at; answers false when the stream ends.
    async fn wait(&mut self) -> bool {
        loop {
            let heard = tokio::select! {
                heard = self.events.recv() => heard,
                () = &mut self.ends => return false,
                // What was committed by a call that broke off before it could tell, for example.
                () = tokio::time::sleep(LOOK + Duration::from_millis(rand::random_range(0..SPREAD_MILLIS))) => return true,
            };
            match heard {
                Ok(Event::Notices(officer)) if officer == self.officer => {}
                Ok(Event::Missed) | Err(RecvError::Lagged(_)) => {
                    tokio::time::sleep(Duration::from_millis(rand::random_range(0..SPREAD_MILLIS))).await;
                }
                Ok(_) => continue,
                // Nothing will be told any more: the server is going down.
                Err(RecvError::Closed) => return false,
            }
            // One look answers everything that was told before it.
            while !matches!(self.events.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
            return true;
        }
    }
}
