//! 逾期未归: recorded by a named person, told, answered, lifted; and the list of 政治部.

use app::api::Page;
use app::leave::api::{
    AbsenceDeed, AbsenceQuery, Absent, AnswerAbsence, AnswerLeaveAbsence, ConfirmLeaveReturn, ConfirmReturn, Extend,
    ExtendLeave, GetAbsenceLimits, LeaveSettings, LeaveSettingsChange, LiftAbsence, LiftLeaveAbsence, LimitsChange,
    ListAbsences, RecordAbsence, RecordLeaveAbsence, SetAbsenceLimits, SetLeaveSettings,
};
use app::leave::rules::absence::{KnownBy, Limit, Limits, Running};
use app::leave::types::Basis;
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use app::org::rules::OfficerStatus;
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel, PaginatorTrait};
use server::entity::{absence_notice, notice};
use tests::world::{ADMIN, BASIC_HR, DIRECTOR, HR};

use super::extend::approved;
use super::*;

on_both!(
    forgetting_every_button_accuses_nobody,
    leave_that_was_granted_is_no_absence,
    days_of_a_leave_granted_later_are_not_counted_as_missed,
    a_record_is_told_answered_and_ended_by_the_return,
    leaders_hear_of_it_stage_by_stage_and_once,
    who_has_left_hears_of_no_absence,
    two_servers_tell_of_a_stage_once,
    a_record_is_lifted_and_stays_in_the_log,
    a_report_against_the_record_needs_a_confirmation,
    a_record_is_made_by_who_may_and_only_when_it_is_due,
    an_extension_that_was_sent_back_holds_up_nobody,
    recording_against_reporting_back_has_one_winner,
    the_list_counts_the_days_against_the_limit_of_the_category,
    the_end_of_a_leave_with_an_undecided_extension_is_told_once,
    an_hour_a_day_is_over_when_it_is_over,
    who_has_reported_back_is_in_the_team_calendar_no_more,
);

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

async fn told(client: &Client, kind: NoticeKind) -> usize {
    let query = NoticeQuery { limit: Some(100), ..NoticeQuery::default() };
    let told = client.call::<ListNotices>(Empty {}, query, Empty {}).await.expect("his notices").items;
    told.iter().filter(|notice| notice.kind == kind).count()
}

async fn absences(client: &Client) -> Vec<Absent> {
    let found: Page<Absent> =
        client.call::<ListAbsences>(Empty {}, AbsenceQuery::default(), Empty {}).await.expect("a list");
    found.items
}

fn missing(leave: &LeaveRequest, since: &str) -> RecordAbsence {
    let note = "打电话未接，家属也不清楚".to_owned();
    RecordAbsence { version: leave.version, since: day(since), known_by: KnownBy::OutOfReach, note }
}

async fn say_missing(client: &Client, leave: &LeaveRequest, since: &str) -> Result<LeaveRequest, Problem> {
    client.post::<RecordLeaveAbsence>(ById { id: leave.id }, missing(leave, since)).await
}

async fn lift(client: &Client, leave: &LeaveRequest, back: Option<&str>) -> Result<LeaveRequest, Problem> {
    let body = LiftAbsence { version: leave.version, back: back.map(day), note: "已核实".to_owned() };
    client.post::<LiftLeaveAbsence>(ById { id: leave.id }, body).await
}

async fn back(client: &Client, leave: &LeaveRequest, at: HalfDay) -> Result<LeaveRequest, Problem> {
    let body = ReportReturn { version: leave.version, back: at, note: String::new() };
    client.post::<ReturnFromLeave>(ById { id: leave.id }, body).await
}

async fn forgetting_every_button_accuses_nobody(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    for date in ["2026-11-30", "2026-12-04", "2026-12-21", "2027-03-01"] {
        app.clock.set(at(date, 10, 0));
        server::worker::run(&app.state).await;
    }
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let seen = show(&clerk, leave.id).await;
    assert_eq!((seen.status, seen.absence), (Status::AwaitingReturn, None));
    assert_eq!(absences(&hr).await, []);
    for who in [CLERK, HEAD, OVERSEER, PRESIDENT, DIRECTOR] {
        let client = app.client_of(who).await;
        assert_eq!(told(&client, NoticeKind::StaffAbsent).await + told(&client, NoticeKind::AbsenceRecorded).await, 0);
    }
}

