//! Loads an officer's own calendar, a month at a time.

use app::api::Empty;
use app::calendar::api::{CountQuery, ListCalendarDays};
use app::day::Month;
use leptos::prelude::*;

use super::month_view;
use crate::i18n::td_string;
use crate::kit::{Button, Loaded, Look, Size, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/calendar`
#[component]
pub fn MonthPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let month = RwSignal::new(Month::of(state.words().today));
    let reading = read::<ListCalendarDays>(state, move || {
        let month = month.get();
        Some((Empty {}, CountQuery { from: month.first(), to: month.last() }))
    });
    let back = Callback::new(move |()| month.update(|month| *month = month.previous()));
    let on = Callback::new(move |()| month.update(|month| *month = month.next()));
    let name = move || {
        let first = month.get().first();
        td_string!(locale, team.month, year = first.year(), month = first.month())
    };
    view! {
        <TopBar locale title=td_string!(locale, calendar.own) up="/leave" />
        <main class="page">
            <div class="row row-apart">
                <Button look=Look::Ghost size=Size::Small on_press=back>
                    {td_string!(locale, team.previous)}
                </Button>
                <strong aria-live="polite">{name}</strong>
                <Button look=Look::Ghost size=Size::Small on_press=on>
                    {td_string!(locale, team.next)}
                </Button>
            </div>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |days| view! { <div class="stack">{month_view::month(state.words(), days)}</div> }.into_any()
            />
        </main>
    }
}
