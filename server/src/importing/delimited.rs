//! Reading a CSV file as Chinese offices write it: UTF-8 with or without a mark, GB18030, or UTF-16 from Excel's
//! "Unicode text"; commas, semicolons or tabs.

use std::borrow::Cow;

use app::org::import::{Cell, Sheet, SheetRow};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::workbook::{Budget, MOST_COLUMNS, Unreadable};

/// Reads the file as one sheet without types.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut budget = Budget::default();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    // A line break inside quotes does not begin a row in Excel; an empty line is a row.
    let (mut at, mut breaks, mut breaks_inside) = (0, 0, 0);
    while reader.read_record(&mut record).map_err(|_| Unreadable::NotText)? {
        let start = record.position().map_or(0, |position| position.byte() as usize);
        // The reader points at the end of the line before where that line ended in two characters or lines are empty.
        let start = start + text.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        breaks += line_breaks(&text[at..start]);
        at = start;
        let number = u32::try_from(1 + breaks - breaks_inside).map_err(|_| Unreadable::TooManyCells)?;
        budget.row()?;
        let mut cells = Vec::with_capacity(record.len());
        for field in record.iter() {
            breaks_inside += line_breaks(field);
            if cells.len() < MOST_COLUMNS as usize {
                budget.cell()?;
                cells.push(if field.is_empty() { Cell::Empty } else { Cell::Text(field.to_owned()) });
            }
        }
        rows.push(SheetRow { number, cells });
    }
    if rows.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(Sheet { name: "CSV".to_owned(), typed: false, rows })
}

/// How many lines end in a text: by `\n`, `\r\n` or a lone `\r`.
fn line_breaks(text: &str) -> usize {
    let lone = text.split('\n').map(|line| line.trim_end_matches('\r').matches('\r').count()).sum::<usize>();
    let trailing = usize::from(text.ends_with('\r'));
    text.matches('\n').count() + lone + trailing
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let wide = match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = wide {
        let (text, broken) = encoding.decode_with_bom_removal(bytes);
        return if broken { Err(Unreadable::UnknownEncoding) } else { Ok(text) };
    }
    // No text of a spreadsheet holds a zero byte, every picture and program does.
    if bytes.contains(&0) {
        return Err(Unreadable::NotText);
    }
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(plain) {
        return Ok(Cow::Borrowed(text));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(plain) {
        Some(text) => Ok(text),
        None => Err(Unreadable::UnknownEncoding),
    }
}

/// The mark that parts the header best.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|mark| (count(*mark), *mark == b',')).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "工号,假别\r\n0001,年休假\r\n\r\n0002,\"年\n休假\"\r\n0003,\r\n";

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<Cell>)> {
        let sheet = read(bytes).expect("read");
        sheet.rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    #[test]
    fn each_encoding_reads_the_same() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let expected = vec![
            (1, vec![text("工号"), text("假别")]),
            (2, vec![text("0001"), text("年休假")]),
            (4, vec![text("0002"), text("年\n休假")]),
            (5, vec![text("0003"), Cell::Empty]),
        ];
        let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        let national = GB18030.encode(TEXT).0.into_owned();
        let wide: Vec<u8> = "\u{FEFF}".encode_utf16().chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [TEXT.as_bytes(), &marked, &national, &wide] {
            assert_eq!(rows(bytes), expected);
        }
        assert_eq!(rows("工号\t假别\n1\t\"a,b\"\n".as_bytes())[1].1, [text("1"), text("a,b")]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(Unreadable::NotText));
        assert_eq!(read(b"\xFF\x81\xFF\xFF"), Err(Unreadable::UnknownEncoding));
        assert_eq!(read(b"\xEF\xBB\xBF"), Err(Unreadable::Empty));
    }
}
