//! 销假 that somebody confirms, by setting.

use app::leave::api::{
    ConfirmLeaveReturn, ConfirmReturn, Confirmation, DisputeLeaveReturn, DisputeReturn, Extend, ExtendLeave,
    LeaveSettings, LeaveSettingsChange, Resubmit, ResubmitLeave, SetLeaveSettings,
};
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use futures_util::future::join_all;
use tests::world::{ADMIN, BASIC_HR, HIGH_DIRECTOR, HR};

use super::extend::approved;
use super::types::{rules_of, set};
use super::*;

on_both!(
    whoever_approved_last_confirms_and_then_it_is_final,
    a_report_that_is_sent_back_is_made_again,
    a_disputed_return_can_be_reported_again_after_the_end,
    the_political_department_confirms_where_the_setting_says_so,
    a_type_says_who_confirms_its_returns_and_what_was_asked_for_keeps_it,
    an_extension_and_a_resubmission_keep_who_confirms,
    a_note_says_where_somebody_reports_from,
    of_two_who_confirm_one_wins,
);

pub(super) async fn have_confirmed(app: &TestApp, by: Confirmation) {
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { return_confirmation: by, ..seen };
    let admin = app.client_of(ADMIN).await;
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
}

pub(super) async fn report(
    client: &Client,
    leave: &LeaveRequest,
    back: HalfDay,
    note: &str,
) -> Result<LeaveRequest, Problem> {
    let body = ReportReturn { version: leave.version, back, note: note.to_owned() };
    client.post::<ReturnFromLeave>(ById { id: leave.id }, body).await
}

pub(super) async fn confirm(client: &Client, leave: &LeaveRequest) -> Result<LeaveRequest, Problem> {
    client.post::<ConfirmLeaveReturn>(ById { id: leave.id }, ConfirmReturn { version: leave.version }).await
}

async fn dispute(client: &Client, leave: &LeaveRequest, at: HalfDay, why: &str) -> Result<LeaveRequest, Problem> {
    let body = DisputeReturn { version: leave.version, back: at, reason: why.to_owned() };
    client.post::<DisputeLeaveReturn>(ById { id: leave.id }, body).await
}

async fn newest(client: &Client) -> NoticeKind {
    let told = client.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.expect("his notices");
    told.items[0].kind
}

async fn whoever_approved_last_confirms_and_then_it_is_final(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::Approver).await;
    let leave = approved(&app, "2026-11-24", "2026-11-27").await;
    let last = leave.chain.last().and_then(|step| step.officer.clone()).expect("somebody approved");
    let (clerk, head, approver) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(&last).await);
    assert_ne!(last, HEAD, "four days");
    app.clock.set(at("2026-11-26", 9, 0));
    let reported = report(&clerk, &leave, half("2026-11-26", Half::Am), "").await.expect("he is back");
    assert_eq!((reported.status, reported.actions.as_slice()), (Status::AwaitingReturn, [].as_slice()));
    let told = reported.return_report.clone().expect("it says what was reported");
    assert_eq!((told.is_waiting, told.back, told.reported_at), (true, half("2026-11-26", Half::Am), app.now()));
    assert_eq!((reported.back, reported.outcome), (None, None), "nothing is final");
    assert_eq!(balance(&clerk, "annual").await.used, 8, "and nothing is refunded");
    let again = report(&clerk, &reported, half("2026-11-26", Half::Am), "").await.expect_err("it waits");
    assert_eq!(again.code, Code::WrongState);
    assert_eq!(newest(&approver).await, NoticeKind::ReturnReported);

    assert_eq!(show(&head, leave.id).await.actions, [], "the head approved first");
    assert_eq!(confirm(&head, &reported).await.expect_err("not he").code, Code::NotAllowed);
    assert_eq!(confirm(&clerk, &reported).await.expect_err("not himself").code, Code::NotAllowed);
    let stranger = app.client_of(OTHER_HEAD).await;
    assert_eq!(confirm(&stranger, &reported).await.expect_err("nothing to him").code, Code::NotFound);
    let seen = show(&approver, leave.id).await;
    assert_eq!(seen.actions, [Action::ConfirmReturn, Action::DisputeReturn]);
    let stale = confirm(&approver, &leave).await.expect_err("he saw it before the report");
    assert_eq!((stale.code, stale.current.is_some()), (Code::StaleVersion, true));
    app.pass(3600);
    let confirmed = confirm(&approver, &seen).await.expect("he approved last");
    assert_eq!((confirmed.status, confirmed.outcome), (Status::Returned, Some(Outcome::Early)));
    assert_eq!((confirmed.back, confirmed.returned_at), (Some(told.back), Some(told.reported_at)));
    let told = confirmed.return_report.clone().expect("the report");
    assert_eq!((told.is_waiting, told.confirmed_by), (false, Some(app.officer(&last).await.name)));
    assert_eq!(newest(&clerk).await, NoticeKind::ReturnJudged);
    assert_eq!((balance(&clerk, "annual").await.used, ledger_sum(&app, CLERK, "annual").await), (4, 16));
    assert_eq!(confirm(&approver, &confirmed).await.expect_err("it is done").code, Code::WrongState);
}

