//! Imports of HR files, on the sample province and on files made here.

use std::collections::HashMap;

use app::api::{Code, Problem};
use app::leave::conflict::{Effect, Settings};
use app::org::api::{DocketHearing, ImportCounts, ImportKind, ImportRun};
use axum::http::{Method, StatusCode};
use rust_xlsxwriter::Workbook;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use server::audit::Actor;
use server::entity::{department, hearing, leave_entry, lesson, officer, trainee};
use server::error::Failure;
use server::importing::hearings::Cancel;
use server::importing::{Context, Mode, import};
use tests::world::{ADMIN, BASIC_CLERK, BASIC_HR, CLERK, COLLEAGUE, DEPUTY, HR, OTHER_HEAD};
use tests::{Client, TestApp, at, fixture, on_both};

use crate::leave::conflicts::{choose, warned};
use crate::leave::{asking, ledger_sum};

on_both!(
    the_sample_province_is_found_as_expected,
    a_newer_roster_changes_what_is_new,
    an_opening_balance_adjusts_by_the_difference,
    a_bracket_reached_after_an_opening_balance_adds_its_difference,
    a_changed_plan_keeps_its_lessons,
    a_file_is_uploaded_looked_at_and_applied,
    an_office_imports_for_its_own_courts_only,
    nobody_imports_his_own_balance,
    a_docket_that_comes_again_moves_and_cancels_hearings,
);

async fn run(app: &TestApp, kind: ImportKind, bytes: Vec<u8>, mode: Mode) -> Result<ImportCounts, Problem> {
    let ctx = Context {
        database: &app.state.database,
        secrets: &app.state.secrets,
        clock: &app.clock,
        zone: app.state.config.zone,
        actor: Actor::command_line(),
        covers: None,
        cancel: Cancel::default(),
    };
    let run = import(&ctx, kind, bytes, mode).await.map_err(Failure::into_problem)?;
    Ok(run.report[kind.as_str()].clone())
}

async fn apply(app: &TestApp, kind: ImportKind, bytes: Vec<u8>) -> ImportCounts {
    run(app, kind, bytes, Mode::Apply).await.expect("the file can be read")
}

