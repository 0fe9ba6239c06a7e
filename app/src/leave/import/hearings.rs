//! The court docket: which judge sits when.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::org::import::{Column, EMPTY, FileFault, Judged, REPEATED, Refusal, Row, Sheet, Table, UNKNOWN_OFFICER};

const CASE: Column = Column::required("案号", &["案件编号"]);
const JUDGE: Column = Column::required("承办法官工号", &["承办人工号", "工号"]);
const DAY: Column = Column::required("开庭日期", &["日期"]);
const STARTS: Column = Column::required("开始", &["开始时间"]);
const ENDS: Column = Column::required("结束", &["结束时间"]);
const COURTROOM: Column = Column::optional("法庭", &["审判法庭"]);

const COLUMNS: &[&Column] = &[&CASE, &JUDGE, &DAY, &STARTS, &ENDS, &COURTROOM];

/// A hearing. Case number, day and beginning tell hearings apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingRow {
    /// 案号.
    pub case_number: String,
    /// The judge's 工号.
    pub officer: String,
    /// The day.
    pub day: Day,
    /// When it begins, in minutes after midnight.
    pub starts_minute: i32,
    /// When it ends, in minutes after midnight.
    pub ends_minute: i32,
    /// The courtroom; may be empty.
    pub courtroom: String,
}

/// Judges a docket; `officers` are the 工号 of the roster.
///
/// # Errors
/// [`FileFault`] when columns are missing or doubled.
pub fn judge(sheet: &Sheet, officers: &dyn Fn(&str) -> bool) -> Result<Judged<HearingRow>, FileFault> {
    let table = Table::find(sheet, COLUMNS)?;
    let mut above = BTreeSet::new();
    Ok(table.judge(|row| {
        let hearing = read(row, officers)?;
        if !above.insert((hearing.case_number.clone(), hearing.day, hearing.starts_minute)) {
            return Err(Refusal::at(&CASE, REPEATED));
        }
        Ok(hearing)
    }))
}

fn read(row: &mut Row<'_>, officers: &dyn Fn(&str) -> bool) -> Result<HearingRow, Refusal> {
    let case_number = row.code(&CASE)?.ok_or_else(|| Refusal::at(&CASE, EMPTY))?;
    // Dockets write the brackets of a case number in either width.
    let case_number = case_number.replace('（', "(").replace('）', ")");
    let officer = row.staff_number(&JUDGE)?;
    if !officers(&officer) {
        return Err(Refusal::at(&JUDGE, UNKNOWN_OFFICER));
    }
    let day = row.required_day(&DAY)?;
    let starts_minute = row.required_minute(&STARTS)?;
    let ends_minute = row.required_minute(&ENDS)?;
    if ends_minute <= starts_minute {
        return Err(Refusal::at(&ENDS, "不晚于开始"));
    }
    let courtroom = row.text(&COURTROOM)?.unwrap_or_default();
    Ok(HearingRow { case_number, officer, day, starts_minute, ends_minute, courtroom })
}
