//! 续假: more of a leave, asked for before it ends; one 销假 closes all of it.

use app::leave::api::{
    Cancel, CancelLeave, Extend, ExtendLeave, GetLeaveSettings, LeaveSettings, LeaveSettingsChange, Resubmit,
    ResubmitLeave, SetLeaveSettings,
};
use futures_util::future::join_all;
use tests::world::ADMIN;

use super::*;

on_both!(
    leave_is_extended_and_one_return_closes_both,
    who_is_back_before_the_extension_begins_gets_all_of_it_back,
    an_extension_that_is_not_granted_changes_nothing_of_the_leave,
    an_extension_is_asked_for_once_in_time_and_by_the_applicant,
    an_extension_goes_before_the_leave_that_it_extends,
    who_has_reported_back_is_at_work_on_the_days_of_the_whole_series,
    an_extension_that_was_sent_back_keeps_its_beginning,
    a_preview_of_an_extension_says_what_it_adds_and_why_not,
    of_many_extensions_at_once_one_is_filed,
    returning_against_approving_the_extension_ends_in_a_legal_state,
    returning_against_extending_ends_in_a_legal_state,
);

/// An approved leave of the clerk, as he sees it.
pub(crate) async fn approved(app: &TestApp, first: &str, last: &str) -> LeaveRequest {
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", first, last)).await;
    approve_all(app, &request).await;
    show(&clerk, request.id).await
}

fn asking_more(leave: &LeaveRequest, last: &str) -> Extend {
    Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half(last, Half::Pm),
        leave_type: None,
        reason: "家中有事，需延长".to_owned(),
    }
}

async fn extend(client: &Client, leave: &LeaveRequest, body: Extend) -> Result<LeaveRequest, Problem> {
    client.post::<ExtendLeave>(ById { id: leave.id }, body).await
}

async fn back(client: &Client, leave: &LeaveRequest, at: HalfDay) -> Result<LeaveRequest, Problem> {
    let body = ReportReturn { version: leave.version, back: at, note: String::new() };
    client.post::<ReturnFromLeave>(ById { id: leave.id }, body).await
}

/// Tuesday and Wednesday, extended by Thursday and approved.
pub(super) async fn extended(app: &TestApp) -> (LeaveRequest, LeaveRequest) {
    let leave = approved(app, "2026-11-24", "2026-11-25").await;
    let clerk = app.client_of(CLERK).await;
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("it is in time");
    approve_all(app, &more).await;
    (show(&clerk, leave.id).await, show(&clerk, more.id).await)
}

async fn leave_is_extended_and_one_return_closes_both(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    assert_eq!((leave.actions.as_slice(), &leave.extension), ([Action::Extend].as_slice(), &None));
    app.clock.set(at("2026-11-25", 16, 0));
    let body = asking_more(&leave, "2026-11-26");
    let more = extend(&clerk, &leave, body.clone()).await.expect("it is the last day");
    assert_eq!((more.from, more.to, more.half_days), (half("2026-11-26", Half::Am), body.to, 2));
    assert_eq!(
        (more.leave_type.as_deref(), more.destination.as_deref()),
        (Some("annual"), leave.destination.as_deref())
    );
    assert_eq!(more.extends.as_ref().map(|leave| leave.number.as_str()), Some(leave.number.as_str()));
    let chain: Vec<_> = more.chain.iter().filter_map(|step| step.officer.as_deref()).collect();
    assert_eq!(chain, [HEAD, OVERSEER], "three days together");
    assert_eq!(balance(&clerk, "annual").await.held, 2);
    assert_eq!(extend(&clerk, &leave, body).await.expect("a repeat"), more);
    assert_eq!(balance(&clerk, "annual").await.held, 2, "held once");

    let shown = show(&clerk, leave.id).await;
    let seen = shown.extension.expect("it names its extension");
    assert_eq!((seen.number, seen.status, seen.to), (more.number.clone(), Status::InApproval, more.to));
    // Until it is approved he is due back.
    app.clock.set(at("2026-11-26", 9, 0));
    assert_eq!(show(&clerk, leave.id).await.status, Status::AwaitingReturn);
    approve_all(&app, &more).await;
    let shown = show(&clerk, leave.id).await;
    assert_eq!((shown.status, shown.actions.as_slice()), (Status::OnLeave, [].as_slice()), "not due before the end");
    let refused = back(&clerk, &shown, half("2026-11-26", Half::Am)).await.expect_err("on the extension");
    assert_eq!(refused.code, Code::AlreadyExtended);
    assert!(refused.detail.contains(&more.number), "{}", refused.detail);

    app.clock.set(at("2026-11-27", 8, 40));
    let due = show(&clerk, more.id).await;
    assert_eq!((due.status, due.actions.as_slice()), (Status::AwaitingReturn, [Action::Return].as_slice()));
    let returned = back(&clerk, &due, half("2026-11-27", Half::Am)).await.expect("he is back");
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::OnTime)));
    let first = show(&clerk, leave.id).await;
    assert_eq!((first.status, first.outcome), (Status::Returned, Some(Outcome::OnTime)));
    assert_eq!(first.extension.map(|next| next.status), Some(Status::Returned));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 14);
}

