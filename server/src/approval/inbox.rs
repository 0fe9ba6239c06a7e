//! What waits for an approver: a page of cards with a fixed number of queries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::approval::api::{Inbox, InboxQuery, Subject, Task};
use app::approval::process::TaskState;
use app::day::{Day, Timestamp};
use app::leave::entitlement::{Absences, History, exclusions};
use app::leave::grant::{Grant, Lot};
use app::leave::ledger::Totals;
use app::leave::rules::convert::{NO_CERTIFICATE, may_consent};
use app::leave::rules::{Stored, is_provisional, owed_papers};
use app::leave::stand_in::{StandInState, for_approver};
use app::leave::types::{LeaveType, PERSONAL, SICK};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::away::Away;
use super::delegation;
use super::search::Search;
use super::store::name_of;
use crate::entity::{
    approval_process, approval_task, leave_entry, leave_exemption, leave_grant, leave_request, officer,
};
use crate::error::Failure;
use crate::leave;
use crate::leave::conflict::Conflicts;
use crate::leave::stand_in::{self, Asked, Busy};
use crate::leave::store::{lane, remarks, span};
use crate::org::store::people;
use crate::state::AppState;

/// How many tasks a page has where nobody says.
const PAGE: u16 = 50;

/// The open tasks of an approver, his own and those of officers for whom he acts, the longest waiting first: a fixed
/// number of queries, whatever their number.
///
/// # Errors
/// The cursor cannot be read, or the database fails.
pub async fn inbox(state: &AppState, approver: Uuid, query: &InboxQuery) -> Result<Inbox, Failure> {
    let connection = state.database.read();
    let principals = delegation::acts_for(connection, state, approver, leave::FORM).await?;
    let mut open = approval_task::Entity::find()
        .filter(approval_task::Column::State.eq(name_of(&TaskState::Open)))
        .filter(for_whom(approver, &principals));
    if let Some(search) = Search::of(query.q.as_deref(), query.from, query.to) {
        let sought = search.among(&open, approval_task::Column::SubjectId, approval_task::Column::ApplicantId);
        open = open.filter(sought);
    }
    if let Some(subject) = query.subject {
        open = open.filter(approval_task::Column::SubjectId.eq(subject));
    }
    let total = i64::try_from(open.clone().count(connection).await?).unwrap_or(i64::MAX);
    if let Some(cursor) = &query.cursor {
        let (at, id) = position(cursor)?;
        let later = approval_task::Column::OpenedAt.gt(at);
        let same = approval_task::Column::OpenedAt.eq(at).and(approval_task::Column::Id.gt(id));
        open = open.filter(later.or(same));
    }
    let limit = usize::from(query.limit.unwrap_or(PAGE).clamp(1, 100));
    let mut rows = open
        .order_by_asc(approval_task::Column::OpenedAt)
        .order_by_asc(approval_task::Column::Id)
        .limit(limit as u64 + 1)
        .all(connection)
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.opened_at.unwrap_or_default(), row.id));
    Ok(Inbox { tasks: cards(connection, state, approver, rows).await?, total, next })
}

/// The approver's own tasks, and those of his principals that he may decide: not on his own request, nor one
/// that he submitted for another, not where only an
/// opinion is asked for, and not where he has a part in the node himself.
fn for_whom(approver: Uuid, principals: &[Uuid]) -> Condition {
    let own = approval_task::Column::OfficerId.eq(approver);
    if principals.is_empty() {
        return Condition::all().add(own);
    }
    let own_requests = Query::select()
        .column(approval_process::Column::SubjectId)
        .from(approval_process::Entity)
        .and_where(Expr::col(approval_process::Column::ApplicantId).eq(approver))
        .to_owned();
    let submitted = Query::select()
        .column(leave_request::Column::Id)
        .from(leave_request::Entity)
        .and_where(Expr::col(leave_request::Column::SubmittedBy).eq(approver))
        .to_owned();
    // The same question as the engine's: a task that was handed on is no part, a vote in somebody's place is one.
    let mine = |column: approval_task::Column| Expr::col(("mine", column));
    let is_in = |states: &[TaskState]| mine(approval_task::Column::State).is_in(states.iter().map(name_of));
    let votes = mine(approval_task::Column::OfficerId).eq(approver).and(is_in(&TaskState::PARTS));
    let voted = mine(approval_task::Column::DecidedBy).eq(approver).and(is_in(&TaskState::VOTED));
    let own_tasks = Query::select()
        .expr(Expr::cust("1"))
        .from_as(approval_task::Entity, "mine")
        .and_where(Expr::cust(
            "mine.subject_id = approval_task.subject_id AND mine.node = approval_task.node \
             AND mine.round = approval_task.round",
        ))
        .and_where(votes.or(voted))
        .to_owned();
    let theirs = Condition::all()
        .add(approval_task::Column::OfficerId.is_in(principals.iter().copied()))
        .add(approval_task::Column::OpinionOnly.eq(false))
        .add(approval_task::Column::SubjectId.not_in_subquery(own_requests))
        .add(approval_task::Column::SubjectId.not_in_subquery(submitted))
        .add(Expr::exists(own_tasks).not());
    Condition::any().add(own).add(theirs)
}

