//! Leave in figures: what a month and a year come to, and the workbooks that leave the house.

use std::io::Cursor;

use app::day::{Day, Month};
use app::leave::api::{ConfirmEvidence, Confirmation, EvidenceSeen, Extend, ExtendLeave};
use app::leave::figures::{
    ExportLeave, ExportLeaveSummary, ExportQuery, GetLeaveStatistics, GetLeaveSummary, Statistics, StatisticsQuery,
    Summary, SummaryQuery,
};
use app::org::rules::Category;
use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use server::entity::audit_entry;
use tests::Answered;
use tests::world::{BASIC_PRESIDENT, DEPUTY, HR};

use super::*;

on_both!(
    a_month_counts_half_days_where_they_lie,
    a_late_return_is_counted_in_its_month,
    one_return_counts_once_whatever_it_closes,
    a_head_sees_the_figures_of_his_department_only,
    a_year_adds_up,
    what_nobody_took_stays_unused_over_new_year,
    figures_take_a_fixed_number_of_statements,
    a_workbook_holds_text_as_text_and_leaves_a_trace,
    a_workbook_says_what_was_approved_and_what_was_taken,
    a_workbook_shows_a_leave_that_goes_on_by_extension_as_such,
    a_workbook_shows_a_return_that_waits_as_the_page_does,
    a_workbook_says_which_papers_are_owed,
);

pub(super) fn month(text: &str) -> SummaryQuery {
    SummaryQuery { month: text.parse::<Month>().ok(), court: None }
}

pub(super) async fn summary(client: &Client, query: SummaryQuery) -> Summary {
    client.call::<GetLeaveSummary>(Empty {}, query, Empty {}).await.unwrap()
}

pub(super) async fn statistics(client: &Client, year: i32) -> Statistics {
    let query = StatisticsQuery { year: Some(year), court: None };
    client.call::<GetLeaveStatistics>(Empty {}, query, Empty {}).await.unwrap()
}

/// The clerk is on annual leave over the end of November, approved.
async fn over_the_end_of_november(app: &TestApp) -> LeaveRequest {
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-27", "2026-12-02")).await;
    approve_all(app, &request).await;
    show(&clerk, request.id).await
}

async fn a_month_counts_half_days_where_they_lie(app: TestApp) {
    app.world().await;
    over_the_end_of_november(&app).await;
    // What is not decided is not taken.
    submit(&app.client_of(COLLEAGUE).await, asking("sick", "2026-11-24", "2026-11-24")).await;
    let hr = app.client_of(HR).await;
    let lines = |summary: Summary| {
        let line =
            |line: app::leave::figures::SummaryLine| (line.officer, line.leave_type, line.half_days, line.requests);
        summary.lines.into_iter().map(line).collect::<Vec<_>>()
    };
    let of = |half_days| vec![(CLERK.to_owned(), "annual".to_owned(), half_days, 1)];
    // Friday and Monday, then Tuesday and Wednesday; the weekend does not count.
    assert_eq!(lines(summary(&hr, month("2026-11")).await), of(4));
    assert_eq!(lines(summary(&hr, month("2026-12")).await), of(4));
    assert!(summary(&hr, month("2026-10")).await.lines.is_empty());
    let bad = hr.fetch("/api/v1/leave/summary?month=2026-13").await;
    assert_eq!(bad.problem().code, Code::BadInput);
}

async fn a_late_return_is_counted_in_its_month(app: TestApp) {
    app.world().await;
    let request = over_the_end_of_november(&app).await;
    app.clock.set(at("2026-12-07", 9, 0));
    let clerk = app.client_of(CLERK).await;
    let back = ReportReturn { version: request.version, back: half("2026-12-07", Half::Am), note: String::new() };
    let returned = clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert_eq!(returned.outcome, Some(Outcome::Late));
    let hr = app.client_of(HR).await;
    assert_eq!(summary(&hr, month("2026-11")).await.lines[0].late, 0);
    let december = summary(&hr, month("2026-12")).await.lines.remove(0);
    assert_eq!((december.late, december.half_days), (1, 4), "what was taken stays");
    let year = statistics(&hr, 2026).await;
    let civil = year.by_unit.iter().find(|unit| unit.late > 0).unwrap();
    assert_eq!((civil.name.as_str(), civil.returns, civil.late), ("民事审判第一庭", 1, 1));
}

