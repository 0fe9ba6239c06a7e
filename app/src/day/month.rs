//! Calendar months.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Day;
use super::text::{fields, serde_as_text};

/// A calendar month; `YYYY-MM` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Day);

impl Month {
    /// The month that a day lies in.
    pub fn of(day: Day) -> Self {
        Self(day.plus(1 - i64::from(day.day_of_month())))
    }

    /// Its first day.
    pub fn first(self) -> Day {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Day {
        self.0.first_of_next_month().previous()
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self(self.0.first_of_next_month())
    }

    /// The month before it.
    pub fn previous(self) -> Self {
        Self::of(self.0.previous())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// A text that is not a month written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMonth;

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a month written YYYY-MM")
    }
}

impl std::error::Error for NotAMonth {}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let [year, month] = fields(text, [4, 2], ['-']).ok_or(NotAMonth)?;
        let (year, month) = (i32::try_from(year).map_err(|_| NotAMonth)?, u8::try_from(month).map_err(|_| NotAMonth)?);
        Day::new(year, month, 1).map(Self).ok_or(NotAMonth)
    }
}

serde_as_text!(Month);

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
    use utoipa::{PartialSchema, ToSchema};

    impl PartialSchema for super::Month {
        fn schema() -> RefOr<Schema> {
            let month = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^\d{4}-\d{2}$"));
            RefOr::T(Schema::Object(month.build()))
        }
    }
    impl ToSchema for super::Month {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_month_has_its_days_and_survives_its_text(n in 0i64..60_000) {
            let day = Day::new(1970, 1, 1).expect("exists").plus(n);
            let month = Month::of(day);
            prop_assert!(month.first() <= day && day <= month.last());
            prop_assert_eq!(month.last().next(), month.next().first());
            prop_assert_eq!(month.next().previous(), month);
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
        }
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["2026-13", "2026-00", "2026-1", "2026-01-01", "", "二〇二六"] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
