//! What an action does to the tasks. Who may has been checked; here only parameters can be wrong.

use super::action::{Action, Actor, Entry, Place};
use super::state::{Decision, Origin, Outcome, Task, TaskState};
use super::{MAX_COPIES, Process, Refusal, copied, next_task};
use crate::api::Code;
use crate::approval::compile::Plan;
use crate::approval::directory::Person;

const NO_TASK: Refusal = Refusal::new(Code::NotFound, "没有这项任务");

impl Process {
    /// Does what an entry says; what follows from it is left to `settle`.
    pub(super) fn perform(&mut self, entry: &Entry) -> Result<(), Refusal> {
        match &entry.action {
            Action::Approve { task, comment, .. } => self.vote(*task, TaskState::Approved, entry, comment),
            Action::Refuse { task, comment, .. } => self.vote(*task, TaskState::Refused, entry, comment),
            Action::GiveBack { task, comment, .. } => self.vote(*task, TaskState::Answered, entry, comment),
            Action::SendBack { task, to_node, comment, .. } => return self.send_back(*task, *to_node, entry, comment),
            Action::Transfer { task, to, comment, .. } => {
                self.hand_over(*task, to, Origin::Transfer(*task))?;
                self.vote(*task, TaskState::Transferred, entry, comment);
            }
            Action::Delegate { task, to, .. } => self.hand_over(*task, to, Origin::Delegate(*task))?,
            Action::Add { task, place, who, .. } => {
                let origin = match place {
                    Place::Before => Origin::Before(*task),
                    Place::After => Origin::After(*task),
                    Place::Beside => Origin::Beside(*task),
                };
                self.hand_over(*task, who, origin)?;
            }
            Action::Remove { task, .. } => self.remove(*task),
            Action::TakeBack { task, .. } => self.take_back(*task),
            Action::Withdraw { .. } => self.outcome = Outcome::Withdrawn,
            Action::Resubmit { plan, .. } => return self.resubmit(plan.as_ref()),
            Action::Urge => self.last_urged = Some(entry.at),
            Action::Copy { to } => return self.copy(to, entry),
            Action::Comment { .. } => {}
            Action::Reroute { task, to, stands_in_for } => {
                return self.reroute(*task, to.as_ref(), stands_in_for.as_deref());
            }
            Action::Escalate { task, to } => return self.escalate(*task, to),
            Action::Remind { task } => {
                let task = self.tasks.iter_mut().find(|known| known.seq == *task).ok_or(NO_TASK)?;
                // Being reminded changes nothing that its officer could have seen otherwise: the version stays.
                task.reminded = true;
            }
        }
        Ok(())
    }

    fn vote(&mut self, seq: i32, state: TaskState, entry: &Entry, comment: &str) {
        let Actor::Officer(by) = entry.actor else { return };
        let task = self.known(seq);
        task.decision = Some(Decision { by, acting_for: entry.acting_for, at: entry.at, comment: comment.to_owned() });
        task.become_state(state);
    }

    fn send_back(&mut self, seq: i32, to: Option<usize>, entry: &Entry, comment: &str) -> Result<(), Refusal> {
        if to.is_some_and(|node| !self.visited_nodes().contains(&node)) {
            return Err(Refusal::new(Code::BadInput, "只能退回到已经审批过的节点").at("to_node"));
        }
        self.vote(seq, TaskState::SentBack, entry, comment);
        match to {
            None => {
                self.outcome = Outcome::SentBack;
                self.node = 0;
            }
            Some(node) => self.begin_round(node),
        }
        Ok(())
    }

    fn resubmit(&mut self, plan: Option<&Plan>) -> Result<(), Refusal> {
        if let Some(plan) = plan {
            if plan.form != self.plan.form
                || plan.applicant != self.plan.applicant
                || plan.submitter != self.plan.submitter
            {
                return Err(Refusal::new(Code::BadInput, "重新提交的不是同一申请").at("plan"));
            }
            if plan.problem().is_some() {
                return Err(Refusal::new(Code::EmptyChain, "流程中有空缺的审批人，请联系本院政治部"));
            }
            self.plan = plan.clone();
            self.plan_since = self.round + 1;
        }
        self.outcome = Outcome::Running;
        self.begin_round(0);
        Ok(())
    }

    fn begin_round(&mut self, node: usize) {
        self.round += 1;
        self.node = node;
        self.deal(node);
    }

