//! The board and the attendance list, drawn from plain data.

use app::attendance::api::{Attendance, AttendanceRow, Board, Counts, Qr};
use app::attendance::rules::Status;
use app::training::api::Lesson;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Callout, Choice, Choices, EmptyState, QrPlace, Select, Tone};
use crate::training::view::clock_span;

/// A status in words, and in which tone.
pub fn status_words(locale: Locale, status: Status) -> (Tone, &'static str) {
    match status {
        Status::OnTime => (Tone::Good, td_string!(locale, training.status_on_time)),
        Status::Late => (Tone::Warn, td_string!(locale, training.status_late)),
        Status::Absent => (Tone::Bad, td_string!(locale, training.status_absent)),
        Status::Excused => (Tone::Court, td_string!(locale, training.status_excused)),
        Status::Missing => (Tone::Plain, td_string!(locale, training.status_missing)),
    }
}

/// What the board shows at the moment.
#[derive(Clone, Copy, Debug)]
pub struct BoardSignals {
    /// Code, link and counts; `None` until the first answer.
    pub board: Signal<Option<Board>>,
    /// Milliseconds until the code changes.
    pub remaining_ms: Signal<i64>,
    /// Whether the stream is broken.
    pub lost: Signal<bool>,
}

/// The projector's screen: which lesson, the code as large as the screen lets it, and how many are here.
pub fn board(words: Words, lesson: &Lesson, now: BoardSignals) -> AnyView {
    let locale = words.locale;
    let heading = format!("{} · {}", clock_span(words, lesson), lesson.room);
    let svg = Signal::derive(move || {
        now.board.with(|board| board.as_ref().and_then(|board| board.qr.as_ref()).map(qr_svg).unwrap_or_default())
    });
    let typed = Signal::derive(move || {
        now.board.with(|board| board.as_ref().map(|board| board.code.clone()).unwrap_or_default())
    });
    let opens = words.moment(lesson.sign_in_opens_at);
    view! {
        <section class="board-lesson">
            <p class="board-class">{lesson.class_name.clone()}</p>
            <h1>{lesson.title.clone()}</h1>
            <p class="board-room">{heading}</p>
        </section>
        {move || {
            if svg.with(String::is_empty) {
                let opens = td_string!(locale, training.opens_at, time = opens.clone());
                return view! {
                    <div class="board-closed">
                        <h2>{td_string!(locale, training.board_not_open)}</h2>
                        <p>{opens}</p>
                    </div>
                }
                .into_any();
            }
            view! {
                <div class="board-code">
                    <QrPlace svg=svg label=td_string!(locale, training.board_lead) typed=typed />
                    <p class="board-lead">{td_string!(locale, training.board_lead)}</p>
                    <p class="muted">{td_string!(locale, training.board_typed)}</p>
                </div>
            }
            .into_any()
        }}
        <aside class="board-side">
            {move || now.board.with(|board| board.as_ref().map(|board| counts(locale, &board.counts)))}
            {ring(locale, now)}
            {move || {
                now.lost
                    .get()
                    .then(|| view! { <Callout tone=Tone::Warn>{td_string!(locale, training.board_lost)}</Callout> })
            }}
        </aside>
    }
    .into_any()
}

/// The code's dark modules as one path; the quiet zone is part of the square.
fn qr_svg(qr: &Qr) -> String {
    let (size, path) = (qr.size, &qr.path);
    format!(r#"<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><path d="{path}"/></svg>"#)
}

fn counts(locale: Locale, counts: &Counts) -> AnyView {
    let signed = counts.on_time + counts.late;
    let rest = [
        (td_string!(locale, training.board_late), counts.late),
        (td_string!(locale, training.board_excused), counts.excused),
        (td_string!(locale, training.board_missing), counts.missing + counts.absent),
    ]
    .into_iter()
    .map(|(name, count)| view! { <div><dt>{name}</dt><dd>{count}</dd></div> })
    .collect_view();
    view! {
        <div class="board-counts" aria-live="polite">
            <p class="board-signed">
                <span>{td_string!(locale, training.board_signed)}</span>
                <strong>{signed}</strong>
                <span>"/ " {counts.trainees}</span>
            </p>
            <dl>{rest}</dl>
        </div>
    }
    .into_any()
}

/// The length of the ring's circle, in its own units.
const ROUND: i64 = 100;

/// How long the code still holds: a ring that empties, and the seconds in words.
fn ring(locale: Locale, now: BoardSignals) -> AnyView {
    let open = move || now.board.with(|board| board.as_ref().is_some_and(|board| !board.code.is_empty()));
    let filled = move || {
        let whole = now.board.with(|board| board.as_ref().map_or(1, |board| board.window_ms.max(1)));
        let left = now.remaining_ms.get().clamp(0, whole) * ROUND / whole;
        format!("{left} {ROUND}")
    };
    let seconds = move || {
        let seconds = (now.remaining_ms.get().max(0) + 999) / 1000;
        td_string!(locale, training.board_next, seconds)
    };
    (move || {
        open().then(|| {
            view! {
                <div class="board-ring">
                    <svg viewBox="0 0 36 36" aria-hidden="true">
                        <circle cx="18" cy="18" r="15.9155" class="board-ring-track"></circle>
                        <circle cx="18" cy="18" r="15.9155" class="board-ring-left" stroke-dasharray=filled></circle>
                    </svg>
                    <span>{seconds}</span>
                </div>
            }
        })
    })
    .into_any()
}

/// Who is missing, for the board: masked unless the class teacher shows the names.
pub fn missing(locale: Locale, attendance: &Attendance, full_names: bool) -> AnyView {
    let names = attendance
        .rows
        .iter()
        .filter(|row| matches!(row.status, Status::Missing | Status::Absent))
        .map(|row| {
            let name = if full_names { row.name.clone() } else { mask(&row.name) };
            view! { <li>{name} <small>{row.court.clone()}</small></li> }
        })
        .collect::<Vec<_>>();
    if names.is_empty() {
        return view! { <p class="centre">{td_string!(locale, training.nobody_missing)}</p> }.into_any();
    }
    view! { <ul class="board-missing">{names}</ul> }.into_any()
}

/// The family name alone: enough for a neighbour to know whom to wake, too little for a picture of the wall.
fn mask(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(String::from).unwrap_or_default();
    letters.fold(first, |masked, _| masked + "＊")
}

/// What the list is narrowed to; an empty string is no narrowing.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// The name of a status.
    pub status: RwSignal<String>,
    /// The name of a court.
    pub court: RwSignal<String>,
}

