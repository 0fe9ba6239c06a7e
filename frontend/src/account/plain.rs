//! Log-in and activation as plain HTML forms: nobody is locked out by a browser that runs no script.
//!
//! The server renders these with feature `ssr`. The forms post `application/x-www-form-urlencoded` to `/login` and
//! `/activate`; what was typed as 工号 comes back after a mistake, a password never does.

use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Callout, Glyph, Icon, Tone};

/// What the log-in page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginPage {
    /// The 工号 that was typed before; empty at first.
    pub username: String,
    /// Where to go afterwards, a path of this site; empty for the first screen.
    pub next: String,
    /// What was wrong with the last try, in words; empty at first.
    pub error: String,
    /// Says 演示.
    pub demo: bool,
}

/// The log-in page: POST `/login` with `username`, `password`, `next`.
pub fn login(locale: Locale, page: &LoginPage) -> AnyView {
    let activate = with_next("/activate", &page.next);
    view! {
        <main class="login">
            {brand(locale)}
            {demo_note(locale, page.demo)}
            {error_note(&page.error)}
            <form method="post" action="/login">
                <input type="hidden" name="next" value=page.next.clone() />
                {field("username", "text", td_string!(locale, account.number), "username", &page.username)}
                {field("password", "password", td_string!(locale, account.password), "current-password", "")}
                <button class="button button-primary button-wide" type="submit">
                    {td_string!(locale, account.log_in)}
                </button>
            </form>
            <p class="centre">
                <a class="button button-ghost" href=activate>
                    {td_string!(locale, account.first_time)}
                </a>
            </p>
        </main>
    }
    .into_any()
}

/// What the activation page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivatePage {
    /// The 工号 that was typed before; empty at first.
    pub username: String,
    /// Where to go afterwards, a path of this site; empty for the first screen.
    pub next: String,
    /// What was wrong with the last try, in words; empty at first.
    pub error: String,
    /// Says 演示.
    pub demo: bool,
}

/// The activation page: POST `/activate` with `username`, `code`, `new_password`, `next`.
pub fn activate(locale: Locale, page: &ActivatePage) -> AnyView {
    let back = with_next("/login", &page.next);
    view! {
        <main class="login">
            {brand(locale)}
            {demo_note(locale, page.demo)}
            <p class="muted centre">{td_string!(locale, account.activate_intro)}</p>
            {error_note(&page.error)}
            <form method="post" action="/activate">
                <input type="hidden" name="next" value=page.next.clone() />
                {field("username", "text", td_string!(locale, account.number), "username", &page.username)}
                {field("code", "text", td_string!(locale, account.activation_code), "one-time-code", "")}
                {field("new_password", "password", td_string!(locale, account.new_password), "new-password", "")}
                <p class="field-hint">{td_string!(locale, account.password_rule)}</p>
                <button class="button button-primary button-wide" type="submit">
                    {td_string!(locale, account.activate)}
                </button>
            </form>
            <p class="centre">
                <a class="button button-ghost" href=back>
                    {td_string!(locale, account.have_password)}
                </a>
            </p>
        </main>
    }
    .into_any()
}

/// Why nobody can log in over plain http from another machine, and how to go on.
pub fn insecure_origin(locale: Locale) -> AnyView {
    view! {
        <main class="login">
            {brand(locale)}
            <Callout tone=Tone::Warn>
                <p class="strong">{td_string!(locale, account.insecure_title)}</p>
                <p>{td_string!(locale, account.insecure_why)}</p>
            </Callout>
            <ol class="stack stack-tight">
                <li>{td_string!(locale, account.insecure_officer)}</li>
                <li>{td_string!(locale, account.insecure_admin)}</li>
            </ol>
        </main>
    }
    .into_any()
}

fn brand(locale: Locale) -> AnyView {
    view! {
        <header class="login-brand">
            <Glyph icon=Icon::Court />
            <h1>{td_string!(locale, common.product)}</h1>
            <p class="muted small">{td_string!(locale, account.tagline)}</p>
        </header>
    }
    .into_any()
}

fn demo_note(locale: Locale, demo: bool) -> AnyView {
    if !demo {
        return ().into_any();
    }
    view! { <Callout tone=Tone::Gold>{td_string!(locale, common.demo_banner)}</Callout> }.into_any()
}

fn error_note(error: &str) -> AnyView {
    if error.is_empty() {
        return ().into_any();
    }
    let error = error.to_owned();
    view! {
        <div role="alert">
            <Callout tone=Tone::Bad>{error}</Callout>
        </div>
    }
    .into_any()
}

fn field(
    name: &'static str,
    kind: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    value: &str,
) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <input
                class="field-input"
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="off"
                required
                value=value.to_owned()
            />
        </div>
    }
    .into_any()
}

fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { format!("{path}?next={}", app::api::percent(next)) }
}
