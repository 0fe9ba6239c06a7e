//! Loads and keeps what the officer wants to hear outside the app, and push for this browser.

use app::api::Empty;
use app::notice::api::{GetNoticeSettings, GetPushKey, NoticeSettings, PushKey, SetNoticeSettings};
use app::notice::rules::NoticeKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::push::{self, Obstacle};
use super::settings_view::{self as view, PushState, SettingsActions, SettingsForm};
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone, TopBar};
use crate::load::{Reading, act, complain, read};
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
    let load = Slot::derive(move || {
        if ready.get() {
            return Load::Ready(());
        }
        reading.load.trouble().map_or(Load::Loading, Load::Failed)
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
    let of_browser = push_of_browser(state);
    view! {
        <TopBar locale title=td_string!(locale, notice.settings) up="/notices" />
        <main class="page">
            <Loaded
                locale
                load
                on_retry=reading.again
                draw=move |_: &()| view::settings(locale, form, push_card(state, of_browser), actions)
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
                        self.says_so.try_set_value(false);
                        if let Some(saved) = self.saved.try_get_untracked() {
                            self.form.take_back(&saved);
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

/// Push of this browser, as the page knows it.
#[derive(Clone, Copy)]
struct PushOfBrowser {
    key: Reading<PushKey>,
    now: RwSignal<PushState>,
    busy: RwSignal<bool>,
    switch: Callback<bool>,
}

/// The card of push; why the server's key is missing, where it could not be had.
fn push_card(state: AppState, push: PushOfBrowser) -> AnyView {
    let load = Slot::derive(move || push.key.load.trouble().map_or(Load::Ready(()), Load::Failed));
    let draw = move |_: &()| view::push(state.locale, push.now.into(), push.busy.into(), push.switch);
    view! { <Loaded locale=state.locale load on_retry=push.key.again draw /> }.into_any()
}

fn push_of_browser(state: AppState) -> PushOfBrowser {
    let locale = state.locale;
    let (now, busy) = (RwSignal::new(PushState::Asking), RwSignal::new(false));
    let key = read::<GetPushKey>(state, || Some((Empty {}, Empty {})));
    let known = move |answer: Option<&PushKey>| answer.map(|answer| answer.key.clone());
    Effect::new(move |_| {
        let Some(key) = key.load.with(|load| known(load.data())) else { return };
        spawn_local(async move {
            let stands = push::state_with(state, key.as_deref()).await;
            now.try_set(stands);
        });
    });
    let switch = Callback::new(move |on: bool| {
        let Some(key) = key.load.with_untracked(|load| known(load.data())).flatten() else { return };
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
    PushOfBrowser { key, now, busy, switch }
}
