//! Queries about classes and lessons.

use std::collections::{HashMap, HashSet};
use std::fmt;

use app::account::rules::{Permission, Scope};
use app::day::{Day, Timestamp};
use app::training::api::Part;
use app::training::rules::LessonTimes;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::entity::{court, lesson, officer, trainee, training_class};
use crate::session::Caller;

/// Where a page of classes ends: the first day and the id of its last class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    from: Day,
    id: Uuid,
}

impl Cursor {
    /// The cursor behind this class.
    pub fn of(class: &training_class::Model) -> Self {
        Self { from: class.from_day.into(), id: class.id }
    }

    /// Reads what [`Cursor`] displays; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, id) = text.split_once('.')?;
        Some(Self { from: from.parse().ok()?, id: id.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.from, self.id.simple())
    }
}

/// What the caller is in a class; `None` when he has no part in it. `attends`: whether he is on its list.
pub fn part(caller: &Caller, class: &training_class::Model, attends: bool) -> Option<Part> {
    let runs = caller.may_for_class(Permission::RunLesson, class.id, class.court_id);
    match (attends, runs) {
        (true, true) => Some(Part::Both),
        (true, false) => Some(Part::Trainee),
        (false, true) => Some(Part::Staff),
        (false, false) => None,
    }
}

/// The times that a lesson is run by.
pub fn times(lesson: &lesson::Model, class: &training_class::Model) -> LessonTimes {
    LessonTimes {
        starts_at: Timestamp::from_millis(lesson.starts_at),
        ends_at: Timestamp::from_millis(lesson.ends_at),
        opens_before_minutes: class.opens_before_minutes,
        late_after_minutes: class.late_after_minutes,
        rating_closed_at: lesson.rating_closed_at.map(Timestamp::from_millis),
    }
}

/// The ids of the classes that an officer attends, as a subquery.
fn attended(officer: Uuid) -> SelectStatement {
    trainee::Entity::find()
        .filter(trainee::Column::OfficerId.eq(officer))
        .select_only()
        .column(trainee::Column::ClassId)
        .into_query()
}

