//! Sheets as the server hands them over, and finding columns by name.

use std::fmt;

use crate::org::api::{NormalisedRow, RejectedRow};
use crate::org::import::row::{Refusal, Row};
use crate::org::import::text;

/// A cell as the server found it in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, not put right yet.
    Text(String),
    /// A number that is not shown as a date.
    Number(f64),
    /// A number that Excel shows as a date or a time: days since 30 December 1899 (the 1900 date system).
    Serial(f64),
    /// A truth value.
    Bool(bool),
    /// An error value such as `#N/A`.
    Fault(String),
}

impl Cell {
    /// Whether the cell shows nothing.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text::clean(text).text.is_empty(),
            _ => false,
        }
    }
}

/// One row of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// The row as Excel counts it, from 1.
    pub number: u32,
    /// The cells from column A on.
    pub cells: Vec<Cell>,
}

/// One sheet of a file; a CSV file is one sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The sheet's name.
    pub name: String,
    /// Whether cells carry types (a workbook), so that a date written as text is worth a word; not in a CSV file.
    pub typed: bool,
    /// The rows that hold anything, in order.
    pub rows: Vec<SheetRow>,
}

/// A column that an import knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading; reports name it.
    pub heading: &'static str,
    /// Other headings for the same thing.
    pub aliases: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn required(heading: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { heading, aliases, required: true }
    }

    /// A column that may be left out.
    pub const fn optional(heading: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { heading, aliases, required: false }
    }

    fn is_headed(&self, heading: &str) -> bool {
        self.heading == heading || self.aliases.contains(&heading)
    }
}

/// Why a file is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// No sheet of this name.
    NoSheet(String),
    /// The sheet lacks columns.
    MissingColumns {
        /// The sheet.
        sheet: String,
        /// The headings that were not found.
        columns: Vec<&'static str>,
    },
    /// Two columns have one heading, so that either could be meant.
    RepeatedColumn {
        /// The sheet.
        sheet: String,
        /// The heading.
        column: &'static str,
    },
    /// Rows of a sheet that carries the others are at fault.
    Rows {
        /// The sheet.
        sheet: String,
        /// The rows.
        rejected: Vec<RejectedRow>,
    },
    /// Something else, in Chinese.
    Other(String),
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSheet(name) => write!(f, "文件中没有工作表“{name}”"),
            Self::MissingColumns { sheet, columns } => {
                write!(f, "工作表“{sheet}”缺少列：{}", columns.join("、"))
            }
            Self::RepeatedColumn { sheet, column } => {
                write!(f, "工作表“{sheet}”中“{column}”列出现了两次")
            }
            Self::Rows { sheet, rejected } => {
                write!(f, "工作表“{sheet}”有误：")?;
                for (position, row) in rejected.iter().take(10).enumerate() {
                    let column = row.column.as_deref().unwrap_or_default();
                    write!(f, "{}第 {} 行{column}{}", if position > 0 { "；" } else { "" }, row.row, row.why)?;
                }
                if rejected.len() > 10 {
                    write!(f, "；另有 {} 处", rejected.len() - 10)?;
                }
                Ok(())
            }
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for FileFault {}

/// What became of the rows of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged<T> {
    /// Rows below the header.
    pub rows: u32,
    /// The good rows with their numbers.
    pub good: Vec<(u32, T)>,
    /// The rows that stay out.
    pub rejected: Vec<RejectedRow>,
    /// What was put right in good rows.
    pub normalised: Vec<NormalisedRow>,
}

/// A sheet whose header was found.
#[derive(Debug)]
pub struct Table<'s> {
    sheet: &'s Sheet,
    /// Position of the header in `sheet.rows`.
    header: usize,
    places: Vec<(&'static str, usize)>,
}

impl<'s> Table<'s> {
    /// Finds the header of a sheet: the first of its first ten rows that has all required columns, in any order.
    /// Columns nobody knows are ignored.
    ///
    /// # Errors
    /// [`FileFault::MissingColumns`] as the best row lacks them, [`FileFault::RepeatedColumn`].
    pub fn find(sheet: &'s Sheet, columns: &[&'static Column]) -> Result<Self, FileFault> {
        let mut fewest: Option<Vec<&'static str>> = None;
        for (position, row) in sheet.rows.iter().take(10).enumerate() {
            let mut places = Vec::new();
            let mut repeated = None;
            for (index, cell) in row.cells.iter().enumerate() {
                let Cell::Text(text) = cell else { continue };
                let heading = text::heading(text);
                let Some(column) = columns.iter().find(|column| column.is_headed(&heading)) else {
                    continue;
                };
                if places.iter().any(|(known, _)| *known == column.heading) {
                    repeated = Some(column.heading);
                }
                places.push((column.heading, index));
            }
            let missing: Vec<&'static str> = columns
                .iter()
                .filter(|column| column.required && !places.iter().any(|(known, _)| *known == column.heading))
                .map(|column| column.heading)
                .collect();
            if missing.is_empty() {
                return match repeated {
                    Some(column) => Err(FileFault::RepeatedColumn { sheet: sheet.name.clone(), column }),
                    None => Ok(Self { sheet, header: position, places }),
                };
            }
            if fewest.as_ref().is_none_or(|best| missing.len() < best.len()) {
                fewest = Some(missing);
            }
        }
        let all = || columns.iter().filter(|column| column.required).map(|column| column.heading).collect();
        Err(FileFault::MissingColumns { sheet: sheet.name.clone(), columns: fewest.unwrap_or_else(all) })
    }

    /// Whether the sheet has the column.
    pub fn has(&self, column: &Column) -> bool {
        self.places.iter().any(|(heading, _)| *heading == column.heading)
    }

    /// The cell of a column in one of the sheet's rows; empty where the sheet does not have the column.
    pub(super) fn cell<'r>(&self, row: &'r SheetRow, column: &Column) -> &'r Cell {
        let place = self.places.iter().find(|(heading, _)| *heading == column.heading);
        place.and_then(|(_, index)| row.cells.get(*index)).unwrap_or(&Cell::Empty)
    }

    /// Whether the sheet's cells carry types.
    pub(super) fn is_typed(&self) -> bool {
        self.sheet.typed
    }

    /// Judges every row below the header that holds anything.
    pub fn judge<T>(&self, mut judge: impl FnMut(&mut Row<'_>) -> Result<T, Refusal>) -> Judged<T> {
        let mut judged = Judged { rows: 0, good: Vec::new(), rejected: Vec::new(), normalised: Vec::new() };
        for sheet_row in &self.sheet.rows[self.header + 1..] {
            if sheet_row.cells.iter().all(Cell::is_blank) {
                continue;
            }
            judged.rows += 1;
            let number = sheet_row.number;
            let mut row = Row::new(self, sheet_row);
            match judge(&mut row) {
                Ok(value) => {
                    let fixes = row.fixes().map(|fix| NormalisedRow { row: number, what: fix.text() });
                    judged.normalised.extend(fixes);
                    judged.good.push((number, value));
                }
                Err(Refusal { column, why }) => {
                    judged.rejected.push(RejectedRow { row: number, column: Some(column.to_owned()), why });
                }
            }
        }
        judged
    }
}
