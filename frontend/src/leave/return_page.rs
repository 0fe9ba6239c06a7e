//! Confirming a reported return, or sending it back.

use app::api::{ById, Code, Empty};
use app::leave::api::{ConfirmLeaveReturn, ConfirmReturn, DisputeLeaveReturn, DisputeReturn, LeaveRequest};
use leptos::prelude::*;

use super::after::dispute_form;
use super::request_page::{current, half_day};
use crate::i18n::td_string;
use crate::kit::{Sheet, Slot, Tone};
use crate::load::{act, complain, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// What the two buttons do, and the sheet of the second one.
pub(super) struct JudgeSheet {
    pub(super) confirm: Callback<()>,
    pub(super) dispute: Callback<()>,
    pub(super) busy: Signal<bool>,
    pub(super) sheet: AnyView,
}

/// `changed` hears what the request has become.
pub(super) fn judge_sheet(
    state: AppState,
    load: Slot<LeaveRequest>,
    changed: Callback<Option<LeaveRequest>>,
) -> JudgeSheet {
    let locale = state.locale;
    let (opened, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (date, half) = (RwSignal::new(String::new()), RwSignal::new(state.this_half_day().half));
    let reason = RwSignal::new(String::new());
    let settle = move |answer: Result<LeaveRequest, Failure>, done: &'static str| match answer {
        Ok(request) => {
            opened.try_set(false);
            state.toasts.show(Tone::Good, done);
            changed.try_run(Some(request));
        }
        Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
            opened.try_set(false);
            state.toasts.show(Tone::Warn, td_string!(locale, leave.changed_meanwhile));
            changed.try_run(winner(&problem));
        }
        Err(failure) => complain(state, &failure),
    };
    let confirm = Callback::new(move |()| {
        let Some(request) = current(load) else { return };
        act(busy, async move {
            let body = ConfirmReturn { version: request.version };
            let answer = net::call::<ConfirmLeaveReturn>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, after.confirm_done));
        });
    });
    let dispute = Callback::new(move |()| {
        let Some(report) = current(load).and_then(|request| request.return_report) else { return };
        date.set(report.back.date.to_string());
        half.set(report.back.half);
        reason.set(String::new());
        opened.set(true);
    });
    let send = Callback::new(move |()| {
        let Some(request) = current(load) else { return };
        let Some(back) = half_day(&date.get_untracked(), half.get_untracked()) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        act(busy, async move {
            let body = DisputeReturn { version: request.version, back, reason: reason.get_untracked() };
            let answer = net::call::<DisputeLeaveReturn>(&ById { id: request.id }, &Empty {}, &body).await;
            settle(answer, td_string!(locale, after.dispute_done));
        });
    });
    let sheet = view! {
        <Sheet locale open=opened title=td_string!(locale, after.dispute)>
            {dispute_form(locale, (date, half), reason, busy.into(), send)}
        </Sheet>
    }
    .into_any();
    JudgeSheet { confirm, dispute, busy: busy.into(), sheet }
}
