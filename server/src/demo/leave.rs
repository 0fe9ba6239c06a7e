//! A year of leave: requests with their half days, chains and ledgers, made by the rules that the product runs on.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use app::approval::compile::{Plan, compile};
use app::approval::definition::Definition;
use app::approval::directory::{Court, Department, Directory, Oversight};
use app::approval::process::{Action, Actor, Entry as LogEntry};
use app::approval::templates;
use app::calendar::rules::WorkCalendar;
use app::day::{Day, Half, HalfDay, Span, Timestamp, Zone};
use app::leave::entitlement::Setting;
use app::leave::grant::{Grant, Lot, Taken, give};
use app::leave::ledger::{self, Entry};
use app::leave::rules::{
    Ask, Check, Earlier, Existing, Facts, Leave, Outcome, Part, Stored, check_request, due_back, report_return,
};
use app::leave::types::{Basis, Lane, LeaveType};
use app::org::rules::PostClass;
use uuid::Uuid;

use super::dice::Dice;
use super::people::Province;
use super::words::{CONTACT, DESTINATIONS, OUT_OF_TOWN, REASONS, REFUSALS};
use crate::approval::directory::known;
use crate::approval::store::Running;
use crate::entity::{leave_entry, leave_grant, leave_request, leave_slot, officer};
use crate::leave::account::{applicant, grant_row, person};
use crate::leave::after::report;
use crate::leave::{chain, number, store};
use crate::secrets::sha256;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Approved by everybody, and reported back when it is over.
    Taken,
    /// Approved; nobody has reported back.
    NotReported,
    /// Reported back before its end.
    CutShort,
    /// Refused by the first one to decide.
    Refused,
    /// Taken back by the applicant.
    Withdrawn,
    /// Undecided: as many steps have approved as this says.
    Undecided(usize),
}

/// A request that somebody is about to make.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// The type.
    pub(super) leave_type: &'static LeaveType,
    /// The first half day.
    pub(super) from: HalfDay,
    /// How many half days are to count.
    pub(super) half_days: usize,
    /// When it is submitted.
    pub(super) submitted_at: Timestamp,
}

/// What is known of an officer's leave so far.
#[derive(Debug, Default)]
struct Own {
    existing: Vec<Existing>,
    grants: Vec<Grant>,
    // Of annual leave, the only type here with a balance.
    entries: Vec<Entry>,
}

/// The rows as they come about.
pub(super) struct Book<'b> {
    calendar: &'b WorkCalendar,
    definition: Definition,
    zone: Zone,
    now: Timestamp,
    directories: HashMap<Uuid, Directory>,
    own: HashMap<Uuid, Own>,
    /// The requests.
    pub(super) requests: Vec<leave_request::Model>,
    /// Their half days.
    pub(super) slots: Vec<leave_slot::Model>,
    /// What gave leave.
    pub(super) grants: Vec<leave_grant::Model>,
    /// The ledger.
    pub(super) entries: Vec<leave_entry::Model>,
    /// Their approvals.
    pub(super) processes: Vec<Running>,
}

impl<'b> Book<'b> {
    /// An empty book for a province.
    pub(super) fn new(calendar: &'b WorkCalendar, zone: Zone, now: Timestamp, province: &Province) -> Self {
        let directories =
            province.courts.iter().map(|court| (court.id, directory(province, court.id, court.parent_id)));
        Self {
            calendar,
            definition: templates::leave(),
            zone,
            now,
            directories: directories.collect(),
            own: HashMap::new(),
            requests: Vec::new(),
            slots: Vec::new(),
            grants: Vec::new(),
            entries: Vec::new(),
            processes: Vec::new(),
        }
    }

    fn today(&self) -> Day {
        self.zone.day(self.now)
    }

    /// What an officer would hear on submitting: the check and the chain; nothing where he would be refused.
    pub(super) fn consider(&mut self, dice: &mut Dice, officer: &officer::Model, wish: Wish) -> Option<(Check, Plan)> {
        let to = self.end_of(wish)?;
        if wish.leave_type.has_balance() {
            self.grant_years(dice, officer, wish, store::years(wish.from.date, to.date));
        }
        let own = self.own.entry(officer.id).or_default();
        let today = self.zone.day(wish.submitted_at);
        let facts = Facts {
            calendar: self.calendar,
            applicant: applicant(officer),
            existing: &own.existing,
            lots: &Lot::of(&own.grants, &own.entries),
            taken: &BTreeMap::new(),
            exclusions: &BTreeMap::new(),
            today,
        };
        let check =
            check_request(Ask { leave_type: wish.leave_type, from: wish.from, to, earlier: Earlier::default() }, facts);
        if check.refusal().is_some() {
            return None;
        }
        let values = chain::values(officer, wish.leave_type, check.routed_half_days);
        let plan = compile(&self.definition, &values, officer.id, self.directories.get(&officer.court_id)?).ok()?;
        plan.problem().is_none().then_some((check, plan))
    }

