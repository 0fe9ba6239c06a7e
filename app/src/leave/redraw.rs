//! Drawing again: once a grant has appeared that ends sooner, like what went over at New Year, what open requests have
//! drawn moves to it as far as it reaches, so that as little as possible expires. The rule proposes; the server writes it.

use std::collections::HashMap;

use uuid::Uuid;

use super::grant::{Lot, Taken};
use super::ledger::{self, Entry};
use super::rules::Stored;

/// What the ledger notes beside the entries.
pub const NOTE: &str = "改由上年结转的天数支付";

/// Half days of a request that move: the same ones, by what paid for them and by what pays for them from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redraw {
    /// As they were drawn, in order.
    pub from: Vec<Taken>,
    /// As they are drawn now, in order.
    pub to: Vec<Taken>,
}

impl Redraw {
    /// Whether nothing moves.
    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// What it means to the ledger; nothing for a request that is over.
    pub fn entries(&self, stored: Stored) -> Vec<Entry> {
        match stored {
            Stored::InApproval | Stored::SentBack => [ledger::on_end(&self.from), ledger::on_submit(&self.to)].concat(),
            Stored::Approved => [ledger::on_return(&self.from), ledger::on_redraw(&self.to)].concat(),
            Stored::Returned | Stored::Withdrawn | Stored::Refused | Stored::Cancelled => Vec::new(),
        }
    }
}

/// Draws again what a request has drawn: each half day moves to the open grant that ends first and has something left,
/// where that one ends before the grant that pays. `lots` are the grants of its type as the ledger has them. Nothing is
/// short by it, and a second time nothing moves.
pub fn redraw(taken: &[Taken], lots: &[Lot]) -> Redraw {
    let mut left: HashMap<Uuid, i64> = lots.iter().map(|lot| (lot.grant.id, lot.totals.available())).collect();
    let mut drawn = taken.to_vec();
    // What moves gives back to its grant, on which an earlier half day may now draw.
    while move_once(&mut drawn, lots, &mut left) {}
    let moved = taken.iter().zip(&drawn).filter(|(before, after)| before != after);
    let (from, to) = moved.map(|(before, after)| (*before, *after)).unzip();
    Redraw { from, to }
}

