//! Calendar feeds.

use app::leave::feed::{Feed, FeedKind};
use frontend::leave::feed_view::{FeedActions, feeds};
use leptos::prelude::*;

use crate::facts;
use crate::page::draw;

#[test]
fn an_address_is_shown_beside_what_it_opens() {
    let actions = || FeedActions { make: Callback::new(|_| ()), end: Callback::new(|_| ()) };
    let own = Feed { id: facts::id(1), kind: FeedKind::Own, made_at: facts::at(21, 9, 0) };
    let html = draw("feeds", || {
        let made = (FeedKind::Own, "https://court.example/feeds/0123456789abcdef.ics".to_owned());
        feeds(facts::words(), &[own], Some(&made), false.into(), actions())
    });
    assert_eq!(html.matches("/feeds/").count(), 1);
    insta::assert_snapshot!(html);
    let none = draw("feeds_none", || feeds(facts::words(), &[], None, false.into(), actions()));
    assert!(!none.contains("停用</"), "there is nothing to end: {none}");
}
