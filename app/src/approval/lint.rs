//! What is wrong with a definition, found before anybody submits into it.
//!
//! Between the bounds that conditions name nothing changes, so it is enough to look at one value of each stretch.
//! [`lint`] finds the faults, [`judge`] says which of them keep a new version from being saved.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::condition::Condition;
use super::definition::{ApproverRule, Definition, Field, FieldKind, Mode, Node, NodeKind, Value, Values};
use super::directory::Directory;
use crate::account::rules::Role;

mod words;

/// The most combinations of values that are looked at.
pub const MAX_CASES: usize = 20_000;

/// The most comparisons that are made over all of them: some tenths of a second.
pub const MAX_COMPARISONS: usize = 5_000_000;

/// The most examples of gaps that are listed.
pub const MAX_EXAMPLES: usize = 20;

/// Something wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Two nodes, or two fields, have this key.
    DuplicateKey(String),
    /// A node asks for a field that is not declared, or not of the kind it needs.
    UndeclaredField {
        /// The node.
        node: String,
        /// The field.
        field: String,
    },
    /// The definition or one of its nodes has no key or no name.
    Untitled {
        /// Which, in Chinese: 流程, 第2个节点.
        place: String,
    },
    /// The form fills a field that the definition does not declare; every request would be refused.
    MissingField {
        /// The field.
        field: String,
    },
    /// The definition declares a field that the form does not fill; every request would be refused.
    UnfilledField {
        /// The field.
        field: String,
    },
    /// The definition declares a field with other values than the form can fill in.
    OtherKind {
        /// The field.
        field: String,
    },
    /// A condition asks whether a choice is a value that it cannot have.
    UnknownValue {
        /// The node.
        node: String,
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// A field that no value fits, or a bound of a condition that no value fits.
    EmptyRange {
        /// The field.
        field: String,
    },
    /// A ratio outside 1 to 100.
    RatioOutOfRange {
        /// The node.
        node: String,
    },
    /// A node without a rule, or with a rule that asks for nobody.
    NoApprover {
        /// The node.
        node: String,
    },
    /// No values make this node apply.
    Unreachable {
        /// The node.
        node: String,
    },
    /// For these values no node decides.
    Gap {
        /// The values, by the key of the field.
        example: Values,
    },
    /// For this unit nobody can be found.
    EmptyApprover {
        /// The node.
        node: String,
        /// The unit, as the sample names it.
        unit: String,
        /// The post that is missing, in Chinese.
        post: String,
    },
    /// There are more combinations of values than are looked at; gaps and unreachable nodes may have been missed.
    TooManyCases,
}

/// A unit to try a definition in.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The unit's name.
    pub unit: &'a str,
    /// Somebody of the unit who would ask.
    pub applicant: Uuid,
    /// The values that follow from him, like his class of post.
    pub known: &'a Values,
    /// The facts about his unit.
    pub directory: &'a Directory,
}

/// A fault, and whether a version that has it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The fault.
    pub fault: Fault,
    /// Whether somebody could be left without an approver, or what was written cannot have been meant.
    pub blocking: bool,
}

