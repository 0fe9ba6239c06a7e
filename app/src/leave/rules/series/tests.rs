//! A leave with its extensions, under every order of what people do to them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::calendar::own::CourtWord;
use crate::leave::entitlement::Person;
use crate::leave::grant::{Grant, Lot, Taken, give};
use crate::leave::ledger::{self, Entry, Totals};
use crate::leave::rules::{
    Action, Applicant, Ask, Earlier, Event, Existing, Facts, Leave, Outcome, Status, actions, cancel, check_request,
    report_return,
};
use crate::leave::types::{ANNUAL, Lane, LeaveType};
use crate::org::rules::Category;

const APPLICANT: Viewer = Viewer {
    is_applicant: true,
    is_submitter: false,
    has_open_task: false,
    has_approved: false,
    may_confirm: false,
    reads_papers: false,
    may_record: false,
    follows_approvers: false,
};
const APPROVER: Viewer = Viewer {
    is_applicant: false,
    is_submitter: false,
    has_open_task: true,
    has_approved: true,
    may_confirm: true,
    reads_papers: false,
    may_record: false,
    follows_approvers: false,
};
/// What the year grants, in half days.
const GRANTED: i64 = 24;

fn grant() -> Grant {
    Grant::of_year(Uuid::from_u128(2026), 2026).expect("a year")
}

/// A leave that is reported back from.
fn link(id: u128, span: Span, stored: Stored, extends: Option<Uuid>) -> Link {
    Link { id: Uuid::from_u128(id), extends, stored, span, kind: Kind::Absence, needs_return: true, counts: true }
}