/// Where a page begins: an instant and an id.
pub(super) fn position(cursor: &str) -> Result<(i64, Uuid), Failure> {
    cursor
        .split_once('.')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))
        .ok_or_else(|| Failure::bad_input("cursor", "分页位置无效，请从第一页重新打开"))
}

/// What the cards of requests show of them.
pub(super) struct Subjects {
    pub(super) requests: HashMap<Uuid, leave_request::Model>,
    pub(super) officers: HashMap<Uuid, officer::Model>,
    departments: HashMap<Uuid, String>,
}

impl Subjects {
    /// Three queries.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        subjects: Vec<Uuid>,
        also: Vec<Uuid>,
    ) -> Result<Self, DbErr> {
        let requests =
            leave_request::Entity::find().filter(leave_request::Column::Id.is_in(subjects)).all(connection).await?;
        let named = requests.iter().flat_map(|row| [Some(row.officer_id), row.stand_in_id, row.submitted_by]);
        let named = named.flatten().chain(also).collect();
        let (officers, departments) = people(connection, named).await?;
        Ok(Self { requests: requests.into_iter().map(|row| (row.id, row)).collect(), officers, departments })
    }

    /// Whether a request was taken back after it was approved.
    pub(super) fn is_cancelled(&self, id: Uuid) -> bool {
        self.requests.get(&id).is_some_and(|request| request.state == Stored::Cancelled.as_str())
    }

    /// A request as a card, all of it.
    pub(super) fn subject(&self, id: Uuid) -> Option<Subject> {
        let request = self.requests.get(&id)?;
        let applicant = self.officers.get(&request.officer_id)?;
        let span = span(request);
        Some(Subject {
            subject_id: id,
            number: request.number.clone(),
            kind: leave::FORM.to_owned(),
            officer: applicant.number.clone(),
            name: applicant.name.clone(),
            department: self.departments.get(&applicant.department_id).cloned().unwrap_or_default(),
            leave_type: Some(request.leave_type.clone()),
            from: span.from(),
            to: span.to(),
            half_days: request.half_days,
            lane: lane(request),
            reason: request.reason.clone(),
            destination: request.destination.clone(),
            submitted_at: Timestamp::from_millis(request.submitted_at),
            submitted_by: request.submitted_by.and_then(|id| self.officers.get(&id)).map(|row| row.name.clone()),
        })
    }
}

/// The colleague who is to stand in for a request, where one is.
fn asked_of(request: &leave_request::Model) -> Option<Asked> {
    Some(Asked { request: Some(request.id), officer: request.stand_in_id?, span: span(request) })
}

