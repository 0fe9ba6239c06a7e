//! 外出报备: leaving town is reported, takes nothing, and keeps nobody from work.

use app::approval::api::{ListRequests, RequestBox, RequestQuery};
use app::home::GetHome;
use app::leave::api::{
    AbsenceQuery, Absent, Extend, ExtendLeave, LeavePeriodChange, ListAbsences, RecordAbsence, RecordLeaveAbsence,
    Resubmit, ResubmitLeave, SetLeavePeriod,
};
use app::leave::conflict::{Effect, Settings};
use app::leave::figures::{
    ExportLeave, ExportLeaveSummary, ExportQuery, GetLeaveStatistics, GetLeaveSummary, StatisticsQuery, SummaryQuery,
};
use app::leave::rules::absence::KnownBy;
use app::leave::team::{GetTeam, TeamQuery};
use app::leave::types::Lane;
use app::notice::rules::NoticeKind;
use calamine::{Data, Reader, Xlsx};
use futures_util::future::join_all;
use sea_orm::{DbErr, IntoActiveModel, SqlErr};
use server::entity::leave_slot;
use tests::world::{ADMIN, DEPUTY, HR};

use super::conflicts::{add_hearing, choose, closed, warned};
use super::overdue::{back, told, unreported};
use super::types::{rules_of, set};
use super::*;

on_both!(
    a_weekend_out_of_town_is_reported_decided_and_over,
    nobody_is_away_from_work_by_a_report,
    where_to_and_how_to_reach_him_are_asked_for,
    a_report_and_ones_own_leave_share_days_in_either_order,
    of_many_reports_and_leaves_at_once_one_of_each_is_filed,
    the_index_keeps_lanes_apart_and_each_of_them_whole,
    each_class_of_post_reports_to_the_next_leader,
    duty_and_closed_periods_matter_and_hearings_do_not,
    chief_and_deputy_do_not_leave_town_together,
    what_hr_says_of_returns_holds_for_what_is_asked_from_then_on,
    a_report_is_extended_by_a_report,
    what_was_sent_back_changes_its_lane_with_its_type,
    figures_count_reports_apart,
);

/// A report over whole days.
fn out(first: &str, last: &str) -> Submit {
    Submit { contact: "13800000001".to_owned(), ..asking("leaving_town", first, last) }
}

async fn granted(app: &TestApp, first: &str, last: &str) -> LeaveRequest {
    let clerk = app.client_of(CLERK).await;
    let report = submit(&clerk, out(first, last)).await;
    approve_all(app, &report).await;
    show(&clerk, report.id).await
}

async fn a_weekend_out_of_town_is_reported_decided_and_over(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let preview = clerk.send::<PreviewLeave>(previewing(&out("2026-11-28", "2026-11-29"))).await.unwrap();
    assert_eq!((preview.lane, preview.half_days, preview.available_after), (Lane::Report, 0, None));
    assert_eq!((preview.warnings, preview.days.len(), preview.chain.len()), (vec![], 4, 1));
    let report = submit(&clerk, out("2026-11-28", "2026-11-29")).await;
    assert_eq!((report.lane, report.half_days, report.needs_return), (Lane::Report, 0, true));
    assert!(report.number.starts_with("报2026-"), "{}", report.number);
    let task = only_task(&app.client_of(HEAD).await).await;
    assert_eq!((task.subject.lane, task.subject.destination.as_str()), (Lane::Report, "临江市"));
    approve_all(&app, &report).await;
    let copied = RequestQuery { of: Some(RequestBox::Copied), ..RequestQuery::default() };
    let copied = hr.call::<ListRequests>(Empty {}, copied, Empty {}).await.unwrap().items;
    assert_eq!(copied.iter().map(|item| item.subject.subject_id).collect::<Vec<_>>(), [report.id], "政治部 has a copy");

    app.clock.set(at("2026-11-28", 12, 0));
    assert_eq!(show(&clerk, report.id).await.status, Status::OnLeave);
    app.clock.set(at("2026-11-30", 9, 45));
    server::worker::run(&app.state).await;
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 1, "he is reminded to say that he is back");
    let list = unreported(&hr, None, 10).await.items;
    assert_eq!(list.iter().map(|item| (item.id, item.overdue_days)).collect::<Vec<_>>(), [(report.id, 1)]);
    let due = show(&clerk, report.id).await;
    assert_eq!((due.status, due.overdue_days, &due.actions), (Status::AwaitingReturn, Some(1), &vec![Action::Return]));

    // Nobody is missed at work because he has not said that he is back in town.
    let head = app.client_of(HEAD).await;
    assert!(!show(&head, report.id).await.actions.contains(&Action::RecordAbsence));
    let record = RecordAbsence {
        version: due.version,
        since: "2026-11-30".parse().unwrap(),
        known_by: KnownBy::NotSeen,
        note: "电话未接".to_owned(),
    };
    let refused = head.post::<RecordLeaveAbsence>(ById { id: report.id }, record).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongState);
    let returned = back(&clerk, &due, half("2026-11-29", Half::Pm)).await;
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::Early)));
    assert_eq!(unreported(&hr, None, 10).await.items, []);
    let rows = leave_entry::Entity::find().filter(leave_entry::Column::RequestId.eq(report.id));
    assert_eq!(rows.all(app.state.database.read()).await.unwrap(), []);
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
    submit(&clerk, Submit { from: half("2026-11-29", Half::Pm), ..out("2026-11-29", "2026-11-30") }).await;
}

