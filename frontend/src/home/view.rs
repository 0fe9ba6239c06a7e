//! The first screen, drawn from plain data.

use app::day::Timestamp;
use app::home::Home;
use app::leave::api::LeaveRequest;
use app::leave::rules::{Action, Status};
use app::training::api::{Lesson, Part};
use app::training::rules::Phase;
use leptos::prelude::*;

use crate::approval::view::task_cell;
use crate::format::{Words, days};
use crate::i18n::td_string;
use crate::kit::{Badge, ButtonLink, Callout, Cell, EmptyState, Glyph, Icon, List, Look, Size, Tone};
use crate::leave::view::request_cell;

/// Whether the officer is to report back from it: with an extension that is for the last one.
fn is_due(request: &LeaveRequest) -> bool {
    request.status == Status::AwaitingReturn && request.actions.contains(&Action::Return)
}

/// What matters today: what others wait for first, then today's lessons, then one's own leave.
pub fn home(words: Words, data: &Home) -> AnyView {
    let locale = words.locale;
    let back_due = data.requests.iter().find(|request| is_due(request)).map(|request| {
        let href = format!("/leave/{}", request.id);
        let span = words.span(request.from, request.to);
        view! {
            <Callout tone=Tone::Gold>
                <div class="row row-apart">
                    <span>{td_string!(locale, home.return_due, span)}</span>
                    <ButtonLink look=Look::Secondary size=Size::Small href=href>
                        {td_string!(locale, leave.report_return)}
                    </ButtonLink>
                </div>
            </Callout>
        }
    });
    let tasks = (!data.tasks.is_empty()).then(|| {
        let cells = data.tasks.iter().map(|task| task_cell(words, task)).collect_view();
        let all = view! {
            <a class="small" href="/approvals">
                {td_string!(locale, home.all_tasks, count = data.task_count)}
            </a>
        }
        .into_any();
        view! {
            <List title=td_string!(locale, home.tasks) end=all>
                {cells}
            </List>
        }
    });
    let lessons = (!data.lessons.is_empty()).then(|| {
        let cells = data.lessons.iter().map(|lesson| lesson_cell(words, lesson, data.at)).collect_view();
        view! {
            <List title=td_string!(locale, home.lessons)>
                {cells}
            </List>
        }
    });
    let requests = (!data.requests.is_empty()).then(|| {
        let cells = data.requests.iter().map(|request| request_cell(words, request)).collect_view();
        view! {
            <List title=td_string!(locale, home.requests)>
                {cells}
            </List>
        }
    });
    let nothing = (data.tasks.is_empty() && data.lessons.is_empty() && data.requests.is_empty()).then(|| {
        view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, home.nothing)
                detail=td_string!(locale, home.nothing_detail)
            />
        }
    });
    view! {
        <div class="columns">
            <div class="stack home-today">{back_due} {tasks} {lessons} {requests} {nothing}</div>
            <div class="stack">{annual(words, data)} {away(words, data)} {shortcuts(words)}</div>
        </div>
    }
    .into_any()
}

fn annual(words: Words, data: &Home) -> Option<AnyView> {
    let locale = words.locale;
    let balance = data.annual.as_ref()?;
    let available = balance.available?;
    let expiring = balance.expiring.map(|part| {
        let (left, on) = (days(part.half_days), words.date(part.on));
        view! { <p class="small">{td_string!(locale, home.expiring, left, on)}</p> }
    });
    Some(
        view! {
            <a class="home-annual" href="/leave">
                <span class="grow">
                    <span class="small">{td_string!(locale, home.annual_left)}</span>
                    <span class="home-figure">
                        {days(available)} <small>{td_string!(locale, common.unit_days)}</small>
                    </span>
                    {expiring}
                </span>
                <Glyph icon=Icon::Forward />
            </a>
        }
        .into_any(),
    )
}

/// Who is away today, for those who may read it; nothing where everybody is at work.
fn away(words: Words, data: &Home) -> Option<AnyView> {
    let locale = words.locale;
    let away = data.away.as_ref().filter(|away| away.count > 0)?;
    let title = td_string!(locale, home.away_today, count = away.count);
    let note = away.names.join(td_string!(locale, common.list_comma));
    Some(view! { <List><Cell title=title note=note icon=Icon::People href="/leave/team" /></List> }.into_any())
}

fn shortcuts(words: Words) -> AnyView {
    let locale = words.locale;
    let shortcut = |href: &'static str, icon: Icon, label: &'static str| {
        view! {
            <a class="home-shortcut" href=href>
                <span class="cell-icon">
                    <Glyph icon />
                </span>
                <span>{label}</span>
            </a>
        }
    };
    view! {
        <nav class="home-shortcuts" aria-label=td_string!(locale, home.shortcuts)>
            {shortcut("/leave/new", Icon::Leave, td_string!(locale, leave.ask))}
            {shortcut("/scan", Icon::Scan, td_string!(locale, home.scan))}
            {shortcut("/approvals", Icon::Pen, td_string!(locale, home.approvals))}
            {shortcut("/training", Icon::Training, td_string!(locale, home.classes))}
        </nav>
    }
    .into_any()
}

/// A lesson of today with the one thing to do now: sign in, rate, or open the board.
fn lesson_cell(words: Words, lesson: &Lesson, now: Timestamp) -> AnyView {
    let locale = words.locale;
    let time = format!("{}–{}", words.moment(lesson.starts_at), words.zone.clock(lesson.ends_at));
    let note = format!("{time} · {}", lesson.room);
    let open = matches!(lesson.phase, Phase::OnTime | Phase::Late) && now < lesson.sign_in_closes_at;
    let (tone, text) = if lesson.can_rate {
        (Tone::Gold, td_string!(locale, home.lesson_rate))
    } else if lesson.my_at.is_some() {
        (Tone::Good, td_string!(locale, home.lesson_signed_in))
    } else if open && lesson.part == Part::Staff {
        (Tone::Court, td_string!(locale, home.lesson_board))
    } else if open {
        (Tone::Gold, td_string!(locale, home.lesson_sign_in))
    } else if lesson.phase == Phase::Upcoming {
        (Tone::Plain, td_string!(locale, home.lesson_upcoming))
    } else {
        (Tone::Plain, td_string!(locale, home.lesson_over))
    };
    let badge = view! { <Badge tone text /> }.into_any();
    let href = if lesson.can_rate { format!("/lessons/{}/rate", lesson.id) } else { format!("/lessons/{}", lesson.id) };
    view! { <Cell title=lesson.title.clone() note=note href=href end=badge /> }.into_any()
}
