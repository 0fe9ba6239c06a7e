//! The working copy of a definition: what is changed in it, undone, and told apart from what was saved.

use app::approval::api::DefinitionView;
use app::approval::condition::Condition;
use app::approval::definition::{ApproverRule, Definition, Mode, Node, NodeKind};
use serde::{Deserialize, Serialize};

use super::merge::{is_reordered, merged};

/// How many changes can be undone.
const UNDOABLE: usize = 100;

/// A definition that is being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The version after which it will be saved.
    pub based_on: i32,
    /// The definition of that version.
    pub saved: Definition,
    /// The definition as it is edited.
    pub definition: Definition,
    /// What it was before each change, the last change last.
    #[serde(skip)]
    past: Vec<Definition>,
}

/// A difference between two definitions, with the titles of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The definition has another name.
    Renamed,
    /// Other fields are declared.
    Fields,
    /// A node is new.
    Added(String),
    /// A node is gone.
    Removed(String),
    /// A node is not what it was.
    Edited(String),
    /// The nodes that are in both stand in another order.
    Reordered,
}

impl Draft {
    /// A working copy that will be saved after the current version. `definition` is what editing begins with.
    pub fn new(current: &DefinitionView, definition: Definition) -> Self {
        Self { based_on: current.current, saved: current.definition.clone(), definition, past: Vec::new() }
    }

    /// Goes on after a version that somebody else has saved meanwhile: what is unchanged here is taken from it, also in
    /// what can be undone. Where both have changed the same, the difference is shown.
    pub fn rebase(&mut self, current: &DefinitionView) {
        let merge = |own: &Definition| merged(&self.saved, own, &current.definition);
        let definition = merge(&self.definition);
        self.past = self.past.iter().map(merge).collect();
        self.definition = definition;
        self.follow(current);
    }

    /// Goes on after it was saved itself: what has been changed since is the difference.
    pub fn follow(&mut self, saved: &DefinitionView) {
        self.based_on = saved.current;
        self.saved = saved.definition.clone();
    }

    /// Changes the definition, so that the change can be undone.
    pub fn change(&mut self, change: impl FnOnce(&mut Definition)) {
        let before = self.definition.clone();
        change(&mut self.definition);
        if self.definition != before {
            if self.past.len() == UNDOABLE {
                self.past.remove(0);
            }
            self.past.push(before);
        }
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some(before) = self.past.pop() {
            self.definition = before;
        }
    }

    /// Whether there is a change to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// How it differs from what was saved.
    pub fn differences(&self) -> Vec<Difference> {
        differences(&self.saved, &self.definition)
    }
}

/// A node like most: one leader, always. Its key is one that the definition does not have.
pub fn new_node(definition: &Definition, title: &str) -> Node {
    Node {
        key: free_key(|key| has_key(definition, key)),
        title: title.to_owned(),
        when: Condition::Always,
        kind: NodeKind::Decide { approvers: vec![ApproverRule::Leader { levels: 1 }], mode: Mode::Single },
        deadline: None,
    }
}

/// A key that is not taken.
pub(super) fn free_key(is_taken: impl Fn(&str) -> bool) -> String {
    let key = (1..).map(|number: u32| format!("node_{number}")).find(|key| !is_taken(key));
    key.expect("there are more numbers than nodes")
}

fn has_key(definition: &Definition, key: &str) -> bool {
    definition.nodes.iter().any(|node| node.key == key)
}

/// Adds a node at the end. While it was filled in, its key may have been taken by somebody else's node.
pub fn add_node(definition: &mut Definition, node: Node) {
    let is_taken = has_key(definition, &node.key);
    let key = if is_taken { free_key(|key| has_key(definition, key)) } else { node.key };
    definition.nodes.push(Node { key, ..node });
}

/// Moves a node one place up or down; at the end of the list it stays.
pub fn shift(definition: &mut Definition, index: usize, up: bool) {
    let other = if up { index.checked_sub(1) } else { index.checked_add(1) };
    let nodes = &mut definition.nodes;
    if let Some(other) = other.filter(|other| *other < nodes.len() && index < nodes.len()) {
        nodes.swap(index, other);
    }
}