async fn leave_that_was_granted_is_no_absence(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    let clerk = app.client_of(CLERK).await;
    let sick = submit(&clerk, asking("sick", "2026-11-30", "2026-12-01")).await;
    approve_all(&app, &sick).await;
    app.clock.set(at("2026-12-02", 8, 40));
    let head = app.client_of(HEAD).await;
    let seen = show(&head, leave.id).await;
    let refused = say_missing(&head, &seen, "2026-12-01").await.expect_err("he is ill");
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("since")));
    say_missing(&head, &seen, "2026-12-02").await.expect("nothing covers that day");
}

async fn days_of_a_leave_granted_later_are_not_counted_as_missed(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-01", 8, 40));
    let head = app.client_of(HEAD).await;
    say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    // He has been ill, and is for some days more; the afternoon of the last one is not covered.
    let clerk = app.client_of(CLERK).await;
    let ill = Submit { to: HalfDay::am(day("2026-12-04")), ..asking("sick", "2026-12-01", "2026-12-04") };
    let ill = submit(&clerk, ill).await;
    approve_all(&app, &ill).await;
    app.clock.set(at("2026-12-05", 8, 40));
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let listed = absences(&hr).await.remove(0);
    let (before, after) = (1, 2);
    assert_eq!((listed.running.natural_days, listed.in_year.natural_days), (after, before + after));
    assert_eq!(show(&clerk, leave.id).await.absence.expect("on record").running, listed.running);
}

async fn a_record_is_told_answered_and_ended_by_the_return(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-01", 8, 40));
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let seen = show(&head, leave.id).await;
    assert_eq!(seen.actions, [Action::RecordAbsence]);
    let recorded = say_missing(&head, &seen, "2026-11-30").await.expect("he approved it");
    let absence = recorded.absence.clone().expect("it is on record");
    assert_eq!((absence.since, absence.running), (Some(day("2026-11-30")), Running { natural_days: 2, workdays: 2 }));
    assert_eq!((absence.entries.len(), absence.entries[0].known_by), (1, Some(KnownBy::OutOfReach)));
    assert_eq!(recorded.actions, [Action::LiftAbsence]);
    assert_eq!(told(&clerk, NoticeKind::AbsenceRecorded).await, 1, "he is told at once");
    let again = say_missing(&head, &recorded, "2026-11-30").await.expect_err("once");
    assert_eq!(again.code, Code::WrongState);
    let stale = say_missing(&head, &seen, "2026-11-30").await.expect_err("he saw it before");
    assert_eq!((stale.code, stale.current.is_some()), (Code::StaleVersion, true));

    let own = show(&clerk, leave.id).await;
    assert_eq!(own.actions, [Action::Return, Action::AnswerAbsence]);
    let text = serde_json::to_string(&own).expect("json");
    assert!(!text.contains("limit") && !text.contains("in_a_row"), "nobody but 政治部 reads of the limit: {text}");
    let body = AnswerAbsence { version: own.version, note: "航班取消，今晚返回".to_owned() };
    let silent = AnswerAbsence { note: " ".to_owned(), ..body.clone() };
    let refused = clerk.post::<AnswerLeaveAbsence>(ById { id: leave.id }, silent).await.expect_err("no words");
    assert_eq!((refused.code, refused.field.as_deref()), (Code::ReasonRequired, Some("note")));
    let answered = clerk.post::<AnswerLeaveAbsence>(ById { id: leave.id }, body).await.expect("his own");
    assert_eq!(told(&head, NoticeKind::StaffAbsent).await, 1, "who recorded it reads what he says");
    let listed = absences(&hr).await;
    assert_eq!((listed.len(), listed[0].is_answered, listed[0].officer.as_str()), (1, true, CLERK));

    app.clock.set(at("2026-12-02", 8, 30));
    let returned = back(&clerk, &answered, half("2026-12-02", Half::Am)).await.expect("he is back");
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::Late)));
    let absence = returned.absence.expect("the log stays");
    assert_eq!((absence.since, absence.entries.len()), (None, 2));
    assert_eq!(absence.entries[1].deed, AbsenceDeed::Answered);
    assert_eq!(absences(&hr).await, []);
    app.clock.set(at("2026-12-20", 10, 0));
    server::worker::run(&app.state).await;
    assert_eq!(told(&app.client_of(PRESIDENT).await, NoticeKind::StaffAbsent).await, 0, "it has ended");
}

