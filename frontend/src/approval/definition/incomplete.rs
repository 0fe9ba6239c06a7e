//! What a form still lacks before it is a definition again.

use crate::i18n::{Locale, td_string};

/// What is still missing in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// The node's name.
    Title,
    /// Any rule at all.
    Rules,
    /// A person.
    Person,
    /// A department's name.
    Department,
    /// A field.
    Field,
    /// A share from 1 to 100.
    Ratio,
    /// A whole number as a bound.
    Bound,
    /// A value of a choice.
    Values,
    /// A wait of at least a minute.
    Deadline,
}

impl Incomplete {
    /// What to do about it.
    pub fn text(self, locale: Locale) -> &'static str {
        match self {
            Self::Title => td_string!(locale, definition.missing_title),
            Self::Rules => td_string!(locale, definition.missing_rules),
            Self::Person => td_string!(locale, definition.missing_person),
            Self::Department => td_string!(locale, definition.missing_department),
            Self::Field => td_string!(locale, definition.missing_field),
            Self::Ratio => td_string!(locale, definition.missing_ratio),
            Self::Bound => td_string!(locale, definition.missing_bound),
            Self::Values => td_string!(locale, definition.missing_values),
            Self::Deadline => td_string!(locale, definition.missing_deadline),
        }
    }
}
