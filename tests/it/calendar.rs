//! The calendar over HTTP: notices that are brought in, days of a court, working weeks, and requests counted anew.

mod counted;
mod races;
mod settled;

use app::api::{ByOfficer, Code, Empty, Problem};
use app::approval::api::TaskAction;
use app::calendar::api::{
    CountDays, CountQuery, CourtDayQuery, CreateCourtDay, CreateWorkingWeek, DayClass, ImportPaper, ListCalendarDays,
    ListCourtDays, ListPapers, ListWorkingWeeks, NewCourtDay, NewWorkingWeek, PaperOutcome, PaperQuery,
    SetHalfHolidays, SetHalves,
};
use app::calendar::own::{HalfHolidays, WorkingWeek};
use app::calendar::paper::{Paper, PaperDay};
use app::day::{Day, Half};
use app::leave::api::{LeaveRequest, Preview, PreviewLeave, PreviewResult, Recounted, Submit, SubmitLeave};
use app::leave::rules::Status;
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait};
use server::entity::{leave_entry, leave_recount};
use tests::world::{ADMIN, BASIC_CLERK, CLERK, COLLEAGUE, DIRECTOR, HEAD, HR};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use crate::leave::{asking, balance, decide, half, ledger_sum, only_task, show, submit};

on_both!(
    a_notice_is_looked_at_and_brought_in,
    approved_leave_is_counted_anew,
    a_request_in_approval_is_counted_anew,
    what_the_balance_does_not_cover_is_asked,
    days_that_are_over_stay_as_they_were,
    a_court_closes_for_itself_or_for_those_below,
    a_working_week_holds_from_its_day_on,
    half_a_holiday_is_for_a_part_of_the_people,
    the_young_have_half_of_youth_day,
);

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn paper(year: i32, days: &[(&str, bool)]) -> Paper {
    let line = |(date, is_off_day): &(&str, bool)| PaperDay {
        name: "测试节".to_owned(),
        date: day(date),
        is_off_day: *is_off_day,
    };
    let papers = vec!["https://www.gov.cn/test.htm".to_owned()];
    Paper { year, papers, days: days.iter().map(line).collect() }
}

pub(crate) async fn import(client: &Client, paper: Paper, dry_run: bool) -> PaperOutcome {
    client.call::<ImportPaper>(Empty {}, PaperQuery { dry_run }, paper).await.unwrap()
}

/// Brings a paper in and counts anew, as the jobs of a server do.
async fn change(app: &TestApp, days: &[(&str, bool)]) -> PaperOutcome {
    let outcome = import(&app.client_of(ADMIN).await, paper(2026, days), false).await;
    assert!(outcome.applied);
    server::worker::run(&app.state).await;
    outcome
}

async fn preview(client: &Client, leave_type: &str, first: &str, last: &str) -> PreviewResult {
    let (from, to) = (half(first, Half::Am), half(last, Half::Pm));
    let asked = Preview {
        leave_type: leave_type.to_owned(),
        from,
        to,
        resubmits: None,
        stand_in: None,
        extends: None,
        officer_id: None,
    };
    client.send::<PreviewLeave>(asked).await.unwrap()
}

async fn workdays(client: &Client, first: &str, last: &str) -> i64 {
    let query = CountQuery { from: day(first), to: day(last) };
    client.call::<CountDays>(Empty {}, query, Empty {}).await.unwrap().workdays
}

/// How often somebody was told that a request was counted anew.
async fn told(app: &TestApp, number: &str) -> usize {
    let client = app.client_of(number).await;
    let notices = client.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.unwrap();
    notices.items.iter().filter(|notice| notice.kind == NoticeKind::Recounted).count()
}

async fn approved(app: &TestApp, request: LeaveRequest) -> LeaveRequest {
    for step in &request.chain {
        let approver = app.client_of(step.officer.as_deref().unwrap()).await;
        let task = only_task(&approver).await;
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }
    let request = show(&app.client_of(CLERK).await, request.id).await;
    assert_eq!(request.status, Status::Approved);
    request
}

fn counts(recounted: Option<Recounted>) -> (i64, i64, i64) {
    let recounted = recounted.expect("it was counted anew");
    (recounted.before, recounted.after, recounted.uncovered)
}

