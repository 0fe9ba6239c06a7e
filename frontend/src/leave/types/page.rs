//! Loads the types of leave and saves what HR has changed.

use app::api::{Code, Empty};
use app::leave::api::{ListTypeRules, SetTypeRules, TypePath, TypeRules};
use app::leave::types::{LeaveType, Unit};
use leptos::prelude::*;

use super::form::TypeForm;
use super::view;
use crate::i18n::td_string;
use crate::kit::{Button, Icon, Loaded, Look, Sheet, Tone, TopBar};
use crate::leave::contract_page::ContractStaffPart;
use crate::leave::words::type_name;
use crate::load::{act, complain, read, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// The minutes of a day with which a type that counts them begins.
const AN_HOUR: i64 = 60;

/// `/leave-types`
#[component]
pub fn LeaveTypesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListTypeRules>(state, || Some((Empty {}, Empty {})));
    let chosen = RwSignal::new(None::<(TypeRules, TypeForm)>);
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(String::new());
    let show = move |item: TypeRules| {
        let form = TypeForm::of(&item.rules);
        error.set(String::new());
        chosen.set(Some((item, form)));
        open.set(true);
    };
    let (naming, name, name_error) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let by_minutes = RwSignal::new(false);
    let add = Callback::new(move |()| {
        name.set(String::new());
        by_minutes.set(false);
        name_error.set(String::new());
        naming.set(true);
    });
    let named = Callback::new(move |()| match LeaveType::own(&name.get_untracked()) {
        Ok(own) => {
            let unit = if by_minutes.get_untracked() { Unit::Minutes { a_day: AN_HOUR } } else { own.unit };
            let rules = LeaveType { unit, ..own };
            naming.set(false);
            show(TypeRules { version: 0, rules });
        }
        Err(problem) => name_error.set(problem.detail),
    });
    let on_open = Callback::new(move |name: String| {
        let found = reading.load.with_untracked(|load| {
            load.data().and_then(|list| list.items.iter().find(|item| item.rules.name == name).cloned())
        });
        if let Some(item) = found {
            show(item);
        }
    });
    let save = Callback::new(move |()| {
        let Some((item, form)) = chosen.get_untracked() else { return };
        let Ok(rules) = form.rules() else {
            error.set(td_string!(locale, leave_type.unread).to_owned());
            return;
        };
        error.set(String::new());
        act(busy, async move {
            let path = TypePath { name: item.rules.name.clone() };
            let body = TypeRules { version: item.version, rules };
            match net::call::<SetTypeRules>(&path, &Empty {}, &body).await {
                Ok(_) => {
                    open.try_set(false);
                    reading.again.run(());
                    state.toasts.show(Tone::Good, td_string!(locale, leave_type.saved));
                }
                Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                    state.toasts.show(Tone::Warn, problem.detail.clone());
                    if let Some(now) = winner::<TypeRules>(&problem) {
                        show(now);
                    }
                }
                Err(Failure::Problem(problem)) if problem.field.is_some() => {
                    error.try_set(problem.detail);
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let title = Signal::derive(move || {
        chosen.with(|chosen| chosen.as_ref().map_or_else(String::new, |(item, _)| type_name(locale, &item.rules.name)))
    });
    view! {
        <TopBar locale title=td_string!(locale, leave_type.title) up="/me" />
        <main class="page">
            <p class="cell-note">{td_string!(locale, leave_type.about)}</p>
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |list| view::types(locale, &list.items, on_open)
            />
            <Button look=Look::Secondary icon=Icon::Plus on_press=add>
                {td_string!(locale, leave_type.add)}
            </Button>
            <ContractStaffPart />
        </main>
        <Sheet locale open=naming title=td_string!(locale, leave_type.add)>
            {view::adding(locale, name, by_minutes, name_error, named)}
        </Sheet>
        <Sheet locale open title=title>
            {move || chosen.get().map(|(_, form)| view::form(locale, form, error, busy.into(), save))}
        </Sheet>
    }
}