async fn nobody_is_away_from_work_by_a_report(app: TestApp) {
    let world = app.world().await;
    // A workday without leave: he is expected at work, and told so.
    let warning = warned(&app.client_of(CLERK).await, &out("2026-11-27", "2026-11-29"), "at_work").await.unwrap();
    assert!(!warning.blocking && warning.text.starts_with("11月27日为工作日"), "{warning:?}");
    let report = granted(&app, "2026-11-27", "2026-11-29").await;
    app.clock.set(at("2026-11-27", 9, 0));
    let days = TeamQuery {
        from: "2026-11-23".parse().ok(),
        to: "2026-11-29".parse().ok(),
        department: Some(world.civil),
        ..TeamQuery::default()
    };
    for person in [COLLEAGUE, HEAD, HR, CLERK] {
        let team = app.client_of(person).await.call::<GetTeam>(Empty {}, days, Empty {}).await.unwrap();
        assert!(team.people.iter().all(|member| member.away.is_empty()), "{person}");
    }
    let home = app.client_of(HEAD).await.get::<GetHome>(Empty {}).await.unwrap();
    assert_eq!(home.away.unwrap().count, 0);
    // It is the chain's and HR's business alone.
    let seen = app.client_of(COLLEAGUE).await.get::<GetLeaveRequest>(ById { id: report.id }).await;
    assert_eq!(seen.unwrap_err().code, Code::NotFound);
    assert_eq!(show(&app.client_of(HR).await, report.id).await.destination.as_deref(), Some("临江市"));
    // Nor does it stand in a colleague's way.
    let leave = submit(&app.client_of(COLLEAGUE).await, asking("annual", "2026-11-27", "2026-11-27")).await;
    let task = only_task(&app.client_of(HEAD).await).await;
    assert_eq!((task.subject.subject_id, task.also_away_count), (leave.id, 0));
}

async fn where_to_and_how_to_reach_him_are_asked_for(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let nowhere = Submit { destination: " ".to_owned(), ..out("2026-11-28", "2026-11-29") };
    let silent = Submit { contact: String::new(), ..out("2026-11-28", "2026-11-29") };
    for (body, field) in [(nowhere, "destination"), (silent, "contact")] {
        let refused = clerk.send::<SubmitLeave>(body).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some(field)));
    }
}

async fn a_report_and_ones_own_leave_share_days_in_either_order(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking("annual", "2026-11-24", "2026-11-25")).await;
    assert_eq!(warned(&clerk, &out("2026-11-24", "2026-11-25"), "at_work").await, None, "he is on leave");
    submit(&clerk, out("2026-11-24", "2026-11-25")).await;
    submit(&clerk, out("2026-12-01", "2026-12-02")).await;
    let leave = submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;
    assert_eq!(leave.chain.len(), 1, "a report is not added up with leave");
    // An hour a day goes beside both.
    submit(&clerk, asking("nursing", "2026-12-01", "2026-12-02")).await;
    for again in [out("2026-11-25", "2026-11-26"), asking("sick", "2026-11-25", "2026-11-26")] {
        let refused = clerk.send::<SubmitLeave>(again).await.unwrap_err();
        assert_eq!(refused.code, Code::OverlappingLeave);
    }
    assert_eq!(balance(&clerk, "annual").await.held, 6);
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn of_many_reports_and_leaves_at_once_one_of_each_is_filed(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let bodies = (0..15).flat_map(|_| [out("2026-11-25", "2026-11-25"), asking("annual", "2026-11-25", "2026-11-25")]);
    let submissions = bodies.map(|body| {
        let client = clerk.clone();
        tokio::spawn(async move { client.send::<SubmitLeave>(body).await })
    });
    let outcomes: Vec<_> = join_all(submissions.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    let mut lanes: Vec<Lane> = outcomes.iter().filter_map(|outcome| Some(outcome.as_ref().ok()?.lane)).collect();
    lanes.sort_unstable();
    assert_eq!(lanes, [Lane::Leave, Lane::Report]);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|refused| refused.code == Code::OverlappingLeave));
    assert_eq!(balance(&clerk, "annual").await.held, 2);
}

