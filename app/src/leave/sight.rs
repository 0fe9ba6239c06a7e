//! Who sees what of a request (who looks × request → what is shown): the one place that decides it. The form, its way
//! through the approval and the cards of lists all go through here before they leave the house.
//!
//! Who only has a copy (抄送) learns who is away, when, and what has become of the request; not the type, the reason, the
//! place, the contact, the papers, what approvers said, nor with which device they decided. Medical papers are for the
//! applicant, those who decide or have decided, and HR (issue 4, item 4); a leader's right to read leave of his people
//! does not reach them. Who submitted the request in the applicant's place reads what he attached himself, and no more.

use crate::approval::api::{ProcessView, Subject};
use crate::approval::process::Verb;
use crate::day::Span;
use crate::leave::api::LeaveRequest;
use crate::leave::rules::Action;
use crate::leave::types::Lane;

#[cfg(test)]
mod tests;

/// What somebody is to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// It is his own.
    pub is_applicant: bool,
    /// He is or was asked to decide on it or for his opinion, has decided for somebody else, or may do so now.
    pub in_chain: bool,
    /// He stands in its chain, and his turn has not come.
    pub is_next: bool,
    /// His role reads the leave of the applicant's department.
    pub reads_leave: bool,
    /// His role reads the papers of the applicant's court: HR (政治部), not who only runs the system.
    pub reads_papers: bool,
    /// He has a copy.
    pub has_copy: bool,
    /// He submitted it in the applicant's place (代提交): what becomes of it is all that he needs to know of it then.
    pub has_submitted: bool,
}

/// How much of a request somebody sees; each sees what the one before does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Who, when, and what has become of it.
    Copy,
    /// The request, without the files attached to it.
    Request,
    /// All of it.
    Papers,
}

impl Sight {
    /// What this part lets see; nothing for who has none, which is also who is to stand in and every colleague.
    pub fn of(part: Part) -> Option<Self> {
        if part.is_applicant || part.in_chain || part.reads_papers {
            Some(Self::Papers)
        } else if part.reads_leave || part.is_next {
            Some(Self::Request)
        } else {
            (part.has_copy || part.has_submitted).then_some(Self::Copy)
        }
    }

    /// Whether why, where and what was said are shown.
    pub fn has_request(self) -> bool {
        self >= Self::Request
    }

    /// Whether the files attached are.
    pub fn has_papers(self) -> bool {
        self >= Self::Papers
    }

    /// Whether one file is: whoever attached it in the applicant's place knows what it says, and reads no other.
    pub fn has_file(self, is_own: bool) -> bool {
        self.has_papers() || is_own
    }
}

/// A request as it is shown.
#[must_use]
pub fn request(sight: Sight, mut whole: LeaveRequest) -> LeaveRequest {
    if !sight.has_papers() {
        whole.attachments = None;
    }
    if sight.has_request() {
        return whole;
    }
    for step in &mut whole.chain {
        (step.comment, step.stands_in_for) = (None, None);
    }
    LeaveRequest {
        leave_type: None,
        // What counts gives the type away: natural days or workdays, minutes.
        half_days: Span::new(whole.from, whole.to).map_or(0, Span::len),
        minutes: None,
        lane: shown_lane(whole.lane),
        needs_return: true,
        reason: None,
        destination: None,
        contact: None,
        stand_in_note: None,
        evidence: None,
        cancelled: None,
        extends: None,
        extension: None,
        return_report: None,
        overdue_days: None,
        recounted: None,
        provisional: false,
        absence: None,
        converts: None,
        conversions: Vec::new(),
        submitted_by: None,
        submitted_by_name: None,
        // Who submitted it for another sees no more than a copy and can take it back all the same.
        actions: whole.actions.into_iter().filter(|action| *action == Action::Withdraw).collect(),
        ..whole
    }
}

/// The way of a request through its approval as it is shown. Neither the applicant nor who has a copy need know which
/// device an approver holds.
#[must_use]
pub fn process(sight: Sight, is_applicant: bool, mut whole: ProcessView) -> ProcessView {
    let is_copy = !sight.has_request();
    for item in &mut whole.timeline {
        if is_copy || is_applicant {
            item.device = None;
        }
        if is_copy {
            item.comment = None;
            // Who asked for the applicant, or took that back, is between the two of them and those who decide.
            if matches!(item.verb, None | Some(Verb::Withdraw)) {
                (item.actor, item.acting_for) = (Some(whole.name.clone()), None);
            }
        }
    }
    if is_copy {
        for node in &mut whole.nodes {
            // A node can be named after what is decided there, and with it after the type.
            node.title = format!("第{}步", node.position);
            for task in &mut node.tasks {
                (task.comment, task.stands_in_for) = (None, None);
            }
        }
    }
    whole
}

/// A card as it is shown.
#[must_use]
pub fn card(sight: Sight, whole: Subject) -> Subject {
    if sight.has_request() {
        return whole;
    }
    let half_days = Span::new(whole.from, whole.to).map_or(0, Span::len);
    let lane = shown_lane(whole.lane);
    Subject {
        leave_type: None,
        half_days,
        reason: String::new(),
        destination: String::new(),
        submitted_by: None,
        lane,
        ..whole
    }
}

/// Who has a copy learns whether somebody is away from work or only out of town, which is what the copy is for; that he
/// takes an hour a day would tell the type.
fn shown_lane(lane: Lane) -> Lane {
    if lane == Lane::Report { Lane::Report } else { Lane::Leave }
}
