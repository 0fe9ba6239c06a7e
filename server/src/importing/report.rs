//! The report of an import, for people: an Excel workbook and a few lines of text.

use app::org::api::{DocketHearing, ImportCounts, ImportKind, ImportRun};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::error::Failure;

/// The media type of the workbook.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What an import is called on screen.
pub fn title(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Roster => "干警花名册",
        ImportKind::Training => "培训班",
        ImportKind::Hearings => "庭审排期",
        ImportKind::Balances => "年休假余额",
    }
}

/// The report as a workbook of three sheets: the counts, the rows that stayed out, the rows that were put right.
///
/// # Errors
/// The workbook cannot be written, which would be an error of this program.
pub fn workbook(run: &ImportRun) -> Result<Vec<u8>, Failure> {
    write(run).map_err(Failure::internal)
}

fn write(run: &ImportRun) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let empty = ImportCounts::default();
    let counts = run.report.get(run.kind.as_str()).unwrap_or(&empty);
    let summary = workbook.add_worksheet();
    let done = if run.dry_run { "试导入，未写入" } else { "已导入" };
    let mut lines = vec![
        ("文件种类", title(run.kind).to_owned()),
        ("结果", done.to_owned()),
        ("数据行", counts.rows.to_string()),
        ("可用", counts.accepted.to_string()),
        ("有变化", counts.changed.to_string()),
        ("未导入", counts.rejected.len().to_string()),
        ("已自动规范", counts.normalised.len().to_string()),
    ];
    lines.extend(counts.courts.map(|courts| ("法院", courts.to_string())));
    lines.extend(counts.lessons.map(|lessons| ("课程", lessons.to_string())));
    lines.extend(counts.trainees.map(|trainees| ("学员", trainees.to_string())));
    let lines: Vec<Vec<String>> = lines.into_iter().map(|(key, value)| vec![key.to_owned(), value]).collect();
    table(summary, "概况", &["项目", "内容"], &lines)?;
    let rejected: Vec<Vec<String>> = counts
        .rejected
        .iter()
        .map(|row| vec![row.row.to_string(), row.column.clone().unwrap_or_default(), row.why.clone()])
        .collect();
    table(workbook.add_worksheet(), "未导入的行", &["行号", "列", "原因"], &rejected)?;
    let normalised: Vec<Vec<String>> =
        counts.normalised.iter().map(|row| vec![row.row.to_string(), row.what.clone()]).collect();
    table(workbook.add_worksheet(), "已规范的行", &["行号", "规范了什么"], &normalised)?;
    if let Some(absent) = &counts.absent {
        let absent: Vec<Vec<String>> = absent.iter().map(|number| vec![number.clone()]).collect();
        table(workbook.add_worksheet(), "新名册中没有的人员", &["工号"], &absent)?;
    }
    let gone = vanished(counts);
    if !gone.is_empty() {
        let head = ["案号", "承办法官工号", "姓名", "开庭时间", "处理"];
        table(workbook.add_worksheet(), "文件中已没有的庭审", &head, &gone)?;
    }
    workbook.save_to_buffer()
}

/// The hearings that a docket does not have, each with what becomes of it.
fn vanished(counts: &ImportCounts) -> Vec<Vec<String>> {
    let lists = [
        (&counts.cancelled, "已改期或已取消，原排期取消"),
        (&counts.elsewhere, "同案在文件日期之外的排期，保留"),
        (&counts.missing, "文件的日期和部门内没有，保留"),
    ];
    let line = |hearing: &DocketHearing, what: &str| {
        let (day, hour, minute) = (hearing.day, hearing.starts_minute / 60, hearing.starts_minute % 60);
        let (case_number, number, name) = (&hearing.case_number, &hearing.officer, &hearing.name);
        vec![case_number.clone(), number.clone(), name.clone(), format!("{day} {hour:02}:{minute:02}"), what.to_owned()]
    };
    lists.into_iter().flat_map(|(list, what)| list.iter().map(move |hearing| line(hearing, what))).collect()
}

/// Every cell is written as text: a 工号 keeps its zeros, and nothing that somebody typed becomes a formula.
fn table(sheet: &mut Worksheet, name: &str, header: &[&str], rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_bold().set_num_format("@");
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0u16..).zip(header) {
        sheet.write_string_with_format(0, column, *heading, &bold)?;
        sheet.set_column_width(column, if column + 1 == header.len() as u16 { 60.0 } else { 16.0 })?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, &text)?;
        }
    }
    Ok(())
}

/// The report in a few lines, for the command line.
pub fn lines(run: &ImportRun) -> String {
    let empty = ImportCounts::default();
    let counts = run.report.get(run.kind.as_str()).unwrap_or(&empty);
    let verb = if run.dry_run { "将有" } else { "已有" };
    let mut text = format!(
        "{}：{} 行，可用 {} 行，{verb} {} 行变化，未导入 {} 行，规范 {} 处\n",
        title(run.kind),
        counts.rows,
        counts.accepted,
        counts.changed,
        counts.rejected.len(),
        counts.normalised.len(),
    );
    for row in &counts.rejected {
        text.push_str(&format!("  第 {} 行 {}：{}\n", row.row, row.column.as_deref().unwrap_or("整行"), row.why));
    }
    for row in &counts.normalised {
        text.push_str(&format!("  第 {} 行已规范：{}\n", row.row, row.what));
    }
    for line in vanished(counts) {
        text.push_str(&format!("  文件中已没有：{}\n", line.join(" ")));
    }
    for number in counts.absent.iter().flatten() {
        text.push_str(&format!("  新名册中没有，保持不变：{number}\n"));
    }
    text
}
