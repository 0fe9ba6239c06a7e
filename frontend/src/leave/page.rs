//! Loads the leave tab, and asks for leave: for the first time, or again after it was sent back.

use std::time::Duration;

use app::api::{ById, Code, Empty, Page};
use app::day::Day;
use app::leave::api::BalanceQuery;
use app::leave::api::{
    GetLeaveRequest, LeaveDraft, LeaveQuery, LeaveRequest, LeaveTypes, ListBalances, ListLeaveDrafts,
    ListLeaveRequests, ListLeaveTypes, Preview, PreviewLeave, PreviewResult, ResubmitLeave, SubmitLeave,
};
use app::leave::like_last::like_last;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use uuid::Uuid;

use super::attachment_page::{attachment_field, hand_over};
use super::draft_keeper::Keeper;
use super::draft_view::{HeadActions, form_head};
use super::form::{LeaveForm, SubmitButton, leave_form};
use super::view::{self, LeaveOverview};
use crate::approval::process_page::find_stand_in;
use crate::i18n::td_string;
use crate::kit::{Load, Loaded, Slot, Tone, TopBar};
use crate::load::{act, complain, id_in_path, read, trouble};
use crate::net::{self, Failure};
use crate::outbox::{self, Sent};
use crate::state::AppState;

/// How long the form waits after the last change before it asks for a preview.
const SETTLE: Duration = Duration::from_millis(250);

