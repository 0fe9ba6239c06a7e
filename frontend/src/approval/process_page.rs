//! Loads a request on its way and acts on it, beside the facts that the form's own page shows.

use std::time::Duration;

use app::api::{ById, Empty, Endpoint};
use app::approval::api::{ActOnProcess, ActOnRequest, GetInbox, GetProcess, InboxQuery, OfferView, ProcessView, Task};
use app::approval::process::Verb;
use app::leave::api::LeaveRequest;
use app::org::api::{Colleague, ColleagueQuery, Colleagues, ListColleagues};
use leptos::prelude::*;
use uuid::Uuid;

use super::decision::{Decision, is_outdated};
use super::form::{ActionForm, action_form};
use super::offers::{OfferActions, more_offers, offer_buttons};
use super::people::{PeopleSearch, people_search};
use super::process;
use super::view;
use super::words::{verb_done, verb_text};
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Tone};
use crate::load::{act, complain, read};
use crate::net;
use crate::state::AppState;

/// How long the search for a colleague waits after the last letter before it asks.
const SETTLE: Duration = Duration::from_millis(250);

/// How long a sheet that came up by itself waits before its last tap counts.
const DOUBLE_TAP: Duration = Duration::from_millis(600);

/// What belongs to the form of the request.
#[derive(Clone, Debug)]
pub struct OfForm {
    /// Asks whether to withdraw it.
    pub withdraw: Callback<()>,
    /// The page on which it is changed and submitted again.
    pub resubmit: String,
    /// Why the officer is here.
    pub purpose: Purpose,
    /// The request has changed; it is given where the answer brought it along.
    pub changed: Callback<Option<LeaveRequest>>,
}

/// Why somebody looks at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is his own, or he only wants to know.
    Look,
    /// It may be his to decide: what there is to weigh is shown too.
    Weigh,
    /// He was told that it is his to decide: if it still is, the sheet for approving comes up by itself, once.
    Decide,
}

/// The parts of a request's page that show and move its process.
pub struct ProcessPart {
    /// What the officer may do now.
    pub buttons: AnyView,
    /// The nodes and what has happened.
    pub track: AnyView,
    /// The sheets in which he does it.
    pub sheets: AnyView,
    /// Reads the process again.
    pub again: Callback<()>,
}

/// Loads the process of a request.
pub fn process_part(state: AppState, request: Uuid, form_page: OfForm) -> ProcessPart {
    let locale = state.locale;
    let reading = read::<GetProcess>(state, move || Some((ById { id: request }, Empty {})));
    let decision = Decision::new(state);
    let form = ActionForm::default();
    let (acting, listing) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<OfferView>);
    let OfForm { withdraw, resubmit, purpose, changed } = form_page;
    let weighing = read::<GetInbox>(state, move || {
        let query = InboxQuery { subject: Some(request), ..InboxQuery::default() };
        (purpose != Purpose::Look).then_some((Empty {}, query))
    });
    let again = Callback::new(move |()| {
        reading.again.run(());
        weighing.again.run(());
    });
    let task = move || weighing.load.with(|load| load.data().and_then(|inbox| inbox.tasks.first().cloned()));
    let open = Callback::new(move |offer: OfferView| {
        listing.set(false);
        if offer.verb == Verb::Withdraw {
            withdraw.run(());
            return;
        }
        form.clear();
        chosen.set(Some(offer));
        acting.set(true);
    });
    let actions = OfferActions { act: open, more: Callback::new(move |()| listing.set(true)) };
    let done = Callback::new(move |request: Option<LeaveRequest>| {
        acting.set(false);
        again.run(());
        changed.run(request);
    });
    let act_on_request = move |verb: Verb, body: ActOnRequest| {
        act(decision.busy, async move {
            match net::call::<ActOnProcess>(&ById { id: request }, &Empty {}, &body).await {
                Ok(process) => {
                    reading.set(process);
                    acting.try_set(false);
                    state.toasts.show(Tone::Good, verb_done(locale, verb));
                }
                Err(failure) => {
                    // What was offered no longer fits: the page shows what is true now.
                    if is_outdated(&failure) {
                        done.try_run(None);
                    }
                    complain(state, &failure);
                }
            }
        });
    };
    let confirm = Callback::new(move |()| {
        let Some(offer) = chosen.get_untracked() else { return };
        if let Some((task, version)) = offer.task.zip(offer.version) {
            if let Some(body) = form.decision(offer.verb, version) {
                decision.send(task, offer.verb, body, done);
            }
        } else if let Some(body) = form.request(offer.verb) {
            act_on_request(offer.verb, body);
        }
    });
    if purpose == Purpose::Decide {
        let arrival = move || {
            if acting.get() || listing.get() {
                return Arrival::Taken;
            }
            if !(reading.is_answered() && weighing.is_answered()) {
                return Arrival::Unknown;
            }
            let is_approval = |offer: &&OfferView| offer.verb == Verb::Approve;
            let offers = |process: &ProcessView| process.offers.iter().find(is_approval).cloned();
            let offer = task().and_then(|_| reading.load.with(|load| load.data().and_then(offers)));
            Arrival::Answered(offer.map(Box::new))
        };
        come_up_once(form, arrival, open);
    }
    let buttons = move || {
        let weigh = match weighing.load.trouble() {
            Some(trouble) => Some(view::no_considerations(locale, trouble, again)),
            None => task().map(|task| view::considerations(state.words(), &task)),
        };
        let offers = reading
            .load
            .with(|load| load.data().map(|process| offer_buttons(state.words(), &process.offers, &resubmit, actions)));
        view! {
            {weigh}
            {offers}
        }
    };
    let title = Signal::derive(move || {
        chosen.with(|offer| offer.as_ref().map_or("", |offer| verb_text(locale, offer.verb)).to_owned())
    });
    let acting_content = move || {
        let offer = chosen.get()?;
        let several = offer.verb == Verb::Copy;
        let about = if decides(offer.verb) { untrack(task) } else { None };
        let about = about.map(|task: Task| view::about(state.words(), &task));
        let form_view = reading.load.with_untracked(|load| {
            let people = || find_people(state, form.people, several);
            let busy = decision.busy.into();
            load.data().map(|process| action_form(state.words(), process, &offer, form, people, busy, confirm))
        });
        Some(view! {
            {about}
            {form_view}
        })
    };
    let listing_content =
        move || reading.load.with(|load| load.data().map(|process| more_offers(state.words(), process, actions)));
    let sheets = view! {
        <Sheet locale open=listing title=td_string!(locale, approval.more)>
            {listing_content}
        </Sheet>
        <Sheet locale open=acting title=title>
            {acting_content}
        </Sheet>
        {decision.lost_sheet()}
    };
    let track = view! {
        <Loaded
            locale
            load=reading.load
            on_retry=again
            draw=move |data| process::process(state.words(), data)
        />
    };
    ProcessPart { buttons: buttons.into_any(), track: track.into_any(), sheets: sheets.into_any(), again }
}