/// The faults of a definition that shall follow the current one, those first that keep it from being saved. `fields` are
/// those that the form fills. A unit for which the current definition finds nobody either has a hole in its roster, which
/// no definition can mend: it is named and blocks nothing.
pub fn judge(definition: &Definition, current: &Definition, fields: &[Field], samples: &[Sample<'_>]) -> Vec<Finding> {
    let before = lint(current, samples);
    let unstaffed = before.iter().filter_map(|fault| match fault {
        Fault::EmptyApprover { unit, .. } => Some(unit),
        _ => None,
    });
    let unstaffed = unstaffed.collect::<BTreeSet<_>>();
    let finding = |fault: Fault| {
        let blocking = match &fault {
            Fault::Unreachable { .. } => false,
            Fault::EmptyApprover { unit, .. } => !unstaffed.contains(unit),
            _ => true,
        };
        Finding { fault, blocking }
    };
    let faults = of_fields(definition, fields).into_iter().chain(lint(definition, samples));
    let mut findings = faults.map(finding).collect::<Vec<_>>();
    findings.sort_by_key(|finding| !finding.blocking);
    findings
}

/// The faults of a definition; those of units for each sample.
pub fn lint(definition: &Definition, samples: &[Sample<'_>]) -> Vec<Fault> {
    let mut faults = structure(definition);
    let Some(cases) = cases(definition) else {
        faults.push(Fault::TooManyCases);
        return faults;
    };
    let applies = |values: &Values| definition.nodes.iter().map(|node| node.when.holds(values)).collect::<Vec<_>>();
    let applying = cases.iter().map(applies).collect::<Vec<_>>();
    for (index, node) in definition.nodes.iter().enumerate() {
        if !applying.iter().any(|applies| applies[index]) {
            faults.push(Fault::Unreachable { node: node.key.clone() });
        }
    }
    let decides = |(node, applies): (&Node, &bool)| *applies && matches!(node.kind, NodeKind::Decide { .. });
    let gaps = cases.iter().zip(&applying).filter(|(_, applies)| !definition.nodes.iter().zip(*applies).any(decides));
    faults.extend(gaps.take(MAX_EXAMPLES).map(|(values, _)| Fault::Gap { example: values.clone() }));
    // Many samples know the same of their applicants, and which nodes they reach follows from that alone.
    let mut reached = Vec::<(&Values, Vec<bool>)>::new();
    for sample in samples {
        if !reached.iter().any(|(known, _)| *known == sample.known) {
            let fits = |values: &Values| fits(definition, sample.known, values);
            let fitting = cases.iter().zip(&applying).filter(|(values, _)| fits(values));
            let any = fitting.fold(vec![false; definition.nodes.len()], |any, (_, applies)| {
                any.into_iter().zip(applies).map(|(any, applies)| any || *applies).collect()
            });
            reached.push((sample.known, any));
        }
        let nodes = reached.iter().find(|(known, _)| *known == sample.known).map(|(_, nodes)| nodes.as_slice());
        faults.extend(empty(definition, sample, nodes.unwrap_or_default()));
    }
    faults
}

/// What is wrong with the declared fields, seen from the form that fills them.
fn of_fields(definition: &Definition, fields: &[Field]) -> Vec<Fault> {
    let declared = fields.iter().filter_map(|field| match definition.field(&field.key) {
        None => Some(Fault::MissingField { field: field.key.clone() }),
        Some(declared) if declared.kind.holds_the_same(&field.kind) => None,
        Some(_) => Some(Fault::OtherKind { field: field.key.clone() }),
    });
    let filled = |key: &str| fields.iter().any(|field| field.key == key);
    let unfilled = definition.fields.iter().filter(|field| !filled(&field.key));
    declared.chain(unfilled.map(|field| Fault::UnfilledField { field: field.key.clone() })).collect()
}

/// Whether a combination of values stands for an applicant of whom this is known.
fn fits(definition: &Definition, known: &Values, values: &Values) -> bool {
    values.iter().all(|(key, value)| known.get(key).is_none_or(|known| same(definition, key, known, value)))
}

/// Whether a known value lies in the stretch for which this value stands.
fn same(definition: &Definition, key: &str, known: &Value, stands_for: &Value) -> bool {
    match (known, stands_for) {
        (Value::Integer(known), Value::Integer(start)) => {
            let starts = stretches(definition, key);
            starts.iter().rfind(|bound| *bound <= known) == Some(start)
        }
        _ => known == stands_for,
    }
}

fn empty(definition: &Definition, sample: &Sample<'_>, reached: &[bool]) -> Vec<Fault> {
    let Some(applicant) = sample.directory.officer(sample.applicant) else { return Vec::new() };
    let mut faults = Vec::new();
    for (node, reached) in definition.nodes.iter().zip(reached) {
        let NodeKind::Decide { approvers, mode } = &node.kind else { continue };
        if !reached {
            continue;
        }
        // Whom an applicant will choose is not known here; the form makes him choose somebody.
        let rules = approvers.iter().filter(|rule| !matches!(rule, ApproverRule::Chosen { .. }));
        let found = rules.map(|rule| sample.directory.find(rule, applicant, &Values::new(), *mode == Mode::Single));
        let found = found.collect::<Vec<_>>();
        let one_is_enough = *mode == Mode::Single && (found.iter().any(Result::is_ok) || found.len() < approvers.len());
        let missing = found.into_iter().filter_map(Result::err).filter(|_| !one_is_enough);
        let (node, unit) = (&node.key, sample.unit);
        faults.extend(missing.map(|post| Fault::EmptyApprover { node: node.clone(), unit: unit.to_owned(), post }));
    }
    faults
}

fn structure(definition: &Definition) -> Vec<Fault> {
    let mut faults = Vec::new();
    let blank = |text: &str| text.trim().is_empty();
    if blank(&definition.name) {
        faults.push(Fault::Untitled { place: "流程".to_owned() });
    }
    let untitled = definition.nodes.iter().zip(1..).filter(|(node, _)| blank(&node.key) || blank(&node.title));
    faults.extend(untitled.map(|(_, position)| Fault::Untitled { place: format!("第{position}个节点") }));
    let keys = [
        definition.nodes.iter().map(|node| node.key.as_str()).collect::<Vec<_>>(),
        definition.fields.iter().map(|field| field.key.as_str()).collect(),
    ];
    for keys in keys {
        let mut known = BTreeSet::new();
        let doubled = keys.into_iter().filter(|key| !known.insert(*key)).collect::<BTreeSet<_>>();
        faults.extend(doubled.into_iter().map(|key| Fault::DuplicateKey(key.to_owned())));
    }
    for field in &definition.fields {
        let empty = match &field.kind {
            FieldKind::Integer { min, max } => min > max,
            FieldKind::Choice { values } => values.is_empty(),
            FieldKind::People { min, max } => min > max,
            FieldKind::Flag => false,
        };
        if empty {
            faults.push(Fault::EmptyRange { field: field.key.clone() });
        }
    }
    for node in &definition.nodes {
        faults.extend(node.when.comparisons().into_iter().filter_map(|part| comparison(definition, &node.key, part)));
        let (rules, decides) = match &node.kind {
            NodeKind::Decide { approvers, mode } => {
                if matches!(mode, Mode::Ratio { percent } if !(1..=100).contains(percent)) {
                    faults.push(Fault::RatioOutOfRange { node: node.key.clone() });
                }
                (approvers, true)
            }
            NodeKind::Copy { to } => (to, false),
        };
        if rules.is_empty() {
            faults.push(Fault::NoApprover { node: node.key.clone() });
        }
        faults.extend(rules.iter().filter_map(|rule| asks(definition, &node.key, rule, decides)));
    }
    faults
}

/// What is wrong with a comparison.
fn comparison(definition: &Definition, node: &str, part: &Condition) -> Option<Fault> {
    let (Condition::Integer { field, .. } | Condition::OneOf { field, .. } | Condition::Flag { field }) = part else {
        return None;
    };
    let undeclared = Fault::UndeclaredField { node: node.to_owned(), field: field.clone() };
    let Some(declared) = definition.field(field) else { return Some(undeclared) };
    match (part, &declared.kind) {
        (Condition::Integer { at_least: Some(least), below: Some(below), .. }, FieldKind::Integer { .. }) => {
            (least >= below).then(|| Fault::EmptyRange { field: field.clone() })
        }
        (Condition::Integer { .. }, FieldKind::Integer { .. }) | (Condition::Flag { .. }, FieldKind::Flag) => None,
        (Condition::OneOf { values: asked, .. }, FieldKind::Choice { values }) => {
            let known = |asked: &&String| values.iter().any(|choice| choice.value == **asked);
            let unknown = asked.iter().find(|asked| !known(asked))?;
            let (node, field) = (node.to_owned(), field.clone());
            Some(Fault::UnknownValue { node, field, value: unknown.clone() })
        }
        _ => Some(undeclared),
    }
}

/// What is wrong with a rule.
fn asks(definition: &Definition, node: &str, rule: &ApproverRule, decides: bool) -> Option<Fault> {
    match rule {
        ApproverRule::Chosen { field } => match definition.field(field).map(|field| &field.kind) {
            Some(FieldKind::People { min: 0, .. }) if decides => Some(Fault::NoApprover { node: node.to_owned() }),
            Some(FieldKind::People { .. }) => None,
            _ => Some(Fault::UndeclaredField { node: node.to_owned(), field: field.clone() }),
        },
        // Everybody is an officer, a teacher is one of a class, not of a unit, and a clerk asks and never decides.
        ApproverRule::Leader { levels: 0 }
        | ApproverRule::Role { role: Role::Officer | Role::ClassTeacher | Role::DepartmentClerk, .. } => {
            Some(Fault::NoApprover { node: node.to_owned() })
        }
        _ => None,
    }
}

/// One combination of values for each stretch in which nothing changes; nothing where there are too many.
fn cases(definition: &Definition) -> Option<Vec<Values>> {
    let comparisons = definition.nodes.iter().flat_map(|node| node.when.comparisons()).collect::<Vec<_>>();
    let most = MAX_CASES.min(MAX_COMPARISONS / (comparisons.len() + definition.nodes.len()).max(1));
    let asked = comparisons.into_iter().filter_map(|part| match part {
        Condition::Integer { field, .. } | Condition::OneOf { field, .. } | Condition::Flag { field } => Some(field),
        _ => None,
    });
    let asked = asked.collect::<BTreeSet<_>>();
    let mut cases = vec![Values::new()];
    for key in asked {
        let values = match definition.field(key).map(|field| &field.kind) {
            Some(FieldKind::Integer { .. }) => {
                stretches(definition, key).into_iter().map(Value::Integer).collect::<Vec<_>>()
            }
            Some(FieldKind::Choice { values }) => {
                values.iter().map(|choice| Value::Choice(choice.value.clone())).collect()
            }
            Some(FieldKind::Flag) => [false, true].map(Value::Flag).to_vec(),
            Some(FieldKind::People { .. }) | None => continue,
        };
        if cases.len() * values.len() > most {
            return None;
        }
        let with = |case: &Values, value: &Value| {
            let mut case = case.clone();
            case.insert(key.clone(), value.clone());
            case
        };
        cases = cases.iter().flat_map(|case| values.iter().map(move |value| with(case, value))).collect();
    }
    Some(cases)
}

/// The least value of each stretch of an integer field in which no condition changes, in order.
fn stretches(definition: &Definition, key: &str) -> Vec<i64> {
    let Some(FieldKind::Integer { min, max }) = definition.field(key).map(|field| &field.kind) else {
        return Vec::new();
    };
    let parts = definition.nodes.iter().flat_map(|node| node.when.comparisons());
    let bounds = parts.flat_map(|part| match part {
        Condition::Integer { field, at_least, below } if field == key => [*at_least, *below],
        _ => [None, None],
    });
    let inside = bounds.flatten().filter(|bound| min < bound && bound <= max);
    inside.chain([*min]).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
