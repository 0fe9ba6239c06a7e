//! The chain of an approval, and what has happened so far.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Its turn has not come.
    Waiting,
    /// It is its turn.
    Current,
    /// Agreed.
    Done,
    /// Refused.
    Refused,
    /// Nobody can be found for it.
    Missing,
}

impl StepState {
    /// Every state, for the gallery.
    pub const ALL: [Self; 5] = [Self::Done, Self::Current, Self::Waiting, Self::Refused, Self::Missing];

    fn class(self) -> &'static str {
        match self {
            Self::Waiting => "step-waiting",
            Self::Current => "step-current",
            Self::Done => "step-done",
            Self::Refused => "step-refused",
            Self::Missing => "step-missing",
        }
    }
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who decides.
    pub title: String,
    /// His post, when he decided, what he wrote; each on a line of its own.
    pub notes: Vec<String>,
    /// How far it is.
    pub state: StepState,
}

/// The steps of a chain, top to bottom.
#[component]
pub fn Steps(
    /// The steps in order.
    steps: Vec<Step>,
) -> impl IntoView {
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(position, step)| {
            let mark = match step.state {
                StepState::Done => view! { <Glyph icon=Icon::Check /> }.into_any(),
                StepState::Refused => view! { <Glyph icon=Icon::Cross /> }.into_any(),
                StepState::Missing => "?".into_any(),
                StepState::Waiting | StepState::Current => (position + 1).into_any(),
            };
            let notes = step
                .notes
                .into_iter()
                .filter(|note| !note.is_empty())
                .map(|note| view! { <p class="cell-note">{note}</p> })
                .collect_view();
            view! {
                <li class=step.state.class()>
                    <span class="step-mark" aria-hidden="true">
                        {mark}
                    </span>
                    <div class="step-body">
                        <p class="cell-title">{step.title}</p>
                        {notes}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{items}</ol> }.into_any()
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What happened.
    pub title: String,
    /// When, and by whom.
    pub at: String,
    /// What was written; none when empty.
    pub note: String,
}

/// What happened, the newest first.
#[component]
pub fn Timeline(
    /// The moments, the newest first.
    moments: Vec<Moment>,
) -> impl IntoView {
    let items = moments
        .into_iter()
        .map(|moment| {
            view! {
                <li>
                    <p class="cell-title">{moment.title}</p>
                    <p class="cell-note">{moment.at}</p>
                    {(!moment.note.is_empty()).then(|| view! { <p>{moment.note}</p> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}
