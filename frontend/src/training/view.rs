//! Classes and lessons, drawn from plain data.

use app::day::Day;
use app::training::api::{Class, Lesson, Lessons, Part};
use app::training::rules::Phase;
use leptos::prelude::*;

use crate::attendance::view::status_words;
use crate::format::{Words, days};
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, ButtonLink, Card, Cell, CellButton, EmptyState, Facts, Icon, List, Look, Size, Tone};

/// The 培训 tab: today's lessons first, then the classes, the latest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// Today's lessons, and those that wait for a rating.
    pub today: Vec<Lesson>,
    /// The classes.
    pub classes: Vec<Class>,
}

/// The 培训 tab.
pub fn overview(words: Words, data: &Overview) -> AnyView {
    let locale = words.locale;
    if data.classes.is_empty() && data.today.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Training
                title=td_string!(locale, training.no_classes)
                detail=td_string!(locale, training.no_classes_detail)
            />
        }
        .into_any();
    }
    let today = (!data.today.is_empty()).then(|| {
        let cells = data.today.iter().map(|lesson| lesson_cell(words, lesson)).collect_view();
        view! { <List title=td_string!(locale, training.today)>{cells}</List> }
    });
    let classes = data.classes.iter().map(|class| class_cell(words, class)).collect_view();
    view! {
        <div class="stack">{today} <List title=td_string!(locale, training.classes)>{classes}</List></div>
    }
    .into_any()
}

fn class_cell(words: Words, class: &Class) -> AnyView {
    let note = td_string!(
        words.locale,
        training.class_note,
        span = days_of(words, class.from, class.to),
        place = class.place.clone()
    );
    let badge = view! { <Badge tone=Tone::Court text=part_words(words.locale, class.part) /> }.into_any();
    let href = format!("/classes/{}", class.id);
    view! { <Cell title=class.name.clone() note=note href=href end=badge /> }.into_any()
}

/// A class with its lessons by day.
pub fn class(words: Words, data: &Lessons) -> AnyView {
    let locale = words.locale;
    let class = &data.class;
    let facts = vec![
        (td_string!(locale, training.dates), days_of(words, class.from, class.to)),
        (td_string!(locale, training.place), class.place.clone()),
        (td_string!(locale, training.organiser), class.organiser.clone()),
        (td_string!(locale, training.teacher), class.teacher_name.clone()),
        (td_string!(locale, training.trainees), td_string!(locale, training.people, count = class.trainees)),
    ];
    let badge = view! { <Badge tone=Tone::Court text=part_words(locale, class.part) /> }.into_any();
    let mut by_day: Vec<(Day, Vec<&Lesson>)> = Vec::new();
    for lesson in &data.items {
        let day = words.zone.day(lesson.starts_at);
        match by_day.last_mut() {
            Some((last, lessons)) if *last == day => lessons.push(lesson),
            _ => by_day.push((day, vec![lesson])),
        }
    }
    let lessons = by_day
        .into_iter()
        .map(|(day, lessons)| {
            let cells =
                lessons.into_iter().map(|lesson| cell(words.locale, lesson, &clock_span(words, lesson))).collect_view();
            view! { <List title=words.day(day)>{cells}</List> }
        })
        .collect_view();
    let none = data.items.is_empty().then(|| view! { <EmptyState title=td_string!(locale, training.no_lessons) /> });
    view! {
        <div class="stack">
            <Card title=class.name.clone() end=badge>
                <Facts facts />
            </Card>
            {lessons}
            {none}
        </div>
    }
    .into_any()
}

/// A lesson in a list that says its day.
fn lesson_cell(words: Words, lesson: &Lesson) -> AnyView {
    let time = format!("{} {}", words.date(words.zone.day(lesson.starts_at)), clock_span(words, lesson));
    cell(words.locale, lesson, &time)
}

/// A lesson in a list, with where it is or what the caller's attendance is.
fn cell(locale: Locale, lesson: &Lesson, time: &str) -> AnyView {
    // The dots stay at the end of a line that breaks.
    let note = format!("{time}\u{a0}· {}\u{a0}· {}", lesson.room, lesson.lecturer);
    let (tone, text) = mark(locale, lesson);
    let badge = view! { <Badge tone text /> }.into_any();
    view! { <Cell title=lesson.title.clone() note=note href=format!("/lessons/{}", lesson.id) end=badge /> }.into_any()
}

/// The one thing to know about a lesson: what is to be done, else how it went, else where it is.
fn mark(locale: Locale, lesson: &Lesson) -> (Tone, &'static str) {
    if lesson.can_rate {
        return (Tone::Gold, td_string!(locale, training.go_rate));
    }
    if lesson.my_rated {
        return (Tone::Good, td_string!(locale, training.rated));
    }
    match lesson.my_status {
        Some(status) if lesson.my_at.is_some() || lesson.phase == Phase::Over => status_words(locale, status),
        _ => phase_words(locale, lesson.phase),
    }
}

fn phase_words(locale: Locale, phase: Phase) -> (Tone, &'static str) {
    match phase {
        Phase::Upcoming => (Tone::Plain, td_string!(locale, training.phase_upcoming)),
        Phase::OnTime | Phase::Late => (Tone::Gold, td_string!(locale, training.phase_open)),
        Phase::Over => (Tone::Plain, td_string!(locale, training.phase_over)),
    }
}

