//! 委托代理: who may act for an approver who is away.
//!
//! A task stays its officer's; a delegate acts with `acting_for`, and both names are on record. A delegation counts only
//! once the delegate has agreed, within its time, and for the forms that it names.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Code, Problem};
use crate::day::Timestamp;

/// The most steps from an approver to somebody who acts for him: 甲 to 乙, 乙 to 丙, 丙 to 丁.
pub const MAX_CHAIN: usize = 3;

/// The longest delegation, in days.
pub const MAX_DAYS: i64 = 366;

/// Somebody lets another act for him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// Its id.
    pub id: Uuid,
    /// The approver.
    pub from: Uuid,
    /// Who acts for him.
    pub to: Uuid,
    /// For which forms.
    pub kinds: Kinds,
    /// When.
    pub period: Period,
    /// Whether the delegate has agreed.
    pub accepted: bool,
}

/// For which forms a delegation counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kinds {
    /// For every form.
    All,
    /// For these kinds of form.
    Listed(BTreeSet<String>),
}

/// When a delegation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// From one instant to just before another.
    Between {
        /// The first instant.
        from: Timestamp,
        /// The first instant after it.
        until: Timestamp,
    },
    /// Whenever the approver is on leave himself.
    OwnLeave,
}

/// An officer is away, from one instant to just before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Who.
    pub officer: Uuid,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

/// The facts about delegations at one instant.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The delegations that have not been revoked.
    pub delegations: &'a [Delegation],
    /// Who is away.
    pub absences: &'a [Absence],
    /// The officers in service.
    pub in_service: &'a BTreeSet<Uuid>,
    /// The instant.
    pub at: Timestamp,
}

impl Kinds {
    fn covers(&self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed(kinds) => kinds.contains(kind),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Listed(one), Self::Listed(other)) => !one.is_disjoint(other),
            (Self::Listed(kinds), Self::All) | (Self::All, Self::Listed(kinds)) => !kinds.is_empty(),
            (Self::All, Self::All) => true,
        }
    }
}

impl Period {
    /// Whether both can count at one instant; nobody knows beforehand when somebody will be on leave.
    fn may_meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Between { from, until }, Self::Between { from: other_from, until: other_until }) => {
                from < other_until && other_from < until
            }
            _ => true,
        }
    }
}

impl Delegation {
    fn counts(&self, facts: Facts<'_>, kind: &str) -> bool {
        let now = match self.period {
            Period::Between { from, until } => from <= facts.at && facts.at < until,
            Period::OwnLeave => facts
                .absences
                .iter()
                .any(|absence| absence.officer == self.from && absence.from <= facts.at && facts.at < absence.until),
        };
        now && self.accepted && self.kinds.covers(kind) && facts.in_service.contains(&self.to)
    }
}

/// Who may act for an approver on this kind of form, nearest first: his delegates, theirs, and so on over at most
/// [`MAX_CHAIN`] steps. Who is not in service neither acts nor passes on; circles end where they began.
pub fn covers(facts: Facts<'_>, principal: Uuid, kind: &str) -> Vec<Uuid> {
    let mut found = Vec::new();
    let mut last = vec![principal];
    for _ in 0..MAX_CHAIN {
        let counting = facts.delegations.iter().filter(|delegation| delegation.counts(facts, kind));
        let next = counting.filter(|delegation| last.contains(&delegation.from)).map(|delegation| delegation.to);
        last = next.collect();
        last.retain(|person| *person != principal && !found.contains(person));
        last.sort_unstable();
        last.dedup();
        found.extend(last.iter().copied());
    }
    found
}

/// For whom a person may act on this kind of form.
pub fn principals(facts: Facts<'_>, person: Uuid, kind: &str) -> Vec<Uuid> {
    let from = facts.delegations.iter().map(|delegation| delegation.from).collect::<BTreeSet<_>>();
    from.into_iter().filter(|principal| covers(facts, *principal, kind).contains(&person)).collect()
}

/// Whether a new delegation may stand beside those that have not been revoked (offered ones included).
///
/// Errors, all [`Code::BadInput`]: to oneself, without a form, an end that is not after the beginning or has passed,
/// more than [`MAX_DAYS`]; two of one approver for the same forms at the same time, or both during his own leave; and a circle,
/// in which nobody would be left to decide.
pub fn check_new(new: &Delegation, existing: &[Delegation], now: Timestamp) -> Result<(), Box<Problem>> {
    let refuse = |field: &str, why: String| Err(Box::new(Problem::new(Code::BadInput, why).at(field)));
    if new.from == new.to {
        return refuse("to", "不能委托给自己".to_owned());
    }
    if new.kinds == Kinds::Listed(BTreeSet::new()) {
        return refuse("kinds", "请选择委托的审批种类".to_owned());
    }
    if let Period::Between { from, until } = new.period {
        if until <= from {
            return refuse("until", "结束时间要晚于开始时间".to_owned());
        }
        if until <= now {
            return refuse("until", "结束时间已过，请选择以后的时间".to_owned());
        }
        if from.plus_minutes(MAX_DAYS * 24 * 60) < until {
            return refuse("until", format!("委托最长{MAX_DAYS}天，到期可以再次委托"));
        }
    }
    let meets = |other: &&Delegation| new.kinds.meets(&other.kinds) && new.period.may_meet(&other.period);
    let doubles = |other: &Delegation| {
        let both_dated = matches!((new.period, other.period), (Period::Between { .. }, Period::Between { .. }));
        // One for holidays planned beforehand and one for every other leave may stand side by side.
        other.from == new.from && (both_dated || new.period == other.period)
    };
    if existing.iter().filter(meets).any(doubles) {
        return refuse("period", "同一时间同类审批已有委托，请先撤销".to_owned());
    }
    let mut reached = vec![new.to];
    let mut next = 0;
    while let Some(person) = reached.get(next).copied() {
        let onward = existing.iter().filter(meets).filter(|other| other.from == person).map(|other| other.to);
        let onward = onward.filter(|person| !reached.contains(person)).collect::<Vec<_>>();
        reached.extend(onward);
        next += 1;
    }
    if reached.contains(&new.from) {
        return refuse("to", "委托会形成循环，请另选受托人".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
