//! The plain pages of a scanned link: they work without a script, and logging in costs nobody his place.

use app::attendance::rules::Status;
use axum::http::StatusCode;
use tests::world::{CLERK, PASSWORD};
use tests::{Answered, Client, TestApp, at, on_both};

use super::{attempts, link, rows};

on_both!(
    logging_in_keeps_the_time_of_the_scan,
    a_claim_runs_out,
    a_link_that_is_not_good_says_why,
    a_page_is_gone_on_to_on_this_site_only,
    a_navigation_gets_the_app_and_nothing_else_does,
);

/// The path of a lesson's link at this moment.
fn path(app: &TestApp, lesson: uuid::Uuid) -> String {
    link(app, lesson).replace("https://court.example", "")
}

/// A browser on the machine itself, where `__Host-` cookies are kept.
fn browser(app: &TestApp) -> Client {
    app.client().with_header("host", "localhost:8080").with_header("sec-fetch-site", "same-origin")
}

/// Cookies as a browser sends them back; a later answer replaces what an earlier one set.
fn carrying(client: Client, answers: &[&Answered]) -> Client {
    let mut jar: Vec<(String, String)> = Vec::new();
    for cookie in answers.iter().flat_map(|answer| answer.cookies()) {
        let pair = cookie.split(';').next().unwrap_or_default().to_owned();
        let Some((name, value)) = pair.split_once('=') else { continue };
        jar.retain(|(known, _)| known != name);
        if !value.is_empty() {
            jar.push((name.to_owned(), value.to_owned()));
        }
    }
    let line = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    client.with_header("cookie", &line)
}

