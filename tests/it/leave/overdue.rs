//! 逾期未销假: reminders, and the list of it.

use app::api::{ByOfficer, Page};
use app::calendar::api::{CreateCourtDay, CreateWorkingWeek, NewCourtDay, NewWorkingWeek};
use app::calendar::own::WorkingWeek;
use app::leave::api::{
    Confirmation, Extend, ExtendLeave, LeaveSettings, LeaveSettingsChange, ListUnreported, SetLeaveSettings,
    Unreported, UnreportedQuery,
};
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use app::org::rules::PostClass;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel, PaginatorTrait};
use server::entity::return_reminder;
use tests::world::{ADMIN, BASIC_HR, DEPUTY, DIRECTOR, HR};

use super::absence::retire;
use super::extend::approved;
use super::*;

on_both!(
    a_return_that_nobody_reports_is_reminded_of_once_a_workday,
    a_day_on_which_his_court_rests_is_no_overdue_day,
    a_working_week_counts_as_it_does_for_the_return,
    where_the_first_approver_has_left_somebody_else_hears_of_it,
    two_servers_remind_once,
    nobody_is_reminded_who_is_not_due,
    an_hour_a_day_is_nothing_to_come_back_from,
    leave_of_which_no_day_is_left_is_nothing_to_come_back_from,
    a_series_of_which_days_are_left_is_reminded_of,
    leave_that_became_sick_leave_is_reminded_of,
    the_list_is_read_page_by_page_by_whom_it_concerns,
);

pub(super) async fn told(client: &Client, kind: NoticeKind) -> usize {
    let query = NoticeQuery { limit: Some(100), ..NoticeQuery::default() };
    let told = client.call::<ListNotices>(Empty {}, query, Empty {}).await.expect("his notices").items;
    told.iter().filter(|notice| notice.kind == kind).count()
}

pub(super) async fn unreported(client: &Client, cursor: Option<String>, limit: u16) -> Page<Unreported> {
    let query = UnreportedQuery { cursor, limit: Some(limit) };
    client.call::<ListUnreported>(Empty {}, query, Empty {}).await.expect("a list")
}

pub(super) async fn back(client: &Client, leave: &LeaveRequest, at: HalfDay) -> LeaveRequest {
    let body = ReportReturn { version: leave.version, back: at, note: String::new() };
    client.post::<ReturnFromLeave>(ById { id: leave.id }, body).await.expect("he is back")
}

async fn a_return_that_nobody_reports_is_reminded_of_once_a_workday(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    // Thursday and Friday; Monday is the first workday after it.
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    let look = async |day: &str, hour: i32| {
        app.clock.set(at(day, hour, 45));
        for _ in 0..2 {
            server::worker::run(&app.state).await;
        }
        (told(&clerk, NoticeKind::ReturnDue).await, told(&head, NoticeKind::StaffReturnDue).await)
    };
    assert_eq!(look("2026-11-27", 18).await, (0, 0), "its last day");
    assert_eq!(look("2026-11-28", 10).await, (0, 0), "a Saturday");
    assert_eq!(show(&clerk, leave.id).await.overdue_days, None);
    assert_eq!(look("2026-11-30", 8).await, (0, 0), "whoever is back has the morning for it");
    assert_eq!(look("2026-11-30", 9).await, (1, 0));
    let seen = show(&clerk, leave.id).await;
    assert_eq!((seen.status, seen.overdue_days), (Status::AwaitingReturn, Some(1)));
    assert_eq!(look("2026-11-30", 17).await, (1, 0), "once a day");
    assert_eq!(look("2026-12-01", 10).await, (2, 1), "from the second day on his leader too");
    // The server stood still for a day: what was missed is not made up for.
    assert_eq!(look("2026-12-03", 10).await, (3, 2));
    assert_eq!(look("2026-12-04", 10).await, (4, 3));
    assert_eq!(look("2026-12-07", 10).await, (4, 3), "from the sixth day on it is left to the list");
    assert_eq!(show(&clerk, leave.id).await.overdue_days, Some(6));
    let of_leave = clerk.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.expect("notices").items;
    assert_eq!(of_leave[0].link, format!("/leave/{}", leave.id));
    let returned = back(&clerk, &seen, half("2026-11-30", Half::Am)).await;
    assert_eq!((returned.outcome, returned.overdue_days), (Some(Outcome::OnTime), None), "only the report was late");
}

