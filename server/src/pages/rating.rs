//! The rating form as a plain page. Nothing here logs who rates.

use std::collections::{BTreeMap, HashMap};

use app::api::Code;
use app::rating::api::Rate;
use app::rating::rules::Dimension;
use axum::extract::{Extension, Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use frontend::rating::plain::{RatePage, done, form};
use uuid::Uuid;

use super::{LOCALE, go_to_log_in, page, told};
use crate::error::Failure;
use crate::rating::rate;
use crate::session::Identity;
use crate::state::AppState;
use crate::training::lesson;

const TITLE: &str = "一课一评";

fn address(lesson: Uuid) -> String {
    format!("/lessons/{lesson}/rate-plain")
}

/// Shows the form, or why there is none.
pub(super) async fn show(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    Path(id): Path<Uuid>,
) -> Response {
    let Some(caller) = identity.caller else { return go_to_log_in(&address(id)) };
    match lesson(&state, &caller, id).await {
        Ok(lesson) if lesson.can_rate => {
            let shown = RatePage {
                action: address(id),
                id: Uuid::new_v4(),
                lesson: lesson.title,
                lecturer: lesson.lecturer,
                scores: BTreeMap::new(),
                text: String::new(),
                error: String::new(),
            };
            page(StatusCode::OK, TITLE, || form(LOCALE, &shown))
        }
        Ok(lesson) => {
            let code = if lesson.my_rated {
                Code::AlreadyRated
            } else if lesson.my_at.is_none() {
                Code::NotSignedIn
            } else if lesson.rating_closed {
                Code::RatingClosed
            } else {
                Code::RatingNotOpen
            };
            refused(crate::rating::refusal(code))
        }
        Err(failure) => refused(failure),
    }
}

/// Takes the form. What was filled in comes back whole after a mistake and after a session that ended meanwhile: it is
/// gone only when it was taken.
pub(super) async fn submit(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    Path(id): Path<Uuid>,
    Form(fields): Form<HashMap<String, String>>,
) -> Response {
    let body = read(&fields);
    let Some(caller) = identity.caller else {
        let error = "登录已失效，填写的内容还在：请在新页面登录，再回到本页提交".to_owned();
        return again(StatusCode::UNAUTHORIZED, id, body, (String::new(), String::new()), error);
    };
    match rate(&state, &caller, id, &body).await {
        Ok(()) => page(StatusCode::OK, TITLE, || done(LOCALE, None)),
        Err(failure) if can_be_mended(&failure) => {
            let names = match lesson(&state, &caller, id).await {
                Ok(lesson) => (lesson.title, lesson.lecturer),
                Err(_) => (String::new(), String::new()),
            };
            let (status, _, error) = told(failure);
            again(status, id, body, names, error)
        }
        Err(failure) => refused(failure),
    }
}

fn read(fields: &HashMap<String, String>) -> Rate {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    Rate {
        id: field("id").parse().unwrap_or_else(|_| Uuid::new_v4()),
        scores: Dimension::ALL
            .into_iter()
            .filter_map(|dimension| Some((dimension, field(dimension.as_str()).parse().ok()?)))
            .collect(),
        // A browser sends line ends as CR LF; a text area shows them again as they are.
        text: field("text").replace("\r\n", "\n"),
    }
}

/// Whether sending the form again, mended or later, can succeed.
fn can_be_mended(failure: &Failure) -> bool {
    match failure {
        Failure::Problem(problem) => matches!(problem.code, Code::BadInput | Code::RatingNotOpen),
        Failure::Again(_) | Failure::Internal(_) => true,
    }
}

fn again(status: StatusCode, id: Uuid, body: Rate, (lesson, lecturer): (String, String), error: String) -> Response {
    let Rate { id: request, scores, text } = body;
    let shown = RatePage { action: address(id), id: request, lesson, lecturer, scores, text, error };
    page(status, TITLE, || form(LOCALE, &shown))
}

fn refused(failure: Failure) -> Response {
    let (status, _, detail) = told(failure);
    page(status, TITLE, || done(LOCALE, Some(&detail)))
}
