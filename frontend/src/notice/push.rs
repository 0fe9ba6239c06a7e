//! Web Push of this browser: its permission, its subscription, and what the server knows of it.
//!
//! A subscription on the server ends with the session that made it, and a browser may replace its own. So the choice is
//! kept on the phone, by account, and made good at each start of the app.

use std::time::Duration;

use app::api::{ById, Code, Empty};
use app::notice::api::{CreatePushSubscription, DeletePushSubscription, GetPushKey, NewPushSubscription};
use js_sys::{Array, Function, JSON, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Notification, NotificationPermission, PushManager, PushSubscription, PushSubscriptionOptionsInit,
    ServiceWorkerRegistration,
};

use super::settings_view::PushState;
use crate::net::{self, Failure};
use crate::state::AppState;

/// The key of the choice in the browser's storage: the account's 工号 and the subscription's id, a line each.
const CHOICE: &str = "push";
/// How long the service worker may take to be there.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why push could not be switched on.
#[derive(Clone, Debug)]
pub enum Obstacle {
    /// The officer, or his browser for him, said no.
    Denied,
    /// The browser could not reach its push service, or has none.
    Browser,
    /// The server said why.
    Server(Failure),
}

impl From<JsValue> for Obstacle {
    fn from(_: JsValue) -> Self {
        Self::Browser
    }
}

/// Where push stands in this browser for the signed-in account. `key` is the server's; none while push is off there.
pub async fn state_with(state: AppState, key: Option<&str>) -> PushState {
    if key.is_none() {
        return PushState::SwitchedOff;
    }
    if !window().is_secure_context() {
        return PushState::Insecure;
    }
    let Some(manager) = manager().await else { return PushState::Unsupported };
    if Notification::permission() == NotificationPermission::Denied {
        return PushState::Denied;
    }
    if choice(state).is_some() && subscription(&manager).await.is_some() { PushState::On } else { PushState::Off }
}

/// Subscribes this browser. Called by a press: browsers ask for permission only then.
///
/// # Errors
///
/// [`Obstacle`]; the browser's subscription is ended where the server did not take it.
pub async fn switch_on(state: AppState, key: &str) -> Result<(), Obstacle> {
    let permission = JsFuture::from(Notification::request_permission()?).await?;
    if permission.as_string().as_deref() != Some("granted") {
        return Err(Obstacle::Denied);
    }
    let manager = manager().await.ok_or(Obstacle::Browser)?;
    let browser = subscribe(&manager, key).await?;
    if let Err(failure) = register(state, net::new_id(), &browser).await {
        unsubscribe(&browser).await;
        return Err(Obstacle::Server(failure));
    }
    Ok(())
}

/// Ends the subscription of this browser, here and on the server.
///
/// # Errors
///
/// The server's answer; then the subscription still stands.
pub async fn switch_off(state: AppState) -> Result<(), Failure> {
    if let Some(id) = choice(state) {
        match net::call::<DeletePushSubscription>(&ById { id }, &Empty {}, &Empty {}).await {
            Ok(_) => {}
            // It ended with an earlier session.
            Err(Failure::Problem(problem)) if problem.code == Code::NotFound => {}
            Err(failure) => return Err(failure),
        }
    }
    forget_choice();
    if let Some(manager) = manager().await
        && let Some(browser) = subscription(&manager).await
    {
        unsubscribe(&browser).await;
    }
    Ok(())
}

/// Ends a subscription in the browser. Where that fails, nothing is sent to it without the server's row.
async fn unsubscribe(browser: &PushSubscription) {
    if let Ok(leaving) = browser.unsubscribe() {
        JsFuture::from(leaving).await.ok();
    }
}

/// Makes the choice good that this account made in this browser: tells the server again, and subscribes again where the
/// browser has dropped its subscription. Does nothing where no choice was made or the officer forbids it by now.
pub fn keep(state: AppState) {
    let Some(id) = choice(state) else { return };
    spawn_local(async move {
        let Some(manager) = manager().await else { return };
        if Notification::permission() != NotificationPermission::Granted {
            return;
        }
        let browser = match subscription(&manager).await {
            Some(browser) => Some(browser),
            None => subscribe_again(&manager).await,
        };
        if let Some(browser) = browser {
            // Without an answer it is tried again at the next start.
            register(state, id, &browser).await.ok();
        }
    });
}

