//! Loads the board, keeps it live, and loads the attendance list.

use std::time::Duration;

use app::api::{ById, Empty, url};
use app::attendance::api::{Attendance, Board, GetAttendance, GetBoard, WatchBoard};
use app::training::api::{GetLesson, Lesson};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::view::{self, BoardSignals, Filter};
use crate::events::{Source, Stream};
use crate::i18n::td_string;
use crate::json;
use crate::kit::{Button, Icon, IconButton, Loaded, Look, Size, TopBar};
use crate::load::{id_in_path, read};
use crate::net;
use crate::state::{AppState, now};

/// How often the ring moves.
const TICK: Duration = Duration::from_millis(250);

/// `/lessons/:id/board`
#[component]
pub fn BoardPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let lesson = read::<GetLesson>(state, move || id().map(|id| (ById { id }, Empty {})));
    let board = RwSignal::new(None::<Board>);
    // When the present code ends on the phone's clock; only differences of one clock are used.
    let ends_at = RwSignal::new(0i64);
    let remaining = RwSignal::new(0i64);
    let lost = RwSignal::new(false);
    let arrive = move |fresh: Board| {
        ends_at.try_set(now().millis() + fresh.remaining_ms);
        remaining.try_set(fresh.remaining_ms);
        board.try_set(Some(fresh));
    };
    watch(id, arrive, lost);
    let ticking = set_interval_with_handle(
        move || {
            if let Some(ends_at) = ends_at.try_get_untracked() {
                remaining.try_set((ends_at - now().millis()).max(0));
            }
        },
        TICK,
    );
    on_cleanup(move || {
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
    let signals = BoardSignals { board: board.into(), remaining_ms: remaining.into(), lost: lost.into() };
    view! {
        <main class="board">
            <Loaded
                locale
                load=lesson.load
                on_retry=lesson.again
                draw=move |lesson: &Lesson| {
                    view! { <div class="board-grid">{view::board(state.words(), lesson, signals)}</div> }.into_any()
                }
            />
            <MissingList state board=board />
            <BoardTools state />
        </main>
    }
}

/// Follows the board of the lesson in the address until the page goes.
fn watch(
    id: impl Fn() -> Option<uuid::Uuid> + Copy + 'static,
    arrive: impl Fn(Board) + Copy + 'static,
    lost: RwSignal<bool>,
) {
    Effect::new(move |_| {
        let Some(id) = id() else { return };
        // The first answer needs no stream, and says why when the board may not be seen.
        spawn_local(async move {
            if let Ok(board) = net::call::<GetBoard>(&ById { id }, &Empty {}, &Empty {}).await {
                arrive(board);
            }
        });
        let url = Box::new(move || url::<WatchBoard>(&ById { id }, &Empty {}));
        let stream = Stream::open(
            Source { url, event: "board", doublings: 0 },
            move |message| {
                if let Ok(board) = json::from_str(&message.text) {
                    arrive(board);
                }
            },
            move |broken| {
                lost.try_set(broken);
            },
        );
        let stream = SendWrapper::new(stream);
        on_cleanup(move || stream.close());
    });
}

/// The list of who is missing, read again whenever the counts change.
#[component]
fn MissingList(state: AppState, board: RwSignal<Option<Board>>) -> impl IntoView {
    let locale = state.locale;
    let id = id_in_path();
    let shown = RwSignal::new(false);
    let full_names = RwSignal::new(false);
    let attendance = RwSignal::new(None::<Attendance>);
    let counts = Memo::new(move |_| board.with(|board| board.as_ref().map(|board| board.counts)));
    Effect::new(move |_| {
        counts.track();
        let Some(id) = id().filter(|_| shown.get()) else { return };
        spawn_local(async move {
            if let Ok(found) = net::call::<GetAttendance>(&ById { id }, &Empty {}, &Empty {}).await {
                attendance.try_set(Some(found));
            }
        });
    });
    let toggle = Callback::new(move |()| shown.update(|shown| *shown = !*shown));
    let unmask = Callback::new(move |()| full_names.update(|full| *full = !*full));
    view! {
        <section class="board-list">
            <div class="row">
                <Button look=Look::Secondary size=Size::Small icon=Icon::People on_press=toggle>
                    {move || {
                        if shown.get() {
                            td_string!(locale, training.hide_missing)
                        } else {
                            td_string!(locale, training.show_missing)
                        }
                    }}
                </Button>
                <Show when=move || shown.get()>
                    <Button look=Look::Ghost size=Size::Small on_press=unmask>
                        {move || {
                            if full_names.get() {
                                td_string!(locale, training.mask_names)
                            } else {
                                td_string!(locale, training.show_names)
                            }
                        }}
                    </Button>
                </Show>
            </div>
            {move || {
                let list = attendance.get().filter(|_| shown.get())?;
                Some(view::missing(locale, &list, full_names.get()))
            }}
        </section>
    }
}

/// Back to the lesson, and the whole screen for the projector.
#[component]
fn BoardTools(state: AppState) -> impl IntoView {
    let locale = state.locale;
    let id = id_in_path();
    let up = move || id().map_or_else(|| "/training".to_owned(), |id| format!("/lessons/{id}"));
    let full_screen = Callback::new(move |()| {
        // A browser without full screen shows the board in its window.
        document().document_element().inspect(|root| drop(root.request_fullscreen()));
    });
    view! {
        <nav class="board-tools">
            <a class="button button-ghost button-small" href=up>
                {td_string!(locale, training.back_to_lesson)}
            </a>
            <IconButton icon=Icon::Board label=td_string!(locale, training.full_screen) on_press=full_screen />
        </nav>
    }
}

/// `/lessons/:id/attendance`
#[component]
pub fn AttendancePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let attendance = read::<GetAttendance>(state, move || id().map(|id| (ById { id }, Empty {})));
    let filter = Filter { status: RwSignal::new(String::new()), court: RwSignal::new(String::new()) };
    let up = id().map_or_else(|| "/training".to_owned(), |id| format!("/lessons/{id}"));
    view! {
        <TopBar locale title=td_string!(locale, training.attendance_title) up=up />
        <main class="page">
            <Loaded
                locale
                load=attendance.load
                on_retry=attendance.again
                draw=move |data: &Attendance| view::attendance(state.words(), data, filter)
            />
        </main>
    }
}
