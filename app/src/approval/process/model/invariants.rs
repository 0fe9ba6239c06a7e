//! What holds in every state, from one state to the next, and of what everybody is told.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::*;
use crate::approval::definition::{ApproverRule, Mode, Values};
use crate::approval::directory::Directory;
use crate::approval::news::{news, turns};
use crate::notice::rules::NoticeKind;

/// Only a task that the plan gave to a post leaves somebody in service, and only where he does not answer to the rule.
pub(super) fn check_moved(process: &Process, directory: &Directory, task: &Task) -> Result<(), TestCaseError> {
    prop_assert!(matches!(task.origin, Origin::Plan | Origin::Reroute(_)), "{task:?} was given to him in person");
    let member = task.member.map(|member| &process.plan().nodes[task.node].members[member]);
    let rule = &member.expect("a task of the plan stands for a member").rule;
    prop_assert!(!matches!(rule, ApproverRule::Officer { .. } | ApproverRule::Chosen { .. }), "{task:?}");
    let applicant = process.plan().applicant_then(directory).expect("he is known");
    let now = directory.find(rule, &applicant, &Values::new(), false).unwrap_or_default();
    prop_assert!(now.iter().all(|found| found.person.id != task.officer.id), "{task:?} answers to his rule");
    Ok(())
}

/// What holds in every state.
pub(super) fn check_state(process: &Process) -> Result<(), TestCaseError> {
    let running = process.outcome() == Outcome::Running;
    let open = process.open_tasks().collect::<Vec<_>>();
    prop_assert_eq!(running, !open.is_empty());
    if !running {
        prop_assert!(process.tasks().iter().all(|task| !task.state.is_undecided()), "something waits after the end");
    }
    if let Some(node) = process.current_node() {
        let here = |task: &&Task| task.node == node && task.round == process.round();
        prop_assert!(open.iter().all(here), "a task outside the current node is open");
        let beside = process.tasks().iter().filter(here).any(|task| matches!(task.origin, Origin::Beside(_)));
        let several = matches!(process.plan().nodes[node].mode(), Some(Mode::All | Mode::Ratio { .. } | Mode::Any));
        prop_assert!(open.len() == 1 || several || beside, "{} are open", open.len());
    }
    let mut parts = BTreeSet::new();
    let mut votes = BTreeSet::new();
    for task in process.tasks() {
        prop_assert!(!process.plan().bars(task.officer.id), "the applicant, or who asked for him, has a task");
        if task.state.follows() || task.state.has_voted() {
            prop_assert!(parts.insert((task.node, task.round, task.officer.id)), "{task:?} is the second one");
        }
        if let Some(decision) = &task.decision {
            prop_assert!(!process.plan().bars(decision.by), "the applicant, or who asked for him, has decided");
            if task.state.has_voted() {
                prop_assert!(votes.insert((task.node, task.round, decision.by)), "{task:?} is a second vote");
            }
        }
        prop_assert_eq!(task.state.has_voted(), task.decision.is_some() && !moved(task));
    }
    let done = if process.outcome() == Outcome::Approved { process.plan().nodes.len() } else { process.node };
    for node in 0..done {
        check_done(process, node)?;
    }
    let (decided, nodes) = process.progress();
    prop_assert!(decided <= nodes && (process.outcome() != Outcome::Approved || decided == nodes));
    let copies = process.copies().iter().map(|copy| copy.person.id).collect::<BTreeSet<_>>();
    prop_assert!(copies.len() == process.copies().len() && !copies.contains(&process.applicant()));
    Ok(())
}

fn moved(task: &Task) -> bool {
    matches!(task.state, TaskState::Transferred | TaskState::Answered)
}

/// A node that was passed was passed rightly.
fn check_done(process: &Process, node: usize) -> Result<(), TestCaseError> {
    let Some(mode) = process.plan().nodes[node].mode() else { return Ok(()) };
    let round = process.tasks().iter().filter(|task| task.node == node).map(|task| task.round).max();
    let here = process.tasks().iter().filter(|task| task.node == node && Some(task.round) == round);
    let here = here.collect::<Vec<_>>();
    prop_assert!(here.iter().all(|task| !task.state.is_undecided()));
    let approved = here.iter().filter(|task| task.leads && task.state == TaskState::Approved).count();
    if here.iter().all(|task| task.state == TaskState::Merged) {
        prop_assert_eq!(round, Some(1), "everybody decides again after a return");
        return Ok(());
    }
    prop_assert!(approved > 0, "node {node} was passed without a decision");
    match mode {
        Mode::Single | Mode::All | Mode::InOrder => {
            let left = |task: &&Task| matches!(task.state, TaskState::Void | TaskState::Refused);
            prop_assert_eq!(here.into_iter().find(left), None, "{:?} was passed while somebody was missing", mode);
        }
        Mode::Ratio { percent } => {
            let seated = here.iter().filter(|task| task.leads);
            let seated = seated.filter(|task| task.state.has_voted() || task.state == TaskState::Void);
            let seats = seated.map(|task| task.seat).collect::<BTreeSet<_>>();
            prop_assert!(approved * 100 >= seats.len() * usize::from(percent), "{approved} of {}", seats.len());
        }
        Mode::Any => {}
    }
    Ok(())
}

