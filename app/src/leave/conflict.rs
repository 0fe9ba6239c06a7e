//! What a leave would collide with: hearings, lessons, duty, periods in which nobody may leave, and minimum presence.
//!
//! A conflict is found by facts alone. Whether it stands in the way is the installation's choice for each kind
//! ([`Settings`]); for leave whose time nobody chooses (`LeaveType::chosen`) it never does.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::api::{Code, Problem};
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay, NOON, Span};
use crate::leave::api::Warning;
use crate::leave::types::Lane;

/// How many colleagues or lessons a sentence names; of more it says how many there are.
const NAMED: usize = 5;

/// What a leave collides with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 开庭.
    Hearing,
    /// 培训课程.
    Class,
    /// 值班.
    Duty,
    /// 严禁外出期.
    Blackout,
    /// 最低在岗人数, 正副职不得同时外出.
    Presence,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Hearing, Self::Class, Self::Duty, Self::Blackout, Self::Presence];

    /// The code of a refusal for this reason.
    pub fn code(self) -> Code {
        match self {
            Self::Hearing => Code::HearingConflict,
            Self::Class => Code::ClassConflict,
            Self::Duty => Code::DutyConflict,
            Self::Blackout => Code::BlackoutPeriod,
            Self::Presence => Code::MinimumPresence,
        }
    }

    /// The name of the code on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hearing => "hearing_conflict",
            Self::Class => "class_conflict",
            Self::Duty => "duty_conflict",
            Self::Blackout => "blackout_period",
            Self::Presence => "minimum_presence",
        }
    }
}

/// What a conflict does to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is said, to the applicant and to who decides.
    Warn,
    /// Submitting is refused.
    Block,
}

/// What each kind of conflict does in this installation. Units have their own rules, so all of it is a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Settings {
    /// A hearing of the officer.
    pub hearing: Effect,
    /// A lesson of a class that he is enrolled in.
    pub class: Effect,
    /// His duty.
    pub duty: Effect,
    /// A period in which nobody of his court or department may leave.
    pub blackout: Effect,
    /// Too few left of a group that he belongs to.
    pub presence: Effect,
}

impl Default for Settings {
    fn default() -> Self {
        let warn = Effect::Warn;
        Self { hearing: warn, class: warn, duty: warn, blackout: Effect::Block, presence: warn }
    }
}

impl Settings {
    /// What a kind of conflict does.
    pub fn of(&self, kind: Kind) -> Effect {
        match kind {
            Kind::Hearing => self.hearing,
            Kind::Class => self.class,
            Kind::Duty => self.duty,
            Kind::Blackout => self.blackout,
            Kind::Presence => self.presence,
        }
    }
}

/// A hearing of the officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// The case's number (案号).
    pub case_number: String,
    /// The day.
    pub day: Day,
    /// When it begins, in minutes after midnight.
    pub starts_minute: i32,
    /// When it ends, in minutes after midnight.
    pub ends_minute: i32,
}

/// A lesson of a class that the officer is enrolled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The class's name.
    pub class: String,
    /// The lesson's title.
    pub title: String,
    /// The day.
    pub day: Day,
    /// When it begins, in minutes after midnight.
    pub starts_minute: i32,
    /// When it ends, in minutes after midnight.
    pub ends_minute: i32,
}

/// What a period asks of those whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// 值班: the named officers are on duty.
    Duty,
    /// 严禁外出期: nobody of the place may leave.
    Blackout,
}

impl PeriodKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Duty, Self::Blackout];

    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Blackout => "blackout",
        }
    }

    /// The kind of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A period that the officer is on duty in, or that forbids to leave his court or department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Duty, or nobody may leave.
    pub kind: PeriodKind,
    /// Its name: 国庆节值班.
    pub title: String,
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
}

/// What a group is, and with that, when it has to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// 正副职, 院领导: they do not leave town together on a rest day either (正副职不得同时外出).
    Leaders,
    /// What HR has set up: it is about work.
    Rule,
}

/// Officers of whom some have to stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Leaders, or what HR has set up.
    pub kind: GroupKind,
    /// Its name: 民事审判第一庭正副职.
    pub title: String,
    /// How many have to be present in each working half day.
    pub least: usize,
    /// Everybody in it but the applicant.
    pub others: Vec<Colleague>,
}

/// Somebody else of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// His name.
    pub name: String,
    /// When he is on approved leave.
    pub away: Vec<Span>,
    /// When he asks to be, not decided yet. It counts like the other: otherwise two who ask at once would both be let
    /// go.
    pub asked: Vec<Span>,
    /// When he is out of town by a report (外出报备).
    pub out: Vec<Span>,
    /// When he has reported that he will be, not decided yet.
    pub asked_out: Vec<Span>,
}

impl Colleague {
    fn is_away(&self, at: HalfDay) -> bool {
        self.away.iter().chain(&self.asked).any(|span| span.contains(at))
    }

