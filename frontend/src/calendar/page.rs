//! Loads and acts for the calendar at the desk.

use app::api::{ByOfficer, Empty};
use app::calendar::api::{
    CourtDay, CourtDayQuery, CreateCourtDay, CreateWorkingWeek, GetHalfHolidays, ImportPaper, ListCourtDays,
    ListPapers, ListWorkingWeeks, NewCourtDay, NewWorkingWeek, PaperOutcome, PaperQuery, SetHalfHolidays, SetHalves,
};
use app::calendar::own::{HalfHolidays, WorkingWeek};
use app::calendar::paper::Paper;
use leptos::html;
use leptos::prelude::*;

use super::view::{self, CourtDayForm};
use crate::i18n::td_string;
use crate::json;
use crate::kit::{Button, Callout, Card, Field, Glyph, Icon, Input, Kind, Loaded, Sheet, Size, Tone, TopBar};
use crate::load::{act, complain, new_id, read, trouble};
use crate::net;
use crate::org::page::{chosen_court, court_select};
use crate::state::AppState;

/// `/work-calendar`
#[component]
pub fn PapersPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let words = state.words();
    let reading = read::<ListPapers>(state, || Some((Empty {}, Empty {})));
    let chosen = RwSignal::new(None::<(String, Paper)>);
    let outcome = RwSignal::new(None::<PaperOutcome>);
    let wrong = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let send = move |dry_run: bool| {
        let Some((_, paper)) = chosen.get_untracked() else { return };
        wrong.set(String::new());
        act(busy, async move {
            match net::call::<ImportPaper>(&Empty {}, &PaperQuery { dry_run }, &paper).await {
                Ok(found) => {
                    let applied = found.applied;
                    outcome.try_set(Some(found));
                    if applied {
                        reading.again.run(());
                    }
                }
                Err(failure) => {
                    wrong.try_set(trouble(locale, &failure).detail);
                }
            }
        });
    };
    let look = Callback::new(move |()| send(true));
    let apply = Callback::new(move |()| send(false));
    let picked = Callback::new(move |(name, text): (String, String)| {
        outcome.set(None);
        match json::from_str::<Paper>(&text) {
            Ok(paper) => {
                wrong.set(String::new());
                chosen.set(Some((name, paper)));
            }
            Err(why) => {
                chosen.set(None);
                wrong.set(td_string!(locale, calendar.unreadable, why = why.to_string()));
            }
        }
    });
    let name = Signal::derive(move || chosen.with(|chosen| chosen.as_ref().map(|(name, _)| name.clone())));
    let no_file = Signal::derive(move || chosen.with(Option::is_none));
    view! {
        <TopBar locale title=td_string!(locale, calendar.title) up="/me" />
        <main class="page">
            <Card>
                <Field label=td_string!(locale, calendar.choose) control="paper-file" error=wrong>
                    <PaperPicker name on_pick=picked />
                </Field>
                <div>
                    <Button size=Size::Wide busy=busy disabled=no_file on_press=look>
                        {td_string!(locale, calendar.look)}
                    </Button>
                </div>
            </Card>
            {move || outcome.get().map(|outcome| view::outcome(words, &outcome, busy.into(), apply))}
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::papers(words, data)
            />
            <HalfHolidaysCard />
        </main>
    }
}

#[component]
fn PaperPicker(name: Signal<Option<String>>, on_pick: Callback<(String, String)>) -> impl IntoView {
    let locale = AppState::get().locale;
    let input = NodeRef::<html::Input>::new();
    let read = move |_| {
        let Some(file) = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let Ok(text) = wasm_bindgen_futures::JsFuture::from(file.text()).await else { return };
            on_pick.run((file.name(), text.as_string().unwrap_or_default()));
        });
    };
    view! {
        <label class="file">
            <Glyph icon=Icon::Upload />
            <span>
                {move || match name.get() {
                    Some(name) => td_string!(locale, calendar.chosen, name),
                    None => td_string!(locale, calendar.choose).to_owned(),
                }}
            </span>
            <input class="sr-only" id="paper-file" type="file" accept=".json" node_ref=input on:change=read />
        </label>
    }
}

#[component]
fn HalfHolidaysCard() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetHalfHolidays>(state, || Some((Empty {}, Empty {})));
    let (womens_day, youth_day) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let seen = Memo::new(move |_| reading.load.with(|load| load.data().copied()));
    Effect::new(move |_| {
        if let Some(seen) = seen.get() {
            womens_day.set(view::half_name(seen.womens_day).to_owned());
            youth_day.set(view::half_name(seen.youth_day).to_owned());
        }
    });
    let save = Callback::new(move |()| {
        let Some(seen) = seen.get_untracked() else { return };
        let settings = HalfHolidays {
            womens_day: womens_day.with_untracked(|name| view::half(name)),
            youth_day: youth_day.with_untracked(|name| view::half(name)),
        };
        act(busy, async move {
            match net::call::<SetHalfHolidays>(&Empty {}, &Empty {}, &SetHalves { seen, settings }).await {
                Ok(saved) => {
                    reading.set(saved);
                    state.toasts.show(Tone::Good, td_string!(locale, calendar.saved));
                }
                Err(failure) => {
                    complain(state, &failure);
                    reading.again.run(());
                }
            }
        });
    });
    view! {
        <Loaded
            locale
            load=reading.load
            on_retry=reading.again
            draw=move |_| view::half_holidays(locale, womens_day, youth_day, busy.into(), save)
        />
    }
}

