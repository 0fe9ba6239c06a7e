//! Which requests follow the calendar: those of types that count workdays, an hour a day among them; and which say that
//! their days are not settled yet.

use app::api::{ById, Empty};
use app::approval::api::{Decide, DecideTask, TaskAction};
use app::day::Half;
use app::leave::api::{LeaveRequest, Resubmit, ResubmitLeave, Withdraw, WithdrawLeave};
use app::leave::rules::Status;
use app::notice::api::{ListNotices, Notice, NoticeQuery};
use app::notice::rules::NoticeKind;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::entity::leave_slot;
use tests::world::{ADMIN, CLERK, COLLEAGUE, DIRECTOR, HEAD, HR, OVERSEER};
use tests::{Client, TestApp, on_both};

use super::{change, counts, import, paper, preview, told};
use crate::leave::{asking, balance, decide, half, inbox, ledger_sum, only_task, show, submit};

on_both!(
    an_hour_a_day_is_counted_anew,
    a_request_on_provisional_days_says_so,
    who_would_decide_by_the_new_count_is_named_to_who_decides,
    who_sent_it_back_in_a_round_before_is_named_again,
);

/// The days on which a request holds an hour.
async fn days(app: &TestApp, request: uuid::Uuid) -> Vec<String> {
    let slots = leave_slot::Entity::find()
        .filter(leave_slot::Column::RequestId.eq(request))
        .filter(leave_slot::Column::Live.eq(true))
        .order_by_asc(leave_slot::Column::Day);
    let slots = slots.all(app.state.database.read()).await.unwrap();
    assert!(slots.iter().all(|slot| slot.counts && slot.half == "day"));
    slots.iter().map(|slot| slot.day.to_string()).collect()
}