async fn the_index_keeps_lanes_apart_and_each_of_them_whole(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let one = submit(&clerk, out("2026-11-28", "2026-11-28")).await;
    let other = submit(&clerk, out("2026-12-05", "2026-12-05")).await;
    let write = app.state.database.write();
    let row = leave_slot::Entity::find().filter(leave_slot::Column::RequestId.eq(one.id)).one(write).await.unwrap();
    let row = leave_slot::Model { request_id: other.id, ..row.unwrap() };
    let insert = |row: leave_slot::Model| leave_slot::Entity::insert(row.into_active_model());
    let is_unique = |error: DbErr| matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)));
    let twice = insert(row.clone()).exec_without_returning(write).await;
    assert!(twice.is_err_and(is_unique), "whatever races above the index");
    insert(leave_slot::Model { lane: "leave".to_owned(), ..row }).exec_without_returning(write).await.unwrap();
}

async fn each_class_of_post_reports_to_the_next_leader(app: TestApp) {
    app.world().await;
    for (number, leader) in [(CLERK, HEAD), (DEPUTY, HEAD), (HEAD, OVERSEER), (OVERSEER, PRESIDENT)] {
        // Ten days: as leave it would go up to the president.
        let report = submit(&app.client_of(number).await, out("2026-11-28", "2026-12-07")).await;
        let chain: Vec<_> = report.chain.iter().filter_map(|step| step.officer.as_deref()).collect();
        assert_eq!(chain, [leader], "{number}");
    }
}

async fn duty_and_closed_periods_matter_and_hearings_do_not(app: TestApp) {
    let world = app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    add_hearing(&app, CLERK, "2026-11-25", 9 * 60, 10 * 60).await;
    assert_eq!(warned(&clerk, &out("2026-11-25", "2026-11-25"), "hearing_conflict").await, None);
    let period =
        LeavePeriodChange { from: "2026-11-28".parse().unwrap(), to: "2026-11-28".parse().unwrap(), ..closed(&world) };
    hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, period).await.unwrap();
    let refused = clerk.send::<SubmitLeave>(out("2026-11-28", "2026-11-29")).await.unwrap_err();
    assert_eq!(refused.code, Code::BlackoutPeriod, "on a rest day, when leave would not even be asked for");
    choose(&app, Settings { blackout: Effect::Warn, ..Settings::default() }).await;
    assert!(!warned(&clerk, &out("2026-11-28", "2026-11-29"), "blackout_period").await.unwrap().blocking);
    submit(&clerk, Submit { from: half("2026-11-25", Half::Am), ..out("2026-11-25", "2026-11-29") }).await;
    let task = only_task(&app.client_of(HEAD).await).await;
    assert_eq!(task.conflicts.len(), 1, "{:?}", task.conflicts);
    assert!(task.conflicts[0].contains("不得外出"), "{:?}", task.conflicts);
}