/// The attendance of a lesson, to be narrowed by status and court.
pub fn attendance(words: Words, data: &Attendance, filter: Filter) -> AnyView {
    let locale = words.locale;
    let rows = data.rows.clone();
    let shown = Signal::derive(move || {
        let (status, court) = (filter.status.get(), filter.court.get());
        rows.iter()
            .filter(|row| status.is_empty() || row.status.as_str() == status)
            .filter(|row| court.is_empty() || row.court == court)
            .cloned()
            .collect::<Vec<_>>()
    });
    let shares = data.rows.iter().any(|row| row.shared_device);
    let hint =
        shares.then(|| view! { <Callout tone=Tone::Warn>{td_string!(locale, training.shared_device_hint)}</Callout> });
    view! {
        <div class="stack">
            {hint}
            <Choices
                label=td_string!(locale, training.filter_status)
                choices=status_choices(locale, &data.counts)
                value=filter.status
            />
            {court_choice(locale, data, filter)}
            {move || {
                let rows = shown.get();
                if rows.is_empty() {
                    return view! { <EmptyState title=td_string!(locale, training.nobody) /> }.into_any();
                }
                let cells = rows.iter().map(|row| row_cell(words, row)).collect_view();
                view! { <ul class="list">{cells}</ul> }.into_any()
            }}
        </div>
    }
    .into_any()
}

fn status_choices(locale: Locale, counts: &Counts) -> Vec<Choice> {
    let all = Choice::new("", format!("{} {}", td_string!(locale, common.all), counts.trainees));
    let each = [
        (Status::OnTime, counts.on_time),
        (Status::Late, counts.late),
        (Status::Missing, counts.missing),
        (Status::Absent, counts.absent),
        (Status::Excused, counts.excused),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(status, count)| Choice::new(status.as_str(), format!("{} {count}", status_words(locale, status).1)));
    std::iter::once(all).chain(each).collect()
}

fn court_choice(locale: Locale, data: &Attendance, filter: Filter) -> Option<AnyView> {
    let mut courts: Vec<&str> = data.rows.iter().map(|row| row.court.as_str()).collect();
    courts.sort_unstable();
    courts.dedup();
    (courts.len() > 1).then(|| {
        let choices = courts.into_iter().map(|court| Choice::new(court, court)).collect();
        view! {
            <label class="sr-only" for="attendance-court">{td_string!(locale, training.filter_court)}</label>
            <Select
                id="attendance-court"
                choices=choices
                value=filter.court
                placeholder=td_string!(locale, training.all_courts)
            />
        }
        .into_any()
    })
}

fn row_cell(words: Words, row: &AttendanceRow) -> AnyView {
    let locale = words.locale;
    let (tone, text) = status_words(locale, row.status);
    let group = if row.group.is_empty() { String::new() } else { format!("\u{a0}· {}", row.group) };
    let at = row.at.map(|at| format!("\u{a0}· {}", words.moment(at))).unwrap_or_default();
    let note = format!("{}\u{a0}· {}{group}{at}", row.officer, row.court);
    let shared = row.shared_device.then(|| {
        view! { <Badge tone=Tone::Warn text=td_string!(locale, training.shared_device) /> }
    });
    view! {
        <li>
            <div class="cell">
                <span class="cell-body">
                    <span class="cell-title">{row.name.clone()}</span>
                    <span class="cell-note">{note}</span>
                </span>
                <span class="cell-end">{shared} <Badge tone text /></span>
            </div>
        </li>
    }
    .into_any()
}
