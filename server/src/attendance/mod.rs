//! Sign-in to lessons: the rotating code, the board that shows it, the queue that commits, the list of who was there.

pub mod board;
pub mod claim;
pub mod code;
pub mod store;
pub mod words;

mod batch;
mod queue;

pub use queue::{Attempt, SignInQueue, Source};

use std::collections::HashMap;

use app::account::rules::Permission;
use app::api::ById;
use app::attendance::api::{
    Attendance, AttendanceRow, CreateSignIn, GetAttendance, GetBoard, SignIn, SignedIn, WatchBoard,
};
use app::attendance::rules::{Evidence, Status, without_sign_in};
use app::day::Timestamp;
use app::training::rules::{LessonTimes, Phase};
use axum::http::HeaderMap;
use uuid::Uuid;

use crate::attendance::claim::Claim;
use crate::attendance::code::{Codes, Link};
use crate::entity::{lesson, training_class};
use crate::error::Failure;
use crate::mount::{Api, Call, not_allowed};
use crate::session::Caller;
use crate::state::AppState;
use crate::training::store::{self as classes, Mine};

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<GetBoard, _, _, _>(board::get_board)
        .mount_response::<WatchBoard, _, _>(board::watch_board)
        .mount::<GetAttendance, _, _, _>(get_attendance)
        .mount::<CreateSignIn, _, _, _>(create_sign_in)
}

/// A lesson that the caller runs, or whose attendance he may see.
///
/// # Errors
/// [`app::api::Code::NotFound`], [`app::api::Code::NotAllowed`].
pub async fn lesson_for(
    state: &AppState,
    caller: &Caller,
    permission: Permission,
    ById { id }: ById,
) -> Result<(lesson::Model, training_class::Model), Failure> {
    let (lesson, class) =
        classes::lesson(state.database.read(), id).await?.ok_or_else(|| Failure::not_found("这节课"))?;
    if !caller.may_for_class(permission, class.id, class.court_id) {
        return Err(not_allowed());
    }
    Ok((lesson, class))
}

async fn get_attendance(call: Call<GetAttendance>) -> Result<Attendance, Failure> {
    let state = &call.state;
    let (lesson, class) = lesson_for(state, call.caller()?, Permission::ReadAttendance, call.path).await?;
    let times = classes::times(&lesson, &class);
    let now = state.now();
    let half = state.config.zone.half_day(times.starts_at);
    let read = state.database.read();
    let counts = store::counts(read, lesson.id, class.id, half, times.phase(now) == Phase::Over).await?;
    let rows = store::roster(read, lesson.id, class.id, half).await?;
    let mut devices: HashMap<String, u32> = HashMap::new();
    for device in rows.iter().filter_map(|row| row.device.as_ref()) {
        *devices.entry(device.clone()).or_default() += 1;
    }
    let rows = rows.into_iter().map(|row| attendance_row(row, &times, now, &devices)).collect();
    Ok(Attendance { counts, rows })
}

fn attendance_row(
    row: store::RosterRow,
    times: &LessonTimes,
    now: Timestamp,
    devices: &HashMap<String, u32>,
) -> AttendanceRow {
    let signed_in = row.status.as_deref().and_then(Status::parse);
    AttendanceRow {
        status: signed_in.unwrap_or_else(|| without_sign_in(times, row.on_leave != 0, now)),
        at: row.at.map(Timestamp::from_millis),
        shared_device: row.device.is_some_and(|device| devices.get(&device).is_some_and(|people| *people > 1)),
        officer: row.number,
        name: row.name,
        court: row.court,
        group: row.group_name,
    }
}

async fn create_sign_in(call: Call<CreateSignIn>) -> Result<SignedIn, Failure> {
    let received_at = call.state.now();
    let caller = call.caller()?;
    let body = call.body()?;
    let found = evidence(&call.state, &call.headers, caller, &body, received_at).await?;
    let attempt = Attempt {
        officer: caller.id,
        name: caller.name.clone(),
        lesson: found.lesson,
        evidence: found.evidence,
        source: found.source,
        nonce: body.nonce,
        device: call.device(),
        received_at,
        scanned_at: body.scanned_at,
    };
    call.state.sign_ins.sign_in(attempt).await
}

/// What a sign-in brings along.
struct Found {
    lesson: Option<Uuid>,
    evidence: Evidence,
    source: Source,
}

/// Finds out what the body or the cookie proves: the link first, then the typed code, then the claim.
async fn evidence(
    state: &AppState,
    headers: &HeaderMap,
    caller: &Caller,
    body: &SignIn,
    at: Timestamp,
) -> Result<Found, Failure> {
    let codes = |lesson: Uuid| Codes::new(&state.secrets, lesson, state.config.code_seconds);
    if let Some(text) = body.link.as_deref().filter(|text| !text.trim().is_empty()) {
        let Some(link) = Link::parse(text) else {
            return Ok(Found { lesson: body.lesson, evidence: Evidence::Invalid, source: Source::Link });
        };
        // Whoever means another lesson than the link's is not signed in to either by mistake.
        let meant = body.lesson.is_none_or(|lesson| lesson == link.lesson);
        let evidence = if meant { codes(link.lesson).judge_link(&link, at) } else { Evidence::Invalid };
        return Ok(Found { lesson: Some(body.lesson.unwrap_or(link.lesson)), evidence, source: Source::Link });
    }
    if let Some(code) = body.code.as_deref().filter(|code| !code.trim().is_empty()) {
        let candidates = match body.lesson {
            Some(lesson) => vec![lesson],
            None => lessons_around(state, caller.id, at).await?,
        };
        let judged: Vec<_> = candidates.into_iter().map(|id| (id, codes(id).judge_typed(code, at))).collect();
        // The lesson that the code is fresh for, else the one it was for, else nobody knows.
        let best = [Evidence::Fresh, Evidence::Expired]
            .into_iter()
            .find_map(|worth| judged.iter().find(|(_, evidence)| *evidence == worth).copied());
        let (lesson, evidence) = match best {
            Some((lesson, evidence)) => (Some(lesson), evidence),
            None => (body.lesson.or_else(|| judged.first().map(|(lesson, _)| *lesson)), Evidence::Invalid),
        };
        return Ok(Found { lesson, evidence, source: Source::Typed });
    }
    let claim = Claim::read(&state.secrets, headers);
    Ok(match claim.filter(|claim| body.lesson.is_none_or(|lesson| lesson == claim.lesson)) {
        Some(claim) => Found { lesson: Some(claim.lesson), evidence: claim.evidence(), source: Source::Claim },
        None => Found { lesson: body.lesson, evidence: Evidence::Invalid, source: Source::Nothing },
    })
}

/// The lessons of an officer that a typed code without a lesson may be of: under way, just over, or about to begin.
async fn lessons_around(state: &AppState, officer: Uuid, at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    const AROUND_MINUTES: i64 = 4 * 60;
    let (from, to) = (at.plus_minutes(-AROUND_MINUTES), at.plus_minutes(AROUND_MINUTES));
    let rows = classes::lessons_between(state.database.read(), officer, Mine::Attended, from, to).await?;
    Ok(rows.into_iter().map(|lesson| lesson.id).collect())
}