/// Runs the jobs at ten o'clock of a day, twice, and counts who was told so far: the clerk, and this officer.
async fn look(app: &TestApp, day: &str, leader: &str) -> (usize, usize) {
    app.clock.set(at(day, 10, 0));
    for _ in 0..2 {
        server::worker::run(&app.state).await;
    }
    let (clerk, leader) = (app.client_of(CLERK).await, app.client_of(leader).await);
    (told(&clerk, NoticeKind::ReturnDue).await, told(&leader, NoticeKind::StaffReturnDue).await)
}

fn word(court: Uuid, date: &str, works: bool) -> NewCourtDay {
    NewCourtDay {
        id: Uuid::new_v4(),
        court_id: court,
        date: date.parse().expect("a day"),
        half: None,
        works: Some(works),
        reason: "停电检修".to_owned(),
        inherited: false,
    }
}

/// The court closes on these days, and requests are counted anew.
async fn close(app: &TestApp, court: Uuid, dates: &[&str]) {
    let hr = app.client_of(HR).await;
    for date in dates {
        hr.send::<CreateCourtDay>(word(court, date, false)).await.expect("his court");
    }
    server::worker::run(&app.state).await;
}

/// It once was overdue by everybody's calendar, and on time by his own.
async fn a_day_on_which_his_court_rests_is_no_overdue_day(app: TestApp) {
    let world = app.world().await;
    // Friday is closed, and Saturday worked instead of Monday.
    let hr = app.client_of(HR).await;
    for (date, works) in [("2026-11-27", false), ("2026-11-28", true), ("2026-11-30", false)] {
        hr.send::<CreateCourtDay>(word(world.court, date, works)).await.expect("his court");
    }
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    assert_eq!(look(&app, "2026-11-27", HEAD).await, (0, 0));
    assert_eq!(show(&app.client_of(CLERK).await, leave.id).await.overdue_days, None);
    let listed = unreported(&app.client_of(HR).await, None, 10).await.items;
    assert_eq!(listed.iter().map(|item| item.overdue_days).collect::<Vec<_>>(), [0], "over, and not overdue");
    assert_eq!(look(&app, "2026-11-28", HEAD).await, (1, 0));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, leave.id).await;
    assert_eq!(seen.overdue_days, Some(1));
    assert_eq!(unreported(&app.client_of(HR).await, None, 10).await.items[0].overdue_days, 1);
    assert_eq!(look(&app, "2026-11-30", HEAD).await, (1, 0), "nobody is at work who could tell");
    let returned = back(&app.client_of(CLERK).await, &seen, half("2026-11-28", Half::Pm)).await;
    assert_eq!(returned.outcome, Some(Outcome::OnTime));
}

async fn a_working_week_counts_as_it_does_for_the_return(app: TestApp) {
    app.world().await;
    let (hr, admin) = (app.client_of(HR).await, app.client_of(ADMIN).await);
    let mut halves = WorkingWeek::STANDARD;
    halves[6..10].fill(false);
    let week = NewWorkingWeek { id: Uuid::new_v4(), from: "2026-11-01".parse().expect("a day"), halves };
    hr.post::<CreateWorkingWeek>(ByOfficer { officer: CLERK.to_owned() }, week).await.expect("his court's");
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { extend_workdays_before: 1, ..seen };
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
    // Tuesday and Wednesday, after which he does not work before Monday; and the Monday after that.
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let later = approved(&app, "2026-12-07", "2026-12-07").await;
    assert_eq!(look(&app, "2026-11-26", HEAD).await, (0, 0), "a Thursday");
    assert_eq!(look(&app, "2026-11-27", HEAD).await, (0, 0));
    assert_eq!(look(&app, "2026-11-30", HEAD).await, (1, 0));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, leave.id).await;
    assert_eq!(seen.overdue_days, Some(1));
    assert_eq!(back(&clerk, &seen, half("2026-11-30", Half::Am)).await.outcome, Some(Outcome::OnTime));
    // The workday before Monday is the Wednesday.
    app.clock.set(at("2026-12-02", 10, 0));
    assert!(show(&app.client_of(CLERK).await, later.id).await.actions.contains(&Action::Extend));
    app.clock.set(at("2026-12-03", 10, 0));
    let clerk = app.client_of(CLERK).await;
    assert!(!show(&clerk, later.id).await.actions.contains(&Action::Extend));
    let (version, to) = (later.version, half("2026-12-08", Half::Pm));
    let more = Extend { id: Uuid::new_v4(), version, to, leave_type: None, reason: String::new() };
    let refused = clerk.post::<ExtendLeave>(ById { id: later.id }, more).await.expect_err("a Thursday");
    assert!(refused.code == Code::ExtendTooLate && refused.detail.contains("12月2日"), "{refused:?}");
}

