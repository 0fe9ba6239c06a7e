//! What the rules leave to the approver stands on his card.

use app::leave::api::{ConfirmEvidence, EvidenceSeen, Resubmit, ResubmitLeave};
use app::leave::rules::owed_papers;
use app::leave::types::Limit;
use tests::world::{ADMIN, HR};

use super::attachments::{PDF, attach};
use super::types::{rules_of, set};
use super::*;

on_both!(
    what_is_unusual_or_late_is_told_until_it_is_mended,
    what_was_moved_back_late_stays_late,
    papers_are_owed_on_the_card_until_they_have_been_seen,
);

async fn what_is_unusual_or_late_is_told_until_it_is_mended(app: TestApp) {
    app.world().await;
    let (admin, clerk, head) = (app.client_of(ADMIN).await, app.client_of(CLERK).await, app.client_of(HEAD).await);
    let mut personal = rules_of(&admin, "personal").await;
    personal.rules.request_limit = Some(Limit { half_days: 2, blocking: false });
    set(&admin, &personal).await.expect("his rules");
    // Thursday and Friday of last week.
    let request = submit(&clerk, asking("personal", "2026-11-19", "2026-11-20")).await;
    let over = "事假一次一般不超过1天，本次为2天；是否准假由审批人决定";
    let task = only_task(&head).await;
    assert_eq!(task.conflicts, [over, "提交时开始日期已过，属于补办"]);

    let back = Decide::new(TaskAction::SendBack, "请改为一天", task.version);
    head.post::<DecideTask>(ById { id: task.id }, back).await.expect("his task");
    let again = async |first: &str, last: &str| {
        let seen = show(&clerk, request.id).await;
        let body = Resubmit {
            version: seen.version,
            leave_type: "personal".to_owned(),
            from: half(first, Half::Am),
            to: half(last, Half::Pm),
            reason: "探亲".to_owned(),
            destination: String::new(),
            stand_in: None,
            contact: String::new(),
        };
        clerk.post::<ResubmitLeave>(ById { id: request.id }, body).await.expect("it was sent back")
    };
    again("2026-11-26", "2026-11-27").await;
    let task = only_task(&head).await;
    assert_eq!(task.conflicts, [over], "it is not late any more");
    let back = Decide::new(TaskAction::SendBack, "请改为一天", task.version);
    head.post::<DecideTask>(ById { id: task.id }, back).await.expect("his task");
    again("2026-11-26", "2026-11-26").await;
    assert_eq!(only_task(&head).await.conflicts, [""; 0]);
}

/// Sent back once more it was once taken for what was asked for at first, which was in time.
async fn what_was_moved_back_late_stays_late(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = submit(&clerk, asking("personal", "2026-11-26", "2026-11-26")).await;
    let again = async |date: &str| {
        let task = only_task(&head).await;
        let back = Decide::new(TaskAction::SendBack, "请核对日期", task.version);
        head.post::<DecideTask>(ById { id: task.id }, back).await.expect("his task");
        let body = Resubmit {
            version: show(&clerk, request.id).await.version,
            leave_type: "personal".to_owned(),
            from: half(date, Half::Am),
            to: half(date, Half::Pm),
            reason: "探亲".to_owned(),
            destination: String::new(),
            stand_in: None,
            contact: String::new(),
        };
        clerk.post::<ResubmitLeave>(ById { id: request.id }, body).await.expect("it was sent back");
        only_task(&head).await.conflicts
    };
    assert_eq!(again("2026-11-27").await, [""; 0]);
    app.clock.set(at("2026-11-24", 9, 0));
    let late = ["提交时开始日期已过，属于补办"];
    assert_eq!(again("2026-11-23").await, late);
    assert_eq!(again("2026-11-23").await, late, "nothing has changed");
    assert_eq!(again("2026-11-27").await, [""; 0], "it begins later than what was asked for");
}

async fn papers_are_owed_on_the_card_until_they_have_been_seen(app: TestApp) {
    app.world().await;
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let request = submit(&clerk, asking("sick", "2026-11-25", "2026-11-27")).await;
    assert_eq!(only_task(&head).await.conflicts, [owed_papers(0)]);
    attach(&clerk, request.id, "诊断.pdf", PDF.to_vec()).await;
    assert_eq!(only_task(&head).await.conflicts, [owed_papers(1)], "somebody has to look at it");
    let seen = EvidenceSeen { version: show(&hr, request.id).await.version };
    hr.post::<ConfirmEvidence>(ById { id: request.id }, seen).await.expect("it is owed");
    assert_eq!(only_task(&head).await.conflicts, [""; 0]);
}