    /// The last half day of a wish.
    fn end_of(&self, wish: Wish) -> Option<HalfDay> {
        let counts = |at: &HalfDay| wish.leave_type.basis == Basis::NaturalDays || self.calendar.is_workday(at.date);
        let limit = HalfDay::pm(wish.from.date.plus(60));
        Span::new(wish.from, limit)?.half_days().filter(counts).nth(wish.half_days.checked_sub(1)?)
    }

    /// Grants what these years give, where they have not given it yet.
    fn grant_years(&mut self, dice: &mut Dice, officer: &officer::Model, wish: Wish, years: RangeInclusive<i32>) {
        let today = self.today();
        let own = self.own.entry(officer.id).or_default();
        for year in years {
            if own.grants.iter().any(|grant| grant.year == year) {
                continue;
            }
            let Some(grant) = Grant::of_year(dice.id(), year) else { continue };
            let entitled = wish.leave_type.grant.of_year(person(officer), Setting::default(), year, today);
            if entitled <= 0 {
                continue;
            }
            let entry = give(&grant, entitled);
            own.grants.push(grant);
            own.entries.push(entry);
            let at = wish.submitted_at.millis();
            self.grants.push(grant_row(officer.id, &wish.leave_type.name, &grant, at));
            self.entries.push(entry_row(dice.id(), officer.id, wish, None, wish.submitted_at, entry));
        }
    }

    /// Files a request and lets its fate happen; nothing where it would be refused, or where its fate lies in the future.
    pub(super) fn file(&mut self, dice: &mut Dice, officer: &officer::Model, wish: Wish, fate: Fate) -> Option<()> {
        let (check, plan) = self.consider(dice, officer, wish)?;
        let span = check.span?;
        let id = dice.id();
        let decided = self.decide(dice, id, plan, wish.submitted_at, fate)?;
        let leave = (wish.leave_type, span, check.counted.as_slice());
        let back = match (decided.stored, fate) {
            (Stored::Approved, Fate::Taken | Fate::CutShort) => self.report_back(dice, leave, fate)?,
            _ => None,
        };
        self.keep_entries(dice, officer, id, wish, &check.draw.taken, &decided, back.as_ref());
        let stored = if back.is_some() { Stored::Returned } else { decided.stored };
        let numbered = number::of(id, wish.from.date.year(), wish.leave_type.lane());
        let version = 1 + i64::from(decided.entries) + i64::from(back.is_some());
        self.keep_slots(officer.id, id, wish.leave_type, &check, stored, back.as_ref());
        let (_, reason) =
            *dice.pick(&REASONS.iter().filter(|(name, _)| *name == wish.leave_type.name.as_str()).collect::<Vec<_>>());
        let (destination, contact) = match wish.leave_type.lane() {
            Lane::Report => (*dice.pick(OUT_OF_TOWN), CONTACT),
            Lane::Leave | Lane::Hours => (*dice.pick(DESTINATIONS), ""),
        };
        let half_name = |at: HalfDay| store::half_name(at).to_owned();
        self.requests.push(leave_request::Model {
            id,
            number: numbered.clone(),
            officer_id: officer.id,
            leave_type: wish.leave_type.name.clone(),
            from_day: span.from().date.date(),
            from_half: half_name(span.from()),
            to_day: span.to().date.date(),
            to_half: half_name(span.to()),
            half_days: check.half_days(),
            reason: (*reason).to_owned(),
            destination: destination.to_owned(),
            stand_in_id: None,
            state: stored.as_str().to_owned(),
            version,
            calendar_version: store::calendar_version(self.calendar),
            submitted_at: wish.submitted_at.millis(),
            decided_at: decided.at.map(Timestamp::millis),
            back_day: back.as_ref().map(|back| back.at.date.date()),
            back_half: back.as_ref().map(|back| half_name(back.at)),
            returned_at: back.as_ref().map(|back| back.reported_at.millis()),
            outcome: back.as_ref().map(|back| back.outcome.as_str().to_owned()),
            cancelled_by: None,
            cancelled_at: None,
            cancel_reason: None,
            extends_id: None,
            series_id: None,
            converts_id: None,
            submitted_by: None,
            body_digest: sha256(id.as_bytes()).to_vec(),
            minutes: check.minutes,
            evidence_needed: check.owes_evidence(wish.leave_type),
            evidence_seen_by: None,
            evidence_seen_at: None,
            stand_in_answer: None,
            stand_in_note: None,
            stand_in_answered_at: None,
            contact: contact.to_owned(),
            lane: wish.leave_type.lane().as_str().to_owned(),
            needs_return: wish.leave_type.needs_return,
            return_confirmation: report::pinned(wish.leave_type),
            remarks: store::remarks_to_keep(&check, Earlier::default()),
            begin_asked_on: None,
        });
        let refunded = back.as_ref().map_or(0, |back| back.refunded.len());
        let half_days = check.half_days() - i64::try_from(refunded).unwrap_or(0);
        let counts_rest_days = wish.leave_type.basis == Basis::NaturalDays;
        let part = Part { leave_type: wish.leave_type.name.clone(), counts_rest_days, span, half_days };
        self.own.entry(officer.id).or_default().existing.push(Existing {
            number: numbered,
            title: wish.leave_type.title.clone(),
            lane: wish.leave_type.lane(),
            counts_rest_days,
            stored,
            span,
            half_days,
            back: back.map(|back| back.at),
            parts: vec![part],
        });
        Some(())
    }