async fn where_the_first_approver_has_left_somebody_else_hears_of_it(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-24", "2026-11-26").await;
    let chain: Vec<_> = leave.chain.iter().filter_map(|step| step.officer.as_deref()).collect();
    assert_eq!(chain, [HEAD, OVERSEER]);
    retire(&app, HEAD).await;
    assert_eq!(look(&app, "2026-11-27", OVERSEER).await, (1, 0));
    assert_eq!(look(&app, "2026-11-30", OVERSEER).await, (2, 1), "who approved it after him");
    retire(&app, OVERSEER).await;
    assert_eq!(look(&app, "2026-12-01", HR).await, (3, 1), "nobody who approved it is left, nor a head");
    assert_eq!(told(&app.client_of(DIRECTOR).await, NoticeKind::StaffReturnDue).await, 1);
    let mut deputy = app.officer(DEPUTY).await.into_active_model();
    deputy.post_class = Set(PostClass::DepartmentHead.as_str().to_owned());
    deputy.update(app.state.database.write()).await.expect("he is promoted");
    assert_eq!(look(&app, "2026-12-02", DEPUTY).await, (4, 1), "the head of his department");
    assert_eq!(told(&app.client_of(HR).await, NoticeKind::StaffReturnDue).await, 1, "and 政治部 no more");
}

async fn an_hour_a_day_is_nothing_to_come_back_from(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let hours = submit(&clerk, asking("nursing", "2026-11-26", "2026-11-27")).await;
    approve_all(&app, &hours).await;
    app.clock.set(at("2026-11-30", 9, 45));
    server::worker::run(&app.state).await;
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 0);
    assert_eq!(unreported(&hr, None, 10).await.items.len(), 0);
}

/// It once was waited for, and he was reminded of it.
async fn leave_of_which_no_day_is_left_is_nothing_to_come_back_from(app: TestApp) {
    let world = app.world().await;
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    close(&app, world.court, &["2026-11-25", "2026-11-26"]).await;
    assert_eq!(show(&app.client_of(CLERK).await, leave.id).await.half_days, 0);
    assert_eq!(look(&app, "2026-11-27", HEAD).await, (0, 0));
    assert_eq!(look(&app, "2026-11-30", HEAD).await, (0, 0));
    let seen = show(&app.client_of(CLERK).await, leave.id).await;
    assert_eq!((seen.status, seen.needs_return, seen.overdue_days), (Status::Returned, false, None));
    assert!(!seen.actions.contains(&Action::Return), "{:?}", seen.actions);
    let seen = show(&app.client_of(HEAD).await, leave.id).await;
    assert!(!seen.actions.contains(&Action::RecordAbsence), "{:?}", seen.actions);
    assert_eq!(unreported(&app.client_of(HR).await, None, 10).await.items, []);
}

async fn a_series_of_which_days_are_left_is_reminded_of(app: TestApp) {
    let world = app.world().await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-26", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    let clerk = app.client_of(CLERK).await;
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    approve_all(&app, &more).await;
    close(&app, world.court, &["2026-11-26"]).await;
    assert_eq!(show(&clerk, more.id).await.half_days, 0);
    assert_eq!(look(&app, "2026-11-27", HEAD).await, (1, 0));
    let seen = show(&app.client_of(CLERK).await, more.id).await;
    assert_eq!((seen.status, seen.overdue_days), (Status::AwaitingReturn, Some(1)));
    assert!(seen.actions.contains(&Action::Return), "{:?}", seen.actions);
    assert_eq!(unreported(&app.client_of(HR).await, None, 10).await.items.len(), 1);
}