fn location(answer: &Answered) -> &str {
    answer.headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn log_in(client: &Client, number: &str, next: &str) -> Answered {
    client.submit_form("/login", &[("username", number), ("password", PASSWORD), ("next", next)]).await
}

/// T18.
async fn logging_in_keeps_the_time_of_the_scan(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let lesson = class.lessons[0];
    app.clock.set(at(TestApp::DAY, 9, 9));
    app.pass(30);
    let scanned_at = app.now();
    let scan = browser(&app).fetch(&path(&app, lesson)).await;
    assert_eq!(scan.status, StatusCode::SEE_OTHER);
    assert_eq!(location(&scan), "/login?next=%2Fc%2Fconfirm");
    assert!(attempts(&app).await.is_empty() && rows(&app).await.is_empty(), "a GET changes nothing");

    let form = carrying(browser(&app), &[&scan]).fetch(location(&scan)).await;
    assert!(form.text().contains("name=\"password\""), "{}", form.text());
    let wrong = carrying(browser(&app), &[&scan])
        .submit_form("/login", &[("username", &class.trainees[0]), ("password", "not it"), ("next", "/c/confirm")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text().contains(&class.trainees[0]) && !wrong.text().contains("not it"));
    // The late bound passes while he looks for his password.
    app.pass(60);
    let entered = log_in(&carrying(browser(&app), &[&scan]), &class.trainees[0], "/c/confirm").await;
    assert_eq!((entered.status, location(&entered)), (StatusCode::SEE_OTHER, "/c/confirm"), "{}", entered.text());
    let signed_in = carrying(browser(&app), &[&scan, &entered]);
    let landing = signed_in.fetch("/c/confirm").await;
    assert_eq!(landing.status, StatusCode::OK);
    assert!(landing.text().contains("民法典合同编的适用") && landing.text().contains("一号报告厅"));
    let nonce = landing
        .text()
        .split("name=\"nonce\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next().map(str::to_owned));
    let nonce = nonce.expect("the form carries the attempt's id");
    let fields = [("nonce", nonce.as_str()), ("lesson", &lesson.to_string())];
    let done = signed_in.submit_form("/c/confirm", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert!(done.text().contains("result-good") && done.text().contains("学员1"), "{}", done.text());
    let row = rows(&app).await.remove(0);
    assert_eq!((row.at, row.status.as_str()), (scanned_at.millis(), Status::OnTime.as_str()));

    // Loaded again, with and without the claim, it is the same sign-in.
    let forgot = carrying(browser(&app), &[&scan, &entered, &done]);
    for client in [&signed_in, &forgot] {
        let again = client.submit_form("/c/confirm", &fields).await;
        assert!(again.text().contains("result-good"), "{}", again.text());
    }
    assert_eq!(rows(&app).await.len(), 1);
    let landing = signed_in.fetch(&path(&app, lesson)).await;
    assert!(landing.text().contains("result-good") && !landing.text().contains("nonce"), "he is signed in already");
}

async fn a_claim_runs_out(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    app.clock.set(at(TestApp::DAY, 8, 40));
    let entered = log_in(&browser(&app), &class.trainees[0], "").await;
    assert_eq!(location(&entered), "/");
    let scan = carrying(browser(&app), &[&entered]).fetch(&path(&app, class.lessons[0])).await;
    assert_eq!(scan.status, StatusCode::OK);
    let client = carrying(browser(&app), &[&entered, &scan]);
    app.pass(121);
    for answer in [client.fetch("/c/confirm").await, client.submit_form("/c/confirm", &[]).await] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("result-bad") && answer.text().contains("重新扫描"), "{}", answer.text());
    }
    assert!(rows(&app).await.is_empty());
    // A claim made up by the browser, or none.
    let forged = carrying(browser(&app), &[&entered]).fetch("/c/confirm").await;
    assert!(forged.text().contains("result-bad"));
}

async fn a_link_that_is_not_good_says_why(app: TestApp) {
    let class = app.class(&app.world().await, 1, TestApp::DAY).await;
    let lesson = class.lessons[0];
    let page = browser(&app).fetch(&path(&app, lesson)).await;
    assert!(page.text().contains("08:30"), "too early: {}", page.text());
    assert!(page.cookies().is_empty());
    app.clock.set(at(TestApp::DAY, 8, 40));
    let old = path(&app, lesson);
    app.pass(60);
    assert!(browser(&app).fetch(&old).await.text().contains("最新"));
    app.clock.set(at(TestApp::DAY, 10, 45));
    let text = browser(&app).fetch(&old).await.text();
    assert!(text.contains("民法典合同编的适用") && text.contains("10:30"), "{text}");
    for nonsense in ["/c/x", "/c/AAAAAAAAAAAAAAAAAAAAAA.1.AAAAAAAAAAAAAAAA", "/c/%00"] {
        let page = browser(&app).fetch(nonsense).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
        assert!(page.text().contains("result-bad") && page.cookies().is_empty());
    }
}

async fn a_page_is_gone_on_to_on_this_site_only(app: TestApp) {
    app.world().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"] {
        let entered = log_in(&browser(&app), CLERK, next).await;
        assert_eq!((entered.status, location(&entered)), (StatusCode::SEE_OTHER, "/"), "{next}");
    }
    let entered = log_in(&browser(&app), CLERK, "/leave?x=1").await;
    assert_eq!(location(&entered), "/leave?x=1");
    let cross = browser(&app).with_header("sec-fetch-site", "cross-site");
    assert_eq!(log_in(&cross, CLERK, "").await.status, StatusCode::FORBIDDEN);
    // Over plain http from another machine the cookie would be dropped: the page says so instead.
    let remote = app.client().with_header("host", "10.1.2.3:8080");
    assert_eq!(remote.fetch("/login").await.status, StatusCode::FORBIDDEN);
    assert_eq!(log_in(&remote, CLERK, "").await.status, StatusCode::FORBIDDEN);
    let out = carrying(browser(&app), &[&entered]).submit_form("/logout", &[]).await;
    assert_eq!(location(&out), "/login");
    let after = carrying(browser(&app), &[&entered]).fetch("/").await;
    assert_eq!(after.status, StatusCode::SEE_OTHER, "the session has ended on the server as well");
}

async fn a_navigation_gets_the_app_and_nothing_else_does(app: TestApp) {
    app.world().await;
    let nobody = browser(&app).fetch("/leave/new?type=annual").await;
    assert_eq!(location(&nobody), "/login?next=%2Fleave%2Fnew%3Ftype%3Dannual");
    let entered = log_in(&browser(&app), CLERK, "").await;
    let client = carrying(browser(&app), &[&entered]);
    let shell = client.fetch("/leave/new").await;
    assert_eq!(shell.status, StatusCode::OK);
    assert!(shell.text().contains("id=\"boot\"") && shell.text().contains(CLERK));
    assert_eq!(shell.headers.get("cache-control").and_then(|value| value.to_str().ok()), Some("no-store"));
    assert_eq!(client.fetch("/assets/gone.js").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.fetch("/favicon.ico").await.status, StatusCode::NOT_FOUND);
    let call = client.fetch("/api/v1/nothing").await;
    assert_eq!(call.status, StatusCode::NOT_FOUND);
    assert_eq!(call.problem().code, app::api::Code::NotFound);
}
