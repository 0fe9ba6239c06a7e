//! Queries about attendance and about leave that excuses from it.

use std::collections::{HashMap, HashSet};

use app::attendance::api::Counts;
use app::attendance::rules::Status;
use app::day::{Day, Half, HalfDay, Timestamp};
use app::leave::rules::Stored;
use app::leave::types::Lane;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Statement,
};
use uuid::Uuid;

use crate::entity::{attendance, leave_request, leave_slot};

/// The states of a request whose live half days are days off: decided, whether reported back or not.
const GRANTED: [Stored; 2] = [Stored::Approved, Stored::Returned];

/// The lessons among `lessons` that an officer signed in to: how, and when.
///
/// # Errors
/// The database fails.
pub async fn of_officer(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    lessons: &[Uuid],
) -> Result<HashMap<Uuid, (Status, Timestamp)>, DbErr> {
    let rows = attendance::Entity::find()
        .filter(attendance::Column::OfficerId.eq(officer))
        .filter(attendance::Column::LessonId.is_in(lessons.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.lesson_id, (Status::parse(&row.status)?, Timestamp::from_millis(row.at)))))
        .collect())
}

/// Which of the half days each of the officers is on approved leave.
///
/// # Errors
/// The database fails.
pub async fn leave_of(
    connection: &impl ConnectionTrait,
    officers: &[Uuid],
    halves: &[HalfDay],
) -> Result<HashSet<(Uuid, HalfDay)>, DbErr> {
    let granted = leave_request::Entity::find()
        .filter(leave_request::Column::State.is_in(GRANTED.map(Stored::as_str)))
        .filter(leave_request::Column::OfficerId.is_in(officers.iter().copied()))
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let rows = leave_slot::Entity::find()
        .filter(leave_slot::Column::OfficerId.is_in(officers.iter().copied()))
        .filter(leave_slot::Column::Day.is_in(halves.iter().map(|half| half.date.date())))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::Lane.eq(Lane::Leave.as_str()))
        .filter(leave_slot::Column::RequestId.in_subquery(granted))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let half = if row.half == half_name(Half::Am) { Half::Am } else { Half::Pm };
            (row.officer_id, HalfDay { date: Day::from(row.day), half })
        })
        .filter(|(_, half)| halves.contains(half))
        .collect())
}

/// The name of a half as stored.
fn half_name(half: Half) -> &'static str {
    match half {
        Half::Am => "am",
        Half::Pm => "pm",
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    trainees: i64,
    on_time: i64,
    late: i64,
    excused: i64,
}

/// On leave: a live half day of a granted request; who only reported to be out of town is missed. `$1` is the day, `$2`
/// the half.
const ON_LEAVE: &str = "EXISTS (SELECT 1 FROM leave_slot s JOIN leave_request r ON r.id = s.request_id \
     WHERE s.officer_id = t.officer_id AND s.day = $1 AND s.half = $2 AND s.live = TRUE \
     AND s.lane = 'leave' AND r.state IN ('approved', 'returned'))";

/// Counts the trainees of a class in a lesson, in one query. `half` is the half day that the lesson begins in; `over`
/// says whether those who are not there are absent or still missing.
///
/// # Errors
/// The database fails.
pub async fn counts(
    connection: &impl ConnectionTrait,
    lesson: Uuid,
    class: Uuid,
    half: HalfDay,
    over: bool,
) -> Result<Counts, DbErr> {
    let sql = format!(
        "SELECT COUNT(*) AS trainees, \
         COUNT(CASE WHEN a.status = 'on_time' THEN 1 END) AS on_time, \
         COUNT(CASE WHEN a.status = 'late' THEN 1 END) AS late, \
         COUNT(CASE WHEN a.status IS NULL AND {ON_LEAVE} THEN 1 END) AS excused \
         FROM trainee t LEFT JOIN attendance a ON a.lesson_id = $3 AND a.officer_id = t.officer_id \
         WHERE t.class_id = $4"
    );
    let values = [half.date.date().into(), half_name(half.half).into(), lesson.into(), class.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = CountRow::find_by_statement(statement).one(connection).await?;
    let row = row.unwrap_or(CountRow { trainees: 0, on_time: 0, late: 0, excused: 0 });
    let rest = row.trainees - row.on_time - row.late - row.excused;
    Ok(Counts {
        trainees: row.trainees,
        on_time: row.on_time,
        late: row.late,
        excused: row.excused,
        missing: if over { 0 } else { rest },
        absent: if over { rest } else { 0 },
    })
}

/// A trainee with his attendance of a lesson.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RosterRow {
    /// The 工号.
    pub number: String,
    /// The name.
    pub name: String,
    /// The court's name.
    pub court: String,
    /// The group in the class.
    pub group_name: String,
    /// How he signed in, if he did.
    pub status: Option<String>,
    /// When he signed in, in milliseconds.
    pub at: Option<i64>,
    /// The device that he signed in with, where it named itself.
    pub device: Option<String>,
    /// Whether he is on approved leave (0 or 1).
    pub on_leave: i32,
}

/// The trainees of a class with their attendance of a lesson, by 工号, in one query.
///
/// # Errors
/// The database fails.
pub async fn roster(
    connection: &impl ConnectionTrait,
    lesson: Uuid,
    class: Uuid,
    half: HalfDay,
) -> Result<Vec<RosterRow>, DbErr> {
    let sql = format!(
        "SELECT o.number, o.name, c.name AS court, t.group_name, a.status, a.at, a.device, \
         CASE WHEN {ON_LEAVE} THEN 1 ELSE 0 END AS on_leave \
         FROM trainee t JOIN officer o ON o.id = t.officer_id JOIN court c ON c.id = o.court_id \
         LEFT JOIN attendance a ON a.lesson_id = $3 AND a.officer_id = t.officer_id \
         WHERE t.class_id = $4 ORDER BY o.number"
    );
    let values = [half.date.date().into(), half_name(half.half).into(), lesson.into(), class.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    RosterRow::find_by_statement(statement).all(connection).await
}
