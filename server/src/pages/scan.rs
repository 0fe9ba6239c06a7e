//! A scanned link: the landing page, the claim, the confirmation and its result.
//!
//! The GET of the link changes nothing on the server. It checks the code and leaves a claim in the browser that
//! scanned, which keeps the time of the scan for 120 s; logging in meanwhile costs nobody his place.

use std::sync::Arc;

use app::api::Code;
use app::attendance::api::SignedIn;
use app::attendance::rules::{Evidence, Facts, judge};
use app::day::Timestamp;
use axum::extract::{Extension, Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use frontend::scan::plain::{LandingPage, landing, result};
use frontend::scan::view::Outcome;
use serde::Deserialize;
use uuid::Uuid;

use super::{go_to_log_in, page, told, with_cookies, words};
use crate::attendance::claim::Claim;
use crate::attendance::code::{Codes, Link};
use crate::attendance::words::detail;
use crate::attendance::{Attempt, Source, store};
use crate::entity::{lesson, training_class};
use crate::error::Failure;
use crate::session::{Caller, Identity, cookie, read_cookie};
use crate::state::AppState;
use crate::training::store as classes;

/// Where the claim is confirmed.
const CONFIRM: &str = "/c/confirm";
/// Names the browser to the detectors of shared devices; random, and of no use for anything else.
const DEVICE: &str = "__Host-device";
/// How long a browser keeps its name, in seconds: a year.
const DEVICE_SECONDS: i64 = 365 * 24 * 3600;

/// Opens the link of a QR code.
pub(super) async fn open(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Response {
    let now = state.now();
    match check(&state, &token, now).await {
        Ok(lesson) => {
            let claim = Claim { lesson: lesson.0.id, scanned_at: now };
            let mut cookies = vec![claim.cookie(&state.secrets)];
            if read_cookie(&headers, DEVICE).is_none() {
                let name: [u8; 16] = rand::random();
                cookies.push(cookie(DEVICE, &BASE64URL_NOPAD.encode(&name), DEVICE_SECONDS));
            }
            with_cookies(land(&state, identity.caller, claim, &lesson).await, &cookies)
        }
        Err(failure) => refused(&state, failure, None),
    }
}

/// Shows the claim that the browser holds; whoever had to log in comes back to it.
pub(super) async fn show_claim(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    headers: HeaderMap,
) -> Response {
    match claimed(&state, &headers).await {
        Ok((claim, lesson)) => land(&state, identity.caller, claim, &lesson).await,
        Err(failure) => refused(&state, failure, None),
    }
}

type Lesson = (lesson::Model, training_class::Model);

/// Checks a link as it is opened; who is on the list is asked later, when it is known who he is.
async fn check(state: &AppState, token: &str, now: Timestamp) -> Result<Lesson, Failure> {
    let unknown = || refusal(state, Code::CodeInvalid, None, Source::Link, now);
    let link = Link::parse(token).ok_or_else(unknown)?;
    let lesson = classes::lesson(state.database.read(), link.lesson).await?.ok_or_else(unknown)?;
    let evidence = Codes::new(&state.secrets, link.lesson, state.config.code_seconds).judge_link(&link, now);
    // Of a lesson that the link does not prove, nothing is told.
    let known = (evidence != Evidence::Invalid).then_some(&lesson);
    let facts = Facts { times: classes::times(&lesson.0, &lesson.1), on_roster: true, evidence, received_at: now };
    judge(&facts).map_err(|code| refusal(state, code, known, Source::Link, now))?;
    Ok(lesson)
}

/// The claim of the request, while it is good.
async fn claimed(state: &AppState, headers: &HeaderMap) -> Result<(Claim, Lesson), Failure> {
    let now = state.now();
    let unknown = || {
        Failure::new(
            Code::CodeExpired,
            "没有找到本次扫码的记录：请重新扫描大屏幕上的二维码，并在同一个浏览器内完成签到",
        )
    };
    let claim = Claim::read(&state.secrets, headers).ok_or_else(unknown)?;
    let lesson = classes::lesson(state.database.read(), claim.lesson).await?.ok_or_else(unknown)?;
    let times = classes::times(&lesson.0, &lesson.1);
    let facts = Facts { times, on_roster: true, evidence: claim.evidence(), received_at: now };
    judge(&facts).map_err(|code| refusal(state, code, Some(&lesson), Source::Claim, now))?;
    Ok((claim, lesson))
}

fn refusal(state: &AppState, code: Code, lesson: Option<&Lesson>, source: Source, now: Timestamp) -> Failure {
    let lesson = lesson.map(|(lesson, class)| (lesson, classes::times(lesson, class)));
    Failure::new(code, detail(code, lesson, source, now, state.config.zone))
}

/// The landing page; the log-in page for who is not signed in; the result for who signed in to the lesson before.
async fn land(state: &AppState, caller: Option<Arc<Caller>>, claim: Claim, (lesson, class): &Lesson) -> Response {
    let Some(caller) = caller else { return go_to_log_in(CONFIRM) };
    match store::of_officer(state.database.read(), caller.id, &[lesson.id]).await {
        Ok(mine) => {
            if let Some((status, at)) = mine.get(&lesson.id).copied() {
                let (title, name) = (lesson.title.clone(), caller.name.clone());
                return done(state, SignedIn { lesson: lesson.id, title, name, status, at, first: false });
            }
        }
        Err(error) => return refused(state, error.into(), Some(lesson.id)),
    }
    let shown = LandingPage {
        action: CONFIRM.to_owned(),
        nonce: claim.nonce(&state.secrets),
        lesson: lesson.id,
        title: lesson.title.clone(),
        class_name: class.name.clone(),
        room: lesson.room.clone(),
        starts_at: Timestamp::from_millis(lesson.starts_at),
        ends_at: Timestamp::from_millis(lesson.ends_at),
        name: caller.name.clone(),
        officer: caller.officer.clone(),
        demo: state.demo,
    };
    page(StatusCode::OK, "确认签到", || landing(words(state), &shown))
}

/// What the landing page sends.
#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    #[serde(default)]
    nonce: Option<Uuid>,
    #[serde(default)]
    lesson: Option<Uuid>,
}

/// Signs in by the claim. Afterwards the claim is forgotten; a page that is loaded again is known by its nonce.
pub(super) async fn confirm(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    headers: HeaderMap,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let received_at = state.now();
    let Some(caller) = identity.caller else { return go_to_log_in(CONFIRM) };
    let claim =
        Claim::read(&state.secrets, &headers).filter(|claim| form.lesson.is_none_or(|lesson| lesson == claim.lesson));
    let nonce = form.nonce.or_else(|| claim.map(|claim| claim.nonce(&state.secrets)));
    let attempt = Attempt {
        officer: caller.id,
        name: caller.name.clone(),
        lesson: claim.map(|claim| claim.lesson).or(form.lesson),
        evidence: claim.map_or(Evidence::Invalid, |claim| claim.evidence()),
        source: if claim.is_some() { Source::Claim } else { Source::Nothing },
        nonce: nonce.unwrap_or_else(|| state.clock.new_id()),
        device: read_cookie(&headers, DEVICE).map(|name| format!("page-{}", name.chars().take(40).collect::<String>())),
        received_at,
        scanned_at: claim.map(|claim| claim.scanned_at),
    };
    let lesson = attempt.lesson;
    match state.sign_ins.sign_in(attempt).await {
        Ok(signed_in) => with_cookies(done(&state, signed_in), &[Claim::forgetting_cookie()]),
        Err(failure) => refused(&state, failure, lesson),
    }
}

fn done(state: &AppState, signed_in: SignedIn) -> Response {
    let lesson = signed_in.lesson;
    page(StatusCode::OK, "签到结果", || result(words(state), &Outcome::Done(signed_in), Some(lesson)))
}

fn refused(state: &AppState, failure: Failure, lesson: Option<Uuid>) -> Response {
    let (status, title, detail) = told(failure);
    page(status, "签到结果", || result(words(state), &Outcome::Refused { title, detail }, lesson))
}
