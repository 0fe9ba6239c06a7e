//! Somebody else's server: a small listener on the loopback device that keeps what it is sent and answers as told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The largest request that it keeps.
const LIMIT: usize = 1024 * 1024;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Arrived {
    /// A header as text; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// An empty answer of this status.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("the test gives a status");
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// The same answer with a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same answer with a body.
    #[must_use]
    pub fn with_body(mut self, body: &str) -> Self {
        self.body = body.to_owned();
        self
    }
}

#[derive(Debug, Default)]
struct Inner {
    arrived: Vec<Arrived>,
    replies: VecDeque<Reply>,
}

/// The listener; it stops when this is dropped.
#[derive(Debug)]
pub struct Peer {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    task: JoinHandle<()>,
}

impl Peer {
    /// Starts listening. Without other orders it answers 200 with `{"errcode":0,"code":0}`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the system has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let inner = Arc::new(Mutex::new(Inner::default()));
        let router = Router::new().fallback(keep).with_state(inner.clone());
        let task =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("axum::serve returns no error") });
        Self { address, inner, task }
    }

    /// Its address for clients.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it answers next, one after the other.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.lock().replies.extend(replies);
    }

    /// What arrived since it was asked last, in order.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.lock().arrived)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(State(inner): State<Arc<Mutex<Inner>>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LIMIT).await.expect("the client finishes its request");
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
    inner.arrived.push(Arrived { method: parts.method, path, headers: parts.headers, body });
    let reply = inner.replies.pop_front().unwrap_or_else(|| Reply::status(200).with_body(r#"{"errcode":0,"code":0}"#));
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value.parse().expect("the test gives a header's value"));
    }
    response
}
