//! Loads one request for leave with its process; withdraws it, reports back.

use app::api::{ById, Code, Empty};
use app::day::{Half, HalfDay};
use app::leave::api::{
    Cancel, CancelLeave, ConfirmEvidence, EvidenceSeen, GetLeaveRequest, LeaveRequest, ReportReturn, ReturnFromLeave,
    Withdraw, WithdrawLeave,
};
use app::leave::rules::Status;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::absence_sheet::{DeedSheet, deed_sheet};
use super::after::{AfterActions, after};
use super::attachment_page::attachment_part;
use super::extend_page::{ExtendSheet, extend_sheet};
use super::form::{cancel_form, return_form};
use super::return_page::{JudgeSheet, judge_sheet};
use super::view;
use crate::approval::process_page::{OfForm, ProcessPart, Purpose, process_part};
use crate::i18n::td_string;
use crate::kit::{Button, Loaded, Look, Sheet, Size, Slot, Tone, TopBar};
use crate::load::{act, complain, id_in_path, read, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// `/leave/:id`, and `/approvals/:id` for whoever comes from an approval
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
    let back_note = RwSignal::new(String::new());
    let (cancelling, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let open_cancel = Callback::new(move |()| {
        reason.set(String::new());
        cancelling.set(true);
    });
    let open_return = Callback::new(move |()| {
        // The usual case is the first half day after the leave; nobody can be back later than now. What somebody else
        // knows about it comes first.
        if let Some(request) = current(reading.load) {
            let disputed = request.return_report.as_ref().and_then(|report| report.disputed.as_ref());
            let usual = disputed.map_or(request.to.next().min(state.this_half_day()), |dispute| dispute.back);
            back_date.set(usual.date.to_string());
            back_half.set(usual.half);
        }
        returning.set(true);
    });
    let show = Callback::new(move |request: Option<LeaveRequest>| match request {
        Some(request) => reading.set(request),
        None => reading.again.run(()),
    });
    let process = id().map(|id| {
        let withdraw = Callback::new(move |()| withdrawing.set(true));
        let resubmit = format!("/leave/{id}/resubmit");
        process_part(state, id, OfForm { withdraw, resubmit, purpose: purpose(), changed: show })
    });
    let process_again = process.as_ref().map(|part| part.again);
    let settle = move |answer: Result<LeaveRequest, Failure>, done: &'static str| {
        match answer {
            Ok(request) => {
                reading.set(request);
                state.toasts.show(Tone::Good, done);
            }
            Err(Failure::Problem(problem))
                if matches!(problem.code, Code::StaleVersion | Code::WrongState | Code::LeaveBegun) =>
            {
                state.toasts.show(Tone::Warn, td_string!(locale, leave.changed_meanwhile));
                show.try_run(winner(&problem));
            }
            Err(failure) => {
                complain(state, &failure);
                return;
            }
        }
        withdrawing.try_set(false);
        returning.try_set(false);
        cancelling.try_set(false);
        if let Some(again) = process_again {
            again.try_run(());
        }
    };
    let withdraw = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        act(busy, async move {
            let body = Withdraw { version: request.version };
            let answer = net::call::<WithdrawLeave>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, leave.withdraw_done));
        });
    });
    let cancel = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        act(busy, async move {
            let body = Cancel { version: request.version, reason: reason.get_untracked() };
            let answer = net::call::<CancelLeave>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, leave.cancel_done));
        });
    });
    let confirm_evidence = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        act(busy, async move {
            let body = EvidenceSeen { version: request.version };
            let answer = net::call::<ConfirmEvidence>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, leave.confirm_done));
        });
    });
    let report = Callback::new(move |()| {
        let Some(request) = current(reading.load) else { return };
        let Some(back) = half_day(&back_date.get_untracked(), back_half.get_untracked()) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        act(busy, async move {
            let note = back_note.with_untracked(|note| note.trim().to_owned());
            let body = ReportReturn { version: request.version, back, note };
            let answer = net::call::<ReturnFromLeave>(&ById { id: request.id }, &Empty {}, &body).await;
            let waits = answer.as_ref().is_ok_and(|request| request.status == Status::AwaitingReturn);
            let done = if waits { td_string!(locale, after.reported) } else { td_string!(locale, leave.return_done) };
            settle(answer, done);
        });
    });
    let ExtendSheet { open: open_extend, sheet: extend_sheet } = extend_sheet(state, show);
    let JudgeSheet { confirm, dispute, busy: judging, sheet: judge_sheet } = judge_sheet(state, reading.load, show);
    let extend = Callback::new(move |()| {
        if let Some(request) = current(reading.load) {
            open_extend.run(request);
        }
    });
    let DeedSheet { open: deed, sheet: deed_sheet } = deed_sheet(state, reading.load, show);
    let after_actions = AfterActions { extend, confirm, dispute, deed };
    let (buttons, track, sheets) = match process {
        Some(ProcessPart { buttons, track, sheets, .. }) => (Some(buttons), Some(track), Some(sheets)),
        None => (None, None, None),
    };
    let files = id().map(|id| attachment_part(state, id, reading.load, reading.again));
    let (attached, viewer) = files.map(|files| (files.list, files.sheet)).unzip();
    let from = use_location();
    let is_on_behalf = from.query.with_untracked(|query| query.get_str("from") == Some("on-behalf"));
    let up = if from.pathname.with_untracked(|path| path.starts_with("/approvals")) {
        "/approvals"
    } else if is_on_behalf {
        "/on-behalf"
    } else {
        "/leave"
    };
    view! {
        <TopBar locale title=td_string!(locale, leave.detail_title) up=up />
        <main class="page">
            <div class="columns">
                <div class="stack">
                    <Loaded
                        locale
                        load=reading.load
                        on_retry=reading.again
                        draw=move |request| {
                            view! {
                                <div class="stack">
                                    {view::request(state.words(), request, open_return, open_cancel, confirm_evidence)}
                                    {after(state.words(), request, judging, after_actions)}
                                </div>
                            }
                                .into_any()
                        }
                    />
                    {attached}
                    {buttons}
                    {print_link(state, reading.load)}
                </div>
                <div class="stack">{track}</div>
            </div>
        </main>
        <Sheet locale open=withdrawing title=td_string!(locale, leave.withdraw)>
            <p>{td_string!(locale, leave.withdraw_sure)}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=withdraw>
                {td_string!(locale, leave.withdraw)}
            </Button>
        </Sheet>
        <Sheet locale open=cancelling title=td_string!(locale, leave.cancel_leave)>
            {cancel_form(locale, reason, busy.into(), cancel)}
        </Sheet>
        <Sheet locale open=returning title=td_string!(locale, leave.report_return)>
            {move || {
                current(reading.load)
                    .map(|request| {
                        let back = (back_date, back_half);
                        return_form(state.words(), (request.to, request.lane), back, back_note, busy.into(), report)
                    })
            }}
        </Sheet>
        {extend_sheet}
        {judge_sheet}
        {deed_sheet}
        {sheets}
        {viewer}
    }
}

