//! The conversion of annual leave against a model of slots and ledger.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calendar::rules::WorkCalendar;
use crate::day::Day;
use crate::leave::grant::{Grant, draw_freely, give};
use crate::leave::ledger::{self, Totals};
use crate::leave::rules::{Leave, close_converted, count, report_return};
use crate::leave::types::SICK;

const OFFICER: Viewer = Viewer {
    is_applicant: true,
    is_submitter: false,
    has_open_task: false,
    has_approved: false,
    reads_papers: false,
    may_confirm: false,
    may_record: false,
    follows_approvers: false,
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn days(first: &str, last: &str) -> Span {
    Span::days(day(first), day(last)).expect("in order")
}

fn grant(number: u128) -> Grant {
    Grant::of_year(Uuid::from_u128(number), 2026).expect("a year")
}

/// The counted half days of a span, paid for by two grants in turn.
fn paid(span: Span) -> Vec<Taken> {
    let calendar = WorkCalendar::builtin();
    let counted = span.half_days().filter(|at| calendar.works(*at));
    counted.enumerate().map(|(n, at)| Taken { at, amount: 1, grant: Some(grant(1 + n as u128 % 2).id) }).collect()
}

#[test]
fn an_illness_is_asked_for_during_the_leave_and_some_time_after_it() {
    let span = days("2026-06-08", "2026-06-15");
    let (kept, taken) = (span.half_days().collect::<Vec<_>>(), paid(span));
    let standing = Standing::alone(Stored::Approved, span);
    let facts = Facts { standing, leave_type: "annual", kept: &kept, taken: &taken, is_asked: false };
    let part = days("2026-06-09", "2026-06-10");
    let on = |facts: Facts<'_>, part, today: &str| ask(facts, OFFICER, true, &SICK, part, HalfDay::am(day(today)));
    assert_eq!(on(facts, part, "2026-06-10"), Ok(()));
    assert_eq!(
        on(Facts { standing: Standing { stored: Stored::Returned, ..standing }, ..facts }, part, "2026-06-16"),
        Ok(())
    );
    assert_eq!(
        ask(facts, OFFICER, false, &SICK, part, HalfDay::am(day("2026-06-10"))),
        Err(Code::NotEligible),
        "off at first"
    );
    let other = Viewer { is_applicant: false, has_approved: true, ..OFFICER };
    assert_eq!(ask(facts, other, true, &SICK, part, HalfDay::am(day("2026-06-10"))), Err(Code::NotAllowed));
    assert_eq!(on(facts, part, "2026-06-05"), Err(Code::WrongState), "before it begins");
    let at_noon = Span::new(HalfDay::pm(day("2026-06-08")), span.to()).expect("in order");
    let of_afternoon = Facts { standing: Standing::alone(Stored::Approved, at_noon), ..facts };
    assert_eq!(on(of_afternoon, part, "2026-06-08"), Err(Code::WrongState), "before noon it can still be cancelled");
    assert_eq!(on(Facts { leave_type: "personal", ..facts }, part, "2026-06-10"), Err(Code::WrongState));
    assert_eq!(on(Facts { is_asked: true, ..facts }, part, "2026-06-10"), Err(Code::WrongState));
    assert_eq!(on(facts, days("2026-06-14", "2026-06-16"), "2026-06-16"), Err(Code::BadInput), "past its end");
    assert_eq!(on(facts, days("2026-06-13", "2026-06-14"), "2026-06-16"), Err(Code::NothingCounts), "a weekend");
    let late = part.to().date.plus(SICK.backfill_days + 1).to_string();
    assert_eq!(on(facts, part, &late), Err(Code::OutsideWindow));
    let sick = Standing { kind: Kind::Converts(Uuid::nil()), ..standing };
    assert_eq!(on(Facts { standing: sick, ..facts }, part, "2026-06-10"), Err(Code::WrongState), "not twice");
}

#[test]
fn nobody_consents_without_a_certificate() {
    assert_eq!(may_consent(false, 0), Err(Code::EvidenceMissing));
    assert_eq!((may_consent(true, 0), may_consent(false, 1), may_consent(true, 2)), (Ok(()), Ok(()), Ok(())));
}

#[test]
fn who_was_back_in_between_gets_what_was_left() {
    let span = days("2026-06-08", "2026-06-12");
    let taken = paid(span);
    let kept: Vec<HalfDay> = span.half_days().take(5).collect();
    let left = convert(&kept, &taken, days("2026-06-09", "2026-06-11")).expect("a part is left");
    assert_eq!((left.part.to(), left.refunded.len()), (HalfDay::am(day("2026-06-10")), 3));
    assert_eq!(convert(&kept, &taken, days("2026-06-11", "2026-06-12")), None);
}

proptest! {
    /// Two parts of a leave become 病假 and he is back early or not, in any order: no half day is taken twice, and what
    /// the grants gave is what is used and what is left.
    #[test]
    fn every_half_day_is_paid_for_once(
        start in 0i64..10, length in 1i64..16,
        parts in proptest::collection::vec((0usize..32, 1usize..12), 1..3),
        back in proptest::option::of((0usize..40, 0usize..3)),
    ) {
        let calendar = WorkCalendar::builtin();
        let first = day("2026-06-01").plus(start);
        let span = Span::days(first, first.plus(length - 1)).expect("in order");
        let today = span.to().date.plus(3);
        let all: Vec<HalfDay> = span.half_days().collect();
        let mut kept = all.clone();
        let mut taken = paid(span);
        let mut stored = Stored::Approved;
        let grants = [give(&grant(1), 40), give(&grant(2), 40)];
        let mut annual = [ledger::on_submit(&taken), ledger::on_approve(&taken)].concat();
        let mut sick_entries = Vec::new();
        // (part, what it keeps, what of that counts)
        let mut sick: Vec<(Span, Vec<HalfDay>, Vec<Taken>)> = Vec::new();
        for (at, (offset, len)) in parts.into_iter().enumerate() {
            if let Some((offset, _)) = back.filter(|(_, when)| *when == at)
                && stored == Stored::Approved
            {
                let back = (0..offset).fold(span.from(), |at, _| at.next()).min(HalfDay::pm(today));
                let counted: Vec<HalfDay> = taken.iter().map(|one| one.at).collect();
                let leave = Leave { stored, leave_type: &ANNUAL, span, counted: &counted };
                let plan = report_return(&calendar, &[leave], back, today).expect("in range").remove(0);
                let refunded: Vec<Taken> = taken.iter().filter(|one| plan.refunded.contains(&one.at)).copied().collect();
                annual.extend(ledger::on_return(&refunded));
                kept.retain(|at| !plan.freed.contains(at));
                taken.retain(|one| !plan.refunded.contains(&one.at));
                stored = Stored::Returned;
                for (part, keeps, counts) in &mut sick {
                    let counted: Vec<HalfDay> = counts.iter().map(|one| one.at).collect();
                    let leave = Leave { stored: Stored::Approved, leave_type: &SICK, span: *part, counted: &counted };
                    let plan = close_converted(&leave, back);
                    let refunded: Vec<Taken> =
                        counts.iter().filter(|one| plan.refunded.contains(&one.at)).copied().collect();
                    sick_entries.extend(ledger::on_return(&refunded));
                    keeps.retain(|at| !plan.freed.contains(at));
                    counts.retain(|one| !plan.refunded.contains(&one.at));
                }
            }
            let Some(from) = all.get(offset) else { continue };
            let to = (1..len).fold(*from, |at, _| at.next());
            let part = Span::new(*from, to).expect("in order");
            let standing = Standing::alone(stored, span);
            let facts = Facts { standing, leave_type: "annual", kept: &kept, taken: &taken, is_asked: false };
            let asked = ask(facts, OFFICER, true, &SICK, part, HalfDay::pm(today));
            let Some(done) = convert(&kept, &taken, part) else { prop_assert!(asked.is_err()); continue };
            if asked.is_ok() {
                prop_assert_eq!(done.part, part, "nothing happened between the question and the consent");
            }
            annual.extend(ledger::on_return(&done.refunded));
            kept.retain(|at| !done.part.contains(*at));
            taken.retain(|one| !done.refunded.contains(one));
            let days = count(&calendar, &SICK, done.part);
            let counted: Vec<HalfDay> =
                days.iter().filter(|day| day.counts).map(|day| HalfDay { date: day.date, half: day.half }).collect();
            let drawn = draw_freely(&counted, 1).taken;
            sick_entries.extend([ledger::on_submit(&drawn), ledger::on_approve(&drawn)].concat());
            sick.push((done.part, done.part.half_days().collect(), drawn));
        }
        // No half day is kept twice, and none lies outside the leave.
        let keeps: Vec<HalfDay> = sick.iter().flat_map(|(_, keeps, _)| keeps.clone()).chain(kept.clone()).collect();
        prop_assert_eq!(keeps.iter().collect::<BTreeSet<_>>().len(), keeps.len());
        prop_assert!(keeps.iter().all(|at| span.contains(*at)));
        // What the ledger says is what the half days say, of each grant and of the 病假.
        let used: i64 = sick.iter().flat_map(|(.., counts)| counts).map(|one| one.amount).sum();
        prop_assert_eq!(Totals::of(&sick_entries).used, used);
        for (number, given) in (1u128..).zip(&grants) {
            let id = Some(grant(number).id);
            let of_grant = annual.iter().filter(|entry| entry.grant == id).chain([given]);
            let totals = Totals::of(of_grant);
            let counts = taken.iter().filter(|one| one.grant == id).count() as i64;
            prop_assert_eq!((totals.granted, totals.used, totals.held), (40, counts, 0));
            prop_assert_eq!(totals.available(), 40 - counts);
        }
    }
}
