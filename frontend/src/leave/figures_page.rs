//! Loads leave in figures: a month's summary and a year's statistics.

use app::account::rules::Permission;
use app::api::{Empty, url};
use app::day::Month;
use app::leave::figures::{
    ExportLeave, ExportLeaveSummary, ExportQuery, GetLeaveStatistics, GetLeaveSummary, StatisticsQuery, SummaryQuery,
};
use app::leave::team::TeamPlace;
use leptos::prelude::*;
use uuid::Uuid;

use super::figures_view;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Card, Choice, Field, Loaded, Look, Select, Size, TopBar};
use crate::load::read;
use crate::state::AppState;

/// `/summary`
#[component]
pub fn SummaryPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let month = RwSignal::new(Month::of(state.words().today));
    let court = own_court(state);
    let query = move || SummaryQuery { month: Some(month.get()), court: chosen(court) };
    let reading = read::<GetLeaveSummary>(state, move || Some((Empty {}, query())));
    let courts = courts_memo(move || reading.load.with(|load| load.data().map(|data| data.courts.clone())));
    let back = Callback::new(move |()| month.update(|month| *month = month.previous()));
    let on = Callback::new(move |()| month.update(|month| *month = month.next()));
    // Whoever covers the whole court may take the figures out of the house.
    let exports = move || {
        let chosen = chosen(court);
        let covered = courts.with(|courts| courts.iter().any(|place| Some(place.id) == chosen));
        covered.then(|| {
            let month = month.get();
            let requests = ExportQuery { from: month.first(), to: month.last(), court: chosen, department: None };
            let summary = url::<ExportLeaveSummary>(&Empty {}, &query());
            let requests = url::<ExportLeave>(&Empty {}, &requests);
            view! {
                <div class="row">
                    {figures_view::export_button(locale, summary, td_string!(locale, figures.export))}
                    {figures_view::export_button(locale, requests, td_string!(locale, figures.export_requests))}
                </div>
            }
        })
    };
    view! {
        <TopBar locale title=td_string!(locale, figures.summary) up="/me" />
        <main class="page">
            <div class="no-print">
                <Card>
                    {court_field(locale, courts, court)}
                    <div class="row row-apart">
                        <div class="row">
                            <Button look=Look::Ghost size=Size::Small on_press=back>
                                {td_string!(locale, figures.previous_month)}
                            </Button>
                            <strong aria-live="polite">{move || month.get().to_string()}</strong>
                            <Button look=Look::Ghost size=Size::Small on_press=on>
                                {td_string!(locale, figures.next_month)}
                            </Button>
                        </div>
                        {exports}
                    </div>
                </Card>
            </div>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| {
                    view! { <div class="stack">{figures_view::summary(state.words(), data)}</div> }.into_any()
                }
            />
        </main>
    }
}

/// `/statistics`
#[component]
pub fn StatisticsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let year = RwSignal::new(state.words().today.year());
    let court = own_court(state);
    let reading = read::<GetLeaveStatistics>(state, move || {
        Some((Empty {}, StatisticsQuery { year: Some(year.get()), court: chosen(court) }))
    });
    let courts = courts_memo(move || reading.load.with(|load| load.data().map(|data| data.courts.clone())));
    let back = Callback::new(move |()| year.update(|year| *year -= 1));
    let on = Callback::new(move |()| year.update(|year| *year += 1));
    view! {
        <TopBar locale title=td_string!(locale, figures.statistics) up="/me" />
        <main class="page">
            <Card>
                {court_field(locale, courts, court)}
                <div class="row">
                    <Button look=Look::Ghost size=Size::Small on_press=back>
                        {td_string!(locale, figures.previous)}
                    </Button>
                    <strong aria-live="polite">{move || td_string!(locale, figures.year, year = year.get())}</strong>
                    <Button look=Look::Ghost size=Size::Small on_press=on>
                        {td_string!(locale, figures.next)}
                    </Button>
                </div>
            </Card>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| {
                    view! { <div class="stack">{figures_view::statistics(state.words(), data)}</div> }.into_any()
                }
            />
        </main>
    }
}

fn own_court(state: AppState) -> RwSignal<String> {
    let reads = state.can(Permission::ReadLeave);
    RwSignal::new(state.me().filter(|_| reads).map(|me| me.court_id.to_string()).unwrap_or_default())
}

fn chosen(court: RwSignal<String>) -> Option<Uuid> {
    court.with(|id| Uuid::parse_str(id).ok())
}

/// The courts of the last answer; kept while the next one is on its way, so that the choice does not vanish.
fn courts_memo(fresh: impl Fn() -> Option<Vec<TeamPlace>> + Send + Sync + 'static) -> Memo<Vec<TeamPlace>> {
    Memo::new(move |before: Option<&Vec<TeamPlace>>| fresh().or_else(|| before.cloned()).unwrap_or_default())
}

/// The choice of a court, for those who may look at several.
fn court_field(locale: Locale, courts: Memo<Vec<TeamPlace>>, court: RwSignal<String>) -> AnyView {
    (move || {
        let choices = courts.with(|courts| {
            courts.iter().map(|place| Choice::new(place.id.to_string(), place.name.clone())).collect::<Vec<_>>()
        });
        (choices.len() > 1).then(|| {
            view! {
                <Field label=td_string!(locale, figures.court) control="figures-court">
                    <Select id="figures-court" choices value=court />
                </Field>
            }
        })
    })
    .into_any()
}
