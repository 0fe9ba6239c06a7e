//! Who takes over when an approver leaves, moves or lets a deadline pass.
//!
//! Every undecided task has to have an officer in service. The system looks after each change of posts and after each
//! action, in the same transaction, and writes what it does into the log like everybody else.

use uuid::Uuid;

use super::directory::{Directory, Found};
use super::process::{Action, Actor, Entry, Process, Task};
use crate::day::Timestamp;

/// What had to be done so that every undecided task has a person in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rerouted {
    /// The process after it.
    pub process: Process,
    /// The entries to append, in order.
    pub entries: Vec<Entry>,
    /// The tasks for which nobody could be found; they stay with their officers and need an administrator.
    pub missing: Vec<i32>,
}

/// Gives the undecided tasks of people who are no longer in service to those who stand in, in the order of fallbacks. A
/// task is dropped only where its vote is not needed: of an added signer or a delegate for whom nobody stands in, or of
/// a member of a node in which everybody who could stand in has a part already.
pub fn reroute(process: &Process, directory: &Directory, at: Timestamp) -> Rerouted {
    let mut rerouted = Rerouted { process: process.clone(), entries: Vec::new(), missing: Vec::new() };
    while let Some(task) = rerouted.next(directory) {
        let seq = task.seq;
        let found = successor(&rerouted.process, directory, task);
        let (to, stands_in_for) = found.map_or((None, None), |found| (Some(found.person), found.stands_in_for));
        let action = Action::Reroute { task: seq, to, stands_in_for };
        let entry = Entry { seq: rerouted.process.next_seq(), actor: Actor::System, acting_for: None, at, action };
        match rerouted.process.apply(&entry) {
            Ok(next) => {
                rerouted.process = next;
                rerouted.entries.push(entry);
            }
            Err(_) => rerouted.missing.push(seq),
        }
    }
    rerouted
}

/// Gives a task past its deadline to the next one in the order of fallbacks; nothing where there is nobody.
pub fn escalate(process: &Process, directory: &Directory, task: i32) -> Option<Action> {
    let found = successor(process, directory, process.task(task)?)?;
    Some(Action::Escalate { task, to: found.person })
}

impl Rerouted {
    /// The next undecided task whose officer is not in service.
    fn next(&self, directory: &Directory) -> Option<&Task> {
        let lost = |task: &&Task| task.state.is_undecided() && !directory.in_service(task.officer.id);
        self.process.tasks().iter().filter(lost).find(|task| !self.missing.contains(&task.seq))
    }
}

fn successor(process: &Process, directory: &Directory, task: &Task) -> Option<Found> {
    let member = task.member.and_then(|member| process.plan().nodes[task.node].members.get(member));
    let successors = directory.successors(member.map(|member| &member.rule), task.officer.id, process.applicant());
    let able = |person: Uuid| process.may_receive(task.seq, person);
    successors.into_iter().find(|found| able(found.person.id))
}
