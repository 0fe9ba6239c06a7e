//! Forms, the nodes of a definition as a list to read, and its versions; drawn from plain data.

use app::approval::api::{DefinitionItem, DefinitionVersion};
use app::approval::definition::{Definition, Node, NodeKind};
use leptos::prelude::*;

use super::words::{Wording, deadline_text, mode_words, version_text};
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Cell, EmptyState, Facts, Icon, List, Look, Size, Tone};

/// The forms with their current definitions, each a way to its own page.
pub fn forms(words: Words, items: &[DefinitionItem]) -> AnyView {
    let locale = words.locale;
    let cells = items.iter().map(|item| {
        let note = saved_text(words, &item.version);
        let badge = view! { <Badge tone=Tone::Court text=version_text(locale, item.version.version) /> }.into_any();
        let href = format!("/definitions/{}", item.form);
        view! { <Cell title=item.version.name.clone() note icon=Icon::Pen href end=badge /> }
    });
    let cells = cells.collect_view();
    view! { <List title=td_string!(locale, definition.forms)>{cells}</List> }.into_any()
}

/// Who saved a version, and when; that it came with the program where nobody did.
pub fn saved_text(words: Words, version: &DefinitionVersion) -> String {
    let at = version.made_at.map(|at| words.moment(at));
    match (at, version.made_by.clone()) {
        (Some(at), Some(name)) => td_string!(words.locale, definition.saved_by, name, at),
        (Some(at), None) => at,
        (None, _) => td_string!(words.locale, definition.with_program).to_owned(),
    }
}

/// What can be done with the nodes of a working copy; the page does it. A node is named by its place.
#[derive(Clone, Copy)]
pub struct NodeActions {
    /// Opens its form.
    pub edit: Callback<usize>,
    /// Takes it away; that can be undone.
    pub remove: Callback<usize>,
    /// Moves it, up or else down.
    pub shift: Callback<(usize, bool)>,
    /// Adds one at the end and opens its form.
    pub add: Callback<()>,
}

/// What belongs to the nodes of a working copy, and to no version that is only read.
pub struct Working<'a> {
    /// What can be done with them.
    pub actions: NodeActions,
    /// The form of the node that is being edited, with the node's place; past the last one for a new node. While it is
    /// open the list keeps its order.
    pub form: Option<(usize, AnyView)>,
    /// What is wrong with a node.
    pub faults: &'a dyn Fn(&Node) -> AnyView,
}

/// The nodes in the order in which they decide: to read, or as a working copy.
pub fn nodes(wording: Wording<'_>, working: Option<Working<'_>>) -> AnyView {
    let (locale, nodes) = (wording.locale, &wording.definition.nodes);
    let last = nodes.len().saturating_sub(1);
    let actions = working.as_ref().filter(|working| working.form.is_none()).map(|working| working.actions);
    let faults = working.as_ref().map(|working| working.faults);
    let mut form = working.and_then(|working| working.form);
    let items = nodes.iter().enumerate().map(|(index, node)| {
        let content = match form.take_if(|(place, _)| *place == index) {
            Some((_, form)) => form,
            None => {
                let faults = faults.map(|faults| faults(node));
                let tools = actions.map(|actions| tools(locale, index, last, actions));
                view! { {node_facts(wording, node)} {faults} {tools} }.into_any()
            }
        };
        node_item(index, content)
    });
    let items = items.collect_view();
    let new = form.map(|(_, form)| node_item(nodes.len(), form));
    let none = (nodes.is_empty() && new.is_none()).then(|| {
        view! { <EmptyState icon=Icon::Empty title=td_string!(locale, definition.no_nodes) /> }
    });
    let add = actions.map(|actions| {
        view! {
            <Button look=Look::Secondary icon=Icon::Plus on_press=actions.add>
                {td_string!(locale, definition.add_node)}
            </Button>
        }
    });
    view! {
        <section class="stack">
            {none} <ol class="node-list">{items} {new}</ol> {add}
        </section>
    }
    .into_any()
}

fn node_item(index: usize, content: AnyView) -> AnyView {
    view! {
        <li class="node">
            <span class="step-mark" aria-hidden="true">
                {index + 1}
            </span>
            <div class="node-body">{content}</div>
        </li>
    }
    .into_any()
}

fn node_facts(wording: Wording<'_>, node: &Node) -> AnyView {
    let locale = wording.locale;
    let people = wording.people(&node.kind);
    let (who, mode, is_copy) = match &node.kind {
        NodeKind::Decide { mode, .. } => (td_string!(locale, definition.approvers), mode_words(locale, *mode), false),
        NodeKind::Copy { .. } => (td_string!(locale, definition.copy_to), String::new(), true),
    };
    let facts = vec![
        (who, people),
        (td_string!(locale, definition.mode), mode),
        (td_string!(locale, definition.condition), wording.condition(&node.when)),
        (
            td_string!(locale, definition.deadline),
            node.deadline.map(|deadline| deadline_text(locale, deadline)).unwrap_or_default(),
        ),
    ];
    let title = if node.title.trim().is_empty() { node.key.clone() } else { node.title.clone() };
    view! {
        <div class="row row-apart">
            <h3>{title}</h3>
            {is_copy.then(|| view! { <Badge text=td_string!(locale, definition.copies) /> })}
        </div>
        <Facts facts />
    }
    .into_any()
}

fn tools(locale: Locale, index: usize, last: usize, actions: NodeActions) -> AnyView {
    let tool = |text: &'static str, disabled: bool, press: Callback<()>| {
        view! {
            <Button look=Look::Ghost size=Size::Small disabled=disabled on_press=press>
                {text}
            </Button>
        }
    };
    let shift = move |up| Callback::new(move |()| actions.shift.run((index, up)));
    view! {
        <div class="node-tools">
            {tool(td_string!(locale, definition.edit_node), false, Callback::new(move |()| actions.edit.run(index)))}
            {tool(td_string!(locale, definition.move_up), index == 0, shift(true))}
            {tool(td_string!(locale, definition.move_down), index == last, shift(false))}
            {tool(td_string!(locale, definition.remove), false, Callback::new(move |()| actions.remove.run(index)))}
        </div>
    }
    .into_any()
}

/// The versions of a definition, the newest first. `shown` is the one on the page, `current` that for new requests.
pub fn versions(
    words: Words,
    items: &[DefinitionVersion],
    shown: Option<i32>,
    current: i32,
    on_look: Callback<i32>,
) -> AnyView {
    let locale = words.locale;
    let rows = items.iter().map(|item| {
        let version = item.version;
        let look = Callback::new(move |()| on_look.run(version));
        let end = if shown == Some(version) {
            view! { <Badge tone=Tone::Gold text=td_string!(locale, definition.shown) /> }.into_any()
        } else {
            view! {
                <Button look=Look::Ghost size=Size::Small on_press=look>
                    {td_string!(locale, definition.look)}
                </Button>
            }
            .into_any()
        };
        let mut title = version_text(locale, version);
        if version == current {
            title.push_str(td_string!(locale, definition.in_force));
        }
        view! { <Cell title note=saved_text(words, item) end /> }
    });
    let rows = rows.collect_view();
    view! { <List title=td_string!(locale, definition.versions)>{rows}</List> }.into_any()
}

/// The name of the definition that is shown, which its page is headed with.
pub fn heading(locale: Locale, definition: Option<&Definition>) -> String {
    let name = definition.map(|definition| definition.name.clone()).filter(|name| !name.trim().is_empty());
    name.unwrap_or_else(|| td_string!(locale, definition.title).to_owned())
}
