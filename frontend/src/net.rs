//! Calls of the API over the browser's `fetch`.

use std::any::Any;
use std::time::Duration;

use app::api::{Code, Empty, Endpoint, Media, Offline, Problem, percent, url};
use app::org::api::File;
use js_sys::Uint8Array;
use leptos::prelude::{set_timeout_with_handle, window};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, Response};

use crate::{cache, device, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the answer to a file may take: it has to travel first.
const PATIENCE_WITH_FILE: Duration = Duration::from_secs(180);

/// Why a call brought no reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The server said why.
    Problem(Problem),
    /// No answer: no network, or nobody at its other end.
    Offline,
    /// Nobody is signed in. The log-in page is already on its way; there is nothing to show.
    SignedOut,
}

/// Calls `E`. A read marked [`Offline::LastKnown`] leaves a copy on the phone.
///
/// # Errors
///
/// [`Failure`]; a session that has ended opens the log-in page, which leads back to this one.
pub async fn call<E: Endpoint>(path: &E::Path, query: &E::Query, body: &E::Body) -> Result<E::Reply, Failure> {
    let url = url::<E>(path, query);
    let text = ask(E::METHOD.as_str(), &url, payload::<E>(body)).await.inspect_err(|failure| {
        if *failure == Failure::SignedOut {
            go_to_login();
        }
    })?;
    let reply = decode::<E::Reply>(&text)?;
    if E::OFFLINE == Offline::LastKnown {
        cache::keep(&url, &text, &reply).await;
    }
    Ok(reply)
}

/// Reads an address of the API as text; what becomes of it is the caller's business.
pub(crate) async fn read(url: &str) -> Result<String, Failure> {
    ask("GET", url, Payload::None).await.inspect_err(|failure| {
        if *failure == Failure::SignedOut {
            go_to_login();
        }
    })
}

/// Reads a reply; nothing at all stands for [`Empty`].
pub(crate) fn decode<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    json::from_str(if text.is_empty() { "{}" } else { text }).map_err(|error| {
        Failure::Problem(Problem::new(Code::Internal, format!("无法读取服务器的答复，请刷新页面后重试（{error}）")))
    })
}

/// What travels with a request.
#[derive(Debug)]
pub(crate) enum Payload {
    /// Nothing.
    None,
    /// JSON.
    Json(String),
    /// The bytes of a file.
    Bytes(Vec<u8>),
}

fn payload<E: Endpoint>(body: &E::Body) -> Payload {
    let body_as_any: &dyn Any = body;
    match E::BODY {
        Media::File => body_as_any.downcast_ref::<File>().map_or(Payload::None, |file| Payload::Bytes(file.0.clone())),
        Media::Json | Media::Events if body_as_any.is::<Empty>() => Payload::None,
        Media::Json | Media::Events => Payload::Json(serde_json::to_string(body).expect("a body is plain data")),
    }
}

async fn ask(method: &str, url: &str, payload: Payload) -> Result<String, Failure> {
    let Some(answer) = exchange(method, url, payload).await else { return Err(Failure::Offline) };
    match answer.problem() {
        _ if (200..300).contains(&answer.status) => Ok(answer.text),
        Some(problem) if problem.code == Code::SignedOut => Err(Failure::SignedOut),
        Some(problem) => Err(Failure::Problem(problem)),
        // A gateway in between answers for a server that is down.
        None if answer.status >= 500 => Err(Failure::Offline),
        None => {
            let detail = format!("服务器答复异常（{}），请刷新页面后重试", answer.status);
            Err(Failure::Problem(Problem { status: answer.status, ..Problem::new(Code::Internal, detail) }))
        }
    }
}

/// An answer of whatever status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    /// The problem that the answer is, if it is one that we know.
    pub(crate) fn problem(&self) -> Option<Problem> {
        if self.status < 400 { None } else { json::from_str(&self.text).ok() }
    }
}

/// One request and its answer; `None` when there was no answer in time.
pub(crate) async fn exchange(method: &str, url: &str, payload: Payload) -> Option<Answer> {
    let controller = AbortController::new().ok()?;
    let patience = if matches!(payload, Payload::Bytes(_)) { PATIENCE_WITH_FILE } else { PATIENCE };
    let abort = controller.clone();
    let watchdog = set_timeout_with_handle(move || abort.abort(), patience).ok();
    let answer = fetch(method, url, payload, &controller).await.ok();
    if let Some(watchdog) = watchdog {
        watchdog.clear();
    }
    answer
}

async fn fetch(method: &str, url: &str, payload: Payload, controller: &AbortController) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("accept", "application/json, application/problem+json")?;
    if let Some(device) = device::id() {
        headers.set(device::HEADER, &device)?;
    }
    match payload {
        Payload::None => {}
        Payload::Json(text) => {
            headers.set("content-type", "application/json")?;
            init.set_body(&text.into());
        }
        Payload::Bytes(bytes) => {
            headers.set("content-type", "application/octet-stream")?;
            init.set_body(&Uint8Array::from(bytes.as_slice()).into());
        }
    }
    init.set_method(method);
    init.set_headers(&headers.into());
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(Some(&controller.signal()));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer { status: response.status(), text })
}

/// Opens the log-in page, which leads back to the present one.
pub fn go_to_login() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    // Should the browser refuse, the page stays as it is and the next call tries again.
    location.assign(&format!("/login?next={}", percent(&here))).ok();
}

/// Forgets the account's answers on this phone; what waits in its outbox stays.
pub async fn forget_account() {
    cache::forget_account().await;
}

/// An id for a write that can be sent again.
pub fn new_id() -> Uuid {
    device::new_id()
}
