//! Writes that wait for the network.
//!
//! A write marked [`Offline::Queue`] is put here before it is sent, so that it survives a lost network, a closed
//! page and an empty battery. Whoever made it is told the truth: sent, or only queued. What an answer does to an
//! item is decided by [`app::outbox::outcome`]; this module keeps, sends and shows.
//!
//! Items belong to an account and are sent only while that account is signed in. One page sends at a time.

mod item;
mod sender;
pub mod view;

use app::api::{Code, Endpoint, Offline, Problem, url};
use app::outbox::{Answer, Outcome, outcome};
use leptos::prelude::*;
use uuid::Uuid;

pub use item::{Item, ItemState};
pub use sender::start;

use crate::net::{self, Failure, Payload, exchange};
use crate::state::{AppState, now};
use crate::{cache, device};

/// For so long a write that is on its way is left alone by the sender, in seconds.
const LEASE_SECONDS: i64 = 45;

/// What has become of a write.
#[derive(Clone, Debug)]
pub enum Sent<T> {
    /// The server has it and answered.
    Done(T),
    /// It waits for the network. Never show this as submitted.
    Queued,
}

/// Sends `E` through the outbox.
///
/// The body carries an `id` that the phone made; without one the item gets its own, and a repeat would not be
/// recognised, which is why only calls with such an id are marked [`Offline::Queue`].
///
/// # Errors
///
/// The server's answer against it, in which case nothing stays behind in the outbox; [`Failure::Offline`] when the
/// call is not of the queued kind or the phone cannot keep it. [`Failure::SignedOut`] opens the log-in page, and the
/// item waits.
pub async fn send<E: Endpoint>(path: &E::Path, body: E::Body) -> Result<Sent<E::Reply>, Failure>
where
    E::Query: Default,
{
    if E::OFFLINE != Offline::Queue {
        return net::call::<E>(path, &E::Query::default(), &body).await.map(Sent::Done);
    }
    let body = serde_json::to_value(&body).expect("a body is plain data");
    let id = body.get("id").and_then(|id| id.as_str()).and_then(|id| Uuid::parse_str(id).ok());
    let item = Item {
        id: id.unwrap_or_else(device::new_id),
        account: cache::account().unwrap_or_default(),
        call: E::NAME.to_owned(),
        method: E::METHOD.as_str().to_owned(),
        url: url::<E>(path, &E::Query::default()),
        body: body.to_string(),
        queued_at: now(),
        tries: 1,
        not_before: now().plus_seconds(LEASE_SECONDS),
        state: ItemState::Waiting,
    };
    let text = send_now(item).await?;
    text.map_or(Ok(Sent::Queued), |text| net::decode(&text).map(Sent::Done))
}

/// Keeps an item, sends it, and settles it by the answer; `None` when it waits.
async fn send_now(item: Item) -> Result<Option<String>, Failure> {
    let kept = item.keep().await.is_ok();
    let answer = exchange(&item.method, &item.url, Payload::Json(item.body.clone())).await;
    let problem = answer.as_ref().and_then(net::Answer::problem);
    let result = answer.as_ref().map_or(Answer::Lost, |answer| Answer::Status(answer.status, problem.as_ref()));
    let settled = match outcome(result) {
        Outcome::Done => {
            item.forget().await;
            Ok(Some(answer.filter(|answer| answer.status < 300).map(|answer| answer.text).unwrap_or_default()))
        }
        // The person looks at the screen: he is told now, and nothing needs to be kept for later.
        Outcome::Tray | Outcome::Rejected => {
            item.forget().await;
            Err(Failure::Problem(problem.unwrap_or_else(|| Problem::new(Code::Internal, "服务器拒绝了这次提交"))))
        }
        Outcome::SignIn => {
            item.waiting_after(0).keep().await.ok();
            net::go_to_login();
            Err(Failure::SignedOut)
        }
        Outcome::Retry if kept => {
            item.waiting_after(1).keep().await.ok();
            Ok(None)
        }
        Outcome::Retry => Err(Failure::Offline),
    };
    sender::refresh().await;
    settled
}

/// The tray: what waits and what was refused, with what can be done about it. Nothing when it is empty.
pub fn tray(state: AppState) -> AnyView {
    let items = sender::items();
    let words = state.words();
    let actions = view::Actions { discard: Callback::new(sender::discard), again: Callback::new(sender::again) };
    (move || view::tray(words, &items.get(), actions)).into_any()
}

/// How many items wait or were refused; for a mark on the way to the tray.
pub fn pending() -> Signal<usize> {
    let items = sender::items();
    Signal::derive(move || items.with(Vec::len))
}
