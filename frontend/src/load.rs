//! Reads and writes as pages need them: a read that keeps itself fresh, a write that runs once at a time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use app::account::api::Boot;
use app::api::{Code, Empty, Endpoint, Offline, Problem, url};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::cache;
use crate::frame::Subject;
use crate::i18n::{Locale, td_string};
use crate::kit::{Load, Shared, Slot, Tone, Trouble, share};
use crate::net::{self, Failure};
use crate::state::AppState;

/// How long the network may take before the copy of last time is shown.
const PATIENCE: Duration = Duration::from_millis(600);

/// A read that a page shows.
#[derive(Debug)]
pub struct Reading<T> {
    /// The data as it is now.
    pub load: Slot<T>,
    /// Reads again, keeping what is shown until the answer is here.
    pub again: Callback<()>,
    erased: RwSignal<Load<Shared>>,
    shown: RwSignal<Shown>,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

impl<T: Send + Sync + 'static> Reading<T> {
    /// Shows data that a write has answered with.
    pub fn set(self, data: T) {
        // The answer of before is no longer what is shown: should it come again, it has to be drawn.
        self.shown.try_update(|shown| shown.text.clear());
        self.erased.try_set(Load::Ready(share(data)));
    }

    /// Whether the server has answered, and what is shown is of now.
    pub fn is_answered(self) -> bool {
        self.erased.with(|load| matches!(load, Load::Ready(_)))
    }
}

/// Reads `E` for a page: at once, whenever the parameters change, when the officer is told something, when the app comes
/// back to the front and when the network returns. Without a network, an endpoint marked `LastKnown` shows its copy with the time.
pub fn read<E>(state: AppState, parameters: impl Fn() -> Option<(E::Path, E::Query)> + 'static) -> Reading<E::Reply>
where
    E: Endpoint<Body = Empty>,
    E::Reply: Sync,
{
    let address = move || parameters().map(|(path, query)| url::<E>(&path, &query));
    let kind = Kind { is_kept: E::OFFLINE == Offline::LastKnown, decode: decode::<E::Reply> };
    let (erased, shown, again) = read_address(state, Box::new(address), kind);
    Reading { load: Slot::holding(erased.into()), again, erased, shown }
}

fn decode<T: DeserializeOwned + Send + Sync + 'static>(text: &str) -> Result<Shared, Failure> {
    net::decode::<T>(text).map(share)
}

/// What is to be known about an endpoint once its types are gone.
#[derive(Clone, Copy)]
struct Kind {
    /// Whether the phone keeps the last answer.
    is_kept: bool,
    /// Reads the reply.
    decode: fn(&str) -> Result<Shared, Failure>,
}

fn read_address(
    state: AppState,
    address: Box<dyn Fn() -> Option<String>>,
    kind: Kind,
) -> (RwSignal<Load<Shared>>, RwSignal<Shown>, Callback<()>) {
    let load = RwSignal::new(Load::Loading);
    let turn = RwSignal::new(0u32);
    let shown = RwSignal::new(Shown::default());
    Effect::new(move |_| {
        let number = turn.get();
        if let Some(address) = address() {
            fetch(Fetch { state, load, turn, number, shown, address, kind });
        }
    });
    let again = Callback::new(move |()| {
        turn.try_update(|turn| *turn = turn.wrapping_add(1));
    });
    refresh_on_notice(state, again);
    refresh_on_return(again);
    (load, shown, again)
}

/// Reads again when the officer is told something: most of what he is told about stands on some page. A read whose
/// answer is the same draws nothing.
fn refresh_on_notice(state: AppState, again: Callback<()>) {
    Effect::new(move |before: Option<()>| {
        state.live.arrived.track();
        if before.is_some() {
            again.run(());
        }
    });
}

/// Reads again when the app comes back to the front or the network returns.
fn refresh_on_return(again: Callback<()>) {
    let front = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            again.run(());
        }
    });
    let network = window_event_listener(ev::online, move |_| again.run(()));
    on_cleanup(move || {
        front.remove();
        network.remove();
    });
}

/// The answer that is on the page.
#[derive(Debug, Default)]
struct Shown {
    /// What was asked.
    address: String,
    /// The answer as it came; empty where what is shown came in another way.
    text: String,
}

/// One turn of a read.
#[derive(Clone)]
struct Fetch {
    state: AppState,
    load: RwSignal<Load<Shared>>,
    turn: RwSignal<u32>,
    /// Which turn this is; a later one makes it void.
    number: u32,
    shown: RwSignal<Shown>,
    address: String,
    kind: Kind,
}

impl Fetch {
    fn is_current(&self) -> bool {
        self.turn.try_get_untracked() == Some(self.number)
    }

    /// The answer that the shell brought along for its first screen; taken once, since it grows old.
    fn brought_along(&self) -> Option<String> {
        let is_this = |boot: &Boot| boot.first.as_ref().is_some_and(|first| first.address == self.address);
        if !self.state.boot.with_untracked(is_this) {
            return None;
        }
        let first = self.state.boot.try_update_untracked(|boot| boot.first.take()).flatten()?;
        Some(first.reply.to_string())
    }

