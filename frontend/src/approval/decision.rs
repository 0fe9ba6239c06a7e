//! Deciding a task, the same way on every page: once at a time, and with the new state for whoever was too late.

use app::api::{ById, Code, Empty};
use app::approval::api::{Decide, DecideTask, Decided};
use app::approval::process::Verb;
use app::leave::api::LeaveRequest;
use leptos::prelude::*;
use uuid::Uuid;

use super::view;
use super::words::verb_done;
use crate::i18n::td_string;
use crate::kit::{Sheet, Tone};
use crate::load::{self, act, complain};
use crate::net::{self, Failure};
use crate::state::AppState;

/// Whether a refusal says that the page shows what is no longer so. One that names a field can be mended in the form.
pub(super) fn is_outdated(failure: &Failure) -> bool {
    let is_past = |code| matches!(code, Code::NotFound | Code::NotAllowed | Code::StaleVersion | Code::WrongState);
    matches!(failure, Failure::Problem(problem) if problem.field.is_none() && is_past(problem.code))
}

/// What a page needs to decide tasks.
#[derive(Clone, Copy)]
pub struct Decision {
    state: AppState,
    /// Whether a decision is on its way.
    pub busy: RwSignal<bool>,
    lost: RwSignal<bool>,
    winner: RwSignal<Option<(String, Option<Decided>)>>,
}

impl Decision {
    /// Nothing decided yet.
    pub fn new(state: AppState) -> Self {
        Self { state, busy: RwSignal::new(false), lost: RwSignal::new(false), winner: RwSignal::new(None) }
    }

    /// Decides. `after` runs when the task is no longer what it was, with the request as far as it is known; a refusal
    /// that can be mended in the form, or no answer, is said in a short message, and the form stays as it is.
    pub fn send(self, task: Uuid, verb: Verb, body: Decide, after: Callback<Option<LeaveRequest>>) {
        act(self.busy, async move {
            match net::call::<DecideTask>(&ById { id: task }, &Empty {}, &body).await {
                Ok(decided) => {
                    self.state.toasts.show(Tone::Good, verb_done(self.state.locale, verb));
                    after.try_run(Some(decided.request));
                }
                Err(Failure::Problem(problem)) if problem.code == Code::StaleVersion => {
                    let current: Option<Decided> = load::winner(&problem);
                    let request = current.as_ref().map(|current| current.request.clone());
                    self.winner.try_set(Some((problem.detail, current)));
                    self.lost.try_set(true);
                    after.try_run(request);
                }
                Err(failure) => {
                    complain(self.state, &failure);
                    if is_outdated(&failure) {
                        after.try_run(None);
                    }
                }
            }
        });
    }

    /// The sheet that shows the state that won.
    pub fn lost_sheet(self) -> AnyView {
        let state = self.state;
        view! {
            <Sheet locale=state.locale open=self.lost title=td_string!(state.locale, approval.lost_title)>
                {move || {
                    self.winner.get().map(|(detail, current)| view::lost_race(state.words(), &detail, current.as_ref()))
                }}
            </Sheet>
        }
        .into_any()
    }
}