async fn leaders_hear_of_it_stage_by_stage_and_once(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-11-30", 8, 40));
    let head = app.client_of(HEAD).await;
    say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    let people = [HEAD, OVERSEER, DIRECTOR, PRESIDENT, CLERK];
    let look = async |date: &str, hour: i32| {
        app.clock.set(at(date, hour, 45));
        for _ in 0..2 {
            server::worker::run(&app.state).await;
        }
        let mut counts = Vec::new();
        for who in people {
            counts.push(told(&app.client_of(who).await, NoticeKind::StaffAbsent).await);
        }
        counts
    };
    assert_eq!(look("2026-11-30", 8).await, [0, 0, 0, 0, 0], "whoever comes in the morning has the time for it");
    assert_eq!(look("2026-11-30", 9).await, [1, 0, 0, 0, 0], "day 1");
    assert_eq!(look("2026-12-01", 10).await, [1, 0, 0, 0, 0]);
    assert_eq!(look("2026-12-02", 10).await, [2, 1, 0, 0, 0], "day 3");
    assert_eq!(look("2026-12-06", 10).await, [3, 2, 1, 0, 0], "day 7, a Sunday");
    // The server stood still on the tenth day.
    assert_eq!(look("2026-12-10", 10).await, [4, 3, 2, 1, 0]);
    assert_eq!(look("2026-12-13", 10).await, [5, 4, 3, 2, 0], "day 14 tells all of them");
    assert_eq!(look("2027-01-20", 10).await, [5, 4, 3, 2, 0]);
    // Lifted and recorded anew, the days begin anew.
    let head = app.client_of(HEAD).await;
    let lifted = lift(&head, &show(&head, leave.id).await, None).await.expect("he may");
    say_missing(&head, &lifted, "2027-01-19").await.expect("a new record");
    assert_eq!(look("2027-01-21", 10).await, [6, 5, 3, 2, 0], "day 3 of it");
}

async fn who_has_left_hears_of_no_absence(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-11-30", 8, 40));
    let head = app.client_of(HEAD).await;
    say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    let told_by = async |when: &str| {
        app.clock.set(at(when, 10, 0));
        server::worker::run(&app.state).await;
        let rows = notice::Entity::find().filter(notice::Column::Kind.eq(NoticeKind::StaffAbsent.as_str()));
        let rows = rows.all(app.state.database.read()).await.expect("the database answers");
        let mut told = Vec::new();
        for who in [HEAD, OVERSEER, DIRECTOR, PRESIDENT] {
            let officer = app.officer(who).await.id;
            told.push(rows.iter().filter(|row| row.officer_id == officer).count());
        }
        told
    };
    retire(&app, HEAD).await;
    assert_eq!(told_by("2026-11-30").await, [0, 0, 1, 0], "day 1: nobody is left whom it concerns but 政治部");
    assert_eq!(told_by("2026-12-02").await, [0, 1, 1, 0], "day 3: who oversees the department");
    retire(&app, OVERSEER).await;
    assert_eq!(told_by("2026-12-04").await, [0, 1, 1, 0]);
    assert_eq!(told_by("2026-12-06").await, [0, 1, 2, 0], "day 7");
    retire(&app, PRESIDENT).await;
    assert_eq!(told_by("2026-12-10").await, [0, 1, 3, 0], "day 10");
}

pub(super) async fn retire(app: &TestApp, number: &str) {
    let mut leaving = app.officer(number).await.into_active_model();
    leaving.status = Set(OfficerStatus::Retired.as_str().to_owned());
    leaving.update(app.state.database.write()).await.expect("the database takes it");
}

