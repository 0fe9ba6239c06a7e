//! The stream of notices, one for the whole app: the badge is live wherever the officer is.
//!
//! It is open while the app is in sight, and a minute longer: looking up another app costs no reconnection, and a phone
//! in a pocket costs no battery. It goes on behind the last notice that arrived, so that none is missed in between.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use app::api::{ById, Empty, url};
use app::approval::api::{GetInbox, InboxQuery};
use app::notice::api::{ListNotices, MarkNoticeRead, Notice, NoticeQuery, NoticeUpdate, WatchNotices, WatchQuery};
use app::notice::rules::NoticeKind;
use js_sys::{Function, Promise, Reflect};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::words::{is_about, is_about_something, sentence};
use crate::events::{Message, Source, Stream};
use crate::i18n::td_string;
use crate::json;
use crate::kit::Tone;
use crate::net;
use crate::state::{AppState, now};

/// How long the stream stays open behind the officer's back.
const HIDDEN_MILLIS: i64 = 60_000;
/// How long notices are gathered before they are told: whoever catches up gets one message and one refresh, not fifty.
const GATHER: Duration = Duration::from_millis(300);
/// One to eight seconds, and up to sixteen times that for a server that stays away.
const DOUBLINGS: u32 = 4;

/// What the stream says, for every page.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// How many notices are not read.
    pub unread: RwSignal<u64>,
    /// Counts the arrivals: whoever shows something that an officer is told about reads it again.
    pub arrived: RwSignal<u32>,
}

impl Default for Live {
    fn default() -> Self {
        Self { unread: RwSignal::new(0), arrived: RwSignal::new(0) }
    }
}

impl Live {
    /// Takes over how many notices are not read.
    pub fn count(self, unread: i64) {
        let unread = u64::try_from(unread).unwrap_or(0);
        if self.unread.try_get_untracked().is_some_and(|before| before != unread) {
            self.unread.set(unread);
        }
    }
}

/// Watches for as long as the caller's owner lives; `path` is the page in sight.
pub fn watch(state: AppState, path: Signal<String>) {
    let watch = Rc::new(Watch {
        state,
        path,
        stream: RefCell::new(None),
        after: Rc::new(Cell::new(None)),
        gathered: RefCell::new(Vec::new()),
        is_gathering: Cell::new(false),
        is_fewer: Cell::new(false),
        hidden_at: Cell::new(None),
        in_sight: RwSignal::new(0),
    });
    watch.open();
    let own = watch.clone();
    let front = window_event_listener(ev::visibilitychange, move |_| own.follow_visibility());
    let own = watch.clone();
    // A network that is back is worth a try at once; the stream would wait for up to two minutes.
    let network = window_event_listener(ev::online, move |_| {
        if !document().hidden() {
            own.open();
        }
    });
    Effect::new(move |_| show_on_icon(state.live.unread.get()));
    read_what_is_in_sight(state, path, watch.in_sight);
    let watch = SendWrapper::new(watch);
    on_cleanup(move || {
        front.remove();
        network.remove();
        watch.close();
    });
}

struct Watch {
    state: AppState,
    path: Signal<String>,
    stream: RefCell<Option<Stream>>,
    /// The position of the last notice that arrived.
    after: Rc<Cell<Option<i64>>>,
    /// What arrived and is not told yet.
    gathered: RefCell<Vec<Notice>>,
    /// Whether what is gathered will be told in a moment.
    is_gathering: Cell<bool>,
    /// Whether fewer are unread although nobody read any here: somebody else has decided, or another device has read.
    is_fewer: Cell<bool>,
    /// Since when the app is out of sight, by the phone's clock.
    hidden_at: Cell<Option<i64>>,
    /// Counts how often the app came back to the front.
    in_sight: RwSignal<u32>,
}

impl Watch {
    fn open(self: &Rc<Self>) {
        self.close();
        let after = self.after.clone();
        let url = Box::new(move || url::<WatchNotices>(&Empty {}, &WatchQuery { after: after.get() }));
        let own = Rc::downgrade(self);
        let hear = move |message: Message| {
            if let Some(own) = own.upgrade() {
                own.hear(&message);
            }
        };
        self.stream.replace(Some(Stream::open(Source { url, event: "notice", doublings: DOUBLINGS }, hear, |_| ())));
    }

    fn close(&self) {
        if let Some(stream) = self.stream.take() {
            stream.close();
        }
    }

    fn is_long_hidden(&self) -> bool {
        self.hidden_at.get().is_some_and(|since| now().millis() - since >= HIDDEN_MILLIS)
    }

