//! What a request counts, and whether it may be submitted. One function gives the preview its warnings and the
//! submission its refusal.

use std::collections::BTreeMap;

use super::limits::{self, Earlier, Stretch};
use super::notes;
use super::routing::{Piece, routed};
use super::{Status, Stored, status};
use crate::api::{Code, Problem};
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay, Span};
use crate::leave::api::{PreviewDay, Warning};
use crate::leave::entitlement::{Exclusion, Person};
use crate::leave::grant::{Draw, Lot, draw, draw_freely, left_after};
use crate::leave::ledger::by_year;
use crate::leave::types::{Basis, Lane, LeaveType, MAX_SPAN_DAYS, Unit, days_text};
use crate::org::rules::Sex;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The type.
    pub leave_type: &'a LeaveType,
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// What was said of it before.
    pub earlier: Earlier,
}

/// Another request of the same officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Its number for people.
    pub number: String,
    /// The title of its type.
    pub title: String,
    /// What it keeps his half days for: it only stands in the way of what asks for the same.
    pub lane: Lane,
    /// Whether its type counts rest days too.
    pub counts_rest_days: bool,
    /// Its state.
    pub stored: Stored,
    /// Its span as submitted.
    pub span: Span,
    /// What it counts, in half days, less what he was back for.
    pub half_days: i64,
    /// The first half day back, once reported.
    pub back: Option<HalfDay>,
    /// What of it counts as which type: itself, and what of it has become 病假 (转为病假).
    pub parts: Vec<Part>,
}

/// What a request counts as one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The type's stable name.
    pub leave_type: String,
    /// Whether the type counts rest days too.
    pub counts_rest_days: bool,
    /// Its span as submitted.
    pub span: Span,
    /// What it counts, in half days, less what was refunded.
    pub half_days: i64,
}

impl Existing {
    /// The half days that it keeps from other requests of its lane: all of it while it lives, the part before the return
    /// once reported, nothing once it has come to nothing.
    pub fn occupied(&self) -> Option<Span> {
        match (self.stored, self.back) {
            (Stored::InApproval | Stored::SentBack | Stored::Approved, _) | (Stored::Returned, None) => Some(self.span),
            (Stored::Returned, Some(back)) => Span::new(self.span.from(), back.previous().min(self.span.to())),
            (Stored::Withdrawn | Stored::Refused | Stored::Cancelled, _) => None,
        }
    }
}

/// Another request that was added to find the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjoining {
    /// Its number for people.
    pub number: String,
    /// Its span, as far as it keeps it.
    pub span: Span,
    /// What it counts, in half days.
    pub half_days: i64,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Applicant {
    /// His category and his first day of work.
    pub person: Person,
    /// His sex as in the identity papers; none where the roster does not say.
    pub sex: Option<Sex>,
}

/// What a request is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The calendar.
    pub calendar: &'a WorkCalendar,
    /// Who asks.
    pub applicant: Applicant,
    /// The officer's other requests, at least those near the span; without the request itself.
    pub existing: &'a [Existing],
    /// The grants of the type as the ledger has them; none for a type without a balance.
    pub lots: &'a [Lot],
    /// What the officer has taken and asked for of the type in each year that the span touches, in half days; a missing
    /// year has nothing.
    pub taken: &'a BTreeMap<i32, i64>,
    /// The years that give no leave of this type, and why.
    pub exclusions: &'a BTreeMap<i32, Exclusion>,
    /// Today.
    pub today: Day,
}

/// Something the applicant should know that does not stand in his way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// A day has no notice of the State Council yet.
    Provisional,
    /// Adjoining requests were added to find the chain.
    Adjoining,
    /// The leave begins before today.
    Backdated,
    /// It is more than is usual for the type; the approver decides.
    OverLimit,
    /// The type asks for papers, which may follow.
    EvidenceOwed,
    /// What is reported holds workdays on which he is not on leave.
    AtWork,
}

/// Why a remark is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Submitting is refused with this code.
    Refused(Code),
    /// Good to know.
    Note(Note),
}

/// A remark on a request, with what to do, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Why it is made.
    pub why: Why,
    /// What to know and what to do.
    pub text: String,
}

