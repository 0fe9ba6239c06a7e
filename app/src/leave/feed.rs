//! Leave as a calendar feed (iCalendar, RFC 5545), which a phone's own calendar subscribes to.
//!
//! A feed is opened by whoever has its address. So it says as little as it can: of the officer himself that he is on
//! leave (请假), of his department who is not at work (姓名 不在岗), never a type, a reason or a place.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById};
use crate::day::{Day, Half, HalfDay, Span, Timestamp};
use crate::endpoint;

/// How many days back a feed reaches.
pub const DAYS_BACK: i64 = 31;
/// How many days ahead a feed reaches: a year of one's own leave, so that a trip planned for next summer is there.
pub const DAYS_AHEAD: i64 = 366;

/// When the morning of a half day begins and ends, in minutes after midnight. Courts differ by half an hour and by
/// season; a half day in a calendar needs some hours to stand at.
pub const MORNING: (i32, i32) = (9 * 60, 12 * 60);
/// When the afternoon begins and ends, in minutes after midnight.
pub const AFTERNOON: (i32, i32) = (14 * 60, 18 * 60);

/// What a feed shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// The officer's own leave.
    Own,
    /// Who of his department is not at work.
    Team,
}

impl FeedKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Own, Self::Team];

    /// The kind's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
        }
    }

    /// The kind of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A part of a leave as calendars know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Whole days, both included.
    Days(Day, Day),
    /// One half day.
    Half(HalfDay),
}

/// A stretch of half days as entries of a calendar: a half day at either end by itself, whole days between as one.
pub fn entries(span: Span) -> Vec<Entry> {
    let (mut first, mut last) = (span.from(), span.to());
    let mut found = Vec::new();
    let mut at_end = None;
    if first.half == Half::Pm {
        found.push(Entry::Half(first));
        first = first.next();
    }
    if last.half == Half::Am && first <= last {
        at_end = Some(Entry::Half(last));
        last = last.previous();
    }
    if first <= last {
        found.push(Entry::Days(first.date, last.date));
    }
    found.extend(at_end);
    found
}

/// Makes a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFeed {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// What it shows.
    pub kind: FeedKind,
}

/// A feed that was just made, with its address: shown now and never again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeFeed {
    /// The feed.
    pub feed: Feed,
    /// Its path on this server, with the token: `/feeds/<token>.ics`. Whoever has it reads the feed.
    pub path: String,
}

/// A feed of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feed {
    /// Its id.
    pub id: Uuid,
    /// What it shows.
    pub kind: FeedKind,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The caller's feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feeds {
    /// Those that can be read, at most one of each kind.
    pub items: Vec<Feed>,
}

endpoint! {
    /// Lists the caller's calendar feeds, without their addresses.
    ListFeeds: Get "/leave/feeds", "list_feeds", Access::Own;
    reply: Feeds;
}
endpoint! {
    /// Makes a calendar feed and shows its address this once. An earlier feed of the same kind ends with it.
    CreateFeed: Post "/leave/feeds", "create_feed", Access::Own;
    body: NewFeed;
    reply: MadeFeed;
    problems: IdReused, WrongState;
}
endpoint! {
    /// Ends a calendar feed at once.
    RevokeFeed: Delete "/leave/feeds/{id}", "revoke_feed", Access::Own;
    path: ById;
    problems: NotFound;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn half(n: i64) -> HalfDay {
        let date = Day::new(2026, 11, 1).expect("exists").plus(n.div_euclid(2));
        if n.rem_euclid(2) == 0 { HalfDay::am(date) } else { HalfDay::pm(date) }
    }

    fn covered(entries: &[Entry]) -> Vec<HalfDay> {
        let span = |entry: &Entry| match *entry {
            Entry::Half(at) => Span::new(at, at),
            Entry::Days(first, last) => Span::days(first, last),
        };
        entries.iter().flat_map(|entry| span(entry).expect("in order").half_days()).collect()
    }

    proptest! {
        #[test]
        fn entries_say_each_half_day_once_and_in_order(first in 0i64..100, length in 0i64..60) {
            let span = Span::new(half(first), half(first + length)).expect("in order");
            let entries = entries(span);
            prop_assert_eq!(covered(&entries), span.half_days().collect::<Vec<_>>());
            prop_assert!(entries.len() <= 3);
        }
    }

    #[test]
    fn half_days_stand_at_either_end() {
        let day = |n: i64| half(2 * n).date;
        let of = |from, to| entries(Span::new(half(from), half(to)).expect("in order"));
        assert_eq!(of(0, 1), [Entry::Days(day(0), day(0))]);
        assert_eq!(of(0, 0), [Entry::Half(half(0))]);
        assert_eq!(of(1, 2), [Entry::Half(half(1)), Entry::Half(half(2))]);
        assert_eq!(of(1, 6), [Entry::Half(half(1)), Entry::Days(day(1), day(2)), Entry::Half(half(6))]);
    }
}
