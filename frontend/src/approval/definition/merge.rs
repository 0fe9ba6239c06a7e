//! Puts the changes of two administrators together, node by node; nodes are the same by their key.

use app::approval::definition::{Definition, Node};

use super::draft::free_key;

/// What becomes of `base` with the changes of `own` and of `other`: whatever is unchanged in `own` is taken from `other`.
/// Where both have changed the same part, `own` stands.
pub fn merged(base: &Definition, own: &Definition, other: &Definition) -> Definition {
    let own = &apart(base, own, other);
    Definition {
        name: pick(&base.name, &own.name, &other.name).clone(),
        form: own.form.clone(),
        fields: pick(&base.fields, &own.fields, &other.fields).clone(),
        nodes: nodes(base, own, other),
    }
}

fn pick<'a, T: PartialEq>(base: &T, own: &'a T, other: &'a T) -> &'a T {
    if own == base { other } else { own }
}

fn find<'a>(definition: &'a Definition, key: &str) -> Option<&'a Node> {
    definition.nodes.iter().find(|node| node.key == key)
}

/// `own`, in which new nodes have keys that the new nodes of `other` do not have.
fn apart(base: &Definition, own: &Definition, other: &Definition) -> Definition {
    let mut apart = own.clone();
    for index in 0..apart.nodes.len() {
        let node = &apart.nodes[index];
        let is_other = find(other, &node.key).is_some_and(|theirs| theirs != node);
        if is_other && find(base, &node.key).is_none() {
            let key = free_key(|key| find(&apart, key).or_else(|| find(other, key)).is_some());
            apart.nodes[index].key = key;
        }
    }
    apart
}

fn nodes(base: &Definition, own: &Definition, other: &Definition) -> Vec<Node> {
    let kept = |node: &Node| {
        let (before, mine, theirs) = (find(base, &node.key), find(own, &node.key), find(other, &node.key));
        if mine == before { theirs.cloned() } else { mine.cloned() }
    };
    // The order is that of whoever has changed it; where both have, one's own.
    let (first, second) = if is_reordered(base, own) { (own, other) } else { (other, own) };
    let mut merged: Vec<Node> = first.nodes.iter().filter_map(kept).collect();
    for (index, node) in second.nodes.iter().enumerate() {
        if merged.iter().any(|here| here.key == node.key) {
            continue;
        }
        let Some(node) = kept(node) else { continue };
        // Behind the nearest of those before it that is here.
        let here = |node: &Node| merged.iter().position(|here| here.key == node.key);
        let place = second.nodes[..index].iter().rev().find_map(here).map_or(0, |place| place + 1);
        merged.insert(place, node);
    }
    merged
}

/// Whether the nodes that are in both stand in another order.
pub fn is_reordered(before: &Definition, after: &Definition) -> bool {
    let place = |node: &Node| before.nodes.iter().position(|known| known.key == node.key);
    !after.nodes.iter().filter_map(place).collect::<Vec<_>>().is_sorted()
}

#[cfg(test)]
mod tests {
    use app::approval::templates;

    use super::super::draft::{new_node, shift};
    use super::*;

    fn changed(change: impl FnOnce(&mut Definition)) -> Definition {
        let mut definition = templates::leave();
        change(&mut definition);
        definition
    }

    fn titles(definition: &Definition) -> Vec<&str> {
        definition.nodes.iter().map(|node| node.title.as_str()).collect()
    }

    #[test]
    fn what_only_one_has_changed_is_as_he_changed_it() {
        let base = templates::leave();
        let own = changed(|definition| {
            definition.nodes[0].title = "庭长审批".to_owned();
            definition.nodes.remove(3);
        });
        let other = changed(|definition| {
            definition.name = "请假审批（试行）".to_owned();
            definition.nodes[1].title = "分管副院长审批".to_owned();
            let node = new_node(definition, "政治部审核");
            definition.nodes.insert(1, node);
        });
        let merged = merged(&base, &own, &other);
        assert_eq!(merged.name, "请假审批（试行）");
        let rest = [base.nodes[2].title.as_str(), base.nodes[4].title.as_str()];
        assert_eq!(titles(&merged), [["庭长审批", "政治部审核", "分管副院长审批"].as_slice(), &rest].concat());
        assert_eq!(super::merged(&base, &base, &other), other);
        assert_eq!(super::merged(&base, &own, &base), own);
    }

    #[test]
    fn where_both_have_changed_the_same_ones_own_stands() {
        let base = templates::leave();
        let own = changed(|definition| definition.nodes[0].title = "庭长审批".to_owned());
        let other = changed(|definition| drop(definition.nodes.remove(0)));
        assert_eq!(merged(&base, &own, &other), own, "an edited node comes back");
        let other = changed(|definition| definition.nodes[0].title = "部门负责人".to_owned());
        assert_eq!(merged(&base, &own, &other), own);
    }

    #[test]
    fn new_nodes_of_both_stay_two() {
        let base = templates::leave();
        let with = |title: &str| {
            changed(|definition| {
                let node = new_node(definition, title);
                definition.nodes.push(node);
            })
        };
        let merged = merged(&base, &with("政治部备案"), &with("纪检组备案"));
        let new = merged.nodes.iter().skip(base.nodes.len());
        let mut new = new.map(|node| (node.key.as_str(), node.title.as_str())).collect::<Vec<_>>();
        new.sort_unstable();
        assert_eq!(new, [("node_1", "纪检组备案"), ("node_2", "政治部备案")]);
    }

    #[test]
    fn the_order_is_of_whoever_has_changed_it() {
        let base = templates::leave();
        let moved = changed(|definition| shift(definition, 0, false));
        let named = changed(|definition| definition.nodes[2].title = "院长".to_owned());
        let both = changed(|definition| {
            definition.nodes[2].title = "院长".to_owned();
            shift(definition, 0, false);
        });
        assert_eq!(merged(&base, &moved, &named), both);
        assert_eq!(merged(&base, &named, &moved), both);
    }
}
