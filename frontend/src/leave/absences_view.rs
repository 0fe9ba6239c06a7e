//! 未归名单 and the limits of the law, for 政治部, and what courts say about stand-ins; drawn from plain data.

use app::leave::api::{Absent, StandInRule};
use app::leave::rules::absence::{CategoryLimit, Limit, Limits, Running};
use app::leave::types::Basis;
use app::org::rules::Category;
use leptos::prelude::*;
use uuid::Uuid;

use super::absence_view::known_text;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Card, Choice, EmptyState, Icon, Input, Kind, RichTable, Segments, Switch, Tone};

fn days(locale: Locale, running: Running) -> String {
    td_string!(locale, absence.days, natural = running.natural_days, work = running.workdays)
}

fn basis(locale: Locale, basis: Basis) -> &'static str {
    match basis {
        Basis::NaturalDays => td_string!(locale, absence.natural_days),
        Basis::Workdays => td_string!(locale, absence.workdays),
    }
}

fn limit_text(locale: Locale, limit: Option<Limit>) -> String {
    limit.map_or_else(
        || td_string!(locale, absence.limit_none).to_owned(),
        |limit| {
            let basis = basis(locale, limit.basis);
            td_string!(locale, absence.limit, row = limit.in_a_row, year = limit.in_a_year, basis)
        },
    )
}

/// Who is on record as not back, with the days against the limit of the law.
pub fn absences(words: Words, items: &[Absent]) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, absence.list_none)
                detail=td_string!(locale, absence.list_none_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, after.unreported_name),
        td_string!(locale, after.unreported_department),
        td_string!(locale, after.unreported_number),
        td_string!(locale, absence.list_since),
        td_string!(locale, absence.list_by),
        td_string!(locale, absence.list_running),
        td_string!(locale, absence.list_year),
        td_string!(locale, absence.list_limit),
    ];
    let row = |item: &Absent| {
        let href = format!("/leave/{}", item.id);
        let known = item.known_by.map_or("", |known| known_text(locale, known));
        let answered = item.is_answered.then(|| {
            view! { <Badge tone=Tone::Court text=td_string!(locale, absence.answered) /> }
        });
        let passed = item.is_passed.then(|| view! { <Badge tone=Tone::Bad text=td_string!(locale, absence.passed) /> });
        vec![
            format!("{} {}", item.name, item.officer).into_any(),
            item.department.clone().into_any(),
            view! { <a href=href>{item.number.clone()}</a> }.into_any(),
            words.day(item.since).into_any(),
            view! { {item.recorded_by.clone()} " · " {known} " " {answered} }.into_any(),
            days(locale, item.running).into_any(),
            days(locale, item.in_year).into_any(),
            view! { {limit_text(locale, item.limit)} " " {passed} }.into_any(),
        ]
    };
    let rows = items.iter().map(row).collect();
    view! {
        <p class="small muted">{td_string!(locale, absence.list_intro)}</p>
        <RichTable label=td_string!(locale, absence.list) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

/// The limit of a category while it is edited; an empty one has none.
#[derive(Clone, Copy, Debug)]
struct Line {
    category: Category,
    in_a_row: RwSignal<String>,
    in_a_year: RwSignal<String>,
    basis: RwSignal<String>,
}

impl Line {
    fn of(item: &CategoryLimit) -> Self {
        let number = |of: fn(Limit) -> i64| item.limit.map(|limit| of(limit).to_string()).unwrap_or_default();
        let basis = item.limit.map_or(Basis::NaturalDays, |limit| limit.basis);
        Self {
            category: item.category,
            in_a_row: RwSignal::new(number(|limit| limit.in_a_row)),
            in_a_year: RwSignal::new(number(|limit| limit.in_a_year)),
            basis: RwSignal::new(basis_name(basis).to_owned()),
        }
    }

    fn limit(self) -> Option<CategoryLimit> {
        let text = |field: RwSignal<String>| field.with(|text| text.trim().to_owned());
        let (row, year) = (text(self.in_a_row), text(self.in_a_year));
        if row.is_empty() && year.is_empty() {
            return Some(CategoryLimit { category: self.category, limit: None });
        }
        let is_work = self.basis.with(|basis| basis == basis_name(Basis::Workdays));
        let basis = if is_work { Basis::Workdays } else { Basis::NaturalDays };
        let limit = Limit { in_a_row: row.parse().ok()?, in_a_year: year.parse().ok()?, basis };
        Some(CategoryLimit { category: self.category, limit: Some(limit) })
    }
}

/// The limits while they are edited, a line for each category.
#[derive(Clone, Debug)]
pub struct LimitsForm(Vec<Line>);

impl LimitsForm {
    /// The form of these limits.
    pub fn of(limits: &Limits) -> Self {
        Self(limits.items.iter().map(Line::of).collect())
    }

    /// The limits, once every line is filled in or empty.
    pub fn limits(&self) -> Option<Limits> {
        let items = self.0.iter().map(|line| line.limit()).collect::<Option<Vec<_>>>()?;
        Some(Limits { items }).filter(Limits::are_sound)
    }
}

fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::NaturalDays => "natural_days",
        Basis::Workdays => "workdays",
    }
}

/// The card of the limits, with their source.
pub fn limits_card(locale: Locale, form: &LimitsForm, busy: Signal<bool>, on_save: Callback<()>) -> AnyView {
    let head = [
        td_string!(locale, conflict.category),
        td_string!(locale, absence.limits_row),
        td_string!(locale, absence.limits_year),
        "",
    ];
    let rows = form.0.iter().enumerate().map(|(at, line)| {
        let choices = [Basis::NaturalDays, Basis::Workdays].map(|one| Choice::new(basis_name(one), basis(locale, one)));
        let label = td_string!(locale, absence.limits);
        vec![
            line.category.text().into_any(),
            view! { <Input id=format!("limit-row-{at}") kind=Kind::Number value=line.in_a_row /> }.into_any(),
            view! { <Input id=format!("limit-year-{at}") kind=Kind::Number value=line.in_a_year /> }.into_any(),
            view! { <Segments label=label choices=choices.to_vec() value=line.basis /> }.into_any(),
        ]
    });
    let rows = rows.collect();
    view! {
        <Card title=td_string!(locale, absence.limits)>
            <p class="small muted">{td_string!(locale, absence.limits_help)}</p>
            <RichTable label=td_string!(locale, absence.limits) head=head.map(str::to_owned).to_vec() rows />
            <div>
                <Button busy=busy on_press=on_save>
                    {td_string!(locale, absence.save)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

/// What the courts say about those who stand in, with a switch for each.
pub fn stand_in_rules(locale: Locale, items: &[StandInRule], on_change: Callback<(Uuid, i64, bool)>) -> AnyView {
    let lines = items.iter().map(|item| {
        let (court, version) = (item.court, item.version);
        let on = Signal::stored(item.accept_first);
        view! {
            <div class="row row-apart">
                <span>{item.court_name.clone()}</span>
                <Switch label=item.court_name.clone() on=on on_change=move |on| on_change.run((court, version, on)) />
            </div>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Card title=td_string!(locale, absence.rules)>
            <p class="small muted">{td_string!(locale, absence.rules_intro)}</p>
            {lines}
        </Card>
    }
    .into_any()
}