async fn two_servers_tell_of_a_stage_once(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-03", 8, 40));
    let head = app.client_of(HEAD).await;
    say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    let other = app.replica().await;
    app.clock.set(at("2026-12-03", 10, 0));
    tokio::join!(
        server::worker::run(&app.state),
        server::worker::run(&other.state),
        server::worker::run(&app.state),
        server::worker::run(&other.state)
    );
    let sent = absence_notice::Entity::find().count(app.state.database.read()).await.expect("the database answers");
    assert_eq!((sent, told(&head, NoticeKind::StaffAbsent).await), (1, 1));
}

async fn a_record_is_lifted_and_stays_in_the_log(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-02", 8, 40));
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let recorded = say_missing(&hr, &show(&hr, leave.id).await, "2026-11-30").await.expect("政治部 may");
    assert_eq!(lift(&clerk, &recorded, None).await.expect_err("he reports back").code, Code::NotAllowed);
    for bad in ["2026-11-29", "2026-12-03"] {
        let refused = lift(&head, &recorded, Some(bad)).await.expect_err("no such day");
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("back")), "{bad}");
    }
    let lifted = lift(&head, &recorded, Some("2026-12-01")).await.expect("he approved it");
    let absence = lifted.absence.clone().expect("the log");
    let deeds: Vec<_> = absence.entries.iter().map(|entry| (entry.deed, entry.day)).collect();
    let expected = [(AbsenceDeed::Recorded, Some(day("2026-11-30"))), (AbsenceDeed::Back, Some(day("2026-12-01")))];
    assert_eq!((deeds.as_slice(), absence.since), (expected.as_slice(), None));
    assert_eq!(told(&clerk, NoticeKind::AbsenceRecorded).await, 2, "of the record and of its end");
    assert_eq!(absences(&hr).await, []);
    assert_eq!(lift(&head, &lifted, None).await.expect_err("it is lifted").code, Code::WrongState);
    assert_eq!(show(&clerk, leave.id).await.actions, [Action::Return], "his return is another thing");
}

async fn a_report_against_the_record_needs_a_confirmation(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-02", 8, 40));
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let recorded = say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    let reported = back(&clerk, &recorded, half("2026-11-30", Half::Am)).await.expect("he says so");
    assert_eq!(reported.status, Status::AwaitingReturn, "nobody has to confirm by the settings, and yet");
    assert_eq!(absences(&hr).await, [], "he has reported");
    let confirm = ConfirmReturn { version: reported.version };
    let confirmed = hr.post::<ConfirmLeaveReturn>(ById { id: leave.id }, confirm).await.expect("政治部 may");
    assert_eq!((confirmed.status, confirmed.outcome), (Status::Returned, Some(Outcome::OnTime)));
}

async fn a_record_is_made_by_who_may_and_only_when_it_is_due(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    app.clock.set(at("2026-11-26", 17, 0));
    let early = say_missing(&head, &show(&head, leave.id).await, "2026-11-26").await.expect_err("its last day");
    assert_eq!(early.code, Code::WrongState);
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-27", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    app.clock.set(at("2026-11-30", 8, 40));
    let head = app.client_of(HEAD).await;
    let undecided = say_missing(&head, &show(&head, leave.id).await, "2026-11-27").await.expect_err("undecided");
    assert!(undecided.code == Code::WrongState && undecided.detail.contains("续假"), "{undecided:?}");
    let clerk = app.client_of(CLERK).await;
    let body = Withdraw { version: more.version };
    clerk.post::<WithdrawLeave>(ById { id: more.id }, body).await.expect("his own");
    let seen = show(&head, leave.id).await;
    let clerk_seen = say_missing(&clerk, &seen, "2026-11-27").await.expect_err("not of himself");
    assert_eq!(clerk_seen.code, Code::NotAllowed);
    for (who, code) in [(COLLEAGUE, Code::NotFound), (OTHER_HEAD, Code::NotFound), (PRESIDENT, Code::NotAllowed)] {
        let refused = say_missing(&app.client_of(who).await, &seen, "2026-11-27").await.expect_err("not he");
        assert_eq!(refused.code, code, "{who}");
    }
    for bad in ["2026-11-26", "2026-12-01"] {
        let refused = say_missing(&head, &seen, bad).await.expect_err("no such day");
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("since")), "{bad}");
    }
    let silent = RecordAbsence { note: String::new(), ..missing(&seen, "2026-11-27") };
    let refused = head.post::<RecordLeaveAbsence>(ById { id: leave.id }, silent).await.expect_err("no words");
    assert_eq!(refused.code, Code::ReasonRequired);
    assert!(say_missing(&head, &seen, "2026-11-27").await.is_ok());
}

