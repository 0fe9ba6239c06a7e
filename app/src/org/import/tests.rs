//! What the row rules promise, on cases and on random cells.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use crate::day::Day;
use crate::org::import::roster::{self, Facts, KnownOfficer, OfficerRow};
use crate::org::import::table::{Cell, Column, FileFault, Sheet, SheetRow, Table};
use crate::org::import::{date, identity, text, tree};

const HEADINGS: &[&str] = &[
    "工号",
    "姓名",
    "性别",
    "身份证号",
    "单位",
    "部门",
    "职务",
    "职级",
    "人员类别",
    "参加工作时间",
    "进入本院时间",
    "手机号",
    "政治面貌",
    "学历",
    "状态",
];

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn sheet(header: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
    let header = SheetRow { number: 1, cells: header.iter().map(|heading| text(heading)).collect() };
    let rows = rows.into_iter().enumerate().map(|(at, cells)| SheetRow { number: at as u32 + 2, cells });
    Sheet { name: "干警花名册".to_owned(), typed: true, rows: std::iter::once(header).chain(rows).collect() }
}

fn id_number(serial: u32) -> String {
    let body = format!("99999919800101{serial:03}");
    let check = char::from(identity::check_character(body.as_bytes()));
    format!("{body}{check}")
}

fn good(number: &str, serial: u32) -> Vec<Cell> {
    let id_number = id_number(serial);
    [
        number,
        "王刚",
        "男",
        &id_number,
        "甲县人民法院",
        "办公室",
        "",
        "一级科员",
        "司法行政人员",
        "",
        "",
        "13000010001",
        "群众",
        "大学本科",
        "在职",
    ]
    .iter()
    .enumerate()
    .map(|(at, cell)| if at == 9 { Cell::Serial(37_803.0) } else { text(cell) })
    .collect()
}

fn judge(rows: Vec<Vec<Cell>>, officers: &HashMap<String, KnownOfficer>) -> roster::Roster {
    let courts = BTreeSet::from(["甲县人民法院".to_owned(), "乙县人民法院".to_owned()]);
    let facts =
        Facts { courts: &courts, officers, today: day("2026-11-21"), digest: &|number| number.as_bytes().to_vec() };
    roster::judge(&sheet(HEADINGS, rows), &facts).expect("all columns are there")
}

fn why(rows: Vec<Vec<Cell>>) -> Vec<(u32, String, String)> {
    let judged = judge(rows, &HashMap::new()).judged;
    judged.rejected.into_iter().map(|row| (row.row, row.column.unwrap_or_default(), row.why)).collect()
}

/// The row of a good officer with one cell replaced; the refusal of it, or what was put right.
fn with(column: &str, cell: Cell) -> String {
    let mut row = good("A001", 1);
    let at = HEADINGS.iter().position(|heading| *heading == column).expect("a known column");
    row[at] = cell;
    let judged = judge(vec![row], &HashMap::new()).judged;
    match judged.rejected.first() {
        Some(row) => format!("{}: {}", row.column.as_deref().unwrap_or_default(), row.why),
        None => judged.normalised.iter().map(|row| row.what.clone()).collect::<Vec<_>>().join("+"),
    }
}

