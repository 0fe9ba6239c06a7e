//! Cards and figures.

use leptos::prelude::*;

/// A surface for one subject.
#[component]
pub fn Card(
    /// The heading; none when empty.
    #[prop(optional, into)]
    title: String,
    /// What stands at the end of the heading.
    #[prop(optional, into)]
    end: Option<AnyView>,
    /// Marks the one card that matters most on the screen.
    #[prop(optional)]
    accent: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class=if accent { "card card-accent" } else { "card" }>
            {(!title.is_empty() || end.is_some())
                .then(|| {
                    view! {
                        <div class="card-head">
                            <h2>{title}</h2>
                            {end}
                        </div>
                    }
                })}
            {children()}
        </section>
    }
    .into_any()
}

/// A figure with its unit, and what it counts.
#[component]
pub fn Stat(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The figure, already in words.
    #[prop(into)]
    value: String,
    /// The unit.
    #[prop(optional, into)]
    unit: String,
    /// A remark below; none when empty.
    #[prop(optional, into)]
    note: String,
) -> impl IntoView {
    view! {
        <div class="stat">
            <span class="stat-label">{label}</span>
            <span class="figure">
                {value}
                {(!unit.is_empty()).then(|| view! { <small>{unit}</small> })}
            </span>
            {(!note.is_empty()).then(|| view! { <span class="stat-note">{note}</span> })}
        </div>
    }
    .into_any()
}
