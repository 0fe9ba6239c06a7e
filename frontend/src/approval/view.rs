//! What waits for an approver, drawn from plain data.

use app::approval::api::{Decided, Task};
use leptos::prelude::*;

use crate::format::{Words, days};
use crate::i18n::td_string;
use crate::kit::{Badge, Button, ButtonLink, Card, EmptyState, Facts, Field, Icon, Look, Size, Steps, TextArea, Tone};
use crate::leave::words::{status_text, status_tone, steps, type_name};

/// What an approver can do with a task; the page does it.
#[derive(Clone, Copy)]
pub struct TaskActions {
    /// Opens the sheet for 同意.
    pub approve: Callback<Task>,
    /// Opens the sheet for 不同意.
    pub refuse: Callback<Task>,
}

/// The inbox: the longest waiting first.
pub fn inbox(words: Words, tasks: &[Task], actions: TaskActions) -> AnyView {
    let locale = words.locale;
    if tasks.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, approval.nothing)
                detail=td_string!(locale, approval.nothing_detail)
            />
        }
        .into_any();
    }
    let cards = tasks.iter().map(|task| task_card(words, task, actions)).collect_view();
    view! { <div class="task-grid">{cards}</div> }.into_any()
}

fn task_card(words: Words, task: &Task, actions: TaskActions) -> AnyView {
    let locale = words.locale;
    let title = format!("{} · {}", task.name, task.department);
    let kind = format!("{} {}", type_name(locale, &task.leave_type), words.half_days(task.half_days));
    let badge = view! { <Badge tone=Tone::Court text=kind /> }.into_any();
    let left =
        task.available_after.map_or_else(String::new, |left| td_string!(locale, approval.left, days = days(left)));
    let facts = vec![
        (td_string!(locale, leave.fact_time), words.span(task.from, task.to)),
        (td_string!(locale, leave.fact_reason), task.reason.clone()),
        (td_string!(locale, approval.balance), left),
        (
            td_string!(locale, approval.step),
            td_string!(locale, approval.step_of, step = task.step, of = task.steps, at = words.moment(task.opened_at)),
        ),
    ];
    let details = format!("/leave/{}", task.subject_id);
    let (to_approve, to_refuse) = (task.clone(), task.clone());
    let approve = Callback::new(move |()| actions.approve.run(to_approve.clone()));
    let refuse = Callback::new(move |()| actions.refuse.run(to_refuse.clone()));
    view! {
        <Card title end=badge>
            <Facts facts />
            <div class="button-bar">
                <Button look=Look::Secondary on_press=refuse>
                    {td_string!(locale, approval.refuse)}
                </Button>
                <Button on_press=approve>{td_string!(locale, approval.approve)}</Button>
            </div>
            <ButtonLink look=Look::Ghost size=Size::Small href=details>
                {td_string!(locale, approval.details)}
            </ButtonLink>
        </Card>
    }
    .into_any()
}

/// The content of the sheet for 同意: what is agreed to, a comment for who wants one, and the second tap.
pub fn approve_form(
    words: Words,
    task: &Task,
    comment: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    view! {
        <p>{summary(words, task)}</p>
        <Field
            label=td_string!(locale, approval.comment)
            control="approve-comment"
            optional=td_string!(locale, common.optional)
        >
            <TextArea id="approve-comment" value=comment />
        </Field>
        <Button size=Size::Wide icon=Icon::Check busy=busy on_press=on_confirm>
            {td_string!(locale, approval.approve_confirm)}
        </Button>
    }
    .into_any()
}

/// The content of the sheet for 不同意, which needs a reason.
pub fn refuse_form(
    words: Words,
    task: &Task,
    comment: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let empty = Signal::derive(move || comment.with(|text| text.trim().is_empty()));
    view! {
        <p>{summary(words, task)}</p>
        <Field
            label=td_string!(locale, approval.reason)
            control="refuse-comment"
            hint=td_string!(locale, approval.reason_hint)
        >
            <TextArea id="refuse-comment" value=comment />
        </Field>
        <Button look=Look::DangerFill size=Size::Wide busy=busy disabled=empty on_press=on_confirm>
            {td_string!(locale, approval.refuse_confirm)}
        </Button>
    }
    .into_any()
}

fn summary(words: Words, task: &Task) -> String {
    let kind = type_name(words.locale, &task.leave_type);
    format!("{} · {kind} {} · {}", task.name, words.half_days(task.half_days), words.span(task.from, task.to))
}

/// A short line for the home screen that leads to the inbox.
pub fn task_cell(words: Words, task: &Task) -> AnyView {
    let kind = type_name(words.locale, &task.leave_type);
    let badge = view! { <Badge tone=Tone::Gold text=td_string!(words.locale, approval.waiting) /> }.into_any();
    view! {
        <crate::kit::Cell
            title=format!("{} · {kind} {}", task.name, words.half_days(task.half_days))
            note=format!("{} · {}", task.department, words.span(task.from, task.to))
            href="/approvals"
            end=badge
        />
    }
    .into_any()
}

/// The state that won, shown to whoever decided too late.
pub fn lost_race(words: Words, detail: &str, current: Option<&Decided>) -> AnyView {
    let detail = detail.to_owned();
    let state = current.map(|decided| {
        let request = &decided.request;
        let badge = view! { <Badge tone=status_tone(request.status) text=status_text(words.locale, request) /> };
        let chain = steps(words, &request.chain);
        let href = format!("/leave/{}", request.id);
        view! {
            <div class="row row-apart">
                <span class="strong">{request.name.clone()}</span>
                {badge}
            </div>
            <Steps steps=chain />
            <ButtonLink look=Look::Secondary href=href>
                {td_string!(words.locale, approval.details)}
            </ButtonLink>
        }
    });
    view! {
        <p>{detail}</p>
        {state}
    }
    .into_any()
}