/// It once did, without limit: who never came back and never answered could not be put on record.
async fn an_extension_that_was_sent_back_holds_up_nobody(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    let clerk = app.client_of(CLERK).await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-27", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    app.clock.set(at("2026-11-30", 8, 40));
    let head = app.client_of(HEAD).await;
    let undecided = show(&head, leave.id).await;
    assert!(!undecided.actions.contains(&Action::RecordAbsence), "he can decide on it");
    let task = only_task(&head).await;
    let body = Decide::new(TaskAction::SendBack, "请补充理由", task.version);
    head.post::<DecideTask>(ById { id: task.id }, body).await.expect("his task");
    for who in [HEAD, HR] {
        let seen = show(&app.client_of(who).await, leave.id).await;
        assert!(seen.actions.contains(&Action::RecordAbsence), "{who}: {:?}", seen.actions);
    }
    let recorded = say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he is not back");
    assert_eq!(recorded.extension.as_ref().map(|more| more.status), Some(Status::SentBack), "it stays his to answer");
    app.clock.set(at("2026-12-01", 8, 40));
    let clerk = app.client_of(CLERK).await;
    let returned = back(&clerk, &recorded, half("2026-12-01", Half::Am)).await.expect("he is back");
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::Late)));
    assert_eq!(show(&clerk, more.id).await.status, Status::Withdrawn);
}

async fn recording_against_reporting_back_has_one_winner(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-01", 8, 40));
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let seen = show(&head, leave.id).await;
    let records = [head, hr.clone()].map(|client| {
        let seen = seen.clone();
        tokio::spawn(async move { say_missing(&client, &seen, "2026-11-30").await.is_ok() })
    });
    let returned = {
        let (clerk, seen) = (clerk.clone(), seen.clone());
        tokio::spawn(async move { back(&clerk, &seen, half("2026-12-01", Half::Am)).await.is_ok() })
    };
    let records = join_all(records).await.into_iter().filter(|won| *won.as_ref().expect("it ran")).count();
    let returned = returned.await.expect("it ran");
    assert_eq!(records + usize::from(returned), 1);
    let after = show(&clerk, leave.id).await;
    assert_eq!(after.absence.is_some(), !returned);
    assert_eq!(absences(&hr).await.len(), usize::from(!returned));
}

async fn the_list_counts_the_days_against_the_limit_of_the_category(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-26", "2026-11-27").await;
    app.clock.set(at("2026-12-01", 8, 40));
    let head = app.client_of(HEAD).await;
    let recorded = say_missing(&head, &show(&head, leave.id).await, "2026-11-30").await.expect("he approved it");
    let lifted = lift(&head, &recorded, Some("2026-12-01")).await.expect("a day he was missed");
    say_missing(&head, &lifted, "2026-12-01").await.expect("and again");
    app.clock.set(at("2026-12-15", 8, 40));
    let hr_later = app.client_of(HR).await;
    let listed = absences(&hr_later).await.remove(0);
    assert_eq!((listed.since, listed.recorded_by.as_str()), (day("2026-12-01"), "王庭长"));
    assert_eq!((listed.running, listed.in_year.natural_days), (Running { natural_days: 15, workdays: 11 }, 16));
    assert_eq!((listed.limit, listed.is_passed), (Some(Limit::STATUTE), false), "fifteen are not more than fifteen");
    app.clock.set(at("2026-12-16", 8, 40));
    assert!(absences(&app.client_of(HR).await).await.remove(0).is_passed);
    // The province counts workdays from now on.
    let admin_later = app.client_of(ADMIN).await;
    let seen = admin_later.get::<GetAbsenceLimits>(Empty {}).await.expect("the statute's");
    assert_eq!(seen, Limits::default());
    let mut limits = seen.clone();
    for item in &mut limits.items {
        item.limit = item.limit.map(|limit| Limit { basis: Basis::Workdays, ..limit });
    }
    let change = LimitsChange { seen, limits: limits.clone() };
    assert_eq!(admin_later.send::<SetAbsenceLimits>(change.clone()).await, Ok(limits));
    let other = LimitsChange { limits: Limits::default(), ..change };
    assert_eq!(admin_later.send::<SetAbsenceLimits>(other).await.expect_err("others hold").code, Code::StaleVersion);
    assert!(!absences(&app.client_of(HR).await).await.remove(0).is_passed);
    assert_eq!(absences(&app.client_of(BASIC_HR).await).await, [], "another court's");
    for who in [HEAD, PRESIDENT, CLERK, ADMIN] {
        let client = app.client_of(who).await;
        let refused = client.call::<ListAbsences>(Empty {}, AbsenceQuery::default(), Empty {}).await.expect_err("no");
        assert_eq!(refused.code, Code::NotAllowed, "{who}");
    }
}

