//! The sheet for 续假: previews, asks, and opens the new request.

use app::api::{ById, Code, Empty};
use app::leave::api::{ExtendLeave, LeaveRequest, PreviewResult};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::after::{ExtendForm, extend_form};
use super::page::preview_as_it_changes;
use crate::i18n::td_string;
use crate::kit::{Load, Sheet, Tone};
use crate::load::{act, complain, new_id, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// The sheet, and what opens it for a leave.
pub(super) struct ExtendSheet {
    pub(super) open: Callback<LeaveRequest>,
    pub(super) sheet: AnyView,
}

/// `changed` hears of a leave that is not what the officer saw.
pub(super) fn extend_sheet(state: AppState, changed: Callback<Option<LeaveRequest>>) -> ExtendSheet {
    let locale = state.locale;
    let (opened, busy) = (RwSignal::new(false), RwSignal::new(false));
    let leave = RwSignal::new(None::<LeaveRequest>);
    // One id for one sheet: a second tap after a lost answer is the same request.
    let id = StoredValue::new(new_id());
    let form = ExtendForm::default();
    let preview = RwSignal::new(Load::<PreviewResult>::Loading);
    preview_as_it_changes(state, move || leave.with(|leave| form.preview(leave.as_ref()?)), preview);
    let open = Callback::new(move |chosen: LeaveRequest| {
        form.fill(&chosen);
        preview.set(Load::Loading);
        id.set_value(new_id());
        leave.set(Some(chosen));
        opened.set(true);
    });
    let navigate = use_navigate();
    let submit = Callback::new(move |()| {
        let Some(chosen) = leave.get_untracked() else { return };
        let Some(body) = untrack(|| form.body(id.get_value(), &chosen)) else {
            state.toasts.show(Tone::Warn, td_string!(locale, leave.choose_days));
            return;
        };
        let navigate = navigate.clone();
        act(busy, async move {
            match net::call::<ExtendLeave>(&ById { id: chosen.id }, &Empty {}, &body).await {
                Ok(request) => {
                    opened.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, leave.submitted));
                    navigate(&format!("/leave/{}", request.id), NavigateOptions::default());
                }
                Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
                    opened.try_set(false);
                    state.toasts.show(Tone::Warn, td_string!(locale, leave.changed_meanwhile));
                    changed.try_run(winner(&problem));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let sheet = view! {
        <Sheet locale open=opened title=td_string!(locale, after.extend)>
            {move || {
                leave
                    .get()
                    .map(|leave| extend_form(state.words(), &leave, form, preview.into(), busy.into(), submit))
            }}
        </Sheet>
    }
    .into_any();
    ExtendSheet { open, sheet }
}
