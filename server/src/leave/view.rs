//! Requests as their viewers see them: a whole page with a fixed number of queries.

use std::collections::{BTreeSet, HashMap};

use app::account::rules::Permission;
use app::approval::api::{ChainStep, StepMode};
use app::approval::process::TaskState;
use app::calendar::rules::WorkCalendar;
use app::day::{Day, Timestamp};
use app::leave::api::{
    AbsenceRecord, Cancellation, Conversion, Dispute, Evidence, Extended, Extension, LeaveRequest, LeaveSettings,
    ReturnReport,
};
use app::leave::rules::absence::{Deed, holding, may_answer, may_lift, may_record};
use app::leave::rules::convert::may_ask;
use app::leave::rules::overdue::overdue_days;
use app::leave::rules::series::{self, Kind, Link, Standing};
use app::leave::rules::{Action, Outcome, Status, Stored, Viewer, actions, confirm_evidence, is_provisional};
use app::leave::stand_in::may_name;
use app::leave::types::{Catalogue, SICK};
use app::org::rules::{OfficerStatus, PostClass};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::store::half_day;
use super::{after, attachment, recount};
use crate::approval::{name_of, of_name};
use crate::calendar::of_officers;
use crate::entity::{absence_entry, approval_task, leave_request, officer, return_report};
use crate::error::Failure;
use crate::org::store::people;
use crate::session::Caller;
use crate::state::AppState;

/// Draws requests whole, with what a viewer may do to them, in the order given: a fixed number of queries. What of it he
/// sees, [`app::leave::sight`] says.
///
/// # Errors
/// The database fails.
pub async fn draw(
    connection: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<leave_request::Model>,
    viewer: &Caller,
) -> Result<Vec<LeaveRequest>, Failure> {
    let ids = || rows.iter().map(|row| row.id);
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.is_in(ids()))
        .filter(approval_task::Column::Shown.eq(true))
        .order_by_asc(approval_task::Column::Node)
        .order_by_asc(approval_task::Column::Seq)
        .all(connection);
    // What does not depend on each other is read side by side.
    let (tasks, mut recounts, members, settings, attached, reports, absences) = tokio::try_join!(
        tasks,
        recount::last(connection, ids().collect()),
        after::series::of(connection, &rows),
        after::settings::current(connection),
        attachment::store::counts(connection, ids()),
        after::report::of(connection, ids()),
        after::absence::of(connection, ids()),
    )?;
    let reference = state.reference.current(connection).await?;
    let links = after::series::links(&members);
    let explained = after::absence::explained(connection, &absences, rows.iter().map(|row| row.officer_id)).await?;
    let kept = if settings.convert_sickness {
        let candidates = rows.iter().filter(|row| after::convert::is_candidate(row, settings));
        after::convert::Kept::of(connection, candidates.map(|row| row.id)).await?
    } else {
        HashMap::new()
    };
    let named = rows
        .iter()
        .flat_map(|row| {
            [Some(row.officer_id), row.stand_in_id, row.cancelled_by, row.evidence_seen_by, row.submitted_by]
        })
        .flatten()
        .chain(tasks.iter().flat_map(|task| [Some(task.officer_id), task.decided_by]).flatten())
        .chain(reports.iter().filter_map(|report| report.judged_by))
        .chain(absences.iter().map(|entry| entry.made_by))
        .collect();
    let (officers, departments) = people(connection, named).await?;
    // Days are counted where somebody is away or due back: nobody's calendar matters for what is undecided or over.
    let out = rows.iter().filter(|row| row.state == Stored::Approved.as_str());
    let out = out.filter_map(|row| officers.get(&row.officer_id));
    let calendars = of_officers(connection, &state.secrets, &reference, out).await?;
    let known = Known {
        state,
        calendar: &reference.calendar,
        calendars: &calendars,
        officers: &officers,
        departments: &departments,
        tasks: &tasks,
        members: &members,
        links: &links,
        reports: &reports,
        attached: &attached,
        absences: &absences,
        explained: &explained,
        kept: &kept,
        catalogue: &reference.leave_types,
        settings,
    };
    let drawn = rows.into_iter().map(|row| {
        let recounted = recounts.remove(&row.id);
        LeaveRequest { recounted, ..known.request(row, viewer) }
    });
    Ok(drawn.collect())
}

/// What somebody is to a request.
///
/// # Errors
/// The database fails.
pub async fn viewer(
    connection: &impl ConnectionTrait,
    row: &leave_request::Model,
    viewer: &Caller,
) -> Result<Viewer, DbErr> {
    let tasks = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id))
        .filter(approval_task::Column::Shown.eq(true))
        .all(connection)
        .await?;
    let named = tasks.iter().filter_map(|task| task.decided_by).chain([row.officer_id]);
    let officers = officer::Entity::find().filter(officer::Column::Id.is_in(named)).all(connection).await?;
    let officers = officers.into_iter().map(|officer| (officer.id, officer)).collect();
    let settings = after::settings::current(connection).await?;
    Ok(as_viewer(row, &officers, tasks.iter(), viewer, settings))
}