/// What a request is found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The span; none where it is inverted.
    pub span: Option<Span>,
    /// Every half day of the span, in order; none where the span is inverted or too long.
    pub days: Vec<PreviewDay>,
    /// The half days that count, in order; of a type that counts minutes one for each day.
    pub counted: Vec<HalfDay>,
    /// What pays for them.
    pub draw: Draw,
    /// In which lane it keeps its half days.
    pub lane: Lane,
    /// What they come to where the type counts minutes.
    pub minutes: Option<i64>,
    /// How much counts for routing, adjoining requests added, in half days.
    pub routed_half_days: i64,
    /// The requests that were added for it, in the order of the calendar.
    pub adjoining: Vec<Adjoining>,
    /// The request with those of its type that adjoin it.
    pub stretch: Stretch,
    /// What would be left, in half days; of the year with the least where two are touched. None for a type without a
    /// grant. Negative where the balance does not cover the request.
    pub available_after: Option<i64>,
    /// Whether a day of the span has no notice yet.
    pub provisional: bool,
    /// Refusals first, in the order in which they are worth mending, then notes.
    pub remarks: Vec<Remark>,
}

impl Check {
    /// How much counts, in half days; nothing where the type counts minutes, or nothing at all.
    pub fn half_days(&self) -> i64 {
        if self.lane.is_absence() { self.slots() } else { 0 }
    }

    fn slots(&self) -> i64 {
        i64::try_from(self.counted.len()).expect("a span is bounded")
    }

    /// Whether it owes papers.
    pub fn owes_evidence(&self, leave_type: &LeaveType) -> bool {
        leave_type.needs_evidence(self.stretch.half_days)
    }

    /// Why the request cannot be submitted, the first reason.
    pub fn refusal(&self) -> Option<Problem> {
        self.remarks.iter().find_map(|remark| match remark.why {
            Why::Refused(code) => Some(Problem::new(code, remark.text.clone()).at(field(code))),
            Why::Note(_) => None,
        })
    }

    /// The remarks as a preview shows them.
    pub fn warnings(&self) -> Vec<Warning> {
        let warning = |remark: &Remark| Warning {
            code: name(remark.why).to_owned(),
            blocking: matches!(remark.why, Why::Refused(_)),
            text: remark.text.clone(),
        };
        self.remarks.iter().map(warning).collect()
    }

    /// What of it the rules leave to whoever decides, in words for him: that it is more than is usual, that it is asked
    /// for afterwards, what was added up to find him. `earlier` is what was said of it before. That papers are owed
    /// changes while it waits, so [`super::owed_papers`] says it of the moment.
    pub fn for_approver(&self, earlier: Earlier) -> Vec<String> {
        let told = self.remarks.iter().filter_map(|remark| match remark.why {
            Why::Note(Note::OverLimit | Note::Adjoining) => Some(remark.text.clone()),
            Why::Note(Note::Backdated) => notes::backdated(self, earlier),
            _ => None,
        });
        told.collect()
    }

    /// The same in words for somebody who asks in the officer's place and may not read his leave: that something stands in
    /// the way, and not what it is, nor how much he has left. Its chain is found before.
    pub fn without_other_leave(mut self) -> Self {
        for remark in &mut self.remarks {
            let text = match remark.why {
                Why::Refused(Code::OverlappingLeave) => "所选时间与其本人的另一份申请重叠，请改选时间，或请其本人核对",
                Why::Refused(Code::InsufficientBalance) => "其本人的余额不足；请缩短时间、改用其他假别，或与其本人核对",
                Why::Refused(Code::NotEntitled) => "其本人不能享受当年的这种假；如有出入请联系政治部",
                Why::Refused(Code::OverLimit) => "超过了这种假规定的天数；请缩短时间或联系政治部",
                Why::Note(Note::OverLimit) => "超过了这种假一般的天数；是否准假由审批人决定",
                Why::Note(Note::EvidenceOwed) => "这种假需要证明材料，可以先请假后补交；交验之前标为“待补证明”",
                Why::Note(Note::Adjoining) => "与其本人前后相连的假期合并计算，审批人按合并天数确定",
                _ => continue,
            };
            text.clone_into(&mut remark.text);
        }
        // Two that differed in what they named say the same now.
        self.remarks.dedup();
        self.adjoining.clear();
        self.stretch.added.clear();
        self.available_after = None;
        if self.lane == Lane::Leave {
            self.routed_half_days = self.half_days();
        }
        self
    }

    pub(super) fn remark(&mut self, why: Why, text: impl Into<String>) {
        self.remarks.push(Remark { why, text: text.into() });
    }
}

/// Every half day of a span with whether it counts for the type, and why.
pub fn count(calendar: &WorkCalendar, leave_type: &LeaveType, span: Span) -> Vec<PreviewDay> {
    let judge = |at: HalfDay| {
        let kind = calendar.half(at);
        let counts = leave_type.lane() != Lane::Report && (leave_type.basis == Basis::NaturalDays || kind.works());
        let by_natural_days = counts && !kind.works();
        let why = if by_natural_days { format!("{}，按自然日计", kind.why()) } else { kind.why() };
        PreviewDay { date: at.date, half: at.half, counts, why }
    };
    span.half_days().map(judge).collect()
}

