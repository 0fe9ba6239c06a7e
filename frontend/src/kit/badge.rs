//! Small marks of state, and callouts in the same tones.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What a colour means. Never the only sign: a word stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Under way.
    Court,
    /// Somebody's turn.
    Gold,
    /// Well done.
    Good,
    /// Take care.
    Warn,
    /// Wrong, refused.
    Bad,
}

impl Tone {
    /// Every tone, for the gallery.
    pub const ALL: [Self; 6] = [Self::Plain, Self::Court, Self::Gold, Self::Good, Self::Warn, Self::Bad];

    /// The class that colours a part in this tone; empty for the plain one.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Court => "tone-court",
            Self::Gold => "tone-gold",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }

    /// The icon that goes with the tone.
    pub fn icon(self) -> Icon {
        match self {
            Self::Plain | Self::Court | Self::Gold => Icon::Info,
            Self::Good => Icon::Check,
            Self::Warn | Self::Bad => Icon::Warning,
        }
    }
}

/// A state in one or two words.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class=format!("badge {}", tone.class())>{text}</span> }.into_any()
}

/// How many wait; nothing when none do, and `99+` beyond two digits.
#[component]
pub fn Count(
    /// The number.
    #[prop(into)]
    of: Signal<u64>,
) -> impl IntoView {
    move || match of.get() {
        0 => ().into_any(),
        many @ 1..=99 => view! { <span class="count">{many}</span> }.into_any(),
        _ => view! { <span class="count">"99+"</span> }.into_any(),
    }
}

/// A sentence that must not be overlooked.
#[component]
pub fn Callout(
    /// What it means.
    tone: Tone,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("callout {}", tone.class()) role="note">
            <Glyph icon=tone.icon() />
            <div class="grow">{children()}</div>
        </div>
    }
    .into_any()
}