async fn one_return_counts_once_whatever_it_closes(app: TestApp) {
    app.world().await;
    convert::allow(&app).await;
    let (leave, more) = extend::extended(&app).await;
    app.clock.set(at("2026-11-26", 10, 0));
    let clerk = app.client_of(CLERK).await;
    let leave = show(&clerk, leave.id).await;
    let ill = convert::ill(&leave, half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    let sick = convert::convert(&clerk, &leave, ill).await.expect("it is on");
    convert::certificate(&clerk, sick.id).await;
    approve_all(&app, &sick).await;
    // Due on Friday, and back on Monday.
    app.clock.set(at("2026-11-30", 8, 40));
    let clerk = app.client_of(CLERK).await;
    let version = show(&clerk, more.id).await.version;
    let back = ReportReturn { version, back: half("2026-11-30", Half::Am), note: String::new() };
    let returned = clerk.post::<ReturnFromLeave>(ById { id: more.id }, back).await.unwrap();
    assert_eq!(returned.outcome, Some(Outcome::Late));
    for closed in [leave.id, sick.id] {
        assert_eq!(show(&clerk, closed).await.status, Status::Returned, "one return closes all");
    }
    let of = async |name: &str| {
        let units = statistics(&app.client_of(HR).await, 2026).await.by_unit;
        units.into_iter().find(|unit| unit.name == name).map(|unit| (unit.returns, unit.late))
    };
    assert_eq!(of("民事审判第一庭").await, Some((1, 1)));
    let november = summary(&app.client_of(HR).await, month("2026-11")).await;
    assert_eq!(november.lines.iter().map(|line| line.late).sum::<i64>(), 1);
    // Somebody else comes back on time.
    let colleague = app.client_of(COLLEAGUE).await;
    let other = submit(&colleague, asking("personal", "2026-11-30", "2026-11-30")).await;
    approve_all(&app, &other).await;
    app.clock.set(at("2026-12-01", 8, 40));
    let colleague = app.client_of(COLLEAGUE).await;
    let version = show(&colleague, other.id).await.version;
    let back = ReportReturn { version, back: half("2026-12-01", Half::Am), note: String::new() };
    colleague.post::<ReturnFromLeave>(ById { id: other.id }, back).await.unwrap();
    assert_eq!(of("民事审判第一庭").await, Some((2, 1)));
    assert_eq!(of("刑事审判庭").await, Some((0, 0)), "nobody came back");
}

async fn a_head_sees_the_figures_of_his_department_only(app: TestApp) {
    app.world().await;
    over_the_end_of_november(&app).await;
    let seen = |summary: Summary| summary.lines.len();
    assert_eq!(seen(summary(&app.client_of(HEAD).await, month("2026-11")).await), 1);
    assert_eq!(seen(summary(&app.client_of(OTHER_HEAD).await, month("2026-11")).await), 0);
    let units = statistics(&app.client_of(OTHER_HEAD).await, 2026).await.by_unit;
    assert_eq!(units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(), ["刑事审判庭"]);
    let below = statistics(&app.client_of(BASIC_PRESIDENT).await, 2026).await;
    assert_eq!((below.half_days, below.by_unit.len()), (0, 3));
}

async fn a_year_adds_up(app: TestApp) {
    app.world().await;
    over_the_end_of_november(&app).await;
    let head = submit(&app.client_of(OTHER_HEAD).await, asking("sick", "2026-11-28", "2026-11-29")).await;
    approve_all(&app, &head).await;
    let year = statistics(&app.client_of(HR).await, 2026).await;
    assert_eq!(year.half_days, 12);
    assert_eq!(year.by_month, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 4]);
    let types: Vec<_> = year.by_type.iter().map(|figure| (figure.leave_type.as_str(), figure.half_days)).collect();
    assert_eq!(types, [("annual", 8), ("sick", 4)]);
    let unit = |name: &str| year.by_unit.iter().find(|unit| unit.name == name).unwrap().clone();
    let civil = unit("民事审判第一庭");
    // Ten workdays less the four that are taken; the colleagues' years are not in the ledger yet.
    assert_eq!((civil.officers, civil.half_days, civil.unused, civil.without_grant), (4, 8, 12, 3));
    assert_eq!((unit("刑事审判庭").half_days, unit("刑事审判庭").without_grant), (4, 5));
    assert!(statistics(&app.client_of(HR).await, 2025).await.by_type.is_empty());
    let bad = app.client_of(HR).await.fetch("/api/v1/leave/statistics?year=1").await;
    assert_eq!(bad.problem().field.as_deref(), Some("year"));
}

