//! Asking for leave in place of another (代提交), drawn from plain data.

use app::leave::api::{LeaveRequest, OnBehalfOfficer};
use leptos::prelude::*;

use super::words::{status_text, status_tone};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Button, Callout, Card, Cell, EmptyState, Icon, List, Look, Size, Tone};

/// For whom the form below asks, and how to choose somebody else.
pub fn whose(words: Words, officer: &OnBehalfOfficer, on_change: Callback<()>) -> AnyView {
    let locale = words.locale;
    let name = format!("{} · {}", officer.name, officer.department);
    let change = view! {
        <Button look=Look::Ghost size=Size::Small on_press=on_change>
            {td_string!(locale, on_behalf.change)}
        </Button>
    }
    .into_any();
    view! {
        <Card title=td_string!(locale, on_behalf.for_whom, name) end=change>
            <p class="muted small">{td_string!(locale, on_behalf.papers)}</p>
        </Card>
    }
    .into_any()
}

/// The way to choose whose leave it is.
pub fn choose(words: Words, search: AnyView) -> AnyView {
    view! {
        <Callout tone=Tone::Court>{td_string!(words.locale, on_behalf.intro)}</Callout>
        <Card>{search}</Card>
    }
    .into_any()
}

/// What the caller has submitted for others: for whom, when, and what has become of it.
pub fn submitted(words: Words, items: &[LeaveRequest]) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        let (title, detail) = (td_string!(locale, on_behalf.none), td_string!(locale, on_behalf.none_detail));
        return view! { <EmptyState icon=Icon::Leave title detail /> }.into_any();
    }
    let cell = |request: &LeaveRequest| {
        let badge = view! { <Badge tone=status_tone(request.status) text=status_text(locale, request) /> }.into_any();
        view! {
            <Cell
                title=format!("{} · {}", request.name, request.department)
                note=words.span(request.from, request.to)
                href=format!("/leave/{}?from=on-behalf", request.id)
                end=badge
            />
        }
    };
    let cells = items.iter().map(cell).collect_view();
    view! { <List title=td_string!(locale, on_behalf.mine)>{cells}</List> }.into_any()
}
