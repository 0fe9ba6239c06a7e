//! Drafts: the same on every device of their owner, nobody else's business, and one request at most.

use app::leave::api::{
    DeleteLeaveDraft, LeaveDraft, LeaveDraftContent, LeaveDrafts, ListLeaveDrafts, SaveDraft, SaveLeaveDraft,
};
use app::leave::draft::{CONTENT_LIMIT, KEEP_DAYS, MOST};
use app::org::rules::OfficerStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use server::entity::{audit_entry, leave_draft, leave_request};

use super::*;

on_both!(
    a_draft_is_there_on_every_device_of_its_owner,
    the_slower_device_is_shown_what_the_faster_one_saved,
    a_request_from_a_draft_is_one_request_and_ends_the_draft,
    a_draft_submitted_twice_at_once_is_one_request,
    a_submission_that_is_refused_keeps_the_draft,
    there_is_room_for_ten_and_for_no_novel,
    the_drafts_of_others_are_nobody_s_business,
    what_nobody_goes_on_with_is_removed,
);

fn content(reason: &str) -> LeaveDraftContent {
    LeaveDraftContent {
        leave_type: "annual".to_owned(),
        from_date: None,
        from_half: Half::Am,
        to_date: None,
        to_half: Half::Pm,
        reason: reason.to_owned(),
        destination: "临江市".to_owned(),
        contact: String::new(),
        stand_in: Some(COLLEAGUE.to_owned()),
        stand_in_name: Some("吴同事".to_owned()),
    }
}

async fn save(client: &Client, id: Uuid, version: i64, reason: &str) -> Result<LeaveDraft, Problem> {
    client.post::<SaveLeaveDraft>(ById { id }, SaveDraft { version, content: content(reason) }).await
}

async fn list(client: &Client) -> LeaveDrafts {
    client.get::<ListLeaveDrafts>(Empty {}).await.unwrap()
}

async fn discard(client: &Client, id: Uuid) {
    client.call::<DeleteLeaveDraft>(ById { id }, Empty {}, Empty {}).await.unwrap();
}

async fn a_draft_is_there_on_every_device_of_its_owner(app: TestApp) {
    app.world().await;
    let (phone, desk) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let id = Uuid::new_v4();
    let begun = save(&phone, id, 0, "回乡").await.unwrap();
    assert_eq!((begun.id, begun.version, &begun.content), (id, 1, &content("回乡")));
    assert_eq!(save(&phone, id, 0, "回乡").await.unwrap(), begun, "a repeat");
    assert_eq!(list(&desk).await.items, [begun]);

    app.pass(60);
    let changed = save(&desk, id, 1, "回乡探亲").await.unwrap();
    assert_eq!(changed.version, 2);
    let other = save(&phone, Uuid::new_v4(), 0, "另一份").await.unwrap();
    let mut kept = list(&phone).await.items;
    kept.sort_by_key(|draft| draft.id != id);
    assert_eq!(kept, [changed, other.clone()]);

    for _ in 0..2 {
        discard(&phone, id).await;
    }
    assert_eq!(list(&desk).await.items, [other]);
    // What was discarded does not come back from a device that has not heard of it.
    assert_eq!(save(&desk, id, 2, "回乡探亲并看病").await.unwrap_err().code, Code::NotFound);
    let rows = audit_entry::Entity::find().all(app.state.database.read()).await.unwrap();
    let deeds: Vec<&str> =
        rows.iter().filter(|row| row.subject_kind == "leave_draft").map(|row| row.action.as_str()).collect();
    assert_eq!(deeds, ["leave_draft.create", "leave_draft.create", "leave_draft.discard"]);
    assert!(rows.iter().filter(|row| row.subject_kind == "leave_draft").all(|row| row.after_digest.is_none()));
}

async fn the_slower_device_is_shown_what_the_faster_one_saved(app: TestApp) {
    app.world().await;
    let (phone, desk) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let id = Uuid::new_v4();
    save(&phone, id, 0, "一").await.unwrap();
    let faster = save(&desk, id, 1, "二").await.unwrap();
    let refused = save(&phone, id, 1, "三").await.unwrap_err();
    assert_eq!((refused.code, refused.status), (Code::StaleVersion, 409));
    let current: LeaveDraft = serde_json::from_value(refused.current.unwrap()).unwrap();
    assert_eq!(current, faster);
    assert_eq!(save(&phone, id, current.version, "三").await.unwrap().version, 3, "he has chosen his own");
}

async fn a_request_from_a_draft_is_one_request_and_ends_the_draft(app: TestApp) {
    app.world().await;
    let (phone, desk) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let body = asking("annual", "2026-11-25", "2026-11-25");
    save(&phone, body.id, 0, "回乡").await.unwrap();
    let request = submit(&phone, body.clone()).await;
    assert!(list(&desk).await.items.is_empty());
    // The other device has the same form open: the same again is the same, something else is refused.
    assert_eq!(submit(&desk, body.clone()).await, request);
    let other = Submit { reason: "另有安排".to_owned(), ..body.clone() };
    assert_eq!(desk.send::<SubmitLeave>(other).await.unwrap_err().code, Code::IdReused);
    // What it saves late does not come back.
    for version in [0, 1] {
        let late = save(&desk, body.id, version, "回乡探亲").await.unwrap_err();
        assert_eq!((late.code, late.status), (Code::WrongState, 409));
    }
    assert!(list(&phone).await.items.is_empty());
    assert_eq!(balance(&phone, "annual").await.held, 2);
}