/// A workbook of text cells.
fn workbook(sheets: &[(&str, Vec<Vec<&str>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).expect("a sheet's name");
        for (row, cells) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(cells) {
                sheet.write_string(row, column, *cell).expect("a cell");
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook in memory")
}

async fn the_sample_province_is_found_as_expected(app: TestApp) {
    let expected: serde_json::Value = serde_json::from_slice(&fixture("expected.json")).expect("JSON");
    let officers = || officer::Entity::find().count(app.state.database.read());
    for (mode, changed, stored) in [(Mode::Look, 1204, 0), (Mode::Apply, 1204, 1204), (Mode::Apply, 0, 1204)] {
        let found = run(&app, ImportKind::Roster, fixture("roster.xlsx"), mode).await.expect("readable");
        let wire = serde_json::to_value(&found).expect("JSON");
        for (key, value) in expected["roster"].as_object().expect("an object") {
            assert_eq!(&wire[key], value, "{key}");
        }
        assert_eq!((found.changed, found.absent), (changed, Some(Vec::new())));
        assert_eq!(officers().await.expect("counted"), stored);
    }
    for changed in [252, 0] {
        let found = apply(&app, ImportKind::Training, fixture("training-plan.xlsx")).await;
        let wire = serde_json::to_value(&found).expect("JSON");
        for (key, value) in expected["training"].as_object().expect("an object") {
            assert_eq!(&wire[key], value, "{key}");
        }
        assert_eq!((found.rows, found.accepted, found.changed), (254, 252, changed));
    }
    for (kind, file, rows) in [(ImportKind::Hearings, "hearings.csv", 600), (ImportKind::Balances, "balances.csv", 401)]
    {
        for changed in [rows, 0] {
            let found = apply(&app, kind, fixture(file)).await;
            assert_eq!((found.rows, found.accepted, found.changed), (rows, rows, changed), "{file}");
            assert_eq!((found.rejected, found.normalised), (Vec::new(), Vec::new()), "{file}");
        }
    }
    let hearings = hearing::Entity::find().count(app.state.database.read()).await.expect("counted");
    assert_eq!(hearings, 600);
    let padded = app.officer("000232").await;
    assert_eq!(padded.name, "朱飞宇");
    let opened = app.state.secrets.open(&app.officer("050021").await.phone.expect("a phone")).expect("our key");
    assert_eq!(opened, b"13000010612");
    assert_ne!(padded.id_number, b"999999198907212330", "never stored in the clear");
}

const TREE: &[[&str; 3]] = &[
    ["单位", "上级单位", "层级"],
    ["江南省高院", "", "高级"],
    ["甲市中院", "江南省高院", "中级"],
    ["乙县法院", "甲市中院", "基层"],
];

fn roster(header: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let rows = std::iter::once(header).chain(rows.iter().copied()).map(<[&str]>::to_vec).collect();
    workbook(&[("组织机构", TREE.iter().map(|row| row.to_vec()).collect()), ("干警花名册", rows)])
}

const HEADER: &[&str] =
    &["工号", "姓名", "性别", "身份证号", "单位", "部门", "职务", "人员类别", "参加工作时间", "手机号", "状态"];
const WANG: &[&str] = &[
    "A1",
    "王一",
    "男",
    "999999197410280018",
    "甲市中院",
    "立案庭",
    "庭长",
    "法官",
    "2001-07-01",
    "13000000001",
    "在职",
];
const LI: &[&str] = &[
    "A2",
    "李二",
    "女",
    "99999919670714002X",
    "甲市中院",
    "立案庭",
    "",
    "书记员",
    "2005-07-01",
    "13000000002",
    "在职",
];

async fn a_newer_roster_changes_what_is_new(app: TestApp) {
    assert_eq!(apply(&app, ImportKind::Roster, roster(HEADER, &[WANG, LI])).await.changed, 2);
    let before = app.officer("A1").await;

    // Without two columns and one officer: nothing is lost, and who is missing is named.
    let narrow: Vec<&str> =
        WANG.iter().enumerate().filter(|(n, _)| ![6, 9].contains(n)).map(|(_, cell)| *cell).collect();
    let header: Vec<&str> =
        HEADER.iter().enumerate().filter(|(n, _)| ![6, 9].contains(n)).map(|(_, cell)| *cell).collect();
    let found = apply(&app, ImportKind::Roster, roster(&header, &[&narrow])).await;
    assert_eq!((found.changed, found.absent), (0, Some(vec!["A2".to_owned()])));
    assert_eq!(app.officer("A1").await, before);

    // Promoted, moved to another court, retired.
    let promoted: Vec<&str> = [&WANG[..4], &["乙县法院", "院领导", "院长"], &WANG[7..]].concat();
    let retired: Vec<&str> = [&LI[..10], &["退休"]].concat();
    let found = apply(&app, ImportKind::Roster, roster(HEADER, &[&promoted, &retired])).await;
    assert_eq!((found.changed, found.rejected), (2, Vec::new()));
    let after = app.officer("A1").await;
    assert_eq!((after.id, after.post_class.as_str()), (before.id, "president"));
    assert_eq!(app.officer("A2").await.status, "retired");
    let departments = department::Entity::find().count(app.state.database.read()).await.expect("counted");
    assert_eq!(departments, 2);

    // Another court uses the number for somebody else; somebody has two numbers.
    let clash: Vec<&str> =
        ["A1", "赵三", "男", "999999196711180032", "甲市中院"].iter().chain(&WANG[5..]).copied().collect();
    let double: Vec<&str> = std::iter::once("A9").chain(LI[1..].iter().copied()).collect();
    let found = apply(&app, ImportKind::Roster, roster(HEADER, &[&clash, &double])).await;
    let why: Vec<&str> = found.rejected.iter().map(|row| row.why.as_str()).collect();
    assert_eq!(why, ["其他法院已有此工号，请在工号前加本院代码", "与工号 A2 的身份证号相同"]);
    assert_eq!(found.changed, 0);

    let refused = run(&app, ImportKind::Roster, roster(&["工号", "姓名"], &[]), Mode::Apply).await;
    let problem = refused.expect_err("columns are missing");
    assert_eq!(problem.code, Code::UnreadableFile);
    assert!(problem.detail.contains("身份证号、单位、部门、人员类别、参加工作时间"), "{}", problem.detail);
}

async fn an_opening_balance_adjusts_by_the_difference(app: TestApp) {
    app.world().await;
    let officer = app.officer(CLERK).await;
    let ledger = async || -> Vec<(String, i64)> {
        let rows = leave_entry::Entity::find().filter(leave_entry::Column::OfficerId.eq(officer.id));
        let rows = rows.order_by_asc(leave_entry::Column::Id).all(app.state.database.read()).await;
        rows.expect("read").into_iter().map(|row| (row.kind, row.half_days)).collect()
    };
    let file = |days: &str| format!("工号,年度,假别,剩余天数\n{CLERK},2026,年休假,{days}\n").into_bytes();
    assert_eq!(apply(&app, ImportKind::Balances, file("7.5")).await.changed, 1);
    assert_eq!(ledger().await, [("grant".to_owned(), 15)]);
    app.pass(60);
    assert_eq!(apply(&app, ImportKind::Balances, file("7.5")).await.changed, 0);
    assert_eq!(apply(&app, ImportKind::Balances, file("5")).await.changed, 1);
    assert_eq!(ledger().await, [("grant".to_owned(), 15), ("adjust".to_owned(), -5)]);
    for (days, why) in [("7.25", "只能以 0.5 为单位"), ("-1", "不能小于 0"), ("", "空"), ("很多", "不是数字")]
    {
        let found = apply(&app, ImportKind::Balances, file(days)).await;
        assert_eq!((found.rejected[0].row, found.rejected[0].why.as_str()), (2, why), "{days}");
    }
}

async fn a_bracket_reached_after_an_opening_balance_adds_its_difference(app: TestApp) {
    app.world().await;
    // Twenty years of work are complete on 15 March 2027; the new number is due from April on.
    let started = time::Date::from_calendar_date(2007, time::Month::March, 15).unwrap();
    officer::Entity::update_many()
        .col_expr(officer::Column::StartedWorkOn, Expr::value(started))
        .filter(officer::Column::Number.is_in([CLERK, COLLEAGUE]))
        .exec(app.state.database.write())
        .await
        .unwrap();
    let look = async |day: &str| {
        app.clock.set(at(day, 1, 0));
        server::leave::year::run_due(&app.state).await.unwrap();
        [ledger_sum(&app, CLERK, "annual").await, ledger_sum(&app, COLLEAGUE, "annual").await]
    };
    let file =
        |number: &str, days: &str| format!("工号,年度,假别,剩余天数\n{number},2027,年休假,{days}\n").into_bytes();
    assert_eq!(apply(&app, ImportKind::Balances, file(CLERK, "8")).await.changed, 1);
    assert_eq!(look("2027-03-31").await, [16, 20]);
    assert_eq!(look("2027-04-01").await, [26, 30], "the difference between the brackets");
    assert_eq!(apply(&app, ImportKind::Balances, file(CLERK, "8")).await.changed, 0);
    assert_eq!(look("2027-04-02").await, [26, 30]);
    // A figure of a day when the bracket was due has it already.
    assert_eq!(apply(&app, ImportKind::Balances, file(COLLEAGUE, "8")).await.changed, 1);
    assert_eq!(apply(&app, ImportKind::Balances, file(CLERK, "20")).await.changed, 1);
    assert_eq!(look("2027-05-01").await, [40, 16]);
    // The bracket is in the last figure; it was once taken off with every further file.
    assert_eq!(apply(&app, ImportKind::Balances, file(CLERK, "17")).await.changed, 1);
    assert_eq!(look("2027-05-02").await, [34, 16]);
    // A low figure takes from both grants, so that neither pays for more than there is.
    assert_eq!(apply(&app, ImportKind::Balances, file(COLLEAGUE, "3")).await.changed, 1);
    assert_eq!(look("2027-05-03").await, [34, 6]);
    let colleague = app.officer(COLLEAGUE).await.id;
    let rows = leave_entry::Entity::find().filter(leave_entry::Column::OfficerId.eq(colleague));
    let mut left: HashMap<_, i64> = HashMap::new();
    for row in rows.all(app.state.database.read()).await.unwrap() {
        *left.entry(row.grant_id).or_default() += row.half_days;
    }
    assert!(left.values().all(|left| *left >= 0), "{left:?}");
}

fn plan<'a>(lessons: &[[&'a str; 4]]) -> Vec<u8> {
    let class = [
        ["班次名称", "书记员培训班"],
        ["主办单位", "江州市中级人民法院"],
        ["地点", "礼堂"],
        ["开始日期", "2026-11-30"],
        ["结束日期", "2026年12月1日"],
        ["班主任工号", tests::world::TEACHER],
        ["迟到界线（分钟）", "5"],
    ];
    let header = ["日期", "开始", "结束", "课程"];
    let lessons: Vec<Vec<&'a str>> =
        std::iter::once(header.to_vec()).chain(lessons.iter().map(|row| row.to_vec())).collect();
    workbook(&[
        ("班次", class.iter().map(|row| row.to_vec()).collect()),
        ("课程表", lessons),
        ("学员", vec![vec!["工号", "姓名"], vec![CLERK, "周书记"], vec!["200002", "别人"]]),
    ])
}

