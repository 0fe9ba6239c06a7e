//! What happened, for those who watch it live.
//!
//! An event is announced in the transaction of its cause ([`crate::database::Transaction::announce`]) and heard when
//! that commits: in this process at once, in every other replica by PostgreSQL's `NOTIFY`; SQLite has one server.
//! Nobody relies on hearing one: a watcher reads the truth from the database, and an event only tells it when to look.

mod relay;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How long a stream of server-sent events lasts. The browser comes back by itself, and its rights are looked at again.
pub const STREAM_LASTS: Duration = Duration::from_secs(15 * 60);
/// How often a stream without news proves that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Something that a watcher wants to know at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody signed in to this lesson.
    SignedIn(Uuid),
    /// The notices of this officer changed: one came, or some were read.
    Notices(Uuid),
    /// A delivery waits to be sent.
    Queued,
    /// Events of other replicas may have been missed: whoever watches looks for himself.
    Missed,
}

/// How many events a slow watcher may fall behind before it is told to look for itself.
const BACKLOG: usize = 256;

/// The events that this process hears. A watcher that misses some looks at the database, which is the truth.
#[derive(Clone, Debug)]
pub struct Events(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    heard: broadcast::Sender<Event>,
    /// Names this process among the replicas: it has heard its own events when they come back.
    replica: Uuid,
    relay: OnceLock<AbortOnDrop>,
}

impl Default for Events {
    fn default() -> Self {
        let heard = broadcast::channel(BACKLOG).0;
        Self(Arc::new(Inner { heard, replica: Uuid::new_v4(), relay: OnceLock::new() }))
    }
}

impl Events {
    /// Watches from now on.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.0.heard.subscribe()
    }

    /// Hears the other replicas too, from the first call on. On SQLite there are none.
    pub fn hear_replicas(&self, connection: &DatabaseConnection) {
        if connection.get_database_backend() == sea_orm::DatabaseBackend::Postgres {
            self.0.relay.get_or_init(|| {
                let pool = connection.get_postgres_connection_pool().clone();
                AbortOnDrop(tokio::spawn(relay::run(pool, self.0.replica, self.0.heard.clone())))
            });
        }
    }

    /// Tells everybody in this process.
    pub(crate) fn tell(&self, event: Event) {
        // Nobody may be watching; that is no failure.
        let _ = self.0.heard.send(event);
    }

    /// Tells the other replicas once the transaction commits; one statement, however many events.
    pub(crate) async fn notify(&self, tx: &impl ConnectionTrait, events: &[Event]) -> Result<(), DbErr> {
        let payloads: Vec<String> = events.iter().map(|event| relay::payload(self.0.replica, *event)).collect();
        let values = [relay::CHANNEL.into(), serde_json::json!(payloads).into()];
        let statement = Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT count(pg_notify($1, payload)) FROM jsonb_array_elements_text($2) AS payload",
            values,
        );
        tx.query_one_raw(statement).await.map(|_| ())
    }
}

#[derive(Debug)]
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Messages as a response of server-sent events that no proxy holds back and that browsers take up again by themselves.
pub(crate) fn stream_response<E>(messages: impl Stream<Item = Result<Message, E>> + Send + 'static) -> Response
where
    E: Into<axum::BoxError> + Send + 'static,
{
    // Those who lost their server together do not come back in the same moment.
    let retry = Message::default().retry(Duration::from_millis(rand::random_range(1000..4000)));
    let messages = stream::iter([Ok(retry)]).chain(messages);
    let mut response = Sse::new(messages).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Asks nginx not to hold the events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
