//! Courts, departments, officers and imports on the wire.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::api::{Access, ById, ByOfficer, Page, Permission};
use crate::day::{Day, Timestamp};
use crate::endpoint;
use crate::org::rules::{Category, CourtLevel, OfficerStatus, PostClass};

/// A court in the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Court {
    /// The court's id.
    pub id: Uuid,
    /// The full name.
    pub name: String,
    /// 高级, 中级 or 基层.
    pub level: CourtLevel,
    /// The court above; none at the top.
    pub parent_id: Option<Uuid>,
    /// How many officers in service it has.
    pub officers: i64,
}

/// The courts, a parent before its children.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Courts {
    /// The courts.
    pub items: Vec<Court>,
}

/// A department of a court.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Department {
    /// The department's id.
    pub id: Uuid,
    /// The court's id.
    pub court_id: Uuid,
    /// The name.
    pub name: String,
    /// The 工号 of the court leader who oversees it, once HR has set one.
    pub overseer: Option<String>,
    /// That leader's name.
    pub overseer_name: Option<String>,
    /// Whether only court leaders are in service in it, so that nobody has to oversee it.
    pub leaders_only: bool,
}

/// The departments of a court.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Departments {
    /// The departments in the order of the roster.
    pub items: Vec<Department>,
    /// The court leaders who can oversee one.
    pub leaders: Vec<OfficerItem>,
}

/// Which court is meant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CourtQuery {
    /// The court's id; the caller's own court when absent.
    pub court: Option<Uuid>,
}

/// An officer in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficerItem {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The court's name.
    pub court: String,
    /// The department's name.
    pub department: String,
    /// The post's name, where he holds one.
    pub post: Option<String>,
    /// The class of post.
    pub post_class: PostClass,
    /// The personnel category.
    pub category: Category,
    /// In service or retired.
    pub status: OfficerStatus,
    /// The phone number, masked: `138****0001`.
    pub phone: Option<String>,
    /// Whether the account has a password of its own.
    pub active: bool,
}

/// Which colleagues are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ColleagueQuery {
    /// A part of the name, the initials of its pinyin, or the 工号.
    pub q: String,
}

/// Colleagues who can be named in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleagues {
    /// Those who fit best, at most 20, all of them in service.
    pub items: Vec<Colleague>,
}

/// A colleague, as far as everybody may know him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department: String,
    /// The court's name.
    pub court: String,
    /// The post's name, where he holds one.
    pub post: Option<String>,
    /// Whether he is not at work now (不在岗).
    pub away: bool,
}

/// One officer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfficerDetail {
    /// As in a list.
    #[serde(flatten)]
    pub item: OfficerItem,
    /// 职级.
    pub rank: Option<String>,
    /// The identity number, masked.
    pub id_number: String,
    /// 参加工作时间.
    pub started_work_on: Day,
    /// 进入本院时间.
    pub joined_court_on: Option<Day>,
}

/// Which officers are meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OfficerQuery {
    /// The court's id; all courts that the caller may see when absent.
    pub court: Option<Uuid>,
    /// Part of the name, or the beginning of the 工号.
    pub q: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// At most so many items, 1 to 200; 50 when absent.
    pub limit: Option<u16>,
}

/// Sets which departments a court leader oversees; replaces what was set before.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetOversight {
    /// The 工号 of the leader.
    pub officer: String,
    /// The ids of all the departments that he oversees.
    pub departments: Vec<Uuid>,
}

/// A post that nobody holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vacancy {
    /// The court's name.
    pub court: String,
    /// The department's name; absent for the president of the court.
    pub department: Option<String>,
    /// The class of post that nobody holds.
    pub post_class: PostClass,
    /// Who decides in its place until it is filled, in words.
    pub fallback: String,
}

/// The posts that nobody holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vacancies {
    /// The vacancies by court.
    pub items: Vec<Vacancy>,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// 干警花名册 with the court tree, xlsx.
    Roster,
    /// A training class with lessons and trainees, xlsx.
    Training,
    /// The court docket, CSV.
    Hearings,
    /// Annual leave left, CSV.
    Balances,
}

impl ImportKind {
    /// The kind's name on the wire and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Training => "training",
            Self::Hearings => "hearings",
            Self::Balances => "balances",
        }
    }
}

/// Which import is meant.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct ImportPath {
    /// `roster`, `training`, `hearings` or `balances`.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub kind: ImportKind,
}

/// Whether the import only looks.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ImportQuery {
    /// `true`: read and report, store nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Hearings: cancels those of `elsewhere`, of which the caller saw so many. They stay when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_elsewhere: Option<u32>,
    /// Hearings: cancels those of `missing`, of which the caller saw so many. They stay when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_missing: Option<u32>,
}

