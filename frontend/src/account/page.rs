//! Loads the officer's own page and his sessions, keeps his preferences, logs out.

use app::account::api::{EndSession, ListSessions, RevokeSession};
use app::api::{ById, Empty};
use leptos::prelude::*;

use super::view::{self, MeActions, Preferences};
use crate::i18n::td_string;
use crate::kit::{Button, Loaded, Look, Sheet, Size, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net::{self, Failure};
use crate::outbox;
use crate::preferences;
use crate::state::AppState;

/// `/me`
#[component]
pub fn MePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let leaving = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let actions = MeActions { log_out: Callback::new(move |()| leaving.set(true)) };
    let preferences = kept_preferences();
    let log_out = Callback::new(move |()| {
        act(busy, async move {
            match net::call::<EndSession>(&Empty {}, &Empty {}, &Empty {}).await {
                Ok(_) | Err(Failure::SignedOut) => {
                    net::forget_account().await;
                    net::go_to_login();
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, account.title) />
        <main class="page">
            {move || {
                state.me().map(|me| view::me(state.words(), &me, preferences, actions, outbox::tray(state)))
            }}
        </main>
        <Sheet locale open=leaving title=td_string!(locale, account.log_out)>
            <p>{td_string!(locale, account.log_out_sure)}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=log_out>
                {td_string!(locale, account.log_out)}
            </Button>
        </Sheet>
    }
}

fn kept_preferences() -> Preferences {
    let theme = RwSignal::new(preferences::theme());
    let language = RwSignal::new(preferences::locale().to_string());
    let large = RwSignal::new(preferences::large_type());
    Effect::new(move |_| preferences::set_theme(&theme.get()));
    Effect::new(move |_| preferences::set_locale(&language.get()));
    Preferences {
        theme,
        large_type: large.into(),
        language,
        on_large_type: Callback::new(move |on| {
            large.set(on);
            preferences::set_large_type(on);
        }),
    }
}

/// `/me/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListSessions>(state, || Some((Empty {}, Empty {})));
    let busy = RwSignal::new(false);
    let revoke = Callback::new(move |id| {
        act(busy, async move {
            match net::call::<RevokeSession>(&ById { id }, &Empty {}, &Empty {}).await {
                Ok(_) => {
                    state.toasts.show(Tone::Good, td_string!(locale, account.revoked));
                    reading.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, account.sessions) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |sessions| view::sessions(state.words(), &sessions.items, busy.into(), revoke)
            />
        </main>
    }
}