/// From the first of January on the year before once had nothing unused: what expires had been taken off.
async fn what_nobody_took_stays_unused_over_new_year(app: TestApp) {
    app.world().await;
    grants::let_go_over(&app).await;
    let request = over_the_end_of_november(&app).await;
    app.clock.set(at("2026-12-03", 8, 40));
    let back = ReportReturn { version: request.version, back: half("2026-12-03", Half::Am), note: String::new() };
    let clerk = app.client_of(CLERK).await;
    clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    let unused = async |year| {
        let units = statistics(&app.client_of(HR).await, year).await.by_unit;
        units.into_iter().find(|unit| unit.name == "民事审判第一庭").map(|unit| (unit.unused, unit.without_grant))
    };
    assert_eq!(unused(2026).await, Some((12, 3)));

    app.clock.set(at("2027-01-01", 0, 5));
    server::leave::year::run_due(&app.state).await.unwrap();
    let mut of_all = 0;
    for officer in [CLERK, COLLEAGUE, "200003", "200004"] {
        of_all += ledger_sum(&app, officer, "annual").await;
    }
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 26, "six of twelve went over");
    assert_eq!(unused(2026).await, Some((12, 3)), "all of it expired, half of it begins again");
    assert_eq!(unused(2027).await, Some((of_all - 6, 0)), "what went over counts once");

    let clerk = app.client_of(CLERK).await;
    let january = submit(&clerk, asking("annual", "2027-01-05", "2027-01-05")).await;
    approve_all(&app, &january).await;
    assert_eq!(unused(2026).await, Some((10, 3)), "it is taken after all");
    assert_eq!(unused(2027).await, Some((of_all - 6, 0)));
}

async fn figures_take_a_fixed_number_of_statements(app: TestApp) {
    let world = app.world().await;
    over_the_end_of_november(&app).await;
    let hr = app.client_of(HR).await;
    let count = async || {
        let counter = app.state.database.statements();
        let start = counter.get();
        summary(&hr, month("2026-11")).await;
        let between = counter.get();
        statistics(&hr, 2026).await;
        let after = counter.get();
        exported(&hr, "2026-11", ["编号"]).await;
        (between - start, after - between, counter.get() - after)
    };
    count().await;
    let few = count().await;
    assert_eq!((few.0, few.1), (7, 8));
    for number in 210_000..210_040 {
        let number = number.to_string();
        app.officer_in(world.court, world.civil, &number, "林书记员", "", Category::Clerk).await;
    }
    app.give_accounts().await;
    for number in ["210001", "210002"] {
        let request = submit(&app.client_of(number).await, asking("annual", "2026-11-25", "2026-11-25")).await;
        approve_all(&app, &request).await;
    }
    assert_eq!(summary(&hr, month("2026-11")).await.lines.len(), 3);
    assert_eq!(count().await, few);
}

fn open(answer: &Answered) -> Xlsx<Cursor<Vec<u8>>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"leave-"));
    calamine::open_workbook_from_rs(Cursor::new(answer.bytes.to_vec())).expect("a workbook")
}

/// A column of the exported requests of a month, by its heading, in the order of the rows.
pub(super) async fn exported<const N: usize>(client: &Client, month: &str, heads: [&str; N]) -> Vec<[String; N]> {
    let month = month.parse::<Month>().unwrap();
    let query = ExportQuery { from: month.first(), to: month.last(), court: None, department: None };
    let mut book = open(&client.raw::<ExportLeave>(&Empty {}, &query, &Empty {}).await);
    let sheet = book.worksheet_range("请假记录").unwrap();
    let mut rows = sheet.rows();
    let first = rows.next().unwrap();
    let columns = heads.map(|head| first.iter().position(|name| name == head).unwrap());
    rows.map(|row| columns.map(|column| row[column].to_string())).collect()
}