    /// Lets the approvers decide, one a workday; nothing where that would reach past now.
    fn decide(&mut self, dice: &mut Dice, id: Uuid, plan: Plan, submitted: Timestamp, fate: Fate) -> Option<Decided> {
        let mut running = Running::start(id, 0, plan, submitted).ok()?;
        running.refresh_tasks(|| dice.id());
        let approvals = match fate {
            Fate::Taken | Fate::NotReported | Fate::CutShort => usize::MAX,
            Fate::Undecided(steps) => steps,
            Fate::Refused | Fate::Withdrawn => 0,
        };
        let mut at = submitted;
        for _ in 0..approvals {
            let Some((task, version, officer)) = turn(&running) else { break };
            at = self.zone.at(self.calendar.next_workday(self.zone.day(at)), 8 * 60 + 30 + dice.below(480) as i32);
            let comment = if dice.chance(40) { "同意。".to_owned() } else { String::new() };
            log(dice, &mut running, officer, at, Action::Approve { task, version, comment })?;
        }
        let mut ended_at = None;
        let stored = match fate {
            Fate::Undecided(_) => Stored::InApproval,
            Fate::Refused | Fate::Withdrawn => {
                at = at.plus_minutes(dice.between(30, 300));
                ended_at = Some(at);
                if fate == Fate::Refused {
                    let (task, version, officer) = turn(&running)?;
                    let comment = (*dice.pick(REFUSALS)).to_owned();
                    log(dice, &mut running, officer, at, Action::Refuse { task, version, comment })?;
                    Stored::Refused
                } else {
                    let applicant = running.process.applicant();
                    log(dice, &mut running, applicant, at, Action::Withdraw { comment: String::new() })?;
                    Stored::Withdrawn
                }
            }
            Fate::Taken | Fate::NotReported | Fate::CutShort => {
                ended_at = Some(at);
                Stored::Approved
            }
        };
        if at > self.now {
            return None;
        }
        let entries = i32::try_from(running.entries.len()).unwrap_or(0);
        self.processes.push(running);
        Some(Decided { stored, entries, at: ended_at })
    }

    /// The way back; `Some(None)` while the leave is not over.
    fn report_back(
        &self,
        dice: &mut Dice,
        (leave_type, span, counted): (&LeaveType, Span, &[HalfDay]),
        fate: Fate,
    ) -> Option<Option<Back>> {
        let at = match fate {
            Fate::CutShort => *counted.get(counted.len() * 2 / 3)?,
            // One in twenty forgets for a day or two.
            _ if dice.chance(5) => HalfDay::am(self.calendar.next_workday(due_back(self.calendar, span))),
            // Who is off until noon is back after it.
            _ if due_back(self.calendar, span) == span.to().date => span.to().next(),
            _ => HalfDay::am(due_back(self.calendar, span)),
        };
        let hour = if at.half == Half::Am { 8 } else { 14 };
        let reported_at = self.zone.at(at.date, hour * 60 + 20 + dice.below(60) as i32);
        if reported_at > self.now {
            return Some(None);
        }
        let leave = Leave { stored: Stored::Approved, leave_type, span, counted };
        let plan = report_return(self.calendar, &[leave], at, at.date).ok()?.pop()?;
        Some(Some(Back { at, reported_at, outcome: plan.outcome, freed: plan.freed, refunded: plan.refunded }))
    }

