//! The rating form and the results, drawn from plain data.

use std::collections::BTreeMap;

use app::api::Code;
use app::rating::api::Results;
use app::rating::rules::{Dimension, Summary, TEXT_LIMIT};
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Bar, BarChart, Button, ButtonLink, Callout, Card, EmptyState, Field, Glyph, Icon, Look, Size, TextArea, Tone,
};

/// A dimension in words.
pub fn dimension_words(locale: Locale, dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Content => td_string!(locale, training.dimension_content),
        Dimension::Method => td_string!(locale, training.dimension_method),
        Dimension::Relevance => td_string!(locale, training.dimension_relevance),
        Dimension::Organisation => td_string!(locale, training.dimension_organisation),
    }
}

/// A score from 1 to 5 in words; anything else asks for one.
pub fn score_words(locale: Locale, score: u8) -> &'static str {
    match score {
        1 => td_string!(locale, training.score_1),
        2 => td_string!(locale, training.score_2),
        3 => td_string!(locale, training.score_3),
        4 => td_string!(locale, training.score_4),
        5 => td_string!(locale, training.score_5),
        _ => td_string!(locale, training.score_none),
    }
}

/// What is being filled in.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Each dimension's score; 0 while none is chosen.
    pub scores: [RwSignal<u8>; 4],
    /// What else there is to say.
    pub text: RwSignal<String>,
    /// What is wrong with it; empty when nothing is.
    pub error: RwSignal<String>,
}

impl Form {
    /// A form with these scores and this text in it.
    pub fn new(scores: &BTreeMap<Dimension, u8>, text: String) -> Self {
        Self {
            scores: Dimension::ALL.map(|dimension| RwSignal::new(scores.get(&dimension).copied().unwrap_or_default())),
            text: RwSignal::new(text),
            error: RwSignal::new(String::new()),
        }
    }

    /// The scores that are chosen.
    pub fn chosen(&self) -> BTreeMap<Dimension, u8> {
        let scores = Dimension::ALL.into_iter().zip(self.scores.map(|score| score.get()));
        scores.filter(|(_, score)| *score > 0).collect()
    }
}

/// What stands around the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFrame {
    /// The lesson's title.
    pub lesson: String,
    /// Who taught it.
    pub lecturer: String,
    /// Whether an earlier draft was found.
    pub restored: bool,
}

/// The form: the promise of anonymity first, then four rows of stars, then the text.
pub fn form(locale: Locale, frame: &FormFrame, form: Form, busy: Signal<bool>, on_submit: Callback<()>) -> AnyView {
    let rows = Dimension::ALL
        .into_iter()
        .zip(form.scores)
        .map(|(dimension, score)| stars(locale, dimension, score))
        .collect_view();
    let restored =
        frame.restored.then(|| view! { <p class="muted small">{td_string!(locale, training.draft_kept)}</p> });
    let incomplete = Signal::derive(move || form.scores.iter().any(|score| score.get() == 0));
    let hint = td_string!(locale, training.opinion_hint, limit = TEXT_LIMIT);
    let FormFrame { lesson, lecturer, .. } = frame.clone();
    view! {
        <div class="stack">
            <Card title=lesson>
                <p class="muted">{lecturer}</p>
                <Callout tone=Tone::Court>
                    <p>{td_string!(locale, training.rate_anonymous)}</p>
                    <p class="small">{td_string!(locale, training.rate_small)}</p>
                </Callout>
                {restored}
                {rows}
                <Field
                    label=td_string!(locale, training.opinion)
                    control="rating-text"
                    optional=td_string!(locale, common.optional)
                    hint=hint
                    error=form.error
                >
                    <TextArea id="rating-text" value=form.text max_length=TEXT_LIMIT />
                </Field>
                <Button size=Size::Wide busy=busy disabled=incomplete on_press=on_submit>
                    {td_string!(locale, training.submit_rating)}
                </Button>
            </Card>
        </div>
    }
    .into_any()
}

