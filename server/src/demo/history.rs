//! What happens in a year: who asks when for what, and what waits on whose desk today.

use std::collections::HashSet;

use app::day::{Day, HalfDay, Timestamp, Zone};
use app::leave::types::{ANNUAL, LEAVING_TOWN, LeaveType, PERSONAL, SICK};
use app::org::rules::OfficerStatus;
use uuid::Uuid;

use super::dice::Dice;
use super::leave::{Book, Fate, Wish};
use super::people::Province;
use crate::entity::officer;

/// How far back the history goes and how far ahead people plan, in days.
const WINDOW: (i64, i64) = (-360, 25);
/// Around today the accounts to try are at work, in days: whoever tries the product is not on leave.
const AT_WORK: i64 = 12;
/// How many approvals wait on the desk of each account to try.
const WAITING: usize = 4;

/// Lets the year happen.
pub(super) fn year(book: &mut Book<'_>, dice: &mut Dice, province: &Province, zone: Zone, now: Timestamp) {
    let today = zone.day(now);
    let tried: HashSet<Uuid> = province.cast.iter().map(|(_, place)| province.officers[*place].id).collect();
    let in_service = |officer: &&officer::Model| officer.status == OfficerStatus::InService.as_str();
    for officer in province.officers.iter().filter(in_service) {
        let times = if tried.contains(&officer.id) { 2 } else { dice.between(1, 4) };
        let mut starts: Vec<i64> = (0..times).map(|_| dice.between(WINDOW.0, WINDOW.1)).collect();
        starts.sort_unstable();
        for start in starts {
            if tried.contains(&officer.id) && start > -AT_WORK - 10 {
                continue;
            }
            let wish = wish(dice, zone, now, today.plus(start));
            let fate = fate(dice, start);
            // Somebody who cannot ask for what he wished, for want of days or for another leave, does not ask.
            let recent = wish.submitted_at > now.plus_minutes(-3 * 1440);
            if book.file(dice, officer, wish, fate).is_none() && recent {
                let _ = book.file(dice, officer, wish, Fate::Undecided(0));
            }
        }
    }
    for (role, place) in &province.cast {
        let officer = &province.officers[*place];
        if matches!(*role, "officer") {
            ask_for_oneself(book, dice, officer, zone, now);
            leave_town(book, dice, officer, zone, now);
        } else {
            fill_desk(book, dice, province, officer, &tried, zone, now);
        }
    }
}

fn wish(dice: &mut Dice, zone: Zone, now: Timestamp, start: Day) -> Wish {
    let kind = dice.below(10);
    let (leave_type, most, ahead): (&'static LeaveType, usize, i64) = match kind {
        0..6 => (&ANNUAL, 5, dice.between(3, 14)),
        6..8 => (&PERSONAL, 2, dice.between(1, 5)),
        _ => (&SICK, 4, 0),
    };
    let half_days = if dice.chance(15) { 1 } else { 2 * (1 + dice.below(most)) };
    let from = if half_days == 1 && dice.chance(50) { HalfDay::pm(start) } else { HalfDay::am(start) };
    let submitted_at = zone.at(start.plus(-ahead), 8 * 60 + dice.below(540) as i32);
    // Who plans ahead has asked by now.
    let submitted_at = if submitted_at > now { now.plus_minutes(-dice.between(20, 2000)) } else { submitted_at };
    Wish { leave_type, from, half_days, submitted_at }
}

fn fate(dice: &mut Dice, start: i64) -> Fate {
    match dice.below(100) {
        0..4 => Fate::Refused,
        4..7 => Fate::Withdrawn,
        7..12 => Fate::CutShort,
        // Only what has just ended is still open; what is older was put in order long ago.
        12..40 if start > -14 => Fate::NotReported,
        _ => Fate::Taken,
    }
}

/// A wish of so many half days of annual leave some days ahead, submitted some days ago.
fn ahead(dice: &mut Dice, zone: Zone, now: Timestamp, days: i64, half_days: usize) -> Wish {
    let from = HalfDay::am(zone.day(now).plus(days));
    let submitted_at = now.plus_minutes(-dice.between(3 * 1440, 5 * 1440));
    let leave_type = if dice.chance(70) { &ANNUAL } else { &PERSONAL };
    Wish { leave_type, from, half_days, submitted_at }
}

/// Puts requests of others on an approver's desk, whichever step of their chains he decides.
fn fill_desk(
    book: &mut Book<'_>,
    dice: &mut Dice,
    province: &Province,
    approver: &officer::Model,
    tried: &HashSet<Uuid>,
    zone: Zone,
    now: Timestamp,
) {
    let eligible = |officer: &&officer::Model| {
        officer.court_id == approver.court_id
            && officer.id != approver.id
            && officer.status == OfficerStatus::InService.as_str()
            && !tried.contains(&officer.id)
    };
    let mut candidates: Vec<&officer::Model> = province.officers.iter().filter(eligible).collect();
    dice.shuffle(&mut candidates);
    // The own department first, so that a desk does not fill with strangers.
    candidates.sort_by_key(|officer| officer.department_id != approver.department_id);
    let mut waiting = 0;
    for officer in candidates {
        if waiting == WAITING {
            return;
        }
        let days = dice.between(5, 40);
        let lengths = [2, 4, 10];
        let first = dice.below(lengths.len());
        let placed = (0..lengths.len()).any(|n| {
            let wish = ahead(dice, zone, now, days, lengths[(first + n) % lengths.len()]);
            let Some((_, plan)) = book.consider(dice, officer, wish) else { return false };
            let decide = plan.nodes.iter().flat_map(|node| &node.members).filter(|member| member.merged_into.is_none());
            let step = decide.map(|member| member.person.id).position(|id| id == approver.id);
            step.is_some_and(|step| book.file(dice, officer, wish, Fate::Undecided(step)).is_some())
        });
        waiting += usize::from(placed);
    }
}

/// A weekend out of town that is over, and the next one, on which nobody has decided yet.
fn leave_town(book: &mut Book<'_>, dice: &mut Dice, officer: &officer::Model, zone: Zone, now: Timestamp) {
    let today = zone.day(now);
    let saturday = today.plus(5 - i64::from(today.days_from_monday()));
    let coming = if saturday > today { saturday } else { saturday.plus(7) };
    let hours_ago = now.plus_minutes(-dice.between(60, 600));
    let weekends =
        [(coming.plus(-14), zone.at(coming.plus(-18), 10 * 60), Fate::Taken), (coming, hours_ago, Fate::Undecided(0))];
    for (from, submitted_at, fate) in weekends {
        let wish = Wish { leave_type: &LEAVING_TOWN, from: HalfDay::am(from), half_days: 4, submitted_at };
        let _ = book.file(dice, officer, wish, fate);
    }
}

/// Two requests of one's own that wait for others.
fn ask_for_oneself(book: &mut Book<'_>, dice: &mut Dice, officer: &officer::Model, zone: Zone, now: Timestamp) {
    for (days, half_days) in [(45, 2), (60, 4)] {
        let wish = ahead(dice, zone, now, days, half_days);
        let _ = book.file(dice, officer, wish, Fate::Undecided(0));
    }
}
