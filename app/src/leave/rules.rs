//! The life of a request for leave: its states, who may do what, the way back.
//!
//! What a request counts and whether it may be submitted stands in [`check_request`] and its neighbours. Nothing here
//! knows a ledger or a chain; [`crate::leave::ledger`] and [`crate::approval::process`] do.

use serde::{Deserialize, Serialize};

use crate::api::Code;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay, Span};
use crate::leave::types::{Lane, LeaveType};

pub mod absence;
mod check;
pub mod convert;
mod limits;
mod notes;
pub mod overdue;
mod routing;
pub mod series;

use series::{Kind, Standing, extend, may_judge_return, may_return};

pub use check::{
    Adjoining, Applicant, Ask, Check, Existing, Facts, Note, Part, Remark, Why, check_request, count, is_provisional,
    routed_beside,
};
pub use limits::{Earlier, Stretch, not_eligible};

/// Where a request is. `Approved`, `OnLeave` and `AwaitingReturn` differ by the day alone, so they are derived from the
/// stored state and today, never stored apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 草稿.
    Draft,
    /// 审批中.
    InApproval,
    /// 已批准, not begun.
    Approved,
    /// 休假中.
    OnLeave,
    /// 待销假: over, the return is not reported yet.
    AwaitingReturn,
    /// 已销假.
    Returned,
    /// 撤回.
    Withdrawn,
    /// 不同意.
    Refused,
    /// 退回.
    SentBack,
    /// 撤销.
    Cancelled,
}

/// What somebody can do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 撤回, by the applicant.
    Withdraw,
    /// 修改后重新提交, by the applicant, of what was sent back.
    Resubmit,
    /// 销假, by the applicant.
    Return,
    /// 撤销 of what was approved, before it begins, by somebody who approved it.
    Cancel,
    /// 续假, by the applicant, before the end.
    Extend,
    /// 确认销假, by whoever confirms returns.
    ConfirmReturn,
    /// 对销假有异议: the report goes back to the applicant, by whoever confirms returns.
    DisputeReturn,
    /// 同意, by the approver whose turn it is.
    Approve,
    /// 不同意, by the approver whose turn it is.
    Refuse,
    /// 证明材料已交验, by an approver or HR.
    ConfirmEvidence,
    /// 记录未归, by a leader or 政治部.
    RecordAbsence,
    /// 解除未归记录, by a leader or 政治部.
    LiftAbsence,
    /// 说明情况, by the officer who is on record as not back.
    AnswerAbsence,
    /// 转为病假: days of annual leave on which he was ill, by the applicant.
    Convert,
    /// 另请代理人, by the applicant.
    NameStandIn,
}

/// How a return compares with the last day of the leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 按期.
    OnTime,
    /// 提前.
    Early,
    /// 逾期.
    Late,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::OnTime, Self::Early, Self::Late];

    /// The outcome's name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Early => "early",
            Self::Late => "late",
        }
    }

    /// The outcome of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// The part of a request's state that is stored; [`status`] derives the rest from the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    /// The chain is deciding.
    InApproval,
    /// With the applicant, who may submit it again. Its half days stay taken and held meanwhile.
    SentBack,
    /// Approved, the return not reported yet.
    Approved,
    /// The return is reported.
    Returned,
    /// Taken back by the applicant before the decision.
    Withdrawn,
    /// Refused by an approver.
    Refused,
    /// Cancelled after approval.
    Cancelled,
}

/// What moves a request from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The applicant takes it back.
    Withdraw,
    /// The last step approved.
    Approve,
    /// A step refused.
    Refuse,
    /// A step sent it back to the applicant.
    SendBack,
    /// The applicant submits it again.
    Resubmit,
    /// The applicant reports back.
    Return,
    /// An approver takes back what was approved, before it begins.
    Cancel,
}

impl Stored {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::InApproval,
        Self::SentBack,
        Self::Approved,
        Self::Returned,
        Self::Withdrawn,
        Self::Refused,
        Self::Cancelled,
    ];

    /// The state's name as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InApproval => "in_approval",
            Self::SentBack => "sent_back",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stored| stored.as_str() == name)
    }

    /// Whether the request has not come to nothing.
    pub fn is_live(self) -> bool {
        matches!(self, Self::InApproval | Self::SentBack | Self::Approved | Self::Returned)
    }

    /// Whether a new version of the calendar counts the request anew: it is open, or granted and not reported back from.
    pub fn is_counted_anew(self) -> bool {
        matches!(self, Self::InApproval | Self::SentBack | Self::Approved)
    }

    /// The state after an event. Error: [`Code::WrongState`] where the event does not fit.
    pub fn after(self, event: Event) -> Result<Self, Code> {
        match (self, event) {
            (Self::InApproval | Self::SentBack, Event::Withdraw) => Ok(Self::Withdrawn),
            (Self::InApproval, Event::SendBack) => Ok(Self::SentBack),
            (Self::SentBack, Event::Resubmit) => Ok(Self::InApproval),
            (Self::InApproval, Event::Approve) => Ok(Self::Approved),
            (Self::InApproval, Event::Refuse) => Ok(Self::Refused),
            (Self::Approved, Event::Return) => Ok(Self::Returned),
            (Self::Approved, Event::Cancel) => Ok(Self::Cancelled),
            _ => Err(Code::WrongState),
        }
    }
}

