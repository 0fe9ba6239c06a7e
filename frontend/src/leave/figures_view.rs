//! Leave in figures for a desk: the monthly summary as a table, a year's statistics as bars.

use std::collections::BTreeMap;

use app::leave::figures::{Statistics, Summary, UnitFigures};
use leptos::prelude::*;

use super::words::type_name;
use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Bar, BarChart, Card, EmptyState, Icon, Stat, Table};

/// The monthly summary, ready to be printed.
pub fn summary(words: Words, data: &Summary) -> AnyView {
    let locale = words.locale;
    let title =
        td_string!(locale, figures.summary_title, court = data.court_name.clone(), month = data.month.to_string());
    if data.lines.is_empty() && data.reports.is_empty() {
        return view! { <EmptyState icon=Icon::Leave title=td_string!(locale, figures.nothing) detail=title /> }
            .into_any();
    }
    let head = [
        td_string!(locale, figures.officer),
        td_string!(locale, figures.name),
        td_string!(locale, figures.department),
        td_string!(locale, figures.kind),
        td_string!(locale, figures.days),
        td_string!(locale, figures.requests),
        td_string!(locale, figures.late),
    ];
    let rows = data.lines.iter().map(|line| {
        vec![
            line.officer.clone(),
            line.name.clone(),
            line.department.clone(),
            type_name(locale, &line.leave_type),
            crate::format::days(line.half_days),
            line.requests.to_string(),
            if line.late == 0 { String::new() } else { line.late.to_string() },
        ]
    });
    let rows = rows.collect();
    let table_label = title.clone();
    view! {
        <h2>{title}</h2>
        <Table label=table_label head=head.map(str::to_owned).to_vec() rows=rows />
        {totals(words, data)}
        {reports(words, data)}
        <p class="no-print small muted">
            {td_string!(locale, figures.counted)} " " {td_string!(locale, figures.export_help)} " "
            {td_string!(locale, figures.print_hint)}
        </p>
    }
    .into_any()
}

/// What the lines come to, by type.
fn totals(words: Words, data: &Summary) -> AnyView {
    let locale = words.locale;
    let mut by_type: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for line in &data.lines {
        let sum = by_type.entry(&line.leave_type).or_default();
        *sum = (sum.0 + line.half_days, sum.1 + line.requests, sum.2 + line.late);
    }
    let head = [
        td_string!(locale, figures.kind),
        td_string!(locale, figures.days),
        td_string!(locale, figures.requests),
        td_string!(locale, figures.late),
    ];
    let row = |(kind, (half_days, requests, late)): (&&str, &(i64, i64, i64))| {
        vec![type_name(locale, kind), crate::format::days(*half_days), requests.to_string(), late.to_string()]
    };
    let rows = by_type.iter().map(row).collect();
    view! {
        <h2>{td_string!(locale, figures.types_total)}</h2>
        <Table label=td_string!(locale, figures.types_total) head=head.map(str::to_owned).to_vec() rows=rows />
    }
    .into_any()
}

/// Who reported to be out of town: a table of its own, since it is no leave.
fn reports(words: Words, data: &Summary) -> Option<AnyView> {
    let locale = words.locale;
    if data.reports.is_empty() {
        return None;
    }
    let head = [
        td_string!(locale, figures.officer),
        td_string!(locale, figures.name),
        td_string!(locale, figures.department),
        td_string!(locale, figures.days_out),
        td_string!(locale, figures.report_times),
    ];
    let rows = data.reports.iter().map(|line| {
        let (days, times) = (crate::format::days(line.half_days), line.reports.to_string());
        vec![line.officer.clone(), line.name.clone(), line.department.clone(), days, times]
    });
    let rows = rows.collect();
    let title = td_string!(locale, figures.reports);
    let view = view! {
        <h2>{title}</h2>
        <Table label=title head=head.map(str::to_owned).to_vec() rows=rows />
    };
    Some(view.into_any())
}