async fn who_is_back_before_the_extension_begins_gets_all_of_it_back(app: TestApp) {
    app.world().await;
    let (leave, more) = extended(&app).await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(show(&clerk, more.id).await.actions, [Action::Extend], "the leave has not begun");
    app.clock.set(at("2026-11-25", 9, 0));
    let seen = show(&clerk, more.id).await;
    assert_eq!((seen.status, seen.actions.as_slice()), (Status::Approved, [Action::Return, Action::Extend].as_slice()));
    let returned = back(&clerk, &seen, half("2026-11-25", Half::Am)).await.expect("he is back");
    assert_eq!(returned.outcome, Some(Outcome::Early));
    assert_eq!(show(&clerk, leave.id).await.outcome, Some(Outcome::Early), "a day of it was not used");
    assert_eq!(balance(&clerk, "annual").await.available, Some(18));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 18);
    submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
}

async fn an_extension_that_is_not_granted_changes_nothing_of_the_leave(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("in time");
    let body = Withdraw { version: more.version };
    clerk.post::<WithdrawLeave>(ById { id: more.id }, body).await.expect("not decided yet");
    assert_eq!(show(&clerk, leave.id).await, leave);
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("the first came to nothing");
    decide(&head, &only_task(&head).await, TaskAction::Refuse).await.expect("his task");
    assert_eq!(show(&clerk, more.id).await.status, Status::Refused);
    assert_eq!(show(&clerk, leave.id).await, leave);
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("again");
    approve_all(&app, &more).await;
    let seen = show(&head, more.id).await;
    let body = Cancel { version: seen.version, reason: "有紧急庭审".to_owned() };
    head.post::<CancelLeave>(ById { id: more.id }, body).await.expect("it has not begun");
    assert_eq!(show(&clerk, leave.id).await, leave);
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 16);
    // Reporting back takes an undecided one along.
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-27")).await.expect("again");
    app.clock.set(at("2026-11-26", 8, 40));
    let returned = back(&clerk, &leave, half("2026-11-26", Half::Am)).await.expect("he is back");
    assert_eq!((returned.outcome, returned.extension), (Some(Outcome::OnTime), None));
    assert_eq!(show(&clerk, more.id).await.status, Status::Withdrawn);
    assert_eq!(inbox(&head).await.total, 0, "nobody is asked any more");
    assert_eq!(balance(&clerk, "annual").await.available, Some(16));
}