/// Where a request is on a day. A leave that ends at noon is still on leave on that day: nobody is asked to report back
/// before his day is over.
pub fn status(stored: Stored, span: Span, today: Day) -> Status {
    match stored {
        Stored::InApproval => Status::InApproval,
        Stored::SentBack => Status::SentBack,
        Stored::Approved if today < span.from().date => Status::Approved,
        Stored::Approved if today <= span.to().date => Status::OnLeave,
        Stored::Approved => Status::AwaitingReturn,
        Stored::Returned => Status::Returned,
        Stored::Withdrawn => Status::Withdrawn,
        Stored::Refused => Status::Refused,
        Stored::Cancelled => Status::Cancelled,
    }
}

/// Who is looking at a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// It is his own request.
    pub is_applicant: bool,
    /// He submitted it in the applicant's place (代提交).
    pub is_submitter: bool,
    /// The step whose turn it is waits for him.
    pub has_open_task: bool,
    /// He has approved it, for himself or in another's place.
    pub has_approved: bool,
    /// He reads the papers of the applicant's court (政治部).
    pub reads_papers: bool,
    /// He may confirm returns from it.
    pub may_confirm: bool,
    /// He heads the applicant's department, or is of 政治部: he may say that the applicant is not back.
    pub may_record: bool,
    /// He is of 政治部, and nobody who approved it is in service any more.
    pub follows_approvers: bool,
}

/// What the viewer may do with a request in the present half day. The phone draws its buttons from it, the server
/// refuses the rest.
pub fn actions(standing: &Standing, viewer: Viewer, now: HalfDay) -> Vec<Action> {
    let today = now.date;
    match standing.stored {
        Stored::InApproval if viewer.is_applicant => vec![Action::Withdraw],
        Stored::InApproval | Stored::SentBack if viewer.is_submitter => vec![Action::Withdraw],
        // Other days of the leave are asked for anew.
        Stored::SentBack if viewer.is_applicant && matches!(standing.kind, Kind::Converts(_)) => vec![Action::Withdraw],
        Stored::SentBack if viewer.is_applicant => vec![Action::Resubmit, Action::Withdraw],
        Stored::InApproval if viewer.has_open_task => vec![Action::Approve, Action::Refuse],
        Stored::Approved => [
            (Action::Return, may_return(standing, viewer, today).is_ok()),
            (Action::Extend, extend(standing, viewer, today).is_ok()),
            (Action::Cancel, cancel(standing, viewer, now).is_ok()),
            (Action::ConfirmReturn, may_judge_return(standing, viewer).is_ok()),
            (Action::DisputeReturn, may_judge_return(standing, viewer).is_ok()),
        ]
        .into_iter()
        .filter_map(|(action, is_offered)| is_offered.then_some(action))
        .collect(),
        _ => Vec::new(),
    }
}

/// Takes approved leave back (撤销), all of it, before its first half day begins: a morning at midnight, an afternoon at
/// noon. From then on the officer reports back early (提前销假); a report of his that waits comes first. Whoever approved
/// it may, and 政治部 once all of them have left service; the officer asks one of them. An extension has to go first, so
/// that none is left without the leave that it extends; one that was sent back is withdrawn with it.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] unless the leave is approved and not reported yet,
/// [`Code::LeaveBegun`] from its first half day on, [`Code::AlreadyExtended`] where a request extends it and was not
/// sent back.
pub fn cancel(standing: &Standing, viewer: Viewer, now: HalfDay) -> Result<Stored, Code> {
    let is_his_to_cancel = viewer.has_approved || viewer.follows_approvers;
    if !is_his_to_cancel || viewer.is_applicant || viewer.is_submitter {
        return Err(Code::NotAllowed);
    }
    let after = standing.stored.after(Event::Cancel)?;
    // Days that were annual leave before would be nothing at all.
    if standing.reported || matches!(standing.kind, Kind::Converts(_)) {
        return Err(Code::WrongState);
    }
    if now >= standing.span.from() {
        return Err(Code::LeaveBegun);
    }
    if standing.is_extension_in_the_way() { Err(Code::AlreadyExtended) } else { Ok(after) }
}

