//! What waits for an approver, drawn from plain data.

use app::approval::api::{Decided, Subject, Task};
use app::approval::process::Verb;
use app::leave::types::Lane;
use leptos::prelude::*;
use uuid::Uuid;

use super::bulk::{Selection, choice_of, selection_bar};
use super::filter::ApprovalTab;
use super::form::confirm;
use super::lists::{more_button, nothing_here};
use crate::format::{Words, days};
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, ButtonLink, Callout, Card, Cell, Facts, Icon, Look, Size, Steps, Tone, Trouble};
use crate::leave::view::provisional_note;
use crate::leave::words::{days_out, kind_name, status_text, status_tone, steps};

/// The tasks that are shown, page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The tasks, the longest waiting first.
    pub tasks: Vec<Task>,
    /// How many there are in all.
    pub total: i64,
    /// Whether there are further ones.
    pub more: bool,
    /// Whether a search leaves any out.
    pub narrowed: bool,
}

/// What an approver can do in the inbox; the page does it.
#[derive(Clone, Copy)]
pub struct InboxActions {
    /// Opens the sheet for saying this of a task.
    pub act: Callback<(Task, Verb)>,
    /// Opens the sheet for approving what is chosen.
    pub approve_chosen: Callback<()>,
    /// Loads further ones.
    pub more: Callback<()>,
}

/// The inbox: the longest waiting first.
pub fn inbox(words: Words, data: &Waiting, selection: Selection, actions: InboxActions) -> AnyView {
    if data.tasks.is_empty() {
        return nothing_here(words, ApprovalTab::Waiting, data.narrowed);
    }
    let cards = data.tasks.iter().map(|task| task_card(words, task, selection, actions)).collect_view();
    view! {
        {selection_bar(words, data, selection, actions)}
        <div class="task-grid">{cards}</div>
        <p class="key-hint">{td_string!(words.locale, approval.keys)}</p>
        {data.more.then(|| more_button(words, actions.more))}
    }
    .into_any()
}

fn task_card(words: Words, task: &Task, selection: Selection, actions: InboxActions) -> AnyView {
    let locale = words.locale;
    let subject = &task.subject;
    let title = format!("{} · {}", subject.name, subject.department);
    let kind = kind_and_amount(words, subject);
    let badge = view! { <Badge tone=Tone::Court text=kind /> }.into_any();
    let left = left(words, task);
    let progress = td_string!(locale, approval.step_of, node = task.node.clone(), step = task.step, of = task.steps);
    let facts = vec![
        (td_string!(locale, leave.fact_time), words.span(subject.from, subject.to)),
        (td_string!(locale, leave.fact_destination), destination(subject)),
        (td_string!(locale, leave.fact_reason), subject.reason.clone()),
        (td_string!(locale, on_behalf.fact), subject.submitted_by.clone().unwrap_or_default()),
        (td_string!(locale, approval.balance), left),
        (td_string!(locale, approval.step), progress),
        (td_string!(locale, approval.received), words.moment(task.opened_at)),
    ];
    let conflict = (conflict(words, task), collisions(words, task));
    let id = format!("task-{}", task.id);
    let marks = marks(words, task);
    let task = task.clone();
    let foot = move || {
        if selection.on.get() { choice_of(words, &task, selection) } else { buttons(words, &task, actions) }
    };
    view! {
        <div class="task" id=id tabindex="-1">
            <Card title end=badge>
                {marks}
                <Facts facts />
                {conflict}
                {foot}
            </Card>
        </div>
    }
    .into_any()
}

/// Where to, of a report: it is what the report is about. Of leave it stands on the request's page.
fn destination(subject: &Subject) -> String {
    if subject.lane == Lane::Report { subject.destination.clone() } else { String::new() }
}

/// What the applicant would have left; empty for a type without a grant.
fn left(words: Words, task: &Task) -> String {
    task.available_after.map_or_else(String::new, |left| td_string!(words.locale, approval.left, days = days(left)))
}

/// Who else of the department is away then: the first by name, and how many there are where they are more.
fn conflict(words: Words, task: &Task) -> Option<AnyView> {
    (!task.also_away.is_empty()).then(|| {
        let names = task.also_away.join(td_string!(words.locale, common.list_comma));
        let count = task.also_away_count;
        let text = if usize::try_from(count).is_ok_and(|count| count > task.also_away.len()) {
            td_string!(words.locale, approval.also_away_more, names, count)
        } else {
            td_string!(words.locale, approval.also_away, names)
        };
        view! { <Callout tone=Tone::Warn>{text}</Callout> }.into_any()
    })
}

/// What the leave collides with and what its rules leave to the approver, one line each.
fn collisions(words: Words, task: &Task) -> Option<AnyView> {
    let lines = task.conflicts.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view();
    (!task.conflicts.is_empty()).then(|| {
        let title = td_string!(words.locale, conflict.to_note);
        view! {
            <Callout tone=Tone::Warn>
                <p class="strong">{title}</p>
                <ul class="stack stack-tight">{lines}</ul>
            </Callout>
        }
        .into_any()
    })
}

/// The same, all in one line.
fn collisions_in_a_line(words: Words, task: &Task) -> Option<AnyView> {
    let text = task.conflicts.join(td_string!(words.locale, conflict.separator));
    (!text.is_empty()).then(|| view! { <Callout tone=Tone::Warn>{text}</Callout> }.into_any())
}

/// What an approver weighs and the request itself does not say. It stands on the request's page.
pub fn considerations(words: Words, task: &Task) -> AnyView {
    let locale = words.locale;
    let facts = vec![
        (td_string!(locale, approval.balance), left(words, task)),
        (td_string!(locale, approval.received), words.moment(task.opened_at)),
    ];
    let conflict = (conflict(words, task), collisions(words, task));
    view! {
        <Card title=td_string!(locale, approval.considerations)>
            <Facts facts />
            {conflict}
        </Card>
    }
    .into_any()
}