async fn chief_and_deputy_do_not_leave_town_together(app: TestApp) {
    app.world().await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let presence = async |client: &Client, body: Submit| warned(client, &body, "minimum_presence").await;
    assert_eq!(presence(&head, out("2026-11-28", "2026-11-29")).await, None, "the deputy is in town");
    let report = submit(&deputy, out("2026-11-28", "2026-11-29")).await;
    let warning = presence(&head, out("2026-11-29", "2026-11-30")).await.unwrap();
    assert!(!warning.blocking && warning.text.contains("民事审判第一庭正副职不得同时外出"), "{warning:?}");
    assert!(warning.text.contains("郑副庭（也在申请）"), "{warning:?}");
    approve_all(&app, &report).await;
    submit(&head, out("2026-11-29", "2026-11-29")).await;
    let task = only_task(&app.client_of(OVERSEER).await).await;
    assert!(task.conflicts.iter().any(|text| text.contains("郑副庭（已准外出）")), "{task:?}");

    // A report takes nobody from work; leave takes him out of reach on a rest day, too.
    submit(&deputy, out("2026-12-02", "2026-12-02")).await;
    assert_eq!(presence(&head, asking("annual", "2026-12-02", "2026-12-02")).await, None);
    submit(&deputy, asking("annual", "2026-12-04", "2026-12-07")).await;
    assert!(presence(&head, out("2026-12-05", "2026-12-06")).await.is_some());

    choose(&app, Settings { presence: Effect::Block, ..Settings::default() }).await;
    for day in ["2026-12-12", "2026-12-13", "2026-12-19", "2026-12-20"] {
        let app = &app;
        let both = [HEAD, DEPUTY].map(|number| async move {
            let client = app.client_of(number).await;
            tokio::spawn(async move { client.send::<SubmitLeave>(out(day, day)).await }).await.unwrap()
        });
        let refused: Vec<_> = join_all(both).await.into_iter().filter_map(Result::err).collect();
        assert_eq!(refused.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::MinimumPresence], "{day}");
    }
}

async fn what_hr_says_of_returns_holds_for_what_is_asked_from_then_on(app: TestApp) {
    app.world().await;
    let (admin, hr) = (app.client_of(ADMIN).await, app.client_of(HR).await);
    let before = granted(&app, "2026-11-28", "2026-11-28").await;
    for (name, needs_return) in [("leaving_town", false), ("nursing", true)] {
        let mut rules = rules_of(&admin, name).await;
        rules.rules.needs_return = needs_return;
        assert_eq!(set(&admin, &rules).await.unwrap().rules.needs_return, needs_return);
    }
    let after = granted(&app, "2026-11-29", "2026-11-29").await;
    let clerk = app.client_of(CLERK).await;
    let hours = submit(&clerk, asking("nursing", "2026-11-26", "2026-11-27")).await;
    approve_all(&app, &hours).await;
    assert_eq!((before.needs_return, after.needs_return, hours.needs_return), (true, false, true));
    app.clock.set(at("2026-11-30", 9, 45));
    server::worker::run(&app.state).await;
    let status = async |id| show(&clerk, id).await.status;
    assert_eq!(status(before.id).await, Status::AwaitingReturn);
    assert_eq!(status(hours.id).await, Status::AwaitingReturn);
    let over = show(&clerk, after.id).await;
    assert_eq!((over.status, over.overdue_days, over.actions.as_slice()), (Status::Returned, None, [].as_slice()));
    let mut waited: Vec<Uuid> = unreported(&hr, None, 10).await.items.into_iter().map(|item| item.id).collect();
    waited.sort_unstable();
    let mut expected = [before.id, hours.id];
    expected.sort_unstable();
    assert_eq!(waited, expected);
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 2);
    let absent = hr.call::<ListAbsences>(Empty {}, AbsenceQuery::default(), Empty {}).await.unwrap().items;
    assert_eq!(absent, Vec::<Absent>::new());
    // A setting that makes no sense for it is refused where it stands.
    let mut rules = rules_of(&admin, "leaving_town").await;
    rules.rules.evidence_from = Some(2);
    assert_eq!(set(&admin, &rules).await.unwrap_err().field.as_deref(), Some("evidence_from"));
}

async fn a_report_is_extended_by_a_report(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let report = granted(&app, "2026-11-28", "2026-11-29").await;
    let more = |leave_type: Option<&str>| Extend {
        id: Uuid::new_v4(),
        version: report.version,
        to: half("2026-11-30", Half::Pm),
        leave_type: leave_type.map(str::to_owned),
        reason: "车票改签".to_owned(),
    };
    let refused = clerk.post::<ExtendLeave>(ById { id: report.id }, more(Some("annual"))).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("leave_type")));
    let extension = clerk.post::<ExtendLeave>(ById { id: report.id }, more(None)).await.unwrap();
    assert_eq!((extension.lane, extension.destination.as_deref()), (Lane::Report, Some("临江市")));
    approve_all(&app, &extension).await;
    app.clock.set(at("2026-12-01", 8, 40));
    let due = show(&clerk, extension.id).await;
    let returned = back(&clerk, &due, half("2026-12-01", Half::Am)).await;
    assert_eq!(returned.outcome, Some(Outcome::OnTime));
    assert_eq!(show(&clerk, report.id).await.status, Status::Returned, "one return closes both");
}