/// `officers` holds the applicant and whoever has decided.
fn as_viewer<'t>(
    row: &leave_request::Model,
    officers: &HashMap<Uuid, officer::Model>,
    tasks: impl Iterator<Item = &'t approval_task::Model> + Clone,
    viewer: &Caller,
    settings: LeaveSettings,
) -> Viewer {
    let is_applicant = row.officer_id == viewer.id;
    let applicant = officers.get(&row.officer_id);
    let by = after::report::confirmation(row, settings);
    let may_confirm = after::report::may_confirm(by, viewer, applicant, tasks.clone());
    let reads_papers = applicant.is_some_and(|applicant| {
        viewer.may(Permission::ReadLeavePapers, applicant.court_id, Some(applicant.department_id))
    });
    let may_record = applicant.is_some_and(|applicant| {
        viewer.may(Permission::RecordAbsence, applicant.court_id, Some(applicant.department_id))
    });
    let is_submitter = row.submitted_by == Some(viewer.id);
    let is_of_hr = applicant.is_some_and(|applicant| {
        viewer.may(Permission::ConfirmReturn, applicant.court_id, Some(applicant.department_id))
    });
    let in_service =
        |id: Uuid| officers.get(&id).is_some_and(|officer| officer.status == OfficerStatus::InService.as_str());
    let approved = name_of(&TaskState::Approved);
    let approvers = tasks.clone().filter(|task| task.state == approved).filter_map(|task| task.decided_by);
    let approvers: Vec<Uuid> = approvers.collect();
    // Nobody follows where nobody has approved yet.
    let follows_approvers = is_of_hr && !approvers.is_empty() && !approvers.into_iter().any(in_service);
    let known = Viewer { is_applicant, is_submitter, may_confirm, reads_papers, may_record, ..Viewer::default() };
    let mut found = Viewer { follows_approvers, ..known };
    for task in tasks {
        found.has_open_task |=
            !is_applicant && !is_submitter && task.officer_id == viewer.id && task.state == name_of(&TaskState::Open);
        found.has_approved |= task.decided_by == Some(viewer.id) && task.state == approved;
    }
    found
}

/// What a page of requests is drawn from.
struct Known<'a> {
    state: &'a AppState,
    /// Everybody's.
    calendar: &'a WorkCalendar,
    /// The own ones of those whose days are counted.
    calendars: &'a HashMap<Uuid, WorkCalendar>,
    officers: &'a HashMap<Uuid, officer::Model>,
    departments: &'a HashMap<Uuid, String>,
    tasks: &'a [approval_task::Model],
    members: &'a [leave_request::Model],
    links: &'a [Link],
    reports: &'a [return_report::Model],
    attached: &'a HashMap<Uuid, attachment::store::Count>,
    absences: &'a [absence_entry::Model],
    explained: &'a HashMap<Uuid, BTreeSet<Day>>,
    kept: &'a HashMap<Uuid, after::convert::Kept>,
    catalogue: &'a Catalogue,
    settings: LeaveSettings,
}

