//! What somebody may do with a request now, as buttons. Nothing is drawn that the server has not offered.

use app::approval::api::{OfferView, ProcessView};
use app::approval::process::Verb;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::{verb_meaning, verb_text};
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{Badge, Button, ButtonLink, CellButton, Icon, List, Look, Size, Tone};

/// What a press does; the page does it.
#[derive(Clone, Copy)]
pub struct OfferActions {
    /// Opens the form of an offer.
    pub act: Callback<OfferView>,
    /// Opens the sheet with the rarer ones.
    pub more: Callback<()>,
}

/// Whether an offer has a button of its own on the page; the others stand in 更多.
fn stands_alone(verb: Verb) -> bool {
    matches!(verb, Verb::Approve | Verb::Refuse | Verb::GiveBack | Verb::Resubmit | Verb::Withdraw | Verb::Urge)
}

/// The offers that stand in 更多, in the order of the engine.
pub fn rarer(offers: &[OfferView]) -> Vec<OfferView> {
    offers.iter().filter(|offer| !stands_alone(offer.verb)).cloned().collect()
}

/// The buttons of a request. 同意 and 不同意 stand beside each other, once for each task that can be decided;
/// `resubmit` is the page on which the form is changed and submitted again.
pub fn offer_buttons(words: Words, offers: &[OfferView], resubmit: &str, actions: OfferActions) -> AnyView {
    let locale = words.locale;
    let decisions = offers.iter().filter(|offer| offer.verb == Verb::Approve);
    let decisions = decisions.map(|approve| decision(words, offers, approve, actions)).collect_view();
    let can = |verb: Verb| offers.iter().find(|offer| offer.verb == verb);
    let button = |offer: &OfferView, look: Look| {
        let text = verb_text(locale, offer.verb);
        let press = press(actions, offer);
        view! {
            <Button look size=Size::Wide on_press=press>
                {text}
            </Button>
        }
        .into_any()
    };
    let opinions = offers.iter().filter(|offer| offer.verb == Verb::GiveBack);
    let opinions = opinions.map(|offer| button(offer, Look::Primary)).collect_view();
    let resubmit = can(Verb::Resubmit).map(|_| {
        let href = resubmit.to_owned();
        view! {
            <ButtonLink size=Size::Wide icon=Icon::Pen href=href>
                {td_string!(locale, approval.verb_resubmit)}
            </ButtonLink>
        }
    });
    let urge = can(Verb::Urge).map(|offer| button(offer, Look::Secondary));
    let withdraw = can(Verb::Withdraw).map(|offer| button(offer, Look::Danger));
    let more = offers.iter().any(|offer| !stands_alone(offer.verb)).then(|| {
        view! {
            <Button look=Look::Ghost size=Size::Wide on_press=actions.more>
                {td_string!(locale, approval.more)}
            </Button>
        }
    });
    view! {
        <div class="stack stack-tight">{decisions} {opinions} {resubmit} {urge} {withdraw} {more}</div>
    }
    .into_any()
}

fn press(actions: OfferActions, offer: &OfferView) -> Callback<()> {
    let offer = offer.clone();
    Callback::new(move |()| actions.act.run(offer.clone()))
}

fn decision(words: Words, offers: &[OfferView], approve: &OfferView, actions: OfferActions) -> AnyView {
    let locale = words.locale;
    let is_same = |offer: &&OfferView| offer.task == approve.task && offer.acting_for == approve.acting_for;
    let refuse = offers.iter().filter(|offer| offer.verb == Verb::Refuse).find(is_same);
    let acting = approve.acting_for.clone().map(|name| {
        let text = td_string!(locale, approval.acting_for, name);
        view! { <Badge tone=Tone::Court text /> }
    });
    let refuse = refuse.map(|offer| {
        let press = press(actions, offer);
        view! {
            <Button look=Look::Secondary on_press=press>
                {td_string!(locale, approval.refuse)}
            </Button>
        }
    });
    let press = press(actions, approve);
    view! {
        {acting}
        <div class="button-bar">
            {refuse}
            <Button on_press=press>{td_string!(locale, approval.approve)}</Button>
        </div>
    }
    .into_any()
}

/// The content of the sheet 更多.
pub fn more_offers(words: Words, process: &ProcessView, actions: OfferActions) -> AnyView {
    let locale = words.locale;
    let cells = rarer(&process.offers)
        .iter()
        .map(|offer| {
            let whose = match offer.verb {
                // Several signers may have been added, each of whom can be removed.
                Verb::Remove => offer.task.and_then(|task| officer_of(process, task)),
                _ => offer.acting_for.clone().map(|name| td_string!(locale, approval.acting_for, name)),
            };
            let verb = verb_text(locale, offer.verb);
            let title = whose.map_or_else(|| verb.to_owned(), |whose| format!("{verb} · {whose}"));
            view! { <CellButton title note=verb_meaning(locale, offer.verb) on_press=press(actions, offer) /> }
        })
        .collect_view();
    view! { <List>{cells}</List> }.into_any()
}

fn officer_of(process: &ProcessView, task: Uuid) -> Option<String> {
    let mut tasks = process.nodes.iter().flat_map(|node| &node.tasks);
    tasks.find(|other| other.id == task).map(|task| task.name.clone())
}
