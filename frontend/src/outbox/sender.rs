//! Sends what waits: at the start, when the app comes to the front, when the network returns, and by a timer, since
//! Safari sends nothing in the background.

use std::cell::Cell;
use std::time::Duration;

use app::outbox::{Answer, Outcome, outcome};
use js_sys::{Function, Promise, Reflect};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::{Item, ItemState};
use crate::cache;
use crate::net::{self, Payload, exchange};
use crate::state::now;

/// The name of the lock that lets one page send at a time.
const LOCK: &str = "fingertip-outbox";
/// How often the timer looks.
const INTERVAL: Duration = Duration::from_secs(20);

thread_local! {
    static ITEMS: ArcRwSignal<Vec<Item>> = ArcRwSignal::new(Vec::new());
    static STARTED: Cell<bool> = const { Cell::new(false) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
}

/// The signed-in account's items, for the tray.
pub(super) fn items() -> ArcRwSignal<Vec<Item>> {
    ITEMS.with(Clone::clone)
}

/// Starts the sender; a second call does nothing. It runs as long as the app.
pub fn start() {
    if STARTED.replace(true) {
        return;
    }
    let listeners =
        [window_event_listener(ev::focus, |_| drain_soon()), window_event_listener(ev::online, |_| drain_soon())];
    // A listener lives until it is removed, and these never are.
    std::mem::forget(listeners);
    set_interval(drain_soon, INTERVAL);
    drain_soon();
}

fn drain_soon() {
    spawn_local(async {
        with_lock().await;
    });
}

/// Drains while no other page does. Without Web Locks two pages may send the same item; its id makes that harmless.
async fn with_lock() {
    if SENDING.replace(true) {
        return;
    }
    if locked_drain().await.is_err() {
        drain().await;
    }
    SENDING.set(false);
}

async fn locked_drain() -> Result<(), JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let work = Closure::once_into_js(|lock: JsValue| -> Promise {
        future_to_promise(async move {
            if !lock.is_null() {
                drain().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let granted: Promise = request.call3(&locks, &LOCK.into(), &options, &work)?.dyn_into()?;
    JsFuture::from(granted).await.map(drop)
}

async fn drain() {
    let Some(account) = cache::account() else { return };
    for item in Item::all(&account).await {
        if item.state != ItemState::Waiting || item.not_before > now() {
            continue;
        }
        if try_once(item).await == Outcome::SignIn {
            // The session has ended: the rest would get the same answer.
            break;
        }
    }
    refresh().await;
}

async fn try_once(item: Item) -> Outcome {
    let answer = exchange(&item.method, &item.url, Payload::Json(item.body.clone())).await;
    let problem = answer.as_ref().and_then(net::Answer::problem);
    let result = answer.as_ref().map_or(Answer::Lost, |answer| Answer::Status(answer.status, problem.as_ref()));
    let outcome = outcome(result);
    match item.clone().after(outcome, problem) {
        // Should the phone refuse to keep the new state, the old one is sent again, which its id makes harmless.
        Some(item) => drop(item.keep().await),
        None => item.forget().await,
    }
    outcome
}

/// Reads the items anew for whoever shows them.
pub(super) async fn refresh() {
    let found = match cache::account() {
        Some(account) => Item::all(&account).await,
        None => Vec::new(),
    };
    let items = items();
    if items.with_untracked(|items| *items != found) {
        items.set(found);
    }
}

/// Drops an item at its owner's wish.
pub(super) fn discard(id: Uuid) {
    spawn_local(async move {
        if let Some(item) = find(id) {
            item.forget().await;
            refresh().await;
        }
    });
}

/// Sends a waiting item now.
pub(super) fn again(id: Uuid) {
    spawn_local(async move {
        if let Some(item) = find(id).filter(|item| item.state == ItemState::Waiting) {
            item.waiting_after(0).keep().await.ok();
            with_lock().await;
        }
    });
}

fn find(id: Uuid) -> Option<Item> {
    items().with_untracked(|items| items.iter().find(|item| item.id == id).cloned())
}
