//! The ledger of leave: append-only entries, whose sum is the balance.
//!
//! Every entry is a signed number of half days (of minutes for a type that counts them), its effect on what a new
//! request can take. A hold is always undone by a release; a commit stands beside the release of its hold; a refund
//! undoes a part of a commit. Nothing is deleted and no second counter exists that could drift from the sum.

use std::collections::BTreeMap;
use std::iter::Sum;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::day::HalfDay;
use crate::leave::grant::{Grant, Taken};

/// What an entry does; in the order in which those of one instant are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = LedgerKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The year gives leave: +n.
    Grant,
    /// HR puts a figure right: either sign.
    Adjust,
    /// A request is submitted: -n.
    Hold,
    /// The hold ends, whatever became of the request: +n.
    Release,
    /// Leave is approved: -n.
    Commit,
    /// Approved leave was not used: +n.
    Refund,
    /// What was left has ended: -n.
    Expire,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Grant, Self::Adjust, Self::Hold, Self::Release, Self::Commit, Self::Refund, Self::Expire];

    /// The kind's name as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Commit => "commit",
            Self::Refund => "refund",
            Self::Expire => "expire",
            Self::Adjust => "adjust",
        }
    }

    /// The kind of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// An entry of the ledger of one officer and one type of leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the entry does.
    pub kind: Kind,
    /// The year whose balance it belongs to: that of the half days themselves.
    pub year: i32,
    /// Its signed effect on what a new request can take, in half days.
    pub half_days: i64,
    /// The grant that it adds to or draws on; none for a type without a balance.
    pub grant: Option<Uuid>,
}

/// What entries add up to, in half days: those of a grant, or of a type in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Granted, adjustments included.
    pub granted: i64,
    /// Committed less refunded.
    pub used: i64,
    /// Expired.
    pub expired: i64,
    /// Held by requests that are not decided yet.
    pub held: i64,
    /// What nobody can take because the year was lost: no entry says so, it follows from the absences.
    pub lost: i64,
}

impl Totals {
    /// Adds up entries. Give it those of one grant or of one year; it looks at neither.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        entries.into_iter().fold(Self::default(), |mut totals, entry| {
            match entry.kind {
                Kind::Grant | Kind::Adjust => totals.granted += entry.half_days,
                Kind::Hold | Kind::Release => totals.held -= entry.half_days,
                Kind::Commit | Kind::Refund => totals.used -= entry.half_days,
                Kind::Expire => totals.expired -= entry.half_days,
            }
            totals
        })
    }

    /// Granted less used less expired less lost.
    pub fn half_days(self) -> i64 {
        self.granted - self.used - self.expired - self.lost
    }

    /// What a new request can take: the sum of the entries, less what was lost.
    pub fn available(self) -> i64 {
        self.half_days() - self.held
    }
}

impl Sum for Totals {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            granted: sum.granted + one.granted,
            used: sum.used + one.used,
            expired: sum.expired + one.expired,
            held: sum.held + one.held,
            lost: sum.lost + one.lost,
        })
    }
}

/// How many of these half days lie in each year.
pub fn by_year(slots: &[HalfDay]) -> BTreeMap<i32, i64> {
    slots.iter().fold(BTreeMap::new(), |mut years, slot| {
        *years.entry(slot.date.year()).or_insert(0) += 1;
        years
    })
}

/// The entries of a submission: what it takes is held.
pub fn on_submit(taken: &[Taken]) -> Vec<Entry> {
    entries(Kind::Hold, -1, taken)
}

/// The entries of a request that ends without leave: withdrawn or refused.
pub fn on_end(taken: &[Taken]) -> Vec<Entry> {
    entries(Kind::Release, 1, taken)
}

/// The entries of the last approval: the hold ends, the leave is committed.
pub fn on_approve(taken: &[Taken]) -> Vec<Entry> {
    [entries(Kind::Release, 1, taken), entries(Kind::Commit, -1, taken)].concat()
}

/// The entry of approved leave that another grant pays for from now on, beside the refund of the first one.
pub fn on_redraw(taken: &[Taken]) -> Vec<Entry> {
    entries(Kind::Commit, -1, taken)
}

/// The entries of a return: the unused half days come back, each to the grant that paid for it.
pub fn on_return(refunded: &[Taken]) -> Vec<Entry> {
    entries(Kind::Refund, 1, refunded)
}

/// The entries of a cancellation before the leave begins: all of it comes back.
pub fn on_cancel(taken: &[Taken]) -> Vec<Entry> {
    entries(Kind::Refund, 1, taken)
}

/// The entry of an imported opening balance. `previous` is the figure that the last import set, or what was granted by
/// years of service before the first one; the same figure again changes nothing, whatever was taken since.
pub fn opening(grant: &Grant, previous: Option<i64>, figure: i64) -> Option<Entry> {
    let (kind, half_days) = previous.map_or((Kind::Grant, figure), |previous| (Kind::Adjust, figure - previous));
    (half_days != 0).then_some(Entry { kind, year: grant.year, half_days, grant: Some(grant.id) })
}

fn entries(kind: Kind, sign: i64, taken: &[Taken]) -> Vec<Entry> {
    let mut sums: BTreeMap<(i32, Option<Uuid>), i64> = BTreeMap::new();
    for one in taken {
        *sums.entry((one.at.date.year(), one.grant)).or_insert(0) += one.amount;
    }
    sums.into_iter().map(|((year, grant), sum)| Entry { kind, year, half_days: sign * sum, grant }).collect()
}

#[cfg(test)]
mod tests;
