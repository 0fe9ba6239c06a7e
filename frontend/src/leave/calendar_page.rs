//! Loads the absence calendar of a department or a court, a month or three at a time.

use app::api::Empty;
use app::day::Day;
use app::leave::team::{GetTeam, TeamQuery};
use leptos::prelude::*;

use super::calendar_view;
use super::team_place::{place_select, places, query};
use crate::i18n::td_string;
use crate::kit::{Button, Card, Choice, Field, Loaded, Look, Segments, Size, Switch, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/team`
#[component]
pub fn CalendarPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let this_month = first_of(state.words().today);
    let month = RwSignal::new(this_month);
    let place = RwSignal::new(String::new());
    let length = RwSignal::new("1".to_owned());
    let only_away = RwSignal::new(false);
    let reading = read::<GetTeam>(state, move || {
        let (first, last) = (month.get(), last_of(month.get(), length.with(|length| length == "3")));
        Some((Empty {}, query(&place.get(), TeamQuery { from: Some(first), to: Some(last), ..TeamQuery::default() })))
    });
    let turn = move |to: Day| month.set(to);
    let back = Callback::new(move |()| turn(first_of(month.get_untracked().previous())));
    let on = Callback::new(move |()| turn(month.get_untracked().first_of_next_month()));
    let now = Callback::new(move |()| turn(this_month));
    let name = move || {
        let month = month.get();
        td_string!(locale, team.month, year = month.year(), month = month.month())
    };
    let lengths = vec![
        Choice::new("1", td_string!(locale, team.one_month)),
        Choice::new("3", td_string!(locale, team.three_months)),
    ];
    view! {
        <TopBar locale title=td_string!(locale, team.calendar) up="/leave/team" />
        <main class="page">
            <Card>
                <div class="desk-filter">
                    <Field label=td_string!(locale, team.choose) control="team-place">
                        {place_select(locale, places(locale, reading.load), place)}
                    </Field>
                    <div class="field">
                        <span class="field-label">{td_string!(locale, team.length)}</span>
                        <Segments label=td_string!(locale, team.length) choices=lengths value=length />
                    </div>
                </div>
                <div class="row row-apart">
                    <div class="row">
                        <Button look=Look::Ghost size=Size::Small on_press=back>
                            {td_string!(locale, team.previous)}
                        </Button>
                        <strong aria-live="polite">{name}</strong>
                        <Button look=Look::Ghost size=Size::Small on_press=on>
                            {td_string!(locale, team.next)}
                        </Button>
                        <Button look=Look::Ghost size=Size::Small on_press=now>
                            {td_string!(locale, team.this_month)}
                        </Button>
                    </div>
                    <span class="row">
                        <span class="small">{td_string!(locale, team.only_away)}</span>
                        <Switch
                            label=td_string!(locale, team.only_away)
                            on=only_away
                            on_change=Callback::new(move |on| only_away.set(on))
                        />
                    </span>
                </div>
            </Card>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |team| {
                    let team = team.clone();
                    (move || calendar_view::calendar(state.words(), &team, only_away.get())).into_any()
                }
            />
        </main>
    }
}

fn first_of(day: Day) -> Day {
    day.plus(1 - i64::from(day.day_of_month()))
}

fn last_of(first: Day, three: bool) -> Day {
    let next = first.first_of_next_month();
    if three { next.first_of_next_month().first_of_next_month().previous() } else { next.previous() }
}