async fn a_report_that_is_sent_back_is_made_again(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::Approver).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let (clerk, overseer) = (app.client_of(CLERK).await, app.client_of(OVERSEER).await);
    // An extension that is still being decided is taken back by the report.
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-26", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    app.clock.set(at("2026-11-27", 9, 0));
    let reported = report(&clerk, &leave, half("2026-11-26", Half::Am), "").await.expect("he is back");
    assert_eq!(show(&clerk, more.id).await.status, Status::Withdrawn);
    let seen = show(&overseer, leave.id).await;
    let monday = half("2026-11-27", Half::Am);
    assert_eq!(dispute(&overseer, &seen, monday, " ").await.expect_err("no reason").code, Code::ReasonRequired);
    let future = dispute(&overseer, &seen, half("2026-11-30", Half::Am), "未到岗").await.expect_err("tomorrow");
    assert_eq!((future.code, future.field.as_deref()), (Code::ReturnOutOfRange, Some("back")));
    let disputed = dispute(&overseer, &seen, monday, "26日未见到岗").await.expect("he approved");
    let told = disputed.return_report.clone().and_then(|report| report.disputed).expect("it says why");
    assert_eq!((told.back, told.reason.as_str()), (monday, "26日未见到岗"));
    assert_eq!(newest(&clerk).await, NoticeKind::ReturnJudged);
    let seen = show(&clerk, leave.id).await;
    assert_eq!(seen.actions, [Action::Return], "he reports again");
    assert_eq!(report(&clerk, &reported, monday, "").await.expect_err("old").code, Code::StaleVersion);
    let reported = report(&clerk, &seen, monday, "").await.expect("he is back");
    // The setting changes meanwhile: what waits still waits, and is confirmed all the same.
    let admin = app.client_of(ADMIN).await;
    let seen = LeaveSettings { return_confirmation: Confirmation::Approver, ..LeaveSettings::default() };
    let change = LeaveSettingsChange { seen, settings: LeaveSettings::default() };
    admin.send::<SetLeaveSettings>(change).await.expect("his settings");
    let returned = confirm(&overseer, &reported).await.expect("he approved");
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::Late)));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 16);
}

async fn a_disputed_return_can_be_reported_again_after_the_end(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::Approver).await;
    let clerk = app.client_of(CLERK).await;
    let hours = submit(&clerk, asking("nursing", "2026-11-24", "2026-11-27")).await;
    approve_all(&app, &hours).await;
    app.clock.set(at("2026-11-26", 9, 0));
    let ended = report(&clerk, &show(&clerk, hours.id).await, half("2026-11-26", Half::Am), "").await.expect("early");
    // It would have ended by itself; the leader answers on the day after.
    app.clock.set(at("2026-11-30", 9, 0));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let last = ended.chain.last().and_then(|step| step.officer.clone()).expect("somebody approved");
    let approver = if last == HEAD { head } else { app.client_of(&last).await };
    dispute(&approver, &ended, half("2026-11-27", Half::Am), "26日仍按时离岗").await.expect("he says otherwise");
    let seen = show(&clerk, hours.id).await;
    assert_eq!((seen.status, seen.actions.contains(&Action::Return)), (Status::AwaitingReturn, true));
    let again = report(&clerk, &seen, half("2026-11-27", Half::Am), "").await.expect("as he was asked");
    let closed = confirm(&approver, &again).await.expect("now they agree");
    assert_eq!((closed.status, closed.outcome), (Status::Returned, Some(Outcome::Early)));
}

