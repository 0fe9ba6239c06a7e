//! The court docket: which judge sits when, and which of the hearings that are stored a newer docket has no more.

use std::collections::BTreeSet;

use uuid::Uuid;

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

/// A docket that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Docket {
    /// What became of its rows.
    pub judged: Judged<HearingRow>,
    /// The cases of rows that could not be read: the docket has something of them, and nobody knows what.
    unread: BTreeSet<String>,
}

/// Judges a docket; `officers` are the 工号 of the roster.
///
/// # Errors
/// [`FileFault`] when columns are missing or doubled.
pub fn judge(sheet: &Sheet, officers: &dyn Fn(&str) -> bool) -> Result<Docket, FileFault> {
    let table = Table::find(sheet, COLUMNS)?;
    let (mut above, mut unread) = (BTreeSet::new(), BTreeSet::new());
    let judged = table.judge(|row| {
        let case_number = row.code(&CASE)?.ok_or_else(|| Refusal::at(&CASE, EMPTY))?;
        let case_number = plain(&case_number);
        let hearing = read(row, case_number.clone(), officers);
        if hearing.is_err() {
            unread.insert(case_number);
        }
        let hearing = hearing?;
        if !above.insert((hearing.case_number.clone(), hearing.day, hearing.starts_minute)) {
            return Err(Refusal::at(&CASE, REPEATED));
        }
        Ok(hearing)
    });
    Ok(Docket { judged, unread })
}

/// Dockets write the brackets of a case number in either width.
fn plain(case_number: &str) -> String {
    case_number.replace('（', "(").replace('）', ")")
}

/// A hearing that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// 案号.
    pub case_number: &'a str,
    /// The judge's department.
    pub department: Uuid,
    /// The day.
    pub day: Day,
    /// When it begins, in minutes after midnight.
    pub starts_minute: i32,
}

/// Why a hearing that is still ahead is not in a newer docket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The docket reaches to its day and has its case at another time: it was moved.
    Moved,
    /// The docket has its case, and does not reach to its day: it was moved, or the case is heard more than once.
    Elsewhere,
    /// The docket reaches to its day and has hearings of its department, and none of its case: it was cancelled, or the
    /// docket is not whole.
    Missing,
}

/// What a docket speaks of.
#[derive(Clone, Debug)]
pub struct Reach<'a> {
    docket: &'a Docket,
    today: Day,
    hearings: BTreeSet<(&'a str, Day, i32)>,
    /// The cases with a hearing that is still ahead.
    ahead: BTreeSet<&'a str>,
    departments: BTreeSet<Uuid>,
    days: Option<(Day, Day)>,
}

impl Docket {
    /// What the docket speaks of. Its first and its last day tell how far it reaches, because dockets are exported week
    /// by week; `department` tells a judge's department by his 工号.
    pub fn reach(&self, today: Day, department: impl Fn(&str) -> Option<Uuid>) -> Reach<'_> {
        let rows = || self.judged.good.iter().map(|(_, row)| row);
        let days = rows().map(|row| row.day);
        Reach {
            docket: self,
            today,
            hearings: rows().map(|row| (row.case_number.as_str(), row.day, row.starts_minute)).collect(),
            ahead: rows().filter(|row| row.day >= today).map(|row| row.case_number.as_str()).collect(),
            departments: rows().filter_map(|row| department(&row.officer)).collect(),
            days: days.clone().min().zip(days.max()),
        }
    }
}

impl Reach<'_> {
    /// Why a stored hearing is not in the docket; nothing where it is, or where the docket has no say about it. What is
    /// over stays as it was, and so does a case of which a row could not be read.
    pub fn gone(&self, stored: Stored<'_>) -> Option<Gone> {
        let case = plain(stored.case_number);
        let is_known = self.hearings.contains(&(case.as_str(), stored.day, stored.starts_minute));
        if stored.day < self.today || is_known || self.docket.unread.contains(&case) {
            return None;
        }
        let is_reached = self.days.is_some_and(|(first, last)| (first..=last).contains(&stored.day));
        match (self.ahead.contains(case.as_str()), is_reached) {
            (true, true) => Some(Gone::Moved),
            (true, false) => Some(Gone::Elsewhere),
            (false, true) if self.departments.contains(&stored.department) => Some(Gone::Missing),
            (false, _) => None,
        }
    }
}

