//! From a matrix to a definition of the approval engine.
//!
//! Each step of a route becomes a node; routes share the nodes that they have in the same order, so that the definition
//! reads like one that somebody wrote: 部门负责人, then 分管院领导, then 院长, each with the cells in which it is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::bands::{Range, pieces};
use super::{Approver, Matrix, Route, Step};
use crate::approval::condition::Condition;
use crate::approval::definition::{Definition, Node, NodeKind};
use crate::approval::templates;
use crate::org::rules::PostClass;

/// Where something applies: the ranges of half days by row and column.
type Area = BTreeMap<(usize, usize), Vec<Range>>;

/// A node that is being put together.
struct Shared<'a> {
    step: &'a Step,
    area: Area,
}

/// The definition that decides as the matrix says: for every class, type and number of half days its nodes that apply are
/// the steps of the cell. Where the matrix has a gap, so has the definition; where two bands contradict each other, the
/// first one speaks. Neither is published.
pub fn compile(matrix: &Matrix) -> Definition {
    let areas = areas(matrix);
    let mut routes = areas.iter().collect::<Vec<_>>();
    // The longest first: the others find their steps in it.
    routes.sort_by_key(|(route, _)| std::cmp::Reverse(route.steps.len()));
    let mut order = Vec::<Shared<'_>>::new();
    let mut copies = BTreeMap::<Approver, Area>::new();
    for (route, area) in routes {
        place(&mut order, route, area);
        for copy in route.copies.iter().collect::<BTreeSet<_>>() {
            add(copies.entry(*copy).or_default(), area);
        }
    }
    let mut keys = BTreeMap::<String, usize>::new();
    let mut key = |name: String| {
        let times = keys.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 { format!("{name}_{times}") } else { name }
    };
    let mut node = |name: String, title: String, kind, area: &Area| Node {
        key: key(name),
        title,
        when: condition(matrix, area),
        kind,
        deadline: None,
    };
    let mut nodes = Vec::with_capacity(order.len() + copies.len());
    for Shared { step, area } in &order {
        let name = step.approvers.iter().map(|approver| approver.as_str()).collect::<Vec<_>>().join("_and_");
        let title = if step.approvers.len() > 1 { step.text() } else { format!("{}审批", step.text()) };
        nodes.push(node(name, title, step.kind(), area));
    }
    for (copy, area) in &copies {
        let kind = NodeKind::Copy { to: vec![copy.rule()] };
        nodes.push(node(format!("copy_{}", copy.as_str()), format!("抄送{}", copy.text()), kind, area));
    }
    let form = templates::leave();
    Definition { name: matrix.name.trim().to_owned(), form: form.form, fields: form.fields, nodes }
}

/// Every route with where it applies.
fn areas(matrix: &Matrix) -> BTreeMap<&Route, Area> {
    let mut areas = BTreeMap::<&Route, Area>::new();
    for row in (0..matrix.rows.len()).filter(|row| !matrix.classes_of(*row).is_empty()) {
        for column in 0..matrix.columns.len() {
            // A column of the same key would speak for the cell once more.
            let bands = matrix.bands(row, column);
            for (range, band) in pieces(bands) {
                let Some(band) = band else { continue };
                areas.entry(&bands[band].route).or_default().entry((row, column)).or_default().push(range);
            }
        }
    }
    areas
}

/// Finds the steps of a route among the nodes, in order, and adds those that are missing: each before the next one that
/// is there.
fn place<'a>(order: &mut Vec<Shared<'a>>, route: &'a Route, area: &Area) {
    let mut next = 0;
    for (index, step) in route.steps.iter().enumerate() {
        let found = |step: &Step, order: &[Shared<'_>]| order.iter().position(|node| node.step == step);
        let at = match found(step, &order[next..]) {
            Some(at) => next + at,
            None => {
                let later = route.steps[index + 1..].iter().find_map(|later| found(later, &order[next..]));
                let at = later.map_or(order.len(), |at| next + at);
                order.insert(at, Shared { step, area: Area::new() });
                at
            }
        };
        add(&mut order[at].area, area);
        next = at + 1;
    }
}