fn decides(verb: Verb) -> bool {
    matches!(verb, Verb::Approve | Verb::Refuse | Verb::SendBack | Verb::GiveBack)
}

/// What an approver finds who came to decide.
enum Arrival {
    /// The server has not answered yet.
    Unknown,
    /// He has opened a sheet himself meanwhile; another must not take its place.
    Taken,
    /// What he may approve; nothing where it is no longer his.
    Answered(Option<Box<OfferView>>),
}

/// Opens the sheet of what is offered as soon as that is known, once. Its last tap counts a moment later.
fn come_up_once(form: ActionForm, arrival: impl Fn() -> Arrival + 'static, open: Callback<OfferView>) {
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        let offer = match arrival() {
            Arrival::Unknown => return false,
            Arrival::Taken | Arrival::Answered(None) => return true,
            Arrival::Answered(Some(offer)) => *offer,
        };
        form.settled.set(false);
        set_timeout(
            move || {
                form.settled.try_set(true);
            },
            DOUBLE_TAP,
        );
        open.run(offer);
        true
    });
}

/// A search for colleagues whose result goes into `chosen`.
pub fn find_people(state: AppState, chosen: RwSignal<Vec<Colleague>>, several: bool) -> AnyView {
    let locale = state.locale;
    let label = if several { td_string!(locale, approval.people) } else { td_string!(locale, approval.person) };
    let search = PeopleSearch { label, optional: false, typed: RwSignal::new(String::new()), chosen, several };
    find::<ListColleagues>(state, search)
}

/// A search for the colleague who stands in (工作代理人), if anybody has to.
pub fn find_stand_in(state: AppState, chosen: RwSignal<Vec<Colleague>>) -> AnyView {
    let label = td_string!(state.locale, leave.fact_stand_in);
    let search = PeopleSearch { label, optional: true, typed: RwSignal::new(String::new()), chosen, several: false };
    find::<ListColleagues>(state, search)
}

/// A search whose answers come from `E`.
pub fn find<E>(state: AppState, search: PeopleSearch) -> AnyView
where
    E: Endpoint<Path = Empty, Query = ColleagueQuery, Body = Empty, Reply = Colleagues>,
{
    let settled = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let wanted = search.words();
        let settle = move || {
            if search.typed.try_with_untracked(|_| ()).is_some() && untrack(|| search.words()) == wanted {
                settled.try_set(wanted);
            }
        };
        set_timeout(settle, SETTLE);
    });
    let query = Memo::new(move |_| settled.get());
    let reading = read::<E>(state, move || query.get().map(|q| (Empty {}, ColleagueQuery { q })));
    people_search(state.words(), search, reading.load, reading.again)
}