async fn a_changed_plan_keeps_its_lessons(app: TestApp) {
    app.world().await;
    let lessons = async || {
        let rows = lesson::Entity::find().order_by_asc(lesson::Column::StartsAt).all(app.state.database.read()).await;
        rows.expect("read").into_iter().map(|row| (row.title, row.id)).collect::<Vec<_>>()
    };
    let first = plan(&[["2026-11-30", "09:00", "10:30", "速录"], ["2026-11-30", "14:00", "15:30", "归档"]]);
    let found = apply(&app, ImportKind::Training, first.clone()).await;
    assert_eq!((found.lessons, found.trainees, found.changed), (Some(2), Some(1), 1));
    assert_eq!(found.rejected[0].why, "与花名册中该工号的姓名不符");
    let before = lessons().await;
    assert_eq!(apply(&app, ImportKind::Training, first).await.changed, 0);

    // The two change places, and a third one comes.
    let second = plan(&[
        ["2026-11-30", "9:00", "10:30", "归档"],
        ["2026-11-30", "14：00", "15:30", "速录"],
        ["2026-12-01", "09:00", "11:00", "考试"],
    ]);
    assert_eq!(apply(&app, ImportKind::Training, second.clone()).await.changed, 3);
    let after = lessons().await;
    assert_eq!(after[..2], [before[1].clone(), before[0].clone()]);
    assert_eq!(after.len(), 3);
    assert_eq!(apply(&app, ImportKind::Training, second).await.changed, 0);
    let trainees = trainee::Entity::find().count(app.state.database.read()).await.expect("counted");
    assert_eq!(trainees, 1);

    let refuse = async |lessons: &[[&'static str; 4]]| {
        run(&app, ImportKind::Training, plan(lessons), Mode::Apply).await.expect_err("refused").detail
    };
    assert!(refuse(&[["2026-12-24", "09:00", "10:00", "x"]]).await.contains("第 2 行日期不在培训班的起止日期内"));
    assert!(refuse(&[["2026-11-30", "09:00", "08:00", "x"]]).await.contains("第 2 行结束不晚于开始"));
    let taken = refuse(&[["2026-11-30", "09:00", "10:30", "速录"]]).await;
    assert!(taken.contains("与已有的“归档”同时开始"), "{taken}");
}

async fn upload(client: &Client, path: &str, bytes: Vec<u8>) -> Result<ImportRun, Problem> {
    let answer = client.request(Method::POST, path, "application/octet-stream", bytes).await;
    if answer.status == StatusCode::OK {
        Ok(serde_json::from_slice(&answer.bytes).expect("an import run"))
    } else {
        Err(answer.problem())
    }
}

async fn a_file_is_uploaded_looked_at_and_applied(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let path = "/api/v1/imports/balances";
    let file = format!("工号,年度,假别,剩余天数\n{CLERK},2026,年休假,3\n没有,2026,年休假,3\n").into_bytes();
    let entries = || leave_entry::Entity::find().count(app.state.database.read());
    let looked = upload(&admin, &format!("{path}?dry_run=true"), file.clone()).await.expect("looked at");
    assert!(looked.dry_run);
    assert_eq!((looked.report["balances"].changed, entries().await.expect("counted")), (1, 0));
    let applied = upload(&admin, path, file).await.expect("applied");
    assert_eq!((applied.report["balances"].changed, entries().await.expect("counted")), (1, 1));

    let report = admin.fetch(&format!("/api/v1/imports/{}/report", applied.id)).await;
    assert_eq!(report.status, StatusCode::OK);
    let sheets = server::importing::workbook::read_workbook(&report.bytes).expect("a workbook");
    let rejected = sheets.iter().find(|sheet| sheet.name == "未导入的行").expect("the sheet");
    assert_eq!(rejected.rows.len(), 2, "a header and a row");

    let roster = "/api/v1/imports/roster";
    for (bytes, code) in [
        ("工号,姓名\n".as_bytes().to_vec(), Code::UnreadableFile),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old".to_vec(), Code::UnreadableFile),
        (vec![b'x'; 50 << 20], Code::TooLarge),
    ] {
        assert_eq!(upload(&admin, roster, bytes).await.expect_err("refused").code, code);
    }
    let clerk = app.client_of(CLERK).await;
    assert_eq!(upload(&clerk, roster, Vec::new()).await.expect_err("no HR").code, Code::NotAllowed);
}

async fn an_office_imports_for_its_own_courts_only(app: TestApp) {
    app.world().await;
    let hr = app.client_of(BASIC_HR).await;
    let row = |number: &str, court: &str| {
        vec![number.to_owned(), "钱四".to_owned(), "男".to_owned(), "999999196711180032".to_owned(), court.to_owned()]
    };
    let file = |number: &str, court: &str| {
        let start = row(number, court);
        let cells: Vec<&str> = start.iter().map(String::as_str).chain(WANG[5..].iter().copied()).collect();
        workbook(&[("干警花名册", vec![HEADER.to_vec(), cells])])
    };
    let path = "/api/v1/imports/roster";
    let own = upload(&hr, path, file("N1", "江州市城东区人民法院")).await.expect("readable");
    assert_eq!(own.report["roster"].changed, 1);
    let other = upload(&hr, path, file("N2", "江州市中级人民法院")).await.expect("readable");
    assert_eq!(other.report["roster"].rejected[0].why, "组织机构中没有");
    let balances = format!("工号,年度,假别,剩余天数\n{CLERK},2026,年休假,3\n").into_bytes();
    let other = upload(&hr, "/api/v1/imports/balances", balances).await.expect("readable");
    assert_eq!(other.report["balances"].rejected[0].why, "花名册中没有该工号");
    let tree = upload(&hr, path, roster(HEADER, &[WANG])).await.expect_err("changes the tree");
    assert_eq!(tree.code, Code::UnreadableFile);
}

/// The form refused it, and the file did not.
async fn nobody_imports_his_own_balance(app: TestApp) {
    app.world().await;
    let (hr, admin) = (app.client_of(HR).await, app.client_of(ADMIN).await);
    let path = "/api/v1/imports/balances";
    let file = |days: &str| format!("工号,年度,假别,剩余天数\n{HR},2026,年休假,{days}\n{CLERK},2026,年休假,{days}\n");
    let own = upload(&hr, path, file("3").into_bytes()).await.expect("readable");
    let counts = &own.report["balances"];
    assert_eq!((counts.rows, counts.accepted, counts.changed, counts.rejected.len()), (2, 1, 1, 1));
    assert_eq!((counts.rejected[0].row, counts.rejected[0].column.as_deref()), (2, Some("工号")));
    assert!(counts.rejected[0].why.starts_with("不能导入自己的余额"), "{}", counts.rejected[0].why);
    // Another does it for him, and then the same file says nothing new of him.
    let other = upload(&admin, path, file("3").into_bytes()).await.expect("readable");
    assert_eq!((other.report["balances"].changed, other.report["balances"].rejected.len()), (1, 0));
    let same = upload(&hr, path, file("3").into_bytes()).await.expect("readable");
    assert_eq!((same.report["balances"].changed, same.report["balances"].rejected.len()), (0, 0));
}

fn docket(rows: &[[&str; 4]]) -> Vec<u8> {
    let rows = rows.iter().map(|[case, judge, day, starts]| format!("{case},{judge},{day},{starts},18:00,1\n"));
    let head = "案号,承办法官工号,开庭日期,开始,结束,法庭\n".to_owned();
    std::iter::once(head).chain(rows).collect::<String>().into_bytes()
}

fn cases(hearings: &[DocketHearing]) -> Vec<(&str, String)> {
    hearings.iter().map(|hearing| (hearing.case_number.as_str(), hearing.day.to_string())).collect()
}

async fn a_docket_that_comes_again_moves_and_cancels_hearings(app: TestApp) {
    app.world().await;
    choose(&app, Settings { hearing: Effect::Block, ..Settings::default() }).await;
    let admin = app.client_of(ADMIN).await;
    let path = "/api/v1/imports/hearings";
    let look = format!("{path}?dry_run=true");
    let told = async |number: &str, day: &str| {
        let client = app.client_of(number).await;
        warned(&client, &asking("annual", day, day), "hearing_conflict").await.is_some()
    };
    let moved = |day| ["(2026)民初1号", CLERK, day, "09:00"];
    let cancelled = ["(2026)民初2号", COLLEAGUE, "2026-11-26", "09:00"];
    let last = ["(2026)民初3号", DEPUTY, "2026-11-27", "09:00"];
    let other_division = ["(2026)刑初4号", OTHER_HEAD, "2026-11-26", "09:00"];
    let other_court = ["(2026)民初5号", BASIC_CLERK, "2026-11-26", "09:00"];
    let again = ["(2026)民初3号", DEPUTY, "2026-12-10", "09:00"];
    let all = docket(&[moved("2026-11-25"), cancelled, last, other_division, other_court, again]);
    assert_eq!(upload(&admin, path, all.clone()).await.unwrap().report["hearings"].changed, 6);
    assert!(told(CLERK, "2026-11-25").await && told(COLLEAGUE, "2026-11-26").await);

    // The week comes again, from one division: one hearing is on another day, one is not there any more.
    let week = docket(&[moved("2026-11-24"), last]);
    let counts = &upload(&admin, &look, week.clone()).await.unwrap().report["hearings"];
    assert_eq!(cases(&counts.cancelled), [("(2026)民初1号", "2026-11-25".to_owned())]);
    assert_eq!(cases(&counts.missing), [("(2026)民初2号", "2026-11-26".to_owned())], "not of others");
    assert_eq!(cases(&counts.elsewhere), [("(2026)民初3号", "2026-12-10".to_owned())]);
    assert_eq!((counts.changed, counts.missing[0].name.as_str()), (2, "吴同事"));
    assert!(told(CLERK, "2026-11-25").await, "looking changes nothing");

    // By itself it moves what is moved, and takes nothing else away.
    let applied = upload(&admin, path, week.clone()).await.unwrap();
    assert_eq!(applied.report["hearings"].changed, 2);
    assert!(!told(CLERK, "2026-11-25").await && told(CLERK, "2026-11-24").await);
    assert!(told(COLLEAGUE, "2026-11-26").await && told(DEPUTY, "2026-12-10").await);
    assert_eq!(upload(&admin, path, week.clone()).await.unwrap().report["hearings"].changed, 0, "the same again");

    // What is to be cancelled is what was seen.
    let refused = upload(&admin, &format!("{path}?cancel_missing=2"), week.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::StaleVersion);
    assert!(told(COLLEAGUE, "2026-11-26").await);
    let basic = upload(&app.client_of(BASIC_HR).await, &look, week.clone()).await.unwrap();
    let counts = &basic.report["hearings"];
    assert!(counts.missing.is_empty() && counts.rejected.len() == 2, "another court's office: {counts:?}");
    let applied = upload(&admin, &format!("{path}?cancel_missing=1"), week.clone()).await.unwrap();
    let counts = &applied.report["hearings"];
    assert_eq!((counts.changed, counts.cancelled.len(), counts.missing.len()), (1, 1, 0));
    assert!(!told(COLLEAGUE, "2026-11-26").await);
    assert!(told(DEPUTY, "2026-12-10").await && told(OTHER_HEAD, "2026-11-26").await);
    upload(&admin, &format!("{path}?cancel_elsewhere=1"), week).await.unwrap();
    assert!(!told(DEPUTY, "2026-12-10").await && told(DEPUTY, "2026-11-27").await);

    let report = admin.fetch(&format!("/api/v1/imports/{}/report", applied.id)).await;
    let sheets = server::importing::workbook::read_workbook(&report.bytes).unwrap();
    let sheet = sheets.iter().find(|sheet| sheet.name == "文件中已没有的庭审").expect("the sheet");
    assert_eq!(sheet.rows.len(), 3, "a header, what was cancelled, what stayed");
}
