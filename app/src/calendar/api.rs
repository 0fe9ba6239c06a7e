//! The work calendar on the wire.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::own::HalfHolidays;
use super::paper::Paper;
use crate::account::rules::Permission;
use crate::api::{Access, ByOfficer};
use crate::day::{Day, Half, Timestamp};
use crate::endpoint;

/// The days to count, or to list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CountQuery {
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
}

/// How many days lie in a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// Days on which courts work.
    pub workdays: i64,
    /// All days.
    pub natural_days: i64,
    /// Whether a day of the stretch has no notice of the State Council yet, so that the count may change.
    pub provisional: bool,
}

/// What a day is for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DayClass {
    /// 工作日.
    Workday,
    /// 调休上班: a weekend day that is worked for a holiday.
    MakeUp,
    /// 周末.
    Weekend,
    /// A rest day that a notice moves beside a holiday.
    MovedRest,
    /// 法定节假日.
    Statutory,
}

/// What a half of a day is for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarHalf {
    /// Whether he works.
    pub works: bool,
    /// Why, in Chinese: 工作日, 周末, 春节（法定节假日）, 妇女节放假半天, 本院休息：停电检修.
    pub why: String,
}

/// A day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarDay {
    /// The day.
    pub date: Day,
    /// What it is for everybody.
    pub class: DayClass,
    /// The holiday that it belongs to, in Chinese, where it does.
    pub holiday: Option<String>,
    /// Whether no notice has said yet what it is.
    pub provisional: bool,
    /// The morning.
    pub am: CalendarHalf,
    /// The afternoon.
    pub pm: CalendarHalf,
}

/// Days of the calendar as they are for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarDays {
    /// The version of the calendar.
    pub version: u32,
    /// The days in order.
    pub days: Vec<CalendarDay>,
}

/// Something about a paper that somebody should look at. It never stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaperWarning {
    /// The code: `known_year`, `statutory_missing`, `listed_twice`, `makeup_on_weekday`, `unnamed`, `far_from_year`,
    /// `long_run`, `no_address`, `no_days`.
    pub code: String,
    /// What to look at, in Chinese.
    pub text: String,
}

/// A day that a paper makes something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayChange {
    /// The day.
    pub date: Day,
    /// What it was, in Chinese.
    pub before: String,
    /// What it becomes.
    pub after: String,
    /// Whether it was worked.
    pub worked_before: bool,
    /// Whether it will be worked.
    pub worked_after: bool,
}

/// Whether to store a paper or only to look at it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PaperQuery {
    /// Look only: store nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a paper does, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaperOutcome {
    /// Whether it was stored. A paper that says nothing new is not.
    pub applied: bool,
    /// The version of the calendar from now on.
    pub version: u32,
    /// The year that the paper is about.
    pub year: i32,
    /// What to look at.
    pub warnings: Vec<PaperWarning>,
    /// The days that become something else.
    pub changes: Vec<DayChange>,
    /// How many requests that are open or not over lie on a day that becomes a workday or ceases to be one.
    pub requests: i64,
}

/// A paper of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownPaper {
    /// The year that it is about.
    pub year: i32,
    /// Where it is published.
    pub papers: Vec<String>,
    /// How many days it gives off.
    pub days_off: i64,
    /// How many days it has worked instead.
    pub days_worked: i64,
    /// When it was brought in; null where it came with the product.
    pub at: Option<Timestamp>,
    /// The name of who brought it in; null where it came with the product or by the command line.
    pub by: Option<String>,
}

/// The papers of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Papers {
    /// The version of the calendar.
    pub version: u32,
    /// The papers, the latest first.
    pub items: Vec<KnownPaper>,
}

/// The half-day holidays as they are to be, and as whoever sets them saw them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetHalves {
    /// What he saw.
    pub seen: HalfHolidays,
    /// What they are to be.
    pub settings: HalfHolidays,
}

/// Which court's days.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CourtDayQuery {
    /// The court's id; the caller's own court when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub court: Option<Uuid>,
}

/// Has a court close or work on a day, or takes that back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewCourtDay {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The court.
    pub court_id: Uuid,
    /// The day.
    pub date: Day,
    /// Morning or afternoon; the whole day when absent.
    #[serde(default)]
    pub half: Option<Half>,
    /// Whether the court works; null takes back what it said before.
    #[serde(default)]
    pub works: Option<bool>,
    /// Why, for everybody to read; 1 to 50 characters.
    pub reason: String,
    /// Whether it holds for the courts below as well.
    #[serde(default)]
    pub inherited: bool,
}

