//! The types of leave, as data: how each one counts, whether a balance limits it, what to know before asking.

use crate::api::Code;
use crate::leave::api;

/// Which days of a span count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Only the days on which courts work.
    Workdays,
    /// Every day, rest days and holidays included.
    NaturalDays,
}

/// A type of leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaveType {
    /// The stable name, as stored and on the wire.
    pub name: &'static str,
    /// The name on screen.
    pub title: &'static str,
    /// Which days count; half days either way.
    pub basis: Basis,
    /// Whether a yearly grant limits it. Without one its use is kept in the ledger all the same.
    pub granted: bool,
    /// Whether it may be taken in pieces, so that the unused rest of an early return comes back.
    pub may_split: bool,
    /// The longest span of one request, in calendar days.
    pub max_days: i64,
    /// What an officer should know before he asks, with the source of the rule.
    pub help: &'static str,
}

/// 年休假.
pub const ANNUAL: LeaveType = LeaveType {
    name: "annual",
    title: "年休假",
    basis: Basis::Workdays,
    granted: true,
    may_split: true,
    max_days: 366,
    help: "按工作日计，周末和法定节假日不占年休假，可分段休。工龄满1年5天、满10年10天、满20年15天，\
           满年限的次月起按新标准。依据：《职工带薪年休假条例》（国务院令第514号）第三条及机关事业单位实施办法。",
};

/// 事假.
pub const PERSONAL: LeaveType = LeaveType {
    name: "personal",
    title: "事假",
    basis: Basis::Workdays,
    granted: false,
    may_split: true,
    max_days: 366,
    help: "按工作日计，不设额度。全年事假累计20天以上且未扣工资的，不享受当年年休假。\
           依据：《职工带薪年休假条例》第四条；批假天数从本院规定。",
};

/// 病假.
pub const SICK: LeaveType = LeaveType {
    name: "sick",
    title: "病假",
    basis: Basis::NaturalDays,
    granted: false,
    may_split: true,
    max_days: 366,
    help: "按自然日计，含周末和节假日，不设额度；医院证明按本院规定提交，急病可先休后补。\
           依据：国发〔1981〕52号关于病假期间生活待遇的规定。",
};

/// Every type, in the order of the screen.
pub const ALL: &[LeaveType] = &[ANNUAL, PERSONAL, SICK];

impl LeaveType {
    /// The type of this name. Error: [`Code::UnknownLeaveType`].
    pub fn find(name: &str) -> Result<&'static Self, Code> {
        ALL.iter().find(|leave_type| leave_type.name == name).ok_or(Code::UnknownLeaveType)
    }
}

impl From<&LeaveType> for api::LeaveType {
    fn from(leave_type: &LeaveType) -> Self {
        Self {
            name: leave_type.name.to_owned(),
            title: leave_type.title.to_owned(),
            counts_workdays_only: leave_type.basis == Basis::Workdays,
            has_balance: leave_type.granted,
            help: leave_type.help.to_owned(),
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
mod tests {
    use super::*;

    #[test]
    fn a_type_is_found_by_its_name() {
        for leave_type in ALL {
            assert_eq!(LeaveType::find(leave_type.name), Ok(leave_type));
            assert!(leave_type.help.contains("依据"), "{}: the source is named", leave_type.name);
        }
        assert_eq!(LeaveType::find("sabbatical"), Err(Code::UnknownLeaveType));
    }

    #[test]
    fn half_days_read_as_days() {
        let texts = [(0, "0天"), (1, "0.5天"), (2, "1天"), (5, "2.5天"), (-1, "-0.5天"), (-4, "-2天")];
        for (half_days, text) in texts {
            assert_eq!(days_text(half_days), text);
        }
    }
}
