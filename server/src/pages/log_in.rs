//! Log-in, activation and log-out as plain pages.

use app::account::api::{Activate, Login, SessionMode};
use app::api::Code;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use frontend::account::plain::{ActivatePage, LoginPage, activate, insecure_origin, login};
use serde::Deserialize;

use super::{LOCALE, go, local_path, page, told, with_cookies};
use crate::account;
use crate::attendance::claim::Claim;
use crate::error::Failure;
use crate::session::{self, Identity, keeps_cookies};
use crate::state::AppState;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// Shows the log-in form. Who is signed in and only passes through goes on; who comes without a place to go to wants to
/// change the account.
pub(super) async fn show(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    headers: HeaderMap,
    Query(Next { next }): Query<Next>,
) -> Response {
    let next = local_path(&next);
    if identity.caller.is_some() && !next.is_empty() {
        return go(next);
    }
    if !keeps_cookies(&state, &headers) {
        return insecure();
    }
    // Whoever scanned a code and changes the account comes back to his claim.
    let claim = Claim::read(&state.secrets, &headers).filter(|claim| claim.seconds_left(state.now()) > 0);
    let next = if next.is_empty() && claim.is_some() { "/c/confirm" } else { next };
    let form = LoginPage { next: next.to_owned(), demo: state.demo, ..LoginPage::default() };
    page(StatusCode::OK, "登录", || login(LOCALE, &form))
}

/// What the log-in form sends.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in and goes on; after a mistake the form comes back with the 工号 and never with the password.
pub(super) async fn submit(State(state): State<AppState>, headers: HeaderMap, Form(form): Form<LoginForm>) -> Response {
    let next = local_path(&form.next).to_owned();
    let attempt = Login { username: form.username.clone(), password: form.password, mode: SessionMode::Cookie };
    match account::sign_in(&state, &headers, attempt).await {
        Ok((cookies, _)) => with_cookies(go(if next.is_empty() { "/" } else { &next }), &cookies),
        Err(failure) if is_insecure(&failure) => insecure(),
        Err(failure) => {
            let (status, _, error) = told(failure);
            let form = LoginPage { username: form.username, next, error, demo: state.demo };
            page(status, "登录", || login(LOCALE, &form))
        }
    }
}

/// Shows the activation form.
pub(super) async fn show_activation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(Next { next }): Query<Next>,
) -> Response {
    if !keeps_cookies(&state, &headers) {
        return insecure();
    }
    let form = ActivatePage { next: local_path(&next).to_owned(), demo: state.demo, ..ActivatePage::default() };
    page(StatusCode::OK, "首次登录", || activate(LOCALE, &form))
}

/// What the activation form sends.
#[derive(Deserialize)]
pub(super) struct ActivationForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    new_password: String,
    #[serde(default)]
    next: String,
}

/// Turns the code into a password, signs in and goes on.
pub(super) async fn submit_activation(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(form): Form<ActivationForm>,
) -> Response {
    let next = local_path(&form.next).to_owned();
    let attempt = Activate {
        username: form.username.clone(),
        code: form.code,
        new_password: form.new_password,
        mode: SessionMode::Cookie,
    };
    match account::activate(&state, &headers, attempt).await {
        Ok((cookies, _)) => with_cookies(go(if next.is_empty() { "/" } else { &next }), &cookies),
        Err(failure) if is_insecure(&failure) => insecure(),
        Err(failure) => {
            let (status, _, error) = told(failure);
            let form = ActivatePage { username: form.username, next, error, demo: state.demo };
            page(status, "首次登录", || activate(LOCALE, &form))
        }
    }
}

/// Ends the session and shows the log-in page. The claim goes with it: it was scanned by whoever logs out.
pub(super) async fn log_out(State(state): State<AppState>, Extension(identity): Extension<Identity>) -> Response {
    if let Some(caller) = identity.caller
        && let Err(failure) = session::revoke(&state, &caller, caller.session).await
    {
        let (status, title, detail) = told(failure);
        let form = LoginPage { error: detail, demo: state.demo, ..LoginPage::default() };
        return page(status, &title, || login(LOCALE, &form));
    }
    let mut cookies = session::forgetting_cookies();
    cookies.push(Claim::forgetting_cookie());
    with_cookies(go("/login"), &cookies)
}

fn is_insecure(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.code == Code::InsecureOrigin)
}

fn insecure() -> Response {
    page(StatusCode::FORBIDDEN, "需要安全连接", || insecure_origin(LOCALE))
}
