//! The calendar as it stands in the database: the built-in notices with the papers brought in, and for an officer what
//! his court and he have of their own.

use std::sync::{Arc, Mutex, PoisonError};

use app::calendar::own::{CourtWord, HalfHolidays, Person, WorkingWeek};
use app::calendar::paper::Paper;
use app::calendar::rules::WorkCalendar;
use app::day::{Day, Half};
use app::org::import::identity;
use app::org::rules::Sex;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::database::Transaction;
use crate::entity::{calendar_paper, calendar_state, court, court_day, officer, working_week};
use crate::error::Failure;
use crate::state::AppState;

/// The id of the only row of `calendar_state`.
const ONLY: i32 = 1;

/// The calendar of everybody as it was last read. Each use asks the database for its revision, so that a change by
/// another replica or by the command line holds at once; only a new revision reads the papers again.
#[derive(Clone, Debug)]
pub struct Calendars {
    builtin: Arc<WorkCalendar>,
    last: Arc<Mutex<(i32, WorkCalendar)>>,
}

impl Default for Calendars {
    fn default() -> Self {
        let builtin = WorkCalendar::builtin();
        Self { last: Arc::new(Mutex::new((0, builtin.clone()))), builtin: Arc::new(builtin) }
    }
}

/// The calendar of everybody, with what else its one row says.
#[derive(Clone, Debug)]
pub struct Current {
    /// The calendar.
    pub calendar: WorkCalendar,
    /// When the half-day holidays are off.
    pub half_holidays: HalfHolidays,
    /// The version up to which all requests are counted anew.
    pub recounted: i32,
}

impl Calendars {
    /// The calendar as this connection sees it.
    ///
    /// # Errors
    /// The database fails, or a stored paper cannot be read.
    pub async fn current(&self, connection: &impl ConnectionTrait) -> Result<Current, Failure> {
        let row = calendar_state::Entity::find_by_id(ONLY)
            .one(connection)
            .await?
            .ok_or_else(|| Failure::internal("calendar_state has no row"))?;
        let half_holidays = match &row.half_holidays {
            Some(text) => serde_json::from_str(text).map_err(Failure::internal)?,
            None => HalfHolidays::default(),
        };
        let calendar = self.of_revision(connection, row.revision).await?;
        Ok(Current { calendar, half_holidays, recounted: row.recounted })
    }

    async fn of_revision(&self, connection: &impl ConnectionTrait, revision: i32) -> Result<WorkCalendar, Failure> {
        if let Some(known) = self.known(revision) {
            return Ok(known);
        }
        let rows = calendar_paper::Entity::find()
            .filter(calendar_paper::Column::Revision.lte(revision))
            .order_by_asc(calendar_paper::Column::Revision)
            .all(connection)
            .await?;
        let papers = rows.iter().map(|row| serde_json::from_str::<Paper>(&row.content));
        let papers = papers.collect::<Result<Vec<_>, _>>().map_err(Failure::internal)?;
        let version = self.builtin.version() + u32::try_from(revision).unwrap_or(0);
        let calendar = (*self.builtin).clone().amended(papers).in_version(version);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // A transaction that began before the last change reads the past; the next one must not.
        if last.0 < revision {
            *last = (revision, calendar.clone());
        }
        Ok(calendar)
    }

    fn known(&self, revision: i32) -> Option<WorkCalendar> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        (last.0 == revision).then(|| last.1.clone())
    }
}

/// Keeps the calendar as it is until the transaction ends: what is counted by it now is found by the sweep after the
/// next change.
///
/// # Errors
/// The database fails.
pub async fn hold(tx: &Transaction) -> Result<(), DbErr> {
    calendar_state::Entity::find_by_id(ONLY).lock_shared().one(tx).await?;
    Ok(())
}

/// Locks the calendar for a change, and answers the revision of that change.
///
/// # Errors
/// The database fails.
pub(super) async fn lock(tx: &Transaction) -> Result<i32, Failure> {
    let row = calendar_state::Entity::find_by_id(ONLY).lock_exclusive().one(tx).await?;
    Ok(row.ok_or_else(|| Failure::internal("calendar_state has no row"))?.revision + 1)
}

/// Makes a change hold: the calendar is of this revision from the commit on.
///
/// # Errors
/// The database fails.
pub(super) async fn advance(tx: &Transaction, revision: i32) -> Result<(), DbErr> {
    set(tx, calendar_state::Column::Revision, Expr::value(revision)).await
}

