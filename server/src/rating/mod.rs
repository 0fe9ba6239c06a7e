//! Ratings of lessons, anonymous by construction.
//!
//! Who has rated (the receipt: no time) and what was answered (counters and texts: no person, no time, random keys)
//! never share a row, a transaction, a batch or a log line:
//!
//! 1. The answers are sealed and put into a buffer, under a tag that only the key file can compute from a receipt.
//! 2. In a transaction of its own the receipt is made, while the rating is open. It carries the request's id, so that
//!    sending again is no second rating.
//! 3. After the rating has ended, [`settle`] opens what receipts vouch for, shuffles it, counts it once, and empties
//!    the buffer.
//!
//! A crash between the steps loses nothing that was acknowledged: answers without a receipt were never acknowledged and
//! are dropped, and sending the same request again goes on where it stopped. Nothing here writes an audit row or logs
//! who rates: the receipt is the only trace.

pub mod store;

mod settle;

pub use settle::{settle, settle_due};

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::attendance::rules::Status;
use app::rating::api::{CloseRating, GetResults, Rate, RateLesson, Results};
use app::rating::rules::{Dimension, THRESHOLD, check_answers, may_rate, summarise};
use app::training::api::Part;
use rand::seq::SliceRandom;
use uuid::Uuid;

use crate::attendance;
use crate::audit::{self, Actor, Deed};
use crate::error::Failure;
use crate::mount::{Answer, Api, Call};
use crate::session::Caller;
use crate::state::AppState;
use crate::training::store as classes;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<RateLesson, _, _, _>(rate_lesson)
        .mount::<CloseRating, _, _, _>(close_rating)
        .mount::<GetResults, _, _, _>(get_results)
}

async fn rate_lesson(call: Call<RateLesson>) -> Result<Answer<app::api::Empty>, Failure> {
    let body = call.body()?;
    rate(&call.state, call.caller()?, call.path.id, &body).await?;
    Ok(app::api::Empty {}.into())
}

/// Rates a lesson. Used by the API and the plain page.
///
/// # Errors
/// [`Code::BadInput`], [`Code::NotFound`], and what [`may_rate`] refuses; [`Code::AlreadyRated`] when the same person
/// rated under another id. The same id succeeds again, also after the rating has ended.
pub async fn rate(state: &AppState, caller: &Caller, lesson: Uuid, body: &Rate) -> Result<(), Failure> {
    check_answers(&body.scores, &body.text).map_err(|(field, detail)| Failure::bad_input(field, detail))?;
    let read = state.database.read();
    let (row, class) = classes::lesson(read, lesson).await?.ok_or_else(|| Failure::not_found("这节课"))?;
    match store::receipt(read, lesson, caller.id).await? {
        Some(id) if id == body.id => return Ok(()),
        Some(_) => return Err(refusal(Code::AlreadyRated)),
        None => {}
    }
    let status = own_status(state, caller.id, lesson).await?;
    may_rate(&classes::times(&row, &class), status, state.now()).map_err(refusal)?;

    let tag = store::tag(&state.secrets, lesson, caller.id, body.id);
    let sealed = state.secrets.seal(&store::Answers::of(body).to_bytes()?);
    store::buffer(&state.database, lesson, &tag, sealed).await?;
    let facts = store::Facts { lesson, class: &class, officer: caller.id, request: body.id, status, now: state.now() };
    match store::make_receipt(&state.database, &facts).await? {
        Ok(()) => Ok(()),
        Err(code) => {
            // Nothing vouches for these answers; they must not wait in the buffer.
            store::unbuffer(&state.database, &tag).await?;
            Err(refusal(code))
        }
    }
}

async fn own_status(state: &AppState, officer: Uuid, lesson: Uuid) -> Result<Option<Status>, Failure> {
    let mine = attendance::store::of_officer(state.database.read(), officer, &[lesson]).await?;
    Ok(mine.get(&lesson).map(|(status, _)| *status))
}

/// The refusal of a rating, in words.
pub(crate) fn refusal(code: Code) -> Failure {
    let detail = match code {
        Code::NotSignedIn => "只有签到的学员才能评课；如签到有误请联系班主任",
        Code::RatingNotOpen => "课程结束后才能评课，请下课后再来",
        Code::RatingClosed => "评课已经结束，不能再提交",
        Code::AlreadyRated => "您已经评过这节课，每人只能评一次",
        _ => "现在不能评课，请稍后再试",
    };
    Problem::new(code, detail).into()
}

async fn close_rating(call: Call<CloseRating>) -> Result<Answer<app::api::Empty>, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let (row, class) = attendance::lesson_for(state, caller, Permission::RunLesson, call.path).await?;
    let now = state.now();
    let times = classes::times(&row, &class);
    if now < times.ends_at {
        return Err(Failure::new(Code::RatingNotOpen, "课程还没有结束，评课尚未开始，不能关闭"));
    }
    // Closing again, or after its time, changes nothing.
    if now < times.rating_closes_at() {
        let tx = state.database.begin().await?;
        if store::close(&tx, row.id, now).await? {
            let id = row.id.to_string();
            let deed = Deed { action: "rating.close", subject: "lesson", id: &id };
            audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, None::<&()>).await?;
        }
        tx.commit().await?;
    }
    settle(state, row.id).await?;
    Ok(app::api::Empty {}.into())
}

async fn get_results(call: Call<GetResults>) -> Result<Results, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let read = state.database.read();
    let none = || Failure::not_found("这节课的评课结果");
    let (row, class) = classes::lesson(read, call.path.id).await?.ok_or_else(none)?;
    let attends = classes::attends(read, caller.id, &[class.id]).await?.contains(&class.id);
    let part = classes::part(caller, &class, attends).ok_or_else(none)?;
    let closed_at = classes::times(&row, &class).rating_closes_at();
    if state.now() < closed_at {
        let zone = state.config.zone;
        let when = format!("{} {}", zone.day(closed_at), zone.clock(closed_at));
        return Err(Failure::new(Code::ResultsNotOpen, format!("评课结束后才公布结果，最迟 {when} 公布")));
    }
    if !row.ratings_counted {
        settle(state, row.id).await?;
    }
    let counts = store::counts(read, row.id).await?;
    // Each answer gives each dimension one score, so any of them says how many answered.
    let answers: i64 = counts.get(&Dimension::Content).map_or(0, |counts| counts.iter().sum());
    let shown = answers >= THRESHOLD;
    let texts = if shown && part != Part::Trainee {
        let mut texts = store::texts(read, row.id).await?;
        texts.shuffle(&mut rand::rng());
        Some(texts)
    } else {
        None
    };
    Ok(Results {
        attended: store::attended(read, row.id).await?,
        answers: shown.then_some(answers),
        threshold: THRESHOLD,
        closed_at,
        dimensions: Dimension::ALL
            .into_iter()
            .map(|dimension| (dimension, counts.get(&dimension).copied().and_then(summarise)))
            .collect(),
        texts,
    })
}
