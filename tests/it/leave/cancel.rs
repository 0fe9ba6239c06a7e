//! 撤销: approved leave is taken back before it begins.

use app::leave::api::{Cancel, CancelLeave, Extend, ExtendLeave, Resubmit, ResubmitLeave};
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use futures_util::future::join_all;
use tests::world::{BASIC_HR, HR, OTHER_HEAD};

use super::absence::retire;
use super::*;

on_both!(
    what_was_approved_is_taken_back_before_it_begins,
    what_has_begun_is_not_taken_back,
    leave_that_begins_in_the_afternoon_is_taken_back_until_noon,
    an_extension_that_was_sent_back_goes_with_the_leave,
    once_all_who_approved_have_left_the_political_department_takes_it_back,
    of_two_who_take_it_back_one_wins,
);

async fn approved(app: &TestApp, first: &str, last: &str) -> LeaveRequest {
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", first, last)).await;
    approve_all(app, &request).await;
    show(&clerk, request.id).await
}

async fn cancel(client: &Client, request: &LeaveRequest, reason: &str) -> Result<LeaveRequest, Problem> {
    let body = Cancel { version: request.version, reason: reason.to_owned() };
    client.post::<CancelLeave>(ById { id: request.id }, body).await
}

async fn what_was_approved_is_taken_back_before_it_begins(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let before = balance(&clerk, "annual").await.available;
    let request = approved(&app, "2026-12-01", "2026-12-01").await;
    assert_eq!(request.actions, [Action::Extend], "it is not his to cancel");
    assert_eq!(show(&head, request.id).await.actions, [Action::Cancel]);

    assert_eq!(cancel(&head, &request, " ").await.unwrap_err().code, Code::ReasonRequired);
    let long = "长".repeat(501);
    assert_eq!(cancel(&head, &request, &long).await.unwrap_err().field.as_deref(), Some("reason"));
    assert_eq!(cancel(&clerk, &request, "不去了").await.unwrap_err().code, Code::NotAllowed);
    let president = app.client_of(PRESIDENT).await;
    assert_eq!(cancel(&president, &request, "有紧急庭审").await.unwrap_err().code, Code::NotAllowed, "he only reads");
    let stranger = app.client_of(OTHER_HEAD).await;
    assert_eq!(cancel(&stranger, &request, "有紧急庭审").await.unwrap_err().code, Code::NotFound);
    let old = LeaveRequest { version: request.version - 1, ..request.clone() };
    let problem = cancel(&head, &old, "有紧急庭审").await.unwrap_err();
    assert_eq!((problem.code, problem.current.is_some()), (Code::StaleVersion, true));

    let cancelled = cancel(&head, &request, " 有紧急庭审 ").await.expect("he approved it");
    assert_eq!((cancelled.status, cancelled.actions.as_slice()), (Status::Cancelled, [].as_slice()));
    let by = cancelled.cancelled.expect("it says who and why");
    assert_eq!((by.by, by.reason.as_str(), by.at), (app.officer(HEAD).await.name, "有紧急庭审", app.now()));
    assert_eq!(balance(&clerk, "annual").await.available, before);
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, before.unwrap());
    let told = clerk.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.unwrap().items;
    assert_eq!(told[0].kind, NoticeKind::Cancelled);
    assert_eq!(told[0].link, format!("/leave/{}", request.id));
    let repeat = cancel(&head, &request, "有紧急庭审").await.unwrap_err();
    assert_eq!(repeat.code, Code::StaleVersion, "a second tap is shown that it is done");
    // The days are free again.
    submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;
}

async fn what_has_begun_is_not_taken_back(app: TestApp) {
    app.world().await;
    let head = app.client_of(HEAD).await;
    let request = approved(&app, "2026-11-24", "2026-11-24").await;
    app.clock.set(at("2026-11-24", 0, 1));
    assert_eq!(cancel(&head, &request, "有紧急庭审").await.unwrap_err().code, Code::LeaveBegun);
    assert_eq!(show(&head, request.id).await.actions, []);
    let waiting = submit(&app.client_of(CLERK).await, asking("annual", "2026-12-01", "2026-12-01")).await;
    let problem = cancel(&head, &waiting, "有紧急庭审").await.unwrap_err();
    assert_eq!(problem.code, Code::NotAllowed, "he has not approved it yet");
}

