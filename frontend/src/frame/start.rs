//! From the first byte to the first page: the boot data, the shared state, the frame.

use app::account::api::{Boot, GetBoot};
use app::api::Empty;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

use super::routes::Pages;
use crate::account::view::desk_places;
use crate::cache;
use crate::i18n::{Locale, td_string};
use crate::json;
use crate::kit::{Banner, Failed, Icon, Rail, Skeleton, Tab, TabBar, ToastPlace, Toasts, Tone, Trouble, Unread};
use crate::load::trouble;
use crate::net;
use crate::notice::live::{self, Live};
use crate::notice::push;
use crate::outbox;
use crate::preferences;
use crate::state::AppState;

/// The app: the boot data that the shell brought, or `GET /boot`, then the frame with its pages.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "gallery")]
    super::reload::watch();
    let locale = preferences::locale();
    let boot = RwSignal::new(boot_in_shell());
    let failed = RwSignal::new(None::<Trouble>);
    let ask = Callback::new(move |()| {
        failed.set(None);
        spawn_local(ask_for_boot(locale, boot, failed));
    });
    if boot.with_untracked(Option::is_none) {
        ask.run(());
    }
    move || {
        if let Some(boot) = boot.get() {
            if boot.me.is_none() {
                net::go_to_login();
                return view! { <Skeleton locale /> }.into_any();
            }
            return view! { <Signed locale boot /> }.into_any();
        }
        match failed.get() {
            Some(trouble) => view! { <Failed locale trouble on_retry=ask /> }.into_any(),
            None => view! { <Skeleton locale /> }.into_any(),
        }
    }
}

/// The boot data that the server wrote into its answer; the kept shell of the service worker has none.
fn boot_in_shell() -> Option<Boot> {
    let text = document().get_element_by_id("boot")?.text_content()?;
    json::from_str(&text).ok()
}

/// Asks the server; without a network, what it said last time to the account that was signed in.
async fn ask_for_boot(locale: Locale, boot: RwSignal<Option<Boot>>, failed: RwSignal<Option<Trouble>>) {
    match net::call::<GetBoot>(&Empty {}, &Empty {}, &Empty {}).await {
        Ok(answer) => boot.set(Some(answer)),
        Err(failure) => match cache::read_last_known::<GetBoot>(&Empty {}, &Empty {}).await {
            Some(kept) => boot.set(Some(kept.data)),
            None => failed.set(Some(trouble(locale, &failure))),
        },
    }
}

/// The frame of a signed-in officer.
#[component]
fn Signed(locale: Locale, boot: Boot) -> impl IntoView {
    let demo = boot.demo;
    // What the shell brought along is shown once; kept, it would pass for fresh the next time.
    let kept = Boot { first: None, ..boot.clone() };
    spawn_local(async move {
        // Whose phone this is has to be known before anything of his is sent.
        cache::keep_boot(&kept).await;
        outbox::start();
    });
    let state = AppState {
        locale,
        boot: RwSignal::new(boot),
        toasts: Toasts::default(),
        waiting: RwSignal::new(0),
        live: Live::default(),
        online: RwSignal::new(window().navigator().on_line()),
    };
    provide_context(state);
    // Before the router, which hears of a click after it.
    #[cfg(not(feature = "desk"))]
    super::desk_door::leave_desk_links_to_the_browser();
    provide_context(Unread(state.live.unread.into()));
    push::keep(state);
    let online = window_event_listener(ev::online, move |_| state.online.set(true));
    let offline = window_event_listener(ev::offline, move |_| state.online.set(false));
    on_cleanup(move || {
        online.remove();
        offline.remove();
    });
    view! {
        <Router>
            <Frame state demo />
        </Router>
        <ToastPlace toasts=state.toasts />
    }
}

#[component]
fn Frame(state: AppState, demo: bool) -> impl IntoView {
    let locale = state.locale;
    let pending = outbox::pending();
    let path = use_location().pathname;
    let path = Signal::derive(move || path.get());
    live::watch(state, path);
    let active = Signal::derive(move || path.with(|path| Tab::of(path)));
    let bare = move || path.with(|path| path.ends_with("/board"));
    let class = move || {
        path.with(|path| match path.as_str() {
            board if board.ends_with("/board") => "frame frame-bare",
            "/leave/new" => "frame frame-tabs frame-docked",
            again if again.ends_with("/resubmit") => "frame frame-tabs frame-docked",
            _ => "frame frame-tabs",
        })
    };
    let desk = Signal::derive(move || state.me().map(|me| desk_places(locale, &me.permissions)).unwrap_or_default());
    view! {
        <div class=class>
            <div class="frame-banners">
                {demo
                    .then(|| {
                        let text = td_string!(locale, common.demo_banner);
                        view! { <Banner tone=Tone::Gold icon=Icon::Info text /> }
                    })}
                {move || {
                    (!state.online.get())
                        .then(|| {
                            let text = td_string!(locale, common.offline_banner);
                            view! { <Banner tone=Tone::Warn icon=Icon::Offline text /> }
                        })
                }}
                {move || {
                    let count = pending.get();
                    (count > 0)
                        .then(|| {
                            let text = td_string!(locale, outbox.pending, count);
                            view! {
                                <a href="/me">
                                    <Banner tone=Tone::Warn icon=Icon::Outbox text />
                                </a>
                            }
                        })
                }}
            </div>
            <Show when=move || !bare()>
                <Rail locale path waiting=state.waiting desk />
            </Show>
            <div class="frame-main">
                <Pages />
            </div>
            <Show when=move || !bare()>
                <TabBar locale active waiting=state.waiting />
            </Show>
        </div>
    }
}
