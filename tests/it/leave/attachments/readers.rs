//! Who reads the files of a request, what is kept of that, and what a copy hides.

use app::approval::api::{AnswerDelegation, AnswerDelegationOffer, CreateDelegation, GetProcess, NewDelegation};
use app::approval::delegation::{Kinds, Period};
use app::leave::api::ReadAttachment;
use sea_orm::PaginatorTrait;
use server::entity::audit_entry;
use tests::world::{BASIC_HR, DEPUTY, DIRECTOR, TEACHER};

use super::*;

on_both!(
    papers_are_read_by_the_applicant_the_chain_and_hr,
    whose_turn_has_not_come_reads_no_papers,
    standing_in_for_an_hour_opens_no_old_papers,
    papers_that_changed_are_not_confirmed,
    each_reading_by_somebody_else_is_kept,
    a_link_is_for_one_officer_and_a_minute,
    a_copy_says_who_and_when_and_nothing_else,
);

/// Gives a copy.
async fn copy(client: &Client, request: Uuid, to: &str) {
    let copy = ActOnRequest { action: RequestAction::Copy, to: vec![to.to_owned()], comment: String::new() };
    client.post::<ActOnProcess>(ById { id: request }, copy).await.unwrap();
}

async fn papers_are_read_by_the_applicant_the_chain_and_hr(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = Submit { stand_in: Some(COLLEAGUE.to_owned()), ..asking("sick", "2026-11-25", "2026-11-25") };
    let request = submit(&clerk, body).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    copy(&clerk, request.id, TEACHER).await;
    let at = path(request.id, file.id);
    for person in [CLERK, HEAD, HR, DIRECTOR] {
        let client = app.client_of(person).await;
        assert_eq!(show(&client, request.id).await.attachments, Some(1), "{person}");
        assert_eq!(list(&client, request.id).await.unwrap().items.len(), 1, "{person}");
        assert_eq!(read(&client, at).await.status, StatusCode::OK, "{person}");
    }
    // A leader who reads leave and decides nothing here, who has a copy, who is to stand in, the others.
    for person in [OVERSEER, PRESIDENT, TEACHER, COLLEAGUE, DEPUTY, OTHER_HEAD, BASIC_HR, ADMIN] {
        let client = app.client_of(person).await;
        assert_eq!(list(&client, request.id).await.unwrap_err().code, Code::NotFound, "{person}");
        assert_eq!(open(&client, at).await.unwrap_err().code, Code::NotFound, "{person}");
        if let Ok(seen) = client.get::<GetLeaveRequest>(ById { id: request.id }).await {
            assert_eq!(seen.attachments, None, "{person}");
        }
    }
    assert_eq!(show(&app.client_of(PRESIDENT).await, request.id).await.reason.as_deref(), Some("回乡探亲"));
    // Only the applicant adds.
    for person in [HEAD, HR, COLLEAGUE] {
        let refused = send(&app.client_of(person).await, path(request.id, Uuid::new_v4()), "b.jpg", photo()).await;
        assert_eq!(refused.problem().code, Code::NotFound, "{person}");
    }
    // Who acts for somebody of the chain reads what he may decide on.
    let now = app.now();
    let period = Period::Between { from: now, until: now.plus_minutes(60) };
    let body = NewDelegation { id: Uuid::new_v4(), to: DEPUTY.to_owned(), kinds: Kinds::All, period };
    let offered = app.client_of(HEAD).await.send::<CreateDelegation>(body).await.unwrap();
    let deputy = app.client_of(DEPUTY).await;
    assert_eq!(open(&deputy, at).await.unwrap_err().code, Code::NotFound, "he has not agreed yet");
    let agreed = AnswerDelegation { accept: true };
    deputy.post::<AnswerDelegationOffer>(ById { id: offered.id }, agreed).await.unwrap();
    assert_eq!(read(&deputy, at).await.status, StatusCode::OK);
    // And who decided for him, also after it has ended.
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    app.pass(3 * 3600);
    assert_eq!(read(&app.client_of(DEPUTY).await, at).await.status, StatusCode::OK);
}

