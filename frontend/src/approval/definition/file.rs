//! A definition as a file: written as it is stored, read back with the place of what is wrong in it.

use app::api::percent;
use app::approval::condition::Condition;
use app::approval::definition::{ApproverRule, Deadline, Definition, Field, FieldKind, Mode, Node, NodeKind, Unit};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::json;

/// Why a file cannot be read as a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no JSON.
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in it, from 1.
        column: usize,
    },
    /// Something in it is not what belongs there.
    Shape {
        /// Where, like `nodes[1].when`; empty for the file as a whole.
        place: String,
        /// What.
        why: json::Error,
    },
    /// It is the definition of another form.
    OtherForm(String),
}

/// The file of a definition.
pub fn write(definition: &Definition) -> String {
    serde_json::to_string_pretty(definition).expect("a definition is plain data")
}

/// The file as a link that the browser saves by itself; the site's policy allows no script to open anything.
pub fn download(definition: &Definition) -> String {
    format!("data:application/json;charset=utf-8,{}", percent(&write(definition)))
}

/// Reads the file of a definition for this form.
///
/// # Errors
///
/// [`Unreadable`], with the innermost place that is wrong.
pub fn read(text: &str, form: &str) -> Result<Definition, Unreadable> {
    // Editors on Windows put a mark before the first character.
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Unreadable::Syntax { line: error.line(), column: error.column() })?;
    let definition: Definition = part(&value, "", &PARTS_OF_DEFINITION)?;
    if definition.form == form { Ok(definition) } else { Err(Unreadable::OtherForm(definition.form)) }
}

/// A part of a value, by its key, and how it is looked through.
type Part = (&'static str, fn(&Value, &str) -> Result<(), Unreadable>);

const PARTS_OF_DEFINITION: [Part; 2] = [
    ("fields", |value, place| each(value, place, |field, place| look::<Field>(field, place, &PARTS_OF_FIELD))),
    ("nodes", |value, place| each(value, place, |node, place| look::<Node>(node, place, &PARTS_OF_NODE))),
];

const PARTS_OF_FIELD: [Part; 1] = [("kind", |value, place| look::<FieldKind>(value, place, &[]))];

const PARTS_OF_NODE: [Part; 3] = [
    ("when", condition),
    ("kind", |value, place| {
        inside(value, "decide", place, |decide, place| {
            inside(decide, "approvers", place, |rules, place| each(rules, place, rule))?;
            inside(decide, "mode", place, |mode, place| look::<Mode>(mode, place, &[]))
        })?;
        inside(value, "copy", place, |copy, place| inside(copy, "to", place, |rules, place| each(rules, place, rule)))?;
        look::<NodeKind>(value, place, &[])
    }),
    ("deadline", |value, place| look::<Option<Deadline>>(value, place, &[])),
];

fn rule(value: &Value, place: &str) -> Result<(), Unreadable> {
    let of_unit = |kind| {
        inside(value, kind, place, |rule, place| {
            inside(rule, "unit", place, |unit, place| look::<Unit>(unit, place, &[]))
        })
    };
    ["post", "role"].into_iter().try_for_each(of_unit)?;
    look::<ApproverRule>(value, place, &[])
}

fn condition(value: &Value, place: &str) -> Result<(), Unreadable> {
    for parts in ["all", "any"] {
        inside(value, parts, place, |parts, place| each(parts, place, condition))?;
    }
    inside(value, "not", place, condition)?;
    look::<Condition>(value, place, &[])
}

/// Reads a value; where that fails, the innermost of its parts that fails says so.
fn part<T: DeserializeOwned>(value: &Value, place: &str, parts: &[Part]) -> Result<T, Unreadable> {
    json::from_value(value).map_err(|error| {
        let inner = parts.iter().find_map(|(key, look)| inside(value, key, place, look).err());
        inner.unwrap_or_else(|| Unreadable::Shape { place: place.to_owned(), why: error })
    })
}

fn look<T: DeserializeOwned>(value: &Value, place: &str, parts: &[Part]) -> Result<(), Unreadable> {
    part::<T>(value, place, parts).map(drop)
}

/// Looks at what stands under a key, where something does.
fn inside(
    value: &Value,
    key: &str,
    place: &str,
    look: impl Fn(&Value, &str) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let Some(inner) = value.get(key) else { return Ok(()) };
    let place = if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    look(inner, &place)
}

/// Looks at every item of a list, where it is one.
fn each(value: &Value, place: &str, look: impl Fn(&Value, &str) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
    let mut items = value.as_array().into_iter().flatten().enumerate();
    items.try_for_each(|(index, item)| look(item, &format!("{place}[{index}]")))
}

#[cfg(test)]
mod tests {
    use app::approval::templates;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let definition = templates::leave();
        assert_eq!(read(&write(&definition), "leave"), Ok(definition.clone()));
        assert_eq!(read(&format!("\u{feff}{}", write(&definition)), "leave"), Ok(definition.clone()));
        assert_eq!(read(&write(&definition), "travel"), Err(Unreadable::OtherForm("leave".to_owned())));
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let place = |change: &dyn Fn(&mut Value)| {
            let mut file = serde_json::to_value(templates::leave()).expect("plain data");
            change(&mut file);
            match read(&file.to_string(), "leave") {
                Err(Unreadable::Shape { place, why }) => format!("{place}: {why}"),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(place(&|file| file["nodes"][1]["wen"] = json!("always")), "nodes[1]: unknown field: wen");
        let mode = place(&|file| file["nodes"][2]["kind"]["decide"]["mode"] = json!("most"));
        assert_eq!(mode, "nodes[2].kind.decide.mode: unknown variant: most");
        let rule = place(&|file| file["nodes"][0]["kind"]["decide"]["approvers"][0] = json!({"boss": {}}));
        assert_eq!(rule, "nodes[0].kind.decide.approvers[0]: unknown variant: boss");
        let bound = place(&|file| file["nodes"][1]["when"]["any"][0]["all"][2]["integer"]["at_least"] = json!("3"));
        assert_eq!(bound, "nodes[1].when.any[0].all[2]: expected a number");
        let missing = place(&|file| drop(file.as_object_mut().expect("an object").remove("nodes")));
        assert_eq!(missing, ": missing field: nodes");
        assert_eq!(place(&|file| file["fields"][0]["kind"] = json!("text")), "fields[0].kind: unknown variant: text");
        assert!(place(&|file| *file = json!([])).starts_with(": "));
    }

    #[test]
    fn what_is_no_json_is_named_with_its_line() {
        let text = write(&templates::leave()).replacen("\"form\"", "form", 1);
        assert_eq!(read(&text, "leave"), Err(Unreadable::Syntax { line: 3, column: 3 }));
        assert!(matches!(read("", "leave"), Err(Unreadable::Syntax { .. })));
    }
}
