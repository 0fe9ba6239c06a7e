//! Days, half days, amounts and times in words. Pure: the language, the zone and today are plain data.

use app::day::{Day, Half, HalfDay, Timestamp, Zone};

use crate::i18n::{Locale, td_string};

/// What every view needs to put things into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The language.
    pub locale: Locale,
    /// The zone that every time is shown in.
    pub zone: Zone,
    /// The day that counts as today.
    pub today: Day,
}

impl Words {
    /// `11月23日 周一`; with the year when it is not this one.
    pub fn day(self, day: Day) -> String {
        format!("{} {}", self.date(day), self.weekday(day))
    }

    /// `11月23日`; with the year when it is not this one.
    pub fn date(self, day: Day) -> String {
        let (month, date) = (day.month(), day.day_of_month());
        if day.year() == self.today.year() {
            td_string!(self.locale, common.date, month, date)
        } else {
            td_string!(self.locale, common.date_with_year, year = day.year(), month, date)
        }
    }

    /// `周一`.
    pub fn weekday(self, day: Day) -> &'static str {
        match day.days_from_monday() {
            0 => td_string!(self.locale, common.monday),
            1 => td_string!(self.locale, common.tuesday),
            2 => td_string!(self.locale, common.wednesday),
            3 => td_string!(self.locale, common.thursday),
            4 => td_string!(self.locale, common.friday),
            5 => td_string!(self.locale, common.saturday),
            _ => td_string!(self.locale, common.sunday),
        }
    }

    /// `上午` or `下午`.
    pub fn half(self, half: Half) -> &'static str {
        match half {
            Half::Am => td_string!(self.locale, kit.am),
            Half::Pm => td_string!(self.locale, kit.pm),
        }
    }

    /// `11月23日 周一 上午`.
    pub fn half_day(self, at: HalfDay) -> String {
        format!("{} {}", self.day(at.date), self.half(at.half))
    }

    /// A stretch of half days, both ends included: the halves are named only where they are not the whole day.
    pub fn span(self, from: HalfDay, to: HalfDay) -> String {
        let whole = from.half == Half::Am && to.half == Half::Pm;
        match (from.date == to.date, whole) {
            (true, true) => self.day(from.date),
            (true, false) => self.half_day(from),
            (false, true) => {
                td_string!(self.locale, common.span, from = self.date(from.date), to = self.end_date(from, to))
            }
            (false, false) => {
                let from_text = self.join(self.date(from.date), from.half);
                let to_text = self.join(self.end_date(from, to), to.half);
                td_string!(self.locale, common.span, from = from_text, to = to_text)
            }
        }
    }

    /// The last day of a stretch; in the month that the stretch begins in, the day alone.
    fn end_date(self, from: HalfDay, to: HalfDay) -> String {
        let same_month = (from.date.year(), from.date.month()) == (to.date.year(), to.date.month());
        if same_month {
            td_string!(self.locale, common.date_in_month, month = to.date.month(), date = to.date.day_of_month())
        } else {
            self.date(to.date)
        }
    }

    fn join(self, date: String, half: Half) -> String {
        td_string!(self.locale, common.date_and_half, date, half = self.half(half))
    }

    /// An amount of half days: `1.5 天`.
    pub fn half_days(self, half_days: i64) -> String {
        td_string!(self.locale, common.days, days = days(half_days))
    }

    /// `09:30` today, else `11月20日 09:30`.
    pub fn moment(self, at: Timestamp) -> String {
        let day = self.zone.day(at);
        if day == self.today { self.zone.clock(at) } else { format!("{} {}", self.date(day), self.zone.clock(at)) }
    }
}

/// Half days as a number of days: `3` is `1.5`.
pub fn days(half_days: i64) -> String {
    let sign = if half_days < 0 { "-" } else { "" };
    let amount = half_days.unsigned_abs();
    if amount.is_multiple_of(2) { format!("{sign}{}", amount / 2) } else { format!("{sign}{}.5", amount / 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words { locale: Locale::zh_CN, zone: Zone::SHANGHAI, today: day(2026, 11, 21) }
    }

    fn day(year: i32, month: u8, date: u8) -> Day {
        Day::new(year, month, date).expect("a day of the calendar")
    }

    #[test]
    fn amounts_keep_their_half() {
        let shown: Vec<String> = [0, 1, 2, 3, 10, -1, -4].into_iter().map(days).collect();
        assert_eq!(shown, ["0", "0.5", "1", "1.5", "5", "-0.5", "-2"]);
    }

    #[test]
    fn a_span_names_halves_only_where_they_matter() {
        let (monday, tuesday) = (day(2026, 11, 23), day(2026, 11, 24));
        let words = words();
        assert_eq!(words.span(HalfDay::am(monday), HalfDay::pm(monday)), "11月23日 周一");
        assert_eq!(words.span(HalfDay::pm(monday), HalfDay::pm(monday)), "11月23日 周一 下午");
        assert_eq!(words.span(HalfDay::am(monday), HalfDay::pm(tuesday)), "11月23日 至 24日");
        assert_eq!(words.span(HalfDay::pm(monday), HalfDay::pm(tuesday)), "11月23日下午 至 24日下午");
        assert_eq!(words.day(day(2027, 1, 4)), "2027年1月4日 周一");
    }

    #[test]
    fn a_moment_of_today_is_a_time_of_day() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(words().moment(at("2026-11-21T01:30:00Z")), "09:30");
        assert_eq!(words().moment(at("2026-11-20T16:30:00Z")), "00:30");
        assert_eq!(words().moment(at("2026-11-20T01:30:00Z")), "11月20日 09:30");
    }
}
