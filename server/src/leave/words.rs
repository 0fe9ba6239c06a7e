//! The vocabulary of leave in Chinese, for what leaves the server as a file.

use app::leave::rules::{Outcome, Status};
use app::leave::types::Lane;

/// A request's state in a word. Who reported to be out of town is on no leave; what needs no report of its end has one
/// all the same.
pub(super) fn status_text(status: Status, lane: Lane, is_reported: bool) -> &'static str {
    match status {
        Status::Draft => "草稿",
        Status::InApproval => "审批中",
        Status::Approved => "已批准",
        Status::OnLeave if lane == Lane::Report => "外出中",
        Status::OnLeave => "休假中",
        Status::AwaitingReturn => "待销假",
        Status::Returned if !is_reported => "已结束",
        Status::Returned => "已销假",
        Status::Withdrawn => "已撤回",
        Status::Refused => "不同意",
        Status::SentBack => "已退回",
        Status::Cancelled => "已撤销",
    }
}

/// How a return compares with the last day, in a word.
pub(super) fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::OnTime => "按期",
        Outcome::Early => "提前",
        Outcome::Late => "逾期",
    }
}

/// What has become of the papers that a request needs, in a word; nothing where it needs none.
pub(super) fn evidence_text(is_needed: bool, is_seen: bool, is_attached: bool) -> &'static str {
    match (is_needed, is_seen, is_attached) {
        (false, ..) => "",
        (true, true, _) => "已查验",
        (true, false, true) => "已提供",
        (true, false, false) => "待补",
    }
}
