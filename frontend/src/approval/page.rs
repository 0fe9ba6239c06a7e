//! Loads the approvals page: the inbox with its decisions, and the lists beside it.

use std::time::Duration;

use app::api::{Empty, Page};
use app::approval::api::{
    ApproveMany, ApproveTasks, GetInbox, Inbox, ListRequests, ManyResult, RequestItem, SeenTask, Task,
};
use app::approval::process::Verb;
use app::leave::api::LeaveRequest;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::bulk::{self, Selection};
use super::decision::Decision;
use super::filter::{ApprovalTab, Filter};
use super::form::ActionForm;
use super::keys::{self, Command};
use super::lists::{self, RequestList, SearchForm};
use super::view::{self, InboxActions, Waiting};
use super::words::verb_text;
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Slot, Tone, TopBar};
use crate::load::{act, complain, read};
use crate::net;
use crate::state::AppState;

/// How long the search waits after the last letter before it asks.
const SETTLE: Duration = Duration::from_millis(300);

/// `/approvals`
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = use_location().query;
    let filter = Memo::new(move |_| query.with(|query| Filter::read(|name| query.get(name))));
    let form = SearchForm::of(&filter.get_untracked());
    keep_in_address(filter, form);
    let tab = Memo::new(move |_| filter.with(|filter| filter.tab));
    view! {
        <TopBar locale title=td_string!(locale, approval.title) up="/" />
        <main class="page">
            {lists::tabs(state.words(), filter.into())}
            {lists::search(state.words(), form)}
            {move || {
                let tab = tab.get();
                untrack(|| match tab {
                    ApprovalTab::Waiting => InboxList(InboxListProps { filter }).into_any(),
                    _ => OtherList(OtherListProps { filter, tab }).into_any(),
                })
            }}
        </main>
    }
}

