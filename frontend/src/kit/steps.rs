//! The chain of an approval, and what has happened so far.

use leptos::prelude::*;

use super::badge::{Badge, Tone};
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
    /// Who decides, or how those decide who decide together.
    pub title: String,
    /// His post, when he decided, what he wrote; each on a line of its own.
    pub notes: Vec<String>,
    /// Those who decide together; empty where the title names the one who decides.
    pub members: Vec<Member>,
    /// How far it is.
    pub state: StepState,
}

/// One of several who decide at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub title: String,
    /// As a step's.
    pub notes: Vec<String>,
    /// What the state means.
    pub tone: Tone,
    /// The state in words; none when empty.
    pub state: String,
}

fn note_lines(notes: Vec<String>) -> Vec<AnyView> {
    let notes = notes.into_iter().filter(|note| !note.is_empty());
    notes.map(|note| view! { <p class="cell-note">{note}</p> }.into_any()).collect()
}

fn member_line(member: Member) -> AnyView {
    let (tone, state) = (member.tone, member.state);
    view! {
        <li>
            <div class="row row-apart">
                <span class="grow">{member.title}</span>
                {(!state.is_empty()).then(|| view! { <Badge tone text=state /> })}
            </div>
            {note_lines(member.notes)}
        </li>
    }
    .into_any()
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
            let notes = note_lines(step.notes);
            let members = (!step.members.is_empty()).then(|| {
                let members = step.members.into_iter().map(member_line).collect_view();
                view! { <ul class="step-members">{members}</ul> }
            });
            view! {
                <li class=step.state.class()>
                    <span class="step-mark" aria-hidden="true">
                        {mark}
                    </span>
                    <div class="step-body">
                        <p class="cell-title">{step.title}</p>
                        {notes}
                        {members}
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