    /// Gives a person a task that comes from another one, at the place in the list where it acts.
    fn hand_over(&mut self, seq: i32, to: &Person, origin: Origin) -> Result<(), Refusal> {
        let task = self.task(seq).ok_or(NO_TASK)?;
        let leaving = matches!(origin, Origin::Transfer(_) | Origin::Reroute(_) | Origin::Escalate(_));
        self.check_receiver(task, to.id)?;
        let (task, new) = (task.clone(), next_task(&self.tasks));
        let giver = Some(task.officer.id);
        let index = self.tasks.iter().position(|known| known.seq == seq).expect("it was just found");
        let (place, seat, leads, answers, added_by) = match origin {
            Origin::Before(_) => (index, task.seat, false, None, giver),
            Origin::Delegate(_) => (index, task.seat, false, Some(seq), None),
            Origin::After(_) => {
                let of_same = |known: &Task| known.origin == origin;
                let last = self.tasks.iter().rposition(of_same).unwrap_or(index);
                (last + 1, task.seat, false, None, giver)
            }
            Origin::Beside(_) => (index + 1, new, true, None, giver),
            _ => (index + 1, task.seat, task.leads, task.answers, task.added_by),
        };
        // Who takes a place for good stands for the member of the plan; who was given one task does not.
        let member = task.member.filter(|_| matches!(origin, Origin::Reroute(_)));
        self.tasks.insert(
            place,
            Task {
                seq: new,
                officer: to.clone(),
                origin,
                state: TaskState::Waiting,
                version: 1,
                opened_at: None,
                reminded: false,
                decision: None,
                added_by,
                member,
                seat,
                leads,
                answers,
                ..task
            },
        );
        if leaving {
            self.tasks
                .iter_mut()
                .filter(|known| known.answers == Some(seq))
                .for_each(|known| known.answers = Some(new));
        }
        Ok(())
    }

    /// Removes a task with everything that was added to it and is still undecided.
    fn remove(&mut self, seq: i32) {
        let removed = self.removed_with(seq);
        let removed = self.tasks.iter_mut().filter(|task| removed.contains(&task.seq));
        removed.filter(|task| task.state.follows()).for_each(|task| task.become_state(TaskState::Removed));
    }

    /// A task and everything that was added to it.
    pub(super) fn removed_with(&self, seq: i32) -> Vec<i32> {
        let mut removed = vec![seq];
        let mut next = 0;
        while let Some(seq) = removed.get(next).copied() {
            let depends = |task: &&Task| task.origin.parent() == Some(seq) || task.answers == Some(seq);
            let more = self.tasks.iter().filter(depends).map(|task| task.seq);
            let more = more.filter(|child| !removed.contains(child)).collect::<Vec<_>>();
            removed.extend(more);
            next += 1;
        }
        removed
    }

    fn take_back(&mut self, seq: i32) {
        let task = self.task(seq).expect("permit has found it");
        let node = task.node;
        let handed = match task.state {
            TaskState::Transferred | TaskState::Delegated => self.handed_to(task).map(|other| other.seq),
            _ => None,
        };
        if let Some(handed) = handed {
            self.remove(handed);
        }
        let task = self.known(seq);
        task.decision = None;
        task.become_state(TaskState::Waiting);
        self.node = node;
    }

    fn copy(&mut self, to: &[Person], entry: &Entry) -> Result<(), Refusal> {
        let Actor::Officer(by) = entry.actor else { return Ok(()) };
        if to.is_empty() || to.iter().any(|person| person.id == self.plan.applicant) {
            return Err(Refusal::new(Code::BadInput, "请选择申请人以外的抄送人").at("to"));
        }
        let mut next = self.clone();
        copied(to, by, entry.at).for_each(|copy| next.copy_to(copy));
        if next.copies.len() > MAX_COPIES {
            return Err(Refusal::new(Code::BadInput, "抄送人数超过上限").at("to"));
        }
        *self = next;
        Ok(())
    }

    fn reroute(&mut self, seq: i32, to: Option<&Person>, stands_in_for: Option<&str>) -> Result<(), Refusal> {
        let task = self.undecided(seq)?;
        let (node, member, seat, leads) = (task.node, task.member, task.seat, task.leads);
        match to {
            Some(to) => {
                self.hand_over(seq, to, Origin::Reroute(seq))?;
                if let Some(member) = member.and_then(|index| self.plan.nodes[node].members.get_mut(index)) {
                    member.person = to.clone();
                    member.stands_in_for = stands_in_for.map(str::to_owned);
                }
            }
            None if leads && !self.counts_beside(node, seat) => {
                return Err(Refusal::new(Code::EmptyChain, "节点不能没有审批人"));
            }
            None => {}
        }
        self.known(seq).become_state(TaskState::Rerouted);
        Ok(())
    }

    fn escalate(&mut self, seq: i32, to: &Person) -> Result<(), Refusal> {
        if self.undecided(seq)?.state != TaskState::Open {
            return Err(Refusal::new(Code::WrongState, "还没有轮到这项任务"));
        }
        self.hand_over(seq, to, Origin::Escalate(seq))?;
        self.known(seq).become_state(TaskState::Escalated);
        Ok(())
    }

    /// Whether another seat of a node of this round still has, or had, a say.
    fn counts_beside(&self, node: usize, seat: i32) -> bool {
        let here = |task: &&Task| task.node == node && task.round == self.round && task.seat != seat;
        self.tasks.iter().filter(here).any(Task::counts)
    }

    fn undecided(&self, seq: i32) -> Result<&Task, Refusal> {
        let task = self.task(seq).ok_or(NO_TASK)?;
        let stale = Refusal {
            task: Some(seq), ..Refusal::new(Code::StaleVersion, "状态已变化，请按最新状态处理")
        };
        if self.outcome == Outcome::Running && task.state.is_undecided() { Ok(task) } else { Err(stale) }
    }

    fn known(&mut self, seq: i32) -> &mut Task {
        self.tasks.iter_mut().find(|task| task.seq == seq).expect("it has been looked up before")
    }
}