async fn cards(
    connection: &impl ConnectionTrait,
    state: &AppState,
    approver: Uuid,
    rows: Vec<approval_task::Model>,
) -> Result<Vec<Task>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|task| task.subject_id).collect();
    let holders = rows.iter().map(|task| task.officer_id).collect();
    let subjects = Subjects::load(connection, ids.clone(), holders).await?;
    // Not the whole rows: the plan with all its people stands in them.
    let progress = approval_process::Entity::find()
        .filter(approval_process::Column::SubjectId.is_in(ids))
        .select_only()
        .columns([
            approval_process::Column::SubjectId,
            approval_process::Column::Decided,
            approval_process::Column::Nodes,
        ])
        .into_tuple::<(Uuid, i32, i32)>()
        .all(connection);
    let asks = subjects.requests.values();
    let asks: Vec<_> = asks.filter_map(|row| Some((subjects.officers.get(&row.officer_id)?, span(row)))).collect();
    let asked: Vec<Asked> = subjects.requests.values().filter_map(asked_of).collect();
    let reference = state.reference.current(connection).await?;
    let today = state.today();
    // What does not depend on each other is read side by side.
    let (progress, left, away, conflicts, busy, attached) = tokio::try_join!(
        async { Ok::<_, Failure>(progress.await?) },
        async { Ok(Left::load(connection, &subjects).await?) },
        async { Ok(Away::load(connection, &subjects).await?) },
        Conflicts::load(connection, state, &reference, &asks),
        async { Ok(Busy::load(connection, &asked).await?) },
        async { Ok(leave::attachment::store::counts(connection, subjects.requests.keys().copied()).await?) },
    )?;
    let progress: HashMap<Uuid, (i32, i32)> =
        progress.into_iter().map(|(subject, decided, nodes)| (subject, (decided, nodes))).collect();
    let card = |task: approval_task::Model| {
        let request = subjects.requests.get(&task.subject_id)?;
        let span = span(request);
        let leave_type = reference.leave_types.find(&request.leave_type).ok();
        let (decided, nodes) = progress.get(&task.subject_id).copied().unwrap_or((0, 1));
        let applicant = subjects.officers.get(&request.officer_id)?;
        // Who else is away matters where this one would be, too.
        let lane = lane(request);
        let (also_away, also_away_count) =
            if lane.is_absence() { away.beside(applicant, span) } else { (Vec::new(), 0) };
        let promises = conflicts.promises(applicant.id, lane, span, Some(&applicant.name));
        let found = conflicts.of(applicant, lane, span).into_iter().map(|conflict| conflict.text);
        let mut conflicts: Vec<String> = found.chain(promises).collect();
        let attached = attached.get(&task.subject_id).map_or(0, |count| count.files);
        conflicts.extend(remarks(request));
        let is_seen = request.evidence_seen_at.is_some();
        if request.converts_id.is_some() {
            conflicts.extend(may_consent(is_seen, attached).is_err().then(|| NO_CERTIFICATE.to_owned()));
        } else if request.evidence_needed && !is_seen {
            conflicts.push(owed_papers(attached).to_owned());
        }
        if let Some(asked) = asked_of(request) {
            let name = subjects.officers.get(&asked.officer).map_or("", |row| row.name.as_str());
            let answer = stand_in::state_of(request).unwrap_or(StandInState::Open);
            let note = request.stand_in_note.as_deref().unwrap_or_default();
            let is_first = reference.accepting_first.contains(&applicant.court_id);
            conflicts.extend(for_approver(name, answer, note, decided + 1 >= nodes, is_first));
            conflicts.extend(busy.of(asked, name).into_iter().map(|warning| warning.text));
        }
        let holder = subjects.officers.get(&task.officer_id).map(|row| row.name.clone());
        Some(Task {
            id: task.id,
            version: task.version,
            subject: subjects.subject(task.subject_id)?,
            // The request holds its half days already, so what is left now is what is left after it.
            available_after: leave_type
                .filter(|kind| kind.has_balance())
                .map(|kind| left.of(applicant, kind, span.from().date, today)),
            also_away,
            also_away_count,
            conflicts,
            provisional: leave_type.is_some_and(|kind| is_provisional(&reference.calendar, kind, span)),
            attachments: attached,
            node: task.title,
            step: decided + 1,
            steps: nodes,
            opened_at: Timestamp::from_millis(task.opened_at.unwrap_or(request.submitted_at)),
            acting_for: holder.filter(|_| task.officer_id != approver),
            opinion_only: task.opinion_only,
        })
    };
    Ok(rows.into_iter().filter_map(card).collect())
}

/// What the ledger says of the applicants of some requests, as far as it bears on what these leave them.
#[derive(Default)]
struct Left {
    lots: HashMap<(Uuid, String), Vec<Lot>>,
    absences: HashMap<Uuid, BTreeMap<i32, Absences>>,
    exempt: HashMap<Uuid, BTreeSet<i32>>,
}

/// What the entries of an officer come to, of one type and year and of one grant where they name one: the officer, the
/// type, the year, the grant, what is left, what was used.
type LeftRow = (Uuid, String, i32, Option<Uuid>, i64, i64);

