//! A list of what is left of annual leave (年休假), one row for an officer and a year.

use std::collections::BTreeSet;

use crate::org::api::RejectedRow;
use crate::org::import::{Column, EMPTY, FileFault, Judged, REPEATED, Refusal, Row, Sheet, Table, UNKNOWN_OFFICER};

const NUMBER: Column = Column::required("工号", &["人员编号", "职工号"]);
const YEAR: Column = Column::required("年度", &["年份"]);
const TYPE: Column = Column::required("假别", &["假期类型", "请假类型"]);
const LEFT: Column = Column::required("剩余天数", &["余额", "剩余"]);

const COLUMNS: &[&Column] = &[&NUMBER, &YEAR, &TYPE, &LEFT];

/// The name of the one type of leave that has an opening balance.
pub const ANNUAL: &str = "annual";

/// The most days that anybody can have left: two years of the longest entitlement and some more.
const MOST_DAYS: i64 = 60;

/// An opening balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceRow {
    /// 工号.
    pub number: String,
    /// The year that the leave is of.
    pub year: i32,
    /// The type's stable name.
    pub leave_type: &'static str,
    /// What is left, in half days.
    pub half_days: i64,
}

/// Judges a list of balances; `officers` are the 工号 of the roster.
///
/// # Errors
/// [`FileFault`] when columns are missing or doubled.
pub fn judge(sheet: &Sheet, officers: &dyn Fn(&str) -> bool) -> Result<Judged<BalanceRow>, FileFault> {
    let table = Table::find(sheet, COLUMNS)?;
    let mut above = BTreeSet::new();
    Ok(table.judge(|row| {
        let balance = read(row, officers)?;
        if !above.insert((balance.number.clone(), balance.year, balance.leave_type)) {
            return Err(Refusal::at(&NUMBER, REPEATED));
        }
        Ok(balance)
    }))
}

/// The refusal of a row that would change the balance of whoever imports it.
pub fn own_account(row: u32) -> RejectedRow {
    let why = "不能导入自己的余额，请由政治部的其他同事或上级法院政治部办理".to_owned();
    RejectedRow { row, column: Some(NUMBER.heading.to_owned()), why }
}

fn read(row: &mut Row<'_>, officers: &dyn Fn(&str) -> bool) -> Result<BalanceRow, Refusal> {
    let number = row.staff_number(&NUMBER)?;
    if !officers(&number) {
        return Err(Refusal::at(&NUMBER, UNKNOWN_OFFICER));
    }
    let year = row.halves(&YEAR, 2100)?.ok_or_else(|| Refusal::at(&YEAR, EMPTY))?;
    let year = i32::try_from(year / 2).ok().filter(|whole| i64::from(*whole) * 2 == year && *whole >= 2000);
    let year = year.ok_or_else(|| Refusal::at(&YEAR, "不是年度"))?;
    let leave_type = match row.required(&TYPE)?.as_str() {
        "年休假" | "年假" | "带薪年休假" | "公休假" => ANNUAL,
        _ => return Err(Refusal::at(&TYPE, "只有年休假有余额")),
    };
    let half_days = row.halves(&LEFT, MOST_DAYS)?.ok_or_else(|| Refusal::at(&LEFT, EMPTY))?;
    Ok(BalanceRow { number, year, leave_type, half_days })
}
