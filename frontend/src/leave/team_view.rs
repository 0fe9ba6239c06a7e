//! Who is away today and in the days to come, drawn from plain data for a phone.

use app::day::{Day, HalfDay};
use app::leave::team::{Away, Team, TeamMember};
use leptos::prelude::*;

use super::words::type_name;
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Card, Cell, EmptyState, Icon, List, Tone};

/// Who is away today, then whose absence begins on which of the coming days.
pub fn days(words: Words, data: &Team) -> AnyView {
    let locale = words.locale;
    // What is still being decided keeps nobody away today.
    let is_away = |away: &Away| contains(away, words.today) && away.leave.as_ref().is_none_or(|leave| leave.granted);
    let today: Vec<_> = absences(data).filter(|(_, away)| is_away(away)).collect();
    let several = data.department.is_none();
    let cells = |found: &[(&TeamMember, &Away)]| -> AnyView {
        let cells = found.iter().map(|(member, away)| cell(words, member, away, several));
        cells.collect_view().into_any()
    };
    let now = if today.is_empty() {
        view! {
            <Card>
                <EmptyState
                    icon=Icon::Check
                    title=td_string!(locale, team.today_none)
                    detail=td_string!(locale, team.today_none_detail)
                />
            </Card>
        }
        .into_any()
    } else {
        let count = td_string!(locale, team.people_count, count = people(&today));
        let end = view! { <span class="muted small">{count}</span> }.into_any();
        let cells = cells(&today);
        view! {
            <List title=td_string!(locale, team.today) end=end>
                {cells}
            </List>
        }
        .into_any()
    };
    let mut later: Vec<_> = absences(data).filter(|(_, away)| away.from.date > words.today).collect();
    later.sort_by_key(|(_, away)| away.from);
    let coming = later
        .chunk_by(|(_, one), (_, next)| one.from.date == next.from.date)
        .map(|group| {
            let day = group.first().map_or(String::new(), |(_, away)| words.day(away.from.date));
            let cells = cells(group);
            view! { <List title=day>{cells}</List> }
        })
        .collect_view();
    let none = later.is_empty().then(|| view! { <p class="small muted">{td_string!(locale, team.coming_none)}</p> });
    view! {
        {now}
        <div class="list-head">
            <h2>{td_string!(locale, team.coming)}</h2>
        </div>
        {coming}
        {none}
        <p class="small muted">{td_string!(locale, team.privacy)}</p>
    }
    .into_any()
}

/// Every absence with whose it is, in the order of the people.
pub(super) fn absences(data: &Team) -> impl Iterator<Item = (&TeamMember, &Away)> {
    data.people.iter().flat_map(|member| member.away.iter().map(move |away| (member, away)))
}

fn contains(away: &Away, day: Day) -> bool {
    away.from <= HalfDay::pm(day) && HalfDay::am(day) <= away.to
}

/// How many people these absences are of; those of one person stand side by side.
fn people(found: &[(&TeamMember, &Away)]) -> usize {
    found.chunk_by(|(one, _), (next, _)| one.officer == next.officer).count()
}

fn cell(words: Words, member: &TeamMember, away: &Away, several: bool) -> AnyView {
    let locale = words.locale;
    let span = words.span(away.from, away.to);
    let note = if several {
        td_string!(locale, team.with_department, department = member.department.clone(), span)
    } else {
        span
    };
    let (tone, text) = mark(words, away);
    let badge = view! { <Badge tone text /> }.into_any();
    let name = member.name.clone();
    match &away.leave {
        Some(leave) => {
            view! { <Cell title=name note=note href=format!("/leave/{}", leave.request) end=badge /> }.into_any()
        }
        None => view! { <Cell title=name note=note end=badge /> }.into_any(),
    }
}

/// What the viewer may know of an absence, in a word: 不在岗, else the type, and whether it is granted.
fn mark(words: Words, away: &Away) -> (Tone, String) {
    let locale = words.locale;
    match &away.leave {
        None => (Tone::Plain, td_string!(locale, team.away).to_owned()),
        Some(leave) if leave.granted => (Tone::Good, type_name(locale, &leave.leave_type)),
        Some(leave) => {
            let pending = td_string!(locale, team.pending);
            (Tone::Gold, format!("{} · {pending}", type_name(locale, &leave.leave_type)))
        }
    }
}

/// An absence in a sentence: when, and what the viewer may know of it.
pub(super) fn sentence(words: Words, away: &Away) -> String {
    format!("{} {}", words.span(away.from, away.to), mark(words, away).1)
}
