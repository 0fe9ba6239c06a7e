//! Half days and stretches of them.

use serde::{Deserialize, Serialize};

use super::Day;

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

impl Half {
    /// The half in Chinese.
    pub fn text(self) -> &'static str {
        match self {
            Self::Am => "上午",
            Self::Pm => "下午",
        }
    }
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

    /// The half day in a Chinese sentence: 11月24日下午.
    pub fn text(self) -> String {
        format!("{}{}", self.date.text(), self.half.text())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> impl Strategy<Value = Day> {
        (0i64..60_000).prop_map(|n| Day::new(1970, 1, 1).expect("exists").plus(n))
    }

    fn half_day() -> impl Strategy<Value = HalfDay> {
        (day(), any::<bool>()).prop_map(|(date, am)| if am { HalfDay::am(date) } else { HalfDay::pm(date) })
    }

    proptest! {
        #[test]
        fn a_span_has_as_many_half_days_as_it_says(from in half_day(), steps in 0i64..400) {
            let to = (0..steps).fold(from, |at, _| at.next());
            let span = Span::new(from, to).expect("in order");
            prop_assert_eq!(span.len(), steps + 1);
            prop_assert_eq!(span.half_days().count() as i64, steps + 1);
            prop_assert_eq!(to.next().previous(), to);
        }
    }
}
