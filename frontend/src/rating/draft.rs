//! A rating that is being written, kept on the phone until the server has it.

use std::collections::BTreeMap;

use app::rating::rules::Dimension;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{cache, device, json};

/// What has been filled in so far, with the id that the rating will carry: sent twice, it is one rating.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) id: Uuid,
    pub(super) scores: BTreeMap<Dimension, u8>,
    pub(super) text: String,
}

impl Draft {
    /// The kept draft of a lesson, or an empty one with a new id.
    pub(super) fn load(lesson: Uuid) -> Self {
        let kept = storage()
            .and_then(|storage| storage.get_item(&key(lesson)).ok().flatten())
            .and_then(|text| json::from_str(&text).ok());
        kept.unwrap_or_else(|| Self { id: device::new_id(), scores: BTreeMap::new(), text: String::new() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.scores.is_empty() && self.text.is_empty()
    }

    /// Keeps it. A phone that keeps nothing goes without.
    pub(super) fn keep(&self, lesson: Uuid) {
        let text = serde_json::to_string(self).expect("a draft is plain data");
        storage().inspect(|storage| drop(storage.set_item(&key(lesson), &text)));
    }

    /// Forgets it, once the server has the rating.
    pub(super) fn forget(lesson: Uuid) {
        storage().inspect(|storage| drop(storage.remove_item(&key(lesson))));
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn key(lesson: Uuid) -> String {
    format!("rating:{}:{lesson}", cache::account().unwrap_or_default())
}