fn move_once(drawn: &mut [Taken], lots: &[Lot], left: &mut HashMap<Uuid, i64>) -> bool {
    let mut has_moved = false;
    for one in drawn {
        let Some(pays) = lots.iter().map(|lot| lot.grant).find(|grant| Some(grant.id) == one.grant) else { continue };
        let has_left = |id: Uuid| left.get(&id).is_some_and(|left| *left >= one.amount);
        let better = lots
            .iter()
            .map(|lot| lot.grant)
            .filter(|grant| grant.until < pays.until && grant.is_open(one.at.date) && has_left(grant.id))
            .min_by_key(|grant| (grant.until, grant.id));
        let Some(better) = better else { continue };
        *left.entry(better.id).or_default() -= one.amount;
        *left.entry(pays.id).or_default() += one.amount;
        one.grant = Some(better.id);
        has_moved = true;
    }
    has_moved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::{Day, HalfDay};
    use crate::leave::grant::{Grant, Source, draw};
    use crate::leave::ledger::{Totals, on_approve, on_submit};

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn grant(id: u128, from: &str, until: &str) -> Grant {
        let (from, until) = (day(from), day(until));
        Grant { id: Uuid::from_u128(id), source: Source::Earned, year: from.year(), from, until }
    }

    fn lot(grant: Grant, granted: i64, held: i64) -> Lot {
        Lot { grant, totals: Totals { granted, held, ..Totals::default() } }
    }

    fn drawn_on(redraw: &Redraw) -> Vec<(u128, u128)> {
        let id = |taken: &Taken| taken.grant.map_or(0, |id| id.as_u128());
        redraw.from.iter().zip(&redraw.to).map(|(from, to)| (id(from), id(to))).collect()
    }

    #[test]
    fn what_was_asked_for_in_december_draws_on_what_goes_over_at_new_year() {
        let (year, over) = (grant(1, "2027-01-01", "2027-12-31"), grant(2, "2027-01-01", "2027-03-31"));
        let at = ["2027-01-05", "2027-03-31", "2027-04-01"].map(|text| HalfDay::am(day(text)));
        let taken = at.map(|at| Taken { at, amount: 1, grant: Some(year.id) });
        let with = |rest: i64| redraw(&taken, &[lot(year, 20, 3), lot(over, rest, 0)]);
        assert_eq!(drawn_on(&with(6)), [(1, 2), (1, 2)], "April is beyond its life");
        assert_eq!(with(1).to, [Taken { grant: Some(over.id), ..taken[0] }], "the earliest first");
        assert!(with(0).is_empty());
        let plan = with(6);
        assert_eq!(Totals::of(&plan.entries(Stored::InApproval)).held, 0);
        assert_eq!(Totals::of(&plan.entries(Stored::Approved)).used, 0);
        assert_eq!(plan.entries(Stored::Returned), []);
    }

    proptest! {
        #[test]
        fn drawing_again_conserves_is_idempotent_and_lets_nothing_expire_that_could_pay(
            windows in proptest::collection::vec((0i64..12, 0i64..12, 0i64..4), 1..5),
            appears in proptest::collection::vec((0i64..12, 0i64..8, 0i64..4), 0..3),
            counted in proptest::collection::btree_set(0i64..30, 0..10),
            is_approved in any::<bool>(),
        ) {
            let first = day("2027-01-01");
            let grant = |n: usize, (from, length, granted): (i64, i64, i64)| {
                let (from, until) = (first.plus(from), first.plus(from + length));
                let id = Uuid::from_u128(n as u128 + 1);
                let grant = Grant { id, source: Source::Earned, year: 2027, from, until };
                (grant, Entry { kind: ledger::Kind::Grant, year: 2027, half_days: granted, grant: Some(id) })
            };
            let known: Vec<_> = windows.iter().enumerate().map(|(n, window)| grant(n, *window)).collect();
            let mut grants: Vec<Grant> = known.iter().map(|(grant, _)| *grant).collect();
            let mut entries: Vec<Entry> = known.iter().map(|(_, entry)| *entry).collect();
            let half_day = |n: &i64| if n % 2 == 0 { HalfDay::am(first.plus(n / 2)) } else { HalfDay::pm(first.plus(n / 2)) };
            let counted: Vec<HalfDay> = counted.iter().map(half_day).collect();
            let taken = draw(&counted, &Lot::of(&grants, &entries)).taken;
            entries.extend(on_submit(&taken));
            let stored = if is_approved {
                entries.extend(on_approve(&taken));
                Stored::Approved
            } else {
                Stored::InApproval
            };
            for (n, window) in appears.iter().enumerate() {
                let (grant, entry) = grant(100 + n, *window);
                grants.push(grant);
                entries.push(entry);
            }
            let before: Totals = Lot::of(&grants, &entries).iter().map(|lot| lot.totals).sum();

            let plan = redraw(&taken, &Lot::of(&grants, &entries));
            entries.extend(plan.entries(stored));
            let lots = Lot::of(&grants, &entries);
            let after: Totals = lots.iter().map(|lot| lot.totals).sum();
            prop_assert_eq!(before, after, "conservation");
            prop_assert!(lots.iter().all(|lot| lot.totals.available() >= 0 && lot.totals.held >= 0 && lot.totals.used >= 0));
            let now: Vec<Taken> = taken
                .iter()
                .map(|one| {
                    let moved = plan.from.iter().position(|from| from == one);
                    moved.map_or(*one, |place| plan.to[place])
                })
                .collect();
            let of = |id: Option<Uuid>| lots.iter().find(|lot| Some(lot.grant.id) == id).expect("a known grant");
            for one in &now {
                let pays = of(one.grant).grant;
                prop_assert!(pays.is_open(one.at.date));
                let wasted = lots.iter().find(|lot| {
                    lot.grant.until < pays.until && lot.grant.is_open(one.at.date) && lot.totals.available() > 0
                });
                prop_assert_eq!(wasted, None, "what ends first pays first");
            }
            prop_assert!(redraw(&now, &lots).is_empty(), "a second time nothing moves");
        }
    }
}
