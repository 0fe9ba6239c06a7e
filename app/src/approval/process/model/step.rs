//! Random steps: all verbs by all actors, the wrong ones too.

use proptest::prelude::*;

use super::super::{Action, Person, Place, Verb};
use super::world::id;

/// Who does what; everything is taken modulo what there is, so that every step means something.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// A verb by its number; some numbers are events of the system.
    pub(super) what: usize,
    /// Whether an officer of an open task acts, instead of anybody.
    pub(super) sensible: bool,
    pub(super) actor: usize,
    /// For whom he acts, if he is not the one; and whether he really may.
    pub(super) acting_for: Option<bool>,
    pub(super) task: usize,
    pub(super) target: usize,
    pub(super) node: usize,
    pub(super) stale: bool,
    pub(super) silent: bool,
    pub(super) minutes: i64,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![5 => Just(0usize), 1 => Just(1), 2 => Just(2), 14 => 3usize..22, 2 => Just(22)];
    let flags = (proptest::bool::weighted(0.8), proptest::bool::weighted(0.05), proptest::bool::weighted(0.05));
    let acting_for = proptest::option::weighted(0.1, proptest::bool::weighted(0.9));
    (what, flags, 0usize..10, acting_for, 0usize..40, 0usize..10, 0usize..6, 0i64..200).prop_map(
        |(what, (sensible, stale, silent), actor, acting_for, task, target, node, minutes)| Step {
            what,
            sensible,
            actor,
            acting_for,
            task,
            target,
            node,
            stale,
            silent,
            minutes,
        },
    )
}

pub(super) fn person(number: usize) -> Person {
    Person { id: id(number), officer: number.to_string(), name: format!("干警{number}"), post: String::new() }
}

pub(super) fn action(verb: Verb, task: i32, version: i64, to: Person, to_node: Option<usize>, comment: &str) -> Action {
    let comment = comment.to_owned();
    let add = |place, comment| Action::Add { task, version, place, who: to.clone(), comment };
    match verb {
        Verb::Approve => Action::Approve { task, version, comment },
        Verb::Refuse => Action::Refuse { task, version, comment },
        Verb::SendBack => Action::SendBack { task, version, to_node, comment },
        Verb::Transfer => Action::Transfer { task, version, to, comment },
        Verb::Delegate => Action::Delegate { task, version, to, comment },
        Verb::GiveBack => Action::GiveBack { task, version, comment },
        Verb::AddBefore => add(Place::Before, comment),
        Verb::AddAfter => add(Place::After, comment),
        Verb::AddBeside => add(Place::Beside, comment),
        Verb::Remove => Action::Remove { task, version },
        Verb::TakeBack => Action::TakeBack { task, version },
        Verb::Withdraw => Action::Withdraw { comment },
        Verb::Resubmit => Action::Resubmit { plan: None, comment },
        Verb::Urge => Action::Urge,
        Verb::Copy => Action::Copy { to: vec![to] },
        Verb::Comment => Action::Comment { text: comment },
        Verb::Reroute => Action::Reroute { task, to: Some(to), stands_in_for: None },
        Verb::Escalate => Action::Escalate { task, to },
        Verb::Remind => Action::Remind { task },
    }
}

/// The verbs by number: those that move a request forward first.
pub(super) fn verb(what: usize) -> Verb {
    let all = [&[Verb::Approve, Verb::Refuse, Verb::Approve][..], &Verb::OF_TASKS, &Verb::OF_REQUESTS].concat();
    all[what % all.len()]
}
