//! A condition as an office writes it: cases, and in each of them what holds together.
//!
//! A [`Condition`] is any tree of 且, 或 and 不满足, which nobody wants to edit as a tree. [`Cases`] is the same condition
//! with the alternatives outside and the comparisons inside (its disjunctive normal form). Both hold for the same
//! values as long as every field has one of its kind, which [`Definition::check_values`] sees to.
//!
//! [`Definition::check_values`]: super::definition::Definition::check_values

use super::condition::Condition;

/// The most cases that a condition is taken apart into; what needs more is not for a form.
pub const MAX_CASES: usize = 12;

/// A condition as its cases: it holds where one of them does. No case at all never holds, a case without a comparison
/// always does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cases(pub Vec<Vec<Comparison>>);

/// What is asked of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Of an integer: `at_least <= value < below`, a bound that is absent does not bound.
    Integer {
        /// The field's key.
        field: String,
        /// The least, included.
        at_least: Option<i64>,
        /// One more than the greatest.
        below: Option<i64>,
    },
    /// Of a choice.
    OneOf {
        /// The field's key.
        field: String,
        /// Whether it has to be one of the values, or must be none of them.
        is: bool,
        /// The values.
        values: Vec<String>,
    },
    /// Of a flag.
    Flag {
        /// The field's key.
        field: String,
        /// Whether it has to be set, or must not be.
        is: bool,
    },
}

impl Cases {
    /// The cases of a condition; nothing where there are more than [`MAX_CASES`].
    pub fn of(condition: &Condition) -> Option<Self> {
        cases(condition, false).map(Self)
    }

    /// The condition that holds in these cases, written as plainly as it can be.
    pub fn condition(&self) -> Condition {
        let case = |comparisons: &Vec<Comparison>| match comparisons.as_slice() {
            [only] => only.condition(),
            several => Condition::All(several.iter().map(Comparison::condition).collect()),
        };
        match self.0.as_slice() {
            cases if cases.iter().any(Vec::is_empty) => Condition::Always,
            [only] => case(only),
            several => Condition::Any(several.iter().map(case).collect()),
        }
    }
}

impl Comparison {
    fn condition(&self) -> Condition {
        let (is, condition) = match self.clone() {
            Self::Integer { field, at_least, below } => (true, Condition::Integer { field, at_least, below }),
            Self::OneOf { field, is, values } => (is, Condition::OneOf { field, values }),
            Self::Flag { field, is } => (is, Condition::Flag { field }),
        };
        if is { condition } else { Condition::Not(Box::new(condition)) }
    }
}

/// The cases in which a condition holds, or, `negated`, does not.
fn cases(condition: &Condition, negated: bool) -> Option<Vec<Vec<Comparison>>> {
    let always = |holds: bool| if holds { vec![Vec::new()] } else { Vec::new() };
    Some(match condition {
        Condition::Always => always(!negated),
        Condition::Not(part) => cases(part, !negated)?,
        Condition::All(parts) if !negated => together(parts, negated)?,
        Condition::Any(parts) if negated => together(parts, negated)?,
        Condition::All(parts) | Condition::Any(parts) => {
            let mut either = Vec::new();
            for part in parts {
                either.extend(cases(part, negated)?);
                if either.len() > MAX_CASES {
                    return None;
                }
            }
            either
        }
        Condition::Integer { at_least: None, below: None, .. } => always(!negated),
        Condition::Integer { field, at_least, below } if negated => {
            let outside = |at_least, below| vec![Comparison::Integer { field: field.clone(), at_least, below }];
            let under = at_least.map(|least| outside(None, Some(least)));
            let over = below.map(|below| outside(Some(below), None));
            under.into_iter().chain(over).collect()
        }
        Condition::Integer { field, at_least, below } => {
            vec![vec![Comparison::Integer { field: field.clone(), at_least: *at_least, below: *below }]]
        }
        Condition::OneOf { field, values } => {
            vec![vec![Comparison::OneOf { field: field.clone(), is: !negated, values: values.clone() }]]
        }
        Condition::Flag { field } => vec![vec![Comparison::Flag { field: field.clone(), is: !negated }]],
    })
}

/// The cases in which all parts hold, or, `negated`, none does.
fn together(parts: &[Condition], negated: bool) -> Option<Vec<Vec<Comparison>>> {
    let mut both = vec![Vec::new()];
    for part in parts {
        let more = cases(part, negated)?;
        if both.len() * more.len() > MAX_CASES {
            return None;
        }
        let joined = |case: &Vec<Comparison>, more: &Vec<Comparison>| [case.as_slice(), more.as_slice()].concat();
        both = both.iter().flat_map(|case| more.iter().map(move |more| joined(case, more))).collect();
    }
    Some(both)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::approval::definition::{Value, Values};
    use crate::approval::templates;

    fn condition() -> impl Strategy<Value = Condition> {
        let bound = || proptest::option::of(0i64..8);
        let leaf = prop_oneof![
            Just(Condition::Always),
            (bound(), bound()).prop_map(|(at_least, below)| Condition::Integer {
                field: "n".to_owned(),
                at_least,
                below
            }),
            proptest::sample::subsequence(vec!["a", "b", "c"], 0..3).prop_map(|values| Condition::OneOf {
                field: "c".to_owned(),
                values: values.into_iter().map(str::to_owned).collect(),
            }),
            Just(Condition::Flag { field: "f".to_owned() }),
        ];
        leaf.prop_recursive(3, 16, 3, |part| {
            prop_oneof![
                proptest::collection::vec(part.clone(), 0..4).prop_map(Condition::All),
                proptest::collection::vec(part.clone(), 0..4).prop_map(Condition::Any),
                part.prop_map(|part| Condition::Not(Box::new(part))),
            ]
        })
    }

    fn all_values() -> impl Iterator<Item = Values> {
        let of = |n: i64, c: &str, f: bool| {
            Values::from([
                ("n".to_owned(), Value::Integer(n)),
                ("c".to_owned(), Value::Choice(c.to_owned())),
                ("f".to_owned(), Value::Flag(f)),
            ])
        };
        (-1..9).flat_map(move |n| ["a", "b", "c"].into_iter().flat_map(move |c| [false, true].map(|f| of(n, c, f))))
    }

    proptest! {
        #[test]
        fn cases_hold_where_the_condition_does(condition in condition()) {
            if let Some(cases) = Cases::of(&condition) {
                let again = cases.condition();
                for values in all_values() {
                    prop_assert_eq!(condition.holds(&values), again.holds(&values), "{:?} {:?}", again, values);
                }
                let settled = Cases::of(&again).map(|cases| cases.condition());
                prop_assert_eq!(settled, Some(again), "what was taken apart once stays as it is");
            }
        }
    }

    #[test]
    fn the_templates_are_written_in_cases() {
        for form in templates::FORMS {
            for node in templates::of_form(form).expect("a form has a definition").nodes {
                assert_eq!(Cases::of(&node.when).map(|cases| cases.condition()), Some(node.when));
            }
        }
    }

    #[test]
    fn a_condition_of_too_many_cases_is_left_alone() {
        let flag = |number: usize| Condition::Flag { field: number.to_string() };
        let either = |number| Condition::Any(vec![flag(number), flag(number + 1)]);
        assert!(Cases::of(&Condition::All((0..3).map(either).collect())).is_some(), "eight cases");
        assert_eq!(Cases::of(&Condition::All((0..4).map(either).collect())), None, "sixteen");
        assert_eq!(Cases::of(&Condition::Any((0..=MAX_CASES).map(flag).collect())), None);
    }
}
