//! Who sees what of a request (who looks × request → what is shown): the one place that decides it. The form, its way
//! through the approval and the cards of lists all go through here before they leave the house.
//!
//! Who only has a copy (抄送) learns who is away, when, and what has become of the request; not the type, the reason, the
//! place, the contact, the papers, what approvers said, nor with which device they decided. Medical papers are for the
//! applicant, those who decide or have decided, and HR (issue 4, item 4); a leader's right to read leave of his people
//! does not reach them.

use crate::approval::api::{ProcessView, Subject};
use crate::day::Span;
use crate::leave::api::LeaveRequest;
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
    /// His role reads the leave of the applicant's department.
    pub reads_leave: bool,
    /// His role manages the leave of the applicant's court. With the one before that is HR (政治部); who only runs the
    /// system manages it too, and reads nothing.
    pub manages_leave: bool,
    /// He has a copy.
    pub has_copy: bool,
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
        if part.is_applicant || part.in_chain || (part.reads_leave && part.manages_leave) {
            Some(Self::Papers)
        } else if part.reads_leave {
            Some(Self::Request)
        } else {
            part.has_copy.then_some(Self::Copy)
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
        absence: None,
        converts: None,
        conversions: Vec::new(),
        actions: Vec::new(),
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
        }
    }
    if is_copy {
        for task in whole.nodes.iter_mut().flat_map(|node| &mut node.tasks) {
            (task.comment, task.stands_in_for) = (None, None);
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
    Subject { leave_type: None, half_days, reason: String::new(), destination: String::new(), lane, ..whole }
}

/// Who has a copy learns whether somebody is away from work or only out of town, which is what the copy is for; that he
/// takes an hour a day would tell the type.
fn shown_lane(lane: Lane) -> Lane {
    if lane == Lane::Report { Lane::Report } else { Lane::Leave }
}