async fn the_end_of_a_leave_with_an_undecided_extension_is_told_once(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-25", "2026-11-26").await;
    let clerk = app.client_of(CLERK).await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-27", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    let other = app.replica().await;
    let look = async |date: &str, hour: i32| {
        app.clock.set(at(date, hour, 10));
        // Two servers at once, and again.
        for _ in 0..2 {
            tokio::join!(server::worker::run(&app.state), server::worker::run(&other.state));
        }
        let kind = NoticeKind::ExtensionUndecided;
        (told(&app.client_of(CLERK).await, kind).await, told(&app.client_of(HEAD).await, kind).await)
    };
    assert_eq!(look("2026-11-26", 14).await, (0, 0));
    assert_eq!(look("2026-11-26", 15).await, (1, 1), "who asks and whose turn it is");
    assert_eq!(told(&app.client_of(OVERSEER).await, NoticeKind::ExtensionUndecided).await, 0, "not his turn yet");
    assert_eq!(look("2026-11-27", 16).await, (1, 1));
    let clerk = app.client_of(CLERK).await;
    assert_eq!(told(&clerk, NoticeKind::ReturnDue).await, 1, "and the return is asked for all the same");
}

async fn an_hour_a_day_is_over_when_it_is_over(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let hours = submit(&clerk, asking("nursing", "2026-11-26", "2026-11-27")).await;
    approve_all(&app, &hours).await;
    app.clock.set(at("2026-11-27", 9, 45));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, hours.id).await;
    assert_eq!((seen.status, seen.actions.contains(&Action::Return)), (Status::OnLeave, true), "it can be ended early");
    app.clock.set(at("2026-11-30", 9, 45));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, hours.id).await;
    assert_eq!((seen.status, seen.actions.as_slice()), (Status::Returned, [].as_slice()), "nothing is to be reported");
    let head = app.client_of(HEAD).await;
    assert_eq!(show(&head, hours.id).await.actions, [], "and nobody is missing");
}

async fn who_has_reported_back_is_in_the_team_calendar_no_more(app: TestApp) {
    use app::leave::api::Confirmation;
    use app::leave::team::{GetTeam, TeamQuery};
    app.world().await;
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { return_confirmation: Confirmation::Approver, ..seen };
    let admin = app.client_of(ADMIN).await;
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
    let leave = approved(&app, "2026-11-24", "2026-11-27").await;
    app.clock.set(at("2026-11-25", 14, 0));
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let away = async |client: &Client| {
        let team = client.call::<GetTeam>(Empty {}, TeamQuery::default(), Empty {}).await.expect("his team");
        let person = team.people.into_iter().find(|person| person.officer == CLERK).expect("of the team");
        person.away.last().map(|away| away.to)
    };
    assert_eq!(away(&colleague).await, Some(half("2026-11-27", Half::Pm)));
    back(&clerk, &leave, half("2026-11-25", Half::Pm)).await.expect("he is back");
    assert_eq!(away(&colleague).await, Some(half("2026-11-25", Half::Am)), "he is back");
}
