//! 附件: what is taken, what is kept of it, and who reads it.

mod bucket;
mod files;
mod readers;

use app::approval::api::{ActOnProcess, ActOnRequest, RequestAction};
use app::leave::api::{
    Attachment, AttachmentLink, AttachmentPath, Attachments, ConfirmEvidence, Evidence, EvidenceSeen, LeaveSettings,
    LeaveSettingsChange, ListAttachments, OpenAttachment, RemoveAttachment, SetLeaveSettings,
};
use app::leave::attachment::Kind;
use app::notice::rules::NoticeKind;
use axum::http::{Method, StatusCode};
use tests::world::{ADMIN, HR};
use tests::{Answered, fixture};

use super::*;

on_both!(
    a_photo_is_kept_without_what_it_tells,
    a_file_is_what_its_bytes_say,
    too_large_too_many_and_too_late_are_refused,
    who_is_asked_for_a_better_paper_has_room_for_it,
    a_repeat_answers_the_same_and_another_file_is_refused,
    what_was_decided_on_stays,
    owed_papers_follow_until_they_are_seen,
);

/// A photo of a phone: with the place, the device and the time, taken sideways.
fn photo() -> Vec<u8> {
    fixture("photo.jpg")
}

pub(super) const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

pub(super) fn path(request: Uuid, attachment: Uuid) -> AttachmentPath {
    AttachmentPath { id: request, attachment }
}

pub(super) async fn send(client: &Client, at: AttachmentPath, name: &str, bytes: Vec<u8>) -> Answered {
    let query = app::leave::api::AttachmentName { name: name.to_owned() };
    let url = app::api::url::<app::leave::api::AddAttachment>(&at, &query);
    client.request(Method::PUT, &url, "application/octet-stream", bytes).await
}

pub(super) async fn attach(client: &Client, request: Uuid, name: &str, bytes: Vec<u8>) -> Attachment {
    let id = Uuid::new_v4();
    let answer = send(client, path(request, id), name, bytes).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let now: Attachments = serde_json::from_value(answer.json()).expect("the files");
    now.items.into_iter().find(|file| file.id == id).expect("the new one")
}

pub(super) async fn list(client: &Client, request: Uuid) -> Result<Attachments, Problem> {
    client.get::<ListAttachments>(ById { id: request }).await
}

pub(super) async fn open(client: &Client, at: AttachmentPath) -> Result<AttachmentLink, Problem> {
    client.post::<OpenAttachment>(at, Empty {}).await
}

/// The file, through both steps.
pub(super) async fn read(client: &Client, at: AttachmentPath) -> Answered {
    client.fetch(&open(client, at).await.expect("a link").link).await
}

pub(super) async fn remove(client: &Client, at: AttachmentPath) -> Result<Attachments, Problem> {
    client.get::<RemoveAttachment>(at).await
}

/// Three days of sick leave, which need papers.
async fn sick(client: &Client) -> LeaveRequest {
    submit(client, asking("sick", "2026-11-25", "2026-11-27")).await
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

async fn a_photo_is_kept_without_what_it_tells(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let telling: [&[u8]; 7] =
        [b"CamMaker", b"CamModel", b"An Author", b"2026:11:23", b"a comment", &[0, 0, 0, 118], b"JFXX"];
    for text in &telling[..6] {
        assert!(holds(&photo(), text), "the photo tells it");
    }
    let file = attach(&clerk, request.id, "IMG_0001.JPG", photo()).await;
    assert_eq!((file.kind, file.name.as_str(), file.may_remove), (Kind::Jpeg, "IMG_0001.jpg", true));
    let answer = read(&clerk, path(request.id, file.id)).await;
    assert_eq!(answer.status, StatusCode::OK);
    for text in telling {
        assert!(!holds(&answer.bytes, text), "{:?}", String::from_utf8_lossy(text));
    }
    assert!(holds(&answer.bytes, b"ICC_PROFILE"), "the colours stay");
    let turned = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0";
    assert!(holds(&answer.bytes, turned), "it would lie on its side");
    assert_eq!(i64::try_from(answer.bytes.len()).unwrap(), file.bytes);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cache-control", "no-store"),
        ("content-disposition", "inline; filename*=UTF-8''IMG_0001.jpg"),
    ] {
        assert_eq!(answer.headers[name], value, "{name}");
    }
    // Neither the folder nor who copies it can read the paper.
    let kept = std::fs::read_dir(server::files::folder(&app.state.config)).unwrap();
    let kept: Vec<Vec<u8>> = kept.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(kept.len() == 1 && !holds(&kept[0], b"ICC_PROFILE"), "it is sealed");
}

