//! Buttons and links that look like buttons.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How loud a button is. A screen has at most one [`Look::Primary`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do here.
    #[default]
    Primary,
    /// Another thing that can be done.
    Secondary,
    /// Takes something away; asks first.
    Danger,
    /// The last step of taking something away.
    DangerFill,
    /// Quiet, inside other parts.
    Ghost,
}

impl Look {
    /// Every look, for the gallery.
    pub const ALL: [Self; 5] = [Self::Primary, Self::Secondary, Self::Danger, Self::DangerFill, Self::Ghost];

    /// The class that draws it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button-primary",
            Self::Secondary => "button-secondary",
            Self::Danger => "button-danger",
            Self::DangerFill => "button-danger-fill",
            Self::Ghost => "button-ghost",
        }
    }
}

/// How large a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// Beside other things.
    #[default]
    Normal,
    /// As wide as its place.
    Wide,
    /// In a row of a list; still a full touch target.
    Small,
}

fn classes(look: Look, size: Size) -> String {
    let size = match size {
        Size::Normal => "",
        Size::Wide => " button-wide",
        Size::Small => " button-small",
    };
    format!("button {}{size}", look.class())
}

/// A button. While `busy` it turns a wheel and takes no press, so a double tap acts once as long as the page sets
/// `busy` before it sends.
#[component]
pub fn Button(
    /// How loud it is.
    #[prop(optional)]
    look: Look,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// Submits the form that it stands in.
    #[prop(optional)]
    submit: bool,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a press does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The text.
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if busy.get_untracked() || disabled.get_untracked() {
            return;
        }
        if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class=classes(look, size)
            type=if submit { "submit" } else { "button" }
            aria-busy=move || if busy.get() { Some("true") } else { None }
            disabled=move || disabled.get()
            on:click=press
        >
            {move || {
                if busy.get() {
                    view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
                } else if let Some(icon) = icon {
                    view! { <Glyph icon /> }.into_any()
                } else {
                    ().into_any()
                }
            }}
            <span>{children()}</span>
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How loud it is.
    #[prop(optional)]
    look: Look,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=classes(look, size) href=href>
            {icon.map(|icon| view! { <Glyph icon /> })}
            <span>{children()}</span>
        </a>
    }
    .into_any()
}

/// A round place for one icon, with a name for screen readers.
#[component]
pub fn IconButton(
    /// What it shows.
    icon: Icon,
    /// What it does, in words.
    #[prop(into)]
    label: String,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button class="icon-button" type="button" aria-label=label on:click=move |_| on_press.run(())>
            <Glyph icon />
        </button>
    }
    .into_any()
}
