//! Form controls over plain data: they are given the value as it is and say what it shall become.
//!
//! The kit's controls are bound to a signal each. The rules of a node and the rows of a condition come and go, so what
//! is typed about them is one piece of data, and these controls write into it.

use leptos::prelude::*;

use crate::kit::Choice;

/// A line of text.
pub fn text_input(id: String, value: String, on_input: Callback<String>) -> AnyView {
    view! {
        <input
            class="field-input"
            id=id
            type="text"
            value=value.clone()
            prop:value=value
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    }
    .into_any()
}

/// A line of text that is taken over once it is left, not with each letter.
pub fn settled_input(id: String, value: String, on_change: Callback<String>) -> AnyView {
    view! {
        <input
            class="field-input"
            id=id
            type="text"
            value=value.clone()
            prop:value=value
            on:change=move |event| on_change.run(event_target_value(&event))
        />
    }
    .into_any()
}

/// A whole number from `min` on.
pub fn number_input(id: String, value: String, min: i64, on_input: Callback<String>) -> AnyView {
    view! {
        <input
            class="field-input"
            id=id
            type="number"
            inputmode="numeric"
            step="1"
            min=min
            value=value.clone()
            prop:value=value
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    }
    .into_any()
}

/// The browser's own list of choices. `label` is for screen readers, where no label stands beside it.
pub fn select(
    id: String,
    label: &'static str,
    choices: Vec<Choice>,
    value: &str,
    on_change: Callback<String>,
) -> AnyView {
    let options = choices.into_iter().map(|choice| {
        let chosen = choice.value == value;
        view! {
            <option value=choice.value selected=chosen prop:selected=chosen>
                {choice.label}
            </option>
        }
    });
    view! {
        <select
            class="field-input"
            id=id
            aria-label=(!label.is_empty()).then_some(label)
            on:change=move |event| on_change.run(event_target_value(&event))
        >
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// Two to five choices side by side, of which one is chosen.
pub fn segments(label: &'static str, choices: Vec<Choice>, value: &str, on_choose: Callback<String>) -> AnyView {
    let segments = choices.into_iter().map(|choice| {
        let chosen = if choice.value == value { "true" } else { "false" };
        view! {
            <button
                class="segment"
                type="button"
                role="radio"
                aria-checked=chosen
                on:click=move |_| on_choose.run(choice.value.clone())
            >
                {choice.label}
            </button>
        }
    });
    view! {
        <div class="segments segments-wide" role="radiogroup" aria-label=label>
            {segments.collect_view()}
        </div>
    }
    .into_any()
}

/// Choices of which any number are chosen.
pub fn checks(
    label: &'static str,
    choices: Vec<Choice>,
    is_chosen: impl Fn(&str) -> bool,
    on_toggle: Callback<(String, bool)>,
) -> AnyView {
    let boxes = choices.into_iter().map(|choice| {
        let chosen = is_chosen(&choice.value);
        let toggle = move |event| on_toggle.run((choice.value.clone(), event_target_checked(&event)));
        view! {
            <label class="check">
                <input type="checkbox" checked=chosen prop:checked=chosen on:change=toggle />
                <span>{choice.label}</span>
            </label>
        }
    });
    view! {
        <div class="checks" role="group" aria-label=label>
            {boxes.collect_view()}
        </div>
    }
    .into_any()
}

/// A heading of several controls that belong together, which are no single field.
pub fn group(title: &'static str, hint: &'static str, content: AnyView) -> AnyView {
    view! {
        <div class="field" role="group" aria-label=title>
            <span class="field-label">{title}</span>
            {content}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> })}
        </div>
    }
    .into_any()
}
