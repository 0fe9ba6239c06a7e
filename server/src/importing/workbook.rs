//! Reading a file that somebody uploads, in bounded memory and with an answer that says what to do.
//!
//! Nothing here trusts the file: its size, what its parts inflate to, its rows, columns and cells are bounded, and the
//! parts of a zip are counted while they inflate, before anything is kept of them.

use std::io::{Cursor, Read};

use app::api::Code;
use app::org::import::{Cell, Sheet, SheetRow};
use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};

use crate::error::Failure;

/// The largest file that is looked at, in bytes.
pub const LARGEST_FILE: usize = 20 << 20;
/// The most that one part of a workbook may inflate to, in bytes.
const LARGEST_PART: u64 = 64 << 20;
/// The most that all parts of a workbook may inflate to, in bytes.
const LARGEST_WHOLE: u64 = 128 << 20;
/// The most parts that a workbook may have.
const MOST_PARTS: usize = 2_000;
/// The most rows with anything in them, in all sheets.
const MOST_ROWS: usize = 100_000;
/// The most columns; cells further right are as good as never there.
pub(super) const MOST_COLUMNS: u32 = 200;
/// The most cells with anything in them, in all sheets.
const MOST_CELLS: usize = 2_000_000;

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file is larger than [`LARGEST_FILE`].
    #[error("文件超过 20 MB，请删去无关的工作表和图片，或分成几个文件导入")]
    FileTooLarge,
    /// The parts inflate to more than they may: a zip bomb, or a sheet of a million formatted rows.
    #[error("文件解压后过大，请把有用的行复制到一个新工作簿再导入")]
    InflatesTooFar,
    /// More rows or cells than may be.
    #[error("文件超过 10 万行或 200 万个单元格，请分成几个文件导入")]
    TooManyCells,
    /// Protected by a password.
    #[error("文件有打开密码，请在 Excel 或 WPS 中取消密码后另存为 .xlsx 再导入")]
    Protected,
    /// The binary format of before 2007.
    #[error("文件是旧的 .xls 格式，请在 Excel 或 WPS 中另存为 .xlsx 再导入")]
    OldFormat,
    /// Not a workbook at all.
    #[error("文件不是 Excel 工作簿（改扩展名不会改变内容），请在 Excel 或 WPS 中另存为 .xlsx 再导入")]
    NotAWorkbook,
    /// A workbook that is damaged.
    #[error("工作簿已损坏，请在 Excel 或 WPS 中打开后另存为新的 .xlsx 再导入")]
    Damaged,
    /// The date system of old Macintosh versions, in which each bare number would be read four years off.
    #[error("工作簿使用 1904 日期系统，请在 Excel 选项中取消“使用 1904 日期系统”、核对日期后再导入")]
    OtherDateSystem,
    /// Not a text file.
    #[error("文件不是 CSV 文本，请在 Excel 或 WPS 中另存为 CSV 或 .xlsx 再导入")]
    NotText,
    /// A text in an unknown encoding.
    #[error("看不出文件的文字编码，请另存为 UTF-8 编码的 CSV 再导入")]
    UnknownEncoding,
    /// Nothing in it.
    #[error("文件是空的")]
    Empty,
}

impl From<Unreadable> for Failure {
    fn from(why: Unreadable) -> Self {
        let code = match why {
            Unreadable::FileTooLarge | Unreadable::InflatesTooFar | Unreadable::TooManyCells => Code::TooLarge,
            _ => Code::UnreadableFile,
        };
        Self::new(code, why.to_string())
    }
}

/// Counts rows and cells, over all sheets of a file.
#[derive(Debug, Default)]
pub(super) struct Budget {
    rows: usize,
    cells: usize,
}

impl Budget {
    /// Takes one row.
    pub(super) fn row(&mut self) -> Result<(), Unreadable> {
        self.rows += 1;
        if self.rows > MOST_ROWS { Err(Unreadable::TooManyCells) } else { Ok(()) }
    }

    /// Takes one cell.
    pub(super) fn cell(&mut self) -> Result<(), Unreadable> {
        self.cells += 1;
        if self.cells > MOST_CELLS { Err(Unreadable::TooManyCells) } else { Ok(()) }
    }
}

/// Reads a workbook (.xlsx).
///
/// # Errors
/// [`Unreadable`].
pub fn read_workbook(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    refuse_by_looks(bytes)?;
    if !is_zip(bytes) {
        return Err(Unreadable::NotAWorkbook);
    }
    count_inflated(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    if workbook.has_1904_epoch() {
        return Err(Unreadable::OtherDateSystem);
    }
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut budget = Budget::default();
    names.into_iter().map(|name| read_sheet(&mut workbook, name, &mut budget)).collect()
}

/// Reads a table: a CSV file as one sheet, or the sheets of a workbook for an office that prefers those.
///
/// # Errors
/// [`Unreadable`].
pub fn read_table(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    refuse_by_looks(bytes)?;
    if is_zip(bytes) { read_workbook(bytes) } else { Ok(vec![super::delimited::read(bytes)?]) }
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn refuse_by_looks(bytes: &[u8]) -> Result<(), Unreadable> {
    const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::FileTooLarge);
    }
    if bytes.starts_with(COMPOUND_FILE) {
        // An encrypted .xlsx is a compound file with this stream; an .xls is one without it.
        let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return Err(if encrypted { Unreadable::Protected } else { Unreadable::OldFormat });
    }
    Ok(())
}

