//! Bars without a library, and the place of a QR code.

use leptos::prelude::*;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How long it is, in the unit of `max`; `None` where the figure is withheld.
    pub value: Option<u32>,
    /// The figure in words, or why it is withheld.
    pub text: String,
}

/// Bars below each other, each with its figure in words, so that nothing hangs on the drawing alone.
#[component]
pub fn BarChart(
    /// What the bars show, for screen readers.
    #[prop(into)]
    label: String,
    /// The bars in order.
    bars: Vec<Bar>,
    /// The value of a full bar.
    max: u32,
) -> impl IntoView {
    let rows = bars
        .into_iter()
        .map(|bar| {
            let percent = bar.value.unwrap_or(0).min(max).saturating_mul(100).checked_div(max).unwrap_or(0);
            view! {
                <li class="chart-row">
                    <span>{bar.label}</span>
                    <span class=if bar.value.is_some() { "chart-value" } else { "muted" }>{bar.text}</span>
                    <svg class="chart-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect width=percent.to_string() height="10"></rect>
                    </svg>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chart" aria-label=label>{rows}</ul> }.into_any()
}

/// The place of a QR code: always dark on white, as large as its place, with the typed code below.
#[component]
pub fn QrPlace(
    /// The code as SVG, drawn by our own encoder; markup, so never anybody's input.
    #[prop(into)]
    svg: Signal<String>,
    /// What the code is for, for screen readers.
    #[prop(into)]
    label: String,
    /// The code to type instead; none when empty.
    #[prop(optional, into)]
    typed: Signal<String>,
) -> impl IntoView {
    view! {
        <figure class="qr">
            <div class="qr-code" role="img" aria-label=label inner_html=move || svg.get()></div>
            {move || {
                let typed = typed.get();
                (!typed.is_empty()).then(|| view! { <figcaption class="qr-typed">{typed}</figcaption> })
            }}
        </figure>
    }
    .into_any()
}