/// `/work-calendar/courts`
#[component]
pub fn CourtDaysPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let words = state.words();
    let court = RwSignal::new(state.me().map(|me| me.court_id.to_string()).unwrap_or_default());
    let reading = read::<ListCourtDays>(state, move || Some((Empty {}, CourtDayQuery { court: chosen_court(court) })));
    let form = CourtDayForm::new();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let send = move |body: NewCourtDay| {
        act(busy, async move {
            match net::call::<CreateCourtDay>(&Empty {}, &Empty {}, &body).await {
                Ok(days) => {
                    open.try_set(false);
                    reading.set(days);
                    state.toasts.show(Tone::Good, td_string!(locale, calendar.saved));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    };
    let save = Callback::new(move |()| {
        let (Some(court_id), Some((at, half))) = (untrack(move || chosen_court(court)), form.at()) else { return };
        send(NewCourtDay {
            id: new_id(),
            court_id,
            date: at.date,
            half,
            works: Some(form.word.with_untracked(|word| word == "work")),
            reason: form.reason.get_untracked(),
            inherited: form.reach.with_untracked(|reach| reach == "below"),
        });
    });
    let take_back = Callback::new(move |day: CourtDay| {
        send(NewCourtDay {
            id: new_id(),
            court_id: day.court_id,
            date: day.date,
            half: day.half,
            works: None,
            reason: day.reason,
            inherited: day.inherited,
        });
    });
    let show = Callback::new(move |()| open.set(true));
    view! {
        <TopBar locale title=td_string!(locale, calendar.court_days) up="/me" />
        <main class="page">
            <Card>
                <Field label=td_string!(locale, calendar.court) control="court-days-court">
                    {court_select(state, "court-days-court", court, "")}
                </Field>
                <div>
                    <Button on_press=show>{td_string!(locale, calendar.add_court_day)}</Button>
                </div>
            </Card>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| view::court_days(words, data, busy.into(), take_back)
            />
        </main>
        <Sheet locale open title=td_string!(locale, calendar.add_court_day)>
            {view::court_day_form(locale, form, busy.into(), save)}
        </Sheet>
    }
}

/// `/work-calendar/weeks`
#[component]
pub fn WorkingWeeksPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let words = state.words();
    let typed = RwSignal::new(String::new());
    let officer = Memo::new(move |_| typed.with(|typed| typed.trim().to_owned()));
    let reading = read::<ListWorkingWeeks>(state, move || {
        let officer = officer.get();
        (!officer.is_empty()).then_some((ByOfficer { officer }, Empty {}))
    });
    let from = RwSignal::new(String::new());
    let halves = RwSignal::new(WorkingWeek::STANDARD);
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let save = Callback::new(move |()| {
        let Some(from) = from.with_untracked(|text| text.parse().ok()) else { return };
        let body = NewWorkingWeek { id: new_id(), from, halves: halves.get_untracked() };
        let path = ByOfficer { officer: officer.get_untracked() };
        act(busy, async move {
            match net::call::<CreateWorkingWeek>(&path, &Empty {}, &body).await {
                Ok(weeks) => {
                    open.try_set(false);
                    reading.set(weeks);
                    state.toasts.show(Tone::Good, td_string!(locale, calendar.saved));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let show = Callback::new(move |()| open.set(true));
    let nobody = Signal::derive(move || officer.with(String::is_empty));
    let no_day = Signal::derive(move || from.with(String::is_empty));
    view! {
        <TopBar locale title=td_string!(locale, calendar.weeks) up="/me" />
        <main class="page">
            <Card>
                <Field label=td_string!(locale, calendar.number) control="week-officer">
                    <Input id="week-officer" kind=Kind::Search value=typed />
                </Field>
                <div>
                    <Button disabled=nobody on_press=show>
                        {td_string!(locale, calendar.add_week)}
                    </Button>
                </div>
            </Card>
            {move || {
                if nobody.get() {
                    view! { <Callout tone=Tone::Court>{td_string!(locale, calendar.officer_hint)}</Callout> }.into_any()
                } else {
                    view! {
                        <Loaded
                            locale
                            load=reading.load
                            on_retry=reading.again
                            draw=move |data| view::weeks(words, data)
                        />
                    }
                        .into_any()
                }
            }}
        </main>
        <Sheet locale open title=td_string!(locale, calendar.add_week)>
            <p class="small muted">{td_string!(locale, calendar.week_hint)}</p>
            <Field label=td_string!(locale, calendar.column_from) control="week-from">
                <Input id="week-from" kind=Kind::Date value=from />
            </Field>
            {view::week_grid(words, halves)}
            <Button size=Size::Wide busy=busy disabled=no_day on_press=save>
                {td_string!(locale, calendar.save)}
            </Button>
        </Sheet>
    }
}
