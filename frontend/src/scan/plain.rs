//! The pages of a scanned link as plain HTML: a trainee in the doorway waits for no download.
//!
//! The server renders them with feature `ssr`. Opening the link has minted the claim; only the button's POST signs in.

use app::day::Timestamp;
use leptos::prelude::*;
use uuid::Uuid;

use super::view::{self, Outcome};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Callout, Card, Facts, Tone};

/// What the landing page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandingPage {
    /// Where the button posts to, a path of this site; the body has `nonce` and `lesson`.
    pub action: String,
    /// Made by the server for this page; a second press with it is the same attempt.
    pub nonce: Uuid,
    /// The lesson's id.
    pub lesson: Uuid,
    /// The lesson's title.
    pub title: String,
    /// The class's name.
    pub class_name: String,
    /// The room.
    pub room: String,
    /// When the lesson begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The name of whoever is signed in.
    pub name: String,
    /// His 工号.
    pub officer: String,
    /// Says 演示.
    pub demo: bool,
}

/// The landing page of a scanned link: which lesson, as whom, and one large button.
pub fn landing(words: Words, page: &LandingPage) -> AnyView {
    let locale = words.locale;
    let time = format!(
        "{} {}–{}",
        words.day(words.zone.day(page.starts_at)),
        words.zone.clock(page.starts_at),
        words.zone.clock(page.ends_at)
    );
    let facts = vec![
        (td_string!(locale, scan.landing_class), page.class_name.clone()),
        (td_string!(locale, training.dates), time),
        (td_string!(locale, training.room), page.room.clone()),
    ];
    let whom = td_string!(locale, scan.landing_as, name = page.name.clone(), number = page.officer.clone());
    let demo = page.demo.then(|| view! { <Callout tone=Tone::Gold>{td_string!(locale, common.demo_banner)}</Callout> });
    view! {
        <main class="login">
            {demo}
            <h1>{td_string!(locale, scan.landing_title)}</h1>
            <Card title=page.title.clone()>
                <Facts facts />
            </Card>
            <form method="post" action=page.action.clone()>
                <input type="hidden" name="nonce" value=page.nonce.to_string() />
                <input type="hidden" name="lesson" value=page.lesson.to_string() />
                <p class="centre">{whom}</p>
                <button class="button button-primary button-wide" type="submit">
                    {td_string!(locale, scan.landing_confirm)}
                </button>
            </form>
            <p class="centre muted small">{td_string!(locale, scan.landing_claim)}</p>
            <p class="centre small">
                {td_string!(locale, scan.landing_not_you)} " "
                <a href="/login">{td_string!(locale, scan.landing_switch)}</a>
            </p>
        </main>
    }
    .into_any()
}

/// The result of a sign-in. `lesson` gives a way to the lesson's page where it is known.
pub fn result(words: Words, outcome: &Outcome, lesson: Option<Uuid>) -> AnyView {
    let locale = words.locale;
    let to_lesson = lesson.map(|lesson| {
        view! {
            <a class="button button-secondary" href=format!("/lessons/{lesson}")>
                {td_string!(locale, scan.to_lesson)}
            </a>
        }
    });
    let links = view! {
        {to_lesson}
        <a class="button button-secondary" href="/">
            {td_string!(locale, scan.landing_open_app)}
        </a>
    }
    .into_any();
    view! { <main class="result-page">{view::result(words, outcome, links)}</main> }.into_any()
}
