//! How long something waits, as people write it: an amount of minutes, hours or days.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::controls::{number_input, select};
use crate::i18n::{Locale, td_string};
use crate::kit::Choice;

/// A unit of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeUnit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl TimeUnit {
    /// Every unit, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    fn minutes(self) -> i64 {
        match self {
            Self::Minutes => 1,
            Self::Hours => 60,
            Self::Days => 24 * 60,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }

    fn text(self, locale: Locale) -> &'static str {
        match self {
            Self::Minutes => td_string!(locale, definition.unit_minutes),
            Self::Hours => td_string!(locale, definition.unit_hours),
            Self::Days => td_string!(locale, definition.unit_days),
        }
    }
}

/// A wait that is being typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The amount, as typed.
    pub amount: String,
    /// Of what.
    pub unit: TimeUnit,
}

impl Wait {
    /// So many minutes, in the longest unit that divides them.
    pub fn of(minutes: i64) -> Self {
        let divides = |unit: &TimeUnit| minutes % unit.minutes() == 0;
        let unit = TimeUnit::ALL.into_iter().rev().find(divides).filter(|_| minutes != 0).unwrap_or(TimeUnit::Minutes);
        Self { amount: (minutes / unit.minutes()).to_string(), unit }
    }

    /// How many minutes it is; nothing while the amount is no whole number from 0.
    pub fn minutes(&self) -> Option<i64> {
        let amount = self.amount.trim().parse::<u32>().ok()?;
        i64::from(amount).checked_mul(self.unit.minutes())
    }
}

/// So many minutes in words: `24 小时`.
pub fn minutes_text(locale: Locale, minutes: i64) -> String {
    let Wait { amount, unit } = Wait::of(minutes);
    td_string!(locale, definition.wait, amount, unit = unit.text(locale))
}

/// The amount beside its unit. `id` is that of the amount's control.
pub fn wait_input(locale: Locale, id: &str, wait: &Wait, on_change: Callback<Wait>) -> AnyView {
    let units = TimeUnit::ALL.map(|unit| Choice::new(unit.as_str(), unit.text(locale))).to_vec();
    // Each of the two controls knows the other's value as it was drawn; the unit redraws both.
    let (typed, now) = (wait.clone(), StoredValue::new(wait.clone()));
    let amount = Callback::new(move |amount: String| {
        now.update_value(|now| now.amount = amount);
        on_change.run(now.get_value());
    });
    let unit = Callback::new(move |name: String| {
        if let Some(unit) = TimeUnit::parse(&name) {
            now.update_value(|now| now.unit = unit);
            on_change.run(now.get_value());
        }
    });
    let label = td_string!(locale, definition.unit);
    view! {
        <div class="wait-input">
            {number_input(id.to_owned(), typed.amount, 0, amount)}
            {select(format!("{id}-unit"), label, units, typed.unit.as_str(), unit)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_shown_in_the_longest_unit_that_divides_them() {
        let shown = [0, 1, 90, 120, 1440, 1500, 2880].map(|minutes| {
            let wait = Wait::of(minutes);
            assert_eq!(wait.minutes(), Some(minutes));
            format!("{} {}", wait.amount, wait.unit.as_str())
        });
        let expected = ["0 minutes", "1 minutes", "90 minutes", "2 hours", "1 days", "25 hours", "2 days"];
        assert_eq!(shown, expected);
        for amount in ["", "-1", "1.5", "x"] {
            assert_eq!(Wait { amount: amount.to_owned(), unit: TimeUnit::Hours }.minutes(), None);
        }
    }
}