/// A year of leave as bars, each with its figure in words.
pub fn statistics(words: Words, data: &Statistics) -> AnyView {
    let locale = words.locale;
    let none = (data.half_days == 0).then(|| view! { <p class="muted">{td_string!(locale, figures.no_data)}</p> });
    let days = |half_days: i64| words.half_days(half_days);
    let by_type = data
        .by_type
        .iter()
        .map(|figure| bar(type_name(locale, &figure.leave_type), figure.half_days, days(figure.half_days)));
    let by_month = (1..).zip(&data.by_month).map(|(month, half_days): (u32, &i64)| {
        bar(td_string!(locale, figures.month_name, month), *half_days, days(*half_days))
    });
    let by_unit = data.by_unit.iter().map(|unit| {
        let text = td_string!(locale, figures.of_officers, days = days(unit.half_days), officers = unit.officers);
        bar(unit.name.clone(), unit.half_days, text)
    });
    let unused = data.by_unit.iter().map(|unit| bar(unit.name.clone(), unit.unused, unused_text(words, unit)));
    let late = data.by_unit.iter().map(|unit| {
        let text = td_string!(locale, figures.late_of, late = unit.late, returns = unit.returns);
        bar(unit.name.clone(), unit.late, text)
    });
    let total = data.by_unit.iter().map(|unit| unit.unused).sum();
    let returned: i64 = data.by_unit.iter().map(|unit| unit.returns).sum();
    let were_late: i64 = data.by_unit.iter().map(|unit| unit.late).sum();
    let unit = td_string!(locale, common.unit_days);
    let reports: i64 = data.by_unit.iter().map(|unit| unit.reports).sum();
    let reports = (reports > 0).then(|| {
        view! { <p class="small muted">{td_string!(locale, figures.reports_of_year, reports)}</p> }
    });
    view! {
        <div class="grid-3">
            <Stat label=td_string!(locale, figures.all_days) value=crate::format::days(data.half_days) unit=unit />
            <Stat label=td_string!(locale, figures.unused) value=crate::format::days(total) unit=unit />
            <Stat
                label=td_string!(locale, figures.late_returns)
                value=td_string!(locale, figures.late_of, late = were_late, returns = returned)
            />
        </div>
        {none}
        {reports}
        <div class="columns">
            <div class="stack">
                {chart(td_string!(locale, figures.by_month), by_month.collect())}
                {chart(td_string!(locale, figures.by_type), by_type.collect())}
            </div>
            <div class="stack">
                {chart(td_string!(locale, figures.by_unit), by_unit.collect())}
                {chart(td_string!(locale, figures.unused), unused.collect())}
                {chart(td_string!(locale, figures.late_returns), late.collect())}
            </div>
        </div>
        <p class="small muted">
            {td_string!(locale, figures.counted)} " " {td_string!(locale, figures.unused_help)} " "
            {td_string!(locale, figures.returns_help)}
        </p>
    }
    .into_any()
}

fn unused_text(words: Words, unit: &UnitFigures) -> String {
    let days = words.half_days(unit.unused);
    if unit.without_grant == 0 {
        return days;
    }
    let rest = td_string!(words.locale, figures.without_grant, count = unit.without_grant);
    format!("{days}{}{rest}", td_string!(words.locale, common.list_comma))
}

/// A figure below zero, such as leave that was taken in advance, has no length.
fn bar(label: String, value: i64, text: String) -> Bar {
    Bar { label, value: Some(u32::try_from(value).unwrap_or(0)), text }
}

/// Bars against the longest of them; nothing where there is none.
fn chart(title: &'static str, bars: Vec<Bar>) -> Option<AnyView> {
    let max = bars.iter().filter_map(|bar| bar.value).max()?.max(1);
    Some(
        view! {
            <Card title=title>
                <BarChart label=title bars=bars max=max />
            </Card>
        }
        .into_any(),
    )
}

/// A button that has the browser fetch a workbook: an ordinary form, since the answer is a file.
pub fn export_button(locale: Locale, action: String, text: &'static str) -> AnyView {
    let note = td_string!(locale, figures.export_note);
    view! {
        <form class="no-print" method="post" action=action>
            <button class="button button-secondary button-small" type="submit" title=note>
                {text}
            </button>
        </form>
    }
    .into_any()
}