/// A row that stayed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// The row as Excel counts it; the header is row 1.
    pub row: u32,
    /// The column's heading; absent where the row as a whole is at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why, in Chinese.
    pub why: String,
}

/// A row that was put right on the way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NormalisedRow {
    /// The row as Excel counts it.
    pub row: u32,
    /// What was put right, in Chinese.
    pub what: String,
}

/// A hearing that is stored, is still ahead, and is not in a docket that comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocketHearing {
    /// 案号.
    pub case_number: String,
    /// The judge's 工号.
    pub officer: String,
    /// The judge's name.
    pub name: String,
    /// The day.
    pub day: Day,
    /// When it begins, in minutes after midnight.
    pub starts_minute: i32,
}

/// What an import of one kind did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Rows below the header.
    pub rows: u32,
    /// Rows that are good.
    pub accepted: u32,
    /// What changed (or would change): rows, and hearings that are cancelled; 0 when the same file comes again.
    pub changed: u32,
    /// Rows that stayed out.
    pub rejected: Vec<RejectedRow>,
    /// Rows that were put right.
    pub normalised: Vec<NormalisedRow>,
    /// Roster: how many courts the tree has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courts: Option<u32>,
    /// Roster: officers that an earlier file had and this one has not; they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Vec<String>>,
    /// Training: how many lessons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lessons: Option<u32>,
    /// Training: how many trainees were accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trainees: Option<u32>,
    /// Training: trainee rows that stayed out; the same as `rejected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected_rows: Option<Vec<RejectedRow>>,
    /// Hearings that are cancelled: the file has moved their cases to another time, or the caller said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancelled: Vec<DocketHearing>,
    /// Hearings that stay, of cases of the file on days that it does not reach to: moved, or one of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<DocketHearing>,
    /// Hearings that stay, within the days and the departments of the file, which has nothing of their cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<DocketHearing>,
}

/// The report of an import: `{kind: counts}`.
pub type ImportReport = BTreeMap<String, ImportCounts>;

/// An import that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRun {
    /// The run's id, for the download of its report.
    pub id: Uuid,
    /// What was imported.
    pub kind: ImportKind,
    /// When.
    pub at: Timestamp,
    /// Whether it only looked.
    pub dry_run: bool,
    /// What it found.
    pub report: ImportReport,
}

/// A file as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Binary))]
pub struct File(pub Vec<u8>);

endpoint! {
    /// Lists the courts of the tree.
    ListCourts: Get "/courts", "list_courts", Access::Own;
    reply: Courts;
    offline: LastKnown;
}
endpoint! {
    /// Lists the departments of a court with who oversees them.
    ListDepartments: Get "/departments", "list_departments", Access::May(Permission::ReadOfficers);
    query: CourtQuery;
    reply: Departments;
}
endpoint! {
    /// Lists officers.
    ListOfficers: Get "/officers", "list_officers", Access::May(Permission::ReadOfficers);
    query: OfficerQuery;
    reply: Page<OfficerItem>;
}
endpoint! {
    /// Finds colleagues in service, to hand a task to one, to copy him in or to let him act.
    ListColleagues: Get "/colleagues", "list_colleagues", Access::Own;
    query: ColleagueQuery;
    reply: Colleagues;
}
endpoint! {
    /// Shows one officer; identity number and phone are masked.
    GetOfficer: Get "/officers/{officer}", "get_officer", Access::May(Permission::ReadOfficers);
    path: ByOfficer;
    reply: OfficerDetail;
    problems: NotFound;
}
endpoint! {
    /// Sets which departments a court leader oversees.
    SetOversights: Put "/oversights", "set_oversights", Access::May(Permission::ManageOrg);
    body: SetOversight;
    reply: Departments;
    problems: NotFound;
}
endpoint! {
    /// Lists the posts that nobody holds.
    ListVacancies: Get "/vacancies", "list_vacancies", Access::May(Permission::ManageOrg);
    reply: Vacancies;
}
endpoint! {
    /// Imports a file, or with `dry_run` only reports what it would do.
    CreateImport: Post "/imports/{kind}", "create_import",
        Access::MayEither(Permission::ImportRoster, Permission::ImportTraining);
    path: ImportPath;
    query: ImportQuery;
    body: File;
    reply: ImportRun;
    problems: StaleVersion, TooLarge, UnreadableFile;
    body_media: File;
}
endpoint! {
    /// Downloads the report of an import as an Excel workbook.
    DownloadImportReport: Get "/imports/{id}/report", "download_import_report",
        Access::MayEither(Permission::ImportRoster, Permission::ImportTraining);
    path: ById;
    reply: File;
    problems: NotFound;
    reply_media: File;
}