async fn a_notice_is_looked_at_and_brought_in(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let notice = paper(2027, &[("2027-01-01", true), ("2027-02-08", true), ("2027-02-20", false)]);
    let looked = import(&admin, notice.clone(), true).await;
    assert!(!looked.applied && looked.warnings.iter().any(|warning| warning.code == "statutory_missing"));
    assert!(looked.changes.iter().any(|change| change.date == day("2027-02-08") && !change.worked_after));
    assert_eq!(workdays(&clerk, "2027-02-08", "2027-02-08").await, 1, "looking changes nothing");

    let other = app.replica().await;
    let far_away = other.client_of(CLERK).await;
    assert_eq!(workdays(&far_away, "2027-02-20", "2027-02-20").await, 0);
    let outcome = import(&admin, notice.clone(), false).await;
    assert!(outcome.applied);
    assert_eq!((outcome.version, outcome.warnings), (looked.version + 1, looked.warnings));
    for client in [&clerk, &far_away] {
        assert_eq!(workdays(client, "2027-02-08", "2027-02-08").await, 0, "on every replica at once");
        assert_eq!(workdays(client, "2027-02-20", "2027-02-20").await, 1);
    }
    let again = import(&admin, notice, false).await;
    assert!(!again.applied && again.changes.is_empty());
    assert_eq!(again.version, outcome.version);

    let known = admin.call::<ListPapers>(Empty {}, Empty {}, Empty {}).await.unwrap();
    assert_eq!(known.version, outcome.version);
    assert_eq!((known.items[0].year, known.items[0].days_off, known.items[0].days_worked), (2027, 2, 1));
    assert_eq!((known.items[0].by.as_deref(), known.items[1].by.as_deref()), (Some("杨管理"), None));
    let query = CountQuery { from: day("2027-02-08"), to: day("2027-02-20") };
    let listed = clerk.call::<ListCalendarDays>(Empty {}, query, Empty {}).await.unwrap().days;
    let classes = [listed[0].class, listed[1].class, listed[5].class, listed[12].class];
    // 8 February 2027 is 正月初三.
    assert_eq!(classes, [DayClass::Statutory, DayClass::Workday, DayClass::Weekend, DayClass::MakeUp]);
    assert_eq!(listed[12].am.why, "调休上班");
}

async fn approved_leave_is_counted_anew(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Wednesday to Sunday.
    let request = approved(&app, submit(&clerk, asking("annual", "2026-12-02", "2026-12-06")).await).await;
    assert_eq!((request.half_days, request.recounted), (6, None));

    let outcome = change(&app, &[("2026-12-03", true)]).await;
    assert_eq!(outcome.requests, 1);
    let fewer = show(&clerk, request.id).await;
    assert_eq!((fewer.half_days, counts(fewer.recounted)), (4, (6, 4, 0)));
    assert!(fewer.version > request.version);
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.used, left.available), (4, Some(16)), "a day comes back");
    assert_eq!((told(&app, CLERK).await, told(&app, HR).await), (1, 0));

    change(&app, &[("2026-12-05", false)]).await;
    let more = show(&clerk, request.id).await;
    assert_eq!((more.half_days, counts(more.recounted)), (6, (4, 6, 0)));
    assert_eq!(balance(&clerk, "annual").await.used, 6);
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 14);

    // The job has nothing left to do, here and on another server.
    let entries = leave_entry::Entity::find().count(app.state.database.read()).await.unwrap();
    server::worker::run(&app.replica().await.state).await;
    server::leave::recount::run_due(&app.state).await.unwrap();
    assert_eq!(leave_entry::Entity::find().count(app.state.database.read()).await.unwrap(), entries);
    assert_eq!(leave_recount::Entity::find().count(app.state.database.read()).await.unwrap(), 2);
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn a_request_in_approval_is_counted_anew(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-12-03", "2026-12-03")).await;
    let elsewhere = submit(&app.client_of(COLLEAGUE).await, asking("personal", "2026-12-10", "2026-12-10")).await;
    change(&app, &[("2026-12-03", true)]).await;
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.available), (0, Some(20)));
    assert_eq!((told(&app, CLERK).await, told(&app, HEAD).await, told(&app, COLLEAGUE).await), (1, 1, 0));
    assert_eq!(show(&app.client_of(COLLEAGUE).await, elsewhere.id).await.version, elsewhere.version);

    change(&app, &[("2026-12-03", false)]).await;
    assert_eq!(balance(&clerk, "annual").await.held, 2);
    let head = app.client_of(HEAD).await;
    let tasks = crate::leave::inbox(&head).await.tasks;
    let task = tasks.into_iter().find(|task| task.subject.subject_id == request.id).unwrap();
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.held, left.used, left.available), (0, 2, Some(18)), "approved as it counts now");
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn what_the_balance_does_not_cover_is_asked(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-12-08")).await;
    assert_eq!((request.half_days, balance(&clerk, "annual").await.available), (20, Some(0)));
    change(&app, &[("2026-12-05", false)]).await;
    let asked = show(&clerk, request.id).await;
    assert_eq!((asked.half_days, counts(asked.recounted)), (20, (20, 20, 2)), "nothing is taken");
    assert_eq!(balance(&clerk, "annual").await.available, Some(0));
    for number in [CLERK, HEAD, HR, DIRECTOR] {
        assert_eq!(told(&app, number).await, 1, "{number}");
    }
    // Where another day comes back, it covers what was asked for.
    change(&app, &[("2026-12-04", true)]).await;
    let settled = show(&clerk, request.id).await;
    assert_eq!((settled.half_days, counts(settled.recounted)), (20, (20, 20, 0)));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 0);
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn days_that_are_over_stay_as_they_were(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = approved(&app, submit(&clerk, asking("annual", "2026-11-25", "2026-11-27")).await).await;
    app.clock.set(at("2026-11-26", 9, 0));
    change(&app, &[("2026-11-25", true), ("2026-11-26", true)]).await;
    let counted = show(&clerk, request.id).await;
    assert_eq!((counted.status, counted.half_days), (Status::OnLeave, 4), "yesterday was a day of leave");
    app.clock.set(at("2026-11-30", 9, 0));
    change(&app, &[("2026-11-27", true)]).await;
    assert_eq!(show(&clerk, request.id).await.version, counted.version, "a leave that is over is left alone");
}

