//! Calendar feeds by their address, without log-in.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::leave::feed;
use crate::state::AppState;

/// Calendar apps ask as often as they like, and most heed this: an hour. Nobody in between keeps a copy.
const KEEP: &str = "private, max-age=3600";

/// A feed. An unknown token, an ended feed and an owner who has left are all the same 404.
pub(super) async fn show(State(state): State<AppState>, Path(file): Path<String>) -> Response {
    let Some(token) = file.strip_suffix(".ics") else { return missing() };
    match feed::read(&state, token).await {
        Ok(Some(text)) => {
            let mut response = text.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEEP));
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            response
        }
        Ok(None) => missing(),
        Err(error) => {
            tracing::error!(%error, "A calendar feed cannot be read.");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn missing() -> Response {
    let mut response = (StatusCode::NOT_FOUND, "没有这个日历订阅，或它已停用").into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