/// It was once refused from midnight on, though the officer was at work all morning.
async fn leave_that_begins_in_the_afternoon_is_taken_back_until_noon(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let mut held = Vec::new();
    for (first, last) in [("2026-11-24", "2026-11-24"), ("2026-11-25", "2026-11-25")] {
        let body = Submit { from: half(first, Half::Pm), ..asking("annual", first, last) };
        let request = submit(&clerk, body).await;
        approve_all(&app, &request).await;
        held.push(show(&clerk, request.id).await);
    }
    assert_eq!((balance(&clerk, "annual").await.used, balance(&clerk, "annual").await.available), (2, Some(18)));

    app.clock.set(at("2026-11-24", 9, 0));
    let head = app.client_of(HEAD).await;
    let seen = show(&head, held[0].id).await;
    assert_eq!(seen.actions, [Action::Cancel]);
    let cancelled = cancel(&head, &seen, "有紧急庭审").await.expect("he is at work this morning");
    assert_eq!(cancelled.status, Status::Cancelled);
    let clerk = app.client_of(CLERK).await;
    assert_eq!((balance(&clerk, "annual").await.used, balance(&clerk, "annual").await.available), (1, Some(19)));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 19);

    app.clock.set(at("2026-11-25", 12, 30));
    let head = app.client_of(HEAD).await;
    let seen = show(&head, held[1].id).await;
    assert_eq!(seen.actions, []);
    assert_eq!(cancel(&head, &seen, "有紧急庭审").await.unwrap_err().code, Code::LeaveBegun);
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 19, "the officer reports back himself");
}

async fn an_extension_that_was_sent_back_goes_with_the_leave(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let before = balance(&clerk, "annual").await.available;
    let request = approved(&app, "2026-12-01", "2026-12-01").await;
    let more = Extend {
        id: Uuid::new_v4(),
        version: request.version,
        to: half("2026-12-02", Half::Pm),
        leave_type: None,
        reason: "家中有事".to_owned(),
    };
    let more = clerk.post::<ExtendLeave>(ById { id: request.id }, more).await.expect("in time");
    let refused = cancel(&head, &request, "有紧急庭审").await.unwrap_err();
    assert!(refused.code == Code::AlreadyExtended && refused.detail.contains(&more.number), "{refused:?}");
    assert!(!show(&head, request.id).await.actions.contains(&Action::Cancel));
    let task = only_task(&head).await;
    let body = Decide::new(TaskAction::SendBack, "请说明理由", task.version);
    head.post::<DecideTask>(ById { id: task.id }, body).await.expect("his task");
    assert_eq!(show(&head, request.id).await.actions, [Action::Cancel]);
    let cancelled = cancel(&head, &request, "有紧急庭审").await.expect("nobody is deciding on the extension");
    assert_eq!((cancelled.status, cancelled.extension), (Status::Cancelled, None));
    let seen = show(&clerk, more.id).await;
    assert_eq!((seen.status, seen.actions.as_slice()), (Status::Withdrawn, [].as_slice()));
    assert_eq!((balance(&clerk, "annual").await.available, balance(&clerk, "annual").await.held), (before, 0));
    let again = Resubmit {
        version: seen.version,
        leave_type: "annual".to_owned(),
        from: seen.from,
        to: seen.to,
        reason: "家中有事".to_owned(),
        destination: String::new(),
        stand_in: None,
        contact: String::new(),
    };
    let refused = clerk.post::<ResubmitLeave>(ById { id: more.id }, again).await.expect_err("of what is gone");
    assert_eq!(refused.code, Code::WrongState);
    assert_eq!(server::check::check(&app.state).await.expect("the database answers").ledger, Vec::new());
    submit(&clerk, asking("annual", "2026-12-01", "2026-12-02")).await;
}

async fn once_all_who_approved_have_left_the_political_department_takes_it_back(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    // Three days: the head and the vice-president approve.
    let request = approved(&app, "2026-12-01", "2026-12-03").await;
    let approvers: Vec<_> = request.chain.iter().filter_map(|step| step.officer.clone()).collect();
    assert_eq!(approvers, [HEAD, OVERSEER]);
    retire(&app, HEAD).await;
    assert_eq!(show(&hr, request.id).await.actions, [], "one of them can be asked");
    assert_eq!(cancel(&hr, &request, "本人调离").await.unwrap_err().code, Code::NotAllowed);
    retire(&app, OVERSEER).await;
    assert_eq!(show(&hr, request.id).await.actions, [Action::Cancel]);
    for (who, code) in [(PRESIDENT, Code::NotAllowed), (BASIC_HR, Code::NotFound), (OTHER_HEAD, Code::NotFound)] {
        let client = app.client_of(who).await;
        assert_eq!(cancel(&client, &request, "本人调离").await.unwrap_err().code, code, "{who}");
    }
    let refused = cancel(&clerk, &request, "不去了").await.unwrap_err();
    assert!(refused.code == Code::NotAllowed && refused.detail.contains("政治部"), "{refused:?}");
    let cancelled = cancel(&hr, &request, "本人调离").await.expect("nobody else is left");
    assert_eq!(cancelled.cancelled.map(|by| by.by), Some(app.officer(HR).await.name));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20);
}

async fn of_two_who_take_it_back_one_wins(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let before = balance(&clerk, "annual").await.available;
    // Three days: the head and the vice-president approve.
    let request = approved(&app, "2026-12-01", "2026-12-02").await;
    let overseer = app.client_of(OVERSEER).await;
    let answers = join_all([&head, &overseer, &head, &overseer].map(|one| cancel(one, &request, "有紧急庭审"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    for problem in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(problem.code, Code::StaleVersion, "{problem:?}");
    }
    assert_eq!(balance(&clerk, "annual").await.available, before);
}