impl Known<'_> {
    fn number_and_name(&self, id: Uuid) -> (String, String) {
        self.officers.get(&id).map(|row| (row.number.clone(), row.name.clone())).unwrap_or_default()
    }

    fn calendar(&self, officer: Uuid) -> &WorkCalendar {
        self.calendars.get(&officer).unwrap_or(self.calendar)
    }

    /// Where a request of an officer stands.
    fn standing(&self, officer: Uuid, link: &Link) -> Standing {
        let calendar = self.calendar(officer);
        Standing {
            reported: after::report::is_waiting(self.reports, link.id),
            ..Standing::of(self.links, *link, calendar, self.settings.extend_workdays_before)
        }
    }

    fn extended(&self, row: &leave_request::Model) -> Option<Extended> {
        let leave = self.members.iter().find(|other| Some(other.id) == row.extends_id)?;
        Some(Extended { id: leave.id, number: leave.number.clone() })
    }

    fn extension(&self, row: &leave_request::Model) -> Option<Extension> {
        let link = series::extension(self.links, row.id)?;
        let next = self.members.iter().find(|other| other.id == link.id)?;
        let standing = self.standing(row.officer_id, &link);
        Some(Extension {
            id: next.id,
            number: next.number.clone(),
            status: standing.status(self.state.today()),
            to: link.span.to(),
        })
    }

    fn report(&self, report: &return_report::Model) -> ReturnReport {
        let judged_by = report.judged_by.map(|id| self.number_and_name(id).1);
        let is_disputed = report.state == after::report::DISPUTED;
        let dispute = |day, at| Dispute {
            by: judged_by.clone().unwrap_or_default(),
            at: Timestamp::from_millis(at),
            back: half_day(day, report.disputed_half.as_deref().unwrap_or("am")),
            reason: report.reason.clone().unwrap_or_default(),
        };
        ReturnReport {
            back: half_day(report.back_day, &report.back_half),
            reported_at: Timestamp::from_millis(report.reported_at),
            note: Some(report.note.clone()),
            is_waiting: report.state == after::report::WAITING,
            disputed: report.disputed_day.zip(report.judged_at).map(|(day, at)| dispute(day, at)),
            confirmed_by: judged_by.filter(|_| !is_disputed),
            confirmed_at: report.judged_at.filter(|_| !is_disputed).map(Timestamp::from_millis),
        }
    }

    /// What is on record about his not being back.
    fn absence(&self, row: &leave_request::Model, standing: &Standing, log: &[Deed]) -> Option<AbsenceRecord> {
        let entries = self.absences.iter().filter(|entry| entry.request_id == row.id);
        let entries: Vec<_> =
            entries.map(|entry| after::absence::drawn(entry, self.number_and_name(entry.made_by).1)).collect();
        let open = holding(standing, log);
        let leave = self.explained.get(&row.officer_id).cloned().unwrap_or_default();
        let running = open.map(|open| open.running(self.calendar(row.officer_id), &leave, self.state.today()));
        let running = running.unwrap_or_default();
        (!entries.is_empty()).then_some(AbsenceRecord { since: open.map(|open| open.since), running, entries })
    }

    /// What else the viewer may do after the leave is approved.
    fn more_actions(
        &self,
        row: &leave_request::Model,
        standing: Standing,
        viewer: Viewer,
        log: &[Deed],
    ) -> Vec<Action> {
        let today = self.state.today();
        let may_convert = || {
            let kept = self.kept.get(&row.id)?;
            let sick = self.catalogue.find(&SICK.name).ok()?;
            let facts = after::convert::facts(row, standing, kept, self.links);
            may_ask(facts, viewer, self.settings.convert_sickness, sick, self.state.half_day()).ok()
        };
        let answer = super::stand_in::state_of(row);
        [
            (Action::RecordAbsence, may_record(&standing, viewer, log, today).is_ok()),
            (Action::LiftAbsence, may_lift(&standing, viewer, log).is_ok()),
            (Action::AnswerAbsence, may_answer(&standing, viewer, log).is_ok()),
            (Action::Convert, may_convert().is_some()),
            (Action::NameStandIn, viewer.is_applicant && may_name(standing.stored, standing.span, answer, today)),
        ]
        .into_iter()
        .filter_map(|(action, is_offered)| is_offered.then_some(action))
        .collect()
    }

    fn converts(&self, row: &leave_request::Model) -> Option<Extended> {
        let leave = self.members.iter().find(|other| Some(other.id) == row.converts_id)?;
        Some(Extended { id: leave.id, number: leave.number.clone() })
    }

    /// The 病假 in place of days of a leave that has not come to nothing, the earliest first.
    fn conversions(&self, row: &leave_request::Model) -> Vec<Conversion> {
        let live = self.links.iter().filter(|link| link.kind == Kind::Converts(row.id) && link.stored.is_live());
        let drawn = live.filter_map(|link| {
            let other = self.members.iter().find(|other| other.id == link.id)?;
            let status = self.standing(row.officer_id, link).status(self.state.today());
            let (from, to) = (link.span.from(), link.span.to());
            Some(Conversion { id: other.id, number: other.number.clone(), status, from, to })
        });
        let mut found: Vec<Conversion> = drawn.collect();
        found.sort_by_key(|one| (one.from, one.to));
        found
    }

    /// How long an officer's report is overdue, where one is asked for.
    fn overdue_days(&self, officer: Uuid, standing: &Standing) -> Option<i64> {
        let today = self.state.today();
        // What was converted is reported back from with the leave of which it was a part.
        let is_own = !matches!(standing.kind, Kind::Converts(_));
        let is_asked = standing.status(today) == Status::AwaitingReturn && !standing.reported && is_own;
        let days = overdue_days(self.calendar(officer), standing.whole.to().date, today);
        (is_asked && days > 0).then_some(days)
    }

    fn request(&self, row: leave_request::Model, viewer: &Caller) -> LeaveRequest {
        let today = self.state.today();
        let link = after::series::link(&row);
        let standing = self.standing(row.officer_id, &link);
        let span = link.span;
        let (extends, extension) = (self.extended(&row), self.extension(&row));
        let return_report = after::report::last(self.reports, row.id).map(|report| self.report(report));
        let own = self.tasks.iter().filter(|task| task.subject_id == row.id);
        let viewer = as_viewer(&row, self.officers, own.clone(), viewer, self.settings);
        let (officer, name) = self.number_and_name(row.officer_id);
        let department =
            self.officers.get(&row.officer_id).and_then(|found| self.departments.get(&found.department_id));
        let mut may = actions(&standing, viewer, self.state.half_day());
        let attached = self.attached.get(&row.id).copied().unwrap_or_default();
        let log = after::absence::log(self.absences, row.id);
        may.extend(self.more_actions(&row, standing, viewer, &log));
        let absence = self.absence(&row, &standing, &log);
        let (converts, conversions) = (self.converts(&row), self.conversions(&row));
        let owed = row.evidence_needed && row.evidence_seen_at.is_none();
        if confirm_evidence(standing.stored, owed, viewer).is_ok() {
            may.push(Action::ConfirmEvidence);
        }
        let evidence = row.evidence_needed.then(|| match row.evidence_seen_at.zip(row.evidence_seen_by) {
            Some((at, by)) => Evidence::Seen { by: self.number_and_name(by).1, at: Timestamp::from_millis(at) },
            None if attached.files > 0 => Evidence::Provided { at: Timestamp::from_millis(attached.newest) },
            None => Evidence::Owed,
        });
        let leave_type = self.catalogue.find(&row.leave_type).ok().filter(|_| standing.stored.is_counted_anew());
        let provisional = leave_type.is_some_and(|kind| is_provisional(self.calendar, kind, span));
        let lane = super::store::lane(&row);
        let stand_in_state = super::stand_in::state_of(&row);
        let stand_in = row.stand_in_id.map(|id| self.number_and_name(id));
        let (submitted_by, submitted_by_name) = row.submitted_by.map(|id| self.number_and_name(id)).unzip();
        LeaveRequest {
            id: row.id,
            number: row.number,
            officer,
            name,
            department: department.cloned().unwrap_or_default(),
            leave_type: Some(row.leave_type),
            from: span.from(),
            to: span.to(),
            half_days: row.half_days,
            minutes: row.minutes,
            lane,
            needs_return: standing.needs_return,
            reason: Some(row.reason),
            destination: Some(row.destination),
            stand_in: stand_in.as_ref().map(|(number, _)| number.clone()),
            stand_in_name: stand_in.map(|(_, name)| name),
            stand_in_state,
            stand_in_note: row.stand_in_note,
            contact: Some(row.contact),
            status: standing.status(today),
            version: row.version,
            submitted_at: Timestamp::from_millis(row.submitted_at),
            chain: self.chain(own),
            back: row.back_day.map(|day| half_day(day, row.back_half.as_deref().unwrap_or("am"))),
            returned_at: row.returned_at.map(Timestamp::from_millis),
            outcome: row.outcome.as_deref().and_then(Outcome::parse),
            cancelled: row.cancelled_at.zip(row.cancelled_by).map(|(at, by)| Cancellation {
                by: self.number_and_name(by).1,
                at: Timestamp::from_millis(at),
                reason: row.cancel_reason.unwrap_or_default(),
            }),
            evidence,
            attachments: Some(attached.files),
            actions: may,
            extends,
            extension,
            return_report,
            overdue_days: self.overdue_days(row.officer_id, &standing),
            absence,
            converts,
            conversions,
            submitted_by,
            submitted_by_name,
            recounted: None,
            provisional,
        }
    }

    /// The steps of a chain: tasks of one node have the same position.
    fn chain<'t>(&self, tasks: impl Iterator<Item = &'t approval_task::Model>) -> Vec<ChainStep> {
        let mut steps = Vec::new();
        let (mut position, mut node) = (0, None);
        for task in tasks {
            if node != Some(task.node) {
                (position, node) = (position + 1, Some(task.node));
            }
            steps.push(self.step(position, task));
        }
        steps
    }

    fn step(&self, position: i32, task: &approval_task::Model) -> ChainStep {
        let (officer, name) = self.number_and_name(task.officer_id);
        ChainStep {
            step: position,
            mode: of_name(&task.mode).unwrap_or(StepMode::Single),
            officer: Some(officer),
            name: Some(name),
            post_class: task.post_class.as_deref().and_then(PostClass::parse),
            post: task.post.clone(),
            stands_in_for: task.stands_in_for.clone(),
            state: of_name(&task.state).unwrap_or(TaskState::Void),
            comment: task.comment.clone(),
            decided_at: task.decided_at.map(Timestamp::from_millis),
        }
    }
}
