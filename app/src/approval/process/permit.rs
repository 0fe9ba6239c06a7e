//! Who may do what now. The same checks draw the buttons and stand at the door.

use uuid::Uuid;

use super::action::{Action, Verb};
use super::state::{Origin, Outcome, Task, TaskState};
use super::{MAX_ADDED, MAX_COMMENT, MAX_COPIES, MAX_HANDOVERS, Process, Refusal, Settings};
use crate::api::Code;
use crate::approval::definition::Mode;
use crate::day::Timestamp;

/// An officer, for himself or for another under a delegation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    pub(super) officer: Uuid,
    pub(super) acting_for: Option<Uuid>,
}

/// Something that a person may do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Offer {
    /// What.
    pub verb: Verb,
    /// With which task; nothing where it concerns the whole request.
    pub task: Option<i32>,
    /// For whom, under a delegation.
    pub acting_for: Option<Uuid>,
}

const NOT_YOURS: Refusal = Refusal::new(Code::NotAllowed, "这项任务不是您的");
const NOT_OPEN: Refusal = Refusal::new(Code::WrongState, "还没有轮到这项任务");
const OPINION_ONLY: Refusal = Refusal::new(Code::WrongState, "这是委派给您的任务，只需回复意见");
const NOT_THE_APPLICANT: Refusal = Refusal::new(Code::NotAllowed, "只有申请人可以这样操作");
const ENDED: Refusal = Refusal::new(Code::WrongState, "流程已结束或不在审批中");

impl Process {
    /// What a person may do now, for himself and for those for whom he may act. An offered verb succeeds with parameters
    /// that are well formed, and nothing else does.
    pub fn offers(&self, person: Uuid, acts_for: &[Uuid], now: Timestamp, settings: &Settings) -> Vec<Offer> {
        let principals = acts_for.iter().map(|principal| Some(*principal));
        let mut offers = Vec::new();
        for acting_for in [None].into_iter().chain(principals) {
            let who = Who { officer: person, acting_for };
            let allowed = |verb: Verb, task: Option<i32>| {
                self.may(verb, who, now, acts_for, settings).is_ok() && self.permit(verb, task, None, who).is_ok()
            };
            let add = |verb, task| allowed(verb, task).then_some(Offer { verb, task, acting_for });
            for task in &self.tasks {
                offers.extend(Verb::OF_TASKS.into_iter().filter_map(|verb| add(verb, Some(task.seq))));
            }
            offers.extend(Verb::OF_REQUESTS.into_iter().filter_map(|verb| add(verb, None)));
        }
        offers
    }

    /// What settings and delegations say.
    pub(super) fn may(
        &self,
        verb: Verb,
        who: Who,
        at: Timestamp,
        acts_for: &[Uuid],
        settings: &Settings,
    ) -> Result<(), Refusal> {
        if who.acting_for.is_some_and(|principal| !acts_for.contains(&principal)) {
            return Err(Refusal::new(Code::NotAllowed, "没有有效的委托，不能代为审批"));
        }
        if verb == Verb::TakeBack && !settings.take_back {
            return Err(Refusal::new(Code::WrongState, "本院没有开放撤回审批"));
        }
        if verb == Verb::Urge && self.outcome == Outcome::Running {
            let minutes = |from: Timestamp, minutes: i64| at < from.plus_minutes(minutes);
            let opened = self.open_tasks().filter_map(|task| task.opened_at).min();
            if opened.is_some_and(|opened| minutes(opened, settings.urge_after_minutes))
                || self.last_urged.is_some_and(|last| minutes(last, settings.urge_every_minutes))
            {
                return Err(Refusal::new(Code::SlowDown, "催办太频繁，请稍后再催"));
            }
        }
        Ok(())
    }

    /// What the state says. `version` is the task's version that the caller saw; nothing for whoever sees the present.
    pub(super) fn permit(&self, verb: Verb, task: Option<i32>, version: Option<i64>, who: Who) -> Result<(), Refusal> {
        if verb.is_system() {
            return Err(Refusal::new(Code::NotAllowed, "只有系统可以这样操作"));
        }
        if who.acting_for.is_some() && !verb.may_be_delegated() {
            return Err(Refusal::new(Code::NotAllowed, "受托人只能代为审批"));
        }
        match task {
            Some(seq) => {
                let task = self.task(seq).ok_or(Refusal::new(Code::NotFound, "没有这项任务"))?;
                self.permit_task(verb, task, version, who)
            }
            None => self.permit_request(verb, who.officer),
        }
    }

