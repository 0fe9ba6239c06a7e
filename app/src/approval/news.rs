//! Who is told what when a running request changes.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::process::{Action, Actor, Entry, Outcome, Process};
use crate::notice::rules::{News, NoticeKind};

/// What the entries that led from one state to the next are to whom. `before` is absent for a request that was just
/// submitted. Everybody hears of one kind once, and nobody of what he did himself.
///
/// - [`NoticeKind::TaskWaiting`]: whose turn it is now and was not before.
/// - [`NoticeKind::Decided`], [`NoticeKind::SentBack`]: the applicant.
/// - [`NoticeKind::SubmittedFor`]: the applicant, when somebody else has asked for him; [`NoticeKind::DecidedFor`]: who
///   has asked for him; [`NoticeKind::WithdrawnFor`]: of these two the one who did not take it back.
/// - [`NoticeKind::Urged`]: whose turn it is; [`NoticeKind::Reminded`]: whose task is past its deadline.
/// - [`NoticeKind::Copied`]: who has a copy now and had none.
/// - [`NoticeKind::Commented`]: the applicant, whose turn it is, and who has decided.
///
/// The actor named in a notice is who did it; for a task, whose request it is.
pub fn news(before: Option<&Process>, after: &Process, entries: &[Entry]) -> Vec<News> {
    let applicant = after.applicant();
    let actors: BTreeSet<Uuid> = entries.iter().filter_map(officer).collect();
    let last_actor = entries.last().and_then(officer);
    let mut all = BTreeSet::new();
    let mut tell = |officer: Uuid, kind, actor: Option<Uuid>, by: Option<Uuid>| {
        if by != Some(officer) {
            all.insert(News { officer, kind, actor });
        }
    };

    let was_open = |seq: i32| before.is_some_and(|before| before.open_tasks().any(|task| task.seq == seq));
    for task in after.open_tasks().filter(|task| !was_open(task.seq)) {
        // Who takes his own decision back knows that it is his turn again.
        if !actors.contains(&task.officer.id) {
            tell(task.officer.id, NoticeKind::TaskWaiting, Some(applicant), None);
        }
    }
    if before.is_none()
        && let Some(submitter) = after.submitter()
    {
        tell(applicant, NoticeKind::SubmittedFor, Some(submitter), None);
    }
    if before.is_none_or(|before| before.outcome() != after.outcome()) {
        match after.outcome() {
            Outcome::Approved | Outcome::Refused => tell(applicant, NoticeKind::Decided, last_actor, last_actor),
            Outcome::SentBack => tell(applicant, NoticeKind::SentBack, last_actor, last_actor),
            // Of the applicant and who asked for him one has taken it back; the other hears of it.
            Outcome::Withdrawn => {
                if let Some(submitter) = after.submitter() {
                    tell(applicant, NoticeKind::WithdrawnFor, last_actor, last_actor);
                    tell(submitter, NoticeKind::WithdrawnFor, last_actor, last_actor);
                }
            }
            Outcome::Running => {}
        }
        if let (Outcome::Approved | Outcome::Refused | Outcome::SentBack, Some(submitter)) =
            (after.outcome(), after.submitter())
        {
            tell(submitter, NoticeKind::DecidedFor, last_actor, last_actor);
        }
    }
    let had_copy = |id: Uuid| before.is_some_and(|before| before.copies().iter().any(|copy| copy.person.id == id));
    for copy in after.copies().iter().filter(|copy| !had_copy(copy.person.id)) {
        // Who has just decided knows what his copy says.
        if !actors.contains(&copy.person.id) {
            tell(copy.person.id, NoticeKind::Copied, Some(copy.by.unwrap_or(applicant)), None);
        }
    }
    for entry in entries {
        let by = officer(entry);
        match entry.action {
            Action::Urge => {
                for officer in turns(after) {
                    tell(officer, NoticeKind::Urged, by, by);
                }
            }
            Action::Remind { task } => {
                if let Some(task) = after.task(task) {
                    tell(task.officer.id, NoticeKind::Reminded, Some(applicant), by);
                }
            }
            Action::Comment { .. } => {
                let decided =
                    after.tasks().iter().filter_map(|task| task.decision.as_ref()).map(|decision| decision.by);
                for officer in turns(after).into_iter().chain(decided).chain([applicant]) {
                    tell(officer, NoticeKind::Commented, by, by);
                }
            }
            _ => {}
        }
    }
    all.into_iter().collect()
}

/// Whose turn it is. Notices that wait for anybody else's decision have done their work.
pub fn turns(process: &Process) -> BTreeSet<Uuid> {
    process.open_tasks().map(|task| task.officer.id).collect()
}

fn officer(entry: &Entry) -> Option<Uuid> {
    match entry.actor {
        Actor::Officer(officer) => Some(officer),
        Actor::System => None,
    }
}