/// That it cannot be said what there is to weigh, and why.
pub fn no_considerations(locale: Locale, trouble: Trouble, on_retry: Callback<()>) -> AnyView {
    view! {
        <Callout tone=Tone::Warn>
            <div class="row row-apart">
                <span class="grow">{td_string!(locale, approval.no_considerations, why = trouble.detail)}</span>
                <Button look=Look::Secondary size=Size::Small icon=Icon::Retry on_press=on_retry>
                    {td_string!(locale, kit.retry)}
                </Button>
            </div>
        </Callout>
    }
    .into_any()
}

/// What a decision is about, in the sheet in which it is taken: who, what, when, and what there is to weigh.
pub fn about(words: Words, task: &Task) -> AnyView {
    let left = left(words, task);
    let balance = (!left.is_empty()).then(|| {
        let text = format!("{} {left}", td_string!(words.locale, approval.balance));
        view! { <p class="muted">{text}</p> }
    });
    let provisional = task.provisional.then(|| provisional_note(words));
    view! {
        <div class="stack stack-tight">
            <p class="strong">{summary(words, task)}</p>
            {balance}
            {provisional}
            {conflict(words, task)}
            {collisions_in_a_line(words, task)}
        </div>
    }
    .into_any()
}

/// For whom the approver would decide, whether only his opinion is asked for, and how many papers there are to read.
fn marks(words: Words, task: &Task) -> Option<AnyView> {
    let locale = words.locale;
    let acting = task.acting_for.clone().map(|name| {
        let text = td_string!(locale, approval.acting_for, name);
        view! { <Badge tone=Tone::Gold text /> }
    });
    let opinion =
        task.opinion_only.then(|| view! { <Badge tone=Tone::Gold text=td_string!(locale, approval.opinion_only) /> });
    let attached = (task.attachments > 0).then(|| {
        let text = td_string!(locale, attachment.count, count = task.attachments);
        view! { <Badge tone=Tone::Court text /> }
    });
    let is_marked = acting.is_some() || opinion.is_some() || attached.is_some();
    is_marked.then(|| view! { <div class="row">{acting} {opinion} {attached}</div> }.into_any())
}

fn buttons(words: Words, task: &Task, actions: InboxActions) -> AnyView {
    let locale = words.locale;
    let press = |verb: Verb| {
        let task = task.clone();
        Callback::new(move |()| actions.act.run((task.clone(), verb)))
    };
    let decide = if task.opinion_only {
        view! {
            <Button size=Size::Wide on_press=press(Verb::GiveBack)>
                {td_string!(locale, approval.verb_give_back)}
            </Button>
        }
        .into_any()
    } else {
        view! {
            <div class="button-bar">
                <Button look=Look::Secondary on_press=press(Verb::Refuse)>
                    {td_string!(locale, approval.refuse)}
                </Button>
                <Button on_press=press(Verb::Approve)>{td_string!(locale, approval.approve)}</Button>
            </div>
        }
        .into_any()
    };
    view! {
        {decide}
        <ButtonLink look=Look::Ghost size=Size::Small href=request_address(task.subject.subject_id)>
            {td_string!(locale, approval.details)}
        </ButtonLink>
    }
    .into_any()
}

/// Where a request is shown to those who have a part in it.
pub fn request_address(request: Uuid) -> String {
    format!("/approvals/{request}")
}

/// The content of the sheet for deciding: what it is about, a comment, and the second tap.
pub fn decision_form(
    words: Words,
    task: &Task,
    verb: Verb,
    comment: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let acting = task.acting_for.clone().map(|name| {
        let text = td_string!(words.locale, approval.acting_for, name);
        view! { <Callout tone=Tone::Court>{text}</Callout> }
    });
    view! {
        {about(words, task)}
        {acting}
        {confirm(words, verb, comment, true.into(), busy, on_confirm)}
    }
    .into_any()
}

/// A task in one line: who, what, when.
pub(super) fn summary(words: Words, task: &Task) -> String {
    let subject = &task.subject;
    let what = kind_and_amount(words, subject);
    let mut parts = vec![subject.name.clone(), what, words.span(subject.from, subject.to), destination(subject)];
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// What is asked for; only that it is leave for those who have a copy.
pub(super) fn kind_and_amount(words: Words, subject: &Subject) -> String {
    let kind = kind_name(words.locale, subject.leave_type.as_deref(), subject.lane);
    match (&subject.leave_type, subject.lane) {
        (Some(_), Lane::Report) => format!("{kind} {}", days_out(words, subject.from, subject.to)),
        (Some(_), Lane::Leave | Lane::Hours) => format!("{kind} {}", words.half_days(subject.half_days)),
        (None, _) => kind,
    }
}

/// A short line for the home screen that leads to the request.
pub fn task_cell(words: Words, task: &Task) -> AnyView {
    let subject = &task.subject;
    let kind = kind_and_amount(words, subject);
    let badge = view! { <Badge tone=Tone::Gold text=td_string!(words.locale, approval.waiting) /> }.into_any();
    view! {
        <Cell
            title=format!("{} · {kind}", subject.name)
            note=format!("{} · {}", subject.department, words.span(subject.from, subject.to))
            href=request_address(subject.subject_id)
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
        view! {
            <div class="row row-apart">
                <span class="strong">{request.name.clone()}</span>
                {badge}
            </div>
            <Steps steps=chain />
            <ButtonLink look=Look::Secondary href=request_address(request.id)>
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