    fn permit_request(&self, verb: Verb, officer: Uuid) -> Result<(), Refusal> {
        // Who asked for him can take that back; everything else is the applicant's own.
        let submitter = verb == Verb::Withdraw && Some(officer) == self.plan.submitter;
        let applicant = officer == self.plan.applicant || submitter;
        let fits = match verb {
            Verb::Withdraw => matches!(self.outcome, Outcome::Running | Outcome::SentBack),
            Verb::Resubmit => self.outcome == Outcome::SentBack,
            Verb::Urge => self.outcome == Outcome::Running,
            // What is over can still be talked about and shown to others.
            Verb::Comment | Verb::Copy => {
                if !self.is_party(officer) {
                    return Err(Refusal::new(Code::NotAllowed, "您没有参与这项流程"));
                }
                if verb == Verb::Copy && self.copies.len() >= MAX_COPIES {
                    return Err(Refusal::new(Code::WrongState, "抄送人数已达上限"));
                }
                return Ok(());
            }
            _ => return Err(Refusal::new(Code::BadInput, "没有指明任务").at("task")),
        };
        match (applicant, fits) {
            (false, _) => Err(NOT_THE_APPLICANT),
            (true, false) => Err(ENDED),
            (true, true) => Ok(()),
        }
    }

    fn permit_task(&self, verb: Verb, task: &Task, version: Option<i64>, who: Who) -> Result<(), Refusal> {
        let stale = Refusal {
            task: Some(task.seq),
            ..Refusal::new(Code::StaleVersion, "状态已变化，请按最新状态处理")
        };
        self.permit_person(verb, task, who)?;
        if version.is_some_and(|version| version != task.version) {
            return Err(stale);
        }
        if verb == Verb::TakeBack {
            return self.permit_take_back(task);
        }
        if self.outcome != Outcome::Running || !task.state.is_undecided() {
            return Err(stale);
        }
        if verb == Verb::Remove {
            return if self.is_current(task) { self.permit_remove(task) } else { Err(stale) };
        }
        if task.state != TaskState::Open {
            return Err(NOT_OPEN);
        }
        let seat_handovers = || {
            let handed = |task: &&Task| matches!(task.origin, Origin::Transfer(_) | Origin::Delegate(_));
            self.tasks.iter().filter(|other| other.seat == task.seat).filter(handed).count()
        };
        match verb {
            Verb::GiveBack if task.is_opinion() => Ok(()),
            Verb::GiveBack => Err(Refusal::new(Code::WrongState, "这项任务不是委派来的，请直接审批")),
            Verb::Delegate | Verb::Transfer if seat_handovers() >= MAX_HANDOVERS => {
                Err(Refusal::new(Code::WrongState, "转交和委派次数已达上限，请直接处理"))
            }
            Verb::Delegate => Ok(()),
            _ if task.is_opinion() => Err(OPINION_ONLY),
            Verb::Approve | Verb::Refuse | Verb::SendBack | Verb::Transfer => Ok(()),
            Verb::AddBefore | Verb::AddAfter | Verb::AddBeside => self.permit_add(verb, task),
            _ => Err(Refusal::new(Code::BadInput, "这项操作不针对任务").at("task")),
        }
    }

    /// Whose task it is; who added it, for removing it; whoever decided it, for taking that back.
    fn permit_person(&self, verb: Verb, task: &Task, who: Who) -> Result<(), Refusal> {
        if self.plan.bars(who.officer) {
            return Err(self.barred(who.officer));
        }
        if verb == Verb::Remove {
            let own = task.added_by == Some(who.officer);
            return if own { Ok(()) } else { Err(Refusal::new(Code::NotAllowed, "只有加签人可以减签")) };
        }
        let Some(principal) = who.acting_for else {
            return if task.officer.id == who.officer { Ok(()) } else { Err(NOT_YOURS) };
        };
        if task.officer.id != principal || principal == who.officer {
            return Err(NOT_YOURS);
        }
        if verb == Verb::TakeBack {
            let own = task.decision.as_ref().is_some_and(|decision| decision.by == who.officer);
            return if own { Ok(()) } else { Err(NOT_YOURS) };
        }
        if self.has_part(task, who.officer, &[]) {
            return Err(Refusal::new(Code::NotAllowed, "您在本节点已有任务或已表态，不能再代他人表态"));
        }
        Ok(())
    }

