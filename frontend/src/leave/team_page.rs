//! Loads who of the officer's department is away.

use app::api::Empty;
use app::leave::team::{GetTeam, TeamQuery};
use leptos::prelude::*;

use super::team_view;
use crate::i18n::td_string;
use crate::kit::{Loaded, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/leave/team`
#[component]
pub fn TeamPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetTeam>(state, || Some((Empty {}, TeamQuery::default())));
    let all = view! {
        <a class="small" href="/team">
            {td_string!(locale, team.calendar)}
        </a>
    }
    .into_any();
    view! {
        <TopBar locale title=td_string!(locale, team.title) up="/leave" end=all />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |team| {
                    view! { <div class="stack">{team_view::days(state.words(), team)}</div> }.into_any()
                }
            />
        </main>
    }
}
