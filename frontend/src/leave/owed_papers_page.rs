//! Loads the list of requests whose papers nobody has seen yet, page by page.

use app::api::Empty;
use app::leave::api::{ListOwedPapers, OwedPapersQuery};
use leptos::prelude::*;

use super::owed_papers_view::owed_papers;
use crate::i18n::td_string;
use crate::kit::{Loaded, Pager, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/owed-papers`
#[component]
pub fn OwedPapersPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    // The cursors that lead to the page shown.
    let trail = RwSignal::new(Vec::<String>::new());
    let reading = read::<ListOwedPapers>(state, move || {
        Some((Empty {}, OwedPapersQuery { cursor: trail.with(|trail| trail.last().cloned()), limit: Some(100) }))
    });
    let turn = Callback::new(move |next: Option<String>| {
        trail.update(|trail| match next {
            Some(next) => trail.push(next),
            None => drop(trail.pop()),
        });
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
    view! {
        <TopBar locale title=td_string!(locale, after.owed) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |page| {
                    let is_first = trail.with_untracked(Vec::is_empty);
                    view! {
                        {owed_papers(state.words(), &page.items)}
                        <Pager locale is_first next=page.next.clone() on_turn=turn />
                    }
                        .into_any()
                }
            />
        </main>
    }
}
