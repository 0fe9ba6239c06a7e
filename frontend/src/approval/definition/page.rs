//! Loads the forms and the settings of running requests, and saves the settings.

use app::api::{Code, Empty};
use app::approval::api::{
    ApprovalSettings, ApprovalSettingsChange, GetApprovalSettings, ListDefinitions, SetApprovalSettings,
};
use app::approval::process::Settings;
use leptos::prelude::*;

use super::settings::{SettingsForm, settings_card};
use super::view;
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone, TopBar};
use crate::leave::settings_page::LeaveSettingsPart;
use crate::load::{act, complain, read, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// `/definitions`
#[component]
pub fn DefinitionsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let forms = read::<ListDefinitions>(state, || Some((Empty {}, Empty {})));
    let settings = read::<GetApprovalSettings>(state, || Some((Empty {}, Empty {})));
    let form = RwSignal::new(SettingsForm::of(Settings::default().into()));
    let busy = RwSignal::new(false);
    let saved = RwSignal::new(ApprovalSettings::from(Settings::default()));
    let ready = RwSignal::new(false);
    // How often the form was filled anew: its fields follow what is typed, and are drawn again for anything else.
    let filling = RwSignal::new(0_u32);
    // What the form was filled with: whoever changes something else meanwhile is not overwritten unseen.
    let seen = StoredValue::new(ApprovalSettings::from(Settings::default()));
    // Only the first answer goes into the form: a later one must not overwrite what is being typed.
    Effect::new(move |_| {
        if let Some(now) = settings.load.with(|load| load.data().copied()) {
            saved.set(now);
            if !ready.get_untracked() {
                form.set(SettingsForm::of(now));
                seen.set_value(now);
                ready.set(true);
            }
        }
    });
    let filled = Slot::derive(move || {
        if ready.get() {
            return Load::Ready(filling.get());
        }
        settings.load.trouble().map_or(Load::Loading, Load::Failed)
    });
    let save = Callback::new(move |()| {
        let Ok(wanted) = form.with_untracked(|form| form.settings(locale)) else { return };
        let body = ApprovalSettingsChange { seen: seen.get_value(), settings: wanted };
        act(busy, async move {
            match net::call::<SetApprovalSettings>(&Empty {}, &Empty {}, &body).await {
                Ok(now) => {
                    seen.try_set_value(now);
                    settings.set(now);
                    state.toasts.show(Tone::Good, td_string!(locale, definition.settings_saved));
                }
                Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                    // He sees what holds by now, and is told why.
                    if let Some(now) = winner(&problem) {
                        form.try_set(SettingsForm::of(now));
                        filling.try_update(|filling| *filling += 1);
                        seen.try_set_value(now);
                        settings.set(now);
                    }
                    complain(state, &Failure::Problem(problem));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, definition.title) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=forms.load
                on_retry=forms.again
                draw=move |list| view::forms(state.words(), &list.items)
            />
            <Loaded
                locale
                load=filled
                on_retry=settings.again
                draw=move |_: &u32| settings_card(locale, saved.into(), form, busy.into(), save)
            />
            <LeaveSettingsPart />
        </main>
    }
}
