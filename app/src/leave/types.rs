//! The types of leave, as data: what each one counts, what limits it, what to know before asking.
//!
//! A [`Catalogue`] is what an installation has: the types that come with the product, each replaced by what HR has
//! made of it. Nothing else in the product knows the number of days of any type.

use serde::{Deserialize, Serialize};

use crate::api::{Code, Problem};
use crate::day::Day;
use crate::leave::api::{self, Confirmation};
use crate::org::rules::{Category, Sex};

mod builtin;
mod lane;
pub mod variant;

pub use builtin::{ANNUAL, BUILTIN, LEAVING_TOWN, PERSONAL, SICK};
pub use lane::Lane;

/// The longest span of one request, in calendar days: a technical bound, beyond any leave that a type allows.
pub const MAX_SPAN_DAYS: i64 = 366;

/// The largest number that a limit may have, in half days: four years.
const MOST_HALF_DAYS: i64 = 2928;

/// What a type is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Unit {
    /// Half days.
    HalfDays,
    /// So many minutes on each day that counts; the officer is at work for the rest of it.
    Minutes {
        /// How many minutes a day, 1 to 480.
        a_day: i64,
    },
    /// Nothing: it only says where the officer is (外出报备). No day of it is taken from anything.
    Report,
}

/// Which days of a span count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Only the days on which courts work.
    Workdays,
    /// Every day, rest days and holidays included.
    NaturalDays,
}

/// What gives a balance to a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum GrantRule {
    /// Nothing: no balance limits it, and its use is kept in the ledger all the same.
    None,
    /// So much a year by years of service.
    ByService {
        /// The brackets, fewest years first.
        steps: Vec<ServiceStep>,
        /// The half days of 事假 in a year from which on the year gives none; absent where that does not matter.
        personal_limit: Option<i64>,
    },
    /// The same for everybody, every year.
    Yearly {
        /// How much, in half days.
        half_days: i64,
    },
    /// What HR grants for an event, each time with a last day (补休).
    Earned {
        /// How many days what is granted lasts where HR names no last day.
        lasts_days: i64,
    },
}

/// A bracket of years of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceStep {
    /// From so many completed years of work on.
    pub years: i32,
    /// So many half days a year.
    pub half_days: i64,
    /// The half days of 病假 in a year from which on the year gives none; absent where that does not matter.
    pub sick_limit: Option<i64>,
}

/// What becomes of the rest of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CarryOver {
    /// At most so many half days go over.
    pub half_days: i64,
    /// The month of the next year in which they end, 1 to 12.
    pub month: u8,
    /// The last day in that month, 1 to 31; a shorter month ends on its own last day.
    pub day: u8,
}

impl CarryOver {
    /// The last day on which what went over into `year` can be taken.
    pub fn last_day(self, year: i32) -> Option<Day> {
        (1..=self.day).rev().find_map(|day| Day::new(year, self.month, day))
    }
}

/// A limit, and what passing it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// At most so many half days.
    pub half_days: i64,
    /// Whether more is refused; else applicant and approver are told, and the approver decides.
    pub blocking: bool,
}

/// A type of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = LeaveTypeRules))]
#[serde(deny_unknown_fields)]
pub struct LeaveType {
    /// The stable name, as stored and on the wire.
    pub name: String,
    /// The name on screen.
    pub title: String,
    /// Whether officers can ask for it.
    pub active: bool,
    /// What it is counted in.
    pub unit: Unit,
    /// Which days count.
    pub basis: Basis,
    /// What gives it a balance.
    pub grant: GrantRule,
    /// What becomes of the rest of a year; without it the rest ends with the year.
    pub carry_over: Option<CarryOver>,
    /// Whether it may be taken in pieces, so that the unused rest of an early return comes back.
    pub may_split: bool,
    /// The most of one request.
    pub request_limit: Option<Limit>,
    /// The most of one year.
    pub year_limit: Option<Limit>,
    /// It is to be asked for so many workdays ahead.
    pub notice_workdays: i64,
    /// It can be asked for until so many days after it began (补办).
    pub backfill_days: i64,
    /// It asks for papers from so many half days on. They may follow after the request, which owes them until then.
    pub evidence_from: Option<i64>,
    /// Only for this sex.
    pub sex: Option<Sex>,
    /// Only for these categories of personnel; for everybody where it is empty.
    pub categories: Vec<Category>,
    /// Only from so many completed years of work on.
    pub service_years: i32,
    /// Whether the officer chooses when to take it. What he cannot choose, like an illness, is never refused for a
    /// hearing or a duty.
    pub chosen: bool,
    /// Whether its end is to be reported (销假); without that it ends by itself. Settings stored before there was the
    /// choice ask for it.
    #[serde(default = "asked_for")]
    pub needs_return: bool,
    /// Who confirms its returns; as the setting for all types says where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_confirmation: Option<Confirmation>,
    /// What an officer should know before he asks, with the source of the rule.
    pub help: String,
}

