//! When a node is needed: conditions on the declared fields of a form.

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Value, Values};

/// A condition on the values of a form. Bounds are half-open, so that neighbouring nodes leave no gap between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(no_recursion))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Holds always.
    #[default]
    Always,
    /// Holds where every part holds; where there is none, too.
    All(Vec<Condition>),
    /// Holds where a part holds.
    Any(Vec<Condition>),
    /// Holds where the part does not.
    Not(Box<Condition>),
    /// Compares an integer: `at_least <= value < below`, a bound that is absent does not bound.
    Integer {
        /// The field's key.
        field: String,
        /// The least, included.
        #[serde(default)]
        at_least: Option<i64>,
        /// One more than the greatest.
        #[serde(default)]
        below: Option<i64>,
    },
    /// Asks whether a choice is one of these values.
    OneOf {
        /// The field's key.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// Asks whether a flag is set.
    Flag {
        /// The field's key.
        field: String,
    },
}

impl Condition {
    /// Whether the condition holds. A comparison with a field that has no value of its kind never holds; `lint` finds
    /// such fields beforehand.
    pub fn holds(&self, values: &Values) -> bool {
        match self {
            Self::Always => true,
            Self::All(parts) => parts.iter().all(|part| part.holds(values)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(values)),
            Self::Not(part) => !part.holds(values),
            Self::Integer { field, at_least, below } => match values.get(field) {
                Some(Value::Integer(value)) => {
                    at_least.is_none_or(|least| least <= *value) && below.is_none_or(|below| *value < below)
                }
                _ => false,
            },
            Self::OneOf { field, values: choices } => match values.get(field) {
                Some(Value::Choice(value)) => choices.contains(value),
                _ => false,
            },
            Self::Flag { field } => values.get(field) == Some(&Value::Flag(true)),
        }
    }

    /// Every comparison in the condition, at any depth.
    pub fn comparisons(&self) -> Vec<&Self> {
        match self {
            Self::Always => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
            Self::Not(part) => part.comparisons(),
            Self::Integer { .. } | Self::OneOf { .. } | Self::Flag { .. } => vec![self],
        }
    }

    /// The condition in Chinese, with the titles of the definition's fields and of their values.
    pub fn text(&self, definition: &Definition) -> String {
        let title = |key| definition.title_of(key);
        let join = |parts: &[Self], word: &str| {
            let texts = parts.iter().map(|part| match part {
                Self::All(_) | Self::Any(_) => format!("（{}）", part.text(definition)),
                _ => part.text(definition),
            });
            texts.collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Always => "总是".to_owned(),
            Self::All(parts) if parts.is_empty() => "总是".to_owned(),
            Self::Any(parts) if parts.is_empty() => "从不".to_owned(),
            Self::All(parts) => join(parts, "且"),
            Self::Any(parts) => join(parts, "或"),
            Self::Not(part) => format!("不满足（{}）", part.text(definition)),
            Self::Integer { field, at_least, below } => match (at_least, below) {
                (Some(least), Some(below)) => format!("{least}≤{}<{below}", title(field)),
                (Some(least), None) => format!("{}≥{least}", title(field)),
                (None, Some(below)) => format!("{}<{below}", title(field)),
                (None, None) => format!("{}为任意值", title(field)),
            },
            Self::OneOf { field, values } => {
                let values = values.iter().map(|value| definition.choice_title(field, value)).collect::<Vec<_>>();
                format!("{}为{}", title(field), values.join("、"))
            }
            Self::Flag { field } => title(field).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_half_open_and_combine() {
        let between = Condition::Integer { field: "n".to_owned(), at_least: Some(3), below: Some(7) };
        let of = |value| Values::from([("n".to_owned(), Value::Integer(value))]);
        assert_eq!([2, 3, 6, 7].map(|value| between.holds(&of(value))), [false, true, true, false]);
        let not = Condition::Not(Box::new(between.clone()));
        assert!(not.holds(&of(7)) && !not.holds(&of(3)));
        assert!(Condition::All(vec![]).holds(&of(1)) && !Condition::Any(vec![]).holds(&of(1)));
        assert!(Condition::Any(vec![not, between.clone()]).holds(&of(3)));
        assert!(!between.holds(&Values::new()), "no value, no match");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text = r#"{"integer": {"field": "n", "at_least": 3, "bellow": 7}}"#;
        assert!(serde_json::from_str::<Condition>(text).is_err());
        let text = r#"{"all": ["always", {"not": {"flag": {"field": "abroad"}}}]}"#;
        let condition = serde_json::from_str::<Condition>(text).expect("a condition");
        assert!(condition.holds(&Values::from([("abroad".to_owned(), Value::Flag(false))])));
    }
}
