//! The app's shell with the session's boot data, for every address that is no file and no call.

use app::api::{BASE, Code, Problem};
use axum::Extension;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::{go_to_log_in, local_path};
use crate::account::boot;
use crate::error::problem_response;
use crate::session::Identity;
use crate::shell;
use crate::state::AppState;

/// Answers what no other route does: a problem below `/api`, 404 for a file that is not there, else the app.
pub(super) async fn show(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    method: Method,
    uri: Uri,
) -> Response {
    let path = uri.path();
    if path.starts_with("/api/") {
        let detail = format!("没有这个接口；接口列表见 /api/openapi.json，地址以 {BASE} 开头");
        return problem_response(&Problem::new(Code::NotFound, detail));
    }
    // A browser that asked for a script or a picture must not get a page.
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if is_file || !matches!(method, Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(caller) = identity.caller else {
        // Straight to the page that needs no download; the app would only find out later.
        return go_to_log_in(local_path(uri.path_and_query().map_or("/", |path| path.as_str())));
    };
    match serde_json::to_string(&boot(&state, Some(&caller))) {
        Ok(json) => shell::app_shell(Some(&json)),
        Err(error) => {
            tracing::error!(%error, "The boot data cannot be written.");
            shell::app_shell(None)
        }
    }
}
