//! The three sheets of a training plan: 班次 (the class), 课程表 (the lessons), 学员 (the trainees).
//!
//! Class and lessons carry the trainees, so that a fault in either refuses the file; a trainee's row stays out alone.

use std::collections::{BTreeSet, HashMap};

use crate::day::{Day, Timestamp, Zone};
use crate::org::api::RejectedRow;
use crate::org::import::text;
use crate::org::import::{
    Cell, Column, FileFault, Judged, REPEATED, Refusal, Row, Sheet, SheetRow, Table, UNKNOWN_OFFICER,
};

/// The sheet of the class: a key and its value in each row.
pub const CLASS_SHEET: &str = "班次";
/// The sheet of the lessons.
pub const LESSON_SHEET: &str = "课程表";
/// The sheet of the trainees.
pub const TRAINEE_SHEET: &str = "学员";

/// How many minutes before a lesson sign-in opens where the plan does not say.
pub const OPENS_BEFORE_MINUTES: i32 = 30;
/// How many minutes after its beginning a sign-in is late where the plan does not say.
pub const LATE_AFTER_MINUTES: i32 = 10;

/// A class as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRow {
    /// The name.
    pub name: String,
    /// The name of the court that runs it.
    pub organiser: String,
    /// Where.
    pub place: String,
    /// The first day; with the name it tells classes apart.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How many may attend.
    pub quota: i32,
    /// The class teacher's 工号.
    pub teacher: String,
    /// How many minutes before a lesson sign-in opens.
    pub opens_before_minutes: i32,
    /// How many minutes after its beginning a sign-in is late.
    pub late_after_minutes: i32,
}

/// A lesson as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonRow {
    /// The title.
    pub title: String,
    /// Who teaches; empty where nobody is named.
    pub lecturer: String,
    /// Where the lecturer is from; may be empty.
    pub lecturer_unit: String,
    /// The room; may be empty.
    pub room: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Credit in half hours (学时 x 2).
    pub credit_halves: i32,
}

/// A trainee as the plan names him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraineeRow {
    /// 工号.
    pub number: String,
    /// The group; may be empty.
    pub group: String,
}

/// An officer of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOfficer {
    /// The name.
    pub name: String,
    /// Whether he is in service.
    pub in_service: bool,
}

/// What a plan is judged against.
pub struct Facts<'f> {
    /// The names of the courts of the tree.
    pub courts: &'f BTreeSet<String>,
    /// The roster by 工号.
    pub officers: &'f HashMap<String, KnownOfficer>,
    /// The zone that the times are of.
    pub zone: Zone,
}

/// A plan that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The class.
    pub class: ClassRow,
    /// The lessons in the order of time.
    pub lessons: Vec<LessonRow>,
    /// The trainees.
    pub trainees: Judged<TraineeRow>,
}

/// Judges a plan.
///
/// # Errors
/// [`FileFault`] when a sheet or a column is missing or the class or a lesson is at fault.
pub fn judge(sheets: &[Sheet], facts: &Facts<'_>) -> Result<Plan, FileFault> {
    let sheet = |name: &str| {
        let found = sheets.iter().find(|sheet| text::heading(&sheet.name) == name);
        found.ok_or_else(|| FileFault::NoSheet(name.to_owned()))
    };
    let class = class(sheet(CLASS_SHEET)?, facts)?;
    let lessons = lessons(sheet(LESSON_SHEET)?, &class, facts.zone)?;
    let trainees = trainees(sheet(TRAINEE_SHEET)?, facts)?;
    Ok(Plan { class, lessons, trainees })
}

const NAME: Column = Column::required("班次名称", &["培训班名称", "名称"]);
const ORGANISER: Column = Column::required("主办单位", &["主办"]);
const PLACE: Column = Column::required("地点", &["培训地点"]);
const FROM: Column = Column::required("开始日期", &["开班日期"]);
const TO: Column = Column::required("结束日期", &["结业日期"]);
const QUOTA: Column = Column::optional("名额", &["人数"]);
const TEACHER: Column = Column::required("班主任工号", &["班主任"]);
const OPENS_BEFORE: Column = Column::optional("签到提前(分钟)", &["签到提前"]);
const LATE_AFTER: Column = Column::optional("迟到界线(分钟)", &["迟到界线"]);