/// One dimension: five large stars, and the chosen score in words, so that colour says nothing alone.
fn stars(locale: Locale, dimension: Dimension, score: RwSignal<u8>) -> AnyView {
    let name = dimension_words(locale, dimension);
    let buttons = (1..=5u8)
        .map(|own| {
            let label = td_string!(
                locale,
                training.score_label,
                dimension = name,
                score = own,
                word = score_words(locale, own)
            );
            let lit = move || score.get() >= own;
            view! {
                <button
                    type="button"
                    class="star"
                    class:star-lit=lit
                    role="radio"
                    aria-checked=move || if score.get() == own { "true" } else { "false" }
                    aria-label=label
                    on:click=move |_| score.set(own)
                >
                    <Glyph icon=Icon::Star />
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="rating-row">
            <div class="row row-apart">
                <span class="strong">{name}</span>
                <span class="rating-word">{move || score_words(locale, score.get())}</span>
            </div>
            <div class="stars" role="radiogroup" aria-label=name>
                {buttons}
            </div>
        </div>
    }
    .into_any()
}

/// How a rating ended, or why it cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server has it.
    Received,
    /// It waits in the outbox.
    Queued,
    /// It cannot be given, with the rule's reason.
    Closed(Code),
}

/// The page after the form, or in its place.
pub fn ending(locale: Locale, ending: Ending, back: &str) -> AnyView {
    let (icon, title, detail) = match ending {
        Ending::Received => {
            (Icon::Check, td_string!(locale, training.rated_title), td_string!(locale, training.rated_detail))
        }
        Ending::Queued => (
            Icon::Outbox,
            td_string!(locale, training.rate_queued_title),
            td_string!(locale, training.rate_queued_detail),
        ),
        Ending::Closed(code) => {
            let why = match code {
                Code::RatingNotOpen => td_string!(locale, training.rating_not_open),
                Code::RatingClosed => td_string!(locale, training.rating_over),
                _ => td_string!(locale, training.not_attended),
            };
            (Icon::Clock, td_string!(locale, training.cannot_rate_title), why)
        }
    };
    let back = back.to_owned();
    view! {
        <EmptyState icon=icon title=title detail=detail>
            <ButtonLink href=back look=Look::Secondary>
                {td_string!(locale, training.back_to_lesson)}
            </ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// The results: nothing at all below the threshold, and the sentence why.
pub fn results(words: Words, data: &Results) -> AnyView {
    let locale = words.locale;
    let closed = td_string!(locale, training.closed_at, time = words.moment(data.closed_at));
    let Some(answers) = data.answers else {
        return view! {
            <EmptyState
                icon=Icon::Shield
                title=td_string!(locale, training.results_too_few, threshold = data.threshold)
                detail=td_string!(locale, training.results_too_few_detail)
            />
        }
        .into_any();
    };
    let cards = Dimension::ALL
        .into_iter()
        .map(|dimension| dimension_card(locale, dimension, data.dimensions.get(&dimension).copied().flatten()))
        .collect_view();
    let texts = data.texts.as_ref().map(|texts| opinions(locale, texts));
    let how_many = td_string!(locale, training.results_answers, answers, attended = data.attended);
    view! {
        <div class="stack">
            <Card>
                <p class="strong">{how_many}</p>
                <p class="muted small">{closed}</p>
            </Card>
            <div class="rating-cards">{cards}</div>
            {texts}
        </div>
    }
    .into_any()
}

fn dimension_card(locale: Locale, dimension: Dimension, summary: Option<Summary>) -> AnyView {
    let name = dimension_words(locale, dimension);
    let Some(summary) = summary else {
        return view! {
            <Card title=name>
                <p class="muted">{td_string!(locale, training.withheld)}</p>
            </Card>
        }
        .into_any();
    };
    let mean = td_string!(locale, training.mean, mean = hundredths(summary.mean_hundredths));
    let most = summary.counts.into_iter().max().unwrap_or_default();
    let bars = (1..=5u8)
        .zip(summary.counts)
        .rev()
        .map(|(score, count)| Bar {
            label: td_string!(locale, training.score_bar, score),
            value: u32::try_from(count).ok(),
            text: td_string!(locale, training.count_people, count),
        })
        .collect();
    let end = view! { <span class="strong">{mean}</span> }.into_any();
    view! {
        <Card title=name end=end>
            <BarChart label=name bars=bars max=u32::try_from(most).unwrap_or(u32::MAX) />
        </Card>
    }
    .into_any()
}

fn opinions(locale: Locale, texts: &[String]) -> AnyView {
    if texts.is_empty() {
        return view! { <p class="muted centre">{td_string!(locale, training.no_opinions)}</p> }.into_any();
    }
    let items = texts.iter().map(|text| view! { <li class="opinion">{text.clone()}</li> }).collect_view();
    view! {
        <Card title=td_string!(locale, training.opinions)>
            <p class="muted small">{td_string!(locale, training.opinions_order)}</p>
            <ul class="stack stack-tight">{items}</ul>
        </Card>
    }
    .into_any()
}

/// Hundredths as a number with two decimals: 437 is `4.37`.
fn hundredths(value: i64) -> String {
    format!("{}.{:02}", value / 100, value.rem_euclid(100))
}