/// Whether a day of the span has no notice yet, so that a request for it will be counted anew. Where rest days count, or
/// nothing does, no notice changes anything.
pub fn is_provisional(calendar: &WorkCalendar, leave_type: &LeaveType, span: Span) -> bool {
    let mut days = span.from().date.through(span.to().date);
    leave_type.follows_calendar() && days.any(|day| calendar.is_provisional(day))
}

/// Checks a request. Never fails: what is wrong stands in the remarks.
pub fn check_request(ask: Ask<'_>, facts: Facts<'_>) -> Check {
    let mut check = Check {
        span: Span::new(ask.from, ask.to),
        days: Vec::new(),
        counted: Vec::new(),
        draw: Draw::default(),
        lane: ask.leave_type.lane(),
        minutes: None,
        routed_half_days: 0,
        adjoining: Vec::new(),
        stretch: Stretch::default(),
        available_after: None,
        provisional: false,
        remarks: Vec::new(),
    };
    let leave_type = ask.leave_type;
    let Some(span) = check.span else {
        check.remark(Why::Refused(Code::InvertedSpan), "结束时间早于开始时间，请重新选择");
        return check;
    };
    let days = ask.to.date.days_since(ask.from.date) + 1;
    if days > MAX_SPAN_DAYS {
        let text = format!("一次最多请{MAX_SPAN_DAYS}天，所选为{days}天，请分次申请");
        check.remark(Why::Refused(Code::SpanTooLong), text);
        return check;
    }
    check.days = count(facts.calendar, leave_type, span);
    check.counted =
        check.days.iter().filter(|day| day.counts).map(|day| HalfDay { date: day.date, half: day.half }).collect();
    if let Unit::Minutes { a_day } = leave_type.unit {
        // One hour a day is one hour, whichever halves of the day were chosen.
        check.counted.dedup_by_key(|at| at.date);
        check.minutes = Some(a_day * check.slots());
    }
    check.provisional = is_provisional(facts.calendar, leave_type, span);
    route(&mut check, leave_type, span, &facts);
    check.stretch = limits::stretch(check.half_days(), leave_type, span, &facts);
    limits::check_eligible(&mut check, leave_type, facts.applicant, facts.today);
    check_counted(&mut check, leave_type);
    check_overlap(&mut check, leave_type, span, &facts);
    limits::check_window(&mut check, ask, facts.calendar, facts.today);
    let lots = Lot::without_lost(facts.lots, facts.exclusions);
    draw_on(&mut check, leave_type, &lots);
    limits::check_exclusion(&mut check, leave_type, facts.exclusions);
    limits::check_limits(&mut check, leave_type, facts.taken);
    check_balance(&mut check, leave_type, facts.exclusions);
    notes::add(&mut check, leave_type, span, &facts);
    check
}

fn route(check: &mut Check, leave_type: &LeaveType, span: Span, facts: &Facts<'_>) {
    let absences = facts.existing.iter().filter(|other| other.lane.is_absence());
    let absences = absences.filter_map(|other| Some((other.number.as_str(), piece(other)?))).collect::<Vec<_>>();
    check.routed_half_days = match (check.lane, check.slots()) {
        // What counts no days, or an hour of each, is decided like the shortest leave that there is.
        (Lane::Report, _) => 1,
        (_, 0) => 0,
        (Lane::Hours, _) => 1,
        (Lane::Leave, half_days) => {
            let asked = Piece { span, half_days, counts_rest_days: leave_type.basis == Basis::NaturalDays };
            let neighbours = absences.iter().map(|(_, piece)| *piece).collect::<Vec<_>>();
            let routed = routed(facts.calendar, asked, &neighbours);
            let added = routed.joined.iter().map(|place| &absences[*place]);
            let added = added.map(|(number, piece)| {
                let Piece { span, half_days, .. } = *piece;
                Adjoining { number: (*number).to_owned(), span, half_days }
            });
            check.adjoining = added.collect();
            check.adjoining.sort_by_key(|added| added.span.from());
            routed.half_days
        }
    };
}