#[test]
fn each_column_is_put_right_or_refused_for_its_own_reason() {
    for (column, cell, expected) in [
        ("工号", text("００Ａ１"), "全角数字+字母"),
        ("工号", Cell::Number(144.0), "工号: Excel 已把工号变成数值，开头的 0 可能丢失"),
        ("姓名", text("王　刚"), "空格"),
        ("姓名", text("\u{3000}\u{a0}"), "姓名: 空"),
        ("姓名", text("=1+1"), "姓名: 以 = 开头的公式文本"),
        ("性别", text("未知"), "性别: 只能是男或女"),
        ("身份证号", Cell::Number(9.99999197908054e17), "身份证号: Excel 已把号码变成数值，末位丢失"),
        ("身份证号", text("999999800101001"), "身份证号: 15 位旧号码，请换成 18 位"),
        ("身份证号", text("99999919800101001"), "身份证号: 应为 18 位身份证号"),
        ("身份证号", text("999999196702111321"), "身份证号: 校验位不符"),
        ("单位", text("丙县人民法院"), "单位: 组织机构中没有"),
        ("职务", text("三级主办"), "职务“三级主办”不在对照表中，按一般干警处理"),
        ("人员类别", text("仲裁员"), "人员类别: 没有这种人员类别"),
        ("参加工作时间", text("2003年7月"), "文本日期"),
        ("参加工作时间", Cell::Number(37_803.0), "序列号日期"),
        ("参加工作时间", Cell::Number(2003.7), "序列号日期"),
        ("参加工作时间", Cell::Number(2003.1), "参加工作时间: Excel 已把日期变成数值，分不清 1 月和 10 月"),
        ("参加工作时间", text("2031-07-01"), "参加工作时间: 晚于导入日"),
        ("参加工作时间", text("2003年"), "参加工作时间: 只有年份"),
        ("参加工作时间", text("2003-02-30"), "参加工作时间: 日期不存在"),
        ("参加工作时间", Cell::Empty, "参加工作时间: 空"),
        ("参加工作时间", Cell::Fault("#N/A".to_owned()), "参加工作时间: 公式出错：#N/A"),
        ("进入本院时间", text("2027/1/1"), "进入本院时间: 晚于导入日"),
        ("手机号", text("１３００００１０００１"), "全角数字"),
        ("手机号", text("+86 130-0001-0001"), "空格+号码分隔符"),
        ("手机号", Cell::Number(13_000_010_001.0), "数值变文本"),
        ("手机号", text("010-1234567"), "手机号: 应为 11 位手机号"),
        ("状态", text("借调"), "状态: 只能是在职或退休"),
        ("状态", text("退休"), ""),
    ] {
        assert_eq!(with(column, cell.clone()), expected, "{column} {cell:?}");
    }
}

#[test]
fn the_first_column_at_fault_is_named() {
    let mut row = good("A001", 1);
    row[1] = Cell::Empty;
    row[2] = text("未知");
    assert_eq!(why(vec![row]), [(2, "姓名".to_owned(), "空".to_owned())]);
}

#[test]
fn a_number_that_comes_again_is_refused_and_between_courts_with_advice() {
    let mut elsewhere = good("A001", 2);
    elsewhere[4] = text("乙县人民法院");
    let rows = vec![good("A001", 1), good("A001", 1), elsewhere, good("B001", 1)];
    assert_eq!(
        why(rows),
        [
            (3, "工号".to_owned(), "与上一行重复".to_owned()),
            (4, "工号".to_owned(), "其他法院已有此工号，请在工号前加本院代码".to_owned()),
            (5, "身份证号".to_owned(), "与工号 A001 的身份证号相同".to_owned()),
        ],
    );
}

#[test]
fn stored_officers_are_protected_from_somebody_elses_number() {
    let known = |court: &str, name: &str, serial| KnownOfficer {
        court: court.to_owned(),
        name: name.to_owned(),
        id_digest: id_number(serial).into_bytes(),
    };
    for (stored, rejected) in [
        (known("甲县人民法院", "王刚", 1), None),
        (known("乙县人民法院", "王刚", 1), None),
        (known("甲县人民法院", "王刚", 9), None),
        (known("甲县人民法院", "李静", 1), None),
        (known("甲县人民法院", "李静", 9), Some("工号已属于另一人，不能转用")),
        (known("乙县人民法院", "王刚", 9), Some("其他法院已有此工号，请在工号前加本院代码")),
    ] {
        let officers = HashMap::from([("A001".to_owned(), stored.clone())]);
        let judged = judge(vec![good("A001", 1)], &officers).judged;
        assert_eq!(judged.rejected.first().map(|row| row.why.as_str()), rejected, "{stored:?}");
    }
    let officers = HashMap::from([("Z9".to_owned(), known("甲县人民法院", "王刚", 1))]);
    let judged = judge(vec![good("A001", 1)], &officers).judged;
    assert_eq!(judged.rejected[0].why, "与工号 Z9 的身份证号相同");
}

