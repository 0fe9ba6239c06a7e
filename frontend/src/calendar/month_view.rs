//! An officer's own calendar: a month at a glance, and in words what is special about it.

use app::calendar::api::{CalendarDay, CalendarDays, DayClass};
use app::day::Day;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Callout, Cell, List, Tone};

/// The days of one month.
pub fn month(words: Words, data: &CalendarDays) -> AnyView {
    let locale = words.locale;
    let Some(first) = data.days.first().map(|day| day.date) else { return ().into_any() };
    let monday = first.plus(-i64::from(first.days_from_monday()));
    let heads = monday.through(monday.plus(6)).map(|day| view! { <span>{words.weekday(day)}</span> });
    let heads: Vec<_> = heads.collect();
    let days: Vec<_> = data.days.iter().map(|day| cell(words, day)).collect();
    // A class, since the content policy lets no element have a style of its own.
    let grid = format!("month-days month-from-{}", first.days_from_monday() + 1);
    let provisional = data.days.iter().any(|day| day.provisional).then(|| {
        view! { <Callout tone=Tone::Gold>{td_string!(locale, calendar.provisional_month)}</Callout> }
    });
    view! {
        <section class="month">
            <div class="month-head" aria-hidden="true">
                {heads}
            </div>
            <ol class=grid>{days}</ol>
        </section>
        {provisional}
        {special(words, data)}
    }
    .into_any()
}

fn cell(words: Words, day: &CalendarDay) -> AnyView {
    let locale = words.locale;
    let works = (day.am.works, day.pm.works);
    let class = match works {
        (true, true) => "month-day",
        (false, false) => "month-day month-rest",
        (true, false) | (false, true) => "month-day month-half",
    };
    let class = if day.date == words.today { format!("{class} month-today") } else { class.to_owned() };
    let mark = match (day.class, works) {
        (DayClass::MakeUp, (true, true)) => td_string!(locale, calendar.mark_work),
        (DayClass::Statutory, (false, false)) => td_string!(locale, calendar.mark_statutory),
        (_, (true, false) | (false, true)) => td_string!(locale, calendar.mark_half),
        (DayClass::MovedRest, (false, false)) => td_string!(locale, calendar.mark_rest),
        (DayClass::Workday | DayClass::MakeUp, (false, false)) => td_string!(locale, calendar.mark_rest),
        (DayClass::Weekend | DayClass::MovedRest | DayClass::Statutory, (true, true)) => {
            td_string!(locale, calendar.mark_work)
        }
        (DayClass::Workday, (true, true)) | (DayClass::Weekend, (false, false)) => "",
    };
    let spoken = format!("{} {}", words.date(day.date), why(locale, day));
    view! {
        <li class=class>
            <span aria-hidden="true">{day.date.day_of_month()}</span>
            <small aria-hidden="true">{mark}</small>
            <span class="sr-only">{spoken}</span>
        </li>
    }
    .into_any()
}

/// Why a day is what it is, each half where they differ.
fn why(locale: Locale, day: &CalendarDay) -> String {
    if day.am.why == day.pm.why {
        return day.am.why.clone();
    }
    let (am, pm) = (td_string!(locale, kit.am), td_string!(locale, kit.pm));
    format!("{am}{}，{pm}{}", day.am.why, day.pm.why)
}

fn is_special(day: &CalendarDay) -> bool {
    let ordinary = match day.class {
        DayClass::Workday => day.am.works && day.pm.works,
        DayClass::Weekend => !day.am.works && !day.pm.works,
        DayClass::MakeUp | DayClass::MovedRest | DayClass::Statutory => false,
    };
    !ordinary || day.am.why != day.pm.why
}

/// The special days in words, those that follow each other for one reason together.
fn special(words: Words, data: &CalendarDays) -> AnyView {
    let locale = words.locale;
    let mut stretches: Vec<(Day, Day, String)> = Vec::new();
    for day in data.days.iter().filter(|day| is_special(day)) {
        let text = why(locale, day);
        match stretches.last_mut().filter(|last| last.1.next() == day.date && last.2 == text) {
            Some(last) => last.1 = day.date,
            None => stretches.push((day.date, day.date, text)),
        }
    }
    if stretches.is_empty() {
        return view! { <p class="small muted">{td_string!(locale, calendar.nothing_special)}</p> }.into_any();
    }
    let cells = stretches.into_iter().map(|(from, to, text)| {
        let days = if from == to {
            format!("{} {}", words.date(from), words.weekday(from))
        } else {
            format!("{} – {}", words.date(from), words.date(to))
        };
        view! { <Cell title=text note=days /> }
    });
    let cells: Vec<_> = cells.collect();
    view! { <List>{cells}</List> }.into_any()
}
