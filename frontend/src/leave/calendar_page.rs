//! Loads the absence calendar of a department or a court, a month or three at a time.

use app::api::Empty;
use app::day::Day;
use app::leave::team::{GetTeam, Team, TeamQuery};
use leptos::prelude::*;

use super::calendar_view;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, Choice, Field, Loaded, Look, Segments, Select, Size, Slot, Switch, TopBar};
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
        Some((Empty {}, query(&place.get(), first, last)))
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
                        {place_select(locale, reading.load, place)}
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

/// The departments and courts that can be chosen; made once, so that choosing does not draw the choices anew.
fn place_select(locale: Locale, load: Slot<Team>, place: RwSignal<String>) -> AnyView {
    let choices = Memo::new(move |before: Option<&Vec<(String, String)>>| {
        let fresh = load.with(|load| load.data().map(|team| choices(locale, team)));
        fresh.or_else(|| before.cloned()).unwrap_or_default()
    });
    (move || {
        let choices = choices.get().into_iter().map(|(value, label)| Choice::new(value, label)).collect::<Vec<_>>();
        view! { <Select id="team-place" choices value=place placeholder=td_string!(locale, team.own_department) /> }
    })
    .into_any()
}

fn choices(locale: Locale, team: &Team) -> Vec<(String, String)> {
    let whole = team
        .courts
        .iter()
        .map(|court| (format!("court:{}", court.id), td_string!(locale, team.whole_court, name = court.name.clone())));
    let parts = team.departments.iter().map(|place| (place.id.to_string(), place.name.clone()));
    whole.chain(parts).collect()
}

fn query(place: &str, from: Day, to: Day) -> TeamQuery {
    let days = TeamQuery { from: Some(from), to: Some(to), ..TeamQuery::default() };
    match place.strip_prefix("court:") {
        Some(court) => TeamQuery { court: court.parse().ok(), ..days },
        None => TeamQuery { department: place.parse().ok(), ..days },
    }
}

fn first_of(day: Day) -> Day {
    day.plus(1 - i64::from(day.day_of_month()))
}

fn last_of(first: Day, three: bool) -> Day {
    let next = first.first_of_next_month();
    if three { next.first_of_next_month().first_of_next_month().previous() } else { next.previous() }
}
