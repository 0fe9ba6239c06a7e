//! The sheets of a row, a column and the templates.

use app::leave::api::MatrixTemplate;
use app::org::rules::PostClass;
use leptos::prelude::*;

use crate::approval::definition::controls::{checks, group};
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Card, Choice, Field, Input, Look, Size, Tone};
use crate::leave::words::type_name;

/// A row as it is chosen.
#[derive(Clone, Copy, Debug)]
pub struct RowForm {
    /// The classes; none for every other one.
    pub classes: RwSignal<Vec<PostClass>>,
}

/// A column as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct ColumnForm {
    /// Its name.
    pub title: RwSignal<String>,
    /// The types; none for every other one.
    pub leave_types: RwSignal<Vec<String>>,
}

/// The form of a row.
pub fn row_form(locale: Locale, form: RowForm, on_done: Callback<()>, on_remove: Callback<()>) -> AnyView {
    let choices = PostClass::ALL.iter().map(|class| Choice::new(class.as_str(), class.text())).collect();
    let is_chosen = |name: &str| form.classes.with_untracked(|all| all.iter().any(|class| class.as_str() == name));
    let toggle = Callback::new(move |(name, on): (String, bool)| {
        let Some(class) = PostClass::parse(&name) else { return };
        form.classes.update(|all| {
            all.retain(|other| *other != class);
            if on {
                all.push(class);
                all.sort_unstable();
            }
        });
    });
    let title = td_string!(locale, authority.classes);
    let boxes = group(title, td_string!(locale, authority.classes_hint), checks(title, choices, is_chosen, toggle));
    let remove = td_string!(locale, authority.remove_row);
    view! { <div class="stack">{boxes} {ends(locale, on_done, remove, on_remove)}</div> }.into_any()
}

/// The form of a column; `leave_types` can be named.
pub fn column_form(
    locale: Locale,
    form: ColumnForm,
    leave_types: &[String],
    on_done: Callback<()>,
    on_remove: Callback<()>,
) -> AnyView {
    let choices = leave_types.iter().map(|name| Choice::new(name, type_name(locale, name))).collect();
    let is_chosen = |name: &str| form.leave_types.with_untracked(|all| all.iter().any(|known| known == name));
    let toggle = Callback::new(move |(name, on): (String, bool)| {
        form.leave_types.update(|all| {
            all.retain(|other| *other != name);
            if on {
                all.push(name);
            }
        });
    });
    let title = td_string!(locale, authority.types);
    let boxes = group(title, td_string!(locale, authority.types_hint), checks(title, choices, is_chosen, toggle));
    let remove = td_string!(locale, authority.remove_column);
    view! {
        <div class="stack">
            <Field label=td_string!(locale, authority.column_title) control="column-title">
                <Input id="column-title" value=form.title />
            </Field>
            {boxes}
            {ends(locale, on_done, remove, on_remove)}
        </div>
    }
    .into_any()
}

fn ends(locale: Locale, on_done: Callback<()>, remove: &'static str, on_remove: Callback<()>) -> AnyView {
    view! {
        <Button size=Size::Wide on_press=on_done>
            {td_string!(locale, authority.done)}
        </Button>
        <Button look=Look::Danger size=Size::Wide on_press=on_remove>
            {remove}
        </Button>
    }
    .into_any()
}

/// The rule books to begin with, each with its source.
pub fn template_list(locale: Locale, items: &[MatrixTemplate], on_use: Callback<String>) -> AnyView {
    let cards = items.iter().map(|item| {
        let badge = match item.faults {
            0 => view! { <Badge tone=Tone::Good text=td_string!(locale, authority.template_sound) /> },
            count => view! { <Badge tone=Tone::Warn text=td_string!(locale, authority.template_faults, count) /> },
        };
        let (name, title, source) = (item.name.clone(), item.title.clone(), item.source.clone());
        let use_it = td_string!(locale, authority.use_template, title = title.clone());
        let choose = Callback::new(move |()| on_use.run(name.clone()));
        view! {
            <Card title=title>
                <div class="row">{badge}</div>
                <p class="small muted">{source}</p>
                <Button look=Look::Secondary size=Size::Wide on_press=choose>
                    {use_it}
                </Button>
            </Card>
        }
    });
    let cards = cards.collect_view();
    view! {
        <div class="stack">
            <p class="muted">{td_string!(locale, authority.templates_intro)}</p>
            {cards}
        </div>
    }
    .into_any()
}
