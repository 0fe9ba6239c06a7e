//! What follows from the votes: whose turn it is, when a node is done, how the request ends.
//!
//! Only votes and hand-overs are facts. `Waiting`, `Open`, `Delegated` and `Void` follow from them and are worked out
//! anew after every action, so that taking a vote back needs no undoing.

use std::collections::BTreeSet;

use super::Process;
use super::state::{Copied, Outcome, Task, TaskState};
use crate::approval::compile::PlanKind;
use crate::approval::definition::Mode;
use crate::day::Timestamp;

/// How a seat or a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Pending,
    Approved,
    Refused,
    /// Nobody sits there.
    Empty,
}

impl Process {
    /// Works out what follows from the votes.
    pub(super) fn settle(&mut self, at: Timestamp) {
        while self.outcome == Outcome::Running {
            let Some(node) = self.plan.nodes.get(self.node) else {
                self.outcome = Outcome::Approved;
                break;
            };
            match node.kind {
                PlanKind::Copy => {
                    for member in node.members.clone() {
                        self.copy_to(Copied { person: member.person, by: None, at });
                    }
                    self.node += 1;
                }
                PlanKind::Decide { mode } => match self.standing(mode) {
                    Standing::Pending => return self.open(mode, at),
                    Standing::Refused => self.outcome = Outcome::Refused,
                    Standing::Approved | Standing::Empty => {
                        self.void_node(self.node);
                        self.node += 1;
                    }
                },
            }
        }
        self.void_rest();
    }

    /// Gives a copy to somebody who has none yet.
    pub(super) fn copy_to(&mut self, copy: Copied) {
        if self.copies.iter().all(|known| known.person.id != copy.person.id) {
            self.copies.push(copy);
        }
    }

    /// How the current node stands.
    fn standing(&self, mode: Mode) -> Standing {
        let seats = self.seats().into_iter().map(|seat| self.seat_standing(seat)).collect::<Vec<_>>();
        let count = |standing| seats.iter().filter(|seat| **seat == standing).count();
        let (approved, refused, pending) =
            (count(Standing::Approved), count(Standing::Refused), count(Standing::Pending));
        let seated = approved + refused + pending;
        if seated == 0 {
            return Standing::Empty;
        }
        match mode {
            Mode::Any if approved > 0 => Standing::Approved,
            Mode::Single | Mode::All | Mode::InOrder | Mode::Any if refused > 0 => Standing::Refused,
            Mode::Single | Mode::All | Mode::InOrder if pending == 0 => Standing::Approved,
            Mode::Single | Mode::All | Mode::InOrder | Mode::Any => Standing::Pending,
            Mode::Ratio { percent } => {
                let needed = (seated * usize::from(percent)).div_ceil(100).max(1);
                if approved >= needed {
                    Standing::Approved
                } else if approved + pending < needed {
                    Standing::Refused
                } else {
                    Standing::Pending
                }
            }
        }
    }

    /// The seats of the current node in their order.
    fn seats(&self) -> Vec<i32> {
        let mut known = BTreeSet::new();
        self.tasks
            .iter()
            .filter(|task| self.is_current(task) && known.insert(task.seat))
            .map(|task| task.seat)
            .collect()
    }

    fn seat_standing(&self, seat: i32) -> Standing {
        let tasks = || self.tasks.iter().filter(move |task| self.is_current(task) && task.seat == seat);
        if tasks().any(|task| task.state == TaskState::Refused) {
            Standing::Refused
        } else if tasks().any(|task| task.state.follows()) {
            Standing::Pending
        } else if tasks().any(|task| task.leads && task.state == TaskState::Approved) {
            Standing::Approved
        } else {
            Standing::Empty
        }
    }

    /// Opens whose turn it is in the current node; everybody else waits.
    fn open(&mut self, mode: Mode, at: Timestamp) {
        let seats = self.seats().into_iter().map(|seat| (seat, self.seat_standing(seat))).collect::<Vec<_>>();
        let rank_of = |seat: i32| self.tasks.iter().find(|task| task.seat == seat).map_or(0, |task| task.rank);
        let pending = seats.iter().filter(|(_, standing)| *standing == Standing::Pending).map(|(seat, _)| *seat);
        let first = pending.clone().map(rank_of).min();
        let turn = |seat: &i32| mode != Mode::InOrder || Some(rank_of(*seat)) == first;
        let mut open = pending.filter(turn).collect::<BTreeSet<_>>();
        let decided = seats.iter().filter(|(_, standing)| *standing != Standing::Pending).map(|(seat, _)| *seat);
        let decided = decided.collect::<BTreeSet<_>>();
        let asked = self.tasks.iter().filter(|task| self.is_current(task) && task.state.follows());
        let asked = asked.filter_map(|task| task.answers).collect::<BTreeSet<_>>();
        let (node, round) = (self.node, self.round);
        for task in self.tasks.iter_mut().filter(|task| task.state.follows()) {
            if task.round != round || task.node < node {
                task.become_state(TaskState::Void);
            } else if task.node > node {
                task.become_state(TaskState::Waiting);
            } else if decided.contains(&task.seat) {
                task.become_state(TaskState::Void);
            } else if open.remove(&task.seat) {
                if task.state != TaskState::Open {
                    task.opened_at = Some(at);
                    task.reminded = false;
                }
                task.become_state(TaskState::Open);
            } else {
                let delegated = asked.contains(&task.seq);
                task.become_state(if delegated { TaskState::Delegated } else { TaskState::Waiting });
            }
        }
    }

    fn void_node(&mut self, node: usize) {
        let round = self.round;
        let rest = self.tasks.iter_mut().filter(|task| task.round == round && task.node == node);
        rest.filter(|task| task.state.follows()).for_each(|task| task.become_state(TaskState::Void));
    }

    fn void_rest(&mut self) {
        self.tasks.iter_mut().filter(|task| task.state.follows()).for_each(|task| task.become_state(TaskState::Void));
    }

    /// Whether a task belongs to the node that is being decided.
    pub(super) fn is_current(&self, task: &Task) -> bool {
        task.round == self.round && task.node == self.node
    }
}
