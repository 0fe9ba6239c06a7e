//! Form fields: a label, the control, a hint or what is wrong.

use app::day::Half;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::i18n::{Locale, td_string};

/// One choice of a select or of segments: the value on the wire and the text on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// The text.
    pub label: String,
}

impl Choice {
    /// A choice of this value, shown as this text.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// What stands around a control.
#[component]
pub fn Field(
    /// The control's name.
    #[prop(into)]
    label: String,
    /// The id of the control, so that a tap on the label reaches it.
    #[prop(into)]
    control: String,
    /// Words for an optional field, such as 选填; empty for one that must be filled.
    #[prop(optional, into)]
    optional: String,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with it; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:field-bad=move || !error.with(String::is_empty)>
            <label class="field-label" for=control>
                {label}
                {(!optional.is_empty()).then(|| view! { <span class="optional">" · " {optional}</span> })}
            </label>
            {children()}
            {move || {
                let wrong = error.get();
                if !wrong.is_empty() {
                    return view! {
                        <p class="field-error" role="alert">
                            <Glyph icon=Icon::Warning />
                            <span>{wrong}</span>
                        </p>
                    }
                        .into_any();
                }
                let hint = hint.get();
                if hint.is_empty() { ().into_any() } else { view! { <p class="field-hint">{hint}</p> }.into_any() }
            }}
        </div>
    }
    .into_any()
}

/// What an [`Input`] takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// A password.
    Password,
    /// A search.
    Search,
    /// A calendar day, as `YYYY-MM-DD`.
    Date,
    /// A time of day, as `HH:MM`.
    Time,
    /// An address of e-mail.
    Email,
    /// A whole number.
    Number,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Password => "password",
            Self::Search => "search",
            Self::Date => "date",
            Self::Time => "time",
            Self::Email => "email",
            Self::Number => "number",
        }
    }
}

/// A one-line control, bound to a signal.
#[component]
pub fn Input(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What it takes.
    #[prop(optional)]
    kind: Kind,
    /// What is in it.
    value: RwSignal<String>,
    /// An example of what belongs in it.
    #[prop(optional, into)]
    placeholder: String,
    /// The earliest day that can be chosen; any when empty.
    #[prop(optional, into)]
    min: String,
    /// What the browser may fill in, such as `username`; nothing when empty.
    #[prop(optional, into)]
    autocomplete: String,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <input
            class="field-input"
            id=id
            type=kind.as_str()
            placeholder=placeholder
            min=(!min.is_empty()).then_some(min)
            autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
            disabled=move || disabled.get()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
    .into_any()
}

/// A control of several lines, bound to a signal.
#[component]
pub fn TextArea(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What is in it.
    value: RwSignal<String>,
    /// An example of what belongs in it.
    #[prop(optional, into)]
    placeholder: String,
    /// How many characters it takes.
    #[prop(default = 500)]
    max_length: usize,
) -> impl IntoView {
    view! {
        <textarea
            class="field-input"
            id=id
            rows="3"
            placeholder=placeholder
            maxlength=max_length.to_string()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    }
    .into_any()
}

/// The browser's own list of choices, for many of them.
#[component]
pub fn Select(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The value that is chosen.
    value: RwSignal<String>,
    /// The first line while nothing of it is chosen; without it the first choice is taken.
    #[prop(optional, into)]
    placeholder: String,
    /// Its name for screen readers, where no [`Field`] stands around it.
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let values = StoredValue::new(choices.iter().map(|choice| choice.value.clone()).collect::<Vec<_>>());
    let options = choices
        .into_iter()
        .map(|choice| {
            let own = choice.value.clone();
            view! {
                <option value=choice.value selected=move || value.with(|now| *now == own)>
                    {choice.label}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            class="field-input"
            id=id
            aria-label=(!label.is_empty()).then_some(label)
            on:change=move |event| value.set(event_target_value(&event))>
            {(!placeholder.is_empty())
                .then(|| view! { <option value="" selected=move || !values.with_value(|all| value.with(|now| all.contains(now)))>{placeholder}</option> })}
            {options}
        </select>
    }
    .into_any()
}

/// One of several choices, as a button that says whether it is chosen.
fn choice_button(
    class: &'static str,
    text: String,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    choose: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    view! {
        <button
            class=class
            type="button"
            role="radio"
            aria-checked=move || if chosen() { "true" } else { "false" }
            on:click=move |_| choose()
        >
            {text}
        </button>
    }
    .into_any()
}

fn choice_buttons(class: &'static str, choices: Vec<Choice>, value: RwSignal<String>) -> Vec<AnyView> {
    choices
        .into_iter()
        .map(|choice| {
            let own = choice.value.clone();
            let chosen = move || value.with(|now| *now == own);
            choice_button(class, choice.label, chosen, move || value.set(choice.value.clone()))
        })
        .collect()
}

/// Two to five choices side by side, all in sight.
#[component]
pub fn Segments(
    /// What is chosen here, for screen readers.
    #[prop(into)]
    label: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The value that is chosen.
    value: RwSignal<String>,
    /// Takes the whole width.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let segments = choice_buttons("segment", choices, value);
    view! {
        <div class=if wide { "segments segments-wide" } else { "segments" } role="radiogroup" aria-label=label>
            {segments}
        </div>
    }
    .into_any()
}

/// Choices that flow over several lines, all in sight.
#[component]
pub fn Choices(
    /// What is chosen here, for screen readers.
    #[prop(into)]
    label: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The value that is chosen.
    value: RwSignal<String>,
) -> impl IntoView {
    let chips = choice_buttons("choice", choices, value);
    view! { <div class="choices" role="radiogroup" aria-label=label>{chips}</div> }.into_any()
}

/// A day and its half: the browser's date picker beside 上午 and 下午.
#[component]
pub fn HalfDayInput(
    /// The language.
    locale: Locale,
    /// The id of the date control.
    #[prop(into)]
    id: String,
    /// What the pair is, for screen readers.
    #[prop(into)]
    label: String,
    /// The day, as `YYYY-MM-DD`; empty while none is chosen.
    date: RwSignal<String>,
    /// The half.
    half: RwSignal<Half>,
    /// The earliest day that can be chosen; any when empty.
    #[prop(optional, into)]
    min: String,
) -> impl IntoView {
    let segment = move |own: Half, text: &'static str| {
        choice_button("segment", text.to_owned(), move || half.get() == own, move || half.set(own))
    };
    view! {
        <div class="half-day">
            <Input id=id kind=Kind::Date value=date min=min />
            <div class="segments" role="radiogroup" aria-label=label>
                {segment(Half::Am, td_string!(locale, kit.am))}
                {segment(Half::Pm, td_string!(locale, kit.pm))}
            </div>
        </div>
    }
    .into_any()
}

/// On or off, at once.
#[component]
pub fn Switch(
    /// What is switched, for screen readers.
    #[prop(into)]
    label: String,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// What a press does, with the new state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            class="switch"
            type="button"
            role="switch"
            aria-label=label
            aria-checked=move || if on.get() { "true" } else { "false" }
            on:click=move |_| on_change.run(!on.get_untracked())
        ></button>
    }
    .into_any()
}
