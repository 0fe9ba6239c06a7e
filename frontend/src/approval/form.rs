//! The forms in which an approver or an applicant says something: drawn from the verb, since the engine says what each
//! of them needs.

use app::approval::api::{ActOnRequest, Decide, OfferView, ProcessView, RequestAction, TaskAction};
use app::approval::process::Verb;
use app::org::api::Colleague;
use leptos::prelude::*;

use super::words::{verb_meaning, verb_text};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Button, Callout, Choice, Choices, Field, Look, Size, TextArea, Tone};

/// What has been filled in so far.
#[derive(Clone, Copy, Debug)]
pub struct ActionForm {
    /// The comment, or the reason.
    pub comment: RwSignal<String>,
    /// Who gets the task or a copy, or signs too.
    pub people: RwSignal<Vec<Colleague>>,
    /// The position of the node to which the request is sent back; the applicant when empty.
    pub node: RwSignal<String>,
    /// Whether the last tap counts. A sheet that came up by itself waits for a moment, so that a double tap on what led
    /// to it decides nothing.
    pub settled: RwSignal<bool>,
}

impl Default for ActionForm {
    fn default() -> Self {
        let (comment, people) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
        Self { comment, people, node: RwSignal::new(String::new()), settled: RwSignal::new(true) }
    }
}

impl ActionForm {
    /// Empties it for the next action.
    pub fn clear(self) {
        self.comment.set(String::new());
        self.people.set(Vec::new());
        self.node.set(String::new());
    }

    fn words(self) -> String {
        self.comment.get_untracked().trim().to_owned()
    }

    fn officers(self) -> Vec<String> {
        self.people.with_untracked(|people| people.iter().map(|person| person.officer.clone()).collect())
    }

    /// What is asked of a task; nothing where the verb is not about one.
    pub fn decision(self, verb: Verb, version: i64) -> Option<Decide> {
        let action = task_action(verb)?;
        let to = if names_people(verb) { self.officers().into_iter().next() } else { None };
        let to_node = (verb == Verb::SendBack).then(|| self.node.get_untracked().parse().ok()).flatten();
        Some(Decide { action, comment: self.words(), version, to, to_node })
    }

    /// What is asked of the whole request; nothing where the verb is not about it.
    pub fn request(self, verb: Verb) -> Option<ActOnRequest> {
        let action = request_action(verb)?;
        Some(ActOnRequest { action, comment: self.words(), to: self.officers() })
    }
}

/// The verb as an action on a task, on the wire.
pub fn task_action(verb: Verb) -> Option<TaskAction> {
    Some(match verb {
        Verb::Approve => TaskAction::Approve,
        Verb::Refuse => TaskAction::Refuse,
        Verb::SendBack => TaskAction::SendBack,
        Verb::Transfer => TaskAction::Transfer,
        Verb::Delegate => TaskAction::Delegate,
        Verb::GiveBack => TaskAction::GiveBack,
        Verb::AddBefore => TaskAction::AddBefore,
        Verb::AddAfter => TaskAction::AddAfter,
        Verb::AddBeside => TaskAction::AddBeside,
        Verb::Remove => TaskAction::Remove,
        Verb::TakeBack => TaskAction::TakeBack,
        _ => return None,
    })
}

/// The verb as an action on a whole request, on the wire.
pub fn request_action(verb: Verb) -> Option<RequestAction> {
    match verb {
        Verb::Urge => Some(RequestAction::Urge),
        Verb::Copy => Some(RequestAction::Copy),
        Verb::Comment => Some(RequestAction::Comment),
        _ => None,
    }
}

/// Whether a verb needs to know who: one colleague, or several for a copy.
pub fn names_people(verb: Verb) -> bool {
    matches!(verb, Verb::Transfer | Verb::Delegate | Verb::AddBefore | Verb::AddAfter | Verb::AddBeside | Verb::Copy)
}

/// Whether something can be said with a verb.
fn takes_comment(verb: Verb) -> bool {
    !matches!(verb, Verb::Remove | Verb::TakeBack | Verb::Urge | Verb::Copy)
}

/// Whether a verb takes something from the applicant or from an approver, so that its button is red.
fn takes_away(verb: Verb) -> bool {
    matches!(verb, Verb::Refuse | Verb::SendBack | Verb::Remove)
}

/// The foot of every form: the comment, required where the verb needs a reason, and the last tap. `ready` is what the
/// form needs beside the comment.
pub fn confirm(
    words: Words,
    verb: Verb,
    comment: RwSignal<String>,
    ready: Signal<bool>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let missing = move || verb.needs_reason() && comment.with(|text| text.trim().is_empty());
    let (label, hint) = match verb {
        Verb::Refuse | Verb::SendBack => {
            (td_string!(locale, approval.reason), td_string!(locale, approval.reason_hint))
        }
        Verb::Comment => (td_string!(locale, approval.comment_text), ""),
        _ => (td_string!(locale, approval.comment), ""),
    };
    let optional = if verb.needs_reason() { "" } else { td_string!(locale, common.optional) };
    let field = takes_comment(verb).then(|| {
        view! {
            <Field label control="approval-comment" optional hint>
                <TextArea id="approval-comment" value=comment />
            </Field>
        }
    });
    let look = if takes_away(verb) { Look::DangerFill } else { Look::Primary };
    let disabled = Signal::derive(move || missing() || !ready.get());
    view! {
        {field}
        <Button look size=Size::Wide busy=busy disabled=disabled on_press=on_confirm>
            {td_string!(locale, approval.confirm_verb, verb = verb_text(locale, verb))}
        </Button>
    }
    .into_any()
}

/// The form of what somebody is about to do with a request on its way. `people` is the search for colleagues, which
/// stands in the forms that need one.
pub fn action_form(
    words: Words,
    process: &ProcessView,
    offer: &OfferView,
    form: ActionForm,
    people: impl FnOnce() -> AnyView,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let verb = offer.verb;
    let acting = offer.acting_for.clone().map(|name| {
        let text = td_string!(locale, approval.acting_for, name);
        view! { <Callout tone=Tone::Court>{text}</Callout> }
    });
    let meaning = verb_meaning(locale, verb);
    let nodes = (verb == Verb::SendBack).then(|| {
        let label = td_string!(locale, approval.send_back_to);
        let choices = send_back_choices(words, process);
        view! {
            <div class="field">
                <span class="field-label">{label}</span>
                <Choices label choices value=form.node />
            </div>
        }
    });
    let people = names_people(verb).then(people);
    let has_people = move || !names_people(verb) || form.people.with(|people| !people.is_empty());
    let ready = Signal::derive(move || form.settled.get() && has_people());
    view! {
        {acting}
        {(!meaning.is_empty()).then(|| view! { <p class="muted">{meaning}</p> })}
        {nodes}
        {people}
        {confirm(words, verb, form.comment, ready, busy, on_confirm)}
    }
    .into_any()
}

fn send_back_choices(words: Words, process: &ProcessView) -> Vec<Choice> {
    let locale = words.locale;
    let applicant = format!("{} {}", td_string!(locale, approval.the_applicant), process.name);
    let visited = process.nodes.iter().filter(|node| process.send_back_to.contains(&node.position)).map(|node| {
        let title = node.title.clone();
        let place = td_string!(locale, approval.node_place, step = node.position, title);
        Choice::new(node.position.to_string(), place)
    });
    [Choice::new("", applicant)].into_iter().chain(visited).collect()
}