async fn the_political_department_confirms_where_the_setting_says_so(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::PoliticalDepartment).await;
    let leave = approved(&app, "2026-11-24", "2026-11-24").await;
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    app.clock.set(at("2026-11-25", 8, 40));
    report(&clerk, &leave, half("2026-11-25", Half::Am), "").await.expect("he is back");
    assert_eq!(newest(&hr).await, NoticeKind::ReturnReported);
    let seen = show(&head, leave.id).await;
    assert_eq!(confirm(&head, &seen).await.expect_err("it is left to them").code, Code::NotAllowed);
    let other = app.client_of(BASIC_HR).await;
    assert_eq!(confirm(&other, &seen).await.expect_err("of another court").code, Code::NotFound);
    let returned = confirm(&hr, &show(&hr, leave.id).await).await.expect("it is left to them");
    assert_eq!(returned.outcome, Some(Outcome::OnTime));
    // Nobody of them confirms his own.
    let own = submit(&hr, asking("annual", "2026-12-01", "2026-12-01")).await;
    approve_all(&app, &own).await;
    app.clock.set(at("2026-12-02", 8, 40));
    let own = report(&hr, &show(&hr, own.id).await, half("2026-12-02", Half::Am), "").await.expect("he is back");
    assert_eq!(confirm(&hr, &own).await.expect_err("his own").code, Code::NotAllowed);
    let director = app.client_of(tests::world::DIRECTOR).await;
    confirm(&director, &show(&director, own.id).await).await.expect("his colleague");
}

/// Has a provincial officer of 政治部 say who confirms the returns of a type.
async fn have_type_confirmed(app: &TestApp, name: &str, by: Option<Confirmation>) {
    let director = app.client_of(HIGH_DIRECTOR).await;
    let mut rules = rules_of(&director, name).await;
    rules.rules.return_confirmation = by;
    assert_eq!(set(&director, &rules).await.expect("his rules").rules.return_confirmation, by);
}

async fn a_type_says_who_confirms_its_returns_and_what_was_asked_for_keeps_it(app: TestApp) {
    app.world().await;
    let before = approved(&app, "2026-11-24", "2026-11-24").await;
    have_type_confirmed(&app, "annual", Some(Confirmation::PoliticalDepartment)).await;
    let left_to_hr = approved(&app, "2026-11-26", "2026-11-26").await;
    have_type_confirmed(&app, "annual", None).await;
    have_confirmed(&app, Confirmation::Approver).await;
    have_type_confirmed(&app, "sick", Some(Confirmation::None)).await;
    let sick = submit(&app.client_of(CLERK).await, asking("sick", "2026-11-30", "2026-11-30")).await;
    approve_all(&app, &sick).await;

    app.clock.set(at("2026-11-25", 8, 40));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let reported = report(&clerk, &before, half("2026-11-25", Half::Am), "").await.expect("he is back");
    assert_eq!(reported.status, Status::AwaitingReturn, "as the setting says by now: the type said nothing then");
    confirm(&head, &reported).await.expect("he approved");

    app.clock.set(at("2026-11-27", 8, 40));
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let reported = report(&clerk, &left_to_hr, half("2026-11-27", Half::Am), "").await.expect("he is back");
    assert_eq!(reported.status, Status::AwaitingReturn);
    assert_eq!(newest(&hr).await, NoticeKind::ReturnReported);
    assert_eq!(show(&head, reported.id).await.actions, [], "the type left it to them when it was asked for");
    assert_eq!(confirm(&head, &reported).await.expect_err("nor later").code, Code::NotAllowed);
    let offered = show(&hr, reported.id).await.actions;
    assert!(offered.contains(&Action::ConfirmReturn), "{offered:?}");
    confirm(&hr, &reported).await.expect("it is left to them");

    app.clock.set(at("2026-12-01", 8, 40));
    let clerk = app.client_of(CLERK).await;
    let sick = show(&clerk, sick.id).await;
    let back = report(&clerk, &sick, half("2026-12-01", Half::Am), "").await.expect("he is back");
    assert_eq!(back.status, Status::Returned, "nobody confirms this type");
}