async fn a_workbook_says_what_was_approved_and_what_was_taken(app: TestApp) {
    app.world().await;
    convert::allow(&app).await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-24", "2026-11-27")).await;
    approve_all(&app, &request).await;
    let refused = submit(&clerk, asking("personal", "2026-11-30", "2026-11-30")).await;
    let head = app.client_of(HEAD).await;
    decide(&head, &only_task(&head).await, TaskAction::Refuse).await.unwrap();
    app.clock.set(at("2026-11-27", 9, 0));
    let clerk = app.client_of(CLERK).await;
    let leave = show(&clerk, request.id).await;
    let ill = convert::ill(&leave, half("2026-11-25", Half::Am), half("2026-11-25", Half::Am));
    let sick = convert::convert(&clerk, &leave, ill).await.expect("it is on");
    convert::certificate(&clerk, sick.id).await;
    approve_all(&app, &sick).await;
    let version = show(&clerk, leave.id).await.version;
    let back = ReportReturn { version, back: half("2026-11-26", Half::Pm), note: String::new() };
    clerk.post::<ReturnFromLeave>(ById { id: leave.id }, back).await.unwrap();
    submit(&clerk, asking("personal", "2026-12-01", "2026-12-01")).await;

    let hr = app.client_of(HR).await;
    let rows = exported(&hr, "2026-11", ["编号", "天数", "实休天数"]).await;
    let row = |number: &str, approved: &str, taken: &str| [number, approved, taken].map(str::to_owned);
    // Four days, of which half a day became 病假 and one and a half were not taken.
    let expected = [row(&leave.number, "3.5", "2"), row(&sick.number, "0.5", "0.5"), row(&refused.number, "1", "")];
    assert_eq!(rows, expected);
    assert_eq!(exported(&hr, "2026-11", ["证明材料"]).await, [[""], ["已提供"], [""]]);
    assert_eq!(balance(&clerk, "annual").await.used, 4);
    let lines = summary(&hr, month("2026-11")).await.lines;
    assert_eq!(lines.iter().map(|line| line.half_days).sum::<i64>(), 5, "as the column adds up");
    let undecided = exported(&hr, "2026-12", ["天数", "实休天数"]).await;
    assert_eq!(undecided, [["1", ""]], "nothing is granted");
}

/// It once read 待销假 while its extension ran.
async fn a_workbook_shows_a_leave_that_goes_on_by_extension_as_such(app: TestApp) {
    app.world().await;
    let leave = extend::approved(&app, "2026-11-27", "2026-11-30").await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-12-01", Half::Pm),
        leave_type: None,
        reason: "家中有事，需延长".to_owned(),
    };
    let clerk = app.client_of(CLERK).await;
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("it is in time");
    approve_all(&app, &more).await;
    let states = async |month: &str| exported(&app.client_of(HR).await, month, ["状态"]).await;
    app.clock.set(at("2026-12-01", 9, 0));
    assert_eq!(states("2026-11").await, [["休假中"]], "though the extension lies outside of these days");
    assert_eq!(states("2026-12").await, [["休假中"]]);
    app.clock.set(at("2026-12-02", 9, 0));
    assert_eq!(states("2026-11").await, [["待销假"]]);
    assert_eq!(states("2026-12").await, [["待销假"]]);
}

/// It once read 休假中 until the last day.
async fn a_workbook_shows_a_return_that_waits_as_the_page_does(app: TestApp) {
    app.world().await;
    confirm::have_confirmed(&app, Confirmation::Approver).await;
    let leave = extend::approved(&app, "2026-11-24", "2026-11-27").await;
    app.clock.set(at("2026-11-25", 9, 0));
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    assert_eq!(exported(&hr, "2026-11", ["状态"]).await, [["休假中"]]);
    let reported = confirm::report(&clerk, &leave, half("2026-11-25", Half::Am), "").await.expect("he is back");
    assert_eq!(reported.status, Status::AwaitingReturn);
    assert_eq!(exported(&hr, "2026-11", ["状态"]).await, [["待销假"]]);
}