    /// The copy of last time.
    async fn kept(&self) -> Option<Load<Shared>> {
        let (as_of, text) = cache::read_text(&self.address).await?;
        let data = (self.kind.decode)(&text).ok()?;
        Some(Load::Stale { data, as_of: self.state.words().moment(as_of) })
    }

    async fn show_kept_meanwhile(self) {
        let Some(kept) = self.kept().await else { return };
        let is_bare = self.load.try_with_untracked(|load| load.data().is_none()) == Some(true);
        if is_bare && self.is_current() {
            self.show("", kept);
        }
    }

    async fn run(self) {
        let answer = match self.brought_along() {
            Some(text) => Ok(text),
            None => net::read(&self.address).await,
        };
        if !self.is_current() {
            return;
        }
        let decoded = answer.and_then(|text| (self.kind.decode)(&text).map(|data| (text, data)));
        match decoded {
            Ok((text, data)) => {
                self.show(&text, Load::Ready(data.clone()));
                if self.kind.is_kept {
                    cache::keep(&self.address, &text, &*data).await;
                }
            }
            Err(Failure::SignedOut) => {}
            Err(failure) => {
                let kept = if self.kind.is_kept && failure == Failure::Offline { self.kept().await } else { None };
                if !self.is_current() {
                    return;
                }
                match kept {
                    Some(kept) => self.show("", kept),
                    // What is on the page is better than a page that says why it could not be read again.
                    None if self.has_answer() && !is_denied(&failure) => {}
                    None => drop(self.load.try_set(Load::Failed(trouble(self.state.locale, &failure)))),
                }
            }
        }
    }

    /// The same answer again does not draw the page anew: somebody may be typing in it.
    fn show(&self, text: &str, load: Load<Shared>) {
        let is_ready = self.load.try_with_untracked(|load| matches!(load, Load::Ready(_))) == Some(true);
        let before = self.shown.try_update(|shown| {
            std::mem::replace(shown, Shown { address: self.address.clone(), text: text.to_owned() })
        });
        let is_same = !text.is_empty() && before.is_some_and(|before| before.text == text);
        if !(is_ready && is_same) {
            self.load.try_set(load);
        }
    }

    /// Whether an answer to this very question is on the page.
    fn has_answer(&self) -> bool {
        let is_this = self.shown.try_with_untracked(|shown| shown.address == self.address) == Some(true);
        is_this && self.load.try_with_untracked(|load| load.data().is_some()) == Some(true)
    }
}

/// Whether the server keeps the thing from the officer, or has it no more: then it must not stay on the page.
fn is_denied(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if matches!(problem.code, Code::NotAllowed | Code::NotFound))
}

fn fetch(fetch: Fetch) {
    if fetch.kind.is_kept {
        let meanwhile = fetch.clone();
        set_timeout(
            move || {
                if meanwhile.is_current() {
                    spawn_local(meanwhile.show_kept_meanwhile());
                }
            },
            PATIENCE,
        );
    }
    spawn_local(fetch.run());
}

/// Runs a write. While it runs `busy` is set, and a second press does nothing.
pub fn act(busy: RwSignal<bool>, work: impl Future<Output = ()> + 'static) {
    act_boxed(busy, Box::pin(work));
}

fn act_boxed(busy: RwSignal<bool>, work: Pin<Box<dyn Future<Output = ()>>>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        work.await;
        busy.try_set(false);
    });
}

/// The state that won, from the problem of whoever lost a race. It is read like every reply, from text: reading it
/// out of the tree of values would compile the reply's type a second time.
pub fn winner<T: DeserializeOwned>(problem: &Problem) -> Option<T> {
    net::decode(&problem.current.as_ref()?.to_string()).ok()
}

/// Says in a short message why a write did not work.
pub fn complain(state: AppState, failure: &Failure) {
    if !matches!(failure, Failure::SignedOut) {
        state.toasts.show(Tone::Bad, trouble(state.locale, failure).detail);
    }
}

/// A failure in words.
pub fn trouble(locale: Locale, failure: &Failure) -> Trouble {
    match failure {
        Failure::Problem(problem) => {
            Trouble { title: problem.title.clone(), detail: problem.detail.clone(), offline: false }
        }
        Failure::Offline => Trouble {
            title: td_string!(locale, common.offline_title).to_owned(),
            detail: td_string!(locale, common.offline_detail).to_owned(),
            offline: true,
        },
        Failure::SignedOut => Trouble {
            title: td_string!(locale, common.signed_out_title).to_owned(),
            detail: td_string!(locale, common.signed_out_detail).to_owned(),
            offline: false,
        },
    }
}

/// The thing that the page's address names by its UUID.
pub fn id_in_path() -> impl Fn() -> Option<Uuid> + Copy + Send + Sync + 'static {
    let subject = use_context::<Subject>().and_then(|Subject(id)| id);
    move || subject
}

/// An id for a write that can be sent again.
pub fn new_id() -> Uuid {
    net::new_id()
}