fn closing(court: Uuid, date: &str, inherited: bool) -> NewCourtDay {
    NewCourtDay {
        id: Uuid::new_v4(),
        court_id: court,
        date: day(date),
        half: None,
        works: Some(false),
        reason: "停电检修".to_owned(),
        inherited,
    }
}

async fn a_court_closes_for_itself_or_for_those_below(app: TestApp) {
    let world = app.world().await;
    let (hr, clerk, below) = (app.client_of(HR).await, app.client_of(CLERK).await, app.client_of(BASIC_CLERK).await);
    let request = submit(&clerk, asking("annual", "2026-12-02", "2026-12-03")).await;
    let own = closing(world.court, "2026-12-02", false);
    let listed = hr.send::<CreateCourtDay>(own.clone()).await.unwrap();
    assert_eq!((listed.items.len(), listed.items[0].by.as_str()), (1, "卫人事"));
    assert_eq!(hr.send::<CreateCourtDay>(own.clone()).await.unwrap(), listed, "a repeat is no second word");
    let reused: Problem = hr.send::<CreateCourtDay>(NewCourtDay { works: None, ..own.clone() }).await.unwrap_err();
    assert_eq!(reused.code, Code::IdReused);
    server::worker::run(&app.state).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 2);
    assert_eq!(preview(&below, "personal", "2026-12-02", "2026-12-02").await.half_days, 2, "it inherits to nothing");

    hr.send::<CreateCourtDay>(closing(world.court, "2026-12-09", true)).await.unwrap();
    let closed = preview(&below, "personal", "2026-12-09", "2026-12-09").await;
    assert_eq!((closed.half_days, closed.days[0].why.as_str()), (0, "本院休息：停电检修"));
    // H5: zero countable half days are refused with an explanation.
    assert!(closed.warnings.iter().any(|warning| warning.code == "nothing_counts" && warning.blocking));
    assert_eq!(workdays(&below, "2026-12-09", "2026-12-09").await, 1, "for everybody it is a workday");

    let back = NewCourtDay { id: Uuid::new_v4(), works: None, ..own };
    assert_eq!(hr.send::<CreateCourtDay>(back).await.unwrap().items.len(), 3, "the history is kept");
    server::worker::run(&app.state).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 4);
    assert_eq!(balance(&clerk, "annual").await.held, 4);
    let nothing = closing(world.foreign, "2026-12-09", false);
    assert_eq!(hr.send::<CreateCourtDay>(nothing).await.unwrap_err().code, Code::NotFound);
    let mute = NewCourtDay { reason: " ".to_owned(), ..closing(world.court, "2026-12-10", false) };
    assert_eq!(hr.send::<CreateCourtDay>(mute).await.unwrap_err().field.as_deref(), Some("reason"));
    let listed = hr.call::<ListCourtDays>(Empty {}, CourtDayQuery::default(), Empty {}).await.unwrap();
    assert_eq!(listed.items.len(), 3);
}

