//! Loads the first screen.

use app::api::Empty;
use app::home::GetHome;
use leptos::prelude::*;

use super::view;
use crate::i18n::td_string;
use crate::kit::{Loaded, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetHome>(state, || Some((Empty {}, Empty {})));
    Effect::new(move |_| {
        reading.load.with(|load| {
            if let Some(home) = load.data() {
                state.waiting.set(u64::try_from(home.task_count).unwrap_or(0));
            }
        });
    });
    let today = state.words();
    let date = view! { <span class="muted small">{today.day(today.today)}</span> }.into_any();
    view! {
        <TopBar locale title=td_string!(locale, home.title) end=date />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |home| view::home(state.words(), home)
            />
        </main>
    }
}