#[test]
fn columns_are_found_by_name_wherever_they_stand() {
    const A: Column = Column::required("签到提前(分钟)", &[]);
    const B: Column = Column::required("姓名", &["名字"]);
    let with = |header: &[&str]| {
        let sheet = sheet(header, vec![vec![text("x"), text("y"), text("z")]]);
        Table::find(&sheet, &[&A, &B]).map(|_| ())
    };
    assert_eq!(with(&["名 字", "别的", "　签到提前（分钟） "]), Ok(()));
    let missing =
        FileFault::MissingColumns { sheet: "干警花名册".to_owned(), columns: vec!["签到提前(分钟)"] };
    assert_eq!(with(&["姓名", "备注"]), Err(missing));
    let repeated = FileFault::RepeatedColumn { sheet: "干警花名册".to_owned(), column: "姓名" };
    assert_eq!(with(&["姓名", "名字", "签到提前(分钟)"]), Err(repeated));
}

#[test]
fn a_tree_with_a_hole_refuses_the_file() {
    let tree = |rows: &[(&str, &str, &str)]| {
        let rows = rows.iter().map(|(name, parent, level)| vec![text(name), text(parent), text(level)]).collect();
        tree::judge(&sheet(&["单位", "上级单位", "层级"], rows), &[])
    };
    let whole = [("乙县法院", "乙市中院", "基层"), ("省高院", "", "高级"), ("乙市中院", "省高院", "中级")];
    let names: Vec<String> = tree(&whole).expect("whole").into_iter().map(|court| court.name).collect();
    assert_eq!(names, ["省高院", "乙市中院", "乙县法院"]);
    for (rows, expected) in [
        (&[("省高院", "", "高级"), ("县法院", "市中院", "基层")][..], "第 3 行上级单位组织机构中没有"),
        (&[("省高院", "", "高级"), ("乙", "省高院", "高级")], "第 3 行层级不低于上级单位的层级"),
        (&[("省高院", "", "高级"), ("乙", "", "中级")], "第 3 行上级单位空，而最上级已是省高院"),
        (&[("省高院", "", "高级"), ("省高院", "", "高级")], "第 3 行单位与上一行重复"),
        (&[("省高院", "", "最高")], "第 2 行层级只能是高级、中级或基层"),
        (&[("甲", "乙", "中级"), ("乙", "甲", "中级")], "层级不低于上级单位的层级"),
    ] {
        let fault = tree(rows).expect_err("has a hole").to_string();
        assert!(fault.contains(expected), "{fault}");
    }
}

#[test]
fn dates_are_read_in_every_usual_form() {
    for written in [
        "2003-07-01",
        "2003/7/1",
        "2003.7",
        "20030701",
        "200307",
        "２００３年７月",
        "2003年7月1日",
        "2003-07-01 00:00:00",
        "37803",
    ] {
        let read = date::day(&text(written)).expect(written);
        assert_eq!(read.map(|(day, _)| day), Some(day("2003-07-01")), "{written}");
    }
    for written in ["七月", "03-07-01", "2003-13", "2003-7-1-1", "1800-01-01", "-2003-07", "明天 8:00", "年", "：:"]
    {
        assert!(date::day(&text(written)).is_err(), "{written}");
    }
    for (cell, minute) in [
        (text("8:30"), 510),
        (text("０８：３０"), 510),
        (text("8点30分"), 510),
        (text("08:30:00"), 510),
        (Cell::Serial(0.354_166_666_666_667), 510),
        (Cell::Number(0.5), 720),
        (Cell::Serial(46_349.75), 1080),
    ] {
        assert_eq!(date::minute(&cell), Ok(Some(minute)), "{cell:?}");
    }
    for cell in [text("25:00"), text("8"), text("8:3x"), Cell::Number(f64::NAN), Cell::Number(-1.0), Cell::Bool(true)] {
        assert!(date::minute(&cell).is_err(), "{cell:?}");
    }
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        any::<f64>().prop_map(Cell::Number),
        any::<f64>().prop_map(Cell::Serial),
        (0.0..90_000_000.0f64).prop_map(Cell::Number),
        (0u32..90_000).prop_map(|serial| Cell::Serial(f64::from(serial))),
        any::<bool>().prop_map(Cell::Bool),
        ".{0,24}".prop_map(Cell::Text),
        "[0-9０-９:：./年月日 　Xx-]{0,20}".prop_map(Cell::Text),
        "#[A-Z/]{1,6}".prop_map(Cell::Fault),
    ]
}