async fn leave_that_became_sick_leave_is_reminded_of(app: TestApp) {
    app.world().await;
    convert::allow(&app).await;
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    app.clock.set(at("2026-11-26", 10, 0));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, leave.id).await;
    let sick = convert::convert(&clerk, &seen, convert::ill(&seen, seen.from, seen.to)).await.expect("it is on");
    convert::certificate(&clerk, sick.id).await;
    approve_all(&app, &sick).await;
    assert_eq!(show(&clerk, leave.id).await.half_days, 0);
    assert_eq!(look(&app, "2026-11-27", HEAD).await, (1, 0));
    let seen = show(&app.client_of(CLERK).await, leave.id).await;
    assert_eq!((seen.status, seen.overdue_days), (Status::AwaitingReturn, Some(1)));
    assert_eq!(unreported(&app.client_of(HR).await, None, 10).await.items.len(), 1);
}

async fn two_servers_remind_once(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    approved(&app, "2026-11-26", "2026-11-27").await;
    let other = app.replica().await;
    app.clock.set(at("2026-12-01", 10, 0));
    tokio::join!(
        server::worker::run(&app.state),
        server::worker::run(&other.state),
        server::worker::run(&app.state),
        server::worker::run(&other.state)
    );
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 1);
    assert_eq!(told(&app.client_of(HEAD).await, NoticeKind::StaffReturnDue).await, 1);
    let sent = return_reminder::Entity::find().count(app.state.database.read()).await.expect("the database answers");
    assert_eq!(sent, 1);
}

async fn nobody_is_reminded_who_is_not_due(app: TestApp) {
    app.world().await;
    let (clerk, hr, admin) = (app.client_of(CLERK).await, app.client_of(HR).await, app.client_of(ADMIN).await);
    let leave = approved(&app, "2026-11-24", "2026-11-24").await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-26", Half::Am),
        leave_type: None,
        reason: String::new(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    approve_all(&app, &more).await;
    app.clock.set(at("2026-11-25", 10, 0));
    server::worker::run(&app.state).await;
    assert_eq!(unreported(&hr, None, 10).await.items, [], "he is on his extension");
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { return_confirmation: Confirmation::Approver, ..seen };
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
    app.clock.set(at("2026-11-27", 8, 30));
    assert_eq!(unreported(&hr, None, 10).await.items.len(), 1, "the extension, and not what it extends");
    back(&clerk, &show(&clerk, more.id).await, half("2026-11-26", Half::Pm)).await;
    app.clock.set(at("2026-11-27", 10, 0));
    server::worker::run(&app.state).await;
    assert_eq!(unreported(&hr, None, 10).await.items, [], "a report that waits is a report");
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 0);
    assert_eq!(show(&clerk, more.id).await.overdue_days, None);
}

async fn the_list_is_read_page_by_page_by_whom_it_concerns(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    for day in ["2026-11-24", "2026-11-26", "2026-12-01"] {
        approved(&app, day, day).await;
    }
    app.clock.set(at("2026-12-02", 8, 30));
    let hr = app.client_of(HR).await;
    let first = unreported(&hr, None, 2).await;
    let days: Vec<_> = first.items.iter().map(|item| (item.to.date.to_string(), item.overdue_days)).collect();
    assert_eq!(days, [("2026-11-24".to_owned(), 6), ("2026-11-26".to_owned(), 4)], "the longest first");
    let second = unreported(&hr, first.next.clone(), 2).await;
    assert_eq!((second.items.len(), second.next, second.items[0].overdue_days), (1, None, 1));
    assert_eq!((second.items[0].officer.as_str(), second.items[0].department.as_str()), (CLERK, "民事审判第一庭"));
    assert_eq!(unreported(&app.client_of(HEAD).await, None, 10).await.items.len(), 3, "his department's");
    for other in [OTHER_HEAD, BASIC_HR] {
        assert_eq!(unreported(&app.client_of(other).await, None, 10).await.items, [], "{other}");
    }
    let query = UnreportedQuery { cursor: Some("x".to_owned()), limit: None };
    let bad = hr.call::<ListUnreported>(Empty {}, query, Empty {}).await.expect_err("no position");
    assert_eq!((bad.code, bad.field.as_deref()), (Code::BadInput, Some("cursor")));
    let refused = clerk.call::<ListUnreported>(Empty {}, UnreportedQuery::default(), Empty {}).await.expect_err("no");
    assert_eq!(refused.code, Code::NotAllowed);
}
