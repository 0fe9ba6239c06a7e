//! What an applicant should know of his request that does not stand in his way.

use super::check::{Check, Existing, Facts, Note, Why};
use super::limits::Earlier;
use crate::day::{HalfDay, Span};
use crate::leave::types::{Lane, LeaveType, days_text};

pub(super) fn add(check: &mut Check, leave_type: &LeaveType, span: Span, facts: &Facts<'_>) {
    let half_days = check.half_days();
    if check.lane == Lane::Leave && check.routed_half_days > half_days {
        let [all, this] = [check.routed_half_days, half_days].map(days_text);
        let added = check.adjoining.iter().map(|added| added.number.as_str()).collect::<Vec<_>>().join("、");
        let text = format!("与前后相连的假期（{added}）合并为{all}（本次{this}），审批人按合并天数确定");
        check.remark(Why::Note(Note::Adjoining), text);
    }
    if check.provisional {
        let text = "所选时间的放假安排尚未公布，天数暂按周一至周五计，公布后重新核算";
        check.remark(Why::Note(Note::Provisional), text);
    }
    if span.from().date < facts.today {
        let text = match check.lane {
            Lane::Report => "开始日期已过，属于事后补报，请在事由中说明原因",
            Lane::Leave | Lane::Hours => "开始日期已过，属于补办，请在事由中说明原因",
        };
        check.remark(Why::Note(Note::Backdated), text);
    }
    if check.owes_evidence(leave_type) {
        let sum = match check.stretch.added.as_slice() {
            [] => String::new(),
            added => format!("（与前后相连的{}合并为{}）", added.join("、"), days_text(check.stretch.half_days)),
        };
        let text = format!("{}{sum}需要证明材料，可以先请假后补交；交验之前标为“待补证明”", leave_type.title);
        check.remark(Why::Note(Note::EvidenceOwed), text);
    }
    note_work(check, span, facts);
}

/// That a request was asked for afterwards, for whoever decides. Who was in time when he first submitted is not late
/// after it was sent back, unless it begins earlier by now.
pub(super) fn backdated(check: &Check, earlier: Earlier) -> Option<String> {
    let in_time =
        |span: Span| earlier.submitted.is_some_and(|(on, from)| span.from() >= from && on <= span.from().date);
    if check.span.is_some_and(in_time) {
        return None;
    }
    let text = match check.lane {
        Lane::Report => "提交时开始日期已过，属于事后补报",
        Lane::Leave | Lane::Hours => "提交时开始日期已过，属于补办",
    };
    Some(text.to_owned())
}

/// A report takes nobody from work: where it holds workdays on which he is not on leave, he is told what it is not. It
/// refuses nothing, since who leaves on Friday evening begins with Friday afternoon.
fn note_work(check: &mut Check, span: Span, facts: &Facts<'_>) {
    if check.lane != Lane::Report {
        return;
    }
    let leave = facts.existing.iter().filter(|other| other.lane.is_absence());
    let leave = leave.filter_map(Existing::occupied).collect::<Vec<_>>();
    let is_at_work = |at: &HalfDay| facts.calendar.works(*at) && !leave.iter().any(|span| span.contains(*at));
    let mut days = span.half_days().filter(is_at_work).map(|at| at.date).collect::<Vec<_>>();
    days.dedup();
    let Some(first) = days.first() else { return };
    let first = first.text();
    let days = if days.len() > 1 { format!("{first}等{}天", days.len()) } else { first };
    let text = format!("{days}为工作日，尚未请假；外出报备不能代替请假，工作时间离岗请另行请假");
    check.remark(Why::Note(Note::AtWork), text);
}