fn written(officer: &OfficerRow) -> Vec<Cell> {
    let optional = |value: &Option<String>| value.as_deref().map_or(Cell::Empty, text);
    let serial = |day: Day| Cell::Serial(day.days_since(Day::new(1900, 1, 1).expect("exists").plus(-2)) as f64);
    vec![
        text(&officer.number),
        text(&officer.name),
        text(officer.sex.text()),
        text(&officer.id_number),
        text(&officer.court),
        text(&officer.department),
        optional(&officer.post),
        optional(&officer.rank),
        text(officer.category.text()),
        serial(officer.started_work_on),
        officer.joined_court_on.map_or(Cell::Empty, serial),
        optional(&officer.phone),
        optional(&officer.political),
        optional(&officer.education),
        text(officer.status.text()),
    ]
}

proptest! {
    #[test]
    fn no_cell_makes_the_rules_panic(rows in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..17), 0..6)) {
        let count = rows.iter().filter(|row| !row.iter().all(Cell::is_blank)).count();
        let judged = judge(rows, &HashMap::new()).judged;
        prop_assert_eq!(judged.rows as usize, count);
        prop_assert_eq!(judged.good.len() + judged.rejected.len(), count);
    }

    #[test]
    fn one_bad_cell_refuses_the_row_or_the_value_read_is_a_fixed_point(at in 0usize..15, cell in any_cell()) {
        let mut row = good("A001", 1);
        row[at] = cell;
        let judged = judge(vec![row], &HashMap::new()).judged;
        if let Some((_, good)) = judged.good.first() {
            let again = judge(vec![written(&good.officer)], &HashMap::new()).judged;
            prop_assert_eq!(&again.good.first().map(|(_, row)| &row.officer), &Some(&good.officer));
            let known_post = again.normalised.iter().all(|row| row.what.contains("对照表"));
            prop_assert!(known_post, "{:?}", again.normalised);
        }
    }

    #[test]
    fn cleaning_is_a_fixed_point(written in ".{0,40}") {
        for clean in [text::clean, text::clean_code, text::clean_name] {
            let once = clean(&written).text;
            let twice = clean(&once);
            prop_assert_eq!(&twice.text, &once);
            prop_assert!(!(twice.spaces || twice.digits || twice.letters));
        }
    }

    #[test]
    fn any_cell_is_a_day_and_a_minute_or_none(cell in any_cell()) {
        if let Ok(Some((day, _))) = date::day(&cell) {
            prop_assert_eq!(date::day(&text(&day.to_string())).ok().flatten().map(|(day, _)| day), Some(day));
        }
        if let Ok(Some(minute)) = date::minute(&cell) {
            prop_assert!((0..1440).contains(&minute));
        }
    }

    #[test]
    fn one_wrong_digit_never_passes_the_check(serial in 0u32..1000, at in 0usize..17, shift in 1u8..10) {
        let number = id_number(serial);
        prop_assert_eq!(identity::check(&number), Ok(()));
        let mut wrong = number.into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + shift) % 10;
        let wrong = String::from_utf8(wrong).expect("digits");
        prop_assert!(identity::check(&wrong).is_err());
    }
}
