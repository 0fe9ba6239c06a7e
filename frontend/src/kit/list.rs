//! Lists of cells, and pairs of a name and a fact.

use leptos::prelude::*;

use super::button::{Button, Look};
use super::icon::{Glyph, Icon};
use crate::i18n::{Locale, td_string};

/// A group of cells with an optional heading.
#[component]
pub fn List(
    /// The heading; none when empty.
    #[prop(optional, into)]
    title: String,
    /// What stands at the end of the heading.
    #[prop(optional, into)]
    end: Option<AnyView>,
    /// The cells, each an `li`.
    children: Children,
) -> impl IntoView {
    view! {
        <section>
            {(!title.is_empty() || end.is_some())
                .then(|| {
                    view! {
                        <div class="list-head">
                            <h2>{title}</h2>
                            {end}
                        </div>
                    }
                })}
            <ul class="list">{children()}</ul>
        </section>
    }
    .into_any()
}

/// One line of a list; a link when `href` is given.
#[component]
pub fn Cell(
    /// The first line.
    #[prop(into)]
    title: String,
    /// The second line; none when empty.
    #[prop(optional, into)]
    note: String,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// What stands at the end: a badge, a figure, a switch.
    #[prop(optional, into)]
    end: Option<AnyView>,
) -> impl IntoView {
    let leads = href.is_some();
    let inside = view! {
        {icon
            .map(|icon| {
                view! {
                    <span class="cell-icon">
                        <Glyph icon />
                    </span>
                }
            })}
        <span class="cell-body">
            <span class="cell-title">{title}</span>
            {(!note.is_empty()).then(|| view! { <span class="cell-note">{note}</span> })}
        </span>
        <span class="cell-end">
            {end}
            {leads
                .then(|| {
                    view! {
                        <span class="cell-chevron">
                            <Glyph icon=Icon::Forward />
                        </span>
                    }
                })}
        </span>
    }
    .into_any();
    match href {
        Some(href) => view! { <li><a class="cell" href=href>{inside}</a></li> }.into_any(),
        None => view! { <li><div class="cell">{inside}</div></li> }.into_any(),
    }
}

/// One line of a list that acts when it is pressed.
#[component]
pub fn CellButton(
    /// The first line.
    #[prop(into)]
    title: String,
    /// The second line; none when empty.
    #[prop(optional, into)]
    note: String,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <li>
            <button class="cell" type="button" on:click=move |_| on_press.run(())>
                {icon
                    .map(|icon| {
                        view! {
                            <span class="cell-icon">
                                <Glyph icon />
                            </span>
                        }
                    })}
                <span class="cell-body">
                    <span class="cell-title">{title}</span>
                    {(!note.is_empty()).then(|| view! { <span class="cell-note">{note}</span> })}
                </span>
            </button>
        </li>
    }
    .into_any()
}

/// Turns the pages of a long list. Draws nothing where all of it is on one page.
#[component]
pub fn Pager(
    /// The language.
    locale: Locale,
    /// Whether the first page is shown.
    is_first: bool,
    /// The cursor of the next page; none on the last one.
    next: Option<String>,
    /// What a press does: with the cursor of the next page, or with none for the page before.
    on_turn: Callback<Option<String>>,
) -> impl IntoView {
    let is_last = next.is_none();
    (!is_first || !is_last).then(|| {
        view! {
            <nav class="pager" aria-label=td_string!(locale, kit.pages)>
                <Button look=Look::Ghost disabled=is_first on_press=Callback::new(move |()| on_turn.run(None))>
                    {td_string!(locale, kit.page_before)}
                </Button>
                <Button look=Look::Ghost disabled=is_last on_press=Callback::new(move |()| on_turn.run(next.clone()))>
                    {td_string!(locale, kit.page_next)}
                </Button>
            </nav>
        }
        .into_any()
    })
}

/// Names and facts in two columns.
#[component]
pub fn Facts(
    /// The pairs, in order; a pair with an empty fact is left out.
    facts: Vec<(&'static str, String)>,
) -> impl IntoView {
    let rows = facts
        .into_iter()
        .filter(|(_, fact)| !fact.is_empty())
        .map(|(name, fact)| view! { <dt>{name}</dt> <dd>{fact}</dd> })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }.into_any()
}
