//! Tables for desks; on a phone each row becomes a small card.

use leptos::prelude::*;

/// A table of texts.
#[component]
pub fn Table(
    /// What the table shows, for screen readers.
    #[prop(into)]
    label: String,
    /// The names of the columns.
    head: Vec<String>,
    /// The rows, each with a text for every column.
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| row.into_iter().map(IntoAny::into_any).collect()).collect();
    view! { <RichTable label head rows /> }.into_any()
}

/// A table whose cells are parts, such as badges and buttons.
#[component]
pub fn RichTable(
    /// What the table shows, for screen readers.
    #[prop(into)]
    label: String,
    /// The names of the columns.
    head: Vec<String>,
    /// The rows, each with a part for every column.
    rows: Vec<Vec<AnyView>>,
) -> impl IntoView {
    let body = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .zip(&head)
                .map(|(cell, name)| view! { <td data-label=name.clone()><div>{cell}</div></td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let names = head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label=label tabindex="0">
            <table class="table">
                <thead>
                    <tr>{names}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}