/// Sets the half-day holidays.
///
/// # Errors
/// The database fails.
pub(super) async fn set_half_holidays(tx: &Transaction, text: String) -> Result<(), DbErr> {
    set(tx, calendar_state::Column::HalfHolidays, Expr::value(text)).await
}

/// Notes that every request is counted by this version of the calendar.
///
/// # Errors
/// The database fails.
pub async fn set_recounted(connection: &impl ConnectionTrait, version: i32) -> Result<(), DbErr> {
    calendar_state::Entity::update_many()
        .col_expr(calendar_state::Column::Recounted, Expr::value(version))
        .filter(calendar_state::Column::Recounted.lt(version))
        .exec(connection)
        .await?;
    Ok(())
}

async fn set(tx: &Transaction, column: calendar_state::Column, value: Expr) -> Result<(), DbErr> {
    calendar_state::Entity::update_many().col_expr(column, value).exec(tx).await?;
    Ok(())
}

/// The calendar of an officer: everybody's, with his courts' days, his working weeks and his half-day holidays.
///
/// The day of birth comes out of the sealed identity number here and goes no further: another column would keep in the
/// clear what the seal is there for.
///
/// # Errors
/// The database fails, or a stored row cannot be read.
pub async fn of_officer(
    connection: &impl ConnectionTrait,
    state: &AppState,
    current: &Current,
    officer: &officer::Model,
) -> Result<WorkCalendar, Failure> {
    let (weeks, words) = tokio::try_join!(weeks(connection, officer.id), words_for(connection, officer.court_id))?;
    let weeks = weeks.iter().map(week).collect::<Result<Vec<_>, _>>()?;
    let born_on = state.secrets.open(&officer.id_number).ok();
    let born_on = born_on.and_then(|number| identity::born_on(std::str::from_utf8(&number).ok()?));
    let person = Person { is_woman: officer.sex == Sex::Female.as_str(), born_on };
    let mut calendar = current.calendar.clone().for_officer(person, current.half_holidays, weeks);
    for (court, words) in words {
        let own = court == officer.court_id;
        calendar =
            calendar.with_court(words.into_iter().filter(|row| own || row.inherited || row.works.is_none()).map(word));
    }
    Ok(calendar)
}

/// An officer's working weeks, oldest first.
///
/// # Errors
/// The database fails.
pub(super) async fn weeks(connection: &impl ConnectionTrait, officer: Uuid) -> Result<Vec<working_week::Model>, DbErr> {
    working_week::Entity::find()
        .filter(working_week::Column::OfficerId.eq(officer))
        .order_by_asc(working_week::Column::Revision)
        .all(connection)
        .await
}

/// What courts have said for the officers of a court: by court, the farthest first, each oldest first.
async fn words_for(
    connection: &impl ConnectionTrait,
    court: Uuid,
) -> Result<Vec<(Uuid, Vec<court_day::Model>)>, DbErr> {
    let said = Condition::any()
        .add(court_day::Column::CourtId.eq(court))
        .add(court_day::Column::Inherited.eq(true))
        // What a court takes back is taken back for the courts below as well.
        .add(court_day::Column::Works.is_null());
    let rows = court_day::Entity::find().filter(said).order_by_asc(court_day::Column::Revision).all(connection).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let parents: Vec<(Uuid, Option<Uuid>)> = court::Entity::find()
        .select_only()
        .column(court::Column::Id)
        .column(court::Column::ParentId)
        .into_tuple()
        .all(connection)
        .await?;
    let parent = |id: &Uuid| parents.iter().find(|(court, _)| court == id)?.1;
    // As many steps as there are courts at most: a circle in the tree would be an error of an import.
    let lineage: Vec<Uuid> = std::iter::successors(Some(court), parent).take(parents.len()).collect();
    let of = |court: Uuid| (court, rows.iter().filter(|row| row.court_id == court).cloned().collect());
    Ok(lineage.into_iter().rev().map(of).collect())
}

fn word(row: court_day::Model) -> CourtWord {
    CourtWord { date: Day::from(row.day), half: row.half.as_deref().map(half), works: row.works, reason: row.reason }
}

/// A half as stored.
pub(super) fn half(name: &str) -> Half {
    if name == "pm" { Half::Pm } else { Half::Am }
}

/// A working week as stored.
pub(super) fn week(row: &working_week::Model) -> Result<WorkingWeek, Failure> {
    let halves: Vec<bool> = row.halves.chars().map(|half| half == '1').collect();
    let halves = halves.try_into().map_err(|_| Failure::internal("a stored week has not fourteen halves"))?;
    Ok(WorkingWeek { from: Day::from(row.from_day), halves })
}