async fn a_workbook_says_which_papers_are_owed(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let (colleague, deputy) = (app.client_of(COLLEAGUE).await, app.client_of(DEPUTY).await);
    let ill = || asking("sick", "2026-11-25", "2026-11-27");
    let owed = submit(&clerk, ill()).await;
    let seen = submit(&colleague, ill()).await;
    let body = EvidenceSeen { version: seen.version };
    hr.post::<ConfirmEvidence>(ById { id: seen.id }, body).await.expect("it is owed");
    let gone = submit(&deputy, ill()).await;
    deputy.post::<WithdrawLeave>(ById { id: gone.id }, Withdraw { version: gone.version }).await.unwrap();
    submit(&clerk, asking("annual", "2026-11-30", "2026-11-30")).await;
    let papers = async || exported(&hr, "2026-11", ["证明材料"]).await;
    assert_eq!(papers().await, [["待补"], ["已查验"], [""], [""]]);
    attachments::attach(&clerk, owed.id, "诊断.pdf", attachments::PDF.to_vec()).await;
    assert_eq!(papers().await, [["已提供"], ["已查验"], [""], [""]]);
}

async fn a_workbook_holds_text_as_text_and_leaves_a_trace(app: TestApp) {
    let world = app.world().await;
    app.officer_in(world.court, world.civil, "000123", "零开头", "", Category::Clerk).await;
    app.give_accounts().await;
    let officer = app.client_of("000123").await;
    let reason = "=HYPERLINK(\"http://evil.example\",\"看\")".to_owned();
    let body =
        Submit { reason: reason.clone(), destination: "-2".to_owned(), ..asking("sick", "2026-11-25", "2026-11-25") };
    let request = submit(&officer, body).await;
    approve_all(&app, &request).await;

    let hr = app.client_of(HR).await;
    let day = |text: &str| text.parse::<Day>().unwrap();
    let query = ExportQuery { from: day("2026-11-01"), to: day("2026-11-30"), court: None, department: None };
    let mut book = open(&hr.raw::<ExportLeave>(&Empty {}, &query, &Empty {}).await);
    assert_eq!(book.worksheet_formula("请假记录").unwrap().used_cells().count(), 0);
    let sheet = book.worksheet_range("请假记录").unwrap();
    let cell = |name: &str| {
        let heads = sheet.rows().next().unwrap();
        let column = heads.iter().position(|head| head == name).unwrap();
        sheet.get((1, column)).unwrap()
    };
    assert_eq!(cell("工号"), &Data::String("000123".to_owned()));
    assert_eq!(cell("事由"), &Data::String(reason));
    assert_eq!(cell("去向"), &Data::String("-2".to_owned()));
    assert_eq!((cell("假别").to_string(), cell("状态").to_string()), ("病假".to_owned(), "已批准".to_owned()));
    let Data::DateTime(first) = cell("开始日期") else { panic!("{:?} is no date", cell("开始日期")) };
    assert_eq!(first.to_ymd_hms_milli(), (2026, 11, 25, 0, 0, 0, 0));
    assert_eq!(sheet.height(), 2);

    let mut book = open(&hr.raw::<ExportLeaveSummary>(&Empty {}, &month("2026-11"), &Empty {}).await);
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.get((1, 0)), Some(&Data::String("000123".to_owned())));
    assert_eq!(sheet.get((1, 4)).unwrap().to_string(), "1");

    let rows = audit_entry::Entity::find().all(app.state.database.read()).await.unwrap();
    let exports: Vec<_> = rows.iter().filter(|row| row.action.starts_with("leave.export")).collect();
    assert_eq!(
        exports.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(),
        ["leave.export", "leave.export_summary"]
    );
    assert!(exports.iter().all(|row| row.subject_id == world.court.to_string()));

    // A head covers his department only: nothing leaves the house, and nothing is written down.
    let head = app.client_of(HEAD).await;
    let refused = head.raw::<ExportLeave>(&Empty {}, &query, &Empty {}).await;
    assert_eq!(refused.problem().code, Code::NotAllowed);
    let long = ExportQuery { to: day("2027-11-02"), ..query };
    assert_eq!(hr.raw::<ExportLeave>(&Empty {}, &long, &Empty {}).await.problem().code, Code::SpanTooLong);
    let inverted = ExportQuery { to: day("2026-10-31"), ..query };
    assert_eq!(hr.raw::<ExportLeave>(&Empty {}, &inverted, &Empty {}).await.problem().code, Code::InvertedSpan);
    assert_eq!(audit_entry::Entity::find().all(app.state.database.read()).await.unwrap().len(), rows.len());
}