/// What is typed goes into the address once it settles, in place of what stood there; another address, by the back
/// gesture, goes into the fields.
fn keep_in_address(filter: Memo<Filter>, form: SearchForm) {
    let navigate = use_navigate();
    let latest = StoredValue::new(filter.get_untracked().address());
    Effect::new(move |_| {
        let wanted = form.filter(filter.with_untracked(|filter| filter.tab)).address();
        latest.set_value(wanted.clone());
        let navigate = navigate.clone();
        let settled = move || {
            let is_latest = latest.try_with_value(|latest| *latest == wanted) == Some(true);
            if is_latest && filter.try_with_untracked(|filter| filter.address() != wanted) == Some(true) {
                navigate(&wanted, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
            }
        };
        set_timeout(settled, SETTLE);
    });
    Effect::new(move |_| {
        filter.with(|filter| {
            // The address that follows what is typed must not overwrite what has been typed since.
            if latest.with_value(|latest| *latest != filter.address()) {
                latest.set_value(filter.address());
                form.show(filter);
            }
        });
    });
}

/// 待我审批.
#[component]
fn InboxList(filter: Memo<Filter>) -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = Memo::new(move |_| filter.with(|filter| filter.inbox_query(None)));
    let reading = read::<GetInbox>(state, move || Some((Empty {}, query.get())));
    let later = RwSignal::new(None::<Inbox>);
    Effect::new(move |_| {
        query.track();
        later.set(None);
    });
    Effect::new(move |before: Option<Option<String>>| {
        reading.load.with(|load| {
            // What is read anew in between may leave the further pages where they were: they begin where the first ends.
            let inbox = load.data();
            let end = inbox.and_then(|inbox| inbox.next.clone());
            if before.is_some_and(|before| before != end) {
                later.set(None);
            }
            if let Some(inbox) = inbox.filter(|_| !filter.with_untracked(Filter::is_narrowed)) {
                state.waiting.set(u64::try_from(inbox.total).unwrap_or(0));
            }
            end
        })
    });
    let list = Slot::derive(move || {
        let later = later.get();
        let narrowed = filter.with(Filter::is_narrowed);
        reading.load.get().map(|first| waiting(first, later, narrowed))
    });
    let loading = RwSignal::new(false);
    let more = Callback::new(move |()| {
        let first = reading.load.with_untracked(|load| load.data().and_then(|inbox| inbox.next.clone()));
        let cursor = later.with_untracked(|later| later.as_ref().map_or(first, |page| page.next.clone()));
        if cursor.is_none() {
            return;
        }
        act(loading, async move {
            let query = filter.with_untracked(|filter| filter.inbox_query(cursor));
            match net::call::<GetInbox>(&Empty {}, &query, &Empty {}).await {
                Ok(page) => {
                    later.try_update(|later| {
                        let mut tasks = later.take().map(|page| page.tasks).unwrap_or_default();
                        tasks.extend(page.tasks);
                        *later = Some(Inbox { tasks, ..page });
                    });
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let decision = Decision::new(state);
    let form = ActionForm::default();
    let (deciding, chosen) = (RwSignal::new(false), RwSignal::new(None::<(Task, Verb)>));
    let open = Callback::new(move |(task, verb): (Task, Verb)| {
        form.clear();
        chosen.set(Some((task, verb)));
        deciding.set(true);
    });
    let selection = Selection::default();
    // What was decided may stand on a further page, which nothing reads again: one task leaves it; after several, of which
    // some may have stayed, they begin anew.
    let again = Callback::new(move |()| {
        let one = chosen.with_untracked(|chosen| chosen.as_ref().map(|(task, _)| task.id));
        later.update(|later| match later {
            Some(page) if !selection.on.get_untracked() => page.tasks.retain(|task| Some(task.id) != one),
            _ => *later = None,
        });
        reading.again.run(());
    });
    let decided = Callback::new(move |_: Option<LeaveRequest>| {
        deciding.set(false);
        again.run(());
    });
    let decide = Callback::new(move |()| {
        let Some((task, verb)) = chosen.get_untracked() else { return };
        if let Some(body) = form.decision(verb, task.version) {
            decision.send(task.id, verb, body, decided);
        }
    });
    let title = Signal::derive(move || {
        chosen.with(|chosen| chosen.as_ref().map_or("", |(_, verb)| verb_text(locale, *verb)).to_owned())
    });
    let many = Many::new(state, again, selection);
    let approve_chosen = Callback::new(move |()| {
        let chosen = selection.chosen.get_untracked();
        let tasks = list.with_untracked(|list| list.data().map(|data| data.tasks.clone()).unwrap_or_default());
        let tasks = tasks.into_iter().filter(|task| chosen.contains(&task.id)).collect::<Vec<_>>();
        let gone = chosen.len().saturating_sub(tasks.len());
        if gone > 0 {
            // The list has been read anew since: what it has lost leaves the choice, and that is said first.
            selection.chosen.set(tasks.iter().map(|task| task.id).collect());
            state.toasts.show(Tone::Warn, td_string!(locale, approval.chosen_gone, count = gone));
            return;
        }
        many.ask(tasks);
    });
    let actions = InboxActions { act: open, approve_chosen, more };
    listen_to_keys(list, open);
    view! {
        <Loaded
            locale
            load=list
            on_retry=reading.again
            draw=move |data| view::inbox(state.words(), data, selection, actions)
        />
        <Sheet locale open=deciding title=title>
            {move || {
                chosen
                    .get()
                    .map(|(task, verb)| {
                        view::decision_form(state.words(), &task, verb, form.comment, decision.busy.into(), decide)
                    })
            }}
        </Sheet>
        {many.sheet()}
        {decision.lost_sheet()}
    }
}

fn waiting(first: Inbox, later: Option<Inbox>, narrowed: bool) -> Waiting {
    let (mut tasks, mut next) = (first.tasks, first.next);
    if let Some(later) = later {
        tasks.extend(later.tasks);
        next = later.next;
    }
    Waiting { tasks, total: first.total, more: next.is_some(), narrowed }
}

/// The keys of a desk act on the card that has the focus, with the same sheets as a tap.
fn listen_to_keys(list: Slot<Waiting>, open: Callback<(Task, Verb)>) {
    let tasks = move || list.with_untracked(|list| list.data().map(|data| data.tasks.clone()).unwrap_or_default());
    let ids = Signal::derive(move || tasks().iter().map(|task| task.id).collect());
    let navigate = use_navigate();
    let run = Callback::new(move |(command, id)| {
        let Some(task) = tasks().into_iter().find(|task| task.id == id) else { return };
        match command {
            Command::Open => navigate(&view::request_address(task.subject.subject_id), NavigateOptions::default()),
            Command::Approve | Command::Refuse if task.opinion_only => open.run((task, Verb::GiveBack)),
            Command::Approve => open.run((task, Verb::Approve)),
            Command::Refuse => open.run((task, Verb::Refuse)),
            Command::Next | Command::Previous => {}
        }
    });
    keys::listen(ids, run);
}

/// 批量同意: asks, sends, and shows what became of each.
#[derive(Clone, Copy)]
struct Many {
    state: AppState,
    again: Callback<()>,
    selection: Selection,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    comment: RwSignal<String>,
    tasks: RwSignal<Vec<Task>>,
    results: RwSignal<Option<Vec<ManyResult>>>,
}

impl Many {
    fn new(state: AppState, again: Callback<()>, selection: Selection) -> Self {
        Self {
            state,
            again,
            selection,
            open: RwSignal::new(false),
            busy: RwSignal::new(false),
            comment: RwSignal::new(String::new()),
            tasks: RwSignal::new(Vec::new()),
            results: RwSignal::new(None),
        }
    }

    fn ask(self, tasks: Vec<Task>) {
        if tasks.is_empty() {
            return;
        }
        self.comment.set(String::new());
        self.results.set(None);
        self.tasks.set(tasks);
        self.open.set(true);
    }

    fn send(self) {
        let seen = |task: &Task| SeenTask { id: task.id, version: task.version };
        let tasks = self.tasks.with_untracked(|tasks| tasks.iter().map(seen).collect());
        let body = ApproveMany { tasks, comment: self.comment.get_untracked().trim().to_owned() };
        act(self.busy, async move {
            match net::call::<ApproveTasks>(&Empty {}, &Empty {}, &body).await {
                Ok(answer) => {
                    self.results.try_set(Some(answer.results));
                    self.again.try_run(());
                    self.selection.on.try_set(false);
                }
                Err(failure) => complain(self.state, &failure),
            }
        });
    }

    fn sheet(self) -> AnyView {
        let (state, locale) = (self.state, self.state.locale);
        let title = Signal::derive(move || {
            if self.results.with(Option::is_some) {
                td_string!(locale, approval.result_title).to_owned()
            } else {
                td_string!(locale, approval.approve_many_title, count = self.tasks.with(Vec::len))
            }
        });
        let send = Callback::new(move |()| self.send());
        let close = Callback::new(move |()| self.open.set(false));
        let content = move || {
            let words = state.words();
            self.tasks.with(|tasks| match self.results.get() {
                Some(results) => bulk::many_results(words, tasks, &results, close),
                None => bulk::many_form(words, tasks, self.comment, self.busy.into(), send),
            })
        };
        view! {
            <Sheet locale open=self.open title=title>
                {content}
            </Sheet>
        }
        .into_any()
    }
}

/// 我发起的, 我已办 or 抄送我.
#[component]
fn OtherList(filter: Memo<Filter>, tab: ApprovalTab) -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = Memo::new(move |_| filter.with(|filter| filter.in_tab(tab).request_query(None)));
    let reading = read::<ListRequests>(state, move || Some((Empty {}, query.get())));
    let older = RwSignal::new(None::<Page<RequestItem>>);
    Effect::new(move |_| {
        reading.load.with(|_| older.set(None));
    });
    let list = Slot::derive(move || {
        let older = older.get();
        let narrowed = filter.with(Filter::is_narrowed);
        reading.load.get().map(|first| {
            let (mut items, mut next) = (first.items, first.next);
            if let Some(older) = older {
                items.extend(older.items);
                next = older.next;
            }
            RequestList { tab, items, more: next.is_some(), narrowed }
        })
    });
    let loading = RwSignal::new(false);
    let more = Callback::new(move |()| {
        let first = reading.load.with_untracked(|load| load.data().and_then(|page| page.next.clone()));
        let cursor = older.with_untracked(|older| older.as_ref().map_or(first, |page| page.next.clone()));
        if cursor.is_none() {
            return;
        }
        act(loading, async move {
            let query = filter.with_untracked(|filter| filter.in_tab(tab).request_query(cursor));
            match net::call::<ListRequests>(&Empty {}, &query, &Empty {}).await {
                Ok(page) => {
                    older.try_update(|older| {
                        let mut items = older.take().map(|page| page.items).unwrap_or_default();
                        items.extend(page.items);
                        *older = Some(Page { items, next: page.next });
                    });
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <Loaded
            locale
            load=list
            on_retry=reading.again
            draw=move |data| lists::requests(state.words(), data, more)
        />
    }
}
