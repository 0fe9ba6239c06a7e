//! Loads the forms and the settings of running requests, and saves the settings.

use app::api::Empty;
use app::approval::api::{GetApprovalSettings, ListDefinitions, SetApprovalSettings};
use app::approval::process::Settings;
use leptos::prelude::*;

use super::settings::{SettingsForm, settings_card};
use super::view;
use crate::i18n::td_string;
use crate::kit::{Loaded, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net;
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
    Effect::new(move |_| {
        if let Some(saved) = settings.load.with(|load| load.data().copied()) {
            form.set(SettingsForm::of(saved));
        }
    });
    let save = Callback::new(move |()| {
        let Ok(body) = form.with_untracked(|form| form.settings(locale)) else { return };
        act(busy, async move {
            match net::call::<SetApprovalSettings>(&Empty {}, &Empty {}, &body).await {
                Ok(saved) => {
                    settings.set(saved);
                    state.toasts.show(Tone::Good, td_string!(locale, definition.settings_saved));
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
                load=settings.load
                on_retry=settings.again
                draw=move |saved| settings_card(locale, *saved, form, busy.into(), save)
            />
        </main>
    }
}
