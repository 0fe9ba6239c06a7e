//! Days, half days, spans of them, and instants.
//!
//! A leave date is a calendar day and never an instant: a date typed on a phone in any time zone is the same date.
//! Instants exist for what really happened at a moment (a scan, a decision) and are kept in UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, UtcOffset, Weekday};

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

/// Reads numbers of fixed widths with fixed characters between them. The parser of `time` can read any format, and
/// would take 30 KB of the phone's download for the two that cross the wire.
fn fields<const N: usize, const BETWEEN: usize>(
    text: &str,
    widths: [usize; N],
    between: [char; BETWEEN],
) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut rest = text;
    for (position, (number, width)) in numbers.iter_mut().zip(widths).enumerate() {
        let digits = rest.get(..width).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = digits.parse().ok()?;
        rest = &rest[width..];
        if let Some(between) = between.get(position) {
            rest = rest.strip_prefix(*between)?;
        }
    }
    rest.is_empty().then_some(numbers)
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

serde_as_text!(Day);
serde_as_text!(Timestamp);

/// Half of a working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The morning.
    Am,
    /// The afternoon.
    Pm,
}

/// One half of one day: the smallest piece of leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HalfDay {
    /// The day.
    pub date: Day,
    /// Morning or afternoon.
    pub half: Half,
}

impl HalfDay {
    /// The morning of a day.
    pub fn am(date: Day) -> Self {
        Self { date, half: Half::Am }
    }

    /// The afternoon of a day.
    pub fn pm(date: Day) -> Self {
        Self { date, half: Half::Pm }
    }

    /// The half day that follows.
    pub fn next(self) -> Self {
        match self.half {
            Half::Am => Self::pm(self.date),
            Half::Pm => Self::am(self.date.next()),
        }
    }

    /// The half day before.
    pub fn previous(self) -> Self {
        match self.half {
            Half::Am => Self::pm(self.date.previous()),
            Half::Pm => Self::am(self.date),
        }
    }
}

/// A stretch of half days, both ends included and in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    from: HalfDay,
    to: HalfDay,
}

impl Span {
    /// The span from `from` to `to`; `None` when `to` is earlier.
    pub fn new(from: HalfDay, to: HalfDay) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// Whole days from the morning of `first` to the afternoon of `last`.
    pub fn days(first: Day, last: Day) -> Option<Self> {
        Self::new(HalfDay::am(first), HalfDay::pm(last))
    }

    /// The first half day.
    pub fn from(self) -> HalfDay {
        self.from
    }

    /// The last half day.
    pub fn to(self) -> HalfDay {
        self.to
    }

    /// How many half days lie in the span, rest days included; at least 1.
    pub fn len(self) -> i64 {
        let whole = self.to.date.days_since(self.from.date) * 2 + 2;
        whole - i64::from(self.from.half == Half::Pm) - i64::from(self.to.half == Half::Am)
    }

    /// Never true: a span has at least one half day.
    pub fn is_empty(self) -> bool {
        false
    }

    /// Every half day of the span, in order.
    pub fn half_days(self) -> impl Iterator<Item = HalfDay> {
        std::iter::successors(Some(self.from), move |at| Some(at.next()).filter(|next| *next <= self.to))
    }

    /// Whether the two spans share a half day.
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Whether the half day lies in the span.
    pub fn contains(self, at: HalfDay) -> bool {
        self.from <= at && at <= self.to
    }
}

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
        let half = if self.minute_of_day(at) < 12 * 60 { Half::Am } else { Half::Pm };
        HalfDay { date: self.day(at), half }
    }

    /// `HH:MM` of an instant in this zone.
    pub fn clock(self, at: Timestamp) -> String {
        let minute = self.minute_of_day(at);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
    use utoipa::{PartialSchema, ToSchema};

    fn text(format: KnownFormat) -> RefOr<Schema> {
        RefOr::T(Schema::Object(
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).build(),
        ))
    }

    impl PartialSchema for super::Day {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::Date)
        }
    }
    impl ToSchema for super::Day {}

    impl PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::DateTime)
        }
    }
    impl ToSchema for super::Timestamp {}
}

#[cfg(test)]
mod tests {
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

    use proptest::prelude::*;

    fn day() -> impl Strategy<Value = Day> {
        (0i64..60_000).prop_map(|n| Day::new(1970, 1, 1).expect("exists").plus(n))
    }

    fn half_day() -> impl Strategy<Value = HalfDay> {
        (day(), any::<bool>()).prop_map(|(date, am)| if am { HalfDay::am(date) } else { HalfDay::pm(date) })
    }

    proptest! {
        #[test]
        fn a_day_survives_its_text(day in day()) {
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        }

        #[test]
        fn a_span_has_as_many_half_days_as_it_says(from in half_day(), steps in 0i64..400) {
            let to = (0..steps).fold(from, |at, _| at.next());
            let span = Span::new(from, to).expect("in order");
            prop_assert_eq!(span.len(), steps + 1);
            prop_assert_eq!(span.half_days().count() as i64, steps + 1);
            prop_assert_eq!(to.next().previous(), to);
        }

        #[test]
        fn a_local_day_and_minute_come_back_in_every_zone(day in day(), minute in 0i32..1440, quarters in -48i32..=56) {
            let zone = Zone { offset_minutes: quarters * 15 };
            let at = zone.at(day, minute);
            prop_assert_eq!((zone.day(at), zone.minute_of_day(at)), (day, minute));
            prop_assert_eq!(at.to_string().parse::<Timestamp>(), Ok(at));
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
