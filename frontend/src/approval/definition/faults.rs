//! What the linter says: beside each node, and in sum.

use app::approval::api::{DefinitionFault, Linted};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Glyph, Icon, Look, Size, Tone};

/// How many faults stand at one node; the roster of a whole province can have hundreds.
const AT_NODE: usize = 3;
/// How many stand in the summary.
const IN_SUMMARY: usize = 6;

/// What is known about the faults of a working copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// The linter has not answered yet.
    #[default]
    Waiting,
    /// It has.
    Known(Linted),
    /// It could not be asked; why.
    Failed(String),
}

impl Check {
    /// The faults, as far as they are known.
    pub fn faults(&self) -> &[DefinitionFault] {
        match self {
            Self::Known(linted) => &linted.faults,
            Self::Waiting | Self::Failed(_) => &[],
        }
    }

    /// How many keep the definition from being saved.
    pub fn blocking(&self) -> usize {
        self.faults().iter().filter(|fault| fault.blocking).count()
    }
}

fn line(fault: &DefinitionFault) -> AnyView {
    let class = if fault.blocking { "fault fault-blocking" } else { "fault" };
    view! {
        <li class=class>
            <Glyph icon=if fault.blocking { Icon::Warning } else { Icon::Info } />
            <span>{fault.text.clone()}</span>
        </li>
    }
    .into_any()
}

fn lines(locale: Locale, faults: &[&DefinitionFault], most: usize) -> AnyView {
    let rest = faults.len().saturating_sub(most);
    let rest = (rest > 0).then(|| {
        view! { <li class="fault muted">{td_string!(locale, definition.faults_more, count = rest)}</li> }
    });
    let shown = faults.iter().take(most).map(|fault| line(fault)).collect_view();
    view! { <ul class="faults">{shown} {rest}</ul> }.into_any()
}

/// The faults of one node, those first that keep the definition from being saved.
pub fn at_node(locale: Locale, check: &Check, node: &str) -> AnyView {
    let faults = check.faults().iter().filter(|fault| fault.node.as_deref() == Some(node)).collect::<Vec<_>>();
    if faults.is_empty() { ().into_any() } else { lines(locale, &faults, AT_NODE) }
}

/// What the linter says in sum, with the faults that belong to no node.
pub fn summary(locale: Locale, check: &Check, on_retry: Callback<()>) -> AnyView {
    let linted = match check {
        Check::Waiting => {
            return view! { <p class="muted small">{td_string!(locale, definition.checking)}</p> }.into_any();
        }
        Check::Failed(why) => {
            let why = why.clone();
            return view! {
                <Callout tone=Tone::Warn>{td_string!(locale, definition.check_failed, why)}</Callout>
                <Button look=Look::Secondary size=Size::Small icon=Icon::Retry on_press=on_retry>
                    {td_string!(locale, kit.retry)}
                </Button>
            }
            .into_any();
        }
        Check::Known(linted) => linted,
    };
    let (blocking, total) = (check.blocking(), linted.total);
    let verdict = match (blocking, total) {
        (_, 0) => view! { <Callout tone=Tone::Good>{td_string!(locale, definition.no_faults)}</Callout> }.into_any(),
        (0, _) => {
            view! { <Callout tone=Tone::Court>{td_string!(locale, definition.only_notes, count = total)}</Callout> }
                .into_any()
        }
        _ => view! { <Callout tone=Tone::Bad>{td_string!(locale, definition.blocking, count = blocking)}</Callout> }
            .into_any(),
    };
    let general = linted.faults.iter().filter(|fault| fault.node.is_none()).collect::<Vec<_>>();
    let general = (!general.is_empty()).then(|| lines(locale, &general, IN_SUMMARY));
    view! { {verdict} {general} }.into_any()
}
