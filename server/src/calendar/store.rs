//! The calendar as it stands in the database: the built-in notices with the papers brought in, and for an officer what
//! his court and he have of their own.

use std::collections::HashMap;
use std::sync::LazyLock;

use app::calendar::own::{CourtWord, HalfHolidays, Person, WorkingWeek};
use app::calendar::paper::Paper;
use app::calendar::rules::WorkCalendar;
use app::day::{Day, Half};
use app::org::import::identity;
use app::org::rules::Sex;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::database::Transaction;
use crate::entity::{calendar_paper, calendar_state, court_day, officer, working_week};
use crate::error::Failure;
use crate::reference::Reference;
use crate::secrets::Secrets;

/// The id of the only row of `calendar_state`.
const ONLY: i32 = 1;

/// The notices that come with the program.
static BUILTIN: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::builtin);

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

impl Current {
    /// The calendar as this connection sees it.
    ///
    /// # Errors
    /// The database fails, or a stored paper cannot be read.
    pub(crate) async fn load(connection: &impl ConnectionTrait) -> Result<Self, Failure> {
        let row = calendar_state::Entity::find_by_id(ONLY)
            .one(connection)
            .await?
            .ok_or_else(|| Failure::internal("calendar_state has no row"))?;
        let half_holidays = match &row.half_holidays {
            Some(text) => serde_json::from_str(text).map_err(Failure::internal)?,
            None => HalfHolidays::default(),
        };
        let rows = calendar_paper::Entity::find()
            .filter(calendar_paper::Column::Revision.lte(row.revision))
            .order_by_asc(calendar_paper::Column::Revision)
            .all(connection)
            .await?;
        let papers = rows.iter().map(|row| serde_json::from_str::<Paper>(&row.content));
        let papers = papers.collect::<Result<Vec<_>, _>>().map_err(Failure::internal)?;
        let version = BUILTIN.version() + u32::try_from(row.revision).unwrap_or(0);
        let calendar = BUILTIN.clone().amended(papers).in_version(version);
        Ok(Self { calendar, half_holidays, recounted: row.recounted })
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
    secrets: &Secrets,
    reference: &Reference,
    officer: &officer::Model,
) -> Result<WorkCalendar, Failure> {
    let weeks = weeks(connection, officer.id).await?;
    assemble(secrets, reference, officer, &weeks)
}

/// The calendars of some officers, by their ids: one query, and none for nobody.
///
/// # Errors
/// The database fails, or a stored row cannot be read.
pub async fn of_officers<'o>(
    connection: &impl ConnectionTrait,
    secrets: &Secrets,
    reference: &Reference,
    officers: impl IntoIterator<Item = &'o officer::Model>,
) -> Result<HashMap<Uuid, WorkCalendar>, Failure> {
    let officers: HashMap<Uuid, &officer::Model> = officers.into_iter().map(|officer| (officer.id, officer)).collect();
    if officers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = working_week::Entity::find()
        .filter(working_week::Column::OfficerId.is_in(officers.keys().copied()))
        .order_by_asc(working_week::Column::Revision)
        .all(connection)
        .await?;
    let mut weeks: HashMap<Uuid, Vec<working_week::Model>> = HashMap::new();
    for row in rows {
        weeks.entry(row.officer_id).or_default().push(row);
    }
    let calendar = |(id, officer): (Uuid, &officer::Model)| {
        let weeks = weeks.get(&id).map(Vec::as_slice).unwrap_or_default();
        Ok((id, assemble(secrets, reference, officer, weeks)?))
    };
    officers.into_iter().map(calendar).collect()
}

/// An officer's calendar out of his working weeks, oldest first, and what is in memory.
fn assemble(
    secrets: &Secrets,
    reference: &Reference,
    officer: &officer::Model,
    weeks: &[working_week::Model],
) -> Result<WorkCalendar, Failure> {
    let weeks = weeks.iter().map(week).collect::<Result<Vec<_>, _>>()?;
    let born_on = secrets.open(&officer.id_number).ok();
    let born_on = born_on.and_then(|number| identity::born_on(std::str::from_utf8(&number).ok()?));
    let person = Person { is_woman: officer.sex == Sex::Female.as_str(), born_on };
    let calendar = reference.calendar.clone().for_officer(person, reference.half_holidays, weeks);
    Ok(with_courts(calendar, reference, officer.court_id))
}

/// The calendar of a court: everybody's, with the days that it or the courts above have said something of.
pub(crate) fn of_court(reference: &Reference, court: Uuid) -> WorkCalendar {
    with_courts(reference.calendar.clone(), reference, court)
}

fn with_courts(mut calendar: WorkCalendar, reference: &Reference, own_court: Uuid) -> WorkCalendar {
    // The farthest court first: the nearest has the last word.
    for court in reference.org.lineage(own_court).into_iter().rev() {
        let own = court == own_court;
        let said = reference.court_days.iter().filter(|row| row.court_id == court);
        // What a court takes back is taken back for the courts below as well.
        let holds = said.filter(|row| own || row.inherited || row.works.is_none());
        calendar = calendar.with_court(holds.cloned().map(word));
    }
    calendar
}

/// What courts have said of days, oldest first.
pub(crate) async fn court_days(connection: &impl ConnectionTrait) -> Result<Vec<court_day::Model>, DbErr> {
    court_day::Entity::find().order_by_asc(court_day::Column::Revision).all(connection).await
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
