//! Days, half days, spans of them, and instants.
//!
//! A leave date is a calendar day and never an instant: a date typed on a phone in any time zone is the same date.
//! Instants exist for what really happened at a moment (a scan, a decision) and are kept in UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Weekday};

mod instant;
mod month;
mod span;
mod text;

pub use instant::{NotATimestamp, Timestamp, Zone};
pub use month::{Month, NotAMonth};
pub use span::{Half, HalfDay, Span};

use text::{fields, serde_as_text};

/// The minute of the day at which the morning ends and the afternoon begins.
pub const NOON: i32 = 12 * 60;

/// A calendar day; `YYYY-MM-DD` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day with this year, month (1-12) and day of the month; `None` where the calendar has none.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        (1900..=9998).contains(&year).then_some(())?;
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// The same day as the `time` crate's date, for the database layer.
    pub fn date(self) -> Date {
        self.0
    }

    /// The day that is `days` later (earlier when negative). Saturates at the ends of the calendar.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(Duration::days(days)))
    }

    /// The next day.
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The day before.
    pub fn previous(self) -> Self {
        self.plus(-1)
    }

    /// How many days `self` is after `other`; negative when before.
    pub fn days_since(self, other: Self) -> i64 {
        (self.0 - other.0).whole_days()
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month() as u8
    }

    /// The day of the month, 1 to 31.
    pub fn day_of_month(self) -> u8 {
        self.0.day()
    }

    /// The day in a Chinese sentence, whose year is plain from its place: 11月24日.
    pub fn text(self) -> String {
        format!("{}月{}日", self.month(), self.day_of_month())
    }

    /// Days after Monday: Monday is 0, Sunday is 6.
    pub fn days_from_monday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// Whether the day is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The same day of the year `years` later; 29 February becomes 28 February where there is none.
    pub fn plus_years(self, years: i32) -> Self {
        let year = self.year() + years;
        let date = Date::from_calendar_date(year, self.0.month(), self.0.day())
            .or_else(|_| Date::from_calendar_date(year, self.0.month(), 28));
        date.map_or(self, Self)
    }

    /// The first day of the following month.
    pub fn first_of_next_month(self) -> Self {
        let (year, month) = if self.month() == 12 { (self.year() + 1, 1) } else { (self.year(), self.month() + 1) };
        Self::new(year, month, 1).expect("the first of a month exists")
    }

    /// All days from `self` to `last`, both included; empty when `last` is earlier.
    pub fn through(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        (0..=last.days_since(self)).map(move |n| self.plus(n))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day_of_month())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not a day of the calendar written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a day written YYYY-MM-DD")
    }
}

impl std::error::Error for NotADay {}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let [year, month, date] = fields(text, [4, 2, 2], ['-', '-']).ok_or(NotADay)?;
        let (month, date) = (u8::try_from(month).map_err(|_| NotADay)?, u8::try_from(date).map_err(|_| NotADay)?);
        i32::try_from(year).ok().and_then(|year| Self::new(year, month, date)).ok_or(NotADay)
    }
}

serde_as_text!(Day);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> impl Strategy<Value = Day> {
        (0i64..60_000).prop_map(|n| Day::new(1970, 1, 1).expect("exists").plus(n))
    }

    proptest! {
        #[test]
        fn a_day_survives_its_text(day in day()) {
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["2026-02-30", "2026-2-3", "", "2026-11-23T00:00:00Z", "二〇二六年", "0000-00-00"] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
        assert_eq!(Day::new(2024, 2, 29).expect("leap").plus_years(1), Day::new(2025, 2, 28).expect("exists"));
    }
}
