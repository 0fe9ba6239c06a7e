//! How the working copy stands against what is in force, and what can be done with it.

use app::leave::api::Authority;
use app::leave::authority::Matrix;
use leptos::prelude::*;

use super::view::{Check, changes, summary};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Button, Callout, Card, Icon, Look, Size, Tone};

/// What can be done with the working copy; the page does it.
#[derive(Clone, Copy)]
pub struct SaveActions {
    /// Keeps it for everybody who edits; nothing comes into force.
    pub save: Callback<()>,
    /// Goes back to what was saved.
    pub discard: Callback<()>,
    /// Opens the sheet for publishing.
    pub publish: Callback<()>,
    /// Opens the sheet of templates.
    pub templates: Callback<()>,
}

/// How the working copy stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// What the server has.
    pub server: &'a Authority,
    /// What is being edited.
    pub matrix: &'a Matrix,
    /// What the linter says of it.
    pub check: &'a Check,
    /// Whether saving would replace what somebody else has saved meanwhile.
    pub overwrites: bool,
}

impl Standing<'_> {
    /// Whether there is something to save.
    pub fn is_changed(&self) -> bool {
        self.server.matrix != *self.matrix
    }

    /// Whether it is in force as it is.
    pub fn is_in_force(&self) -> bool {
        self.server.published.as_ref() == Some(self.matrix)
    }

    /// Whether it can be published now.
    pub fn can_publish(&self) -> bool {
        !self.is_in_force() && matches!(self.check, Check::Known(_)) && self.check.blocking() == 0
    }
}

/// The card beside the table.
pub fn save_card(words: Words, standing: &Standing<'_>, busy: Signal<bool>, actions: SaveActions) -> AnyView {
    let locale = words.locale;
    let (server, is_changed) = (standing.server, standing.is_changed());
    let version = server.current;
    let in_force = match server.published {
        Some(_) => td_string!(locale, authority.in_force, version),
        None => td_string!(locale, authority.in_force_other, version),
    };
    let state = if is_changed {
        td_string!(locale, authority.unsaved).to_owned()
    } else if standing.is_in_force() {
        td_string!(locale, authority.same_as_in_force).to_owned()
    } else {
        match (server.saved_by.clone(), server.saved_at) {
            (Some(name), Some(at)) => td_string!(locale, authority.saved_by, name, at = words.moment(at)),
            _ => td_string!(locale, authority.never_saved).to_owned(),
        }
    };
    let overwrites = (standing.overwrites && is_changed).then(|| {
        view! { <Callout tone=Tone::Warn>{td_string!(locale, authority.overwrites)}</Callout> }
    });
    let cannot_publish = !standing.can_publish();
    let checked = summary(locale, standing.check);
    view! {
        <Card title=td_string!(locale, authority.title) accent=true>
            <p class="small muted">{in_force}</p>
            <p>{state}</p>
            {overwrites}
            {checked}
            <Button size=Size::Wide busy=busy disabled=!is_changed on_press=actions.save>
                {td_string!(locale, authority.save)}
            </Button>
            <Button look=Look::Secondary size=Size::Wide busy=busy disabled=cannot_publish on_press=actions.publish>
                {td_string!(locale, authority.publish)}
            </Button>
            <div class="button-bar">
                <Button look=Look::Ghost size=Size::Small disabled=!is_changed on_press=actions.discard>
                    {td_string!(locale, authority.discard)}
                </Button>
                <Button look=Look::Ghost size=Size::Small icon=Icon::Pen on_press=actions.templates>
                    {td_string!(locale, authority.templates)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

/// The sheet in which publishing is confirmed: what it changes, and as which version.
pub fn publish_sheet(words: Words, standing: &Standing<'_>, busy: Signal<bool>, on_publish: Callback<()>) -> AnyView {
    let locale = words.locale;
    let version = standing.server.current + 1;
    let differences = standing.check.changes().map(|list| changes(locale, list));
    view! {
        <div class="stack">
            <p>{td_string!(locale, authority.publish_intro)}</p>
            <h3>{td_string!(locale, authority.changes)}</h3>
            {differences}
            <Button size=Size::Wide busy=busy on_press=on_publish>
                {td_string!(locale, authority.publish_as, version)}
            </Button>
        </div>
    }
    .into_any()
}