/// Inflates every part into nothing and counts: the sizes that a zip declares are claims.
fn count_inflated(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::InflatesTooFar);
    }
    let mut whole = 0u64;
    let mut is_workbook = false;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            Err(zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED)) => {
                return Err(Unreadable::Protected);
            }
            Err(_) => return Err(Unreadable::Damaged),
        };
        is_workbook |= part.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/workbook.xml"));
        let mut limited = part.take(LARGEST_PART + 1);
        let inflated = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|_| Unreadable::Damaged)?;
        whole += inflated;
        if inflated > LARGEST_PART || whole > LARGEST_WHOLE {
            return Err(Unreadable::InflatesTooFar);
        }
    }
    if is_workbook { Ok(()) } else { Err(Unreadable::NotAWorkbook) }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands errors over")]
fn unreadable(error: XlsxError) -> Unreadable {
    tracing::debug!(%error, "A workbook could not be read.");
    match error {
        XlsxError::Password => Unreadable::Protected,
        _ => Unreadable::Damaged,
    }
}

/// Cell by cell: a sheet that claims to reach from A1 to XFD1048576 costs only what it holds.
fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String, budget: &mut Budget) -> Result<Sheet, Unreadable> {
    let mut rows: Vec<SheetRow> = Vec::new();
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(unreadable)?;
    while let Some(found) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = found.get_position();
        let Some(cell) = cell(found.get_value()) else { continue };
        if column >= MOST_COLUMNS {
            continue;
        }
        budget.cell()?;
        let number = row + 1;
        match rows.last() {
            Some(last) if last.number == number => {}
            Some(last) if last.number > number => return Err(Unreadable::Damaged),
            _ => {
                budget.row()?;
                rows.push(SheetRow { number, cells: Vec::new() });
            }
        }
        let cells = &mut rows.last_mut().expect("a row was just made sure of").cells;
        let column = column as usize;
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
    }
    Ok(Sheet { name, typed: true, rows })
}

fn cell(value: &DataRef<'_>) -> Option<Cell> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::SharedString("") => return None,
        DataRef::String(text) if text.is_empty() => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(serial) => Cell::Serial(serial.as_f64()),
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).expect("a new part");
            archive.write_all(content).expect("room");
        }
        archive.finish().expect("closed").into_inner()
    }

    #[test]
    fn a_workbook_is_read_with_types_and_row_numbers() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name("名单").expect("a name");
        sheet.write(0, 0, "工号").expect("cell");
        sheet.write(3, 0, " 甲\u{3000}").expect("cell");
        sheet.write(3, 2, 37_803.0).expect("cell");
        let date = ExcelDateTime::from_ymd(2003, 7, 1).expect("date");
        sheet.write_with_format(3, 3, &date, &Format::new().set_num_format("yyyy-mm-dd")).expect("cell");
        let bytes = workbook.save_to_buffer().expect("saved");
        let sheets = read_workbook(&bytes).expect("read");
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].name, "名单");
        let row = &sheets[0].rows[1];
        assert_eq!(row.number, 4);
        let expected =
            [Cell::Text(" 甲\u{3000}".to_owned()), Cell::Empty, Cell::Number(37_803.0), Cell::Serial(37_803.0)];
        assert_eq!(row.cells, expected);
    }

    #[test]
    fn each_wrong_kind_of_file_is_told_apart() {
        let mut encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        encrypted.resize(600, 0);
        let old = encrypted.clone();
        encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        for (bytes, expected) in [
            (Vec::new(), Unreadable::Empty),
            ("工号,姓名\n1,甲\n".as_bytes().to_vec(), Unreadable::NotAWorkbook),
            (vec![b'x'; 50 << 20], Unreadable::FileTooLarge),
            (old, Unreadable::OldFormat),
            (encrypted, Unreadable::Protected),
            (archive(&[("hello.txt", b"hi")]), Unreadable::NotAWorkbook),
            (archive(&[("xl/workbook.xml", b"<nonsense")]), Unreadable::Damaged),
            (b"PK\x03\x04 and nothing".to_vec(), Unreadable::Damaged),
        ] {
            assert_eq!(read_workbook(&bytes).expect_err("refused"), expected);
        }
    }

    #[test]
    fn a_zip_bomb_is_refused_before_it_is_kept() {
        let zeros = vec![0u8; 65 << 20];
        let bomb = archive(&[("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(read_workbook(&bomb), Err(Unreadable::InflatesTooFar));
        let half = vec![0u8; 44 << 20];
        let many = archive(&[("a", &half), ("b", &half), ("c", &half)]);
        assert_eq!(read_workbook(&many), Err(Unreadable::InflatesTooFar));
        let failure: Failure = Unreadable::InflatesTooFar.into();
        assert_eq!(failure.into_problem().code, Code::TooLarge);
    }

    #[test]
    fn a_cell_in_the_last_corner_costs_nothing() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "工号").expect("cell");
        sheet.write(1_048_575, 16_383, "x").expect("cell");
        sheet.write(1_048_575, 1, "y").expect("cell");
        let sheets = read_workbook(&workbook.save_to_buffer().expect("saved")).expect("read");
        assert_eq!(sheets[0].rows.len(), 2);
        assert_eq!(sheets[0].rows[1].cells.len(), 2);
    }

    #[test]
    fn more_cells_than_a_province_needs_are_refused() {
        let mut budget = Budget::default();
        assert!((0..MOST_ROWS).all(|_| budget.row().is_ok()));
        assert_eq!(budget.row(), Err(Unreadable::TooManyCells));
    }
}