async fn a_working_week_holds_from_its_day_on(app: TestApp) {
    app.world().await;
    let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
    let request = submit(&clerk, asking("annual", "2026-12-04", "2026-12-08")).await;
    assert_eq!(request.half_days, 6);
    let mut halves = WorkingWeek::STANDARD;
    (0..5).for_each(|day| halves[day * 2 + 1] = false);
    let path = || ByOfficer { officer: CLERK.to_owned() };
    let week = NewWorkingWeek { id: Uuid::new_v4(), from: day("2026-12-07"), halves };
    let weeks = hr.post::<CreateWorkingWeek>(path(), week).await.unwrap();
    assert_eq!(hr.post::<CreateWorkingWeek>(path(), week).await.unwrap(), weeks, "a repeat is no second week");
    server::worker::run(&app.state).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 4, "Friday whole, Monday and Tuesday in the morning");
    assert_eq!(balance(&clerk, "annual").await.held, 4);
    let again = NewWorkingWeek { id: Uuid::new_v4(), from: day("2026-12-08"), halves: WorkingWeek::STANDARD };
    hr.post::<CreateWorkingWeek>(path(), again).await.unwrap();
    server::worker::run(&app.state).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 5);
    let own = clerk.get::<ListWorkingWeeks>(path()).await.unwrap();
    let told: Vec<(String, &str)> = own.items.iter().map(|week| (week.from.to_string(), &*week.by)).collect();
    assert_eq!(told, [("2026-12-08".to_owned(), "卫人事"), ("2026-12-07".to_owned(), "卫人事")]);
    let nothing = NewWorkingWeek { id: Uuid::new_v4(), from: day("2026-12-09"), halves: [false; 14] };
    assert_eq!(hr.post::<CreateWorkingWeek>(path(), nothing).await.unwrap_err().field.as_deref(), Some("halves"));
    let colleague = app.client_of(COLLEAGUE).await;
    assert_eq!(colleague.get::<ListWorkingWeeks>(path()).await.unwrap_err().code, Code::NotFound);
}

async fn half_a_holiday_is_for_a_part_of_the_people(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    // H2: 8 March 2027 is a Monday; everybody of this world is a woman, and older than 28.
    let found = preview(&clerk, "personal", "2027-03-08", "2027-03-08").await;
    assert_eq!((found.half_days, found.days[1].why.as_str()), (1, "妇女节放假半天"));
    assert_eq!(preview(&clerk, "personal", "2027-05-04", "2027-05-04").await.half_days, 2);
    let off = HalfHolidays { womens_day: None, ..HalfHolidays::default() };
    let stale = SetHalves { seen: off, settings: HalfHolidays { youth_day: None, ..off } };
    let problem = admin.send::<SetHalfHolidays>(stale).await.unwrap_err();
    assert_eq!(problem.code, Code::StaleVersion);
    assert!(problem.current.is_some());
    let set = SetHalves { seen: HalfHolidays::default(), settings: off };
    assert_eq!(admin.send::<SetHalfHolidays>(set).await.unwrap(), off);
    assert_eq!(preview(&clerk, "personal", "2027-03-08", "2027-03-08").await.half_days, 2);
}

async fn the_young_have_half_of_youth_day(app: TestApp) {
    app.world().await;
    // 4 May 2027 is a Tuesday; one of the two is 27 then, the other 47.
    let mut young = app.officer(COLLEAGUE).await.into_active_model();
    young.id_number = Set(app.state.secrets.seal(b"999999200001200002"));
    young.update(app.state.database.write()).await.unwrap();
    let (young, older) = (app.client_of(COLLEAGUE).await, app.client_of(CLERK).await);
    let found = preview(&young, "personal", "2027-05-04", "2027-05-04").await;
    assert_eq!((found.half_days, found.days[1].why.as_str()), (1, "青年节放假半天"));
    assert_eq!(preview(&older, "personal", "2027-05-04", "2027-05-04").await.half_days, 2);
    // The afternoon is off, so there is nothing to ask for; the morning is asked for beside it.
    let afternoon = Submit { from: half("2027-05-04", Half::Pm), ..asking("personal", "2027-05-04", "2027-05-04") };
    assert_eq!(young.send::<SubmitLeave>(afternoon).await.unwrap_err().code, Code::NothingCounts);
    let asked = submit(&young, asking("personal", "2027-05-04", "2027-05-05")).await;
    assert_eq!((asked.half_days, ledger_sum(&app, COLLEAGUE, "personal").await), (3, -3));

    let mine = HalfHolidays { youth_day: Some(Half::Am), ..HalfHolidays::default() };
    let set = SetHalves { seen: HalfHolidays::default(), settings: mine };
    app.client_of(ADMIN).await.send::<SetHalfHolidays>(set).await.unwrap();
    let found = preview(&young, "personal", "2027-05-04", "2027-05-04").await;
    assert_eq!((found.half_days, found.days[0].why.as_str()), (1, "青年节放假半天"));
}
