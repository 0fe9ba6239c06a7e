//! Loads and saves the settings for leave after it is approved.

use app::api::{Code, Empty};
use app::leave::api::{GetLeaveSettings, LeaveSettings, LeaveSettingsChange, SetLeaveSettings};
use leptos::prelude::*;

use super::settings_card::{LeaveSettingsForm, leave_settings_card};
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone};
use crate::load::{act, complain, read, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// The card of the settings, on the page of the settings of approvals.
#[component]
pub fn LeaveSettingsPart() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let settings = read::<GetLeaveSettings>(state, || Some((Empty {}, Empty {})));
    let form = LeaveSettingsForm::default();
    let (busy, ready) = (RwSignal::new(false), RwSignal::new(false));
    let saved = RwSignal::new(LeaveSettings::default());
    // What the form was filled with: whoever changes something else meanwhile is not overwritten unseen.
    let seen = StoredValue::new(LeaveSettings::default());
    // Only the first answer goes into the form: a later one must not overwrite what is being typed.
    Effect::new(move |_| {
        if let Some(now) = settings.load.with(|load| load.data().copied()) {
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
        settings.load.trouble().map_or(Load::Loading, Load::Failed)
    });
    let save = Callback::new(move |()| {
        let Ok(wanted) = untrack(|| form.settings(locale)) else { return };
        let body = LeaveSettingsChange { seen: seen.get_value(), settings: wanted };
        act(busy, async move {
            match net::call::<SetLeaveSettings>(&Empty {}, &Empty {}, &body).await {
                Ok(now) => {
                    seen.try_set_value(now);
                    settings.set(now);
                    state.toasts.show(Tone::Good, td_string!(locale, after.settings_saved));
                }
                Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                    // He sees what holds by now, and is told why.
                    if let Some(now) = winner(&problem) {
                        form.fill(now);
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
        <Loaded
            locale
            load=filled
            on_retry=settings.again
            draw=move |_: &bool| leave_settings_card(locale, saved.into(), form, busy.into(), save)
        />
    }
}