const CLASS_COLUMNS: &[&Column] =
    &[&NAME, &ORGANISER, &PLACE, &FROM, &TO, &QUOTA, &TEACHER, &OPENS_BEFORE, &LATE_AFTER];

/// The sheet stands on its side: keys in the first column. Laid down, it is a table of one row, and faults are named
/// by the row that the key is in.
fn class(sheet: &Sheet, facts: &Facts<'_>) -> Result<ClassRow, FileFault> {
    let cell = |row: &SheetRow, index: usize| row.cells.get(index).cloned().unwrap_or_default();
    let lie = |index, number| SheetRow { number, cells: sheet.rows.iter().map(|row| cell(row, index)).collect() };
    let laid = Sheet { name: sheet.name.clone(), typed: sheet.typed, rows: vec![lie(0, 1), lie(1, 2)] };
    let table = Table::find(&laid, CLASS_COLUMNS)?;
    let judged = table.judge(|row| read_class(row, facts));
    let Some((_, class)) = judged.good.into_iter().next() else {
        let mut rejected = judged.rejected;
        for fault in &mut rejected {
            let keyed = |row: &&SheetRow| match (&row.cells.first(), &fault.column) {
                (Some(Cell::Text(key)), Some(column)) => text::heading(key) == *column,
                _ => false,
            };
            fault.row = sheet.rows.iter().find(keyed).map_or(1, |row| row.number);
        }
        return Err(FileFault::Rows { sheet: sheet.name.clone(), rejected });
    };
    Ok(class)
}

fn read_class(row: &mut Row<'_>, facts: &Facts<'_>) -> Result<ClassRow, Refusal> {
    let name = row.required(&NAME)?;
    let organiser = row.required(&ORGANISER)?;
    if !facts.courts.contains(&organiser) {
        return Err(Refusal::at(&ORGANISER, "组织机构中没有"));
    }
    let place = row.required(&PLACE)?;
    let from = row.required_day(&FROM)?;
    let to = row.required_day(&TO)?;
    if to < from {
        return Err(Refusal::at(&TO, "早于开始日期"));
    }
    let quota = whole(row, &QUOTA, 10_000)?.unwrap_or(0);
    let teacher = row.staff_number(&TEACHER)?;
    match facts.officers.get(&teacher) {
        None => return Err(Refusal::at(&TEACHER, UNKNOWN_OFFICER)),
        Some(known) if !known.in_service => return Err(Refusal::at(&TEACHER, RETIRED)),
        Some(_) => {}
    }
    let opens_before_minutes = whole(row, &OPENS_BEFORE, 240)?.unwrap_or(OPENS_BEFORE_MINUTES);
    let late_after_minutes = whole(row, &LATE_AFTER, 240)?.unwrap_or(LATE_AFTER_MINUTES);
    Ok(ClassRow { name, organiser, place, from, to, quota, teacher, opens_before_minutes, late_after_minutes })
}

const RETIRED: &str = "已退休";

fn whole(row: &mut Row<'_>, column: &Column, most: i32) -> Result<Option<i32>, Refusal> {
    match row.halves(column, i64::from(most))? {
        Some(halves) if halves % 2 != 0 => Err(Refusal::at(column, "应为整数")),
        Some(halves) => Ok(Some(i32::try_from(halves / 2).unwrap_or(most))),
        None => Ok(None),
    }
}