async fn an_extension_is_asked_for_once_in_time_and_by_the_applicant(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let undecided = submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    let refused = extend(&clerk, &undecided, asking_more(&undecided, "2026-12-08")).await.expect_err("undecided");
    assert_eq!(refused.code, Code::WrongState);
    let gone = Withdraw { version: undecided.version };
    clerk.post::<WithdrawLeave>(ById { id: undecided.id }, gone).await.expect("not decided yet");

    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let head = app.client_of(HEAD).await;
    let refused = extend(&head, &leave, asking_more(&leave, "2026-11-26")).await.expect_err("not his");
    assert_eq!(refused.code, Code::NotFound);
    let old = LeaveRequest { version: 1, ..leave.clone() };
    let refused = extend(&clerk, &old, asking_more(&old, "2026-11-26")).await.expect_err("an old version");
    assert_eq!((refused.code, refused.current.is_some()), (Code::StaleVersion, true));
    let backwards = asking_more(&leave, "2026-11-25");
    assert_eq!(extend(&clerk, &leave, backwards).await.expect_err("no half day").code, Code::InvertedSpan);
    let long = Extend { reason: "长".repeat(501), ..asking_more(&leave, "2026-11-26") };
    assert_eq!(extend(&clerk, &leave, long).await.expect_err("too long").field.as_deref(), Some("reason"));
    let unknown = Extend { leave_type: Some("sabbatical".to_owned()), ..asking_more(&leave, "2026-11-26") };
    assert_eq!(extend(&clerk, &leave, unknown).await.expect_err("no type").code, Code::UnknownLeaveType);
    let much = asking_more(&leave, "2026-12-18");
    assert_eq!(extend(&clerk, &leave, much).await.expect_err("too much").code, Code::InsufficientBalance);
    let another = Extend { leave_type: Some("personal".to_owned()), ..asking_more(&leave, "2026-11-26") };
    let more = extend(&clerk, &leave, another.clone()).await.expect("another type");
    assert_eq!((more.leave_type.as_deref(), balance(&clerk, "annual").await.held), (Some("personal"), 0));
    let changed = Extend { reason: "另有原因".to_owned(), ..another };
    assert_eq!(extend(&clerk, &leave, changed).await.expect_err("another body").code, Code::IdReused);
    let second = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect_err("a second one");
    assert_eq!(second.code, Code::AlreadyExtended);
    assert!(second.detail.contains(&more.number));
    let gone = Withdraw { version: more.version };
    clerk.post::<WithdrawLeave>(ById { id: more.id }, gone).await.expect("not decided yet");

    // With a setting it has to be asked for earlier; the last day is the last in any case.
    let admin = app.client_of(ADMIN).await;
    let late = approved(&app, "2026-12-01", "2026-12-02").await;
    let seen = admin.call::<GetLeaveSettings>(Empty {}, Empty {}, Empty {}).await.expect("his settings");
    let settings = LeaveSettings { extend_workdays_before: 1, ..seen };
    let bad = LeaveSettings { extend_workdays_before: 11, ..seen };
    let refused =
        admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings: bad }).await.expect_err("too many");
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("extend_workdays_before")));
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
    let other = LeaveSettings { extend_workdays_before: 3, ..seen };
    let lost = admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings: other }).await.expect_err("stale");
    assert_eq!(lost.code, Code::StaleVersion);
    app.clock.set(at("2026-12-02", 9, 0));
    assert_eq!(show(&clerk, late.id).await.actions, [Action::Return]);
    let refused = extend(&clerk, &late, asking_more(&late, "2026-12-03")).await.expect_err("too late");
    assert_eq!(refused.code, Code::ExtendTooLate);
    assert!(refused.detail.contains("12月1日"), "{}", refused.detail);
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen: settings, settings: seen }).await.expect("back");
    app.clock.set(at("2026-12-03", 0, 1));
    let refused = extend(&clerk, &late, asking_more(&late, "2026-12-03")).await.expect_err("it is over");
    assert_eq!(refused.code, Code::ExtendTooLate);
}

async fn an_extension_goes_before_the_leave_that_it_extends(app: TestApp) {
    app.world().await;
    let (leave, more) = extended(&app).await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let seen = show(&head, leave.id).await;
    assert_eq!(seen.actions, [], "its extension stands on it");
    let body = Cancel { version: seen.version, reason: "有紧急庭审".to_owned() };
    let refused = head.post::<CancelLeave>(ById { id: leave.id }, body.clone()).await.expect_err("extended");
    assert_eq!(refused.code, Code::AlreadyExtended);
    assert!(refused.detail.contains(&more.number), "{}", refused.detail);
    let of_more = Cancel { version: more.version, ..body.clone() };
    head.post::<CancelLeave>(ById { id: more.id }, of_more).await.expect("it has not begun");
    assert_eq!(show(&head, leave.id).await.actions, [Action::Cancel]);
    head.post::<CancelLeave>(ById { id: leave.id }, body).await.expect("nothing stands on it");
    assert_eq!(balance(&clerk, "annual").await.available, Some(20));
}

async fn an_extension_that_was_sent_back_keeps_its_beginning(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let more = extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("in time");
    let task = only_task(&head).await;
    let body = Decide::new(TaskAction::SendBack, "请说明原因", task.version);
    head.post::<DecideTask>(ById { id: task.id }, body).await.expect("his task");
    let seen = show(&clerk, more.id).await;
    assert_eq!(seen.status, Status::SentBack);
    assert_eq!(show(&clerk, leave.id).await.extension.map(|next| next.status), Some(Status::SentBack));
    let again = |from: &str| Resubmit {
        version: seen.version,
        leave_type: "annual".to_owned(),
        from: half(from, Half::Am),
        to: half("2026-11-27", Half::Pm),
        reason: "母亲住院".to_owned(),
        destination: String::new(),
        stand_in: None,
        contact: String::new(),
    };
    let refused = clerk.post::<ResubmitLeave>(ById { id: more.id }, again("2026-11-27")).await.expect_err("a gap");
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("from")));
    let resubmitted = clerk.post::<ResubmitLeave>(ById { id: more.id }, again("2026-11-26")).await.expect("adjoining");
    assert_eq!((resubmitted.status, resubmitted.half_days), (Status::InApproval, 4));
}