    fn has_leave(&self, at: HalfDay) -> bool {
        self.away.iter().any(|span| span.contains(at))
    }

    fn is_out(&self, at: HalfDay) -> bool {
        self.out.iter().any(|span| span.contains(at))
    }

    /// Whether nobody could count on him outside of working hours: he is on leave or out of town.
    fn is_off(&self, at: HalfDay) -> bool {
        self.is_away(at) || self.is_out(at) || self.asked_out.iter().any(|span| span.contains(at))
    }
}

/// What a leave could collide with: of the applicant, at least those near the span.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The calendar of his court: presence is asked for on its workdays only.
    pub calendar: &'a WorkCalendar,
    /// His hearings.
    pub hearings: &'a [Hearing],
    /// The lessons of his classes.
    pub lessons: &'a [Lesson],
    /// His duty, and the periods of his court and department.
    pub periods: &'a [Period],
    /// The groups that he belongs to.
    pub groups: &'a [Group],
}

/// One thing that a leave collides with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// With what.
    pub kind: Kind,
    /// What it is, and what to do; in Chinese, for the applicant and for who decides.
    pub text: String,
}

/// The half days that something on a day touches, of which it begins and ends at these minutes. What ends at noon is
/// over with the morning; what crosses noon touches both.
pub fn halves(day: Day, starts_minute: i32, ends_minute: i32) -> Vec<HalfDay> {
    let morning = (starts_minute < NOON).then(|| HalfDay::am(day));
    let afternoon = (starts_minute >= NOON || ends_minute > NOON).then(|| HalfDay::pm(day));
    morning.into_iter().chain(afternoon).collect()
}

/// Everything that a request over this span collides with, by kind.
///
/// Who takes an hour a day is there for all of it. Who leaves town is missed where he is wanted outside of working hours
/// too: on duty, while nobody may leave, and among leaders of whom one has to stay, on every day of the week. Hearings,
/// lessons and what HR has set up of presence are asked of the leave that takes him from work; a report takes him from
/// nothing, on a workday without leave he is expected there.
pub fn find(lane: Lane, span: Span, facts: Facts<'_>) -> Vec<Conflict> {
    match lane {
        Lane::Leave => of_leave(span, facts),
        Lane::Hours => Vec::new(),
        Lane::Report => of_report(span, facts),
    }
}

fn of_periods(span: Span, facts: Facts<'_>) -> Vec<Conflict> {
    let of_kind = |kind| facts.periods.iter().filter(move |period| period.kind == kind && period.overlaps(span));
    PeriodKind::ALL.into_iter().flat_map(of_kind).map(Period::conflict).collect()
}

fn of_report(span: Span, facts: Facts<'_>) -> Vec<Conflict> {
    let mut found = of_periods(span, facts);
    let halves: Vec<HalfDay> = span.half_days().collect();
    let leaders = facts.groups.iter().filter(|group| group.kind == GroupKind::Leaders);
    found.extend(leaders.filter_map(|group| group.out_together(&halves)));
    found
}

fn of_leave(span: Span, facts: Facts<'_>) -> Vec<Conflict> {
    let mut found: Vec<Conflict> =
        facts.hearings.iter().filter(|hearing| touches(span, hearing.halves())).map(Hearing::conflict).collect();
    let lessons: Vec<&Lesson> = facts.lessons.iter().filter(|lesson| touches(span, lesson.halves())).collect();
    let classes: BTreeSet<&str> = lessons.iter().map(|lesson| lesson.class.as_str()).collect();
    found.extend(classes.into_iter().map(|class| class_conflict(class, &lessons)));
    found.extend(of_periods(span, facts));
    let working: Vec<HalfDay> = span.half_days().filter(|at| facts.calendar.works(*at)).collect();
    found.extend(facts.groups.iter().filter_map(|group| group.conflict(&working)));
    found
}

/// The conflicts as a preview shows them.
pub fn warnings(conflicts: &[Conflict], settings: &Settings, is_time_chosen: bool) -> Vec<Warning> {
    let warning = |conflict: &Conflict| Warning {
        code: conflict.kind.as_str().to_owned(),
        blocking: blocks(conflict, settings, is_time_chosen),
        text: conflict.text.clone(),
    };
    conflicts.iter().map(warning).collect()
}

/// Why a request cannot be submitted: the first conflict that blocks.
pub fn refusal(conflicts: &[Conflict], settings: &Settings, is_time_chosen: bool) -> Option<Problem> {
    let blocking = conflicts.iter().find(|conflict| blocks(conflict, settings, is_time_chosen));
    blocking.map(|conflict| Problem::new(conflict.kind.code(), conflict.text.clone()).at("from"))
}

fn blocks(conflict: &Conflict, settings: &Settings, is_time_chosen: bool) -> bool {
    is_time_chosen && settings.of(conflict.kind) == Effect::Block
}

fn touches(span: Span, halves: Vec<HalfDay>) -> bool {
    halves.into_iter().any(|at| span.contains(at))
}