    fn permit_add(&self, verb: Verb, task: &Task) -> Result<(), Refusal> {
        // A vote of one's own is given only by who has one.
        if verb == Verb::AddBeside && !task.leads {
            return Err(Refusal::new(Code::WrongState, "前后加签的人不能再并加签"));
        }
        let added = |task: &&Task| matches!(task.origin, Origin::Before(_) | Origin::After(_) | Origin::Beside(_));
        let here = |other: &&Task| other.node == task.node && other.round == task.round;
        if self.tasks.iter().filter(here).filter(added).count() >= MAX_ADDED {
            return Err(Refusal::new(Code::WrongState, "加签人数已达上限"));
        }
        Ok(())
    }

    /// Somebody has to be left who decides: whoever added the task may have been replaced by it meanwhile.
    fn permit_remove(&self, task: &Task) -> Result<(), Refusal> {
        let removed = self.removed_with(task.seq);
        let stays = |other: &&Task| self.is_current(other) && !removed.contains(&other.seq);
        if self.tasks.iter().filter(stays).any(Task::counts) {
            return Ok(());
        }
        Err(Refusal::new(Code::WrongState, "本节点只剩这一位审批人，不能减签"))
    }

    /// While the next one has not acted, and never after the end (W11 of the reference's traps).
    fn permit_take_back(&self, task: &Task) -> Result<(), Refusal> {
        let too_late = Refusal {
            task: Some(task.seq),
            ..Refusal::new(Code::WrongState, "后续审批人已处理或流程已结束，不能撤回")
        };
        if self.outcome != Outcome::Running || task.round != self.round || task.node > self.node {
            return Err(too_late);
        }
        match task.state {
            TaskState::Approved | TaskState::Refused if self.next_has_not_acted(task) => Ok(()),
            TaskState::Transferred | TaskState::Delegated if self.handed_to(task).is_some() => Ok(()),
            _ => Err(too_late),
        }
    }

    /// Who was given a task by transfer or delegation, where he has not touched it and the giver can have it again.
    pub(super) fn handed_to(&self, task: &Task) -> Option<&Task> {
        let given = |other: &&Task| match other.origin {
            Origin::Transfer(of) | Origin::Delegate(of) => of == task.seq && other.state.is_undecided(),
            _ => false,
        };
        let untouched = |other: &&Task| self.tasks.iter().all(|child| child.origin.parent() != Some(other.seq));
        let other = self.tasks.iter().find(given).filter(untouched).filter(|other| self.is_current(other))?;
        let free = !self.has_part(task, task.officer.id, &[task.seq, other.seq]);
        free.then_some(other)
    }

    fn next_has_not_acted(&self, task: &Task) -> bool {
        let index = self.tasks.iter().position(|other| other.seq == task.seq).expect("a task of this process");
        let in_order = self.plan.nodes[task.node].mode() == Some(Mode::InOrder);
        let follows = |(position, other): &(usize, &Task)| {
            let in_seat = other.seat == task.seat && *position > index;
            let in_node = other.node == task.node && (in_seat || (in_order && other.rank > task.rank));
            other.round == task.round && (in_node || other.node > task.node)
        };
        let touched = |other: &Task| {
            let acted = matches!(
                other.state,
                TaskState::Approved
                    | TaskState::Refused
                    | TaskState::Answered
                    | TaskState::Transferred
                    | TaskState::Delegated
            );
            acted || other.origin.made_by().is_some_and(|by| by != task.seq)
        };
        !self.tasks.iter().enumerate().filter(follows).any(|(_, other)| touched(other))
    }
}

/// Whether the comment will do: there where one is needed, and not too long.
pub(super) fn check_comment(action: &Action) -> Result<(), Refusal> {
    let comment = action.comment();
    if action.verb().needs_reason() && comment.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonRequired, "请写明理由，申请人会看到").at("comment"));
    }
    if comment.chars().count() > MAX_COMMENT {
        return Err(Refusal::new(Code::BadInput, "意见最多500字，请缩短").at("comment"));
    }
    Ok(())
}