/// What holds from one state to the next.
pub(super) fn check_step(old: &Process, new: &Process, entry: &Entry) -> Result<(), TestCaseError> {
    let verb = entry.action.verb();
    if old.outcome().is_terminal() {
        prop_assert!(matches!(verb, Verb::Comment | Verb::Copy), "{verb:?} after the end");
        prop_assert_eq!((old.outcome(), old.tasks()), (new.outcome(), new.tasks()));
    }
    if verb == Verb::TakeBack {
        let own = entry.action.task().and_then(|seq| old.task(seq)).expect("it was taken back");
        let later = |task: &&Task| task.round == own.round && task.node > own.node;
        let acted = |task: &Task| task.state.has_voted() || moved(task) || task.origin.made_by().is_some();
        prop_assert!(!old.tasks().iter().filter(later).any(acted), "the next one had acted");
    }
    for task in old.tasks() {
        let now = new.task(task.seq);
        prop_assert!(now.is_some(), "{task:?} is gone");
        let now = now.expect("just checked");
        prop_assert!(now.version >= task.version);
        if now.version == task.version {
            let unchanged = Task { answers: now.answers, reminded: now.reminded, ..task.clone() };
            prop_assert_eq!(&unchanged, now, "a task changed without its version");
        }
        let colleague = entry.action.task() != Some(task.seq) && task.state == TaskState::Open;
        if colleague && now.state == TaskState::Open {
            prop_assert_eq!(now.version, task.version, "{:?} changed a colleague's task", verb);
        }
    }
    Ok(())
}

/// Whoever has to do something, or has waited for something, hears of it; nobody hears of his own doing.
pub(super) fn check_news(old: &Process, new: &Process, entry: &Entry) -> Result<(), TestCaseError> {
    let by = match entry.actor {
        Actor::Officer(officer) => Some(officer),
        Actor::System => None,
    };
    let told = news(Some(old), new, std::slice::from_ref(entry));
    let hear = |kind| told.iter().filter(move |news| news.kind == kind).map(|news| news.officer);
    prop_assert!(told.iter().all(|news| Some(news.officer) != by), "{told:?} tells {by:?} what he did");
    let now = turns(new);
    for kind in NoticeKind::ASKING {
        prop_assert!(hear(kind).all(|officer| now.contains(&officer)), "{kind:?} to somebody whose turn it is not");
    }
    for officer in now.difference(&turns(old)).filter(|officer| Some(**officer) != by) {
        prop_assert!(hear(NoticeKind::TaskWaiting).any(|told| told == *officer), "{officer} does not know of his turn");
    }
    let ended = old.outcome() != new.outcome() && matches!(new.outcome(), Outcome::Approved | Outcome::Refused);
    let expected = ended.then_some(new.applicant()).into_iter().collect::<Vec<_>>();
    prop_assert_eq!(hear(NoticeKind::Decided).collect::<Vec<_>>(), expected);
    let judged = ended || (old.outcome() != new.outcome() && new.outcome() == Outcome::SentBack);
    let expected: Vec<_> = new.submitter().filter(|_| judged).into_iter().collect();
    prop_assert_eq!(hear(NoticeKind::DecidedFor).collect::<Vec<_>>(), expected);
    let taken_back = old.outcome() != new.outcome() && new.outcome() == Outcome::Withdrawn;
    let other = match new.submitter().filter(|_| taken_back) {
        Some(submitter) if by == Some(submitter) => vec![new.applicant()],
        Some(submitter) => vec![submitter],
        None => Vec::new(),
    };
    prop_assert_eq!(hear(NoticeKind::WithdrawnFor).collect::<Vec<_>>(), other);
    Ok(())
}
