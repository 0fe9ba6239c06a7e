//! The printed approval sheet: for exactly those who see the whole request.

use app::approval::api::{ActOnProcess, ActOnRequest, RequestAction};
use app::leave::api::Confirmation;
use axum::http::StatusCode;
use tests::world::{BASIC_CLERK, HR, TEACHER};

use super::confirm::{confirm, have_confirmed, report};
use super::extend::approved;
use super::*;

on_both!(
    who_sees_the_whole_request_prints_it,
    a_sheet_opened_signed_out_leads_to_log_in_and_back,
    a_reason_is_text_on_the_sheet,
    a_sheet_names_who_confirmed_the_return,
);

fn path(id: Uuid) -> String {
    format!("/print/leave/{id}")
}

async fn who_sees_the_whole_request_prints_it(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let head = app.client_of(HEAD).await;
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let copy = ActOnRequest { action: RequestAction::Copy, to: vec![TEACHER.to_owned()], comment: String::new() };
    clerk.post::<ActOnProcess>(ById { id: request.id }, copy).await.unwrap();
    for person in [CLERK, HEAD, OVERSEER, PRESIDENT, HR] {
        let sheet = app.client_of(person).await.fetch(&path(request.id)).await;
        assert_eq!(sheet.status, StatusCode::OK, "{person}");
        let html = sheet.text();
        for text in
            ["江州市中级人民法院", "请假审批单", "周书记", "回乡探亲", "临江市", "王庭长", "同意", &request.number]
        {
            assert!(html.contains(text), "{person}: {text} is missing");
        }
        assert_eq!(sheet.headers["cache-control"], "no-store");
    }
    // Who only has a copy learns that somebody is away, not why.
    for person in [TEACHER, COLLEAGUE, OTHER_HEAD, BASIC_CLERK] {
        let sheet = app.client_of(person).await.fetch(&path(request.id)).await;
        assert_eq!(sheet.status, StatusCode::NOT_FOUND, "{person}");
        assert!(!sheet.text().contains("回乡探亲") && !sheet.text().contains("周书记"), "{person}");
    }
    let unknown = clerk.fetch(&path(Uuid::new_v4())).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(clerk.fetch("/print/leave/nothing").await.status, StatusCode::NOT_FOUND);
}

async fn a_sheet_opened_signed_out_leads_to_log_in_and_back(app: TestApp) {
    app.world().await;
    let id = Uuid::new_v4();
    let answer = app.client().fetch(&path(id)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers["location"], format!("/login?next=%2Fprint%2Fleave%2F{id}"));
}

async fn a_reason_is_text_on_the_sheet(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let reason = "<script>alert(1)</script>".to_owned();
    let request = submit(&clerk, Submit { reason, ..asking("annual", "2026-11-25", "2026-11-25") }).await;
    let html = clerk.fetch(&path(request.id)).await.text();
    assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script>alert"), "{html}");
}

async fn a_sheet_names_who_confirmed_the_return(app: TestApp) {
    app.world().await;
    have_confirmed(&app, Confirmation::Approver).await;
    let leave = approved(&app, "2026-11-24", "2026-11-24").await;
    app.clock.set(at("2026-11-25", 8, 40));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let reported = report(&clerk, &leave, half("2026-11-25", Half::Am), "").await.expect("he is back");
    let waiting = clerk.fetch(&path(leave.id)).await.text();
    assert!(!waiting.contains("销假确认"), "nobody has: {waiting}");
    app.pass(3600);
    let confirmed = confirm(&head, &reported).await.expect("he approved");
    assert_eq!(confirmed.return_report.and_then(|report| report.confirmed_at), Some(app.now()));
    let sheet = clerk.fetch(&path(leave.id)).await.text();
    assert!(sheet.contains("销假确认") && sheet.contains("王庭长，2026-11-25 09:40"), "{sheet}");
}
