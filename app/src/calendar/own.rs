//! What a court and an officer have of their own: days on which the court closes or works, half-day holidays of a part
//! of the people, working weeks with their history.

use serde::{Deserialize, Serialize};

use crate::day::{Day, Half, HalfDay};

/// What a court says of a half day or of a whole one, for itself or for the courts below it as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtWord {
    /// The day.
    pub date: Day,
    /// Morning or afternoon; both where none is named.
    pub half: Option<Half>,
    /// Whether the court works; nothing takes the court's earlier word back.
    pub works: Option<bool>,
    /// Why, for everybody to read.
    pub reason: String,
}

impl CourtWord {
    /// The half days that it is about.
    pub fn half_days(&self) -> impl Iterator<Item = HalfDay> {
        let (date, only) = (self.date, self.half);
        [Half::Am, Half::Pm]
            .into_iter()
            .filter(move |half| only.is_none_or(|only| only == *half))
            .map(move |half| HalfDay { date, half })
    }
}

/// The half days of a week that an officer works, from a day on: fourteen, Monday morning first, Sunday afternoon last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingWeek {
    /// The first day on which it holds; it holds until the next one begins.
    pub from: Day,
    /// Monday morning, Monday afternoon, and so on to Sunday afternoon: whether he works.
    pub halves: [bool; 14],
}

impl WorkingWeek {
    /// Monday to Friday, as everybody.
    pub const STANDARD: [bool; 14] =
        [true, true, true, true, true, true, true, true, true, true, false, false, false, false];

    /// Whether the half day is one of those that the week works.
    pub fn works(&self, at: HalfDay) -> bool {
        self.halves[usize::from(at.date.days_from_monday()) * 2 + usize::from(at.half == Half::Pm)]
    }
}

/// What has to be known of an officer to say whether a half-day holiday is his.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Whether she is a woman.
    pub is_woman: bool,
    /// The day of birth, where it is known.
    pub born_on: Option<Day>,
}

/// When the half-day holidays of a part of the people are off; nothing where the installation does not give one.
///
/// Source: 《全国年节及纪念日放假办法》 art. 3: 妇女节 8 March, women; 青年节 4 May, the young (14 to 28 years, by the reply of
/// the State Council's office of 2008). One that falls on a rest day is not made up (art. 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HalfHolidays {
    /// The half of 8 March that women have off; null: none.
    pub womens_day: Option<Half>,
    /// The half of 4 May that those of 14 to 28 years have off; null: none.
    pub youth_day: Option<Half>,
}

impl Default for HalfHolidays {
    fn default() -> Self {
        Self { womens_day: Some(Half::Pm), youth_day: Some(Half::Pm) }
    }
}

impl HalfHolidays {
    /// The holiday that a person has in this half day, by its name.
    pub fn name(self, at: HalfDay, person: Person) -> Option<&'static str> {
        match (at.date.month(), at.date.day_of_month()) {
            (3, 8) if person.is_woman && self.womens_day == Some(at.half) => Some("妇女节"),
            (5, 4) if self.youth_day == Some(at.half) && is_young(person, at.date) => Some("青年节"),
            _ => None,
        }
    }
}

/// Whether somebody is 14 to 28 years old (周岁) on a day: from his 14th birthday to the day before his 29th.
fn is_young(person: Person, on: Day) -> bool {
    person.born_on.is_some_and(|born| born.plus_years(14) <= on && on < born.plus_years(29))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_half_day_holiday_is_for_a_part_of_the_people() {
        let halves = HalfHolidays::default();
        let woman = Person { is_woman: true, born_on: None };
        let march = day("2027-03-08");
        assert_eq!(halves.name(HalfDay::pm(march), woman), Some("妇女节"));
        assert_eq!(halves.name(HalfDay::am(march), woman), None);
        assert_eq!(halves.name(HalfDay::pm(march), Person::default()), None);
        let off = HalfHolidays { womens_day: None, youth_day: None };
        assert_eq!(off.name(HalfDay::pm(march), woman), None);
    }

    #[test]
    fn the_young_are_14_to_28() {
        let on_youth_day = |born: &str, year: i32| {
            let person = Person { is_woman: false, born_on: Some(day(born)) };
            let at = HalfDay::pm(Day::new(year, 5, 4).expect("a day"));
            HalfHolidays::default().name(at, person).is_some()
        };
        assert!(on_youth_day("1998-05-05", 2027), "28 until tomorrow");
        assert!(!on_youth_day("1998-05-04", 2027), "29 today");
        assert!(on_youth_day("2013-05-04", 2027), "14 today");
        assert!(!on_youth_day("2013-05-05", 2027));
    }

    #[test]
    fn a_week_has_fourteen_halves_from_monday_morning_on() {
        let mut halves = WorkingWeek::STANDARD;
        halves[5] = false; // Wednesday afternoon
        let week = WorkingWeek { from: day("2026-11-23"), halves };
        assert!(week.works(HalfDay::am(day("2026-11-25"))));
        assert!(!week.works(HalfDay::pm(day("2026-11-25"))));
        assert!(!week.works(HalfDay::am(day("2026-11-28"))));
    }
}
