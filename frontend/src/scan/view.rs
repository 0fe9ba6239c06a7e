//! The result of a sign-in, readable from an arm's length.

use app::attendance::api::SignedIn;
use app::attendance::rules::Status;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Glyph, Icon};

/// What became of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Signed in, now or before.
    Done(SignedIn),
    /// Not signed in.
    Refused {
        /// What happened, in a few words.
        title: String,
        /// What to do next.
        detail: String,
    },
}

/// The whole screen in one colour: green on time, amber late, red refused; a word and an icon say the same.
/// `links` are the ways on, buttons or links.
pub fn result(words: Words, outcome: &Outcome, links: AnyView) -> AnyView {
    let locale = words.locale;
    let (class, icon, title) = match outcome {
        Outcome::Done(done) if !done.first => ("result result-good", Icon::Check, td_string!(locale, scan.done_before)),
        Outcome::Done(done) if done.status == Status::Late => {
            ("result result-warn", Icon::Clock, td_string!(locale, scan.done_late))
        }
        Outcome::Done(_) => ("result result-good", Icon::Check, td_string!(locale, scan.done_on_time)),
        Outcome::Refused { .. } => ("result result-bad", Icon::Cross, td_string!(locale, scan.failed)),
    };
    let body = match outcome {
        Outcome::Done(done) => {
            let at = words.moment(done.at);
            let first = (!done.first).then(|| {
                let status = match done.status {
                    Status::Late => td_string!(locale, scan.done_late),
                    _ => td_string!(locale, scan.done_on_time),
                };
                view! { <p>{status}</p> }
            });
            let at = if done.first { at } else { td_string!(locale, scan.done_before_at, time = at) };
            view! {
                <p class="result-name">{done.name.clone()}</p>
                <p class="result-time">{at}</p>
                {first}
                <p class="result-lesson">{done.title.clone()}</p>
            }
            .into_any()
        }
        Outcome::Refused { title, detail } => view! {
            <p class="result-name">{title.clone()}</p>
            <p>{detail.clone()}</p>
        }
        .into_any(),
    };
    view! {
        <section class=class role="status">
            <span class="result-mark">
                <Glyph icon />
            </span>
            <h1>{title}</h1>
            {body}
            <div class="result-links">{links}</div>
        </section>
    }
    .into_any()
}
