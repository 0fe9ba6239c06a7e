//! The working copy in the browser's storage of this tab, under the account and the form.

use leptos::prelude::*;
use web_sys::Storage;

use super::draft::Draft;
use crate::json;
use crate::state::AppState;

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn key(state: AppState, form: &str) -> Option<String> {
    let me = state.boot.with_untracked(|boot| boot.me.as_ref().map(|me| me.officer.clone()))?;
    Some(format!("definition.{me}.{form}"))
}

/// The working copy of before, if there is one that can still be read.
pub(super) fn kept(state: AppState, form: &str) -> Option<Draft> {
    let text = storage()?.get_item(&key(state, form)?).ok().flatten()?;
    json::from_str(&text).ok()
}

/// Keeps the working copy. A browser that refuses leaves it to the page alone.
pub(super) fn keep(state: AppState, form: &str, draft: Option<&Draft>) {
    let (Some(storage), Some(key)) = (storage(), key(state, form)) else { return };
    match draft {
        Some(draft) => {
            let text = serde_json::to_string(draft).expect("a working copy is plain data");
            storage.set_item(&key, &text).ok();
        }
        None => {
            storage.remove_item(&key).ok();
        }
    }
}
