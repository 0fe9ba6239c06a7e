//! Saving the working copy: what has changed, what still keeps it from being saved, and the version of somebody else
//! that came in between.

use app::approval::api::DefinitionVersion;
use leptos::prelude::*;

use super::draft::Difference;
use super::faults::{self, Check};
use super::view::saved_text;
use super::words::version_text;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Card, Look, Size, Tone};

/// The state of a working copy, as far as saving is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The version after which it will be saved.
    pub based_on: i32,
    /// How it differs from that version.
    pub differences: Vec<Difference>,
    /// Whether there is a change to take back.
    pub can_undo: bool,
    /// Whether a node's form is open.
    pub is_open: bool,
    /// What the linter says.
    pub check: Check,
    /// The version that somebody has saved meanwhile.
    pub overtaken_by: Option<DefinitionVersion>,
}

impl Standing {
    /// Why it cannot be saved now; nothing where it can.
    pub fn obstacle(&self, locale: Locale) -> Option<String> {
        let text = match &self.check {
            _ if self.overtaken_by.is_some() => td_string!(locale, definition.obstacle_overtaken),
            _ if self.is_open => td_string!(locale, definition.obstacle_open),
            _ if self.differences.is_empty() => td_string!(locale, definition.obstacle_same),
            Check::Waiting => td_string!(locale, definition.obstacle_waiting),
            Check::Failed(_) => td_string!(locale, definition.obstacle_failed),
            known if known.blocking() > 0 => {
                return Some(td_string!(locale, definition.obstacle_faults, count = known.blocking()));
            }
            Check::Known(_) => return None,
        };
        Some(text.to_owned())
    }
}

/// What can be done with a working copy; the page does it.
#[derive(Clone, Copy)]
pub struct SaveActions {
    /// Saves it as the next version.
    pub save: Callback<()>,
    /// Takes the last change back.
    pub undo: Callback<()>,
    /// Asks whether to give it up.
    pub discard: Callback<()>,
    /// Asks the linter again.
    pub check: Callback<()>,
    /// Shows a version.
    pub look: Callback<i32>,
    /// Goes on after the version that came in between.
    pub rebase: Callback<()>,
}

/// A difference in words.
pub fn difference_text(locale: Locale, difference: &Difference) -> String {
    match difference {
        Difference::Renamed => td_string!(locale, definition.changed_name).to_owned(),
        Difference::Fields => td_string!(locale, definition.changed_fields).to_owned(),
        Difference::Reordered => td_string!(locale, definition.changed_order).to_owned(),
        Difference::Added(title) => td_string!(locale, definition.changed_added, title = title.clone()),
        Difference::Removed(title) => td_string!(locale, definition.changed_removed, title = title.clone()),
        Difference::Edited(title) => td_string!(locale, definition.changed_edited, title = title.clone()),
    }
}

/// The card with which a working copy is saved.
pub fn save_card(words: Words, standing: &Standing, busy: Signal<bool>, actions: SaveActions) -> AnyView {
    let locale = words.locale;
    let overtaken = standing.overtaken_by.as_ref().map(|version| overtaken(words, version, actions));
    let changes = standing.differences.iter();
    let changes = changes.map(|change| view! { <li>{difference_text(locale, change)}</li> }).collect_view();
    let since = version_text(locale, standing.based_on);
    let obstacle = standing.obstacle(locale);
    let is_off = obstacle.is_some();
    let summary = faults::summary(locale, &standing.check, actions.check);
    let (cannot_undo, nothing) = (!standing.can_undo || standing.is_open, standing.differences.is_empty());
    view! {
        <Card title=td_string!(locale, definition.working_copy) accent=true>
            {overtaken}
            {summary}
            {(!nothing)
                .then(|| {
                    view! {
                        <div>
                            <p class="small muted">{td_string!(locale, definition.changes_since, version = since)}</p>
                            <ul class="changes">{changes}</ul>
                        </div>
                    }
                })}
            <p class="small muted">{td_string!(locale, definition.running_keep)}</p>
            <Button size=Size::Wide busy=busy disabled=is_off on_press=actions.save>
                {td_string!(locale, definition.save)}
            </Button>
            {obstacle.map(|why| view! { <p class="field-hint" role="status">{why}</p> })}
            <div class="button-bar">
                <Button look=Look::Secondary disabled=cannot_undo on_press=actions.undo>
                    {td_string!(locale, definition.undo)}
                </Button>
                <Button look=Look::Danger on_press=actions.discard>
                    {td_string!(locale, definition.discard)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

fn overtaken(words: Words, version: &DefinitionVersion, actions: SaveActions) -> AnyView {
    let locale = words.locale;
    let number = version.version;
    let look = Callback::new(move |()| actions.look.run(number));
    let (name, by) = (version_text(locale, number), saved_text(words, version));
    view! {
        <Callout tone=Tone::Warn>{td_string!(locale, definition.overtaken, version = name, by)}</Callout>
        <div class="button-bar">
            <Button look=Look::Secondary on_press=look>
                {td_string!(locale, definition.overtaken_look)}
            </Button>
            <Button look=Look::Secondary on_press=actions.rebase>
                {td_string!(locale, definition.overtaken_rebase)}
            </Button>
        </div>
    }
    .into_any()
}
