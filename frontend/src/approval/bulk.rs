//! 批量同意: choosing several tasks, approving them, and what became of each.

use std::collections::BTreeSet;

use app::approval::api::{APPROVE_AT_ONCE, ManyResult, Task};
use leptos::prelude::*;
use uuid::Uuid;

use super::view::{InboxActions, Waiting, summary};
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Cell, Field, List, Look, Size, TextArea, Tone};

/// Choosing several tasks.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// Whether cards are being chosen.
    pub on: RwSignal<bool>,
    /// The chosen tasks, at most as many as can be approved at once.
    pub chosen: RwSignal<BTreeSet<Uuid>>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { on: RwSignal::new(false), chosen: RwSignal::new(BTreeSet::new()) }
    }
}

impl Selection {
    fn toggle(self, task: Uuid) {
        self.chosen.update(|chosen| {
            if !chosen.remove(&task) && chosen.len() < APPROVE_AT_ONCE {
                chosen.insert(task);
            }
        });
    }

    /// Adds the first ones of a list, as many as there is room for.
    fn fill(self, tasks: &[Uuid]) {
        self.chosen.update(|chosen| {
            for task in tasks {
                if chosen.len() >= APPROVE_AT_ONCE {
                    break;
                }
                chosen.insert(*task);
            }
        });
    }

    fn is_full(self) -> bool {
        self.chosen.with(|chosen| chosen.len() >= APPROVE_AT_ONCE)
    }
}

/// Whether a task can be approved with others: one that only asks for an opinion has to be answered by itself.
fn can_be_chosen(task: &Task) -> bool {
    !task.opinion_only
}

/// That no more can be chosen, and what to do about the rest.
fn limit(locale: Locale) -> String {
    td_string!(locale, approval.select_limit, count = APPROVE_AT_ONCE)
}

/// How many there are and 选择; while choosing, how many are chosen, 全选, and 批量同意.
pub(super) fn selection_bar(words: Words, data: &Waiting, selection: Selection, actions: InboxActions) -> AnyView {
    let locale = words.locale;
    let total = td_string!(locale, approval.total, count = data.total);
    let all = data.tasks.iter().filter(|task| can_be_chosen(task)).map(|task| task.id).collect::<Vec<_>>();
    let has_rest = data.more || all.len() > APPROVE_AT_ONCE;
    let begin = Callback::new(move |()| {
        selection.chosen.set(BTreeSet::new());
        selection.on.set(true);
    });
    let end = Callback::new(move |()| selection.on.set(false));
    (move || {
        if !selection.on.get() {
            return view! {
                <div class="row row-apart">
                    <span class="muted">{total.clone()}</span>
                    <Button look=Look::Ghost size=Size::Small on_press=begin>
                        {td_string!(locale, approval.select)}
                    </Button>
                </div>
            }
            .into_any();
        }
        let every = all.clone();
        let holds_all = move || {
            selection.is_full() || selection.chosen.with(|chosen| every.iter().all(|task| chosen.contains(task)))
        };
        let text = {
            let holds_all = holds_all.clone();
            move || {
                if holds_all() {
                    td_string!(locale, approval.select_none)
                } else {
                    td_string!(locale, approval.select_all)
                }
            }
        };
        let every = all.clone();
        let turn = Callback::new(move |()| {
            if untrack(&holds_all) {
                selection.chosen.set(BTreeSet::new());
            } else {
                selection.fill(&every);
            }
        });
        let count = move || td_string!(locale, approval.selected, count = selection.chosen.with(BTreeSet::len));
        let none = Signal::derive(move || selection.chosen.with(BTreeSet::is_empty));
        let hint = move || {
            (has_rest && selection.is_full()).then(|| view! { <p class="field-hint" role="status">{limit(locale)}</p> })
        };
        view! {
            <div class="selection-bar">
                <div class="row row-apart">
                    <span class="strong" role="status">
                        {count}
                    </span>
                    <div class="row">
                        <Button look=Look::Ghost size=Size::Small on_press=turn>
                            {text}
                        </Button>
                        <Button look=Look::Ghost size=Size::Small on_press=end>
                            {td_string!(locale, approval.select_end)}
                        </Button>
                    </div>
                </div>
                {hint}
                <Button size=Size::Wide disabled=none on_press=actions.approve_chosen>
                    {td_string!(locale, approval.approve_many)}
                </Button>
            </div>
        }
        .into_any()
    })
    .into_any()
}

/// The foot of a card while tasks are being chosen.
pub(super) fn choice_of(words: Words, task: &Task, selection: Selection) -> AnyView {
    let locale = words.locale;
    let id = task.id;
    let name = task.subject.name.clone();
    if !can_be_chosen(task) {
        return view! { <p class="field-hint">{td_string!(locale, approval.opinion_only)}</p> }.into_any();
    }
    let is_refused = move || selection.is_full() && selection.chosen.with(|chosen| !chosen.contains(&id));
    let text = move || {
        if is_refused() { limit(locale) } else { td_string!(locale, approval.select_one, name = name.clone()) }
    };
    view! {
        <label class="task-choice">
            <input
                type="checkbox"
                prop:checked=move || selection.chosen.with(|chosen| chosen.contains(&id))
                disabled=is_refused
                on:change=move |_| selection.toggle(id)
            />
            <span>{text}</span>
        </label>
    }
    .into_any()
}

/// The content of the sheet for 批量同意: what would be approved, one comment for all.
pub fn many_form(
    words: Words,
    tasks: &[Task],
    comment: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let count = tasks.len();
    let lines = tasks.iter().map(|task| view! { <li>{summary(words, task)}</li> }).collect_view();
    view! {
        <ul class="stack stack-tight small">{lines}</ul>
        <Field
            label=td_string!(locale, approval.comment)
            control="approval-comment"
            optional=td_string!(locale, common.optional)
        >
            <TextArea id="approval-comment" value=comment />
        </Field>
        <Button size=Size::Wide busy=busy on_press=on_confirm>
            {td_string!(locale, approval.approve_many_confirm, count)}
        </Button>
    }
    .into_any()
}

/// What became of each of several approvals: those that failed first, with the reason.
pub fn many_results(words: Words, tasks: &[Task], results: &[ManyResult], on_close: Callback<()>) -> AnyView {
    let locale = words.locale;
    let failed = results.iter().filter(|result| result.problem.is_some()).count();
    let done = results.len() - failed;
    let tone = if failed == 0 { Tone::Good } else { Tone::Warn };
    let (bad, good): (Vec<_>, Vec<_>) = results.iter().partition(|result| result.problem.is_some());
    let lines = bad
        .into_iter()
        .chain(good)
        .filter_map(|result| {
            let task = tasks.iter().find(|task| task.id == result.id)?;
            let (tone, text, note) = match &result.problem {
                Some(problem) => (Tone::Bad, problem.title.clone(), problem.detail.clone()),
                None => (Tone::Good, td_string!(locale, approval.approved).to_owned(), String::new()),
            };
            let badge = view! { <Badge tone text /> }.into_any();
            Some(view! { <Cell title=summary(words, task) note end=badge /> })
        })
        .collect_view();
    view! {
        <Callout tone>{td_string!(locale, approval.result_summary, done, failed)}</Callout>
        <List>{lines}</List>
        <Button look=Look::Secondary size=Size::Wide on_press=on_close>
            {td_string!(locale, kit.close)}
        </Button>
    }
    .into_any()
}