async fn a_preview_of_an_extension_says_what_it_adds_and_why_not(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let preview = Preview {
        leave_type: "annual".to_owned(),
        from: leave.from,
        to: half("2026-11-26", Half::Pm),
        resubmits: None,
        stand_in: None,
        extends: Some(leave.id),
        officer_id: None,
    };
    let found = clerk.send::<PreviewLeave>(preview.clone()).await.expect("a preview");
    assert_eq!((found.half_days, found.routed_half_days, found.available_after), (2, 6, Some(14)));
    assert!(found.warnings.iter().all(|warning| !warning.blocking), "{:?}", found.warnings);
    let refused = app.client_of(HEAD).await.send::<PreviewLeave>(preview.clone()).await.expect_err("not his");
    assert_eq!(refused.code, Code::NotFound);
    extend(&clerk, &leave, asking_more(&leave, "2026-11-26")).await.expect("in time");
    let found = clerk.send::<PreviewLeave>(preview).await.expect("a preview");
    assert_eq!((found.warnings[0].code.as_str(), found.warnings[0].blocking), ("already_extended", true));
}

async fn who_has_reported_back_is_at_work_on_the_days_of_the_whole_series(app: TestApp) {
    use app::home::GetHome;
    use app::leave::api::Confirmation;
    app.world().await;
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { return_confirmation: Confirmation::Approver, ..seen };
    let admin = app.client_of(ADMIN).await;
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
    let (_, more) = extended(&app).await;
    app.clock.set(at("2026-11-25", 14, 0));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let away = async || head.get::<GetHome>(Empty {}).await.expect("his home").away.expect("he leads").count;
    assert_eq!(away().await, 1);
    back(&clerk, &more, half("2026-11-25", Half::Pm)).await.expect("he is back, and it waits");
    assert_eq!(away().await, 0, "the report hangs on the extension and is one of the whole series");
}

async fn of_many_extensions_at_once_one_is_filed(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    let asked = (0..8).map(|_| extend(&clerk, &leave, asking_more(&leave, "2026-11-26")));
    let answers = join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    for refused in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(refused.code, Code::AlreadyExtended, "{refused:?}");
    }
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.used, left.held, left.available), (4, 2, Some(14)));
    let repeated = asking_more(&leave, "2026-11-26");
    let again = join_all((0..4).map(|_| extend(&clerk, &leave, repeated.clone()))).await;
    assert!(again.iter().all(|answer| answer.as_ref().is_err_and(|problem| problem.code == Code::AlreadyExtended)));
}

async fn returning_against_approving_the_extension_ends_in_a_legal_state(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    // Half a day each, so that the head alone decides; far enough apart that nothing adjoins.
    for day in ["2026-11-24", "2026-11-26", "2026-12-01", "2026-12-03"] {
        app.clock.set(at("2026-11-23", 8, 0));
        let morning = Submit { to: half(day, Half::Am), ..asking("annual", day, day) };
        let request = submit(&clerk, morning).await;
        approve_all(&app, &request).await;
        let leave = show(&clerk, request.id).await;
        let more = extend(&clerk, &leave, asking_more(&leave, day)).await.expect("in time");
        let task = only_task(&head).await;
        app.clock.set(at(day, 13, 0));
        let (approved, returned) =
            tokio::join!(decide(&head, &task, TaskAction::Approve), back(&clerk, &leave, half(day, Half::Pm)));
        assert_ne!(approved.is_ok(), returned.is_ok(), "{approved:?} {returned:?}");
        let (leave, more) = (show(&clerk, leave.id).await, show(&clerk, more.id).await);
        if returned.is_ok() {
            assert_eq!((leave.status, more.status), (Status::Returned, Status::Withdrawn));
        } else {
            assert_eq!((leave.status, more.status), (Status::OnLeave, Status::OnLeave));
            assert_eq!(returned.expect_err("lost").code, Code::AlreadyExtended);
            back(&clerk, &more, half(day, Half::Pm)).await.expect("on the extension");
        }
    }
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 16, "a morning each");
}

async fn returning_against_extending_ends_in_a_legal_state(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let leave = approved(&app, "2026-11-24", "2026-11-25").await;
    app.clock.set(at("2026-11-25", 13, 0));
    let (returned, more) = tokio::join!(
        back(&clerk, &leave, half("2026-11-25", Half::Pm)),
        extend(&clerk, &leave, asking_more(&leave, "2026-11-26"))
    );
    returned.expect("an undecided extension is no obstacle");
    let seen = show(&clerk, leave.id).await;
    assert_eq!((seen.status, seen.extension), (Status::Returned, None));
    match more {
        Ok(more) => assert_eq!(show(&clerk, more.id).await.status, Status::Withdrawn),
        Err(problem) => assert_eq!(problem.code, Code::StaleVersion),
    }
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 17);
}
