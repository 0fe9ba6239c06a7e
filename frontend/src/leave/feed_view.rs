//! The officer's calendar feeds, drawn from plain data.

use app::leave::feed::{Feed, FeedKind};
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Card, Look, Size, Tone};

/// What can be done with a feed.
#[derive(Clone, Copy, Debug)]
pub struct FeedActions {
    /// Makes one of a kind; an earlier one ends.
    pub make: Callback<FeedKind>,
    /// Ends one.
    pub end: Callback<Feed>,
}

/// Both kinds of feed: whether there is one, and what can be done. `made` is the address of the feed that was just
/// made, with its kind.
pub fn feeds(
    words: Words,
    items: &[Feed],
    made: Option<&(FeedKind, String)>,
    busy: Signal<bool>,
    actions: FeedActions,
) -> AnyView {
    let locale = words.locale;
    let cards = FeedKind::ALL
        .into_iter()
        .map(|kind| {
            let feed = items.iter().find(|feed| feed.kind == kind).copied();
            let address = made.filter(|(of, _)| *of == kind).map(|(_, address)| address.clone());
            card(words, kind, feed, address, busy, actions)
        })
        .collect_view();
    view! {
        <p class="muted">{td_string!(locale, feed.intro)}</p>
        {cards}
    }
    .into_any()
}

fn title(locale: Locale, kind: FeedKind) -> (&'static str, &'static str) {
    match kind {
        FeedKind::Own => (td_string!(locale, feed.own), td_string!(locale, feed.own_help)),
        FeedKind::Team => (td_string!(locale, feed.team), td_string!(locale, feed.team_help)),
    }
}

fn card(
    words: Words,
    kind: FeedKind,
    feed: Option<Feed>,
    address: Option<String>,
    busy: Signal<bool>,
    FeedActions { make, end }: FeedActions,
) -> AnyView {
    let locale = words.locale;
    let (title, help) = title(locale, kind);
    let made = feed.map(|feed| {
        let text = td_string!(locale, feed.made_at, at = words.moment(feed.made_at));
        view! { <p class="small muted">{text}</p> }
    });
    let shown = address.map(|address| {
        view! {
            <Callout tone=Tone::Gold>
                <p>{td_string!(locale, feed.once)}</p>
                <p class="feed-address">{address}</p>
            </Callout>
        }
    });
    let text = if feed.is_some() { td_string!(locale, feed.make_anew) } else { td_string!(locale, feed.make) };
    let revoke = feed.map(|feed| {
        view! {
            <Button
                look=Look::Danger
                size=Size::Small
                busy=busy
                on_press=Callback::new(move |()| end.run(feed))
            >
                {td_string!(locale, feed.revoke)}
            </Button>
        }
    });
    view! {
        <Card title=title>
            <p>{help}</p>
            {made}
            {shown}
            <div class="row">
                <Button
                    look=Look::Secondary
                    size=Size::Small
                    busy=busy
                    on_press=Callback::new(move |()| make.run(kind))
                >
                    {text}
                </Button>
                {revoke}
            </div>
        </Card>
    }
    .into_any()
}