fn add(area: &mut Area, more: &Area) {
    for (cell, ranges) in more {
        area.entry(*cell).or_default().extend(ranges);
    }
}

/// The condition that holds in an area, written plainly: cells that say the same are named together.
fn condition(matrix: &Matrix, area: &Area) -> Condition {
    let mut by_row = BTreeMap::<(usize, Vec<Range>), BTreeSet<usize>>::new();
    for ((row, column), ranges) in area {
        by_row.entry((*row, joined(ranges))).or_default().insert(*column);
    }
    let mut together = BTreeMap::<(BTreeSet<usize>, Vec<Range>), Vec<usize>>::new();
    for ((row, ranges), columns) in by_row {
        together.entry((columns, ranges)).or_default().push(row);
    }
    let mut cases = together.into_iter().collect::<Vec<_>>();
    cases.sort_by_key(|(_, rows)| rows.first().copied());
    let cases = cases.into_iter().flat_map(|((columns, ranges), rows)| {
        let (of_classes, of_types) = (classes(matrix, &rows), types(matrix, &columns));
        ranges.into_iter().map(move |range| all([of_classes.clone(), of_types.clone(), half_days(range)]))
    });
    let mut cases = cases.collect::<Vec<_>>();
    if cases.len() == 1 { cases.remove(0) } else { Condition::Any(cases) }
}

fn all(parts: [Option<Condition>; 3]) -> Condition {
    let mut parts = parts.into_iter().flatten().collect::<Vec<_>>();
    match parts.len() {
        0 => Condition::Always,
        1 => parts.remove(0),
        _ => Condition::All(parts),
    }
}

/// Ranges in order, those that touch as one.
fn joined(ranges: &[Range]) -> Vec<Range> {
    let mut ranges = ranges.to_vec();
    ranges.sort_unstable();
    let mut joined = Vec::<Range>::new();
    for range in ranges {
        match joined.last_mut().filter(|last| last.below.is_none_or(|below| below >= range.from)) {
            Some(last) => last.below = last.below.and_then(|below| Some(below.max(range.below?))),
            None => joined.push(range),
        }
    }
    joined
}

fn classes(matrix: &Matrix, rows: &[usize]) -> Option<Condition> {
    let classes = PostClass::ALL.iter().filter(|class| matrix.row_of(**class).is_some_and(|row| rows.contains(&row)));
    let values = classes.map(|class| class.as_str().to_owned()).collect::<Vec<_>>();
    let field = "post_class".to_owned();
    (values.len() < PostClass::ALL.len()).then_some(Condition::OneOf { field, values })
}

fn types(matrix: &Matrix, columns: &BTreeSet<usize>) -> Option<Condition> {
    let field = "leave_type".to_owned();
    let spoken_for = |name: &&str| matrix.column_of(name).is_some_and(|column| columns.contains(&column));
    let (own, others): (Vec<&str>, Vec<&str>) = matrix.listed().into_iter().partition(spoken_for);
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    // Types that come later belong to the column for every other type, so that it names those that it does not speak for.
    let every_other = matrix.columns.iter().position(|column| column.leave_types.is_empty());
    let has_every_other = every_other.is_some_and(|column| columns.contains(&column));
    match (has_every_other, others.is_empty()) {
        (true, true) => None,
        (true, false) => Some(Condition::Not(Box::new(Condition::OneOf { field, values: owned(others) }))),
        (false, _) => Some(Condition::OneOf { field, values: owned(own) }),
    }
}

fn half_days(range: Range) -> Option<Condition> {
    let at_least = (range.from > super::bands::LEAST).then_some(range.from);
    let field = "half_days".to_owned();
    (at_least.is_some() || range.below.is_some()).then_some(Condition::Integer { field, at_least, below: range.below })
}