/// What a court has said of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourtDay {
    /// Its id.
    pub id: Uuid,
    /// The court.
    pub court_id: Uuid,
    /// The court's name.
    pub court: String,
    /// The day.
    pub date: Day,
    /// Morning or afternoon; the whole day when absent.
    pub half: Option<Half>,
    /// Whether the court works; null takes back what it said before.
    pub works: Option<bool>,
    /// Why.
    pub reason: String,
    /// Whether it holds for the courts below as well.
    pub inherited: bool,
    /// When it was said.
    pub at: Timestamp,
    /// The name of who said it.
    pub by: String,
}

/// What a court has said, the latest first; of two words about one half day the later one holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourtDays {
    /// The words.
    pub items: Vec<CourtDay>,
}

/// Gives an officer a working week from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewWorkingWeek {
    /// An id made by the caller; a repeat answers as the first did.
    pub id: Uuid,
    /// The first day on which it holds.
    pub from: Day,
    /// Monday morning, Monday afternoon, and so on to Sunday afternoon: whether he works. At least one.
    pub halves: [bool; 14],
}

/// A working week of an officer's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownWorkingWeek {
    /// Its id.
    pub id: Uuid,
    /// The first day on which it holds.
    pub from: Day,
    /// Monday morning to Sunday afternoon: whether he works.
    pub halves: [bool; 14],
    /// When it was set.
    pub at: Timestamp,
    /// The name of who set it.
    pub by: String,
}

/// An officer's working weeks, the latest first; none means Monday to Friday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingWeeks {
    /// The weeks.
    pub items: Vec<KnownWorkingWeek>,
}

endpoint! {
    /// Counts the workdays and the natural days of a stretch.
    CountDays: Get "/calendar/count", "count_days", Access::Own;
    query: CountQuery;
    reply: DayCount;
    problems: InvertedSpan, SpanTooLong;
}
endpoint! {
    /// Lists days as they are for the caller: notices, his court, his working week, half-day holidays.
    ListCalendarDays: Get "/calendar/days", "list_calendar_days", Access::Own;
    query: CountQuery;
    reply: CalendarDays;
    offline: LastKnown;
    problems: InvertedSpan, SpanTooLong;
}
endpoint! {
    /// Lists the papers that the calendar is made of.
    ListPapers: Get "/calendar/papers", "list_papers", Access::May(Permission::ManageLeaveRules);
    reply: Papers;
}
endpoint! {
    /// Looks at a notice or brings it in. What looks wrong is warned of and never refused; requests that are open or not
    /// over are counted anew afterwards. A paper that says nothing new changes nothing.
    ImportPaper: Post "/calendar/papers", "import_paper", Access::May(Permission::ManageLeaveRules);
    query: PaperQuery;
    body: Paper;
    reply: PaperOutcome;
}
endpoint! {
    /// Shows when the half-day holidays of a part of the people are off.
    GetHalfHolidays: Get "/calendar/half-holidays", "get_half_holidays", Access::May(Permission::ManageLeaveRules);
    reply: HalfHolidays;
}
endpoint! {
    /// Sets when the half-day holidays of a part of the people are off.
    SetHalfHolidays: Put "/calendar/half-holidays", "set_half_holidays", Access::May(Permission::ManageLeaveRules);
    body: SetHalves;
    reply: HalfHolidays;
    problems: StaleVersion;
}
endpoint! {
    /// Lists what a court has said of its own days.
    ListCourtDays: Get "/calendar/court-days", "list_court_days", Access::May(Permission::ManageOrg);
    query: CourtDayQuery;
    reply: CourtDays;
    problems: NotFound;
}
endpoint! {
    /// Has a court close or work on a day, or takes that back. Requests are counted anew afterwards.
    CreateCourtDay: Post "/calendar/court-days", "create_court_day", Access::May(Permission::ManageOrg);
    body: NewCourtDay;
    reply: CourtDays;
    problems: NotFound, IdReused;
}
endpoint! {
    /// Lists an officer's working weeks.
    ListWorkingWeeks: Get "/officers/{officer}/working-weeks", "list_working_weeks", Access::Party;
    path: ByOfficer;
    reply: WorkingWeeks;
    problems: NotFound;
}
endpoint! {
    /// Gives an officer a working week from a day on; the weeks before stay as they were. Requests are counted anew
    /// afterwards, from today on.
    CreateWorkingWeek: Post "/officers/{officer}/working-weeks", "create_working_week",
        Access::May(Permission::ManageOrg);
    path: ByOfficer;
    body: NewWorkingWeek;
    reply: WorkingWeeks;
    problems: NotFound, IdReused;
}