fn read(row: &mut Row<'_>, case_number: String, officers: &dyn Fn(&str) -> bool) -> Result<HearingRow, Refusal> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::org::import::{Cell, SheetRow};

    const CIVIL: Uuid = Uuid::from_u128(1);
    const CRIMINAL: Uuid = Uuid::from_u128(2);
    const TODAY: &str = "2026-11-23";

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// A docket of rows `case, 工号, day, beginning`; `C…` are judges of the civil division.
    fn docket(rows: &[[&str; 4]]) -> Docket {
        let header = COLUMNS.iter().map(|column| column.heading.to_owned()).collect::<Vec<_>>();
        let rows = rows.iter().map(|[case, judge, day, starts]| {
            [case, judge, day, starts, "23:00", ""].map(ToString::to_string).to_vec()
        });
        let rows = std::iter::once(header).chain(rows).zip(1..);
        let row = |(cells, number): (Vec<String>, u32)| SheetRow {
            number,
            cells: cells.into_iter().map(Cell::Text).collect(),
        };
        let sheet = Sheet { rows: rows.map(row).collect(), ..Sheet::default() };
        judge(&sheet, &|number| department(number).is_some()).expect("all columns")
    }

    fn department(number: &str) -> Option<Uuid> {
        match number.chars().next() {
            Some('C') => Some(CIVIL),
            Some('P') => Some(CRIMINAL),
            _ => None,
        }
    }

    fn gone(docket: &Docket, case_number: &str, department_id: Uuid, on: &str, starts_minute: i32) -> Option<Gone> {
        let stored = Stored { case_number, department: department_id, day: day(on), starts_minute };
        docket.reach(day(TODAY), department).gone(stored)
    }

    #[test]
    fn a_newer_docket_moves_a_case_within_its_days() {
        let week = docket(&[
            ["（2026）民初1号", "C1", "2026-11-27", "09:00"],
            ["(2026)民初2号", "C1", "2026-11-23", "14:00"],
            ["(2026)民初2号", "C1", "2026-11-24", "14:00"],
        ]);
        let of = |case, on, starts| gone(&week, case, CIVIL, on, starts);
        assert_eq!(of("(2026)民初1号", "2026-11-25", 540), Some(Gone::Moved), "to another day");
        assert_eq!(of("(2026)民初1号", "2026-11-27", 600), Some(Gone::Moved), "to another hour");
        assert_eq!(of("（2026）民初1号", "2026-11-27", 540), None, "the same, whatever its brackets");
        assert_eq!(of("(2026)民初2号", "2026-11-24", 840), None, "one of two");
        assert_eq!(of("(2026)民初1号", "2026-12-10", 540), Some(Gone::Elsewhere), "perhaps heard again then");
        assert_eq!(of("(2026)民初1号", "2026-11-20", 540), None, "over");
    }

    #[test]
    fn what_a_docket_lacks_is_missing_in_its_days_and_departments_only() {
        let week =
            docket(&[["(2026)民初1号", "C1", "2026-11-23", "09:00"], ["(2026)民初2号", "C1", "2026-11-27", "09:00"]]);
        let of = |department, on| gone(&week, "(2026)民初9号", department, on, 540);
        assert_eq!(of(CIVIL, "2026-11-25"), Some(Gone::Missing), "of a judge who has no other hearing, too");
        assert_eq!((of(CRIMINAL, "2026-11-25"), of(CIVIL, "2026-11-30")), (None, None));
        assert_eq!(gone(&docket(&[]), "(2026)民初9号", CIVIL, "2026-11-25", 540), None, "an empty file says nothing");
    }

    #[test]
    fn a_row_that_cannot_be_read_takes_nothing_away() {
        let week = docket(&[
            ["(2026)民初1号", "C1", "2026-11-25", "九点"],
            ["(2026)民初1号", "C1", "2026-11-27", "09:00"],
            ["(2026)民初2号", "X1", "2026-11-25", "09:00"],
            ["(2026)民初3号", "C1", "2026-11-23", "09:00"],
        ]);
        assert_eq!((week.judged.good.len(), week.judged.rejected.len()), (2, 2));
        for case in ["(2026)民初1号", "(2026)民初2号"] {
            assert_eq!(gone(&week, case, CIVIL, "2026-11-25", 540), None, "{case}");
        }
    }

    #[test]
    fn an_old_docket_moves_nothing_that_was_set_since() {
        let month =
            docket(&[["(2026)民初1号", "C1", "2026-11-10", "09:00"], ["(2026)民初2号", "C1", "2026-11-30", "09:00"]]);
        assert_eq!(gone(&month, "(2026)民初1号", CIVIL, "2026-12-10", 540), None);
        assert_eq!(gone(&month, "(2026)民初1号", CIVIL, "2026-11-25", 540), Some(Gone::Missing), "asked, not moved");
    }

    proptest! {
        #[test]
        fn whatever_is_in_a_docket_stays(rows in proptest::collection::vec((0u8..4, 0i64..20, 0i32..24), 0..12)) {
            let texts: Vec<[String; 4]> = rows
                .iter()
                .map(|(case, on, hour)| {
                    [format!("(2026)民初{case}号"), "C1".to_owned(), day("2026-11-18").plus(*on).to_string(), format!("{hour:02}:00")]
                })
                .collect();
            let texts: Vec<[&str; 4]> = texts.iter().map(|row| row.each_ref().map(String::as_str)).collect();
            let docket = docket(&texts);
            for (_, row) in &docket.judged.good {
                prop_assert_eq!(gone(&docket, &row.case_number, CIVIL, &row.day.to_string(), row.starts_minute), None);
            }
        }
    }
}
