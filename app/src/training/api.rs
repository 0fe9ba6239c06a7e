//! Classes and lessons on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById, Page};
use crate::attendance::rules::Status;
use crate::day::{Day, Timestamp};
use crate::endpoint;
use crate::training::rules::Phase;

/// What the caller is in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A trainee on the list.
    Trainee,
    /// 班主任 or a training administrator: runs the class.
    Staff,
    /// Both: a class teacher who is on the list himself.
    Both,
}

/// A training class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Class {
    /// The class's id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// The court that runs it.
    pub organiser: String,
    /// Where.
    pub place: String,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The class teacher's 工号.
    pub teacher: String,
    /// The class teacher's name.
    pub teacher_name: String,
    /// How many trainees.
    pub trainees: i64,
    /// How many lessons.
    pub lessons: i64,
    /// What the caller is in it.
    pub part: Part,
}

/// Which classes are meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ClassQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 100; 20 when absent.
    pub limit: Option<u16>,
}

/// A lesson, as the caller sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lesson {
    /// The lesson's id.
    pub id: Uuid,
    /// The class's id.
    pub class_id: Uuid,
    /// The class's name.
    pub class_name: String,
    /// The title.
    pub title: String,
    /// Who teaches.
    pub lecturer: String,
    /// Where the lecturer is from.
    pub lecturer_unit: String,
    /// The room.
    pub room: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// When sign-in begins.
    pub sign_in_opens_at: Timestamp,
    /// From when on a sign-in is late.
    pub late_from: Timestamp,
    /// When sign-in is over.
    pub sign_in_closes_at: Timestamp,
    /// Credit in half hours (学时 x 2).
    pub credit_halves: i32,
    /// Where the lesson is on the server's clock.
    pub phase: Phase,
    /// When the rating ends.
    pub rating_closes_at: Timestamp,
    /// Whether the rating was closed or has run out.
    pub rating_closed: bool,
    /// What the caller is in the class.
    pub part: Part,
    /// The caller's own attendance; absent for staff who are not on the list.
    pub my_status: Option<Status>,
    /// When he signed in.
    pub my_at: Option<Timestamp>,
    /// Whether he has rated the lesson.
    pub my_rated: bool,
    /// Whether he can rate it now.
    pub can_rate: bool,
}

/// The lessons of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lessons {
    /// The class.
    pub class: Class,
    /// The lessons in the order of time.
    pub items: Vec<Lesson>,
}

endpoint! {
    /// Lists the classes that the caller attends or runs, the latest first.
    ListClasses: Get "/classes", "list_classes", Access::Own;
    query: ClassQuery;
    reply: Page<Class>;
    offline: LastKnown;
}
endpoint! {
    /// Shows a class.
    GetClass: Get "/classes/{id}", "get_class", Access::Party;
    path: ById;
    reply: Class;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Lists the lessons of a class.
    ListLessons: Get "/classes/{id}/lessons", "list_lessons", Access::Party;
    path: ById;
    reply: Lessons;
    offline: LastKnown;
    problems: NotFound;
}
endpoint! {
    /// Shows a lesson.
    GetLesson: Get "/lessons/{id}", "get_lesson", Access::Party;
    path: ById;
    reply: Lesson;
    offline: LastKnown;
    problems: NotFound;
}
