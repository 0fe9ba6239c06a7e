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
    let cell = |text: String| (!text.is_empty()).then(|| text.into_any());
    let rows = rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    framed(label, head, rows)
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
    framed(label, head, rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect())
}

/// The table of these cells. One without a part has no content at all, so that a phone leaves its line out.
fn framed(label: String, head: Vec<String>, rows: Vec<Vec<Option<AnyView>>>) -> AnyView {
    let body = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .zip(&head)
                .map(|(cell, name)| match cell {
                    Some(cell) => view! { <td data-label=name.clone()><div>{cell}</div></td> }.into_any(),
                    None => view! { <td data-label=name.clone()></td> }.into_any(),
                })
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