async fn a_draft_submitted_twice_at_once_is_one_request(app: TestApp) {
    app.world().await;
    let (phone, desk) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let body = asking("annual", "2026-11-25", "2026-11-25");
    save(&phone, body.id, 0, "回乡").await.unwrap();
    let (one, other, late) = tokio::join!(
        phone.send::<SubmitLeave>(body.clone()),
        desk.send::<SubmitLeave>(body.clone()),
        save(&desk, body.id, 1, "回乡探亲"),
    );
    assert_eq!(one.unwrap(), other.unwrap());
    assert!(late.is_ok() || late.is_err_and(|problem| problem.code == Code::WrongState));
    assert!(list(&phone).await.items.is_empty(), "saved before it was submitted, or not at all");
    let requests = leave_request::Entity::find().all(app.state.database.read()).await.unwrap();
    assert_eq!(requests.len(), 1);
    only_task(&app.client_of(HEAD).await).await;
}

async fn a_submission_that_is_refused_keeps_the_draft(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = asking("annual", "2026-11-28", "2026-11-28");
    save(&clerk, body.id, 0, "周末").await.unwrap();
    assert_eq!(clerk.send::<SubmitLeave>(body.clone()).await.unwrap_err().code, Code::NothingCounts);
    assert_eq!(list(&clerk).await.items[0].id, body.id);
}

async fn there_is_room_for_ten_and_for_no_novel(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let mut ids = Vec::new();
    for number in 0..MOST {
        let id = Uuid::new_v4();
        save(&clerk, id, 0, &number.to_string()).await.unwrap();
        ids.push(id);
    }
    let full = save(&clerk, Uuid::new_v4(), 0, "第十一份").await.unwrap_err();
    assert_eq!((full.code, full.status), (Code::TooManyDrafts, 422));
    assert!(full.detail.contains("10") && full.detail.contains("删除"), "{}", full.detail);
    save(&clerk, ids[0], 1, "改一改").await.unwrap();
    discard(&clerk, ids[1]).await;
    save(&clerk, Uuid::new_v4(), 0, "第十一份").await.unwrap();
    let novel = save(&clerk, ids[0], 2, &"长".repeat(CONTENT_LIMIT)).await.unwrap_err();
    assert_eq!((novel.code, novel.field.as_deref()), (Code::TooLarge, Some("content")));
    assert_eq!(list(&app.client_of(COLLEAGUE).await).await.items, [], "each has room of his own");
}

async fn the_drafts_of_others_are_nobody_s_business(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let id = Uuid::new_v4();
    let own = save(&clerk, id, 0, "回乡").await.unwrap();
    for other in [HEAD, PRESIDENT, tests::world::HR, tests::world::ADMIN] {
        let other = app.client_of(other).await;
        assert!(list(&other).await.items.is_empty());
        for version in [0, 1] {
            assert_eq!(save(&other, id, version, "不是您的").await.unwrap_err().code, Code::IdReused);
        }
        discard(&other, id).await;
    }
    assert_eq!(list(&clerk).await.items, [own]);
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let taken = save(&app.client_of(COLLEAGUE).await, request.id, 0, "占用").await.unwrap_err();
    assert_eq!(taken.code, Code::IdReused, "an id that is somebody's request");
}

async fn what_nobody_goes_on_with_is_removed(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    save(&clerk, Uuid::new_v4(), 0, "旧").await.unwrap();
    assert_eq!(server::leave::draft::prune(&app.state).await.unwrap(), 0);
    app.pass(KEEP_DAYS * 24 * 3600 + 1);
    let (clerk_again, later) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    drop((clerk, colleague));
    let fresh = save(&clerk_again, Uuid::new_v4(), 0, "新").await.unwrap();
    save(&later, Uuid::new_v4(), 0, "即将退休").await.unwrap();
    // On two servers at once, and again: it is removed once.
    let other = app.replica().await;
    let mut removed = 0;
    for _ in 0..2 {
        let (one, two) =
            tokio::join!(server::leave::draft::prune(&app.state), server::leave::draft::prune(&other.state));
        removed += one.unwrap() + two.unwrap();
    }
    assert_eq!(removed, 1, "too old");
    let mut leaving = app.officer(COLLEAGUE).await.into_active_model();
    leaving.status = Set(OfficerStatus::Retired.as_str().to_owned());
    leaving.update(app.state.database.write()).await.unwrap();
    assert_eq!(server::leave::draft::prune(&app.state).await.unwrap(), 1, "its officer has left");
    let left = leave_draft::Entity::find().all(app.state.database.read()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [fresh.id]);
}
