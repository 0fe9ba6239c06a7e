//! Reading days and times of day in the forms that people type.

use crate::day::Day;
use crate::org::import::text::clean_code;
use crate::org::import::{Cell, Fix};

/// The first year that a date in these files may lie in: nobody who is in the records began to work earlier.
const FIRST_YEAR: i32 = 1930;

/// The last year that a date in these files may lie in.
const LAST_YEAR: i32 = 2100;

/// Serial numbers of the days that a bare number can mean: 1930-01-01 to 2100-12-31 in the 1900 date system.
const SERIALS: std::ops::RangeInclusive<f64> = 10_959.0..=73_415.0;

const NOT_A_DATE: &str = "不是日期";
const NO_SUCH_DAY: &str = "日期不存在";
const YEAR_OUT_OF_RANGE: &str = "年份不合理";
const YEAR_ONLY: &str = "只有年份";
const AMBIGUOUS_MONTH: &str = "Excel 已把日期变成数值，分不清 1 月和 10 月";

/// Reads a day. `None` for an empty cell; the fix says that it was no date cell of Excel.
///
/// # Errors
/// Why the cell holds no day, in Chinese.
pub fn day(cell: &Cell) -> Result<Option<(Day, Option<Fix>)>, &'static str> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Serial(serial) => of_serial(*serial).map(|day| Some((day, None))),
        Cell::Number(number) => of_number(*number).map(|day| Some((day, Some(Fix::SerialDate)))),
        Cell::Text(text) => {
            let text = clean_code(text).text;
            if text.is_empty() {
                return Ok(None);
            }
            of_text(&text).map(Some)
        }
        Cell::Bool(_) | Cell::Fault(_) => Err(NOT_A_DATE),
    }
}

/// Day 0 of Excel's 1900 date system is 30 December 1899: Excel counts a 29 February 1900 that never was.
fn of_serial(serial: f64) -> Result<Day, &'static str> {
    if !SERIALS.contains(&serial.floor()) {
        return Err(if serial.is_finite() { YEAR_OUT_OF_RANGE } else { NOT_A_DATE });
    }
    let epoch = Day::new(1900, 1, 1).expect("the day exists").plus(-2);
    Ok(epoch.plus(serial.floor() as i64))
}

fn of_number(number: f64) -> Result<Day, &'static str> {
    if SERIALS.contains(&number) {
        return of_serial(number);
    }
    if !(1000.0..100_000_000.0).contains(&number) {
        return Err(NOT_A_DATE);
    }
    // 2003.7 and 2003.12 typed into a cell that is not a date; 2003.10 is lost, it has become 2003.1.
    let text = number.to_string();
    match text.split_once('.') {
        Some((_, "1")) => Err(AMBIGUOUS_MONTH),
        _ => of_text(&text).map(|(day, _)| day),
    }
}

fn of_text(text: &str) -> Result<(Day, Option<Fix>), &'static str> {
    let date = without_time(text);
    let parts: Vec<&str> = date.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let marks: String = date.chars().filter(|c| !c.is_ascii_digit()).map(half_width_mark).collect();
    let known = ["", "-", "--", "/", "//", ".", "..", "年", "年月", "年月日", "年月号"].contains(&marks.as_str());
    if !known || !date.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(NOT_A_DATE);
    }
    let number = |part: &str| part.parse::<u32>().map_err(|_| NOT_A_DATE);
    let (year, month, day) = match parts.as_slice() {
        [digits] if marks.is_empty() => match digits.len() {
            8 => (number(&digits[..4])?, number(&digits[4..6])?, number(&digits[6..])?),
            6 => (number(&digits[..4])?, number(&digits[4..])?, 1),
            5 => {
                let serial = f64::from(number(digits)?);
                return of_serial(serial).map(|day| (day, Some(Fix::SerialDate)));
            }
            4 => return Err(YEAR_ONLY),
            _ => return Err(NOT_A_DATE),
        },
        [_] => return Err(YEAR_ONLY),
        [year, month] if year.len() == 4 => (number(year)?, number(month)?, 1),
        [year, month, day] if year.len() == 4 => (number(year)?, number(month)?, number(day)?),
        _ => return Err(NOT_A_DATE),
    };
    let year = i32::try_from(year).map_err(|_| NOT_A_DATE)?;
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(YEAR_OUT_OF_RANGE);
    }
    let part = |value: u32| u8::try_from(value).map_err(|_| NO_SUCH_DAY);
    let day = Day::new(year, part(month)?, part(day)?).ok_or(NO_SUCH_DAY)?;
    Ok((day, Some(Fix::TextDate)))
}

fn half_width_mark(c: char) -> char {
    match c {
        '－' => '-',
        '／' => '/',
        '．' => '.',
        _ => c,
    }
}

/// Leaves out a time of day that a system's export puts behind a date (`2003-07-0100:00:00` once spaces are gone).
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let start = colon.saturating_sub(2);
    match text.get(..start) {
        Some(date) => date.strip_suffix('T').unwrap_or(date),
        None => text,
    }
}

/// Reads a time of day in minutes after midnight, 0 to 1439. `None` for an empty cell.
///
/// # Errors
/// Why the cell holds no time of day, in Chinese.
pub fn minute(cell: &Cell) -> Result<Option<i32>, &'static str> {
    const NOT_A_TIME: &str = "不是时间";
    match cell {
        Cell::Empty => Ok(None),
        Cell::Serial(days) | Cell::Number(days) if days.is_finite() && (0.0..SERIALS.end() + 1.0).contains(days) => {
            // Excel keeps a time as a fraction of a day; 08:30 comes as 0.354166…, so the nearest minute is meant.
            let minute = (days.fract() * 1440.0).round() as i32;
            if minute < 1440 { Ok(Some(minute)) } else { Err(NOT_A_TIME) }
        }
        Cell::Text(text) => {
            let text = clean_code(text).text;
            if text.is_empty() {
                return Ok(None);
            }
            let mut parts = text.split([':', '：', '时', '点']);
            let (Some(hour), Some(minute)) = (parts.next(), parts.next()) else {
                return Err(NOT_A_TIME);
            };
            let minute = if minute.is_empty() { "0" } else { minute.trim_end_matches('分') };
            let read = |part: &str, bound: i32| {
                let short = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
                part.parse::<i32>().ok().filter(|value| short && *value < bound).ok_or(NOT_A_TIME)
            };
            let seconds = parts.next().map_or(Ok(0), |part| read(part, 60))?;
            if seconds != 0 || parts.next().is_some() {
                return Err(NOT_A_TIME);
            }
            Ok(Some(read(hour, 24)? * 60 + read(minute, 60)?))
        }
        _ => Err(NOT_A_TIME),
    }
}