const DATE: Column = Column::required("日期", &["上课日期"]);
const STARTS: Column = Column::required("开始", &["开始时间"]);
const ENDS: Column = Column::required("结束", &["结束时间"]);
const TITLE: Column = Column::required("课程", &["课程名称", "内容"]);
const LECTURER: Column = Column::optional("授课人", &["主讲人", "教师"]);
const LECTURER_UNIT: Column = Column::optional("授课人单位", &["主讲人单位"]);
const ROOM: Column = Column::optional("教室", &["上课地点"]);
const CREDIT: Column = Column::optional("学时", &[]);

const LESSON_COLUMNS: &[&Column] = &[&DATE, &STARTS, &ENDS, &TITLE, &LECTURER, &LECTURER_UNIT, &ROOM, &CREDIT];

fn lessons(sheet: &Sheet, class: &ClassRow, zone: Zone) -> Result<Vec<LessonRow>, FileFault> {
    let table = Table::find(sheet, LESSON_COLUMNS)?;
    let mut above = BTreeSet::new();
    let judged = table.judge(|row| {
        let date = row.required_day(&DATE)?;
        if date < class.from || date > class.to {
            return Err(Refusal::at(&DATE, "不在培训班的起止日期内"));
        }
        let starts = row.required_minute(&STARTS)?;
        if !above.insert((date, starts)) {
            return Err(Refusal::at(&STARTS, REPEATED));
        }
        let ends = row.required_minute(&ENDS)?;
        if ends <= starts {
            return Err(Refusal::at(&ENDS, "不晚于开始"));
        }
        let title = row.required(&TITLE)?;
        Ok(LessonRow {
            title,
            lecturer: row.text(&LECTURER)?.unwrap_or_default(),
            lecturer_unit: row.text(&LECTURER_UNIT)?.unwrap_or_default(),
            room: row.text(&ROOM)?.unwrap_or_default(),
            starts_at: zone.at(date, starts),
            ends_at: zone.at(date, ends),
            credit_halves: row.halves(&CREDIT, 24)?.and_then(|halves| i32::try_from(halves).ok()).unwrap_or(0),
        })
    });
    let rejected: Vec<RejectedRow> = judged.rejected;
    if !rejected.is_empty() {
        return Err(FileFault::Rows { sheet: sheet.name.clone(), rejected });
    }
    let mut lessons: Vec<LessonRow> = judged.good.into_iter().map(|(_, lesson)| lesson).collect();
    if lessons.is_empty() {
        return Err(FileFault::Other(format!("工作表“{}”中没有课程", sheet.name)));
    }
    lessons.sort_by_key(|lesson| lesson.starts_at);
    Ok(lessons)
}

const NUMBER: Column = Column::required("工号", &["人员编号", "职工号"]);
const TRAINEE_NAME: Column = Column::optional("姓名", &[]);
const GROUP: Column = Column::optional("分组", &["组别", "小组"]);

const TRAINEE_COLUMNS: &[&Column] = &[&NUMBER, &TRAINEE_NAME, &GROUP];

fn trainees(sheet: &Sheet, facts: &Facts<'_>) -> Result<Judged<TraineeRow>, FileFault> {
    let table = Table::find(sheet, TRAINEE_COLUMNS)?;
    let mut above = BTreeSet::new();
    Ok(table.judge(|row| {
        let number = row.staff_number(&NUMBER)?;
        let Some(known) = facts.officers.get(&number) else {
            return Err(Refusal::at(&NUMBER, UNKNOWN_OFFICER));
        };
        if above.contains(&number) {
            return Err(Refusal::at(&NUMBER, "重复学员"));
        }
        if !known.in_service {
            return Err(Refusal::at(&NUMBER, RETIRED));
        }
        // The name guards against a slip in the number, which would put a stranger on the list.
        let name = row.cell(&TRAINEE_NAME)?;
        if !name.is_blank() && row.name(&TRAINEE_NAME)? != known.name {
            return Err(Refusal::at(&TRAINEE_NAME, "与花名册中该工号的姓名不符"));
        }
        let group = row.text(&GROUP)?.unwrap_or_default();
        above.insert(number.clone());
        Ok(TraineeRow { number, group })
    }))
}
