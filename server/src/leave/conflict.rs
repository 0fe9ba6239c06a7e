//! The facts that a leave is held against: docket, classes, duty, closed periods, who else of a group is away.

mod groups;

use std::collections::HashMap;

use app::calendar::rules::WorkCalendar;
use app::day::{Day, Span, Timestamp};
use app::leave::conflict::{Conflict, Facts, Hearing, Lesson, Period, PeriodKind, Settings, find};
use app::leave::stand_in::promises;
use app::leave::types::Lane;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use self::groups::Groups;
use crate::calendar;
use crate::entity::{hearing, leave_period, leave_period_officer, lesson, officer, trainee, training_class};
use crate::error::Failure;
use crate::leave::stand_in;
use crate::reference::Reference;
use crate::setting;
use crate::state::AppState;

pub(super) use groups::{away, lock_groups};

/// The setting that holds [`Settings`] as JSON.
pub(crate) const SETTING: &str = "leave_conflicts";

/// Which conflicts warn and which block in this installation.
///
/// # Errors
/// The database fails.
pub(crate) async fn settings(connection: &impl ConnectionTrait) -> Result<Settings, DbErr> {
    let stored = setting::get(connection, SETTING).await?;
    let read = |text: String| {
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::error!(%error, "the stored settings of conflicts cannot be read: the defaults hold");
            Settings::default()
        })
    };
    Ok(stored.map(read).unwrap_or_default())
}

/// What the leave of some officers could collide with.
pub(crate) struct Conflicts {
    /// By court: each guards the days that it works.
    calendars: HashMap<Uuid, WorkCalendar>,
    hearings: HashMap<Uuid, Vec<Hearing>>,
    lessons: HashMap<Uuid, Vec<Lesson>>,
    duties: HashMap<Uuid, Vec<Period>>,
    closed: Vec<leave_period::Model>,
    groups: Groups,
    /// For whom an applicant has agreed to stand in.
    promised: HashMap<Uuid, Vec<(String, Span)>>,
}

impl Conflicts {
    /// Reads the facts for applicants and the spans that they ask for: a fixed number of queries, whatever the number of
    /// applicants.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        state: &AppState,
        reference: &Reference,
        asks: &[(&officer::Model, Span)],
    ) -> Result<Self, Failure> {
        let first = asks.iter().map(|(_, span)| span.from().date).min();
        let last = asks.iter().map(|(_, span)| span.to().date).max();
        let days = first.zip(last).unwrap_or((state.today(), state.today()));
        let officers: Vec<Uuid> = asks.iter().map(|(officer, _)| officer.id).collect();
        let applicants = asks.iter().map(|(officer, _)| *officer);
        let (hearings, lessons, duties, closed, groups, promised) = tokio::try_join!(
            async { Ok::<_, Failure>(hearings(connection, &officers, days).await?) },
            async { Ok(lessons(connection, state, &officers, days).await?) },
            async { Ok(duties(connection, &officers, days).await?) },
            async { Ok(closed(connection, days).await?) },
            async { Ok(Groups::load(connection, reference, applicants, days).await?) },
            async { Ok(stand_in::agreed(connection, &officers, days).await?) },
        )?;
        let courts = asks.iter().map(|(officer, _)| officer.court_id);
        let calendars = courts.map(|court| (court, calendar::of_court(reference, court))).collect();
        Ok(Self { calendars, hearings, lessons, duties, closed, groups, promised })
    }

    /// What a request of an applicant over a span collides with.
    pub(crate) fn of(&self, applicant: &officer::Model, lane: Lane, span: Span) -> Vec<Conflict> {
        let mut periods = self.duties.get(&applicant.id).cloned().unwrap_or_default();
        let closed = self.closed.iter().filter(|row| {
            row.court_id.is_none_or(|court| court == applicant.court_id)
                && row.department_id.is_none_or(|department| department == applicant.department_id)
        });
        periods.extend(closed.map(|row| period(PeriodKind::Blackout, &row.title, row.from_day, row.to_day)));
        let groups = self.groups.of(applicant);
        let Some(calendar) = self.calendars.get(&applicant.court_id) else { return Vec::new() };
        let facts = Facts {
            calendar,
            hearings: self.hearings.get(&applicant.id).map_or(&[], Vec::as_slice),
            lessons: self.lessons.get(&applicant.id).map_or(&[], Vec::as_slice),
            periods: &periods,
            groups: &groups,
        };
        find(lane, span, facts)
    }

    /// For whom an applicant has agreed to stand in over these days, a sentence each: for himself, or for whoever reads
    /// his request (`name`). Only leave keeps him from it.
    pub(crate) fn promises(&self, applicant: Uuid, lane: Lane, span: Span, name: Option<&str>) -> Vec<String> {
        let promised = self.promised.get(&applicant).filter(|_| lane.is_absence());
        promised.map_or_else(Vec::new, |promised| promises(name, span, promised))
    }
}