    #[expect(clippy::too_many_arguments, reason = "everything that a ledger of one request follows from")]
    fn keep_entries(
        &mut self,
        dice: &mut Dice,
        officer: &officer::Model,
        request: Uuid,
        wish: Wish,
        taken: &[Taken],
        decided: &Decided,
        back: Option<&Back>,
    ) {
        let own = self.own.entry(officer.id).or_default();
        let mut write = |at: Timestamp, entries: Vec<Entry>| {
            for entry in entries {
                self.entries.push(entry_row(dice.id(), officer.id, wish, Some(request), at, entry));
                own.entries.push(entry);
            }
        };
        write(wish.submitted_at, ledger::on_submit(taken));
        let Some(at) = decided.at else { return };
        let ended = if decided.stored == Stored::Approved { ledger::on_approve(taken) } else { ledger::on_end(taken) };
        write(at, ended);
        if let Some(back) = back {
            let refunded: Vec<Taken> = taken.iter().filter(|one| back.refunded.contains(&one.at)).copied().collect();
            write(back.reported_at, ledger::on_return(&refunded));
        }
    }

    fn keep_slots(
        &mut self,
        officer: Uuid,
        request: Uuid,
        leave_type: &LeaveType,
        check: &Check,
        stored: Stored,
        back: Option<&Back>,
    ) {
        let alive = matches!(stored, Stored::InApproval | Stored::Approved | Stored::Returned);
        let Some(span) = check.span else { return };
        for (row, at) in
            store::slots(request, officer, leave_type, span, &check.draw.taken).into_iter().zip(span.half_days())
        {
            let freed = back.is_some_and(|back| back.freed.contains(&at));
            let refunded = back.is_some_and(|back| back.refunded.contains(&at));
            let counts = row.counts && alive && !refunded;
            self.slots.push(leave_slot::Model { counts, live: alive && !freed, ..row });
        }
    }
}

fn entry_row(
    id: Uuid,
    officer: Uuid,
    wish: Wish,
    request: Option<Uuid>,
    at: Timestamp,
    entry: Entry,
) -> leave_entry::Model {
    leave_entry::Model {
        id,
        officer_id: officer,
        leave_type: wish.leave_type.name.clone(),
        year: entry.year,
        kind: entry.kind.as_str().to_owned(),
        half_days: entry.half_days,
        request_id: request,
        at: at.millis(),
        grant_id: entry.grant,
        note: None,
        made_by: None,
    }
}

/// What a chain came to.
struct Decided {
    stored: Stored,
    entries: i32,
    at: Option<Timestamp>,
}

/// The task whose turn it is, its version, and whose it is.
fn turn(running: &Running) -> Option<(i32, i64, Uuid)> {
    running.process.open_tasks().next().map(|task| (task.seq, task.version, task.officer.id))
}

/// Lets an officer act.
fn log(dice: &mut Dice, running: &mut Running, officer: Uuid, at: Timestamp, action: Action) -> Option<()> {
    let seq = running.process.next_seq();
    let entry = LogEntry { seq, actor: Actor::Officer(officer), acting_for: None, at, action };
    let next = running.process.apply(&entry).ok()?;
    running.take(next, &[entry], None).ok()?;
    running.refresh_tasks(|| dice.id());
    Some(())
}

/// A return.
struct Back {
    at: HalfDay,
    reported_at: Timestamp,
    outcome: Outcome,
    freed: Vec<HalfDay>,
    refunded: Vec<HalfDay>,
}

fn directory(province: &Province, court: Uuid, above: Option<Uuid>) -> Directory {
    let leads = |officer: &&officer::Model| {
        officer.post_class == PostClass::CourtLeader.as_str() || officer.post_class == PostClass::President.as_str()
    };
    let own = province.officers.iter().filter(|officer| officer.court_id == court);
    let theirs = province.officers.iter().filter(|officer| Some(officer.court_id) == above).filter(leads);
    let departments: Vec<Department> = province
        .departments
        .iter()
        .filter(|row| row.court_id == court)
        .map(|row| Department { id: row.id, court_id: row.court_id, name: row.name.clone() })
        .collect();
    let oversights = province
        .oversights
        .iter()
        .filter(|row| departments.iter().any(|department| department.id == row.department_id))
        .map(|row| Oversight { department_id: row.department_id, officer_id: row.officer_id })
        .collect();
    Directory {
        courts: province
            .courts
            .iter()
            .map(|row| Court { id: row.id, name: row.name.clone(), parent_id: row.parent_id })
            .collect(),
        officers: own.chain(theirs).cloned().map(known).collect(),
        departments,
        oversights,
        roles: Vec::new(),
        submitter: None,
    }
}
