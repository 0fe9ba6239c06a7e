//! Who takes over when an approver leaves, moves or lets a deadline pass.
//!
//! Every undecided task has to have an officer in service, and a task that the plan gave to a post has to be with who
//! holds it. The system looks after each change of posts and after each action, and writes what it does into the log like
//! everybody else.

use super::compile::Member;
use super::definition::Overdue;
use super::directory::{Directory, Found, Officer, Person};
use super::process::{Action, Actor, Due, Entry, Process, Task};
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
///
/// Tasks that the plan gave to a post follow the post: where their officer is in service but has moved, they go to who
/// answers to the rule now, and are dropped where all of those have a part in the node already. He keeps what was meant
/// for him in person (named, chosen, transferred, added, escalated) and what nobody else can take. That the applicant
/// moves changes nothing.
pub fn reroute(process: &Process, directory: &Directory, at: Timestamp) -> Rerouted {
    let mut rerouted = Rerouted { process: process.clone(), entries: Vec::new(), missing: Vec::new() };
    let applicant = process.plan().applicant_then(directory);
    let mut tried = Vec::new();
    while let Some((task, found)) = rerouted.process.next_lost(directory, applicant.as_ref(), &tried) {
        let (to, stands_in_for) = found.map_or((None, None), |found| (Some(found.person), found.stands_in_for));
        let action = Action::Reroute { task, to, stands_in_for };
        let entry = Entry { seq: rerouted.process.next_seq(), actor: Actor::System, acting_for: None, at, action };
        match rerouted.process.apply(&entry) {
            Ok(next) => {
                rerouted.process = next;
                rerouted.entries.push(entry);
            }
            Err(_) => tried.push(task),
        }
    }
    let lost = |seq: &i32| rerouted.process.task(*seq).is_some_and(|task| !directory.in_service(task.officer.id));
    rerouted.missing = tried.into_iter().filter(lost).collect();
    rerouted
}

/// What happens to a task past its deadline: its officer is reminded, or it goes to the next one in the order of
/// fallbacks. Where there is no next one, he is reminded all the same.
pub fn act_on_due(process: &Process, directory: &Directory, due: Due) -> Action {
    let next = match due.then {
        Overdue::Remind => None,
        Overdue::Escalate => process.successor(directory, due.task),
    };
    match next {
        Some(to) => Action::Escalate { task: due.task, to },
        None => Action::Remind { task: due.task },
    }
}

impl Process {
    /// The next undecided task, apart from those that were tried, that has to go to somebody else, and to whom; to nobody
    /// where nobody can take it.
    fn next_lost(
        &self,
        directory: &Directory,
        applicant: Option<&Officer>,
        tried: &[i32],
    ) -> Option<(i32, Option<Found>)> {
        let undecided = |task: &&Task| task.state.is_undecided() && !tried.contains(&task.seq);
        self.tasks().iter().filter(undecided).find_map(|task| {
            let rule = self.member_of(task).map(|member| &member.rule);
            let candidates = if directory.in_service(task.officer.id) {
                let candidates = directory.replacements(rule?, &task.officer, applicant?);
                (!candidates.is_empty()).then_some(candidates)?
            } else {
                applicant.map_or(Vec::new(), |applicant| directory.successors(rule, task.officer.id, applicant))
            };
            Some((task.seq, self.first_able(task, candidates)))
        })
    }

    fn successor(&self, directory: &Directory, task: i32) -> Option<Person> {
        let waiting = self.task(task)?;
        let applicant = self.plan().applicant_then(directory)?;
        let rule = self.member_of(waiting).map(|member| &member.rule);
        let successors = directory.successors(rule, waiting.officer.id, &applicant);
        Some(self.first_able(waiting, successors)?.person)
    }

    /// The member of the plan for whom a task stands.
    fn member_of(&self, task: &Task) -> Option<&Member> {
        self.plan().nodes[task.node].members.get(task.member?)
    }

    fn first_able(&self, task: &Task, found: Vec<Found>) -> Option<Found> {
        found.into_iter().find(|found| self.may_receive(task.seq, found.person.id))
    }
}
