//! Drafts, and 照上次填写: drawn from plain data.

use app::leave::api::{LeaveDraft, LeaveDraftContent};
use app::leave::like_last::LikeLast;
use app::leave::rules::Status;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::{status_tone, type_name};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Button, Callout, Card, Cell, Icon, List, Look, Size, Tone};

/// Whether what is typed is kept. It says 已保存 only of what the server has.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum DraftStatus {
    /// Nothing has been typed yet.
    #[default]
    Untouched,
    /// The last change is on this page only.
    Unsaved,
    /// It is on its way.
    Saving,
    /// The server has it.
    Saved,
    /// There is no network; it is tried again.
    Offline,
    /// The server would not keep it, and says why.
    Refused(String),
    /// Another device was faster.
    Conflict(Box<LeaveDraft>),
}

/// What can be done with drafts above a new form.
#[derive(Clone, Copy, Debug)]
pub struct HeadActions {
    /// Goes on with a draft.
    pub go_on: Callback<Uuid>,
    /// Deletes a draft.
    pub discard: Callback<Uuid>,
    /// Fills the form like the last request.
    pub fill: Callback<()>,
}

/// What can be done with the draft of the form itself.
#[derive(Clone, Copy, Debug)]
pub struct LineActions {
    /// Takes what the other device has saved.
    pub take_theirs: Callback<()>,
    /// Saves what stands here in its place.
    pub keep_mine: Callback<()>,
    /// Deletes the draft and leaves the form.
    pub discard: Callback<()>,
}

/// Above a new form: drafts to go on with, the last request to fill it from. Nothing where there is neither.
pub fn form_head(words: Words, drafts: &[LeaveDraft], like: Option<&LikeLast>, actions: HeadActions) -> AnyView {
    let locale = words.locale;
    let drafts = (!drafts.is_empty()).then(|| {
        let rows = drafts.iter().map(|draft| draft_row(words, draft, actions)).collect_view();
        view! { <Card title=td_string!(locale, draft.title)>{rows}</Card> }
    });
    let like = like.map(|like| {
        let kind = type_name(locale, &like.leave_type);
        let note = td_string!(locale, draft.like_last_of, kind, span = words.span(like.from, like.to));
        view! {
            <div class="row">
                <Button look=Look::Secondary icon=Icon::Copy on_press=actions.fill>
                    {td_string!(locale, draft.like_last)}
                </Button>
                <span class="muted small">{note}</span>
            </div>
        }
    });
    view! {
        {drafts}
        {like}
    }
    .into_any()
}

fn draft_row(words: Words, draft: &LeaveDraft, actions: HeadActions) -> AnyView {
    let (locale, id) = (words.locale, draft.id);
    let go_on = Callback::new(move |()| actions.go_on.run(id));
    let discard = Callback::new(move |()| actions.discard.run(id));
    view! {
        <div class="row row-apart">
            <div class="grow">
                <p>{draft_title(words, &draft.content)}</p>
                <p class="muted small">{td_string!(locale, draft.changed, at = words.moment(draft.changed_at))}</p>
            </div>
            <div class="row">
                <Button look=Look::Ghost size=Size::Small on_press=discard>
                    {td_string!(locale, draft.discard)}
                </Button>
                <Button look=Look::Secondary size=Size::Small on_press=go_on>
                    {td_string!(locale, draft.go_on)}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// The drafts on the leave tab; nothing where there are none.
pub fn draft_list(words: Words, drafts: &[LeaveDraft]) -> AnyView {
    let locale = words.locale;
    (!drafts.is_empty())
        .then(|| {
            let cell = |draft: &LeaveDraft| {
                let text = td_string!(locale, leave.status_draft);
                let badge = view! { <Badge tone=status_tone(Status::Draft) text /> }.into_any();
                let note = td_string!(locale, draft.changed, at = words.moment(draft.changed_at));
                let href = format!("/leave/new?draft={}", draft.id);
                view! { <Cell title=draft_title(words, &draft.content) note href end=badge /> }
            };
            let cells = drafts.iter().map(cell).collect_view();
            view! { <List title=td_string!(locale, draft.title)>{cells}</List> }
        })
        .into_any()
}

/// What a draft is about: the type and, where they are chosen, the days.
fn draft_title(words: Words, content: &LeaveDraftContent) -> String {
    let days = match (content.from_date, content.to_date) {
        (Some(from), Some(to)) if from == to => words.day(from),
        (Some(from), Some(to)) => format!("{}–{}", words.day(from), words.day(to)),
        (Some(day), None) | (None, Some(day)) => words.day(day),
        (None, None) => td_string!(words.locale, draft.no_days).to_owned(),
    };
    format!("{} · {days}", type_name(words.locale, &content.leave_type))
}

/// At the end of the form: whether it is kept, and what to do where it is not.
pub fn draft_line(words: Words, status: &DraftStatus, actions: LineActions) -> AnyView {
    let locale = words.locale;
    let said = |text: String| view! { <p class="field-hint" role="status">{text}</p> }.into_any();
    match status {
        DraftStatus::Untouched => ().into_any(),
        DraftStatus::Unsaved => said(td_string!(locale, draft.unsaved).to_owned()),
        DraftStatus::Saving => said(td_string!(locale, draft.saving).to_owned()),
        DraftStatus::Saved => view! {
            <div class="row row-apart">
                <p class="field-hint grow" role="status">
                    {td_string!(locale, draft.saved)}
                </p>
                <Button look=Look::Ghost size=Size::Small on_press=actions.discard>
                    {td_string!(locale, draft.discard_this)}
                </Button>
            </div>
        }
        .into_any(),
        DraftStatus::Offline => {
            view! { <Callout tone=Tone::Warn>{td_string!(locale, draft.offline)}</Callout> }.into_any()
        }
        DraftStatus::Refused(why) => {
            let why = why.clone();
            view! { <Callout tone=Tone::Warn>{why}</Callout> }.into_any()
        }
        DraftStatus::Conflict(theirs) => {
            let text = td_string!(locale, draft.conflict, at = words.moment(theirs.changed_at));
            view! {
                <Callout tone=Tone::Warn>{text}</Callout>
                <p class="muted small">{draft_title(words, &theirs.content)}</p>
                <div class="row">
                    <Button look=Look::Secondary on_press=actions.take_theirs>
                        {td_string!(locale, draft.take_theirs)}
                    </Button>
                    <Button look=Look::Secondary on_press=actions.keep_mine>
                        {td_string!(locale, draft.keep_mine)}
                    </Button>
                </div>
            }
            .into_any()
        }
    }
}
