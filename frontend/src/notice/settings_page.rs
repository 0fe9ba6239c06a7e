//! Loads and keeps what the officer wants to hear outside the app, and push for this browser.

use app::api::Empty;
use app::notice::api::{GetNoticeSettings, NoticeSettings, SetNoticeSettings};
use app::notice::rules::NoticeKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::push::{self, Obstacle};
use super::settings_view::{self as view, PushState, SettingsActions, SettingsForm};
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net;
use crate::state::AppState;

/// `/notices/settings`
#[component]
pub fn NoticeSettingsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<GetNoticeSettings>(state, || Some((Empty {}, Empty {})));
    let form = SettingsForm::of(&NoticeSettings::default());
    let saver = Saver::new(state, form);
    let ready = RwSignal::new(false);
    // Only the first answer goes into the form: a later one must not overwrite what is being typed.
    Effect::new(move |_| {
        reading.load.with(|load| {
            if let Some(settings) = load.data().filter(|_| !ready.get_untracked()) {
                form.show(settings);
                saver.saved.set(settings.clone());
                ready.set(true);
            }
        });
    });
    save_hours(form, saver);
    let load = Slot::derive(move || match reading.load.get() {
        _ if ready.get() => Load::Ready(()),
        Load::Failed(trouble) => Load::Failed(trouble),
        _ => Load::Loading,
    });
    let actions = SettingsActions {
        switch_kind: Callback::new(move |(kind, on)| saver.change(|draft| mute(draft, kind, on))),
        switch_quiet: Callback::new(move |on: bool| {
            let hours = on.then(|| form.hours_or_night());
            saver.change(|draft| draft.quiet = hours);
        }),
        save_email: Callback::new(move |()| {
            let email = form.email.with_untracked(|email| email.trim().to_owned());
            saver.says_so.set_value(true);
            saver.change(|draft| draft.email = (!email.is_empty()).then_some(email));
        }),
    };
    let (push_state, push_busy, switch_push) = push_of_browser(state);
    view! {
        <TopBar locale title=td_string!(locale, notice.settings) up="/notices" />
        <main class="page">
            <Loaded
                locale
                load
                on_retry=reading.again
                draw=move |_: &()| {
                    let push = view::push(locale, push_state.into(), push_busy.into(), switch_push);
                    view::settings(locale, form, push, actions)
                }
            />
        </main>
    }
}

fn mute(draft: &mut NoticeSettings, kind: NoticeKind, on: bool) {
    draft.muted.retain(|muted| *muted != kind);
    if !on {
        draft.muted.push(kind);
    }
}

/// Saves the quiet hours once both times are there.
fn save_hours(form: SettingsForm, saver: Saver) {
    Effect::new(move |_| {
        let hours = form.hours();
        let kept = form.draft.with_untracked(|draft| draft.quiet);
        if kept.is_some() && hours.is_some() && hours != kept {
            saver.change(|draft| draft.quiet = hours);
        }
    });
}

/// Sends the settings as they are now, one after the other: a switch pressed while another is on its way is not lost.
#[derive(Clone, Copy)]
struct Saver {
    state: AppState,
    form: SettingsForm,
    /// The settings that the server has.
    saved: RwSignal<NoticeSettings>,
    busy: RwSignal<bool>,
    /// Whether the officer is told once they are saved; a switch shows it by itself.
    says_so: StoredValue<bool>,
}

impl Saver {
    fn new(state: AppState, form: SettingsForm) -> Self {
        let saved = RwSignal::new(NoticeSettings::default());
        Self { state, form, saved, busy: RwSignal::new(false), says_so: StoredValue::new(false) }
    }

    fn change(self, change: impl FnOnce(&mut NoticeSettings)) {
        self.form.draft.update(change);
        act(self.busy, async move {
            while let Some(wanted) = self.unsaved() {
                match net::call::<SetNoticeSettings>(&Empty {}, &Empty {}, &wanted).await {
                    // What the server keeps is what was sent; the order of its kinds may be another.
                    Ok(_) => {
                        self.saved.try_set(wanted);
                        if self.says_so.try_get_value() == Some(true) {
                            self.says_so.set_value(false);
                            self.state.toasts.show(Tone::Good, td_string!(self.state.locale, notice.saved));
                        }
                    }
                    Err(failure) => {
                        complain(self.state, &failure);
                        if let Some(saved) = self.saved.try_get_untracked() {
                            self.form.draft.try_set(saved);
                        }
                    }
                }
            }
        });
    }

    fn unsaved(self) -> Option<NoticeSettings> {
        let draft = self.form.draft.try_get_untracked()?;
        (self.saved.try_get_untracked()? != draft).then_some(draft)
    }
}

fn push_of_browser(state: AppState) -> (RwSignal<PushState>, RwSignal<bool>, Callback<bool>) {
    let locale = state.locale;
    let (now, busy) = (RwSignal::new(PushState::Asking), RwSignal::new(false));
    let key = RwSignal::new(None::<String>);
    spawn_local(async move {
        match push::key().await {
            Ok(found) => {
                let stands = push::state_with(state, found.as_deref()).await;
                key.try_set(found);
                now.try_set(stands);
            }
            Err(failure) => complain(state, &failure),
        }
    });
    let switch = Callback::new(move |on: bool| {
        let Some(key) = key.get_untracked() else { return };
        act(busy, async move {
            if on {
                match push::switch_on(state, &key).await {
                    Ok(()) => state.toasts.show(Tone::Good, td_string!(locale, notice.push_switched_on)),
                    Err(Obstacle::Server(failure)) => complain(state, &failure),
                    Err(Obstacle::Browser) => state.toasts.show(Tone::Bad, td_string!(locale, notice.push_failed)),
                    Err(Obstacle::Denied) => {}
                }
            } else if let Err(failure) = push::switch_off(state).await {
                complain(state, &failure);
            }
            let stands = push::state_with(state, Some(&key)).await;
            now.try_set(stands);
        });
    });
    (now, busy, switch)
}
