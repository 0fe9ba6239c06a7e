//! The board of a lesson: code, QR picture, counts; once, or as a stream of events.

use std::convert::Infallible;
use std::time::Duration;

use app::account::rules::Permission;
use app::api::{ById, Endpoint};
use app::attendance::api::{Board, GetBoard, Qr, WatchBoard};
use app::training::rules::{LessonTimes, Phase};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::response::sse::Event as Message;
use futures_util::{Stream, stream};
use qrcode::{Color, EcLevel, QrCode};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use uuid::Uuid;

use crate::attendance::code::Codes;
use crate::attendance::{lesson_for, store};
use crate::error::Failure;
use crate::events::{Event, STREAM_LASTS, stream_response};
use crate::mount::Call;
use crate::state::AppState;
use crate::training::store as classes;

/// How long sign-ins are gathered before the counts are shown again.
const GATHER: Duration = Duration::from_millis(200);
/// How often the counts are looked at anyway: leave that is approved meanwhile sends no event here.
const LOOK: Duration = Duration::from_secs(3);
/// Light modules around a QR code (ISO/IEC 18004 asks for four).
const QUIET: u32 = 4;

/// Shows the board once.
pub(super) async fn get_board(call: Call<GetBoard>) -> Result<Board, Failure> {
    Place::of(&call).await?.board(&call.state).await
}

/// Streams the board.
pub(super) async fn watch_board(call: Call<WatchBoard>) -> Result<Response, Failure> {
    let place = Place::of(&call).await?;
    // The receiver is there before the first look, so that nothing falls in between.
    let watch = Watch {
        events: call.state.events.watch(),
        state: call.state,
        place,
        shown: None,
        ends: Instant::now() + STREAM_LASTS,
    };
    Ok(stream_response(boards(watch)))
}

/// The lesson whose board it is.
struct Place {
    lesson: Uuid,
    class: Uuid,
    times: LessonTimes,
    origin: String,
}

impl Place {
    async fn of<E: Endpoint<Path = ById>>(call: &Call<E>) -> Result<Self, Failure> {
        let (lesson, class) = lesson_for(&call.state, call.caller()?, Permission::RunLesson, call.path).await?;
        Ok(Self {
            lesson: lesson.id,
            class: class.id,
            times: classes::times(&lesson, &class),
            origin: origin(&call.state, &call.headers),
        })
    }

    async fn board(&self, state: &AppState) -> Result<Board, Failure> {
        let half = state.config.zone.half_day(self.times.starts_at);
        let over = self.times.phase(state.now()) == Phase::Over;
        let counts = store::counts(state.database.read(), self.lesson, self.class, half, over).await?;
        // The clock is read after the query, so that the code is not older than it need be.
        let now = state.now();
        let codes = Codes::new(&state.secrets, self.lesson, state.config.code_seconds);
        let window = codes.window(now);
        let open = matches!(self.times.phase(now), Phase::OnTime | Phase::Late);
        let link = if open { format!("{}/c/{}", self.origin, codes.token(window)) } else { String::new() };
        Ok(Board {
            code: if open { codes.typed(window) } else { String::new() },
            qr: if open { Some(qr(&link)?) } else { None },
            link,
            window,
            remaining_ms: codes.remaining_millis(now),
            window_ms: codes.window_millis(),
            counts,
        })
    }
}

/// Draws a QR code: error correction M, for projectors and tired cameras.
fn qr(text: &str) -> Result<Qr, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Failure::internal)?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                let quiet = QUIET as usize;
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + quiet, y + quiet));
            }
            x += run.max(1);
        }
    }
    Ok(Qr { size: u32::try_from(width).map_err(Failure::internal)? + 2 * QUIET, path })
}

/// The address that phones reach the server by: configured, else the one that the board was opened at.
pub(crate) fn origin(state: &AppState, headers: &HeaderMap) -> String {
    if let Some(origin) = &state.config.origin {
        return origin.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if state.tls { "https" } else { "http" })
}

struct Watch {
    events: Receiver<Event>,
    state: AppState,
    place: Place,
    shown: Option<Board>,
    ends: Instant,
}

/// A message for each change of the code or the counts; ends when its time is up or the database fails.
fn boards(watch: Watch) -> impl Stream<Item = Result<Message, Infallible>> {
    stream::unfold(watch, |mut watch| async move {
        loop {
            if let Some(shown) = &watch.shown {
                wait(&mut watch.events, watch.place.lesson, shown.remaining_ms).await;
            }
            if Instant::now() >= watch.ends {
                return None;
            }
            // The browser comes back by itself and shows meanwhile what it has.
            let board = watch.place.board(&watch.state).await.ok()?;
            let changed = watch.shown.as_ref().is_none_or(|shown| {
                (shown.window, &shown.code, shown.counts) != (board.window, &board.code, board.counts)
            });
            let message = changed.then(|| Message::default().event("board").json_data(&board).ok()).flatten();
            watch.shown = Some(board);
            if let Some(message) = message {
                return Some((Ok(message), watch));
            }
        }
    })
}

/// Waits for the next window, the next look, or a sign-in to this lesson and those right after it.
async fn wait(events: &mut Receiver<Event>, lesson: Uuid, remaining_ms: i64) {
    let window = Duration::from_millis(u64::try_from(remaining_ms).unwrap_or(0).max(1));
    let deadline = Instant::now() + window.min(LOOK);
    loop {
        match tokio::time::timeout_at(deadline, events.recv()).await {
            Ok(Ok(Event::SignedIn(signed_in))) if signed_in != lesson => {}
            Ok(Ok(Event::Notices(_) | Event::Queued)) => {}
            Ok(Ok(Event::SignedIn(_) | Event::Missed) | Err(RecvError::Lagged(_))) => {
                tokio::time::sleep_until(deadline.min(Instant::now() + GATHER)).await;
                return;
            }
            // Nothing will be sent any more: the server is going down.
            Ok(Err(RecvError::Closed)) => return tokio::time::sleep_until(deadline).await,
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_has_its_quiet_zone_and_only_whole_modules() {
        let text = "https://fingertip.court.example/c/AAAAAAAAAAAAAAAAAAAAAA.179000000.AAAAAAAAAAAAAAAA";
        let drawn = qr(text).expect("fits");
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("fits");
        assert_eq!(drawn.size as usize, code.width() + 8);
        // Every dark module once: the runs of the path add up.
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let drawn: usize = drawn
            .path
            .split('h')
            .skip(1)
            .step_by(2)
            .filter_map(|run| run.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
    }
}
