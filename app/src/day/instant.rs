//! Instants, and the zone in which they are a day and an hour.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset};

use super::text::{fields, serde_as_text};
use super::{Day, Half, HalfDay, NOON};

/// An instant in UTC with a resolution of one millisecond; RFC 3339 on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant `seconds` later (earlier when negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The instant `minutes` later (earlier when negative).
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes * 60)
    }

    /// Whole seconds from `earlier` to `self`; negative when `self` is the earlier one.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(1000)
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc();
        write!(f, "{}T{:02}:{:02}:{:02}", Day(utc.date()), utc.hour(), utc.minute(), utc.second())?;
        match utc.millisecond() {
            0 => f.write_str("Z"),
            fraction => write!(f, ".{}Z", format!("{fraction:03}").trim_end_matches('0')),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not an instant in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp;

impl fmt::Display for NotATimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an instant in RFC 3339, like 2026-11-23T08:30:00+08:00")
    }
}

impl std::error::Error for NotATimestamp {}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        read_instant(text).ok_or(NotATimestamp)
    }
}

/// Reads `2026-11-23T08:30:00.250+08:00`; `T` and `Z` may be small, the fraction may have any number of digits.
fn read_instant(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_at_checked(10)?;
    let day: Day = day.parse().ok()?;
    let time = time.strip_prefix(['T', 't'])?;
    let (clock, rest) = time.split_at_checked(8)?;
    let [hour, minute, second] = fields(clock, [2, 2, 2], [':', ':'])?;
    let (millis, zone) = read_fraction(rest)?;
    // A leap second, 60, counts as the next second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let midnight = day.0.midnight().assume_utc().unix_timestamp();
    let seconds = midnight + i64::from(hour * 3600 + minute * 60 + second) - read_offset(zone)?;
    Some(Timestamp(seconds * 1000 + millis))
}

/// The milliseconds of a fraction of a second, where there is one, and what follows it.
fn read_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(fraction) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = fraction.find(|character: char| !character.is_ascii_digit()).unwrap_or(fraction.len());
    let digits = fraction.get(..end.min(3)).filter(|digits| !digits.is_empty())?;
    let scale = [100, 10, 1][digits.len() - 1];
    Some((digits.parse::<i64>().ok()? * scale, &fraction[end..]))
}

/// Seconds east of Greenwich: of `Z`, or of `+08:00`.
fn read_offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let east = text.strip_prefix('+');
    let [hours, minutes] = fields(east.or_else(|| text.strip_prefix('-'))?, [2, 2], [':'])?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours * 3600 + minutes * 60);
    Some(if east.is_some() { seconds } else { -seconds })
}

serde_as_text!(Timestamp);

/// The time zone of the whole installation: a fixed offset from UTC in minutes. China has one zone and no daylight
/// saving time, so an offset says everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Zone {
    /// Minutes east of Greenwich; 480 for Asia/Shanghai.
    pub offset_minutes: i32,
}

impl Zone {
    /// Asia/Shanghai, UTC+8 the whole year.
    pub const SHANGHAI: Self = Self { offset_minutes: 480 };

    fn offset(self) -> UtcOffset {
        UtcOffset::from_whole_seconds(self.offset_minutes * 60).unwrap_or(UtcOffset::UTC)
    }

    /// The calendar day of an instant in this zone.
    pub fn day(self, at: Timestamp) -> Day {
        Day(at.utc().to_offset(self.offset()).date())
    }

    /// The time of day of an instant in this zone, in minutes after midnight (0 to 1439).
    pub fn minute_of_day(self, at: Timestamp) -> i32 {
        let local = at.utc().to_offset(self.offset());
        i32::from(local.hour()) * 60 + i32::from(local.minute())
    }

    /// The instant of a day and a minute after midnight in this zone.
    pub fn at(self, day: Day, minute: i32) -> Timestamp {
        let midnight = day.0.midnight().assume_offset(self.offset());
        Timestamp(midnight.unix_timestamp() * 1000 + i64::from(minute) * 60_000)
    }

    /// The half day an instant falls in: before 12:00 is the morning.
    pub fn half_day(self, at: Timestamp) -> HalfDay {
        let half = if self.minute_of_day(at) < NOON { Half::Am } else { Half::Pm };
        HalfDay { date: self.day(at), half }
    }

    /// `HH:MM` of an instant in this zone.
    pub fn clock(self, at: Timestamp) -> String {
        let minute = self.minute_of_day(at);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_is_read_and_written_as_rfc_3339() {
        let check = |text: &str, written: &str| {
            assert_eq!(text.parse::<Timestamp>().expect(text).to_string(), written, "{text}");
        };
        check("2026-11-23T08:30:00+08:00", "2026-11-23T00:30:00Z");
        check("2026-11-23t00:30:00z", "2026-11-23T00:30:00Z");
        check("2026-11-22T23:30:00.250-01:30", "2026-11-23T01:00:00.25Z");
        check("2026-11-23T00:00:00.1239Z", "2026-11-23T00:00:00.123Z");
        check("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z");
        check("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T08:30:00",
            "2026-11-23 08:30:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T08:60:00Z",
            "2026-11-23T08:30:00.Z",
            "2026-11-23T08:30:00+8:00",
            "2026-11-23T08:30:00+0800",
            "2026-02-30T08:30:00Z",
            "2026-11-23T08:30:00Zz",
            "二〇二六年十一月",
            "2026-11-2３T08:30:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    fn day() -> impl Strategy<Value = Day> {
        (0i64..60_000).prop_map(|n| Day::new(1970, 1, 1).expect("exists").plus(n))
    }

    proptest! {
        #[test]
        fn a_local_day_and_minute_come_back_in_every_zone(day in day(), minute in 0i32..1440, quarters in -48i32..=56) {
            let zone = Zone { offset_minutes: quarters * 15 };
            let at = zone.at(day, minute);
            prop_assert_eq!((zone.day(at), zone.minute_of_day(at)), (day, minute));
            prop_assert_eq!(at.to_string().parse::<Timestamp>(), Ok(at));
        }
    }
}