/// A subscription in place of one that the browser has dropped; none while push is off on the server or out of reach.
async fn subscribe_again(manager: &PushManager) -> Option<PushSubscription> {
    let key = net::call::<GetPushKey>(&Empty {}, &Empty {}, &Empty {}).await.ok()?.key?;
    subscribe(manager, &key).await.ok()
}

/// The browser's door to push, once the service worker is there; none in browsers without.
async fn manager() -> Option<PushManager> {
    let navigator = window().navigator();
    let has = |holder: &JsValue, name: &str| Reflect::has(holder, &name.into()).unwrap_or(false);
    if !has(&navigator, "serviceWorker") || !has(&window(), "PushManager") || !has(&window(), "Notification") {
        return None;
    }
    // The worker is registered once the page has loaded; where it cannot be, `ready` waits for ever.
    let late = Promise::new(&mut |resolve: Function, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), PATIENCE);
    });
    let ready = navigator.service_worker().ready().ok()?;
    let first = JsFuture::from(Promise::race(&Array::of2(&ready, &late))).await.ok()?;
    first.dyn_into::<ServiceWorkerRegistration>().ok()?.push_manager().ok()
}

async fn subscription(manager: &PushManager) -> Option<PushSubscription> {
    JsFuture::from(manager.get_subscription().ok()?).await.ok()?.dyn_into().ok()
}

async fn subscribe(manager: &PushManager, key: &str) -> Result<PushSubscription, JsValue> {
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key_opt_str(Some(key));
    let ask = || manager.subscribe_with_options(&options);
    let made = match JsFuture::from(ask()?).await {
        Ok(made) => made,
        Err(error) => {
            // One of another key stands in the way: of a server that was set up anew.
            let old = subscription(manager).await.ok_or(error)?;
            JsFuture::from(old.unsubscribe()?).await?;
            JsFuture::from(ask()?).await?
        }
    };
    made.dyn_into()
}

/// Tells the server, and keeps the choice. An id that belongs to another subscription by now is replaced.
async fn register(state: AppState, id: Uuid, browser: &PushSubscription) -> Result<(), Failure> {
    /// As `PushSubscription.toJSON()` writes it.
    #[derive(Deserialize)]
    struct Written {
        endpoint: String,
        keys: Keys,
    }
    #[derive(Deserialize)]
    struct Keys {
        p256dh: String,
        auth: String,
    }
    let text = JSON::stringify(browser).map(String::from).unwrap_or_default();
    let written = net::decode::<Written>(&text)?;
    let (endpoint, Keys { p256dh, auth }) = (written.endpoint, written.keys);
    let mut body = NewPushSubscription { id, endpoint, p256dh, auth };
    loop {
        match net::call::<CreatePushSubscription>(&Empty {}, &Empty {}, &body).await {
            Ok(_) => {
                keep_choice(state, body.id);
                return Ok(());
            }
            Err(Failure::Problem(problem)) if problem.code == Code::IdReused && body.id == id => {
                body.id = net::new_id();
            }
            Err(failure) => return Err(failure),
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The id of the subscription that the signed-in account chose in this browser.
fn choice(state: AppState) -> Option<Uuid> {
    let kept = storage()?.get_item(CHOICE).ok().flatten()?;
    let (officer, id) = kept.split_once('\n')?;
    let is_own = state.boot.with_untracked(|boot| boot.me.as_ref().is_some_and(|me| me.officer == officer));
    if is_own { Uuid::parse_str(id).ok() } else { None }
}

fn keep_choice(state: AppState, id: Uuid) {
    let Some(officer) = state.boot.with_untracked(|boot| boot.me.as_ref().map(|me| me.officer.clone())) else { return };
    if let Some(storage) = storage() {
        // A browser that keeps nothing shows the switch as off next time; the subscription ends with the session.
        storage.set_item(CHOICE, &format!("{officer}\n{id}")).ok();
    }
}

fn forget_choice() {
    if let Some(storage) = storage() {
        storage.remove_item(CHOICE).ok();
    }
}
