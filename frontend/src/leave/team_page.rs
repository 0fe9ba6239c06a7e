//! Loads who of the officer's department is away.

use app::api::Empty;
use app::leave::team::{GetTeam, TeamQuery};
use leptos::prelude::*;

use super::team_place::{place_select, places, query};
use super::team_view;
use crate::i18n::td_string;
use crate::kit::{Field, Loaded, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/leave/team`
#[component]
pub fn TeamPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let place = RwSignal::new(String::new());
    let reading = read::<GetTeam>(state, move || Some((Empty {}, query(&place.get(), TeamQuery::default()))));
    let places = places(locale, reading.load);
    // Whoever may look at more than his own department chooses.
    let chooses = Memo::new(move |_| places.with(|places| places.len() > 1));
    let choice = move || {
        chooses.get().then(|| {
            view! {
                <Field label=td_string!(locale, team.choose) control="team-place">
                    {place_select(locale, places, place)}
                </Field>
            }
        })
    };
    let all = view! {
        <a class="small" href="/team">
            {td_string!(locale, team.calendar)}
        </a>
    }
    .into_any();
    view! {
        <TopBar locale title=td_string!(locale, team.title) up="/leave" end=all />
        <main class="page">
            {choice}
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