/// What holds where stored settings say nothing of a choice that came later.
fn asked_for() -> bool {
    true
}

impl LeaveType {
    /// Whether a balance limits it.
    pub fn has_balance(&self) -> bool {
        self.grant != GrantRule::None
    }

    /// How much one counted slot takes from the ledger: one half day, the minutes of one day, or nothing.
    pub fn slot_amount(&self) -> i64 {
        match self.unit {
            Unit::HalfDays => 1,
            Unit::Minutes { a_day } => a_day,
            Unit::Report => 0,
        }
    }

    /// In which lane its requests keep half days.
    pub fn lane(&self) -> Lane {
        match self.unit {
            Unit::HalfDays => Lane::Leave,
            Unit::Minutes { .. } => Lane::Hours,
            Unit::Report => Lane::Report,
        }
    }

    /// Whether the work calendar says which days of a request count; else all of them do, or none.
    pub fn follows_calendar(&self) -> bool {
        self.basis == Basis::Workdays && self.lane() != Lane::Report
    }

    /// Whether a request of so many half days owes papers.
    pub fn needs_evidence(&self, half_days: i64) -> bool {
        self.evidence_from.is_some_and(|from| half_days >= from)
    }

    /// A type that HR adds: its title is its name, so that it reads the same in every language and in every file. It
    /// counts workdays in half days, has no balance and is not yet explained.
    ///
    /// Error: [`Code::BadInput`] at `name`, where it is no title or the product has a type of that name or title.
    pub fn own(title: &str) -> Result<Self, Box<Problem>> {
        let bad = |detail: &str| Err(Box::new(Problem::new(Code::BadInput, detail.to_owned()).at("name")));
        let title = title.trim();
        // A Chinese character at least: the product's own names have none, those of later versions included.
        let is_title = title.chars().all(char::is_alphanumeric) && !title.is_ascii();
        if !(2..=12).contains(&title.chars().count()) || !is_title {
            return bad("假别名称应为2到12个字，用汉字，可带字母和数字");
        }
        if BUILTIN.iter().any(|known| known.title == title || known.name == title) {
            return bad("已有这种假别，请直接调整它的设置");
        }
        Ok(builtin::plain(title, title, Basis::Workdays, ""))
    }

    /// These settings as a type that HR adds under this name. It counts half days or minutes of a day: reports of leaving
    /// town have a number, a column of the authority matrix and words of their own, which are those of the product's type.
    ///
    /// Error: [`Code::BadInput`] at `name` as of [`LeaveType::own`], at `unit` for a type that counts nothing.
    pub fn added_as(self, title: &str) -> Result<Self, Box<Problem>> {
        let own = Self::own(title)?;
        if self.unit == Unit::Report {
            let detail = "新增的假别按半天计，或按每天若干分钟计；只报去向、不计天数的，请使用“外出报备”";
            return Err(Box::new(Problem::new(Code::BadInput, detail).at("unit")));
        }
        Ok(Self { name: own.name, title: own.title, ..self })
    }

    /// Whether it comes with the product.
    pub fn is_builtin(&self) -> bool {
        BUILTIN.iter().any(|known| known.name == self.name)
    }

    /// Whether the settings make sense together; a type that HR has edited is stored only when they do.
    ///
    /// Error: [`Code::BadInput`] at the field, with what it should be.
    pub fn check(&self) -> Result<(), Box<Problem>> {
        let bad = |field: &str, detail: &str| Err(Box::new(Problem::new(Code::BadInput, detail.to_owned()).at(field)));
        let limits = |limit: Option<Limit>| limit.is_none_or(|limit| (1..=MOST_HALF_DAYS).contains(&limit.half_days));
        if self.help.trim().is_empty() || self.help.chars().count() > 1000 {
            return bad("help", "请填写说明和依据，最多1000字");
        }
        if matches!(self.unit, Unit::Minutes { a_day } if !(1..=480).contains(&a_day)) {
            return bad("unit", "每天的分钟数应在1到480之间");
        }
        if matches!(self.unit, Unit::Minutes { .. }) && self.has_balance() {
            return bad("grant", "按分钟计的假别不能设额度");
        }
        if matches!(self.unit, Unit::Minutes { .. }) && (self.request_limit.is_some() || self.year_limit.is_some()) {
            return bad("request_limit", "按分钟计的假别不能设天数上限");
        }
        if let Some(field) = self.unit_fault() {
            return bad(field, "外出报备不计天数，不能设额度、天数上限和证明材料，起止之间每天都算");
        }
        if let Some(detail) = grant_fault(&self.grant) {
            return bad("grant", detail);
        }
        if self.carry_over.is_some_and(|over| {
            !(1..=MOST_HALF_DAYS).contains(&over.half_days)
                || !(1..=12).contains(&over.month)
                || !(1..=31).contains(&over.day)
        }) {
            return bad("carry_over", "结转天数应大于0，截止日期应是一年中的某月某日");
        }
        if self.carry_over.is_some() && !matches!(self.grant, GrantRule::ByService { .. } | GrantRule::Yearly { .. }) {
            return bad("carry_over", "只有按年给假的假别可以结转");
        }
        if !limits(self.request_limit) || !limits(self.year_limit) {
            return bad("request_limit", "上限应大于0，以半天为单位");
        }
        if !(0..=60).contains(&self.notice_workdays) {
            return bad("notice_workdays", "提前的工作日数应在0到60之间");
        }
        if !(0..=366).contains(&self.backfill_days) {
            return bad("backfill_days", "补办期限应在0到366天之间");
        }
        if self.evidence_from.is_some_and(|from| !(1..=MOST_HALF_DAYS).contains(&from)) {
            return bad("evidence_from", "需要证明的天数应大于0");
        }
        if !(0..=60).contains(&self.service_years) {
            return bad("service_years", "工作年限应在0到60年之间");
        }
        Ok(())
    }
}