/// `/leave`
#[component]
pub fn LeavePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let balances = read::<ListBalances>(state, || Some((Empty {}, BalanceQuery::default())));
    let requests = read::<ListLeaveRequests>(state, || Some((Empty {}, LeaveQuery::default())));
    let drafts = read::<ListLeaveDrafts>(state, || Some((Empty {}, Empty {})));
    let older = RwSignal::new(None::<Page<LeaveRequest>>);
    let busy = RwSignal::new(false);
    let load = Slot::derive(move || {
        let requests = requests.load.get();
        let older = older.get();
        let drafts = drafts.load.with(|load| load.data().map(|found| found.items.clone())).unwrap_or_default();
        let join = |balances, requests, older| join(balances, requests, older, drafts);
        match balances.load.get() {
            Load::Ready(balances) => join(balances, requests, older),
            Load::Stale { data, as_of } => match join(data, requests, older) {
                Load::Ready(data) => Load::Stale { data, as_of },
                other => other,
            },
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble),
        }
    });
    let again = Callback::new(move |()| {
        older.set(None);
        balances.again.run(());
        requests.again.run(());
        drafts.again.run(());
    });
    let more = Callback::new(move |()| {
        let first = requests.load.with_untracked(|load| load.data().and_then(|page| page.next.clone()));
        let cursor = older.with_untracked(|older| older.as_ref().map_or(first, |page| page.next.clone()));
        if cursor.is_none() {
            return;
        }
        act(busy, async move {
            let query = LeaveQuery { cursor, ..LeaveQuery::default() };
            match net::call::<ListLeaveRequests>(&Empty {}, &query, &Empty {}).await {
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
    let links = view! {
        <span class="row">
            <a class="small" href="/calendar">
                {td_string!(locale, calendar.own)}
            </a>
            <a class="small" href="/leave/team">
                {td_string!(locale, team.title)}
            </a>
        </span>
    }
    .into_any();
    view! {
        <TopBar locale title=td_string!(locale, leave.title) end=links />
        <main class="page">
            <Loaded
                locale
                load=load
                on_retry=again
                draw=move |overview| view::overview(state.words(), overview, more)
            />
        </main>
    }
}

fn join(
    balances: app::leave::api::Balances,
    requests: Load<Page<LeaveRequest>>,
    older: Option<Page<LeaveRequest>>,
    drafts: Vec<LeaveDraft>,
) -> Load<LeaveOverview> {
    let (mut page, as_of) = match requests {
        Load::Ready(page) => (page, None),
        Load::Stale { data, as_of } => (data, Some(as_of)),
        Load::Loading => return Load::Loading,
        Load::Failed(trouble) => return Load::Failed(trouble),
    };
    if let Some(older) = older {
        page.items.extend(older.items);
        page.next = older.next;
    }
    let data = LeaveOverview {
        year: balances.year,
        balances: balances.balances,
        more: page.next.is_some(),
        requests: page.items,
        drafts,
    };
    match as_of {
        Some(as_of) => Load::Stale { data, as_of },
        None => Load::Ready(data),
    }
}

/// `/leave/new`
#[component]
pub fn NewLeavePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let types = read::<ListLeaveTypes>(state, || Some((Empty {}, Empty {})));
    let today = state.words().today;
    let form = LeaveForm::for_day(next_weekday(today));
    // Who comes for another type than the usual one finds it chosen; who leaves town does so for a weekend.
    if let Some(leave_type) = use_location().query.with_untracked(|query| query.get("type")) {
        if leave_type == "leaving_town" {
            let saturday = saturday_from(today);
            form.from_date.set(saturday.to_string());
            form.to_date.set(saturday.next().to_string());
        }
        form.leave_type.set(leave_type);
    }
    let preview = RwSignal::new(Load::<PreviewResult>::Loading);
    let busy = RwSignal::new(false);
    let files = RwSignal::new(Vec::new());
    keep_in_order(form);
    preview_as_it_changes(state, move || form.preview(), preview);
    let navigate = use_navigate();
    let keeper = Keeper::new(state, form);
    let kept = keeper.clone();
    let submit = Callback::new(move |()| {
        let Some(body) = untrack(|| form.submission(kept.id.get())) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        let (navigate, keeper) = (navigate.clone(), kept.clone());
        act(busy, async move {
            // From now on it is a request, and no draft to be saved.
            keeper.pause(true);
            match outbox::send::<SubmitLeave>(&Empty {}, body).await {
                Ok(Sent::Done(request)) => {
                    state.toasts.show(Tone::Good, td_string!(locale, leave.submitted));
                    hand_over(request.id, files);
                    let to_request = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&format!("/leave/{}", request.id), to_request);
                }
                Ok(Sent::Queued) => {
                    let has_files = files.try_with_untracked(|files| !files.is_empty()) == Some(true);
                    let text = if has_files {
                        td_string!(locale, attachment.queued)
                    } else {
                        td_string!(locale, leave.queued)
                    };
                    state.toasts.show(Tone::Warn, text);
                    navigate("/leave", NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(failure) => {
                    keeper.pause(false);
                    complain(state, &failure);
                }
            }
        });
    });
    let head = new_form_head(state, form, &keeper, types.load);
    let submit = SubmitButton { text: td_string!(locale, leave.submit), busy: busy.into(), on_press: submit };
    let draw = move |types: &LeaveTypes| {
        let fields = view! {
            {find_stand_in(state, form.stand_in)}
            {attachment_field(state, files)}
            {keeper.line()}
        };
        leave_form(state.words(), &types.types, form, preview.into(), fields.into_any(), submit)
    };
    view! {
        <TopBar locale title=td_string!(locale, leave.new_title) up="/leave" />
        <main class="page page-docked">
            {head}
            <Loaded locale load=types.load on_retry=types.again draw=draw />
        </main>
    }
}

/// What stands above a new form: drafts to go on with, and the last request to fill it from. One that the address names
/// (`?draft=`) is gone on with as soon as it is here.
fn new_form_head(state: AppState, form: LeaveForm, keeper: &Keeper, types: Slot<LeaveTypes>) -> AnyView {
    let drafts = read::<ListLeaveDrafts>(state, || Some((Empty {}, Empty {})));
    let requests = read::<ListLeaveRequests>(state, || Some((Empty {}, LeaveQuery::default())));
    let named = use_location().query.with_untracked(|query| query.get("draft").and_then(|id| id.parse::<Uuid>().ok()));
    let find = move |id: Uuid| {
        let of_id = |found: &app::leave::api::LeaveDrafts| found.items.iter().find(|draft| draft.id == id).cloned();
        drafts.load.with(|load| load.data().and_then(of_id))
    };
    let kept = keeper.clone();
    Effect::new(move |done: Option<bool>| {
        // A copy of the last time may be older than what another device has saved.
        if drafts.is_answered() {
            drafts.load.with(|load| load.data().into_iter().for_each(|found| kept.catch_up(&found.items)));
        }
        match named.filter(|_| done != Some(true)) {
            None => true,
            Some(named) => match find(named) {
                Some(draft) => {
                    kept.go_on_with(&draft);
                    true
                }
                None if drafts.is_answered() => {
                    state.toasts.show(Tone::Warn, td_string!(state.locale, draft.gone));
                    true
                }
                None => false,
            },
        }
    });
    let today = state.words().today;
    let like = Memo::new(move |_| {
        let eligible: Vec<String> = types.with(|load| {
            let mine = load.data().map(|types| types.types.iter().filter(|kind| kind.eligible));
            mine.into_iter().flatten().map(|kind| kind.name.clone()).collect()
        });
        let is_eligible = |name: &str| eligible.iter().any(|own| own == name);
        let wanted = form.leave_type.get();
        requests.load.with(|load| load.data().and_then(|page| like_last(&page.items, &wanted, is_eligible, today)))
    });
    let kept = keeper.clone();
    let go_on = Callback::new(move |id| {
        if kept.is_in_conflict() {
            state.toasts.show(Tone::Warn, td_string!(state.locale, draft.choose_first));
        } else if let Some(draft) = untrack(|| find(id)) {
            kept.go_on_with(&draft);
            drafts.again.run(());
        }
    });
    let kept = keeper.clone();
    let discard = Callback::new(move |id| kept.discard(id, drafts.again));
    let fill = Callback::new(move |()| {
        if let Some(like) = like.get_untracked() {
            form.fill_like(&like);
            state.toasts.show(Tone::Good, td_string!(state.locale, draft.like_done));
        }
    });
    let (id, actions) = (keeper.id, HeadActions { go_on, discard, fill });
    (move || {
        let present = id.get();
        let others = drafts.load.with(|load| {
            let items = load.data().map(|found| found.items.as_slice()).unwrap_or_default();
            items.iter().filter(|draft| draft.id != present).cloned().collect::<Vec<_>>()
        });
        like.with(|like| form_head(state.words(), &others, like.as_ref(), actions))
    })
    .into_any()
}

/// `/leave/:id/resubmit`
#[component]
pub fn ResubmitPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let types = read::<ListLeaveTypes>(state, || Some((Empty {}, Empty {})));
    let reading = read::<GetLeaveRequest>(state, move || id().map(|id| (ById { id }, Empty {})));
    let both = Slot::derive(move || match (types.load.get(), reading.load.get()) {
        (Load::Ready(types) | Load::Stale { data: types, .. }, request) => request.map(|request| (types, request)),
        (Load::Loading, _) => Load::Loading,
        (Load::Failed(trouble), _) => Load::Failed(trouble),
    });
    let again = Callback::new(move |()| {
        types.again.run(());
        reading.again.run(());
    });
    let up = id().map(|id| format!("/leave/{id}")).unwrap_or_default();
    view! {
        <TopBar locale title=td_string!(locale, leave.resubmit_title) up=up />
        <main class="page page-docked">
            <Loaded
                locale
                load=both
                on_retry=again
                draw=move |(types, request): &(LeaveTypes, LeaveRequest)| resubmit_form(state, types, request)
            />
        </main>
    }
}

/// The form of a request that was sent back. Made anew, with what is true now, when the request has changed.
fn resubmit_form(state: AppState, types: &LeaveTypes, request: &LeaveRequest) -> AnyView {
    let locale = state.locale;
    let form = LeaveForm::of(request);
    let preview = RwSignal::new(Load::<PreviewResult>::Loading);
    let busy = RwSignal::new(false);
    keep_in_order(form);
    preview_as_it_changes(state, move || form.preview(), preview);
    let navigate = use_navigate();
    let (id, version) = (request.id, request.version);
    let submit = Callback::new(move |()| {
        let Some(body) = untrack(|| form.resubmission(version)) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        let navigate = navigate.clone();
        act(busy, async move {
            let (text, tone) = match net::call::<ResubmitLeave>(&ById { id }, &Empty {}, &body).await {
                Ok(_) => (td_string!(locale, leave.resubmitted), Tone::Good),
                Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
                    (td_string!(locale, leave.changed_meanwhile), Tone::Warn)
                }
                Err(failure) => return complain(state, &failure),
            };
            state.toasts.show(tone, text);
            navigate(&format!("/leave/{id}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
        });
    });
    let submit = SubmitButton { text: td_string!(locale, leave.resubmit), busy: busy.into(), on_press: submit };
    let stand_in = find_stand_in(state, form.stand_in);
    leave_form(state.words(), &types.types, form, preview.into(), stand_in, submit)
}

/// The next day that is neither today nor on a weekend: a sensible first guess, which the preview corrects where a
/// holiday lies on it.
pub(super) fn next_weekday(today: Day) -> Day {
    let mut day = today.next();
    while day.is_weekend() {
        day = day.next();
    }
    day
}

/// The first Saturday from a day on.
fn saturday_from(day: Day) -> Day {
    day.plus(i64::from(12 - day.days_from_monday()) % 7)
}

/// A last day before the first one follows the first one.
pub(super) fn keep_in_order(form: LeaveForm) {
    Effect::new(move |_| {
        let from = form.from_date.get();
        // Days as `YYYY-MM-DD` sort like the days themselves.
        if !from.is_empty() && form.to_date.with_untracked(|to| *to < from) {
            form.to_date.set(from);
        }
    });
}

/// Asks for a preview of what is wanted, a moment after it last changed.
pub(super) fn preview_as_it_changes(
    state: AppState,
    wanted: impl Fn() -> Option<Preview> + 'static,
    preview: RwSignal<Load<PreviewResult>>,
) {
    let latest = RwSignal::new(None);
    Effect::new(move |_| {
        let wanted = wanted();
        latest.set(wanted.clone());
        let Some(wanted) = wanted else { return };
        set_timeout(
            move || {
                let is_latest = {
                    let wanted = wanted.clone();
                    move || latest.try_with_untracked(|latest| latest.as_ref() == Some(&wanted)) == Some(true)
                };
                if !is_latest() {
                    return;
                }
                spawn_local(async move {
                    let answer = net::call::<PreviewLeave>(&Empty {}, &Empty {}, &wanted).await;
                    if !is_latest() {
                        return;
                    }
                    preview.try_set(match answer {
                        Ok(result) => Load::Ready(result),
                        Err(failure) => Load::Failed(trouble(state.locale, &failure)),
                    });
                });
            },
            SETTLE,
        );
    });
}