async fn whose_turn_has_not_come_reads_no_papers(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("sick", "2026-11-30", "2026-12-04")).await;
    let chain: Vec<_> = request.chain.iter().filter_map(|step| step.officer.as_deref()).collect();
    assert_eq!(chain, [HEAD, OVERSEER, PRESIDENT]);
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    let at = path(request.id, file.id);
    let overseer = app.client_of(OVERSEER).await;
    assert_eq!(open(&overseer, at).await.unwrap_err().code, Code::NotFound);
    assert_eq!(show(&overseer, request.id).await.reason.as_deref(), Some("回乡探亲"));
    let head = app.client_of(HEAD).await;
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    assert_eq!(read(&overseer, at).await.status, StatusCode::OK, "now it has");
    decide(&overseer, &only_task(&overseer).await, TaskAction::Refuse).await.unwrap();
    assert_eq!(open(&app.client_of(PRESIDENT).await, at).await.unwrap_err().code, Code::NotFound, "it never came");
}

async fn standing_in_for_an_hour_opens_no_old_papers(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = sick(&clerk).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    decide(&head, &only_task(&head).await, TaskAction::Refuse).await.unwrap();
    let now = app.now();
    let period = Period::Between { from: now, until: now.plus_minutes(60) };
    let body = NewDelegation { id: Uuid::new_v4(), to: DEPUTY.to_owned(), kinds: Kinds::All, period };
    let offered = head.send::<CreateDelegation>(body).await.unwrap();
    let deputy = app.client_of(DEPUTY).await;
    deputy.post::<AnswerDelegationOffer>(ById { id: offered.id }, AnswerDelegation { accept: true }).await.unwrap();
    assert_eq!(open(&deputy, path(request.id, file.id)).await.unwrap_err().code, Code::NotFound);
}

async fn papers_that_changed_are_not_confirmed(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let request = submit(&clerk, asking("sick", "2026-11-30", "2026-12-04")).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    let seen = show(&hr, request.id).await;
    assert_eq!(seen.actions, [Action::ConfirmEvidence]);
    remove(&clerk, path(request.id, file.id)).await.unwrap();
    let confirm = async |version| hr.post::<ConfirmEvidence>(ById { id: request.id }, EvidenceSeen { version }).await;
    let problem = confirm(seen.version).await.unwrap_err();
    assert_eq!((problem.code, problem.current.is_some()), (Code::StaleVersion, true));
    let now = show(&hr, request.id).await;
    attach(&clerk, request.id, "b.jpg", photo()).await;
    assert_eq!(confirm(now.version).await.unwrap_err().code, Code::StaleVersion);
    confirm(show(&hr, request.id).await.version).await.unwrap();
}

async fn each_reading_by_somebody_else_is_kept(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = sick(&clerk).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    let readings = || {
        audit_entry::Entity::find()
            .filter(audit_entry::Column::Action.eq("leave.attachment.read"))
            .filter(audit_entry::Column::SubjectId.eq(file.id.to_string()))
    };
    let database = app.state.database.read();
    read(&clerk, path(request.id, file.id)).await;
    assert_eq!(readings().count(database).await.unwrap(), 0, "his own");
    let link = open(&head, path(request.id, file.id)).await.unwrap().link;
    for _ in 0..3 {
        assert_eq!(head.fetch(&link).await.status, StatusCode::OK);
    }
    let kept = readings().all(database).await.unwrap();
    let head = app.officer(HEAD).await.id;
    assert_eq!(kept.iter().map(|row| row.actor_id).collect::<Vec<_>>(), [Some(head)], "once for each link");
    let stranger = app.client_of(PRESIDENT).await;
    open(&stranger, path(request.id, file.id)).await.unwrap_err();
    assert_eq!(readings().count(database).await.unwrap(), 1, "who was refused has read nothing");
    remove(&clerk, path(request.id, file.id)).await.unwrap();
    let deeds =
        audit_entry::Entity::find().filter(audit_entry::Column::SubjectKind.eq("leave_attachment")).count(database);
    assert_eq!(deeds.await.unwrap(), 3, "added, read, taken off");
}

