//! The head of the approvals page, and the lists beside the inbox.

use app::approval::api::RequestItem;
use app::day::Day;
use leptos::prelude::*;

use super::filter::{ApprovalTab, Filter};
use super::view::{kind_and_amount, request_address};
use super::words::{outcome_text, outcome_tone};
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Cell, EmptyState, Field, Icon, Input, Kind, List, Look, Size, Tone};

fn tab_text(locale: Locale, tab: ApprovalTab) -> &'static str {
    match tab {
        ApprovalTab::Waiting => td_string!(locale, approval.tab_waiting),
        ApprovalTab::Mine => td_string!(locale, approval.tab_mine),
        ApprovalTab::Decided => td_string!(locale, approval.tab_decided),
        ApprovalTab::Copied => td_string!(locale, approval.tab_copied),
    }
}

/// The four tabs: links, so that each of them is a place to go back to. The search goes along.
pub fn tabs(words: Words, filter: Signal<Filter>) -> AnyView {
    let locale = words.locale;
    let tabs = ApprovalTab::ALL
        .into_iter()
        .map(|tab| {
            let href = move || filter.with(|filter| filter.in_tab(tab).address());
            let current = move || filter.with(|filter| (filter.tab == tab).then_some("page"));
            view! {
                <a class="segment" href=href aria-current=current>
                    {tab_text(locale, tab)}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="segments segments-wide approval-tabs" aria-label=td_string!(locale, approval.tabs)>
            {tabs}
        </nav>
    }
    .into_any()
}

/// What is typed into the search of the page.
#[derive(Clone, Copy, Debug)]
pub struct SearchForm {
    /// Words.
    pub q: RwSignal<String>,
    /// The first day, as `YYYY-MM-DD`; any when empty.
    pub from: RwSignal<String>,
    /// The last day.
    pub to: RwSignal<String>,
}

impl SearchForm {
    /// The form that shows a filter.
    pub fn of(filter: &Filter) -> Self {
        let form = Self {
            q: RwSignal::new(String::new()),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
        };
        form.show(filter);
        form
    }

    /// Shows a filter. Space that was just typed behind a word stays, and so does a field that says the same already.
    pub fn show(self, filter: &Filter) {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let fields = [(self.q, filter.q.clone()), (self.from, day(filter.from)), (self.to, day(filter.to))];
        for (field, text) in fields {
            if field.with_untracked(|typed| typed.trim() != text) {
                field.set(text);
            }
        }
    }

    /// What is typed, as a filter of the list `tab`.
    pub fn filter(self, tab: ApprovalTab) -> Filter {
        Filter {
            tab,
            q: self.q.with(|words| words.trim().to_owned()),
            from: self.from.with(|day| day.parse().ok()),
            to: self.to.with(|day| day.parse().ok()),
        }
    }
}

/// The search: a field, and the days behind a fold that is open while they narrow the list.
pub fn search(words: Words, form: SearchForm) -> AnyView {
    let locale = words.locale;
    let dated = form.from.with_untracked(|day| !day.is_empty()) || form.to.with_untracked(|day| !day.is_empty());
    let label = td_string!(locale, approval.search);
    view! {
        <div class="stack stack-tight" role="search" aria-label=label>
            <label class="sr-only" for="approval-search">
                {label}
            </label>
            <Input id="approval-search" kind=Kind::Search value=form.q placeholder=label />
            <details class="approval-dates" open=dated>
                <summary>{td_string!(locale, approval.dates)}</summary>
                <div class="grid-2">
                    <Field label=td_string!(locale, approval.date_from) control="approval-from">
                        <Input id="approval-from" kind=Kind::Date value=form.from />
                    </Field>
                    <Field label=td_string!(locale, approval.date_to) control="approval-to">
                        <Input id="approval-to" kind=Kind::Date value=form.to />
                    </Field>
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// Requests of one of the lists beside the inbox, page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestList {
    /// Which list.
    pub tab: ApprovalTab,
    /// The requests, newest first.
    pub items: Vec<RequestItem>,
    /// Whether there are older ones.
    pub more: bool,
    /// Whether a search leaves any out.
    pub narrowed: bool,
}

/// One of the lists beside the inbox.
pub fn requests(words: Words, data: &RequestList, on_more: Callback<()>) -> AnyView {
    if data.items.is_empty() {
        return nothing_here(words, data.tab, data.narrowed);
    }
    let cells = data.items.iter().map(|item| request_item(words, item)).collect_view();
    view! {
        <List>{cells}</List>
        {data.more.then(|| more_button(words, on_more))}
    }
    .into_any()
}

fn request_item(words: Words, item: &RequestItem) -> AnyView {
    let locale = words.locale;
    let subject = &item.subject;
    let kind = kind_and_amount(words, subject);
    let (tone, state) = if item.cancelled {
        (Tone::Plain, td_string!(locale, leave.status_cancelled).to_owned())
    } else {
        (outcome_tone(item.outcome), outcome_text(locale, item.outcome, item.decided, item.nodes))
    };
    let badge = view! { <Badge tone text=state /> }.into_any();
    view! {
        <Cell
            title=format!("{} · {kind}", subject.name)
            note=format!("{} · {}", words.span(subject.from, subject.to), subject.number)
            href=request_address(subject.subject_id)
            end=badge
        />
    }
    .into_any()
}

/// What stands in a list without requests.
pub fn nothing_here(words: Words, tab: ApprovalTab, narrowed: bool) -> AnyView {
    let locale = words.locale;
    if narrowed {
        return view! {
            <EmptyState
                icon=Icon::Search
                title=td_string!(locale, approval.nothing_found)
                detail=td_string!(locale, approval.nothing_found_detail)
            />
        }
        .into_any();
    }
    let (icon, title, detail) = match tab {
        ApprovalTab::Waiting => {
            (Icon::Check, td_string!(locale, approval.nothing), td_string!(locale, approval.nothing_detail))
        }
        ApprovalTab::Mine => (Icon::Pen, td_string!(locale, approval.nothing_mine), ""),
        ApprovalTab::Decided => (Icon::Check, td_string!(locale, approval.nothing_decided), ""),
        ApprovalTab::Copied => (Icon::Empty, td_string!(locale, approval.nothing_copied), ""),
    };
    view! { <EmptyState icon title detail /> }.into_any()
}

/// 加载更多.
pub fn more_button(words: Words, on_more: Callback<()>) -> AnyView {
    view! {
        <Button look=Look::Ghost size=Size::Wide on_press=on_more>
            {td_string!(words.locale, common.more)}
        </Button>
    }
    .into_any()
}
