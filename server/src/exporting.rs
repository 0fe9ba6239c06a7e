//! Tables that leave the house as an Excel workbook of one sheet.

use app::day::{Day, Timestamp, Zone};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text as it is, whatever it begins with: a 工号 keeps its zeros, and nothing that somebody typed is a formula.
    Text(String),
    /// A day, as Excel knows days.
    Day(Day),
    /// An instant, as the time of day in a zone.
    Moment(Zone, Timestamp),
    /// Half days, shown as days.
    HalfDays(i64),
    /// A whole number.
    Count(i64),
}

/// What a spreadsheet could take for the beginning of a formula, were the cell ever typed anew or saved as CSV.
const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The formats of the cells.
struct Formats {
    head: Format,
    text: Format,
    /// Text that would be a formula if it were typed: Excel shows it with a leading apostrophe, and leaves it text.
    quoted: Format,
    day: Format,
    moment: Format,
}

/// A workbook with a frozen heading and a row for each of `rows`.
///
/// # Errors
/// A text is longer than a cell can be (32,767 characters), or the workbook cannot be written.
pub(crate) fn workbook(name: &str, head: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats {
        head: Format::new().set_bold().set_num_format("@"),
        text: Format::new().set_num_format("@"),
        quoted: Format::new().set_num_format("@").set_quote_prefix(),
        day: Format::new().set_num_format("yyyy-mm-dd"),
        moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
    };
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0u16..).zip(head) {
        sheet.write_string_with_format(0, column, *heading, &formats.head)?;
        sheet.set_column_width(column, 16)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            write(sheet, row, column, cell, &formats)?;
        }
    }
    workbook.save_to_buffer()
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => {
            let format = if text.starts_with(FORMULA_SIGNS) { &formats.quoted } else { &formats.text };
            sheet.write_string_with_format(row, column, text, format)?;
        }
        Cell::Day(day) => {
            sheet.write_datetime_with_format(row, column, excel_day(*day)?, &formats.day)?;
        }
        Cell::Moment(zone, at) => {
            let (day, minute) = (zone.day(*at), zone.minute_of_day(*at));
            let hour = u16::try_from(minute / 60).unwrap_or(0);
            let minute = u8::try_from(minute % 60).unwrap_or(0);
            sheet.write_datetime_with_format(
                row,
                column,
                excel_day(day)?.and_hms(hour, minute, 0)?,
                &formats.moment,
            )?;
        }
        // A spreadsheet knows numbers only as floating point; halves are exact there.
        Cell::HalfDays(half_days) => {
            sheet.write_number(row, column, exact(*half_days) / 2.0)?;
        }
        Cell::Count(count) => {
            sheet.write_number(row, column, exact(*count))?;
        }
    }
    Ok(())
}

fn exact(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

fn excel_day(day: Day) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), day.month(), day.day_of_month())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text_and_a_day_is_a_day() {
        let texts = ["=1+1", "+86", "-2", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\")", "000123", "\t=1"];
        let day = Day::new(2026, 11, 25).expect("exists");
        let mut row: Vec<Cell> = texts.map(|text| Cell::Text(text.to_owned())).to_vec();
        row.extend([
            Cell::Day(day),
            Cell::HalfDays(3),
            Cell::Count(2),
            Cell::Moment(Zone::SHANGHAI, Zone::SHANGHAI.at(day, 545)),
        ]);
        let bytes = workbook("表", &["甲"; 11], &[row]).expect("a workbook");
        let mut read: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("it opens");
        let formulas = read.worksheet_formula("表").expect("the sheet");
        assert_eq!(formulas.used_cells().count(), 0);
        let sheet = read.worksheet_range("表").expect("the sheet");
        for (column, text) in texts.iter().enumerate() {
            assert_eq!(sheet.get((1, column)), Some(&Data::String((*text).to_owned())), "{text}");
        }
        let shown = |column: usize| sheet.get((1, column)).map(ToString::to_string).unwrap_or_default();
        assert!(matches!(sheet.get((1, 7)), Some(Data::DateTime(_))), "{:?}", sheet.get((1, 7)));
        assert_eq!((shown(8).as_str(), shown(9).as_str()), ("1.5", "2"));
        assert!(matches!(sheet.get((1, 10)), Some(Data::DateTime(_))));
    }
}