async fn a_file_is_what_its_bytes_say(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic rest of it".to_vec();
    let cut = photo()[..1000].to_vec();
    for (name, bytes, code, says) in [
        ("page.jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), Code::UnsupportedFile, "PDF"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Code::UnsupportedFile, "PDF"),
        ("program.pdf", b"MZ\x90\0\x03\0\0\0".to_vec(), Code::UnsupportedFile, "PDF"),
        ("nothing.jpg", Vec::new(), Code::UnsupportedFile, "PDF"),
        ("IMG_0002.HEIC", heic, Code::UnsupportedFile, "HEIC"),
        ("cut.jpg", cut, Code::UnreadableFile, "损坏"),
    ] {
        let refused = send(&clerk, path(request.id, Uuid::new_v4()), name, bytes).await.problem();
        assert_eq!(refused.code, code, "{name}");
        assert!(refused.detail.contains(says), "{name}: {}", refused.detail);
    }
    let file = attach(&clerk, request.id, "../证明\u{202e}.html", PDF.to_vec()).await;
    assert_eq!((file.kind, file.name.as_str()), (Kind::Pdf, "证明.html.pdf"));
    let answer = read(&clerk, path(request.id, file.id)).await;
    assert_eq!(answer.bytes, PDF);
    assert_eq!(answer.headers["content-type"], "application/pdf");
    let disposition = "attachment; filename*=UTF-8''%E8%AF%81%E6%98%8E.html.pdf";
    assert_eq!(answer.headers["content-disposition"], disposition, "it is saved, not shown");
    assert_eq!(list(&clerk, request.id).await.unwrap().items, [file]);
}

async fn too_large_too_many_and_too_late_are_refused(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { attachment_megabytes: 1, attachments_a_request: 2, ..seen };
    for (field, bad) in [
        ("attachment_megabytes", LeaveSettings { attachment_megabytes: 21, ..seen }),
        ("attachments_a_request", LeaveSettings { attachments_a_request: 0, ..seen }),
    ] {
        let refused = admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings: bad }).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some(field)));
    }
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let large = [PDF, &vec![b' '; 1024 * 1024]].concat();
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "a.pdf", large).await;
    assert_eq!((refused.status, refused.problem().code), (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge));
    assert!(refused.problem().detail.contains("1 MB"));
    let endless = [PDF, &vec![b' '; 21 * 1024 * 1024]].concat();
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "a.pdf", endless).await;
    assert_eq!(refused.problem().code, Code::TooLarge, "not even read to its end");
    attach(&clerk, request.id, "1.pdf", PDF.to_vec()).await;
    assert!(list(&clerk, request.id).await.unwrap().may_add);
    let second = attach(&clerk, request.id, "2.pdf", PDF.to_vec()).await;
    let now = list(&clerk, request.id).await.unwrap();
    assert_eq!((now.items.len(), now.may_add, now.most, now.largest), (2, false, 2, 1024 * 1024));
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "3.pdf", PDF.to_vec()).await.problem();
    assert_eq!(refused.code, Code::TooManyAttachments);
    remove(&clerk, path(request.id, second.id)).await.unwrap();
    attach(&clerk, request.id, "3.pdf", PDF.to_vec()).await;
    // What came to nothing takes nothing more.
    let withdraw = Withdraw { version: show(&clerk, request.id).await.version };
    clerk.post::<WithdrawLeave>(ById { id: request.id }, withdraw).await.unwrap();
    remove(&clerk, path(request.id, Uuid::new_v4())).await.unwrap_err();
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "4.pdf", PDF.to_vec()).await.problem();
    assert_eq!(refused.code, Code::WrongState);
    // Of many at once no more get in than there is room for.
    let request = submit(&clerk, asking("sick", "2026-12-02", "2026-12-04")).await;
    let ids: Vec<Uuid> = (0..6).map(|_| Uuid::new_v4()).collect();
    let sending = ids.iter().map(|id| send(&clerk, path(request.id, *id), "x.pdf", PDF.to_vec()));
    let answers = futures_util::future::join_all(sending).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 2);
    assert_eq!(list(&clerk, request.id).await.unwrap().items.len(), 2);
}

async fn who_is_asked_for_a_better_paper_has_room_for_it(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { attachments_a_request: 1, ..seen };
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.unwrap();
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = sick(&clerk).await;
    let blurred = attach(&clerk, request.id, "1.jpg", photo()).await;
    assert!(!list(&clerk, request.id).await.unwrap().may_add);
    app.pass(1);
    let task = only_task(&head).await;
    let back = Decide::new(TaskAction::SendBack, "照片看不清，请重拍", task.version);
    head.post::<DecideTask>(ById { id: task.id }, back).await.unwrap();
    app.pass(1);
    assert!(remove(&clerk, path(request.id, blurred.id)).await.is_err(), "he was sent back for it");
    assert!(list(&clerk, request.id).await.unwrap().may_add);
    attach(&clerk, request.id, "2.jpg", photo()).await;
    let now = list(&clerk, request.id).await.unwrap();
    assert_eq!((now.items.len(), now.may_add), (2, false));
}

