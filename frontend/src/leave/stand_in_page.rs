//! Loads what the officer is asked to stand in for, and answers.

use app::api::{ById, Code, Empty};
use app::leave::api::{AnswerStandIn, ListStandIns, StandIn, StandInAnswer};
use leptos::prelude::*;

use super::stand_in_view::{answer_form, stand_ins};
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net::{self, Failure};
use crate::state::AppState;

/// `/me/stand-ins`
#[component]
pub fn StandInsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListStandIns>(state, || Some((Empty {}, Empty {})));
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let note = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<(StandIn, bool)>);
    let ask = Callback::new(move |(item, accept): (StandIn, bool)| {
        note.set(String::new());
        chosen.set(Some((item, accept)));
        open.set(true);
    });
    let answer = Callback::new(move |()| {
        let Some((item, accept)) = chosen.get_untracked() else { return };
        act(busy, async move {
            let body = StandInAnswer { accept, note: note.get_untracked(), from: item.from, to: item.to };
            match net::call::<AnswerStandIn>(&ById { id: item.id }, &Empty {}, &body).await {
                Ok(_) => state.toasts.show(Tone::Good, td_string!(locale, stand_in.answered)),
                Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
                    state.toasts.show(Tone::Warn, problem.detail);
                }
                Err(failure) => return complain(state, &failure),
            }
            open.try_set(false);
            reading.again.try_run(());
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, stand_in.title) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |data| stand_ins(state.words(), &data.items, ask)
            />
        </main>
        <Sheet locale open title=td_string!(locale, stand_in.title)>
            {move || chosen.get().map(|(_, accept)| answer_form(locale, accept, note, busy.into(), answer))}
        </Sheet>
    }
}