    fn follow_visibility(self: &Rc<Self>) {
        if !document().hidden() {
            // A frozen phone runs no timer, and its stream may have died without a word.
            if self.is_long_hidden() || self.stream.borrow().is_none() {
                self.open();
            }
            self.hidden_at.set(None);
            self.in_sight.update(|count| *count = count.wrapping_add(1));
            return;
        }
        self.hidden_at.set(Some(now().millis()));
        let own = Rc::downgrade(self);
        set_timeout(
            move || {
                if let Some(own) = own.upgrade()
                    && own.is_long_hidden()
                {
                    own.close();
                }
            },
            Duration::from_millis(HIDDEN_MILLIS.unsigned_abs()),
        );
    }

    fn hear(self: &Rc<Self>, message: &Message) {
        if let Ok(position) = message.id.parse() {
            self.after.set(Some(position));
        }
        let Ok(update) = json::from_str::<NoticeUpdate>(&message.text) else { return };
        let before = self.state.live.unread.try_get_untracked().unwrap_or(0);
        self.state.live.count(update.unread);
        match update.notice {
            Some(notice) => self.gathered.borrow_mut().push(notice),
            None if u64::try_from(update.unread).is_ok_and(|unread| unread < before) => self.is_fewer.set(true),
            None => return,
        }
        if !self.is_gathering.replace(true) {
            let own = self.clone();
            set_timeout(move || own.tell(), GATHER);
        }
    }

    /// Tells what was gathered: to the pages, to the count of what waits, and to the officer in one short message.
    fn tell(&self) {
        self.is_gathering.set(false);
        let notices = self.gathered.take();
        // Once somebody has decided, the notice of a task counts as read: what waits may be less too.
        let is_fewer = self.is_fewer.replace(false);
        self.state.live.arrived.try_update(|count| *count = count.wrapping_add(1));
        if is_fewer || notices.iter().any(|notice| notice.kind == NoticeKind::TaskWaiting) {
            spawn_local(count_waiting(self.state));
        }
        let Some(path) = self.path.try_get_untracked() else { return };
        // The list shows them itself; a projector shows nobody's notices.
        if path.starts_with("/notices") || path.ends_with("/board") {
            return;
        }
        let locale = self.state.locale;
        match notices.iter().filter(|notice| !is_about(&path, notice)).collect::<Vec<_>>().as_slice() {
            [] => {}
            [notice] => self.state.toasts.show_link(Tone::Court, sentence(locale, notice), notice.link.clone()),
            several => {
                let text = td_string!(locale, notice.several_new, count = several.len());
                self.state.toasts.show_link(Tone::Court, text, "/notices");
            }
        }
    }
}

/// Reads anew how many tasks wait, for the badge of 待办.
async fn count_waiting(state: AppState) {
    let query = InboxQuery { limit: Some(1), ..InboxQuery::default() };
    if let Ok(inbox) = net::call::<GetInbox>(&Empty {}, &query, &Empty {}).await {
        state.waiting.try_set(u64::try_from(inbox.total).unwrap_or(0));
    }
}

/// Whoever looks at the page that a notice leads to has read the notice, whichever way he came: by the notice, by a push
/// message, or from another list.
fn read_what_is_in_sight(state: AppState, path: Signal<String>, in_sight: RwSignal<u32>) {
    let any_unread = Memo::new(move |_| state.live.unread.get() > 0);
    Effect::new(move |_| {
        state.live.arrived.track();
        in_sight.track();
        let path = path.get();
        if any_unread.get() && is_about_something(&path) && !document().hidden() {
            spawn_local(mark_about(state, path));
        }
    });
}

async fn mark_about(state: AppState, path: String) {
    let query = NoticeQuery { cursor: None, limit: Some(100), unread: Some(true) };
    let Ok(unread) = net::call::<ListNotices>(&Empty {}, &query, &Empty {}).await else { return };
    for notice in unread.items.iter().filter(|notice| is_about(&path, notice)) {
        let Ok(left) = net::call::<MarkNoticeRead>(&ById { id: notice.id }, &Empty {}, &Empty {}).await else { return };
        state.live.count(left.unread);
    }
}

/// Shows the count on the icon of an installed app, where the browser can.
fn show_on_icon(unread: u64) {
    let navigator = window().navigator();
    let name = if unread > 0 { "setAppBadge" } else { "clearAppBadge" };
    let Ok(Ok(show)) = Reflect::get(&navigator, &name.into()).map(JsCast::dyn_into::<Function>) else { return };
    let count = JsValue::from_f64(f64::from(u32::try_from(unread).unwrap_or(u32::MAX)));
    let Ok(Ok(shown)) = show.call1(&navigator, &count).map(JsCast::dyn_into::<Promise>) else { return };
    // An app that is not installed may be refused its badge.
    spawn_local(async move { drop(JsFuture::from(shown).await) });
}
