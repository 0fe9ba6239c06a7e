//! Makes and ends the officer's calendar feeds.

use app::api::{ById, Empty};
use app::leave::feed::{CreateFeed, Feed, FeedKind, ListFeeds, NewFeed, RevokeFeed};
use leptos::prelude::*;

use super::feed_view::{self, FeedActions};
use crate::i18n::td_string;
use crate::kit::{Loaded, Tone, TopBar};
use crate::load::{act, complain, new_id, read};
use crate::net;
use crate::state::AppState;

/// `/subscriptions`
#[component]
pub fn FeedsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let reading = read::<ListFeeds>(state, || Some((Empty {}, Empty {})));
    let made = RwSignal::new(None::<(FeedKind, String)>);
    let busy = RwSignal::new(false);
    let make = Callback::new(move |kind: FeedKind| {
        act(busy, async move {
            let body = NewFeed { id: new_id(), kind };
            match net::call::<CreateFeed>(&Empty {}, &Empty {}, &body).await {
                Ok(feed) => {
                    let origin = window().location().origin().unwrap_or_default();
                    made.try_set(Some((kind, format!("{origin}{}", feed.path))));
                    reading.again.try_run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let end = Callback::new(move |feed: Feed| {
        act(busy, async move {
            match net::call::<RevokeFeed>(&ById { id: feed.id }, &Empty {}, &Empty {}).await {
                Ok(Empty {}) => {
                    made.try_set(None);
                    state.toasts.show(Tone::Good, td_string!(locale, feed.revoked));
                    reading.again.try_run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, feed.title) up="/me" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |feeds| {
                    let items = feeds.items.clone();
                    let draw = move || {
                        let actions = FeedActions { make, end };
                        made.with(|made| {
                            feed_view::feeds(state.words(), &items, made.as_ref(), busy.into(), actions)
                        })
                    };
                    view! { <div class="stack">{draw}</div> }.into_any()
                }
            />
        </main>
    }
}
