//! The app's shell with the session's boot data, for every address that is no file and no call.

use app::account::api::FirstRead;
use app::api::{BASE, Code, Empty, Problem, url};
use app::home::GetHome;
use axum::Extension;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::{go_to_log_in, local_path};
use crate::account::boot;
use crate::error::problem_response;
use crate::session::{Caller, Identity};
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
    let mut boot = boot(&state, Some(&caller));
    if path == "/" {
        boot.first = first_read(&state, &caller).await;
    }
    match serde_json::to_string(&boot) {
        Ok(json) => shell::app_shell(path, Some(&json)),
        Err(error) => {
            tracing::error!(%error, "The boot data cannot be written.");
            shell::app_shell(path, None)
        }
    }
}

/// The home screen's data. Without them the app asks by itself, so a failure here is no failure of the page.
async fn first_read(state: &AppState, caller: &Caller) -> Option<FirstRead> {
    let home = crate::home::home(state, caller).await.inspect_err(|failure| {
        tracing::warn!(%failure, "The first screen's data were left out of the shell.");
    });
    Some(FirstRead { address: url::<GetHome>(&Empty {}, &Empty {}), reply: serde_json::to_value(home.ok()?).ok()? })
}
