//! The pages that a browser navigates to: log-in, scanned links and the rating form as plain HTML forms that need no
//! script, and for everything else the shell of the app.

mod app_page;
mod feed;
mod log_in;
mod print;
mod rating;
mod scan;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use frontend::format::Words;
use frontend::i18n::Locale;
use leptos::prelude::{AnyView, Owner, RenderHtml};

use crate::error::Failure;
use crate::session::append_cookies;
use crate::shell;
use crate::state::AppState;

/// The largest form: a text of a thousand characters, percent-encoded, with room to spare.
const FORM_LIMIT: usize = 64 * 1024;

/// The routes of the pages. Whatever no other route answers is the app's.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/login", get(log_in::show).post(log_in::submit))
        .route("/activate", get(log_in::show_activation).post(log_in::submit_activation))
        .route("/logout", post(log_in::log_out))
        .route("/c/confirm", get(scan::show_claim).post(scan::confirm))
        .route("/c/{token}", get(scan::open))
        .route("/lessons/{id}/rate-plain", get(rating::show).post(rating::submit))
        .route("/feeds/{file}", get(feed::show))
        .route("/print/leave/{id}", get(print::leave))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .fallback(app_page::show)
}

/// The language of plain pages. The choice of another one is kept by the app in the browser, where the server does not
/// see it.
const LOCALE: Locale = Locale::zh_CN;

fn words(state: &AppState) -> Words {
    Words { locale: LOCALE, zone: state.config.zone, today: state.today() }
}

/// Renders a view into a plain page. `draw` runs under an owner of its own, so that nothing it makes outlives it.
fn page(status: StatusCode, title: &str, draw: impl FnOnce() -> AnyView) -> Response {
    let owner = Owner::new();
    let html = owner.with(|| draw().to_html());
    owner.cleanup();
    shell::plain_page(status, title, &html)
}

/// Goes on to an address of this site.
fn go(path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Goes to the log-in page, and comes back afterwards.
fn go_to_log_in(next: &str) -> Response {
    go(&format!("/login?next={}", app::api::percent(next)))
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    append_cookies(response.headers_mut(), cookies);
    response
}

/// The status that a failure goes out with, and what it tells the person: title and detail.
fn told(failure: Failure) -> (StatusCode, String, String) {
    let problem = failure.into_problem();
    (StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), problem.title, problem.detail)
}

/// A path of this site to go on to, or nothing: an address of another site, or one that a browser could take for one,
/// is no path.
fn local_path(next: &str) -> &str {
    let mut rest = next.chars();
    let local = rest.next() == Some('/')
        && !matches!(rest.next(), Some('/' | '\\'))
        && next.len() <= 1000
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if local { next } else { "" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_a_path_of_this_site_is_gone_on_to() {
        for path in ["/", "/c/confirm", "/lessons/1?x=%E4%B8%AD#a"] {
            assert_eq!(local_path(path), path);
        }
        let foreign = [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nb",
            "/\t/evil",
            "/中",
        ];
        for path in foreign {
            assert_eq!(local_path(path), "", "{path:?}");
        }
    }
}
