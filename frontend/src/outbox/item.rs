//! One write in the outbox.

use app::api::Problem;
use app::day::Timestamp;
use app::outbox::{Outcome, wait_seconds};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen::JsValue;

use crate::device;
use crate::json;
use crate::state::now;
use crate::store::{self, Shelf};

/// A write with everything that is needed to send it again, whatever version of the app does so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The id inside the body, by which the server knows a repeat.
    pub id: Uuid,
    /// The 工号 of the account that made it.
    pub account: String,
    /// The call's name, `rate_lesson`.
    pub call: String,
    /// The HTTP method.
    pub method: String,
    /// The address with its parameters.
    pub url: String,
    /// The body, as JSON.
    pub body: String,
    /// When it was made.
    pub queued_at: Timestamp,
    /// How often it was sent.
    pub tries: u32,
    /// Not sent again before this.
    pub not_before: Timestamp,
    /// What it waits for.
    pub state: ItemState,
}

/// What an item waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// For the network.
    Waiting,
    /// For a person: somebody was faster, and `current` of the problem has the new state.
    Stale(Problem),
    /// For a person to take note: the server decided against it.
    Rejected(Option<Problem>),
}

impl Item {
    pub(super) async fn keep(&self) -> Result<(), JsValue> {
        let text = serde_json::to_string(self).expect("an item is plain data");
        store::put(Shelf::Outbox, &self.key(), &text).await
    }

    pub(super) async fn forget(&self) {
        store::delete(Shelf::Outbox, &self.key()).await;
    }

    /// Every item of an account, the oldest first.
    pub(super) async fn all(account: &str) -> Vec<Self> {
        let texts = store::all(Shelf::Outbox, &prefix(account)).await;
        let mut items: Vec<Self> = texts.iter().filter_map(|text| json::from_str(text).ok()).collect();
        items.sort_by_key(|item| item.queued_at);
        items
    }

    /// The item, waiting for its next try.
    pub(super) fn waiting_after(mut self, tries: u32) -> Self {
        let wait = if tries == 0 { 0 } else { wait_seconds(tries, device::draw()) };
        self.tries = tries;
        self.not_before = now().plus_seconds(i64::from(wait));
        self.state = ItemState::Waiting;
        self
    }

    /// The item after an answer that came while nobody looked; `None` when it is done.
    pub(super) fn after(mut self, outcome: Outcome, problem: Option<Problem>) -> Option<Self> {
        match outcome {
            Outcome::Done => return None,
            Outcome::Retry => {
                let tries = self.tries.saturating_add(1);
                return Some(self.waiting_after(tries));
            }
            Outcome::SignIn => return Some(self.waiting_after(0)),
            Outcome::Tray => {
                self.state = problem.map_or(ItemState::Rejected(None), ItemState::Stale);
            }
            Outcome::Rejected => self.state = ItemState::Rejected(problem),
        }
        Some(self)
    }

    fn key(&self) -> String {
        format!("{}{}", prefix(&self.account), self.id)
    }
}

fn prefix(account: &str) -> String {
    format!("{account}\n")
}