/// How much leave a chain would decide on, were so many half days of a type asked for beside the officer's other requests,
/// in half days. Only leave adjoins leave.
pub fn routed_beside(
    calendar: &WorkCalendar,
    leave_type: &LeaveType,
    span: Span,
    half_days: i64,
    others: &[Existing],
) -> i64 {
    if half_days < 1 {
        return 0;
    }
    let asked = Piece { span, half_days, counts_rest_days: leave_type.basis == Basis::NaturalDays };
    let neighbours: Vec<Piece> = others.iter().filter(|other| other.lane.is_absence()).filter_map(piece).collect();
    routed(calendar, asked, &neighbours).half_days
}

fn piece(other: &Existing) -> Option<Piece> {
    let Existing { half_days, counts_rest_days, .. } = *other;
    other.occupied().map(|span| Piece { span, half_days, counts_rest_days })
}

fn check_counted(check: &mut Check, leave_type: &LeaveType) {
    // Leaving town on rest days is what a report is for.
    if check.counted.is_empty() && check.lane != Lane::Report {
        let text = format!("所选时间都是休息日，不占{}，无需请假；请选择工作日", leave_type.title);
        check.remark(Why::Refused(Code::NothingCounts), text);
    }
}

fn check_overlap(check: &mut Check, leave_type: &LeaveType, span: Span, facts: &Facts<'_>) {
    for other in facts.existing.iter().filter(|other| other.lane == leave_type.lane()) {
        if other.occupied().is_some_and(|occupied| occupied.overlaps(span)) {
            let (number, title) = (&other.number, &other.title);
            let [from, to] = [other.span.from(), other.span.to()].map(HalfDay::text);
            let what_to_do = match status(other.stored, other.span, facts.today) {
                Status::InApproval => "请改选时间，或先撤回那一次申请",
                Status::OnLeave | Status::AwaitingReturn => "请改选时间；已经提前返回的，请先销假",
                _ => "请改选时间",
            };
            let text = format!("与{number}（{title}，{from}至{to}）重叠，{what_to_do}");
            check.remark(Why::Refused(Code::OverlappingLeave), text);
        }
    }
}

fn draw_on(check: &mut Check, leave_type: &LeaveType, lots: &[Lot]) {
    if !leave_type.has_balance() {
        check.draw = draw_freely(&check.counted, leave_type.slot_amount());
        return;
    }
    check.draw = draw(&check.counted, lots);
    let after = left_after(&check.counted, lots, &check.draw);
    let first = check.span.map(|span| Lot::open_on(lots, span.from().date).available());
    check.available_after = after.values().copied().min().or(first);
}

/// What is short, but for the years that give none, which were remarked on.
fn check_balance(check: &mut Check, leave_type: &LeaveType, exclusions: &BTreeMap<i32, Exclusion>) {
    let asked = by_year(&check.counted);
    for (year, missing) in by_year(&check.draw.short) {
        if exclusions.contains_key(&year) {
            continue;
        }
        let need = asked.get(&year).copied().unwrap_or(missing);
        let title = &leave_type.title;
        let [left, need, missing] = [need - missing, need, missing].map(days_text);
        let text = format!("{year}年{title}可用{left}，本次需要{need}，还差{missing}；请缩短时间或改用其他假别");
        check.remark(Why::Refused(Code::InsufficientBalance), text);
    }
}

/// The name that a remark has on the wire; a refusal's is the problem's code.
fn name(why: Why) -> &'static str {
    match why {
        Why::Refused(Code::InvertedSpan) => "inverted_span",
        Why::Refused(Code::SpanTooLong) => "span_too_long",
        Why::Refused(Code::NothingCounts) => "nothing_counts",
        Why::Refused(Code::OverlappingLeave) => "overlapping_leave",
        Why::Refused(Code::InsufficientBalance) => "insufficient_balance",
        Why::Refused(Code::NotEligible) => "not_eligible",
        Why::Refused(Code::OutsideWindow) => "outside_window",
        Why::Refused(Code::NotEntitled) => "not_entitled",
        Why::Refused(Code::OverLimit) | Why::Note(Note::OverLimit) => "over_limit",
        Why::Refused(_) => "bad_input",
        Why::Note(Note::Provisional) => "provisional",
        Why::Note(Note::Adjoining) => "adjoining",
        Why::Note(Note::Backdated) => "backdated",
        Why::Note(Note::EvidenceOwed) => "evidence_owed",
        Why::Note(Note::AtWork) => "at_work",
    }
}

/// The field of a submission where a refusal is best mended.
fn field(code: Code) -> &'static str {
    match code {
        Code::InvertedSpan | Code::SpanTooLong | Code::InsufficientBalance | Code::OverLimit => "to",
        Code::NotEligible | Code::NotEntitled => "leave_type",
        _ => "from",
    }
}
