//! What a new definition of leave changes for whom, by what it does and not by how it is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bands::{LEAST, Range};
use crate::approval::condition::Condition;
use crate::approval::definition::{Definition, Node, NodeKind, Value, Values};
use crate::leave::types::{Catalogue, LeaveType};
use crate::org::rules::PostClass;

/// Something that a new definition changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityChange))]
pub struct Change {
    /// For whom.
    pub classes: Vec<PostClass>,
    /// For which types, by name; none for all of them.
    pub leave_types: Vec<String>,
    /// For how many half days.
    pub range: Range,
    /// Who decides until then, in Chinese.
    pub before: String,
    /// Who decides from then on, in Chinese.
    pub after: String,
}

/// Who decides otherwise by `after` than by `before`. Between the bounds that the two name nothing changes, so one number
/// of half days of each stretch stands for it.
pub fn changes(before: &Definition, after: &Definition, types: &Catalogue) -> Vec<Change> {
    let stretches = stretches([before, after]);
    // Alike for several types, and those for several classes, are told as one.
    let mut by_class = BTreeMap::<(PostClass, Range, String, String), Vec<String>>::new();
    for class in PostClass::ALL {
        for leave_type in types.all() {
            for (range, before, after) in of_one(before, after, *class, &leave_type.name, &stretches) {
                by_class.entry((*class, range, before, after)).or_default().push(leave_type.name.clone());
            }
        }
    }
    let mut changes = Vec::<Change>::new();
    for ((class, range, before, after), names) in by_class {
        let leave_types = if concerned(types, range).all(|name| names.contains(name)) { Vec::new() } else { names };
        let same = |change: &&mut Change| {
            (&change.leave_types, change.range, &change.before, &change.after) == (&leave_types, range, &before, &after)
        };
        match changes.iter_mut().find(same) {
            Some(change) => change.classes.push(class),
            None => changes.push(Change { classes: vec![class], leave_types, range, before, after }),
        }
    }
    changes
}

/// The types for which so many days are ever asked: what does not go by days is decided like the shortest leave.
fn concerned(types: &Catalogue, range: Range) -> impl Iterator<Item = &String> {
    let of_range = move |kind: &&LeaveType| range.contains(LEAST) || kind.lane().is_absence();
    types.all().iter().filter(of_range).map(|kind| &kind.name)
}

fn of_one(
    before: &Definition,
    after: &Definition,
    class: PostClass,
    leave_type: &str,
    stretches: &[Range],
) -> Vec<(Range, String, String)> {
    let mut found = Vec::<(Range, String, String)>::new();
    for range in stretches {
        let values = values(class, leave_type, range.from);
        let [old, new] = [before, after].map(|definition| applying(definition, &values));
        if old.iter().map(|node| (&node.kind, node.deadline)).eq(new.iter().map(|node| (&node.kind, node.deadline))) {
            continue;
        }
        let (old, new) = (text(&old), text(&new));
        match found.last_mut() {
            Some((last, before, after)) if last.below == Some(range.from) && (&*before, &*after) == (&old, &new) => {
                last.below = range.below;
            }
            _ => found.push((*range, old, new)),
        }
    }
    found
}

/// What the form of leave tells its definition.
pub fn values(class: PostClass, leave_type: &str, half_days: i64) -> Values {
    Values::from([
        ("post_class".to_owned(), Value::Choice(class.as_str().to_owned())),
        ("leave_type".to_owned(), Value::Choice(leave_type.to_owned())),
        ("half_days".to_owned(), Value::Integer(half_days)),
    ])
}

fn applying<'d>(definition: &'d Definition, values: &Values) -> Vec<&'d Node> {
    definition.nodes.iter().filter(|node| node.when.holds(values)).collect()
}

fn text(nodes: &[&Node]) -> String {
    if !nodes.iter().any(|node| matches!(node.kind, NodeKind::Decide { .. })) {
        return "无人审批".to_owned();
    }
    let title = |node: &&Node| match node.deadline {
        Some(_) => format!("{}（限时）", node.title),
        None => node.title.clone(),
    };
    nodes.iter().map(title).collect::<Vec<_>>().join(" → ")
}

fn stretches(definitions: [&Definition; 2]) -> Vec<Range> {
    let nodes = definitions.into_iter().flat_map(|definition| &definition.nodes);
    let bounds = nodes.flat_map(|node| node.when.comparisons()).flat_map(|part| match part {
        Condition::Integer { field, at_least, below } if field == "half_days" => [*at_least, *below],
        _ => [None, None],
    });
    let mut edges = bounds.flatten().filter(|edge| *edge > LEAST).chain([LEAST]).collect::<Vec<_>>();
    edges.sort_unstable();
    edges.dedup();
    let range = |(place, from): (usize, &i64)| Range { from: *from, below: edges.get(place + 1).copied() };
    edges.iter().enumerate().map(range).collect()
}