async fn a_link_is_for_one_officer_and_a_minute(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = sick(&clerk).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    let found = open(&head, path(request.id, file.id)).await.unwrap();
    assert_eq!(found.until, app.now().plus_seconds(60));
    assert_eq!(clerk.fetch(&found.link).await.problem().code, Code::NotFound, "not for somebody else");
    assert_eq!(app.client().fetch(&found.link).await.problem().code, Code::SignedOut);
    let later = found.link.replace("until=", "until=9");
    assert_eq!(head.fetch(&later).await.problem().code, Code::NotFound, "nobody makes it last");
    let (bare, _) = found.link.split_once('?').unwrap();
    assert_eq!(head.fetch(bare).await.problem().code, Code::NotFound);
    let other = attach(&clerk, request.id, "b.jpg", photo()).await;
    let moved = found.link.replace(&file.id.to_string(), &other.id.to_string());
    assert_eq!(head.fetch(&moved).await.problem().code, Code::NotFound, "it is for one file");
    app.pass(60);
    assert_eq!(head.fetch(&found.link).await.status, StatusCode::OK);
    app.pass(1);
    assert_eq!(head.fetch(&found.link).await.problem().code, Code::NotFound);
    let found = open(&head, path(request.id, file.id)).await.unwrap();
    remove(&clerk, path(request.id, file.id)).await.unwrap();
    assert_eq!(head.fetch(&found.link).await.problem().code, Code::NotFound, "it was taken off");
    assert_eq!(app::api::Method::Get, <ReadAttachment as app::api::Endpoint>::METHOD);
}

async fn a_copy_says_who_and_when_and_nothing_else(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let body = Submit { contact: "13800000001".to_owned(), ..asking("sick", "2026-11-25", "2026-11-27") };
    let request = submit(&clerk, body).await;
    attach(&clerk, request.id, "a.jpg", photo()).await;
    copy(&clerk, request.id, TEACHER).await;
    let task = only_task(&head).await;
    let said = Decide::new(TaskAction::Approve, "请安心养病", task.version);
    head.post::<DecideTask>(ById { id: task.id }, said).await.unwrap();

    let teacher = app.client_of(TEACHER).await;
    let mut pages = Vec::new();
    for address in [
        format!("/leave/requests/{}", request.id),
        format!("/approvals/requests/{}", request.id),
        "/approvals/requests?box=copied".to_owned(),
    ] {
        let page = teacher.fetch(&format!("{}{address}", app::api::BASE)).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        pages.push(page.text());
    }
    for page in &pages {
        assert!(page.contains("周书记"), "{page}");
        for hidden in ["sick", "回乡探亲", "临江市", "13800000001", "请安心养病", "a.jpg", "owed", "provided", "测试"]
        {
            assert!(!page.contains(hidden), "{hidden}: {page}");
        }
    }
    let seen = show(&teacher, request.id).await;
    assert_eq!((seen.from, seen.to, seen.status), (request.from, request.to, Status::InApproval));
    assert_eq!((seen.leave_type, seen.half_days, seen.attachments, seen.evidence), (None, 6, None, None));
    assert_eq!(seen.chain[0].state, TaskState::Approved, "how far it is");
    let way = teacher.get::<GetProcess>(ById { id: request.id }).await.unwrap();
    assert!(way.timeline.iter().all(|item| item.comment.is_none() && item.device.is_none()));
    let own = clerk.get::<GetProcess>(ById { id: request.id }).await.unwrap();
    assert!(own.timeline.iter().any(|item| item.comment.as_deref() == Some("请安心养病")), "the applicant reads it");
}
