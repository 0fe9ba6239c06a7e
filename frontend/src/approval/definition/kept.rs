//! The working copy in the browser's storage of this tab, under the account and the form.

use app::approval::definition::Definition;
use leptos::prelude::*;
use web_sys::Storage;

use super::draft::Draft;
use super::node_form::NodeForm;
use crate::json;
use crate::state::AppState;

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn key(state: AppState, form: &str) -> Option<String> {
    let me = state.boot.with_untracked(|boot| boot.me.as_ref().map(|me| me.officer.clone()))?;
    Some(format!("definition.{me}.{form}"))
}

fn key_of_node(state: AppState, form: &str) -> Option<String> {
    Some(format!("{}.node", key(state, form)?))
}

/// The working copy of before, if there is one that can still be read.
pub(super) fn kept(state: AppState, form: &str) -> Option<Draft> {
    let text = storage()?.get_item(&key(state, form)?).ok().flatten()?;
    json::from_str(&text).ok()
}

/// Forgets the working copy if it is what has been saved. For a page that is gone once the answer comes; one that stands
/// keeps what it has.
pub(super) fn forget_saved(state: AppState, form: &str, saved: &Definition) {
    if kept(state, form).is_some_and(|draft| draft.definition == *saved) {
        keep(state, form, None);
    }
}

/// The form of a node that was open, with the node's place, if it still has one in the working copy.
pub(super) fn kept_node(state: AppState, form: &str, draft: &Draft) -> Option<(usize, NodeForm)> {
    let text = storage()?.get_item(&key_of_node(state, form)?).ok().flatten()?;
    let (place, node): (usize, NodeForm) = json::from_str(&text).ok()?;
    (place <= draft.definition.nodes.len()).then_some((place, node))
}

/// Keeps the open form of a node beside the working copy: leaving the page loses nothing that was typed.
pub(super) fn keep_node(state: AppState, form: &str, open: Option<(usize, &NodeForm)>) {
    let (Some(storage), Some(key)) = (storage(), key_of_node(state, form)) else { return };
    match open {
        Some(open) => {
            let text = serde_json::to_string(&open).expect("a form is plain data");
            storage.set_item(&key, &text).ok();
        }
        None => {
            storage.remove_item(&key).ok();
        }
    }
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
