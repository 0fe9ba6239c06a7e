//! Reading one row: values, what was put right, why the row stays out.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::org::import::date;
use crate::org::import::table::{Cell, Column, SheetRow, Table};
use crate::org::import::text::{self, Cleaned};

/// What can be put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fix {
    /// Spaces were taken away.
    Spaces,
    /// Full-width digits became digits.
    FullWidthDigits,
    /// Full-width or small letters became plain capital ones.
    Letters,
    /// A number without a date format was read as a date.
    SerialDate,
    /// A text was read as a date.
    TextDate,
    /// A number was read as the text it stands for.
    NumberAsText,
    /// Hyphens or a country code were taken from a phone number.
    PhoneMarks,
    /// A post that the table of posts does not have.
    UnknownPost(String),
}

impl Fix {
    /// What was put right, as reports say it.
    pub fn text(&self) -> String {
        match self {
            Self::Spaces => "空格".to_owned(),
            Self::FullWidthDigits => "全角数字".to_owned(),
            Self::Letters => "字母".to_owned(),
            Self::SerialDate => "序列号日期".to_owned(),
            Self::TextDate => "文本日期".to_owned(),
            Self::NumberAsText => "数值变文本".to_owned(),
            Self::PhoneMarks => "号码分隔符".to_owned(),
            Self::UnknownPost(post) => format!("职务“{post}”不在对照表中，按一般干警处理"),
        }
    }
}

/// Why a row stays out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The column's heading.
    pub column: &'static str,
    /// Why, in Chinese.
    pub why: String,
}

impl Refusal {
    /// A refusal at a column.
    pub fn at(column: &Column, why: impl Into<String>) -> Self {
        Self { column: column.heading, why: why.into() }
    }
}

/// A cell that must not be empty was.
pub const EMPTY: &str = "空";
/// A row above has the same key.
pub const REPEATED: &str = "与上一行重复";
/// A text that a spreadsheet would run as a formula.
pub const FORMULA: &str = "以 = 开头的公式文本";
/// The 工号 is not in the roster.
pub const UNKNOWN_OFFICER: &str = "花名册中没有该工号";

/// The longest text that is taken, in characters.
const LONGEST: usize = 100;

/// One row while it is read.
#[derive(Debug)]
pub struct Row<'t> {
    table: &'t Table<'t>,
    row: &'t SheetRow,
    fixes: BTreeSet<Fix>,
}

