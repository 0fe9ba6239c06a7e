//! Loads the leave tab and a request, asks for leave, withdraws, reports back.

use std::time::Duration;

use app::api::{ById, Code, Empty, Page};
use app::day::{Day, Half, HalfDay};
use app::leave::api::BalanceQuery;
use app::leave::api::{
    GetLeaveRequest, LeaveQuery, LeaveRequest, LeaveTypes, ListBalances, ListLeaveRequests, ListLeaveTypes,
    PreviewLeave, PreviewResult, ReportReturn, ReturnFromLeave, Submit, SubmitLeave, Withdraw, WithdrawLeave,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::{LeaveForm, leave_form, return_form};
use super::view::{self, LeaveOverview, RequestActions};
use crate::i18n::td_string;
use crate::kit::{Button, Load, Loaded, Look, Sheet, Size, Slot, Tone, TopBar};
use crate::load::{act, complain, id_in_path, new_id, read, trouble, winner};
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
    let older = RwSignal::new(None::<Page<LeaveRequest>>);
    let busy = RwSignal::new(false);
    let load = Slot::derive(move || {
        let requests = requests.load.get();
        let older = older.get();
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
    view! {
        <TopBar locale title=td_string!(locale, leave.title) />
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
    let form = LeaveForm::for_day(next_weekday(state.words().today));
    let preview = RwSignal::new(Load::<PreviewResult>::Loading);
    let busy = RwSignal::new(false);
    keep_in_order(form);
    preview_as_it_changes(state, form, preview);
    let navigate = use_navigate();
    let id = new_id();
    let submit = Callback::new(move |()| {
        let Some(body) = submission(id, form) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        let navigate = navigate.clone();
        act(busy, async move {
            match outbox::send::<SubmitLeave>(&Empty {}, body).await {
                Ok(Sent::Done(request)) => {
                    state.toasts.show(Tone::Good, td_string!(locale, leave.submitted));
                    let to_request = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&format!("/leave/{}", request.id), to_request);
                }
                Ok(Sent::Queued) => {
                    state.toasts.show(Tone::Warn, td_string!(locale, leave.queued));
                    navigate("/leave", NavigateOptions { replace: true, ..NavigateOptions::default() });
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let draw =
        move |types: &LeaveTypes| leave_form(state.words(), &types.types, form, preview.into(), busy.into(), submit);
    view! {
        <TopBar locale title=td_string!(locale, leave.new_title) up="/leave" />
        <main class="page page-docked">
            <Loaded locale load=types.load on_retry=types.again draw=draw />
        </main>
    }
}

/// The next day that is neither today nor on a weekend: a sensible first guess, which the preview corrects where a
/// holiday lies on it.
fn next_weekday(today: Day) -> Day {
    let mut day = today.next();
    while day.is_weekend() {
        day = day.next();
    }
    day
}

/// A last day before the first one follows the first one.
fn keep_in_order(form: LeaveForm) {
    Effect::new(move |_| {
        let from = form.from_date.get();
        // Days as `YYYY-MM-DD` sort like the days themselves.
        if !from.is_empty() && form.to_date.with_untracked(|to| *to < from) {
            form.to_date.set(from);
        }
    });
}

fn preview_as_it_changes(state: AppState, form: LeaveForm, preview: RwSignal<Load<PreviewResult>>) {
    let latest = RwSignal::new(None);
    Effect::new(move |_| {
        let wanted = form.preview();
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

fn submission(id: uuid::Uuid, form: LeaveForm) -> Option<Submit> {
    let wanted = form.preview()?;
    let stand_in = form.stand_in.get_untracked().trim().to_owned();
    Some(Submit {
        id,
        leave_type: wanted.leave_type,
        from: wanted.from,
        to: wanted.to,
        reason: form.reason.get_untracked().trim().to_owned(),
        destination: form.destination.get_untracked().trim().to_owned(),
        stand_in: (!stand_in.is_empty()).then_some(stand_in),
    })
}

/// `/leave/:id`
#[component]
pub fn RequestPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let reading = read::<GetLeaveRequest>(state, move || id().map(|id| (ById { id }, Empty {})));
    let busy = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let returning = RwSignal::new(false);
    let now = state.this_half_day();
    let back_date = RwSignal::new(now.date.to_string());
    let back_half = RwSignal::new(now.half);
    let actions = RequestActions {
        withdraw: Callback::new(move |()| withdrawing.set(true)),
        report_return: Callback::new(move |()| {
            // The usual case is the first half day after the leave; nobody can be back later than now.
            if let Some(request) = current(reading.load) {
                let usual = request.to.next().min(state.this_half_day());
                back_date.set(usual.date.to_string());
                back_half.set(usual.half);
            }
            returning.set(true);
        }),
    };
    let settle = move |answer: Result<LeaveRequest, Failure>, done: &'static str| match answer {
        Ok(request) => {
            reading.set(request);
            withdrawing.try_set(false);
            returning.try_set(false);
            state.toasts.show(Tone::Good, done);
        }
        Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
            withdrawing.try_set(false);
            returning.try_set(false);
            state.toasts.show(Tone::Warn, td_string!(locale, leave.changed_meanwhile));
            match winner(&problem) {
                Some(request) => reading.set(request),
                None => reading.again.run(()),
            }
        }
        Err(failure) => complain(state, &failure),
    };
    let withdraw = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        act(busy, async move {
            let body = Withdraw { version: request.version };
            let answer = net::call::<WithdrawLeave>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, leave.withdraw_done));
        });
    });
    let report = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        let Some(back) = half_day(&back_date.get_untracked(), back_half.get_untracked()) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        act(busy, async move {
            let body = ReportReturn { version: request.version, back };
            let answer = net::call::<ReturnFromLeave>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, leave.return_done));
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, leave.detail_title) up="/leave" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |request| view::request(state.words(), request, actions)
            />
        </main>
        <Sheet locale open=withdrawing title=td_string!(locale, leave.withdraw)>
            <p>{td_string!(locale, leave.withdraw_sure)}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=withdraw>
                {td_string!(locale, leave.withdraw)}
            </Button>
        </Sheet>
        <Sheet locale open=returning title=td_string!(locale, leave.report_return)>
            {move || {
                current(reading.load)
                    .map(|request| {
                        return_form(state.words(), request.to, back_date, back_half, busy.into(), report)
                    })
            }}
        </Sheet>
    }
}

fn current(load: Slot<LeaveRequest>) -> Option<LeaveRequest> {
    load.with_untracked(|load| load.data().cloned())
}

fn half_day(date: &str, half: Half) -> Option<HalfDay> {
    Some(HalfDay { date: date.parse().ok()?, half })
}