async fn what_was_sent_back_changes_its_lane_with_its_type(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let leave = submit(&clerk, asking("annual", "2026-11-27", "2026-11-27")).await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let task = only_task(&head).await;
    let comment = "周五晚离开，请改为外出报备";
    let sent_back = Decide::new(TaskAction::SendBack, comment, task.version);
    head.post::<DecideTask>(ById { id: task.id }, sent_back).await.unwrap();
    let seen = show(&clerk, leave.id).await;
    assert_eq!((seen.status, balance(&clerk, "annual").await.held), (Status::SentBack, 2));
    let Submit { from, to, reason, destination, contact, .. } = out("2026-11-27", "2026-11-29");
    let again = Resubmit {
        version: seen.version,
        leave_type: "leaving_town".to_owned(),
        from,
        to,
        reason,
        destination,
        stand_in: Some(DEPUTY.to_owned()),
        contact,
    };
    let report = clerk.post::<ResubmitLeave>(ById { id: leave.id }, again).await.unwrap();
    assert_eq!((report.lane, report.half_days, report.status), (Lane::Report, 0, Status::InApproval));
    assert!(report.number.starts_with('报'), "{}", report.number);
    let query = app::notice::api::NoticeQuery::default();
    let told = deputy.call::<app::notice::api::ListNotices>(Empty {}, query, Empty {}).await.unwrap().items;
    let asked = told.into_iter().find(|notice| notice.kind == NoticeKind::StandInAsked).unwrap();
    assert_eq!(asked.number, report.number, "who is to stand in hears of the report, not of the leave it was");
    assert_eq!(balance(&clerk, "annual").await.held, 0);
    submit(&clerk, asking("annual", "2026-11-27", "2026-11-27")).await;
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
}

async fn figures_count_reports_apart(app: TestApp) {
    app.world().await;
    let hr = app.client_of(HR).await;
    granted(&app, "2026-11-28", "2026-11-29").await;
    let leave = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-25", "2026-11-25")).await;
    approve_all(&app, &leave).await;
    let month = SummaryQuery { month: "2026-11".parse().ok(), court: None };
    let month = hr.call::<GetLeaveSummary>(Empty {}, month, Empty {}).await.unwrap();
    assert_eq!(
        month.lines.iter().map(|line| (line.leave_type.as_str(), line.half_days)).collect::<Vec<_>>(),
        [("annual", 2)]
    );
    let reports: Vec<_> =
        month.reports.iter().map(|line| (line.officer.as_str(), line.half_days, line.reports)).collect();
    assert_eq!(reports, [(CLERK, 4, 1)]);
    let year = StatisticsQuery { year: Some(2026), court: None };
    let year = hr.call::<GetLeaveStatistics>(Empty {}, year, Empty {}).await.unwrap();
    assert_eq!((year.half_days, year.by_type.len()), (2, 1));
    let civil = year.by_unit.iter().find(|unit| unit.name == "民事审判第一庭").unwrap();
    assert_eq!((civil.half_days, civil.reports, civil.returns), (2, 1, 0));

    let day = |text: &str| text.parse::<Day>().unwrap();
    let query = ExportQuery { from: day("2026-11-28"), to: day("2026-11-29"), court: None, department: None };
    let answer = hr.raw::<ExportLeave>(&Empty {}, &query, &Empty {}).await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(answer.bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("请假记录").unwrap();
    let cell = |name: &str| {
        let column = sheet.rows().next().unwrap().iter().position(|head| head == name).unwrap();
        sheet.get((1, column)).cloned().unwrap_or(Data::Empty)
    };
    assert_eq!((cell("假别").to_string(), cell("天数").to_string()), ("外出报备".to_owned(), String::new()));
    assert_eq!(cell("状态").to_string(), "已批准");

    // The month as a file has what the screen has, in columns of its own.
    let month = SummaryQuery { month: "2026-11".parse().ok(), court: None };
    let answer = hr.raw::<ExportLeaveSummary>(&Empty {}, &month, &Empty {}).await;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(answer.bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row[3..].iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows[0], ["假别", "天数", "请假次数", "逾期销假次数", "外出天数", "外出次数"]);
    assert_eq!(rows[1], ["年休假", "1", "1", "0", "", ""]);
    assert_eq!(rows[2], ["外出报备", "", "", "", "2", "1"]);
}