impl<'t> Row<'t> {
    /// The row as Excel counts it.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    pub(super) fn new(table: &'t Table<'t>, row: &'t SheetRow) -> Self {
        Self { table, row, fixes: BTreeSet::new() }
    }

    /// What was put right so far.
    pub(super) fn fixes(&self) -> impl Iterator<Item = &Fix> {
        self.fixes.iter()
    }

    /// Notes what was put right.
    pub fn fixed(&mut self, fix: Fix) {
        self.fixes.insert(fix);
    }

    /// The cell of a column; empty where the file does not have the column.
    ///
    /// # Errors
    /// A text that begins with `=`, an error value, a text that is too long or holds control characters.
    pub fn cell(&self, column: &Column) -> Result<&Cell, Refusal> {
        let cell = self.table.cell(self.row, column);
        match cell {
            Cell::Text(text) => {
                let text = text::clean(text).text;
                if text.starts_with(['=', '＝']) {
                    return Err(Refusal::at(column, FORMULA));
                }
                if text.chars().count() > LONGEST {
                    return Err(Refusal::at(column, format!("超过 {LONGEST} 个字")));
                }
                if text.chars().any(char::is_control) {
                    return Err(Refusal::at(column, "含有换行或控制字符"));
                }
            }
            Cell::Fault(value) => return Err(Refusal::at(column, format!("公式出错：{value}"))),
            _ => {}
        }
        Ok(cell)
    }

    fn cleaned(&mut self, column: &Column, clean: impl Fn(&str) -> Cleaned) -> Result<Option<String>, Refusal> {
        let cleaned = match self.cell(column)? {
            Cell::Text(text) => clean(text),
            Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                let text = number.to_string();
                self.fixed(Fix::NumberAsText);
                return Ok(Some(text));
            }
            Cell::Empty => return Ok(None),
            Cell::Serial(_) => return Err(Refusal::at(column, "应为文字，却是日期")),
            _ => return Err(Refusal::at(column, "应为文字")),
        };
        if cleaned.text.is_empty() {
            return Ok(None);
        }
        for (happened, fix) in
            [(cleaned.spaces, Fix::Spaces), (cleaned.digits, Fix::FullWidthDigits), (cleaned.letters, Fix::Letters)]
        {
            if happened {
                self.fixed(fix);
            }
        }
        Ok(Some(cleaned.text))
    }

    /// A text; `None` for an empty cell.
    ///
    /// # Errors
    /// As [`cell`](Self::cell), and a cell that is no text.
    pub fn text(&mut self, column: &Column) -> Result<Option<String>, Refusal> {
        self.cleaned(column, text::clean)
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// As [`text`](Self::text), and [`EMPTY`].
    pub fn required(&mut self, column: &Column) -> Result<String, Refusal> {
        self.text(column)?.ok_or_else(|| Refusal::at(column, EMPTY))
    }

    /// The name of a person, which must be there.
    ///
    /// # Errors
    /// As [`required`](Self::required).
    pub fn name(&mut self, column: &Column) -> Result<String, Refusal> {
        self.cleaned(column, text::clean_name)?.ok_or_else(|| Refusal::at(column, EMPTY))
    }

    /// A text without any spaces: a number or a code; `None` for an empty cell.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn code(&mut self, column: &Column) -> Result<Option<String>, Refusal> {
        self.cleaned(column, text::clean_code)
    }

    /// A 工号, which must be there: letters, digits and hyphens, at most 32.
    ///
    /// # Errors
    /// As [`code`](Self::code), [`EMPTY`], and a number, because Excel drops the zeros in front.
    pub fn staff_number(&mut self, column: &Column) -> Result<String, Refusal> {
        if let Cell::Number(_) | Cell::Serial(_) = self.cell(column)? {
            return Err(Refusal::at(column, "Excel 已把工号变成数值，开头的 0 可能丢失"));
        }
        let number = self.code(column)?.ok_or_else(|| Refusal::at(column, EMPTY))?;
        if number.len() > 32 || !number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Refusal::at(column, "工号只能由字母、数字和连字符组成，最多 32 位"));
        }
        Ok(number)
    }

    /// A day; `None` for an empty cell.
    ///
    /// # Errors
    /// What is no day.
    pub fn day(&mut self, column: &Column) -> Result<Option<Day>, Refusal> {
        let cell = self.cell(column)?;
        let Some((day, fix)) = date::day(cell).map_err(|why| Refusal::at(column, why))? else {
            return Ok(None);
        };
        // Every date of a CSV file is text; there, only other forms than the standard one are worth a word.
        let plain = matches!(cell, Cell::Text(text) if !self.table.is_typed() && *text == day.to_string());
        if let Some(fix) = fix.filter(|_| !plain) {
            self.fixed(fix);
        }
        Ok(Some(day))
    }

    /// A day that must be there.
    ///
    /// # Errors
    /// As [`day`](Self::day), and [`EMPTY`].
    pub fn required_day(&mut self, column: &Column) -> Result<Day, Refusal> {
        self.day(column)?.ok_or_else(|| Refusal::at(column, EMPTY))
    }

    /// A time of day that must be there, in minutes after midnight.
    ///
    /// # Errors
    /// What is no time of day, and [`EMPTY`].
    pub fn required_minute(&self, column: &Column) -> Result<i32, Refusal> {
        let minute = date::minute(self.cell(column)?).map_err(|why| Refusal::at(column, why))?;
        minute.ok_or_else(|| Refusal::at(column, EMPTY))
    }

    /// A number in steps of a half, from 0 to `most`, as twice its value; `None` for an empty cell.
    ///
    /// # Errors
    /// What is no such number.
    pub fn halves(&mut self, column: &Column, most: i64) -> Result<Option<i64>, Refusal> {
        let refuse = |why: &str| Err(Refusal::at(column, why));
        let number = match self.cell(column)? {
            Cell::Number(number) => *number,
            Cell::Text(_) => {
                let Some(text) = self.code(column)? else {
                    return Ok(None);
                };
                let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
                match text.parse::<f64>() {
                    Ok(number) if plain => number,
                    _ => return refuse("不是数字"),
                }
            }
            Cell::Empty => return Ok(None),
            _ => return refuse("不是数字"),
        };
        let halves = number * 2.0;
        if !halves.is_finite() || halves.fract() != 0.0 {
            return refuse("只能以 0.5 为单位");
        }
        if halves < 0.0 {
            return refuse("不能小于 0");
        }
        if halves > most as f64 * 2.0 {
            return Err(Refusal::at(column, format!("不能大于 {most}")));
        }
        Ok(Some(halves as i64))
    }
}
