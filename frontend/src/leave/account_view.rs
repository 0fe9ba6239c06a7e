//! What explains a balance: how much there is on a day, and the ledger of a year line by line.

use app::day::Day;
use app::leave::api::{Balance, FORESEEN_YEARS, LeaveType, Statement, StatementLine};
use app::leave::ledger::Kind;
use leptos::prelude::*;

use super::words::type_name;
use crate::format::{Words, days};
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, ButtonLink, Callout, Card, Cell, EmptyState, Field, Icon, Input, Kind as InputKind, List, Look, Size, Stat,
    Tone,
};

/// The address of the own account of a type. The names of types are letters and digits.
pub fn account_href(leave_type: &str) -> String {
    format!("/leave/account?type={leave_type}")
}

/// The day that is asked about: today or one to come, as far as balances can be foreseen.
///
/// # Errors
///
/// What is wrong with what is typed, in words.
pub fn asked_day(words: Words, typed: &str) -> Result<Day, String> {
    let locale = words.locale;
    let day: Day = typed.parse().map_err(|_| td_string!(locale, ledger.on_bad).to_owned())?;
    let last = words.today.year() + FORESEEN_YEARS;
    if day < words.today {
        return Err(td_string!(locale, ledger.on_past).to_owned());
    }
    if day.year() > last {
        return Err(td_string!(locale, ledger.on_far, year = last));
    }
    Ok(day)
}

/// The field for the day that is asked about.
pub fn day_field(words: Words, typed: RwSignal<String>) -> AnyView {
    let locale = words.locale;
    let error = Signal::derive(move || typed.with(|typed| asked_day(words, typed).err().unwrap_or_default()));
    view! {
        <Card>
            <Field
                label=td_string!(locale, ledger.on)
                control="account-on"
                hint=td_string!(locale, ledger.on_hint)
                error=error
            >
                <Input id="account-on" kind=InputKind::Date value=typed min=words.today.to_string() />
            </Field>
        </Card>
    }
    .into_any()
}

/// How much of a type there is on a day, in figures and in words.
pub fn figures(words: Words, kind: &LeaveType, balance: &Balance, on: Day) -> AnyView {
    let locale = words.locale;
    let tile = |label: String, of: i64| {
        let (value, unit) = match kind.minutes_a_day {
            Some(_) => (of.to_string(), td_string!(locale, common.unit_minutes)),
            None => (days(of), td_string!(locale, common.unit_days)),
        };
        view! { <Stat label value unit /> }
    };
    let available = balance.available.map(|left| tile(td_string!(locale, ledger.available).to_owned(), left));
    let grid = if available.is_some() { "grid-3" } else { "grid-2" };
    let said = match balance.available {
        None => td_string!(locale, ledger.no_balance, name = type_name(locale, &kind.name)),
        Some(left) if on == words.today => td_string!(locale, ledger.now, amount = words.half_days(left)),
        Some(left) => td_string!(locale, ledger.forecast, day = words.day(on), amount = words.half_days(left)),
    };
    let expiring = balance.expiring.map(|part| {
        let (amount, day) = (words.half_days(part.half_days), words.day(part.on));
        view! { <Callout tone=Tone::Gold>{td_string!(locale, ledger.expiring, amount, day)}</Callout> }
    });
    let lost = balance.lost.as_ref().map(|lost| {
        let rest = (lost.half_days > 0)
            .then(|| td_string!(locale, ledger.lost_rest, amount = words.half_days(lost.half_days)));
        let text = format!("{}{}", lost.text, rest.unwrap_or_default());
        view! { <Callout tone=Tone::Warn>{text}</Callout> }
    });
    let goes_over = balance.goes_over.map(|part| {
        let (amount, day) = (words.half_days(part.half_days), words.day(part.on));
        view! { <Callout tone=Tone::Plain>{td_string!(locale, ledger.goes_over, amount, day)}</Callout> }
    });
    view! {
        <section class="stack">
            <div class=grid>
                {available}
                {tile(td_string!(locale, ledger.held).to_owned(), balance.held)}
                {tile(td_string!(locale, ledger.used).to_owned(), balance.used)}
            </div>
            <p aria-live="polite">{said}</p>
            {lost}
            {expiring}
            {goes_over}
        </section>
    }
    .into_any()
}

/// Which year the lines are of, and how to turn to another: nothing is written for years far ahead.
pub fn year_switch(words: Words, year: RwSignal<i32>) -> AnyView {
    let locale = words.locale;
    let is_last = Signal::derive(move || year.get() > words.today.year());
    let back = Callback::new(move |()| year.update(|year| *year -= 1));
    let on = Callback::new(move |()| year.update(|year| *year += 1));
    view! {
        <div class="row row-apart">
            <Button look=Look::Ghost size=Size::Small on_press=back>
                {td_string!(locale, figures.previous)}
            </Button>
            <strong aria-live="polite">{move || td_string!(locale, ledger.year, year = year.get())}</strong>
            <Button look=Look::Ghost size=Size::Small disabled=is_last on_press=on>
                {td_string!(locale, figures.next)}
            </Button>
        </div>
    }
    .into_any()
}

/// The lines of a statement, newest first; one of a request leads to it.
pub fn statement(words: Words, kind: &LeaveType, data: &Statement) -> AnyView {
    let locale = words.locale;
    if data.lines.is_empty() {
        let title = td_string!(locale, ledger.none, year = data.year);
        return view! { <EmptyState icon=Icon::Leave title detail=td_string!(locale, ledger.none_detail) /> }
            .into_any();
    }
    let cells = data.lines.iter().rev().map(|line| statement_line(words, kind, line)).collect_view();
    view! { <List>{cells}</List> }.into_any()
}

fn statement_line(words: Words, kind: &LeaveType, line: &StatementLine) -> AnyView {
    let locale = words.locale;
    let amount = |of: i64| match kind.minutes_a_day {
        Some(_) => td_string!(locale, leave.minutes, minutes = of),
        None => words.half_days(of),
    };
    let sign = if line.half_days > 0 { "+" } else { "" };
    let change = format!("{sign}{}", amount(line.half_days));
    let after = if kind.has_balance {
        td_string!(locale, ledger.after, amount = amount(line.after))
    } else {
        td_string!(locale, ledger.after_used, amount = amount(line.after))
    };
    let end = view! {
        <span class="cell-lines">
            <strong>{change}</strong>
            <span class="small">{after}</span>
        </span>
    }
    .into_any();
    let title = format!("{} · {}", words.date(words.zone.day(line.at)), line_kind(locale, line.kind));
    let note = line.text.clone();
    match line.request {
        Some(id) => view! { <Cell title note href=format!("/leave/{id}") end /> }.into_any(),
        None => view! { <Cell title note end /> }.into_any(),
    }
}

fn line_kind(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Grant => td_string!(locale, ledger.kind_grant),
        Kind::Adjust => td_string!(locale, ledger.kind_adjust),
        Kind::Hold => td_string!(locale, ledger.kind_hold),
        Kind::Release => td_string!(locale, ledger.kind_release),
        Kind::Commit => td_string!(locale, ledger.kind_commit),
        Kind::Refund => td_string!(locale, ledger.kind_refund),
        Kind::Expire => td_string!(locale, ledger.kind_expire),
    }
}

/// In place of an account of a type that nobody knows; `back` leads to the balances.
pub fn unknown_type(locale: Locale, back: String) -> AnyView {
    let (title, detail) = (td_string!(locale, ledger.gone), td_string!(locale, ledger.gone_detail));
    view! {
        <EmptyState icon=Icon::Search title detail>
            <ButtonLink href=back>{td_string!(locale, kit.back)}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}