/// One lesson: what it is, the caller's sign-in and rating, and what the class staff can do.
pub fn lesson(words: Words, lesson: &Lesson, close_rating: Callback<()>) -> AnyView {
    let locale = words.locale;
    let (tone, text) = phase_words(locale, lesson.phase);
    let badge = view! { <Badge tone text /> }.into_any();
    let window = format!(
        "{}–{}，{}",
        words.moment(lesson.sign_in_opens_at),
        words.zone.clock(lesson.sign_in_closes_at),
        td_string!(locale, training.late_from, time = words.zone.clock(lesson.late_from))
    );
    let facts = vec![
        (
            td_string!(locale, training.dates),
            format!("{} {}", words.day(words.zone.day(lesson.starts_at)), clock_span(words, lesson)),
        ),
        (td_string!(locale, training.room), lesson.room.clone()),
        (td_string!(locale, training.lecturer), format!("{} {}", lesson.lecturer, lesson.lecturer_unit)),
        (td_string!(locale, training.credit), days(i64::from(lesson.credit_halves))),
        (td_string!(locale, training.sign_in_window), window),
    ];
    let mine = (lesson.part != Part::Staff).then(|| my_part(words, lesson));
    let staff = (lesson.part != Part::Trainee).then(|| staff_part(words, lesson, close_rating));
    let (class, class_name) = (format!("/classes/{}", lesson.class_id), lesson.class_name.clone());
    view! {
        <div class="stack">
            <Card title=lesson.title.clone() end=badge>
                <a class="small" href=class>
                    {class_name}
                </a>
                <Facts facts />
            </Card>
            {mine}
            {staff}
        </div>
    }
    .into_any()
}

fn my_part(words: Words, lesson: &Lesson) -> AnyView {
    let locale = words.locale;
    let badge = lesson.my_status.map(|status| {
        let (tone, text) = status_words(locale, status);
        view! { <Badge tone text /> }.into_any()
    });
    let signed =
        lesson.my_at.map(|at| view! { <p>{td_string!(locale, training.signed_at, time = words.moment(at))}</p> });
    let open = matches!(lesson.phase, Phase::OnTime | Phase::Late) && lesson.my_at.is_none();
    let scan = open.then(|| {
        let href = format!("/scan?lesson={}", lesson.id);
        view! {
            <ButtonLink href=href size=Size::Wide>
                {td_string!(locale, training.go_scan)}
            </ButtonLink>
        }
    });
    let wait = (lesson.phase == Phase::Upcoming).then(|| {
        let opens = td_string!(locale, training.opens_at, time = words.moment(lesson.sign_in_opens_at));
        view! { <p class="muted">{opens}</p> }
    });
    let rate = lesson.can_rate.then(|| {
        let href = format!("/lessons/{}/rate", lesson.id);
        let until = td_string!(locale, training.rate_until, time = words.moment(lesson.rating_closes_at));
        view! {
            <ButtonLink href=href size=Size::Wide>
                {td_string!(locale, training.go_rate)}
            </ButtonLink>
            <p class="muted small centre">{until}</p>
        }
    });
    let rated = lesson.my_rated.then(|| view! { <p class="muted">{td_string!(locale, training.rated)}</p> });
    let results = results_link(locale, lesson);
    view! {
        <Card title=td_string!(locale, training.my_sign_in) end=badge.unwrap_or_else(|| ().into_any())>
            {signed}
            {wait}
            {scan}
            {rate}
            {rated}
            {results}
        </Card>
    }
    .into_any()
}

fn results_link(locale: Locale, lesson: &Lesson) -> Option<AnyView> {
    lesson.rating_closed.then(|| {
        view! {
            <ButtonLink href=format!("/lessons/{}/results", lesson.id) look=Look::Secondary size=Size::Wide>
                {td_string!(locale, training.go_results)}
            </ButtonLink>
        }
        .into_any()
    })
}

fn staff_part(words: Words, lesson: &Lesson, close_rating: Callback<()>) -> AnyView {
    let locale = words.locale;
    let rating = match (lesson.phase, lesson.rating_closed) {
        (Phase::Over, false) => view! {
            <CellButton
                title=td_string!(locale, training.close_rating)
                note=td_string!(locale, training.close_rating_note)
                icon=Icon::Star
                on_press=close_rating
            />
        }
        .into_any(),
        (_, true) => view! {
            <Cell
                title=td_string!(locale, training.go_results)
                note=td_string!(locale, training.rating_closed)
                icon=Icon::Star
                href=format!("/lessons/{}/results", lesson.id)
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    let (board, attendance) = (format!("/lessons/{}/board", lesson.id), format!("/lessons/{}/attendance", lesson.id));
    view! {
        <List title=td_string!(locale, training.staff)>
            <Cell
                title=td_string!(locale, training.go_board)
                note=td_string!(locale, training.board_note)
                icon=Icon::Board
                href=board
            />
            <Cell
                title=td_string!(locale, training.go_attendance)
                note=td_string!(locale, training.attendance_note)
                icon=Icon::People
                href=attendance
            />
            {rating}
        </List>
    }
    .into_any()
}

/// `09:00–11:30`.
pub fn clock_span(words: Words, lesson: &Lesson) -> String {
    format!("{}–{}", words.zone.clock(lesson.starts_at), words.zone.clock(lesson.ends_at))
}

fn days_of(words: Words, from: Day, to: Day) -> String {
    if from == to {
        words.day(from)
    } else {
        td_string!(words.locale, common.span, from = words.date(from), to = words.date(to))
    }
}

fn part_words(locale: Locale, part: Part) -> &'static str {
    match part {
        Part::Trainee => td_string!(locale, training.part_trainee),
        Part::Staff => td_string!(locale, training.part_staff),
        Part::Both => td_string!(locale, training.part_both),
    }
}
