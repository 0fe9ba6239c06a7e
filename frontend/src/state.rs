//! What every page shares: who is signed in, how to put things into words, the messages, the network.

use app::account::api::{Boot, Me};
use app::account::rules::Permission;
use app::day::HalfDay;
use app::day::Timestamp;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::Locale;
use crate::kit::Toasts;
use crate::notice::live::Live;

/// The state above all pages. It lives as long as the app, so no page outlives it.
#[derive(Clone, Copy, Debug)]
pub struct AppState {
    /// The language, fixed until the app starts again.
    pub locale: Locale,
    /// What the server said at the start.
    pub boot: RwSignal<Boot>,
    /// Short messages.
    pub toasts: Toasts,
    /// How many things wait in 待办.
    pub waiting: RwSignal<u64>,
    /// What the stream of notices says.
    pub live: Live,
    /// Whether there is a network, as far as the browser knows.
    pub online: RwSignal<bool>,
}

impl AppState {
    /// The state of this app.
    ///
    /// # Panics
    ///
    /// Outside of `App`, which provides it to every page.
    pub fn get() -> Self {
        expect_context()
    }

    /// How to put things into words.
    pub fn words(self) -> Words {
        self.boot.with_untracked(|boot| Words { locale: self.locale, zone: boot.zone, today: boot.zone.day(now()) })
    }

    /// Who is signed in.
    pub fn me(self) -> Option<Me> {
        self.boot.with(|boot| boot.me.clone())
    }

    /// Whether the signed-in officer holds this permission somewhere; the server decides where.
    pub fn can(self, permission: Permission) -> bool {
        self.boot.with(|boot| boot.me.as_ref().is_some_and(|me| me.permissions.contains(&permission)))
    }

    /// The half day that it is now.
    pub fn this_half_day(self) -> HalfDay {
        self.boot.with_untracked(|boot| boot.zone.half_day(now()))
    }
}

/// The phone's clock. Only what is shown hangs on it: the server judges by its own.
#[expect(clippy::disallowed_methods, reason = "the one place where the page layer reads the phone's clock")]
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}
