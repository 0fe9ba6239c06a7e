//! Loads and saves what contract staff (聘用制人员) get of annual leave.

use app::api::{Code, Empty};
use app::leave::api::{ContractStaff, ContractStaffChange, GetContractStaff, SetContractStaff};
use app::leave::entitlement::ContractRule;
use leptos::prelude::*;

use super::contract_card::{ContractForm, contract_card};
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone};
use crate::load::{act, complain, read, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// The card of the rule, on the page of the types of leave.
#[component]
pub fn ContractStaffPart() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetContractStaff>(state, || Some((Empty {}, Empty {})));
    let form = ContractForm::of(ContractRule::Same);
    let (busy, ready) = (RwSignal::new(false), RwSignal::new(false));
    let saved = RwSignal::new(ContractRule::Same);
    // What the form was filled with: whoever changes it meanwhile is not overwritten unseen.
    let seen = StoredValue::new(ContractRule::Same);
    // Only the first answer goes into the form: a later one must not overwrite what is being typed.
    Effect::new(move |_| {
        if let Some(now) = reading.load.with(|load| load.data().map(|now| now.rule)) {
            saved.set(now);
            if !ready.get_untracked() {
                form.fill(now);
                seen.set_value(now);
                ready.set(true);
            }
        }
    });
    let filled = Slot::derive(move || {
        if ready.get() {
            return Load::Ready(true);
        }
        reading.load.trouble().map_or(Load::Loading, Load::Failed)
    });
    let save = Callback::new(move |()| {
        let Ok(rule) = untrack(|| form.rule(locale)) else { return };
        let body = ContractStaffChange { seen: seen.get_value(), rule };
        act(busy, async move {
            match net::call::<SetContractStaff>(&Empty {}, &Empty {}, &body).await {
                Ok(now) => {
                    seen.try_set_value(now.rule);
                    reading.set(now);
                    state.toasts.show(Tone::Good, td_string!(locale, after.settings_saved));
                }
                Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                    // He sees what holds by now, and is told why.
                    if let Some(now) = winner::<ContractStaff>(&problem) {
                        form.fill(now.rule);
                        seen.try_set_value(now.rule);
                        reading.set(now);
                    }
                    complain(state, &Failure::Problem(problem));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <Loaded
            locale
            load=filled
            on_retry=reading.again
            draw=move |_: &bool| contract_card(locale, saved.into(), form, busy.into(), save)
        />
    }
}
