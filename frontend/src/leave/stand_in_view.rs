//! 工作代理, drawn from plain data: what colleagues ask the officer to stand in for, and how an answer reads.

use app::leave::api::{LeaveRequest, StandIn};
use app::leave::stand_in::StandInState;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Card, EmptyState, Facts, Field, Icon, Look, Size, TextArea, Tone};

fn state_of(locale: Locale, state: StandInState) -> (Tone, &'static str) {
    match state {
        StandInState::Open => (Tone::Gold, td_string!(locale, stand_in.open)),
        StandInState::Accepted => (Tone::Good, td_string!(locale, stand_in.accepted)),
        StandInState::Declined => (Tone::Bad, td_string!(locale, stand_in.declined)),
    }
}

/// Who stands in for a request, with his answer: `吴同事 · 不同意（那几天开庭）`. Empty where nobody does.
pub fn stand_in_text(locale: Locale, request: &LeaveRequest) -> String {
    let name = request.stand_in_name.clone().unwrap_or_default();
    let Some(state) = request.stand_in_state.filter(|_| !name.is_empty()) else { return name };
    let (_, answer) = state_of(locale, state);
    match request.stand_in_note.as_deref() {
        Some(note) => td_string!(locale, stand_in.with_note, name, answer, note),
        None => format!("{name} · {answer}"),
    }
}

/// What the officer is asked to stand in for. `on_answer` opens the sheet: whether he agrees.
pub fn stand_ins(words: Words, items: &[StandIn], on_answer: Callback<(StandIn, bool)>) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::People
                title=td_string!(locale, stand_in.none)
                detail=td_string!(locale, stand_in.none_detail)
            />
        }
        .into_any();
    }
    let cards = items.iter().map(|item| card(words, item, on_answer)).collect_view();
    view! { <div class="stack">{cards}</div> }.into_any()
}

fn card(words: Words, item: &StandIn, on_answer: Callback<(StandIn, bool)>) -> AnyView {
    let locale = words.locale;
    let (tone, text) = state_of(locale, item.state);
    let badge = view! { <Badge tone text /> }.into_any();
    let facts = vec![
        (td_string!(locale, leave.fact_time), words.span(item.from, item.to)),
        (td_string!(locale, stand_in.contact), item.contact.clone()),
        (td_string!(locale, stand_in.note), item.note.clone()),
    ];
    let warning = |text: &String| {
        let text = text.clone();
        view! { <Callout tone=Tone::Warn>{text}</Callout> }
    };
    let warnings = item.warnings.iter().map(warning).collect_view();
    let buttons = item.may_answer.then(|| {
        let say = |accept: bool| {
            let item = item.clone();
            Callback::new(move |()| on_answer.run((item.clone(), accept)))
        };
        let decline = (item.state != StandInState::Declined).then(|| {
            view! {
                <Button look=Look::Secondary on_press=say(false)>
                    {td_string!(locale, stand_in.decline)}
                </Button>
            }
        });
        let accept = (item.state != StandInState::Accepted).then(|| {
            view! { <Button on_press=say(true)>{td_string!(locale, stand_in.accept)}</Button> }
        });
        view! { <div class="button-bar">{decline} {accept}</div> }
    });
    view! {
        <Card title=format!("{} · {}", item.name, item.department) end=badge>
            <Facts facts />
            {warnings}
            {buttons}
        </Card>
    }
    .into_any()
}

/// The sheet for an answer: a word with it, and the last tap.
pub fn answer_form(
    locale: Locale,
    accept: bool,
    note: RwSignal<String>,
    busy: Signal<bool>,
    on_confirm: Callback<()>,
) -> AnyView {
    let (text, look) = if accept {
        (td_string!(locale, stand_in.accept), Look::Primary)
    } else {
        (td_string!(locale, stand_in.decline), Look::DangerFill)
    };
    view! {
        <Field label=td_string!(locale, stand_in.note) control="stand-in-note" optional=td_string!(locale, common.optional)>
            <TextArea id="stand-in-note" value=note max_length=100 />
        </Field>
        <Button look=look size=Size::Wide busy=busy on_press=on_confirm>
            {text}
        </Button>
    }
    .into_any()
}