async fn an_extension_and_a_resubmission_keep_who_confirms(app: TestApp) {
    app.world().await;
    have_type_confirmed(&app, "annual", Some(Confirmation::PoliticalDepartment)).await;
    let leave = approved(&app, "2026-11-24", "2026-11-24").await;
    have_type_confirmed(&app, "annual", None).await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let more = Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half("2026-11-25", Half::Pm),
        leave_type: None,
        reason: String::new(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: leave.id }, more).await.expect("in time");
    approve_all(&app, &more).await;
    app.clock.set(at("2026-11-26", 8, 40));
    let reported = report(&clerk, &show(&clerk, more.id).await, half("2026-11-26", Half::Am), "").await.expect("back");
    assert_eq!(reported.status, Status::AwaitingReturn, "a series is reported back from as it began");
    confirm(&app.client_of(HR).await, &reported).await.expect("it is left to them");

    // Submitted again it is asked for anew, by what the type says then.
    let asked = submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;
    let task = only_task(&head).await;
    let body = Decide::new(TaskAction::SendBack, "请写明去向", task.version);
    head.post::<DecideTask>(ById { id: task.id }, body).await.expect("his task");
    have_type_confirmed(&app, "annual", Some(Confirmation::Approver)).await;
    let seen = show(&clerk, asked.id).await;
    let again = Resubmit {
        version: seen.version,
        leave_type: "annual".to_owned(),
        from: seen.from,
        to: seen.to,
        reason: String::new(),
        destination: "临江市".to_owned(),
        stand_in: None,
        contact: String::new(),
    };
    let again = clerk.post::<ResubmitLeave>(ById { id: asked.id }, again).await.expect("his own");
    approve_all(&app, &again).await;
    app.clock.set(at("2026-12-02", 8, 40));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let reported = report(&clerk, &show(&clerk, asked.id).await, half("2026-12-02", Half::Am), "").await.expect("back");
    assert_eq!(reported.status, Status::AwaitingReturn);
    confirm(&head, &reported).await.expect("he approved");
}

async fn a_note_says_where_somebody_reports_from(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-24", "2026-11-24").await;
    let clerk = app.client_of(CLERK).await;
    app.clock.set(at("2026-11-25", 8, 40));
    let back = half("2026-11-25", Half::Am);
    let long = report(&clerk, &leave, back, &"长".repeat(101)).await.expect_err("too long");
    assert_eq!((long.code, long.field.as_deref()), (Code::BadInput, Some("note")));
    let returned = report(&clerk, &leave, back, " 民一庭办公室 ").await.expect("he is back");
    let told = returned.return_report.expect("the report");
    assert_eq!((told.note.as_deref(), told.is_waiting, told.confirmed_by), (Some("民一庭办公室"), false, None));
    assert_eq!(returned.status, Status::Returned);
}

async fn of_two_who_confirm_one_wins(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::Approver).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    // Two days: the head and the vice-president approve, the latter last.
    let (clerk, last, hr) = (app.client_of(CLERK).await, app.client_of(OVERSEER).await, app.client_of(HR).await);
    app.clock.set(at("2026-11-25", 9, 0));
    let back = half("2026-11-25", Half::Am);
    let reported = report(&clerk, &leave, back, "").await.expect("he is back");
    let confirming = [&last, &hr, &last, &hr].map(|one| confirm(one, &reported));
    let (confirmed, disputed) = tokio::join!(join_all(confirming), dispute(&last, &reported, back, "请核对"));
    let won = confirmed.iter().filter(|answer| answer.is_ok()).count() + usize::from(disputed.is_ok());
    assert_eq!(won, 1, "{confirmed:?} {disputed:?}");
    let lost = confirmed.iter().filter_map(|answer| answer.as_ref().err()).chain(disputed.as_ref().err());
    for problem in lost {
        assert_eq!(problem.code, Code::StaleVersion, "{problem:?}");
    }
    let used = if disputed.is_ok() { 4 } else { 2 };
    assert_eq!((balance(&clerk, "annual").await.used, ledger_sum(&app, CLERK, "annual").await), (used, 20 - used));
}
