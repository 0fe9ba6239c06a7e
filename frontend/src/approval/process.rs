//! A request on its way: its nodes with their members, what has happened, who has a copy.

use app::approval::api::{NodeView, ProcessView, StepMode, TaskView, TimelineItem};
use app::approval::process::{Outcome, TaskState};
use leptos::prelude::*;

use super::words::{mode_text, outcome_text, outcome_tone, state_text, state_tone, verb_text};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Card, Member, Moment, Step, StepState, Steps, Timeline};

/// How far the request is and what has happened.
pub fn process(words: Words, data: &ProcessView) -> AnyView {
    let locale = words.locale;
    let progress = outcome_text(locale, data.outcome, data.decided, data.nodes_total);
    let badge = view! { <Badge tone=outcome_tone(data.outcome) text=progress /> }.into_any();
    let copies = (!data.copies.is_empty()).then(|| {
        let names = data.copies.join(td_string!(locale, common.list_comma));
        view! {
            <p class="small">
                <span class="muted">{td_string!(locale, approval.copies)}</span>
                " "
                {names}
            </p>
        }
    });
    let (steps, moments) = (nodes(words, data), timeline(words, &data.timeline));
    view! {
        <Card title=td_string!(locale, approval.process) end=badge>
            <Steps steps />
            {copies}
        </Card>
        <Card title=td_string!(locale, approval.history)>
            <Timeline moments />
        </Card>
    }
    .into_any()
}

/// The nodes as the kit draws them. A node of one task is drawn as its person; of several, with its mode.
pub fn nodes(words: Words, data: &ProcessView) -> Vec<Step> {
    let ended_here = |node: &NodeView| {
        let is_the_end = |state| match state {
            TaskState::Refused => data.outcome == Outcome::Refused,
            TaskState::SentBack => data.outcome == Outcome::SentBack,
            _ => false,
        };
        node.tasks.iter().any(|task| is_the_end(task.state))
    };
    // Under a ratio a node may pass with a refusal in it; the last one that holds the refusal is the one that ended.
    let end = data.nodes.iter().filter(|node| ended_here(node)).map(|node| node.position).max();
    data.nodes.iter().map(|node| node_step(words, node, end == Some(node.position))).collect()
}

fn node_step(words: Words, node: &NodeView, ended: bool) -> Step {
    let locale = words.locale;
    let state = node_state(node, ended);
    match node.tasks.as_slice() {
        [only] => {
            let place = if only.post.is_empty() { &node.title } else { &only.post };
            let state_line = decision_line(words, only);
            let notes = [vec![place.clone()], task_notes(words, only), vec![state_line], comment(only)].concat();
            Step { title: only.name.clone(), notes, members: Vec::new(), state }
        }
        tasks => {
            // Several tasks of a node of one person are a task that was handed on: no mode to speak of.
            let mode = if node.mode == StepMode::Single { "" } else { mode_text(locale, node.mode) };
            let members = tasks.iter().map(|task| member(words, task)).collect();
            Step { title: node.title.clone(), notes: vec![mode.to_owned()], members, state }
        }
    }
}

fn node_state(node: &NodeView, ended: bool) -> StepState {
    let any = |states: &[TaskState]| node.tasks.iter().any(|task| states.contains(&task.state));
    if ended {
        StepState::Refused
    } else if any(&[TaskState::Open, TaskState::Delegated]) {
        StepState::Current
    } else if any(&[TaskState::Approved]) && !any(&[TaskState::Waiting]) {
        StepState::Done
    } else {
        StepState::Waiting
    }
}

fn member(words: Words, task: &TaskView) -> Member {
    let at = task.decided_at.map(|at| words.moment(at)).unwrap_or_default();
    let notes = [vec![task.post.clone()], task_notes(words, task), vec![at], comment(task)].concat();
    Member {
        title: task.name.clone(),
        notes,
        tone: state_tone(task.state),
        state: state_text(words.locale, task.state).to_owned(),
    }
}

fn decision_line(words: Words, task: &TaskView) -> String {
    let state = state_text(words.locale, task.state);
    match task.decided_at {
        Some(at) => format!("{state} · {}", words.moment(at)),
        None => state.to_owned(),
    }
}

/// Who decided in whose place, and why.
fn task_notes(words: Words, task: &TaskView) -> Vec<String> {
    let locale = words.locale;
    let stands_in = task.stands_in_for.clone().map(|why| td_string!(locale, leave.stands_in_for, why));
    let decided_by = task.decided_by.clone().map(|name| td_string!(locale, approval.decided_by, name));
    let merged = (task.state == TaskState::Merged).then(|| td_string!(locale, approval.merged_note).to_owned());
    [stands_in, decided_by, merged].into_iter().flatten().collect()
}

fn comment(task: &TaskView) -> Vec<String> {
    task.comment.iter().cloned().collect()
}

/// What has happened, the newest first.
pub fn timeline(words: Words, items: &[TimelineItem]) -> Vec<Moment> {
    items.iter().rev().map(|item| moment(words, item)).collect()
}

fn moment(words: Words, item: &TimelineItem) -> Moment {
    let locale = words.locale;
    let actor = item.actor.clone().unwrap_or_else(|| td_string!(locale, approval.system).to_owned());
    let who = match item.acting_for.clone() {
        Some(name) => td_string!(locale, approval.acts_for, actor, name),
        None => actor,
    };
    let what = item.verb.map_or(td_string!(locale, approval.submitted), |verb| verb_text(locale, verb));
    let title = if item.to.is_empty() {
        td_string!(locale, approval.said, who, what)
    } else {
        let to = item.to.join(td_string!(locale, common.list_comma));
        td_string!(locale, approval.said_to, who, what, to)
    };
    let at = match &item.device {
        Some(device) => format!("{} · {device}", words.moment(item.at)),
        None => words.moment(item.at),
    };
    Moment { title, at, note: item.comment.clone().unwrap_or_default() }
}