impl LeaveType {
    /// The setting that a report cannot have, since it counts nothing.
    fn unit_fault(&self) -> Option<&'static str> {
        let faults = [
            ("basis", self.basis == Basis::Workdays),
            ("grant", self.has_balance()),
            ("request_limit", self.request_limit.is_some() || self.year_limit.is_some()),
            ("evidence_from", self.evidence_from.is_some()),
        ];
        let fault = faults.into_iter().find_map(|(field, is_set)| is_set.then_some(field));
        fault.filter(|_| self.unit == Unit::Report)
    }
}

fn grant_fault(rule: &GrantRule) -> Option<&'static str> {
    let sound = |half_days: i64| (0..=732).contains(&half_days);
    match rule {
        GrantRule::None => None,
        GrantRule::Yearly { half_days } => (!sound(*half_days)).then_some("每年天数应在0到366天之间"),
        GrantRule::Earned { lasts_days } => (!(1..=3660).contains(lasts_days)).then_some("有效期应在1到3660天之间"),
        GrantRule::ByService { steps, personal_limit } => {
            let ascending = steps.windows(2).all(|pair| pair[0].years < pair[1].years);
            let years = steps.iter().all(|step| (0..=60).contains(&step.years));
            let limits = steps.iter().filter_map(|step| step.sick_limit).chain(*personal_limit);
            if steps.is_empty() || steps.len() > 12 || !ascending || !years {
                Some("工龄档次应为1到12档，年限从小到大，最多60年")
            } else if !steps.iter().all(|step| sound(step.half_days)) {
                Some("每年天数应在0到366天之间")
            } else if !limits.into_iter().all(|limit| (1..=732).contains(&limit)) {
                Some("病假、事假的界限应在0.5到366天之间")
            } else {
                None
            }
        }
    }
}

/// The types that an installation has, in the order of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    types: Vec<LeaveType>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Catalogue {
    /// The built-in types, each replaced by the stored one of its name, and after them those that HR has added, by name.
    pub fn new(stored: Vec<LeaveType>) -> Self {
        let mut types = BUILTIN.clone();
        let mut own = Vec::new();
        for stored in stored {
            match types.iter_mut().find(|known| known.name == stored.name) {
                Some(place) => *place = stored,
                None => own.push(stored),
            }
        }
        own.sort_by(|one, other| one.name.cmp(&other.name));
        types.extend(own);
        Self { types }
    }

    /// Every type.
    pub fn all(&self) -> &[LeaveType] {
        &self.types
    }

    /// The types that can be asked for.
    pub fn active(&self) -> impl Iterator<Item = &LeaveType> {
        self.types.iter().filter(|leave_type| leave_type.active)
    }

    /// The type of this name, active or not. Error: [`Code::UnknownLeaveType`].
    pub fn find(&self, name: &str) -> Result<&LeaveType, Code> {
        self.types.iter().find(|leave_type| leave_type.name == name).ok_or(Code::UnknownLeaveType)
    }

    /// The name on screen; the stable name itself for one that nobody knows.
    pub fn title<'n>(&'n self, name: &'n str) -> &'n str {
        self.find(name).map_or(name, |leave_type| &leave_type.title)
    }
}

impl LeaveType {
    /// The type as an officer sees it, for whom it is or is not.
    pub fn seen(&self, eligible: bool) -> api::LeaveType {
        api::LeaveType {
            name: self.name.clone(),
            title: self.title.clone(),
            counts_workdays_only: self.basis == Basis::Workdays,
            has_balance: self.has_balance(),
            minutes_a_day: match self.unit {
                Unit::Minutes { a_day } => Some(a_day),
                Unit::HalfDays | Unit::Report => None,
            },
            lane: self.lane(),
            eligible,
            help: self.help.clone(),
        }
    }
}

/// Half days in words: `2.5天`.
pub fn days_text(half_days: i64) -> String {
    let sign = if half_days < 0 { "-" } else { "" };
    let half = if half_days % 2 == 0 { "" } else { ".5" };
    format!("{sign}{}{half}天", half_days.abs() / 2)
}

#[cfg(test)]
mod tests;