/// The way to the printed sheet, for those who see the whole request. It is a page of the server's own.
fn print_link(state: AppState, load: Slot<LeaveRequest>) -> impl IntoView {
    let locale = state.locale;
    move || {
        let whole = load.with(|load| load.data().filter(|request| request.reason.is_some()).map(|request| request.id));
        whole.map(|id| {
            view! {
                <a class="small" href=format!("/print/leave/{id}") rel="external" target="_blank">
                    {td_string!(locale, print.open)}
                </a>
            }
        })
    }
}

/// Why the officer is here, from the address. That he came to decide is taken out of it, so that coming back to the page
/// only shows it.
fn purpose() -> Purpose {
    let location = use_location();
    let path = location.pathname.get_untracked();
    if !path.starts_with("/approvals") {
        return Purpose::Look;
    }
    if location.query.with_untracked(|query| query.get("decide").is_none()) {
        return Purpose::Weigh;
    }
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    use_navigate()(&path, options);
    Purpose::Decide
}

pub(super) fn current(load: Slot<LeaveRequest>) -> Option<LeaveRequest> {
    load.with_untracked(|load| load.data().cloned())
}

pub(super) fn half_day(date: &str, half: Half) -> Option<HalfDay> {
    Some(HalfDay { date: date.parse().ok()?, half })
}