impl Hearing {
    /// The half days that it touches.
    pub fn halves(&self) -> Vec<HalfDay> {
        halves(self.day, self.starts_minute, self.ends_minute)
    }

    fn conflict(&self) -> Conflict {
        let (case, day, at) = (&self.case_number, self.day.text(), clock(self.starts_minute));
        let text = format!("{case}定于{day} {at}开庭，请先办理改期或更换承办人，或调整请假时间");
        Conflict { kind: Kind::Hearing, text }
    }
}

impl Lesson {
    fn halves(&self) -> Vec<HalfDay> {
        halves(self.day, self.starts_minute, self.ends_minute)
    }
}

/// One sentence for each class, whatever the number of its lessons.
fn class_conflict(class: &str, lessons: &[&Lesson]) -> Conflict {
    let of_class: Vec<&&Lesson> = lessons.iter().filter(|lesson| lesson.class == class).collect();
    let first = of_class.iter().min_by_key(|lesson| (lesson.day, lesson.starts_minute));
    let first = first.map_or_else(String::new, |lesson| {
        format!("{} {}《{}》", lesson.day.text(), clock(lesson.starts_minute), lesson.title)
    });
    let more = if of_class.len() > 1 { format!("等{}节课", of_class.len()) } else { String::new() };
    let text = format!("与“{class}”的课程冲突：{first}{more}，请调整请假时间，或先向班主任请假");
    Conflict { kind: Kind::Class, text }
}

impl Period {
    fn overlaps(&self, span: Span) -> bool {
        self.from <= span.to().date && span.from().date <= self.to
    }

    fn conflict(&self) -> Conflict {
        let from = self.from.text();
        let days = if self.from == self.to { from } else { format!("{from}至{}", self.to.text()) };
        let title = &self.title;
        match self.kind {
            PeriodKind::Duty => Conflict {
                kind: Kind::Duty,
                text: format!("{days}已安排“{title}”，请先与同事换班并报值班安排部门"),
            },
            PeriodKind::Blackout => Conflict {
                kind: Kind::Blackout,
                text: format!("{days}为“{title}”，期间不得外出，请改期；确有特殊情况请联系政治部"),
            },
        }
    }
}

/// When too few of a group are left.
struct Short {
    when: String,
    /// The fewest who are left.
    left: usize,
    /// Who is not there then: `，同期不在岗：…` without its beginning; empty where nobody is away.
    who: Option<String>,
}

impl Group {
    /// When too few would be left first, and who is gone in any such half day.
    fn short(&self, halves: &[HalfDay], is_gone: fn(&Colleague, HalfDay) -> bool) -> Option<Short> {
        let present = |at: HalfDay| self.others.iter().filter(|other| !is_gone(other, at)).count();
        let short: Vec<HalfDay> = halves.iter().copied().filter(|at| present(*at) < self.least).collect();
        let (first, last) = (*short.first()?, *short.last()?);
        let left = short.iter().map(|at| present(*at)).min().unwrap_or(0);
        let any = |test: &dyn Fn(HalfDay) -> bool| short.iter().any(|at| test(*at));
        let absent: Vec<String> = self
            .others
            .iter()
            .filter(|other| any(&|at| is_gone(other, at)))
            .map(|other| {
                let state = if any(&|at| other.has_leave(at)) {
                    "已准假"
                } else if any(&|at| other.is_out(at) && !other.is_away(at)) {
                    "已准外出"
                } else {
                    "也在申请"
                };
                format!("{}（{state}）", other.name)
            })
            .collect();
        let when = if first == last { first.text() } else { format!("{}起", first.text()) };
        let who = match absent.len() {
            0 => None,
            count if count > NAMED => Some(format!("{}等{count}人", absent[..NAMED].join("、"))),
            _ => Some(absent.join("、")),
        };
        Some(Short { when, left, who })
    }

    /// One sentence for the group, where too few would be left at work.
    fn conflict(&self, working: &[HalfDay]) -> Option<Conflict> {
        let Short { when, left, who } = self.short(working, Colleague::is_away)?;
        let who = who.map_or_else(String::new, |who| format!("，同期不在岗：{who}"));
        let (title, least) = (&self.title, self.least);
        let text = format!("{title}至少须有{least}人在岗，{when}将只剩{left}人{who}，请协商错开时间");
        Some(Conflict { kind: Kind::Presence, text })
    }

    /// One sentence for leaders of whom too few would stay in town, whatever the day.
    fn out_together(&self, halves: &[HalfDay]) -> Option<Conflict> {
        let Short { when, left, who } = self.short(halves, Colleague::is_off)?;
        let left = if left == 0 { "无人".to_owned() } else { format!("只剩{left}人") };
        let who = who.map_or_else(String::new, |who| format!("，同期休假或外出：{who}"));
        let text = format!("{}不得同时外出，{when}将{left}留守{who}，请协商错开时间", self.title);
        Some(Conflict { kind: Kind::Presence, text })
    }
}

fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests;