impl Left {
    /// Three queries, over the years in which the requests begin, with the ones before: those can cost the leave of the next.
    /// Grants last for longer, and count with all that was ever drawn on them. Joined, their windows and the years of the
    /// entries would be a condition that no index of PostgreSQL serves.
    async fn load(connection: &impl ConnectionTrait, subjects: &Subjects) -> Result<Self, DbErr> {
        use leave_entry::Column;
        let years = subjects.requests.values().map(|row| row.from_day.year());
        let Some((first, last)) = years.clone().min().map(|year| year - 1).zip(years.max()) else {
            return Ok(Self::default());
        };
        let Some(begin) = Day::new(first, 1, 1) else { return Ok(Self::default()) };
        let officers = || subjects.requests.values().map(|row| row.officer_id);
        let grants = leave_grant::Entity::find()
            .filter(leave_grant::Column::OfficerId.is_in(officers()))
            .filter(leave_grant::Column::ValidUntil.gte(begin.date()))
            .filter(leave_grant::Column::Year.lte(last));
        let exempt = leave_exemption::Entity::find()
            .filter(leave_exemption::Column::OfficerId.is_in(officers()))
            .filter(leave_exemption::Column::Year.gte(first))
            .filter(leave_exemption::Column::Exempt.eq(true));
        let (grants, exempt) = tokio::try_join!(grants.all(connection), exempt.all(connection))?;
        let grants: HashMap<Uuid, Grant> =
            grants.iter().filter_map(|row| Some((row.id, leave::account::grant(row)?))).collect();
        // No entry of a grant is of a year before it.
        let first = grants.values().map(|grant| grant.year).fold(first, Ord::min);
        let used = "CAST(SUM(CASE WHEN kind IN ('commit', 'refund') THEN -half_days ELSE 0 END) AS BIGINT)";
        let rows: Vec<LeftRow> = leave_entry::Entity::find()
            .filter(Column::OfficerId.is_in(officers()))
            .filter(Column::Year.between(first, last))
            .select_only()
            .columns([Column::OfficerId, Column::LeaveType, Column::Year, Column::GrantId])
            .column_as(Expr::cust("CAST(SUM(half_days) AS BIGINT)"), "left")
            .column_as(Expr::cust(used), "used")
            .group_by(Column::OfficerId)
            .group_by(Column::LeaveType)
            .group_by(Column::Year)
            .group_by(Column::GrantId)
            .into_tuple()
            .all(connection)
            .await?;
        let mut found = Self::default();
        for row in exempt {
            found.exempt.entry(row.officer_id).or_default().insert(row.year);
        }
        for row in rows {
            found.add(row, &grants);
        }
        Ok(found)
    }

    fn add(&mut self, row: LeftRow, grants: &HashMap<Uuid, Grant>) {
        let (officer, leave_type, year, grant, left, used) = row;
        if leave_type == PERSONAL.name {
            self.absences.entry(officer).or_default().entry(year).or_default().personal += used;
        } else if leave_type == SICK.name {
            self.absences.entry(officer).or_default().entry(year).or_default().sick += used;
        }
        let Some(grant) = grant.and_then(|id| grants.get(&id)).copied() else { return };
        let totals = Totals { granted: left + used, used, ..Totals::default() };
        let lots = self.lots.entry((officer, leave_type)).or_default();
        match lots.iter_mut().find(|lot| lot.grant.id == grant.id) {
            Some(lot) => lot.totals = [lot.totals, totals].into_iter().sum(),
            None => lots.push(Lot { grant, totals }),
        }
    }

    /// What is left of a type in the grants that are open on the day on which a request begins, as its applicant reads it
    /// himself: a year that gives none has nothing left.
    fn of(&self, applicant: &officer::Model, leave_type: &LeaveType, begins: Day, today: Day) -> i64 {
        let lots = self.lots.get(&(applicant.id, leave_type.name.clone())).map(Vec::as_slice).unwrap_or_default();
        let mut used: BTreeMap<i32, i64> = BTreeMap::new();
        for lot in lots.iter().filter(|lot| lot.grant.source.is_own()) {
            *used.entry(lot.grant.year).or_default() += lot.totals.used;
        }
        let absences = self.absences.get(&applicant.id).cloned().unwrap_or_default();
        let exempt = self.exempt.get(&applicant.id).cloned().unwrap_or_default();
        let history = History { absences, used, exempt };
        let (person, year) = (leave::account::person(applicant), begins.year());
        let lost = exclusions(&leave_type.grant, person, year..=year, Ord::max(today, begins), &history);
        Lot::open_on(&Lot::without_lost(lots, &lost), begins).available()
    }
}