/// How a definition differs from an earlier one, node by node; nodes are the same by their key.
pub fn differences(before: &Definition, after: &Definition) -> Vec<Difference> {
    let find = |definition: &Definition, key: &str| definition.nodes.iter().position(|node| node.key == key);
    let mut found = Vec::new();
    if before.name != after.name {
        found.push(Difference::Renamed);
    }
    if before.fields != after.fields || before.form != after.form {
        found.push(Difference::Fields);
    }
    for node in &after.nodes {
        match find(before, &node.key).map(|index| &before.nodes[index]) {
            None => found.push(Difference::Added(node.title.clone())),
            Some(known) if known != node => found.push(Difference::Edited(node.title.clone())),
            Some(_) => {}
        }
    }
    let gone = before.nodes.iter().filter(|node| find(after, &node.key).is_none());
    found.extend(gone.map(|node| Difference::Removed(node.title.clone())));
    if is_reordered(before, after) {
        found.push(Difference::Reordered);
    }
    found
}

#[cfg(test)]
mod tests {
    use app::approval::templates;

    use super::*;

    fn draft() -> Draft {
        let definition = templates::leave();
        let view = DefinitionView {
            form: "leave".to_owned(),
            version: 2,
            current: 2,
            definition: definition.clone(),
            versions: Vec::new(),
        };
        Draft::new(&view, definition)
    }

    #[test]
    fn every_change_can_be_undone() {
        let mut draft = draft();
        draft.change(|definition| drop(definition.nodes.remove(1)));
        draft.change(|definition| shift(definition, 0, false));
        draft.change(|definition| shift(definition, 0, true));
        draft.change(|definition| definition.nodes.push(new_node(definition, "政治部审核")));
        assert_eq!(draft.definition.nodes.last().map(|node| node.key.as_str()), Some("node_1"));
        let mut steps = 0;
        while draft.can_undo() {
            draft.undo();
            steps += 1;
        }
        assert_eq!((steps, &draft.definition), (3, &templates::leave()), "a shift past the first place is no change");
    }

    #[test]
    fn a_new_node_has_a_key_of_its_own() {
        let mut definition = templates::leave();
        for expected in ["node_1", "node_2"] {
            let node = new_node(&definition, "节点");
            assert_eq!(node.key, expected);
            definition.nodes.push(node);
        }
        definition.nodes.retain(|node| node.key != "node_1");
        assert_eq!(new_node(&definition, "节点").key, "node_1");
    }

    #[test]
    fn differences_are_told_by_node() {
        let mut draft = draft();
        assert_eq!(draft.differences(), []);
        draft.change(|definition| {
            definition.nodes[0].title = "庭长审批".to_owned();
            definition.nodes.remove(3);
            definition.nodes.swap(1, 2);
            let node = new_node(definition, "政治部审核");
            definition.nodes.insert(0, node);
        });
        let expected = [
            Difference::Added("政治部审核".to_owned()),
            Difference::Edited("庭长审批".to_owned()),
            Difference::Removed("上级法院院长审批".to_owned()),
            Difference::Reordered,
        ];
        assert_eq!(draft.differences(), expected);
        let current = DefinitionView {
            form: "leave".to_owned(),
            version: 5,
            current: 5,
            definition: draft.definition.clone(),
            versions: Vec::new(),
        };
        draft.follow(&current);
        assert_eq!((draft.based_on, draft.differences()), (5, Vec::new()));
    }

    #[test]
    fn what_somebody_else_has_saved_stays_saved() {
        let mut draft = draft();
        draft.change(|definition| definition.nodes[0].title = "庭长审批".to_owned());
        let definition = Definition { name: "请假审批（试行）".to_owned(), ..templates::leave() };
        let current = DefinitionView {
            form: "leave".to_owned(),
            version: 3,
            current: 3,
            definition: definition.clone(),
            versions: Vec::new(),
        };
        draft.rebase(&current);
        assert_eq!(draft.differences(), [Difference::Edited("庭长审批".to_owned())]);
        draft.undo();
        assert_eq!(draft.definition, definition, "taking one's own change back takes back nothing else");
    }

    #[test]
    fn an_added_node_gives_way_where_its_key_is_taken() {
        let mut definition = templates::leave();
        let node = new_node(&definition, "政治部审核");
        add_node(&mut definition, node.clone());
        add_node(&mut definition, node);
        let keys = definition.nodes.iter().skip(5).map(|node| node.key.as_str()).collect::<Vec<_>>();
        assert_eq!(keys, ["node_1", "node_2"]);
    }
}