async fn an_hour_a_day_is_counted_anew(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    // Wednesday to Sunday; sick leave of the same days counts every day, whatever the calendar says.
    let hours = submit(&clerk, asking("nursing", "2026-12-02", "2026-12-06")).await;
    let colleague = app.client_of(COLLEAGUE).await;
    let sick = submit(&colleague, asking("sick", "2026-12-02", "2026-12-06")).await;
    assert_eq!((hours.minutes, sick.half_days), (Some(180), 10));

    // A Saturday of which the request has no row, and a Thursday of which it has one: one request is counted anew.
    for days in [[("2026-12-05", false)].as_slice(), &[("2026-12-03", true)]] {
        assert_eq!(import(&admin, paper(2026, days), true).await.requests, 1, "{days:?}");
    }
    assert_eq!(change(&app, &[("2026-12-03", true), ("2026-12-04", true), ("2026-12-05", false)]).await.requests, 1);
    let anew = show(&clerk, hours.id).await;
    assert_eq!((anew.half_days, anew.minutes, counts(anew.recounted)), (0, Some(120), (180, 120, 0)));
    assert_eq!(days(&app, hours.id).await, ["2026-12-02", "2026-12-05"]);
    assert_eq!((balance(&clerk, "nursing").await.held, ledger_sum(&app, CLERK, "nursing").await), (120, -120));
    assert_eq!((told(&app, CLERK).await, told(&app, COLLEAGUE).await), (1, 0));
    assert_eq!(show(&colleague, sick.id).await.version, sick.version);

    // Once it is approved, too; and a second run finds nothing.
    let head = app.client_of(HEAD).await;
    let task = inbox(&head).await.tasks.into_iter().find(|task| task.subject.subject_id == hours.id).unwrap();
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    change(&app, &[("2026-12-03", false)]).await;
    server::worker::run(&app.replica().await.state).await;
    let anew = show(&clerk, hours.id).await;
    assert_eq!((anew.minutes, counts(anew.recounted)), (Some(180), (120, 180, 0)));
    assert_eq!(days(&app, hours.id).await, ["2026-12-02", "2026-12-03", "2026-12-05"]);
    assert_eq!((balance(&clerk, "nursing").await.used, ledger_sum(&app, CLERK, "nursing").await), (180, -180));
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn a_request_on_provisional_days_says_so(app: TestApp) {
    app.world().await;
    let (admin, clerk, head) = (app.client_of(ADMIN).await, app.client_of(CLERK).await, app.client_of(HEAD).await);
    let settled = submit(&clerk, asking("annual", "2026-12-21", "2026-12-21")).await;
    assert!(!settled.provisional && !only_task(&head).await.provisional);
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    // The notice of 2027 may still move the last week of December.
    let request = submit(&clerk, asking("annual", "2026-12-28", "2026-12-28")).await;
    assert!(request.provisional);
    let task = only_task(&head).await;
    assert!(task.provisional && show(&head, request.id).await.provisional, "who decides reads it, too");
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    assert!(show(&clerk, request.id).await.provisional);
    // Sick leave counts every day: no notice changes anything, and none is waited for.
    let sick = asking("sick", "2027-01-11", "2027-01-12");
    assert!(!preview(&clerk, "sick", "2027-01-11", "2027-01-12").await.provisional);
    let sick = submit(&clerk, sick).await;
    assert!(!sick.provisional);
    let next = submit(&clerk, asking("personal", "2027-02-01", "2027-02-01")).await;
    assert!(next.provisional);
    let next = clerk.post::<WithdrawLeave>(ById { id: next.id }, Withdraw { version: next.version }).await.unwrap();
    assert!(!next.provisional, "nothing is counted any more");

    // With the notice it is settled, changed or not.
    import(&admin, paper(2027, &[("2027-01-01", true)]), false).await;
    let known = show(&clerk, request.id).await;
    assert!(!known.provisional);
    server::worker::run(&app.state).await;
    assert_eq!(show(&clerk, request.id).await.version, known.version, "it counts as it did");
}

/// What an officer is told of somebody who would decide by the new count.
async fn outgrown(app: &TestApp, number: &str) -> Vec<Notice> {
    let client = app.client_of(number).await;
    let notices = client.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.unwrap();
    notices.items.into_iter().filter(|notice| notice.kind == NoticeKind::Outgrown).collect()
}

/// Who is named by that.
async fn named(app: &TestApp, number: &str) -> Vec<Option<String>> {
    outgrown(app, number).await.into_iter().map(|notice| notice.actor).collect()
}

async fn who_would_decide_by_the_new_count_is_named_to_who_decides(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Friday to Sunday: one day, which the head decides on; the Saturday becomes another one.
    let request = submit(&clerk, asking("annual", "2026-12-04", "2026-12-06")).await;
    let deciders =
        |request: &LeaveRequest| request.chain.iter().filter_map(|step| step.officer.clone()).collect::<Vec<_>>();
    assert_eq!(deciders(&request), [HEAD.to_owned()]);
    change(&app, &[("2026-12-05", false)]).await;
    let anew = show(&clerk, request.id).await;
    assert_eq!((anew.half_days, deciders(&anew)), (4, vec![HEAD.to_owned()]), "a running chain is not routed anew");
    let overseer = app.officer(OVERSEER).await.name;
    for (number, expected) in [(HEAD, 1), (HR, 1), (DIRECTOR, 1), (CLERK, 0), (OVERSEER, 0)] {
        assert_eq!(named(&app, number).await, vec![Some(overseer.clone()); expected], "{number}");
    }
    assert_eq!((told(&app, HEAD).await, told(&app, HR).await), (1, 0));

    // More that the same people decide on, and then less: nobody is named again.
    change(&app, &[("2026-12-06", false)]).await;
    assert!(!outgrown(&app, HEAD).await[0].read, "it still holds");
    change(&app, &[("2026-12-04", true), ("2026-12-05", true)]).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 2);
    for number in [HEAD, HR, DIRECTOR] {
        let told = outgrown(&app, number).await;
        assert!(told.len() == 1 && told[0].read, "it does not hold any more: {told:?}");
    }
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

/// He was once taken for somebody who decides on it, since he had done so before it was sent back.
async fn who_sent_it_back_in_a_round_before_is_named_again(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Thursday and Friday, which the overseer decides on as well; he wants it to be one day.
    let request = submit(&clerk, asking("annual", "2026-12-03", "2026-12-06")).await;
    let (head, overseer) = (app.client_of(HEAD).await, app.client_of(OVERSEER).await);
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let again = async |approver: &Client| {
        let task = only_task(approver).await;
        let back = Decide::new(TaskAction::SendBack, "请改为一天", task.version);
        approver.post::<DecideTask>(ById { id: task.id }, back).await.unwrap();
        let body = Resubmit {
            version: show(&clerk, request.id).await.version,
            leave_type: "annual".to_owned(),
            from: half("2026-12-04", Half::Am),
            to: half("2026-12-06", Half::Pm),
            reason: "探亲".to_owned(),
            destination: String::new(),
            stand_in: None,
            contact: String::new(),
        };
        clerk.post::<ResubmitLeave>(ById { id: request.id }, body).await.unwrap()
    };
    again(&overseer).await;
    change(&app, &[("2026-12-05", false)]).await;
    assert_eq!(show(&clerk, request.id).await.half_days, 4);
    assert_eq!(named(&app, HEAD).await, [Some(app.officer(OVERSEER).await.name)]);
    // The chain that is made then has him, and nothing is to be said of it.
    assert_eq!(again(&head).await.chain.len(), 2);
    assert!(outgrown(&app, HEAD).await.iter().all(|told| told.read));
}