/// Notes that the papers which a request owes have been seen (证明材料已交验): by who decides or has decided on it, or by
/// HR; never by the applicant, nor by who submitted it for him.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] where nothing is owed or the request came to nothing.
pub fn confirm_evidence(stored: Stored, is_owed: bool, viewer: Viewer) -> Result<(), Code> {
    let sees_papers = viewer.has_open_task || viewer.has_approved || viewer.reads_papers;
    if viewer.is_applicant || viewer.is_submitter || !sees_papers {
        return Err(Code::NotAllowed);
    }
    let alive = matches!(stored, Stored::InApproval | Stored::SentBack | Stored::Approved | Stored::Returned);
    if is_owed && alive { Ok(()) } else { Err(Code::WrongState) }
}

/// What an approver reads while nobody has seen the papers that a request owes: whether there are `files` to look at.
pub fn owed_papers(files: i64) -> &'static str {
    if files > 0 {
        "证明材料已上传，尚未查验，请查看附件"
    } else {
        "需要证明材料，尚未提供；可以先请假后补交，交验之前标为“待补证明”"
    }
}

/// An approved leave, as far as the way back is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Leave<'a> {
    /// Its state.
    pub stored: Stored,
    /// Its type.
    pub leave_type: &'a LeaveType,
    /// Its span.
    pub span: Span,
    /// The half days of the span that were counted, in order.
    pub counted: &'a [HalfDay],
}

/// What a return does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPlan {
    /// On time, early or late.
    pub outcome: Outcome,
    /// The half days of the span that he is back for, counted or not: they no longer stand in the way of another
    /// request.
    pub freed: Vec<HalfDay>,
    /// The counted ones among them that come back to the balance: all of them, or none for a type that may not be split.
    /// What is released without credit stays used in the books, though it was not taken.
    pub refunded: Vec<HalfDay>,
}

/// Reports back (销假) from a leave and those that it extends, the first one first: what becomes of each. `back` is the
/// first half day at work again, `today` the day of the report.
///
/// Early is who gives up a half day that counts; a weekend at the end of a leave gives up nothing. Who is back at the
/// very beginning has used nothing. The first workday half after the last leave is the due one, and any half of its day
/// is on time; a leave that went over into its extension was kept to. Who reported that he leaves town is back as he said
/// or not, rest days included: early before the end, late from the second day after it on.
///
/// Errors: [`Code::WrongState`] unless all are approved and not reported yet, [`Code::ReturnOutOfRange`] for a `back`
/// before the first leave begins or after today.
pub fn report_return(
    calendar: &WorkCalendar,
    series: &[Leave<'_>],
    back: HalfDay,
    today: Day,
) -> Result<Vec<ReturnPlan>, Code> {
    let (Some(first), Some(last)) = (series.first(), series.last()) else { return Err(Code::WrongState) };
    for leave in series {
        leave.stored.after(Event::Return)?;
    }
    if back < first.span.from() || back > HalfDay::pm(today) {
        return Err(Code::ReturnOutOfRange);
    }
    let is_report = |leave: &Leave<'_>| leave.leave_type.lane() == Lane::Report;
    let due = if is_report(last) { last.span.to().next().date } else { due_back(calendar, last.span) };
    let is_late = back.date > due;
    let plan = |leave: &Leave<'_>| {
        let unused = leave.counted.iter().copied().filter(|slot| *slot >= back).collect::<Vec<_>>();
        let gives_up = if is_report(leave) { back <= leave.span.to() } else { !unused.is_empty() };
        let outcome = if gives_up {
            Outcome::Early
        } else if is_late && leave.span == last.span {
            Outcome::Late
        } else {
            Outcome::OnTime
        };
        ReturnPlan {
            outcome,
            freed: leave.span.half_days().filter(|slot| *slot >= back).collect(),
            refunded: if leave.leave_type.may_split { unused } else { Vec::new() },
        }
    };
    Ok(series.iter().map(plan).collect())
}

/// What a return does to 病假 that stands in place of days of the leave: days from `back` on were not taken. Whether he
/// is late is said of the leave itself.
pub fn close_converted(leave: &Leave<'_>, back: HalfDay) -> ReturnPlan {
    let unused = leave.counted.iter().copied().filter(|slot| *slot >= back).collect::<Vec<_>>();
    ReturnPlan {
        outcome: if unused.is_empty() { Outcome::OnTime } else { Outcome::Early },
        freed: leave.span.half_days().filter(|slot| *slot >= back).collect(),
        refunded: if leave.leave_type.may_split { unused } else { Vec::new() },
    }
}

/// The day on which somebody on this leave is due back: the one with the first workday half after it.
pub fn due_back(calendar: &WorkCalendar, span: Span) -> Day {
    let next = span.to().next();
    // After a morning of leave, the afternoon of the same day is next.
    if [next, HalfDay::pm(next.date)].into_iter().any(|at| calendar.works(at)) {
        next.date
    } else {
        calendar.next_workday(next.date)
    }
}

#[cfg(test)]
mod tests;
