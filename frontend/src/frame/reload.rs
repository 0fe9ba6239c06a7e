//! Development builds only: reloads the page when the server serves another build.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// How often the page looks.
const EVERY: Duration = Duration::from_millis(1500);

/// Watches the anonymous shell, which names the build's files: another shell is another build. While the server restarts
/// there is no answer, and nothing happens.
pub fn watch() {
    let first = StoredValue::new_local(None::<String>);
    set_interval(
        move || {
            spawn_local(async move {
                let Some(shell) = shell().await else { return };
                match first.get_value() {
                    None => first.set_value(Some(shell)),
                    Some(known) if known != shell => drop(window().location().reload()),
                    Some(_) => {}
                }
            });
        },
        EVERY,
    );
}

async fn shell() -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str("/shell")).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
