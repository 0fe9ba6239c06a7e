//! The rating form as plain HTML, for browsers that cannot run the app.
//!
//! The server renders it with feature `ssr`. It posts `application/x-www-form-urlencoded`: `id` and, for each
//! dimension by its name on the wire, a score from 1 to 5, and `text`.

use std::collections::BTreeMap;

use app::rating::rules::{Dimension, TEXT_LIMIT};
use leptos::prelude::*;
use uuid::Uuid;

use super::view::{dimension_words, score_words};
use crate::i18n::{Locale, td_string};
use crate::kit::{Callout, Tone};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatePage {
    /// Where the form posts to, a path of this site.
    pub action: String,
    /// Made by the server for this form; a repeat with the same id is the same rating.
    pub id: Uuid,
    /// The lesson's title.
    pub lesson: String,
    /// Who taught it.
    pub lecturer: String,
    /// What was chosen before a mistake; empty at first.
    pub scores: BTreeMap<Dimension, u8>,
    /// What was written before a mistake; empty at first.
    pub text: String,
    /// What was wrong with the last try, in words; empty at first.
    pub error: String,
}

/// The form.
pub fn form(locale: Locale, page: &RatePage) -> AnyView {
    let rows = Dimension::ALL
        .into_iter()
        .map(|dimension| row(locale, dimension, page.scores.get(&dimension).copied()))
        .collect_view();
    let error = (!page.error.is_empty()).then(|| {
        let error = page.error.clone();
        view! {
            <div role="alert">
                <Callout tone=Tone::Bad>{error}</Callout>
            </div>
        }
    });
    let hint = td_string!(locale, training.opinion_hint, limit = TEXT_LIMIT);
    // Leptos writes the content of a text area as it is, and a text could end the element.
    let text = page.text.replace('&', "&amp;").replace('<', "&lt;");
    view! {
        <main class="login">
            <h1>{td_string!(locale, training.rate_title)}</h1>
            <p class="strong">{page.lesson.clone()}</p>
            <p class="muted">{page.lecturer.clone()}</p>
            <Callout tone=Tone::Court>{td_string!(locale, training.rate_anonymous)}</Callout>
            {error}
            <form method="post" action=page.action.clone() class="stack">
                <input type="hidden" name="id" value=page.id.to_string() />
                {rows}
                <label class="field">
                    <span class="field-label">{td_string!(locale, training.opinion)}</span>
                    <textarea class="field-input" name="text" rows="3" maxlength=TEXT_LIMIT.to_string()>
                        {text}
                    </textarea>
                    <span class="field-hint">{hint}</span>
                </label>
                <button class="button button-primary button-wide" type="submit">
                    {td_string!(locale, training.submit_rating)}
                </button>
            </form>
        </main>
    }
    .into_any()
}

fn row(locale: Locale, dimension: Dimension, chosen: Option<u8>) -> AnyView {
    let choices = (1..=5u8)
        .map(|score| {
            view! {
                <label class="plain-score">
                    <input
                        type="radio"
                        name=dimension.as_str()
                        value=score.to_string()
                        required=true
                        checked=chosen == Some(score)
                    />
                    <span>{score} " " {score_words(locale, score)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="plain-row">
            <legend class="strong">{dimension_words(locale, dimension)}</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

/// The page after the form: the receipt, or why the rating was not taken.
pub fn done(locale: Locale, refused: Option<&str>) -> AnyView {
    let (title, detail) = match refused {
        None => (td_string!(locale, training.rated_title), td_string!(locale, training.rated_detail).to_owned()),
        Some(why) => (td_string!(locale, training.cannot_rate_title), why.to_owned()),
    };
    view! {
        <main class="login">
            <h1>{title}</h1>
            <p>{detail}</p>
            <p class="centre">
                <a class="button button-secondary" href="/">
                    {td_string!(locale, common.go_home)}
                </a>
            </p>
        </main>
    }
    .into_any()
}