/// These half days, paid for by the year.
fn taken<'a>(counted: impl IntoIterator<Item = &'a HalfDay>) -> Vec<Taken> {
    counted.into_iter().map(|&at| Taken { at, amount: 1, grant: Some(grant().id) }).collect()
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[derive(Clone, Debug)]
enum Step {
    Days(i64),
    Extend { which: usize, half_days: usize },
    Approve(usize),
    Refuse(usize),
    SendBack(usize),
    Resubmit { which: usize, half_days: usize },
    Withdraw(usize),
    Cancel(usize),
    Return { which: usize, half_days_ago: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let which = || 0usize..6;
    prop_oneof![
        3 => (0i64..4).prop_map(Step::Days),
        4 => (which(), 1usize..9).prop_map(|(which, half_days)| Step::Extend { which, half_days }),
        6 => which().prop_map(Step::Approve),
        1 => which().prop_map(Step::Refuse),
        1 => which().prop_map(Step::SendBack),
        1 => (which(), 1usize..9).prop_map(|(which, half_days)| Step::Resubmit { which, half_days }),
        1 => which().prop_map(Step::Withdraw),
        1 => which().prop_map(Step::Cancel),
        1 => (which(), 0usize..12).prop_map(|(which, half_days_ago)| Step::Return { which, half_days_ago }),
    ]
}

#[derive(Clone, Debug)]
struct Row {
    link: Link,
    /// What it keeps from other requests.
    live: BTreeSet<HalfDay>,
    /// What the ledger has as held or used.
    counted: BTreeSet<HalfDay>,
    entries: Vec<Entry>,
    outcome: Option<Outcome>,
    back: Option<HalfDay>,
}

impl Row {
    /// The half days that a month's summary has of it.
    fn taken(&self) -> usize {
        self.counted.intersection(&self.live).count()
    }
}

/// What the server keeps of one officer, changed by the rules alone.
struct Book {
    calendar: WorkCalendar,
    leave_type: LeaveType,
    today: Day,
    rows: Vec<Row>,
}

impl Book {
    fn new(may_split: bool) -> Self {
        let leave_type = LeaveType { may_split, ..ANNUAL.clone() };
        let today = day("2026-06-05");
        let mut book = Self { calendar: WorkCalendar::builtin(), leave_type, today, rows: Vec::new() };
        book.submit(HalfDay::am(day("2026-06-08")), 5, None);
        book
    }

    fn series(&self) -> Vec<Link> {
        self.rows.iter().map(|row| row.link).collect()
    }

    fn standing(&self, which: usize) -> Option<Standing> {
        Some(Standing::of(&self.series(), self.rows.get(which)?.link, &self.calendar, 0))
    }

    fn totals(&self) -> Totals {
        let given = give(&grant(), GRANTED);
        Totals::of(self.rows.iter().flat_map(|row| &row.entries).chain([&given]))
    }

    fn checked(
        &self,
        from: HalfDay,
        half_days: usize,
        but: Option<usize>,
        gives_back: i64,
    ) -> Option<(Span, Vec<HalfDay>)> {
        let to = (1..half_days).fold(from, |at, _| at.next());
        let others = self.rows.iter().enumerate().filter(|(at, _)| Some(*at) != but).map(|(_, row)| Existing {
            number: row.link.id.to_string(),
            title: "年休假".to_owned(),
            lane: Lane::Leave,
            counts_rest_days: false,
            stored: row.link.stored,
            span: row.link.span,
            half_days: row.taken() as i64,
            back: row.back,
            parts: Vec::new(),
        });
        let others = others.collect::<Vec<_>>();
        let mut totals = self.totals();
        totals.held -= gives_back;
        let person = Person { started_work_on: day("2010-03-15"), category: Category::Judge };
        let facts = Facts {
            calendar: &self.calendar,
            applicant: Applicant { person, sex: None },
            existing: &others,
            lots: &[Lot { grant: grant(), totals }],
            taken: &BTreeMap::new(),
            exclusions: &BTreeMap::new(),
            today: self.today,
        };
        let check = check_request(Ask { leave_type: &self.leave_type, from, to, earlier: Earlier::default() }, facts);
        check.refusal().is_none().then_some((check.span?, check.counted))
    }

    fn submit(&mut self, from: HalfDay, half_days: usize, extends: Option<Uuid>) {
        let Some((span, counted)) = self.checked(from, half_days, None, 0) else { return };
        let id = Uuid::from_u128(self.rows.len() as u128 + 1);
        self.rows.push(Row {
            link: link(id.as_u128(), span, Stored::InApproval, extends),
            live: span.half_days().collect(),
            entries: ledger::on_submit(&taken(&counted)),
            counted: counted.into_iter().collect(),
            outcome: None,
            back: None,
        });
    }

    fn end(&mut self, which: usize, event: Event) {
        let Some(row) = self.rows.get_mut(which) else { return };
        let Ok(after) = row.link.stored.after(event) else { return };
        let counted = row.counted.iter().copied().collect::<Vec<_>>();
        row.link.stored = after;
        match after {
            Stored::Approved => row.entries.extend(ledger::on_approve(&taken(&counted))),
            Stored::SentBack => {}
            _ => {
                row.entries.extend(ledger::on_end(&taken(&counted)));
                row.live.clear();
                row.counted.clear();
            }
        }
    }

    fn resubmit(&mut self, which: usize, half_days: usize) {
        let Some(row) = self.rows.get(which).cloned() else { return };
        let Ok(after) = row.link.stored.after(Event::Resubmit) else { return };
        let from = row.link.span.from();
        let Some((span, counted)) = self.checked(from, half_days, Some(which), row.counted.len() as i64) else {
            return;
        };
        let given_back = ledger::on_end(&taken(row.counted.iter()));
        let row = &mut self.rows[which];
        row.entries.extend(given_back.into_iter().chain(ledger::on_submit(&taken(&counted))));
        row.link = Link { stored: after, span, ..row.link };
        row.live = span.half_days().collect();
        row.counted = counted.into_iter().collect();
    }

    fn report(&mut self, which: usize, half_days_ago: usize) {
        let Some(standing) = self.standing(which) else { return };
        if may_return(&standing, APPLICANT, self.today).is_err() {
            return;
        }
        let back = (0..half_days_ago).fold(HalfDay::pm(self.today), |at, _| at.previous());
        let series = self.series();
        let own = self.rows[which].link;
        let closing = closing(&series, own);
        let at = |link: &Link| series.iter().position(|other| other.id == link.id).expect("of the series");
        let counted = closing.iter().map(|link| self.rows[at(link)].counted.iter().copied().collect::<Vec<_>>());
        let counted = counted.collect::<Vec<_>>();
        let leaves = closing.iter().zip(&counted).map(|(link, counted)| Leave {
            stored: link.stored,
            leave_type: &self.leave_type,
            span: link.span,
            counted,
        });
        let Ok(plans) = report_return(&self.calendar, &leaves.collect::<Vec<_>>(), back, self.today) else { return };
        if let Some(undecided) = extension(&series, own.id) {
            self.end(at(&undecided), Event::Withdraw);
        }
        for (link, plan) in closing.iter().zip(plans) {
            let row = &mut self.rows[at(link)];
            row.link.stored = row.link.stored.after(Event::Return).expect("it was approved");
            row.entries.extend(ledger::on_return(&taken(&plan.refunded)));
            row.live.retain(|at| !plan.freed.contains(at));
            // Leave for an occasion is released without credit: it stays used.
            row.counted.retain(|at| !plan.refunded.contains(at));
            (row.outcome, row.back) = (Some(plan.outcome), Some(back));
        }
    }

    fn take_back(&mut self, which: usize) {
        let Some(standing) = self.standing(which) else { return };
        let Ok(after) = cancel(&standing, APPROVER, HalfDay::am(self.today)) else { return };
        // One that was sent back goes with it.
        if let Some(next) = extension(&self.series(), self.rows[which].link.id)
            && let Some(at) = self.rows.iter().position(|row| row.link.id == next.id)
        {
            self.end(at, Event::Withdraw);
        }
        let row = &mut self.rows[which];
        row.link.stored = after;
        row.entries.extend(ledger::on_cancel(&taken(row.counted.iter())));
        row.live.clear();
        row.counted.clear();
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Days(days) => self.today = self.today.plus(days),
            Step::Extend { which, half_days } => {
                let Some(standing) = self.standing(which) else { return };
                if let Ok(from) = extend(&standing, APPLICANT, self.today) {
                    self.submit(from, half_days, Some(self.rows[which].link.id));
                }
            }
            Step::Approve(which) => self.end(which, Event::Approve),
            Step::Refuse(which) => self.end(which, Event::Refuse),
            Step::SendBack(which) => self.end(which, Event::SendBack),
            Step::Withdraw(which) => self.end(which, Event::Withdraw),
            Step::Resubmit { which, half_days } => self.resubmit(which, half_days),
            Step::Cancel(which) => self.take_back(which),
            Step::Return { which, half_days_ago } => self.report(which, half_days_ago),
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let totals = self.totals();
        let of = |states: &[Stored]| {
            let rows = self.rows.iter().filter(|row| states.contains(&row.link.stored));
            rows.map(|row| row.counted.len() as i64).sum::<i64>()
        };
        prop_assert_eq!(totals.held, of(&[Stored::InApproval, Stored::SentBack]));
        prop_assert_eq!(totals.used, of(&[Stored::Approved, Stored::Returned]));
        prop_assert_eq!(totals.granted, totals.used + totals.held + totals.available());
        prop_assert!(totals.available() >= 0);
        for row in &self.rows {
            let sum = row.entries.iter().map(|entry| entry.half_days).sum::<i64>();
            prop_assert_eq!(-sum, row.counted.len() as i64, "{:?}", row.link);
            prop_assert_eq!(row.link.stored.is_live() || row.live.is_empty(), true, "{:?}", row.link);
            let was_away = |at: &&HalfDay| row.back.is_none_or(|back| **at < back);
            prop_assert_eq!(row.taken(), row.counted.iter().filter(was_away).count(), "{:?}", row.link);
            // Only leave that gives nothing back is used without having been taken.
            prop_assert!(row.counted.len() == row.taken() || !self.leave_type.may_split, "{:?}", row.link);
        }
        let all = self.rows.iter().flat_map(|row| &row.live).collect::<Vec<_>>();
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "no half day is taken twice");
        self.check_links()
    }

    fn check_links(&self) -> Result<(), TestCaseError> {
        let series = self.series();
        for link in &series {
            let extensions = series.iter().filter(|other| other.extends == Some(link.id) && other.stored.is_live());
            prop_assert!(extensions.count() <= 1);
            let Some(base) = series.iter().find(|other| Some(other.id) == link.extends) else { continue };
            if link.stored.is_live() {
                prop_assert!(matches!(base.stored, Stored::Approved | Stored::Returned), "{:?} {:?}", base, link);
                prop_assert_eq!(link.span.from(), base.span.to().next());
            }
            if link.stored == Stored::Returned {
                prop_assert_eq!(base.stored, Stored::Returned, "one return closes the series");
            }
            if base.stored == Stored::Returned {
                prop_assert!(link.stored == Stored::Returned || !link.stored.is_live(), "{:?} {:?}", base, link);
            }
        }
        // Somebody on leave can always come back: by one request of the series and no other.
        for which in 0..self.rows.len() {
            let standing = self.standing(which).expect("of the book");
            let offered =
                |standing: &Standing| actions(standing, APPLICANT, HalfDay::am(self.today)).contains(&Action::Return);
            if standing.stored == Stored::Approved && standing.whole.from().date <= self.today {
                let own = self.rows[which].link;
                let last = after(&series, own).take_while(|next| next.stored == Stored::Approved).last().unwrap_or(own);
                let last = Standing::of(&series, last, &self.calendar, 0);
                prop_assert!(offered(&last));
                prop_assert_eq!(offered(&standing), standing == last);
            }
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn whatever_happens_to_a_series_the_books_stay_right(
        may_split in any::<bool>(),
        steps in proptest::collection::vec(step(), 0..40),
    ) {
        let mut book = Book::new(may_split);
        book.check()?;
        for step in &steps {
            book.take(step);
            book.check()?;
        }
    }

    /// What becomes of an extension that is not granted changes nothing of the leave.
    #[test]
    fn an_extension_that_comes_to_nothing_leaves_the_leave_as_it_was(half_days in 1usize..9, how in 0usize..4) {
        let mut book = Book::new(true);
        book.take(&Step::Approve(0));
        let (before, standing) = (book.rows.clone(), book.standing(0));
        book.take(&Step::Extend { which: 0, half_days });
        prop_assume!(book.rows.len() == 2);
        match how {
            0 => book.take(&Step::Withdraw(1)),
            1 => book.take(&Step::Refuse(1)),
            2 => book.take(&Step::SendBack(1)),
            _ => {
                book.take(&Step::Approve(1));
                book.take(&Step::Cancel(1));
            }
        }
        if how == 2 {
            book.take(&Step::Withdraw(1));
        }
        prop_assert_eq!(book.standing(0), standing);
        prop_assert_eq!(format!("{:?}", book.rows[0]), format!("{:?}", before[0]));
        prop_assert_eq!(book.totals().available(), GRANTED - 5);
    }
}

fn extended() -> Book {
    let mut book = Book::new(true);
    for step in [Step::Approve(0), Step::Extend { which: 0, half_days: 3 }, Step::Approve(1)] {
        book.take(&step);
    }
    assert_eq!(book.rows.len(), 2);
    book
}

#[test]
fn an_extension_begins_where_the_leave_ends_and_one_return_closes_both() {
    // Monday to Wednesday morning, extended to Thursday.
    let mut book = extended();
    assert_eq!(book.rows[1].link.span.from(), HalfDay::pm(day("2026-06-10")));
    book.today = day("2026-06-11");
    let first = book.standing(0).expect("the first");
    assert_eq!(first.status(book.today), Status::OnLeave, "not due before the extension ends");
    assert_eq!(actions(&first, APPLICANT, HalfDay::am(book.today)), []);
    book.today = day("2026-06-12");
    book.take(&Step::Return { which: 1, half_days_ago: 1 });
    let outcomes = book.rows.iter().map(|row| row.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes, [Some(Outcome::OnTime), Some(Outcome::OnTime)]);
    assert_eq!(book.totals().used, 8);
}

#[test]
fn who_is_back_before_the_extension_begins_has_used_none_of_it() {
    let mut book = extended();
    book.today = day("2026-06-09");
    book.take(&Step::Return { which: 0, half_days_ago: 0 });
    assert_eq!(book.rows[0].link.stored, Stored::Approved, "the return belongs to the last leave");
    book.take(&Step::Return { which: 1, half_days_ago: 0 });
    let outcomes = book.rows.iter().map(|row| row.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes, [Some(Outcome::Early), Some(Outcome::Early)]);
    assert_eq!((book.totals().used, book.totals().available()), (3, GRANTED - 3));
}

#[test]
fn leave_for_an_occasion_that_was_cut_short_stays_used_and_was_not_taken() {
    let mut book = Book::new(false);
    book.take(&Step::Approve(0));
    book.today = day("2026-06-09");
    book.take(&Step::Return { which: 0, half_days_ago: 1 });
    let row = &book.rows[0];
    assert_eq!((row.outcome, row.taken(), row.counted.len()), (Some(Outcome::Early), 2, 5));
    assert_eq!((book.totals().used, book.totals().available()), (5, GRANTED - 5));
    // The days are free for another request all the same.
    book.submit(HalfDay::am(day("2026-06-10")), 1, None);
    assert_eq!(book.rows.len(), 2);
}

#[test]
fn only_the_last_leave_can_be_late() {
    let mut book = extended();
    book.today = day("2026-06-16");
    book.take(&Step::Return { which: 1, half_days_ago: 1 });
    let outcomes = book.rows.iter().map(|row| row.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes, [Some(Outcome::OnTime), Some(Outcome::Late)]);
}

#[test]
fn an_extension_is_asked_for_by_its_last_day_and_once() {
    let span = Span::days(day("2026-06-08"), day("2026-06-14")).expect("in order");
    let own = link(1, span, Stored::Approved, None);
    let calendar = WorkCalendar::builtin();
    let until = |workdays| Standing::of(&[own], own, &calendar, workdays).extend_until;
    assert_eq!(until(0), day("2026-06-14"), "its last day, a Sunday");
    assert_eq!(until(1), day("2026-06-12"), "the workday before");
    assert_eq!(until(6), day("2026-06-05"), "over the weekend before");
    let word = |date: &str, works| {
        let (date, reason) = (day(date), "检修".to_owned());
        CourtWord { date, half: None, works: Some(works), reason }
    };
    let closed = WorkCalendar::builtin().with_court([word("2026-06-12", false), word("2026-06-13", true)]);
    let until = |workdays| Standing::of(&[own], own, &closed, workdays).extend_until;
    assert_eq!((until(1), until(2)), (day("2026-06-13"), day("2026-06-11")), "as his own court works");
    let standing = Standing::alone(Stored::Approved, span);
    let last = day("2026-06-14");
    assert_eq!(extend(&standing, APPLICANT, last), Ok(HalfDay::am(day("2026-06-15"))));
    assert_eq!(extend(&standing, APPLICANT, last.next()), Err(Code::ExtendTooLate));
    assert_eq!(extend(&standing, APPROVER, last), Err(Code::NotAllowed));
    for stored in [Stored::InApproval, Stored::SentBack, Stored::Approved] {
        let taken = Standing { extension: Some(stored), ..standing };
        assert_eq!(extend(&taken, APPLICANT, last), Err(Code::AlreadyExtended), "{stored:?}");
    }
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::Approved) {
        assert_eq!(extend(&Standing { stored, ..standing }, APPLICANT, last), Err(Code::WrongState), "{stored:?}");
    }
}

#[test]
fn a_report_that_waits_is_judged_by_others_and_stops_everything_else() {
    let span = Span::days(day("2026-06-08"), day("2026-06-12")).expect("in order");
    let (today, reported) = (day("2026-06-10"), Standing { reported: true, ..Standing::alone(Stored::Approved, span) });
    assert_eq!(reported.status(today), Status::AwaitingReturn, "though days of it are left");
    assert_eq!(actions(&reported, APPLICANT, HalfDay::am(today)), []);
    assert_eq!(actions(&reported, APPROVER, HalfDay::am(today)), [Action::ConfirmReturn, Action::DisputeReturn]);
    let own = Viewer { is_applicant: true, ..APPROVER };
    assert_eq!(may_judge_return(&reported, own), Err(Code::NotAllowed), "nobody confirms his own return");
    let stranger = Viewer { may_confirm: false, ..APPROVER };
    assert_eq!(may_judge_return(&reported, stranger), Err(Code::NotAllowed));
    assert_eq!(may_judge_return(&Standing::alone(Stored::Approved, span), APPROVER), Err(Code::WrongState));
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::Approved) {
        assert_eq!(may_judge_return(&Standing { stored, ..reported }, APPROVER), Err(Code::WrongState), "{stored:?}");
    }
}

#[test]
fn what_needs_no_report_of_its_end_is_over_when_it_is_over() {
    let span = Span::days(day("2026-06-08"), day("2026-06-12")).expect("in order");
    let last = day("2026-06-12");
    for kind in [Kind::Absence, Kind::Present] {
        let waited = Standing { kind, ..Standing::alone(Stored::Approved, span) };
        assert_eq!(waited.status(last.next()), Status::AwaitingReturn, "{kind:?}");
        assert_eq!(actions(&waited, APPLICANT, HalfDay::am(last.next())), [Action::Return], "{kind:?}");
        let ends = Standing { needs_return: false, ..waited };
        assert_eq!((ends.status(last), may_return(&ends, APPLICANT, last)), (Status::OnLeave, Ok(())), "ended early");
        assert_eq!(ends.status(last.next()), Status::Returned, "{kind:?}");
        assert_eq!(actions(&ends, APPLICANT, HalfDay::am(last.next())), [], "{kind:?}");
    }
}

#[test]
fn leave_of_which_no_day_is_left_is_nothing_to_come_back_from() {
    let of = |from, to| Span::days(day(from), day(to)).expect("in order");
    let (calendar, after) = (WorkCalendar::builtin(), day("2026-06-20"));
    let status = |series: &[Link], own: Link| Standing::of(series, own, &calendar, 0).status(after);
    let leave = link(1, of("2026-06-08", "2026-06-10"), Stored::Approved, None);
    let none = Link { counts: false, ..leave };
    assert_eq!((status(&[leave], leave), status(&[none], none)), (Status::AwaitingReturn, Status::Returned));
    let standing = Standing::of(&[none], none, &calendar, 0);
    assert_eq!(actions(&standing, APPLICANT, HalfDay::am(after)), []);
    assert!(!standing.needs_return);
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::Approved) {
        let own = Link { stored, ..none };
        assert!(Standing::of(&[own], own, &calendar, 0).needs_return, "{stored:?}");
    }
    // One return closes a series: a day of any of it is enough.
    let more = link(2, of("2026-06-11", "2026-06-12"), Stored::Approved, Some(leave.id));
    let no_more = Link { counts: false, ..more };
    assert_eq!(status(&[leave, no_more], no_more), Status::AwaitingReturn);
    assert_eq!(status(&[none, more], more), Status::AwaitingReturn);
    assert_eq!(status(&[none, no_more], no_more), Status::Returned);
    let asked = Link { stored: Stored::InApproval, ..more };
    assert_eq!(status(&[none, asked], none), Status::Returned, "it is not granted");
    // All of it became 病假: he was away, and comes back from it.
    let sick = link(3, of("2026-06-08", "2026-06-10"), Stored::Approved, None);
    let sick = Link { kind: Kind::Converts(leave.id), ..sick };
    assert_eq!(status(&[none, sick], none), Status::AwaitingReturn);
}

#[test]
fn what_was_converted_is_closed_with_the_leave_of_which_it_was_a_part() {
    let of = |from, to| Span::days(day(from), day(to)).expect("in order");
    let leave = link(1, of("2026-06-08", "2026-06-12"), Stored::Approved, None);
    let sick = link(2, of("2026-06-09", "2026-06-10"), Stored::Approved, None);
    let sick = Link { kind: Kind::Converts(leave.id), ..sick };
    let series = [leave, sick];
    let standing = Standing::of(&series, sick, &WorkCalendar::builtin(), 0);
    assert_eq!(standing.status(day("2026-06-11")), Status::OnLeave, "he is away until the annual leave ends");
    assert_eq!(standing.status(day("2026-06-13")), Status::AwaitingReturn);
    for today in day("2026-06-01").through(day("2026-06-20")) {
        assert_eq!(
            actions(&standing, APPLICANT, HalfDay::am(today)),
            [],
            "{today}: the leave itself is reported back from"
        );
        assert_eq!(actions(&standing, APPROVER, HalfDay::am(today)), [], "{today}");
    }
    assert_eq!(converted(&series, &closing(&series, leave)), [sick]);
}
