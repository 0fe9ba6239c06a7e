//! Quiet hours: when a phone stays silent.

use serde::{Deserialize, Serialize};

use crate::day::{Timestamp, Zone};

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// The hours in which nothing is sent out; each day the same, across midnight where `from` is the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// The first quiet minute after local midnight, 0 to 1439.
    pub from: i32,
    /// The first minute that is no longer quiet, 0 to 1439; never the same as `from`.
    pub to: i32,
}

impl QuietHours {
    /// Whether both are minutes of a day, and different: hours without an end would silence for good.
    pub fn is_valid(self) -> bool {
        let day = 0..DAY;
        day.contains(&self.from) && day.contains(&self.to) && self.from != self.to
    }

    /// Whether a local minute of the day is quiet.
    pub fn contains(self, minute: i32) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            !(self.to..self.from).contains(&minute)
        }
    }
}

/// When something that is ready now may go out: now, or at the end of the quiet hours that it falls into.
pub fn goes_out_at(now: Timestamp, quiet: Option<QuietHours>, zone: Zone) -> Timestamp {
    let minute = zone.minute_of_day(now);
    match quiet {
        Some(quiet) if quiet.contains(minute) => {
            let day = zone.day(now);
            zone.at(if quiet.to > minute { day } else { day.next() }, quiet.to)
        }
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::Day;

    const NIGHT: QuietHours = QuietHours { from: 22 * 60, to: 7 * 60 };

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_night_crosses_midnight() {
        let out = |text| goes_out_at(at(text), Some(NIGHT), Zone::SHANGHAI);
        assert_eq!(out("2026-11-23T21:59:59+08:00"), at("2026-11-23T21:59:59+08:00"));
        assert_eq!(out("2026-11-23T22:00:00+08:00"), at("2026-11-24T07:00:00+08:00"));
        assert_eq!(out("2026-11-24T00:30:00+08:00"), at("2026-11-24T07:00:00+08:00"));
        assert_eq!(out("2026-11-24T06:59:59.999+08:00"), at("2026-11-24T07:00:00+08:00"));
        assert_eq!(out("2026-11-24T07:00:00+08:00"), at("2026-11-24T07:00:00+08:00"));
        assert_eq!(goes_out_at(at("2026-11-24T03:00:00+08:00"), None, Zone::SHANGHAI), at("2026-11-24T03:00:00+08:00"));
    }

    #[test]
    fn a_lunch_break_stays_within_its_day() {
        let lunch = QuietHours { from: 12 * 60, to: 13 * 60 + 30 };
        let out = |text| goes_out_at(at(text), Some(lunch), Zone::SHANGHAI);
        assert_eq!(out("2026-11-23T12:15:00+08:00"), at("2026-11-23T13:30:00+08:00"));
        assert_eq!(out("2026-11-23T13:30:00+08:00"), at("2026-11-23T13:30:00+08:00"));
        assert!(!QuietHours { from: 60, to: 60 }.is_valid() && !QuietHours { from: 0, to: 1440 }.is_valid());
    }

    proptest! {
        #[test]
        fn waiting_ends_outside_the_quiet_hours_within_a_day(
            from in 0..DAY, to in 0..DAY, day in 0i64..20_000, second in 0i64..86_400, quarters in -48i32..=56,
        ) {
            prop_assume!(from != to);
            let (quiet, zone) = (QuietHours { from, to }, Zone { offset_minutes: quarters * 15 });
            let now = zone.at(Day::new(1990, 1, 1).expect("exists").plus(day), 0).plus_seconds(second);
            let out = goes_out_at(now, Some(quiet), zone);
            prop_assert!(quiet.is_valid() && !quiet.contains(zone.minute_of_day(out)));
            prop_assert!((0..=86_400).contains(&out.seconds_since(now)));
            prop_assert_eq!(out == now, !quiet.contains(zone.minute_of_day(now)));
            // Asking again at the end of the wait lets it out at once.
            prop_assert_eq!(goes_out_at(out, Some(quiet), zone), out);
        }
    }
}
