//! Loads the officer's notices and marks them as read.

use std::time::Duration;

use app::api::{ById, Empty};
use app::day::Timestamp;
use app::notice::api::{ListNotices, MarkAllNoticesRead, MarkNoticeRead, NoticeQuery, ReadThrough};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use super::shown::Shown;
use super::view::{self, ListActions};
use crate::i18n::td_string;
use crate::kit::{Glyph, Icon, Load, Loaded, Slot, TopBar};
use crate::load::{act, complain, read};
use crate::net;
use crate::state::{AppState, now};

/// How often "5 minutes ago" is looked at again.
const TICK: Duration = Duration::from_secs(30);

/// `/notices`
#[component]
pub fn NoticesPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = use_location().query;
    let only_unread = Memo::new(move |_| query.with(|query| query.get("unread").as_deref() == Some("true")));
    let settings = view! {
        <a class="icon-button" href="/notices/settings" aria-label=td_string!(locale, notice.settings)>
            <Glyph icon=Icon::Settings />
        </a>
    }
    .into_any();
    let shown = RwSignal::new(None::<Shown>);
    let busy = RwSignal::new(false);
    let read_all = Callback::new(move |()| {
        // What came since the list was drawn has not been seen and stays unread.
        let Some(through) = shown.with_untracked(|shown| shown.as_ref().and_then(Shown::newest)) else { return };
        act(busy, async move {
            match net::call::<MarkAllNoticesRead>(&Empty {}, &Empty {}, &ReadThrough { through }).await {
                Ok(left) => {
                    shown.try_update(|shown| shown.as_mut().map(|shown| shown.mark_through(through)));
                    state.live.count(left.unread);
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, kit.notices) up="/" end=settings />
        <main class="page">
            {view::head(locale, only_unread.into(), state.live.unread.into(), busy.into(), read_all)}
            {move || {
                let only_unread = only_unread.get();
                untrack(|| NoticeList(NoticeListProps { only_unread, shown }).into_any())
            }}
        </main>
    }
}

/// The list, or what is not read in it.
#[component]
fn NoticeList(only_unread: bool, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let state = AppState::get();
    let asked = move |cursor: Option<String>| NoticeQuery { cursor, limit: None, unread: only_unread.then_some(true) };
    let reading = read::<ListNotices>(state, move || Some((Empty {}, asked(None))));
    shown.set(None);
    Effect::new(move |_| {
        reading.load.with(|load| {
            if let Some(newest) = load.data() {
                shown.update(|shown| shown.get_or_insert_with(|| Shown::of(only_unread)).refresh(newest.clone()));
            }
        });
    });
    // Another device may have marked some: the count says so. Older pages are not read again by themselves, so they go.
    Effect::new(move |before: Option<u64>| {
        let unread = state.live.unread.get();
        let here = shown.with_untracked(|shown| shown.as_ref().map(Shown::unread));
        if before.is_some_and(|before| before > unread) && here.is_some_and(|here| here > unread) {
            if let Some(newest) = reading.load.with_untracked(|load| load.data().cloned()) {
                shown.update(|shown| shown.iter_mut().for_each(|shown| shown.keep_newest(newest.clone())));
            }
            reading.again.run(());
        }
        unread
    });
    let list = Slot::derive(move || match (reading.load.get(), shown.get()) {
        (Load::Failed(trouble), None) => Load::Failed(trouble),
        (Load::Stale { as_of, .. }, Some(shown)) => Load::Stale { data: shown, as_of },
        (_, Some(shown)) => Load::Ready(shown),
        (_, None) => Load::Loading,
    });
    let loading = RwSignal::new(false);
    let more = Callback::new(move |()| {
        let Some(cursor) = shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.next.clone())) else {
            return;
        };
        let asked = asked(Some(cursor));
        act(loading, async move {
            match net::call::<ListNotices>(&Empty {}, &asked, &Empty {}).await {
                Ok(older) => {
                    shown.try_update(|shown| shown.as_mut().map(|shown| shown.extend(&asked, older)));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let open = Callback::new(move |id| {
        // The link leads on at once; a mark that does not arrive leaves the notice unread, which harms nobody.
        spawn_local(async move {
            if let Ok(left) = net::call::<MarkNoticeRead>(&ById { id }, &Empty {}, &Empty {}).await {
                shown.try_update(|shown| shown.as_mut().map(|shown| shown.mark(id)));
                state.live.count(left.unread);
            }
        });
    });
    let clock = ticking();
    view! {
        <Loaded
            locale=state.locale
            load=list
            on_retry=reading.again
            draw=move |data| view::notices(state.words(), clock, data, only_unread, ListActions { open, more })
        />
    }
}

/// The phone's clock, twice a minute.
fn ticking() -> Signal<Timestamp> {
    let clock = RwSignal::new(now());
    let tick = move || {
        clock.try_set(now());
    };
    let handle = set_interval_with_handle(tick, TICK);
    on_cleanup(move || {
        if let Ok(handle) = handle {
            handle.clear();
        }
    });
    clock.into()
}
