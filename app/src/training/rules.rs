//! The windows of a lesson: one function decides, for the code, the board, the rating and every screen.

use serde::{Deserialize, Serialize};

use crate::day::Timestamp;

/// How long a rating stays open after the lesson has ended, in hours.
pub const RATING_HOURS: i64 = 48;

/// The times that a lesson is run by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonTimes {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends; not before it begins.
    pub ends_at: Timestamp,
    /// How many minutes before the beginning sign-in opens (签到提前).
    pub opens_before_minutes: i32,
    /// How many minutes after the beginning a sign-in becomes late (迟到界线).
    pub late_after_minutes: i32,
    /// When staff closed the rating by hand, if they did.
    pub rating_closed_at: Option<Timestamp>,
}

/// Where a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Sign-in has not opened yet.
    Upcoming,
    /// Sign-in is open and on time.
    OnTime,
    /// Sign-in is open and late.
    Late,
    /// The lesson is over.
    Over,
}

impl LessonTimes {
    /// When sign-in opens.
    pub fn opens_at(&self) -> Timestamp {
        self.starts_at.plus_minutes(-i64::from(self.opens_before_minutes))
    }

    /// The first instant that is late.
    pub fn late_from(&self) -> Timestamp {
        self.starts_at.plus_minutes(i64::from(self.late_after_minutes)).min(self.closes_at())
    }

    /// The first instant at which sign-in is over: the end of the lesson.
    pub fn closes_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Where the lesson is at an instant. Bounds are half-open: the instant at which a window opens is inside, the one
    /// at which it closes is outside.
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now < self.opens_at() {
            Phase::Upcoming
        } else if now < self.late_from() {
            Phase::OnTime
        } else if now < self.closes_at() {
            Phase::Late
        } else {
            Phase::Over
        }
    }

    /// When the rating ends: by hand, else [`RATING_HOURS`] after the lesson.
    pub fn rating_closes_at(&self) -> Timestamp {
        self.rating_closed_at.unwrap_or(self.ends_at.plus_minutes(RATING_HOURS * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn phases_come_in_order_and_leave_no_gap(
            length in 1i64..600, before in 0i32..240, late in 0i32..240, steps in proptest::collection::vec(0i64..50, 1..60),
        ) {
            let starts_at = Timestamp::from_millis(1_700_000_000_000);
            let lesson = LessonTimes {
                starts_at,
                ends_at: starts_at.plus_minutes(length),
                opens_before_minutes: before,
                late_after_minutes: late,
                rating_closed_at: None,
            };
            let order = |phase| match phase { Phase::Upcoming => 0, Phase::OnTime => 1, Phase::Late => 2, Phase::Over => 3 };
            let mut now = lesson.opens_at().plus_minutes(-10);
            let mut last = 0;
            for step in steps {
                now = now.plus_minutes(step);
                let at = order(lesson.phase(now));
                prop_assert!(at >= last);
                last = at;
            }
            prop_assert_ne!(lesson.phase(lesson.opens_at()), Phase::Upcoming);
            prop_assert_eq!(lesson.phase(lesson.closes_at()), Phase::Over);
        }
    }
}