async fn a_repeat_answers_the_same_and_another_file_is_refused(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let (request, at) = (sick(&clerk).await, Uuid::new_v4());
    let other = submit(&clerk, asking("sick", "2026-12-02", "2026-12-02")).await;
    let first = send(&clerk, path(request.id, at), "a.jpg", photo()).await;
    let again = send(&clerk, path(request.id, at), "a.jpg", photo()).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, first.json()));
    for (request, name, bytes) in
        [(request.id, "a.jpg", PDF.to_vec()), (request.id, "b.jpg", photo()), (other.id, "a.jpg", photo())]
    {
        let refused = send(&clerk, path(request, at), name, bytes).await.problem();
        assert_eq!(refused.code, Code::IdReused);
    }
    let at_once = Uuid::new_v4();
    let twice =
        futures_util::future::join_all((0..4).map(|_| send(&clerk, path(request.id, at_once), "c.jpg", photo())));
    for answer in twice.await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    assert_eq!(list(&clerk, request.id).await.unwrap().items.len(), 2);
    let raced = Uuid::new_v4();
    let (one, two) = tokio::join!(
        send(&clerk, path(request.id, raced), "d.jpg", photo()),
        send(&clerk, path(other.id, raced), "d.jpg", photo())
    );
    let (won, lost, of) = if one.status == StatusCode::OK { (one, two, request.id) } else { (two, one, other.id) };
    assert_eq!((won.status, lost.problem().code), (StatusCode::OK, Code::IdReused), "an id is of one request");
    remove(&clerk, path(of, raced)).await.unwrap();
    let removed = remove(&clerk, path(request.id, at)).await.unwrap();
    assert_eq!(remove(&clerk, path(request.id, at)).await.unwrap(), removed, "it is gone already");
    assert_eq!(removed.items.len(), 1);
    let refused = send(&clerk, path(request.id, at), "a.jpg", photo()).await.problem();
    assert_eq!(refused.code, Code::IdReused, "what was taken off does not come back by itself");
    assert_eq!(open(&clerk, path(request.id, at)).await.unwrap_err().code, Code::NotFound);
    assert_eq!(open(&clerk, path(other.id, at_once)).await.unwrap_err().code, Code::NotFound, "of another request");
}

async fn what_was_decided_on_stays(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let file = attach(&clerk, request.id, "a.jpg", photo()).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    assert_eq!(task.attachments, 1, "his card says so");
    assert_eq!(remove(&head, path(request.id, file.id)).await.unwrap_err().code, Code::NotFound);
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    let refused = remove(&clerk, path(request.id, file.id)).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongState);
    let now = list(&clerk, request.id).await.unwrap();
    assert_eq!((now.items[0].may_remove, now.may_add), (false, true), "another one can be added");
    attach(&clerk, request.id, "b.jpg", photo()).await;
}

async fn owed_papers_follow_until_they_are_seen(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    assert_eq!((&request.evidence, request.attachments), (&Some(Evidence::Owed), Some(0)));
    approve_all(&app, &request).await;
    app.clock.set(at("2026-11-30", 8, 40));
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    let version = show(&clerk, request.id).await.version;
    let back = ReportReturn { version, back: half("2026-11-30", Half::Am), note: String::new() };
    clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert!(list(&clerk, request.id).await.unwrap().may_add, "he is back, and owes them still");
    attach(&clerk, request.id, "诊断证明.jpg", photo()).await;
    let told = async |client: &Client| overdue::told(client, NoticeKind::PapersFiled).await;
    assert_eq!(told(&hr).await, 1, "there is something to look at");
    assert_eq!(told(&clerk).await, 0);
    let provided = show(&clerk, request.id).await;
    assert_eq!(provided.evidence, Some(Evidence::Provided { at: app.now() }));
    assert_eq!(
        (provided.attachments, provided.version),
        (Some(1), version + 2),
        "the return, and a paper that whoever confirms has to see"
    );
    let seen = show(&hr, request.id).await;
    assert_eq!(seen.actions, [Action::ConfirmEvidence]);
    let seen = EvidenceSeen { version: seen.version };
    let seen = hr.post::<ConfirmEvidence>(ById { id: request.id }, seen).await.unwrap();
    assert!(matches!(seen.evidence, Some(Evidence::Seen { .. })));
    let now = list(&clerk, request.id).await.unwrap();
    assert!(!now.may_add && !now.items[0].may_remove, "it is closed");
    let refused = send(&clerk, path(request.id, Uuid::new_v4()), "b.jpg", photo()).await.problem();
    assert_eq!(refused.code, Code::WrongState);
}
