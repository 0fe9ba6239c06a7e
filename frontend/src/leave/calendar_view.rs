//! The absence calendar for a desk: a row for each person, a column for each day.
//!
//! A row is one drawing with at most three paths, however many days it shows: 500 rows of a month are some four
//! thousand elements, where a table of cells would be sixteen thousand. Rows out of sight are not laid out (CSS
//! `content-visibility`). What the drawing shows stands beside it as text.

use app::day::{Day, Half, HalfDay};
use app::leave::team::{Away, Team, TeamMember};
use leptos::prelude::*;

use super::team_view::sentence;
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{EmptyState, Icon};

/// More days than this are drawn wider, so that a half day can still be seen.
const NARROW_DAYS: i64 = 31;

/// The calendar of a team; with `only_away` the people without any absence are left out.
pub fn calendar(words: Words, data: &Team, only_away: bool) -> AnyView {
    let locale = words.locale;
    let shown: Vec<&TeamMember> = data.people.iter().filter(|member| !only_away || !member.away.is_empty()).collect();
    if shown.is_empty() {
        let title =
            if data.people.is_empty() { td_string!(locale, team.nobody) } else { td_string!(locale, team.nobody_away) };
        let detail = if data.people.is_empty() { td_string!(locale, team.nobody_detail) } else { "" };
        return view! { <EmptyState icon=Icon::People title=title detail=detail /> }.into_any();
    }
    let place = Place { first: data.from, days: data.to.days_since(data.from) + 1 };
    let rest = place.path(data.rest_days.iter().map(|day| (HalfDay::am(*day), HalfDay::pm(*day))));
    let several = data.department.is_none();
    let rows = shown.into_iter().map(|member| row(words, place, &rest, member, several)).collect_view();
    let head = data
        .from
        .through(data.to)
        .map(|day| {
            let class = if data.rest_days.contains(&day) { "team-day team-day-rest" } else { "team-day" };
            view! { <span class=class>{label(day, data.from)}</span> }
        })
        .collect_view();
    let class = if place.days > NARROW_DAYS { "team-grid team-grid-wide" } else { "team-grid" };
    view! {
        <div class=class role="region" aria-label=td_string!(locale, team.calendar) tabindex="0">
            <div class="team-row team-head" aria-hidden="true">
                <span class="team-name"></span>
                <div class="team-days">{head}</div>
            </div>
            <ul aria-label=td_string!(locale, team.grid_label)>{rows}</ul>
        </div>
        {legend(words, data)}
    }
    .into_any()
}

/// `11/1` where a month begins, else the day of the month.
fn label(day: Day, first: Day) -> String {
    if day == first || day.day_of_month() == 1 {
        format!("{}/{}", day.month(), day.day_of_month())
    } else {
        day.day_of_month().to_string()
    }
}

fn row(words: Words, place: Place, rest: &str, member: &TeamMember, several: bool) -> AnyView {
    let (granted, pending): (Vec<&Away>, Vec<&Away>) =
        member.away.iter().partition(|away| away.leave.as_ref().is_none_or(|leave| leave.granted));
    let bars = |class: &'static str, of: &[&Away]| {
        (!of.is_empty()).then(|| {
            let path = place.path(of.iter().map(|away| (away.from, away.to)));
            view! { <path class=class d=path></path> }
        })
    };
    let text = member.away.iter().map(|away| sentence(words, away)).collect::<Vec<_>>().join("；");
    let spoken = (!text.is_empty()).then(|| view! { <span class="sr-only">{format!("：{text}")}</span> });
    let department = several.then(|| view! { <small>{member.department.clone()}</small> });
    let view_box = format!("0 0 {} 10", place.days * 2);
    view! {
        <li class="team-row">
            <span class="team-name">{member.name.clone()} {department} {spoken}</span>
            <div class="team-track" title=text>
                <svg viewBox=view_box preserveAspectRatio="none" aria-hidden="true">
                    <path class="team-rest" d=rest.to_owned()></path>
                    {bars("team-away", &granted)}
                    {bars("team-pending", &pending)}
                </svg>
            </div>
        </li>
    }
    .into_any()
}

fn legend(words: Words, data: &Team) -> AnyView {
    let locale = words.locale;
    let has_pending =
        data.people.iter().flat_map(|member| &member.away).flat_map(|away| &away.leave).any(|leave| !leave.granted);
    let entry = |class: &'static str, text: &'static str| {
        view! {
            <span>
                <i class=class></i>
                {text}
            </span>
        }
    };
    view! {
        <p class="team-legend small muted">
            {entry("team-away", td_string!(locale, team.legend_away))}
            {has_pending.then(|| entry("team-pending", td_string!(locale, team.legend_pending)))}
            {entry("team-rest", td_string!(locale, team.legend_rest))} <span>{td_string!(locale, team.privacy)}</span>
        </p>
    }
    .into_any()
}

/// Where the columns are: two units of the drawing a day.
#[derive(Clone, Copy)]
struct Place {
    first: Day,
    days: i64,
}

impl Place {
    /// Boxes over stretches of half days.
    fn path(self, spans: impl Iterator<Item = (HalfDay, HalfDay)>) -> String {
        spans.fold(String::new(), |mut path, (from, to)| {
            let (left, right) = (self.at(from), self.at(to) + 1);
            let width = right - left;
            path.push_str(&format!("M{left} 0h{width}v10h-{width}z"));
            path
        })
    }

    fn at(self, half_day: HalfDay) -> i64 {
        half_day.date.days_since(self.first) * 2 + i64::from(half_day.half == Half::Pm)
    }
}