/// The classes that the caller attends, teaches or runs by a role, the latest first.
///
/// # Errors
/// The database fails.
pub async fn classes_of(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<training_class::Model>, DbErr> {
    let mut mine = Condition::any()
        .add(training_class::Column::Id.in_subquery(attended(caller.id)))
        .add(training_class::Column::TeacherId.eq(caller.id));
    for grant in &caller.grants {
        if !grant.role.permissions().contains(&Permission::RunLesson) {
            continue;
        }
        mine = match &grant.scope {
            Scope::Province => mine.add(training_class::Column::Id.is_not_null()),
            Scope::Courts { ids } => mine.add(training_class::Column::CourtId.is_in(ids.iter().copied())),
            Scope::Classes { ids } => mine.add(training_class::Column::Id.is_in(ids.iter().copied())),
            Scope::Own | Scope::Departments { .. } => mine,
        };
    }
    let mut query = training_class::Entity::find().filter(mine);
    if let Some(Cursor { from, id }) = after {
        query = query.filter(
            Condition::any().add(training_class::Column::FromDay.lt(from.date())).add(
                Condition::all()
                    .add(training_class::Column::FromDay.eq(from.date()))
                    .add(training_class::Column::Id.lt(id)),
            ),
        );
    }
    query
        .order_by_desc(training_class::Column::FromDay)
        .order_by_desc(training_class::Column::Id)
        .limit(limit)
        .all(connection)
        .await
}

/// Classes by id.
///
/// # Errors
/// The database fails.
pub async fn classes(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<training_class::Model>, DbErr> {
    training_class::Entity::find().filter(training_class::Column::Id.is_in(ids.iter().copied())).all(connection).await
}

/// What is said about classes beside their own columns.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The names of the courts that run them.
    pub courts: HashMap<Uuid, String>,
    /// 工号 and name of their teachers.
    pub teachers: HashMap<Uuid, (String, String)>,
    /// How many trainees each has.
    pub trainees: HashMap<Uuid, i64>,
    /// How many lessons each has.
    pub lessons: HashMap<Uuid, i64>,
    /// Those that the officer attends.
    pub attends: HashSet<Uuid>,
}

/// Looks the details of classes up, in five queries however many classes there are.
///
/// # Errors
/// The database fails.
pub async fn details(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    classes: &[training_class::Model],
) -> Result<Details, DbErr> {
    let ids: Vec<Uuid> = classes.iter().map(|class| class.id).collect();
    if ids.is_empty() {
        return Ok(Details::default());
    }
    let courts: Vec<(Uuid, String)> = court::Entity::find()
        .filter(court::Column::Id.is_in(classes.iter().map(|class| class.court_id)))
        .select_only()
        .columns([court::Column::Id, court::Column::Name])
        .into_tuple()
        .all(connection)
        .await?;
    let teachers: Vec<(Uuid, String, String)> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(classes.iter().map(|class| class.teacher_id)))
        .select_only()
        .columns([officer::Column::Id, officer::Column::Number, officer::Column::Name])
        .into_tuple()
        .all(connection)
        .await?;
    let trainees: Vec<(Uuid, i64)> = trainee::Entity::find()
        .filter(trainee::Column::ClassId.is_in(ids.iter().copied()))
        .select_only()
        .column(trainee::Column::ClassId)
        .column_as(trainee::Column::OfficerId.count(), "count")
        .group_by(trainee::Column::ClassId)
        .into_tuple()
        .all(connection)
        .await?;
    let lessons: Vec<(Uuid, i64)> = lesson::Entity::find()
        .filter(lesson::Column::ClassId.is_in(ids.iter().copied()))
        .select_only()
        .column(lesson::Column::ClassId)
        .column_as(lesson::Column::Id.count(), "count")
        .group_by(lesson::Column::ClassId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(Details {
        courts: courts.into_iter().collect(),
        teachers: teachers.into_iter().map(|(id, number, name)| (id, (number, name))).collect(),
        trainees: trainees.into_iter().collect(),
        lessons: lessons.into_iter().collect(),
        attends: attends(connection, officer, &ids).await?,
    })
}

/// Which of the classes an officer attends.
///
/// # Errors
/// The database fails.
pub async fn attends(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    classes: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let ids: Vec<Uuid> = trainee::Entity::find()
        .filter(trainee::Column::OfficerId.eq(officer))
        .filter(trainee::Column::ClassId.is_in(classes.iter().copied()))
        .select_only()
        .column(trainee::Column::ClassId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// The lessons of a class in the order of time.
///
/// # Errors
/// The database fails.
pub async fn lessons_of(connection: &impl ConnectionTrait, class: Uuid) -> Result<Vec<lesson::Model>, DbErr> {
    lesson::Entity::find()
        .filter(lesson::Column::ClassId.eq(class))
        .order_by_asc(lesson::Column::StartsAt)
        .order_by_asc(lesson::Column::Position)
        .all(connection)
        .await
}

/// A lesson with its class.
///
/// # Errors
/// The database fails.
pub async fn lesson(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<(lesson::Model, training_class::Model)>, DbErr> {
    let Some(lesson) = lesson::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    let class = training_class::Entity::find_by_id(lesson.class_id).one(connection).await?;
    Ok(class.map(|class| (lesson, class)))
}

/// Which lessons of an officer are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mine {
    /// Those of the classes he attends.
    Attended,
    /// Those of the classes he attends or teaches.
    AttendedOrTaught,
}

/// The lessons of an officer that are not over before `from` and begin before `to`, in the order of time; at most 64.
///
/// # Errors
/// The database fails.
pub async fn lessons_between(
    connection: &impl ConnectionTrait,
    officer: Uuid,
    mine: Mine,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<lesson::Model>, DbErr> {
    let mut of_class = Condition::any().add(lesson::Column::ClassId.in_subquery(attended(officer)));
    if mine == Mine::AttendedOrTaught {
        let taught = training_class::Entity::find()
            .filter(training_class::Column::TeacherId.eq(officer))
            .select_only()
            .column(training_class::Column::Id)
            .into_query();
        of_class = of_class.add(lesson::Column::ClassId.in_subquery(taught));
    }
    lesson::Entity::find()
        .filter(of_class)
        .filter(lesson::Column::EndsAt.gt(from.millis()))
        .filter(lesson::Column::StartsAt.lt(to.millis()))
        .order_by_asc(lesson::Column::StartsAt)
        .limit(64)
        .all(connection)
        .await
}