fn period(kind: PeriodKind, title: &str, from: time::Date, to: time::Date) -> Period {
    Period { kind, title: title.to_owned(), from: from.into(), to: to.into() }
}

/// The hearings of officers between two days, in their order.
///
/// # Errors
/// The database fails.
pub(crate) async fn hearings(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    (first, last): (Day, Day),
) -> Result<HashMap<Uuid, Vec<Hearing>>, DbErr> {
    let rows = hearing::Entity::find()
        .filter(hearing::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(hearing::Column::Day.between(first.date(), last.date()))
        .order_by_asc(hearing::Column::Day)
        .order_by_asc(hearing::Column::StartsMinute)
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<Hearing>> = HashMap::new();
    for row in rows {
        let hearing = Hearing {
            case_number: row.case_number,
            day: row.day.into(),
            starts_minute: row.starts_minute,
            ends_minute: row.ends_minute,
        };
        found.entry(row.officer_id).or_default().push(hearing);
    }
    Ok(found)
}

async fn lessons(
    connection: &impl ConnectionTrait,
    state: &AppState,
    officers: &[Uuid],
    (first, last): (Day, Day),
) -> Result<HashMap<Uuid, Vec<Lesson>>, DbErr> {
    let zone = state.config.zone;
    let of_class =
        lesson::Entity::belongs_to(training_class::Entity).from(lesson::Column::ClassId).to(training_class::Column::Id);
    let enrolled =
        lesson::Entity::belongs_to(trainee::Entity).from(lesson::Column::ClassId).to(trainee::Column::ClassId);
    let rows: Vec<(Uuid, String, String, i64, i64)> = lesson::Entity::find()
        .join(JoinType::InnerJoin, of_class.into())
        .join(JoinType::InnerJoin, enrolled.into())
        .filter(trainee::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(lesson::Column::StartsAt.gte(zone.at(first, 0).millis()))
        .filter(lesson::Column::StartsAt.lt(zone.at(last.next(), 0).millis()))
        .order_by_asc(lesson::Column::StartsAt)
        .select_only()
        .column(trainee::Column::OfficerId)
        .column(training_class::Column::Name)
        .columns([lesson::Column::Title])
        .columns([lesson::Column::StartsAt, lesson::Column::EndsAt])
        .into_tuple()
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<Lesson>> = HashMap::new();
    for (officer, class, title, starts_at, ends_at) in rows {
        let [starts, ends] = [starts_at, ends_at].map(Timestamp::from_millis);
        let lesson = Lesson {
            class,
            title,
            day: zone.day(starts),
            starts_minute: zone.minute_of_day(starts),
            ends_minute: zone.minute_of_day(ends),
        };
        found.entry(officer).or_default().push(lesson);
    }
    Ok(found)
}

async fn duties(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    (first, last): (Day, Day),
) -> Result<HashMap<Uuid, Vec<Period>>, DbErr> {
    let who = leave_period::Entity::belongs_to(leave_period_officer::Entity)
        .from(leave_period::Column::Id)
        .to(leave_period_officer::Column::PeriodId);
    let rows: Vec<(Uuid, String, time::Date, time::Date)> = leave_period::Entity::find()
        .join(JoinType::InnerJoin, who.into())
        .filter(leave_period_officer::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(leave_period::Column::Kind.eq(PeriodKind::Duty.as_str()))
        .filter(leave_period::Column::ToDay.gte(first.date()))
        .filter(leave_period::Column::FromDay.lte(last.date()))
        .order_by_asc(leave_period::Column::FromDay)
        .order_by_asc(leave_period::Column::Title)
        .select_only()
        .column(leave_period_officer::Column::OfficerId)
        .columns([leave_period::Column::Title])
        .columns([leave_period::Column::FromDay, leave_period::Column::ToDay])
        .into_tuple()
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<Period>> = HashMap::new();
    for (officer, title, from, to) in rows {
        found.entry(officer).or_default().push(period(PeriodKind::Duty, &title, from, to));
    }
    Ok(found)
}

async fn closed(
    connection: &impl ConnectionTrait,
    (first, last): (Day, Day),
) -> Result<Vec<leave_period::Model>, DbErr> {
    leave_period::Entity::find()
        .filter(leave_period::Column::Kind.eq(PeriodKind::Blackout.as_str()))
        .filter(leave_period::Column::ToDay.gte(first.date()))
        .filter(leave_period::Column::FromDay.lte(last.date()))
        .order_by_asc(leave_period::Column::FromDay)
        .order_by_asc(leave_period::Column::Title)
        .all(connection)
        .await
}
