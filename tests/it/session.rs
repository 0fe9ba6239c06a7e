//! Log-in, activation, refresh, revocation, and what a browser may send along.

use std::time::Duration;

use app::account::api::{
    Activate, ActivateAccount, CreateActivation, CreateSession, EndSession, GetMe, ListSessions, Login, Refresh,
    RefreshSession, RevokeSession, SessionMode,
};
use app::account::rules::Role;
use app::api::{ById, ByOfficer, Code, Empty, Endpoint};
use axum::http::StatusCode;
use futures_util::future::{join, join_all};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use server::entity::{audit_entry, session};
use tests::world::{ADMIN, BASIC_CLERK, BASIC_HR, CLERK, HEAD, HR, PASSWORD};
use tests::{Answered, Client, TestApp, on_both};

on_both!(
    logging_in_tells_who_one_is,
    a_wrong_password_and_an_unknown_number_look_the_same,
    ten_wrong_passwords_slow_the_account_down_and_nobody_else,
    parallel_guesses_are_all_counted,
    of_guesses_sent_at_once_ten_are_looked_at,
    the_tenth_attempt_may_be_the_right_one,
    an_activation_code_works_once,
    two_phones_with_one_code_end_with_one_account,
    a_new_code_ends_the_sessions,
    an_old_password_under_way_does_not_outlive_a_new_code,
    a_refresh_token_is_replaced_and_its_reuse_ends_the_session,
    two_tabs_may_refresh_at_once,
    every_token_of_tabs_that_refresh_at_once_goes_on,
    a_session_can_be_listed_and_ended_by_its_owner_only,
    ending_a_session_leaves_a_row,
    a_token_ends_by_itself,
    who_has_left_cannot_log_in,
    a_page_of_another_site_cannot_write,
    cookies_are_kept_from_scripts_and_other_sites,
    plain_http_from_another_machine_is_refused,
);

fn login(number: &str, password: &str, mode: SessionMode) -> Login {
    Login { username: number.to_owned(), password: password.to_owned(), mode }
}

async fn log_in(app: &TestApp, number: &str) -> app::account::api::Session {
    app.client().send::<CreateSession>(login(number, PASSWORD, SessionMode::Bearer)).await.unwrap()
}

/// Log-in as a browser does it: the answer carries the cookies.
async fn log_in_by_cookie(client: &Client, number: &str) -> Answered {
    client.raw::<CreateSession>(&Empty {}, &Empty {}, &login(number, PASSWORD, SessionMode::Cookie)).await
}

async fn logging_in_tells_who_one_is(app: TestApp) {
    app.world().await;
    let session = log_in(&app, HEAD).await;
    assert_eq!(session.officer, HEAD);
    assert_eq!(session.roles, [Role::Officer, Role::DepartmentHead]);
    let client = app.client().with_token(&session.access_token.unwrap());
    let me = client.send::<GetMe>(Empty {}).await.unwrap();
    assert_eq!((me.name.as_str(), me.department.as_str()), ("王庭长", "民事审判第一庭"));
    assert_eq!(app.client().send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
}

async fn a_wrong_password_and_an_unknown_number_look_the_same(app: TestApp) {
    app.world().await;
    let wrong =
        app.client().send::<CreateSession>(login(CLERK, "not the password", SessionMode::Bearer)).await.unwrap_err();
    let unknown =
        app.client().send::<CreateSession>(login("999999", "not the password", SessionMode::Bearer)).await.unwrap_err();
    assert_eq!(wrong.code, Code::WrongPassword);
    assert_eq!(wrong, unknown);
}

async fn ten_wrong_passwords_slow_the_account_down_and_nobody_else(app: TestApp) {
    app.world().await;
    let client = app.client();
    for _ in 0..10 {
        let refused =
            client.send::<CreateSession>(login(CLERK, "guess after guess", SessionMode::Bearer)).await.unwrap_err();
        assert_eq!(refused.code, Code::WrongPassword);
    }
    let right = || client.send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer));
    assert_eq!(right().await.unwrap_err().code, Code::SlowDown);
    let neighbour = client.send::<CreateSession>(login(HEAD, PASSWORD, SessionMode::Bearer)).await;
    assert!(neighbour.is_ok(), "the wait hangs on the account, not on the address");
    app.pass(31);
    assert!(right().await.is_ok(), "the wait ends");
    let wrong = client.send::<CreateSession>(login(CLERK, "guess after guess", SessionMode::Bearer)).await.unwrap_err();
    assert_eq!(wrong.code, Code::WrongPassword, "a right password starts the count anew");
    assert!(right().await.is_ok());
}

async fn parallel_guesses_are_all_counted(app: TestApp) {
    app.world().await;
    let guesses = (0..20).map(|_| {
        let client = app.client();
        async move {
            client.send::<CreateSession>(login(CLERK, "guess after guess", SessionMode::Bearer)).await.unwrap_err().code
        }
    });
    let codes = join_all(guesses).await;
    assert!(codes.iter().all(|code| matches!(code, Code::WrongPassword | Code::SlowDown)));
    let right = app.client().send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer)).await;
    assert_eq!(right.unwrap_err().code, Code::SlowDown);
}

/// Makes so many log-ins, which all read their account and queue for their turn before `between` has happened and the
/// first of them gets it.
async fn while_they_queue<T>(
    app: &TestApp,
    count: u64,
    log_ins: impl Future<Output = T>,
    between: impl Future<Output = ()>,
) -> T {
    let turns = u32::try_from(app.state.hashing.available_permits()).unwrap();
    let held = app.state.hashing.clone().acquire_many_owned(turns).await.unwrap();
    let statements = || app.state.database.statements().get();
    let before = statements();
    let letting_go = async {
        // Each reads the officer and the account.
        for _ in 0..500 {
            if statements() >= before + 2 * count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        between.await;
        drop(held);
    };
    join(log_ins, letting_go).await.0
}

async fn of_guesses_sent_at_once_ten_are_looked_at(app: TestApp) {
    app.world().await;
    let guesses = (0..30).map(|_| {
        let client = app.client();
        async move {
            client.send::<CreateSession>(login(CLERK, "guess after guess", SessionMode::Bearer)).await.unwrap_err().code
        }
    });
    let codes = while_they_queue(&app, 30, join_all(guesses), async {}).await;
    let of = |code: Code| codes.iter().filter(|found| **found == code).count();
    assert_eq!((of(Code::WrongPassword), of(Code::SlowDown)), (10, 20));
    let neighbour = app.client().send::<CreateSession>(login(HEAD, PASSWORD, SessionMode::Bearer)).await;
    assert!(neighbour.is_ok());
    app.pass(31);
    let right = app.client().send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer)).await;
    assert!(right.is_ok(), "those who were refused did not make the wait longer");
}

async fn the_tenth_attempt_may_be_the_right_one(app: TestApp) {
    app.world().await;
    let client = app.client();
    for _ in 0..2 {
        for _ in 0..9 {
            let wrong = client.send::<CreateSession>(login(CLERK, "guess after guess", SessionMode::Bearer)).await;
            assert_eq!(wrong.unwrap_err().code, Code::WrongPassword);
        }
        let right = client.send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer)).await;
        assert!(right.is_ok(), "and it starts the count anew");
    }
}

fn activation(number: &str, code: &str) -> Activate {
    Activate {
        username: number.to_owned(),
        code: code.to_owned(),
        new_password: "a password of my own".to_owned(),
        mode: SessionMode::Bearer,
    }
}

async fn an_activation_code_works_once(app: TestApp) {
    app.world().await;
    let code = app.activation_code(CLERK).await;
    let lost = app.client().send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer)).await;
    assert_eq!(lost.unwrap_err().code, Code::WrongPassword, "a reset takes the old password away");
    let weak = Activate { new_password: "short".to_owned(), ..activation(CLERK, &code) };
    let refused = app.client().send::<ActivateAccount>(weak).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("new_password")));
    let typed = code.to_lowercase().replace('-', " ");
    let session = app.client().send::<ActivateAccount>(activation(CLERK, &typed)).await.unwrap();
    assert_eq!(session.officer, CLERK);
    let again = app.client().send::<ActivateAccount>(activation(CLERK, &code)).await.unwrap_err();
    assert_eq!(again.code, Code::WrongActivationCode);
    let own = app.client().send::<CreateSession>(login(CLERK, "a password of my own", SessionMode::Bearer)).await;
    assert!(own.is_ok());

    let code = app.activation_code(CLERK).await;
    app.pass(8 * 24 * 3600);
    let late = app.client().send::<ActivateAccount>(activation(CLERK, &code)).await.unwrap_err();
    assert_eq!(late.code, Code::WrongActivationCode, "a code ends after a week");
}

async fn two_phones_with_one_code_end_with_one_account(app: TestApp) {
    app.world().await;
    let code = app.activation_code(CLERK).await;
    let phones = (0..4).map(|_| {
        let (client, body) = (app.client(), activation(CLERK, &code));
        async move { client.send::<ActivateAccount>(body).await.is_ok() }
    });
    let won = join_all(phones).await.into_iter().filter(|won| *won).count();
    assert_eq!(won, 1);
}

async fn a_new_code_ends_the_sessions(app: TestApp) {
    app.world().await;
    let officer = app.client_of(CLERK).await;
    assert!(officer.send::<GetMe>(Empty {}).await.is_ok());
    let hr = app.client_of(HR).await;
    let path = || ByOfficer { officer: CLERK.to_owned() };
    let issued = hr.post::<CreateActivation>(path(), Empty {}).await.unwrap();
    assert_eq!(issued.officer, CLERK);
    assert_eq!(officer.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
    let foreign = app.client_of(BASIC_HR).await;
    assert_eq!(foreign.post::<CreateActivation>(path(), Empty {}).await.unwrap_err().code, Code::NotFound);
    let below = hr.post::<CreateActivation>(ByOfficer { officer: BASIC_CLERK.to_owned() }, Empty {}).await;
    assert!(below.is_ok(), "政治部 looks after the courts below as well");
}

async fn an_old_password_under_way_does_not_outlive_a_new_code(app: TestApp) {
    app.world().await;
    let client = app.client();
    let log_in = client.send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer));
    let issue = async {
        app.activation_code(CLERK).await;
    };
    let refused = while_they_queue(&app, 1, log_in, issue).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongPassword, "the password was taken away while it was looked at");
    let sessions = session::Entity::find().filter(session::Column::OfficerId.eq(app.officer(CLERK).await.id));
    assert_eq!(sessions.count(app.state.database.read()).await.unwrap(), 0);
}

async fn a_refresh_token_is_replaced_and_its_reuse_ends_the_session(app: TestApp) {
    app.world().await;
    let first = log_in(&app, CLERK).await;
    let old = first.refresh_token.unwrap();
    let refresh = |token: String| {
        let client = app.client();
        async move { client.send::<RefreshSession>(Refresh { refresh_token: token }).await }
    };
    let next = refresh(old.clone()).await.unwrap();
    assert_ne!(next.refresh_token.as_ref(), Some(&old));
    let client = app.client().with_token(&next.access_token.unwrap());
    assert!(client.send::<GetMe>(Empty {}).await.is_ok());
    app.pass(61);
    assert_eq!(refresh(old).await.unwrap_err().code, Code::SignedOut, "a token that was replaced is a stolen one");
    assert_eq!(
        client.send::<GetMe>(Empty {}).await.unwrap_err().code,
        Code::SignedOut,
        "and ends the session for both"
    );
    assert_eq!(refresh(next.refresh_token.unwrap()).await.unwrap_err().code, Code::SignedOut);
    assert_eq!(refresh("nonsense".to_owned()).await.unwrap_err().code, Code::SignedOut);
    let rows = rows_about_sessions(&app).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].action.as_str(), rows[0].origin.as_str()), ("session.revoke", "system"));
}

async fn two_tabs_may_refresh_at_once(app: TestApp) {
    app.world().await;
    let token = log_in(&app, CLERK).await.refresh_token.unwrap();
    let tabs = (0..4).map(|_| {
        let (client, refresh_token) = (app.client(), token.clone());
        async move { client.send::<RefreshSession>(Refresh { refresh_token }).await }
    });
    for outcome in join_all(tabs).await {
        let session = outcome.unwrap();
        let client = app.client().with_token(&session.access_token.unwrap());
        assert!(client.send::<GetMe>(Empty {}).await.is_ok());
    }
}

async fn every_token_of_tabs_that_refresh_at_once_goes_on(app: TestApp) {
    app.world().await;
    let mut tokens = vec![log_in(&app, CLERK).await.refresh_token.unwrap(); 8];
    for round in 0..3 {
        let tabs = tokens.into_iter().map(|refresh_token| {
            let client = app.client();
            async move { client.send::<RefreshSession>(Refresh { refresh_token }).await }
        });
        let renewed = join_all(tabs).await.into_iter();
        tokens = renewed.map(|outcome| outcome.expect("a tab goes on").refresh_token.unwrap()).collect();
        assert_eq!(tokens.len(), 8, "round {round}");
        // Until the access token has run out: far longer than a replaced refresh token is taken.
        app.pass(16 * 60);
    }

    let browser = app.client().with_cookies_of(&log_in_by_cookie(&app.client(), CLERK).await);
    app.pass(16 * 60);
    let renewed = browser.raw::<GetMe>(&Empty {}, &Empty {}, &Empty {}).await;
    assert_eq!(renewed.status, StatusCode::OK);
    let late = browser.raw::<GetMe>(&Empty {}, &Empty {}, &Empty {}).await;
    let browser = app.client().with_cookies_of(&late);
    app.pass(16 * 60);
    assert!(browser.send::<GetMe>(Empty {}).await.is_ok(), "the answer that came last left a cookie that goes on");
}

/// What the audit trail says about the ends of sessions.
async fn rows_about_sessions(app: &TestApp) -> Vec<audit_entry::Model> {
    let query = audit_entry::Entity::find().filter(audit_entry::Column::SubjectKind.eq("session"));
    query.all(app.state.database.read()).await.unwrap()
}

async fn ending_a_session_leaves_a_row(app: TestApp) {
    app.world().await;
    let (one, _other) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let listed = one.send::<ListSessions>(Empty {}).await.unwrap().items;
    let own = listed.iter().find(|session| session.current).unwrap().id;
    let other = listed.iter().find(|session| !session.current).unwrap().id;
    assert!(app.client_of(ADMIN).await.get::<RevokeSession>(ById { id: other }).await.is_err());
    assert!(rows_about_sessions(&app).await.is_empty(), "what ended nothing leaves no row");
    one.get::<RevokeSession>(ById { id: other }).await.unwrap();
    assert!(one.get::<RevokeSession>(ById { id: other }).await.is_err(), "it has ended");
    one.send::<EndSession>(Empty {}).await.unwrap();
    let rows = rows_about_sessions(&app).await;
    assert_eq!(rows.len(), 2);
    let officer = app.officer(CLERK).await.id;
    for (action, id) in [("session.revoke", other), ("session.end", own)] {
        let row = rows.iter().find(|row| row.action == action).unwrap();
        assert_eq!((row.subject_id.clone(), row.actor_id), (id.to_string(), Some(officer)));
        assert_eq!(row.origin, own.to_string());
    }

    let browser = app.client().with_cookies_of(&log_in_by_cookie(&app.client(), CLERK).await);
    assert!(browser.submit_form("/logout", &[]).await.status.is_redirection());
    let ends = rows_about_sessions(&app).await.into_iter().filter(|row| row.action == "session.end").count();
    assert_eq!(ends, 2, "the plain page ends a session as well");
}

async fn a_session_can_be_listed_and_ended_by_its_owner_only(app: TestApp) {
    app.world().await;
    let (one, other) = (app.client_of(CLERK).await, app.client_of(CLERK).await);
    let listed = one.send::<ListSessions>(Empty {}).await.unwrap().items;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
    let theirs = listed.iter().find(|session| !session.current).unwrap().id;
    let stranger = app.client_of(ADMIN).await;
    let refused = stranger.get::<RevokeSession>(ById { id: theirs }).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    one.get::<RevokeSession>(ById { id: theirs }).await.unwrap();
    assert_eq!(other.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
    one.send::<EndSession>(Empty {}).await.unwrap();
    assert_eq!(one.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
}

async fn a_token_ends_by_itself(app: TestApp) {
    app.world().await;
    let client = app.client().with_token(&app.token_of(CLERK).await);
    app.pass(15 * 60 - 1);
    assert!(client.send::<GetMe>(Empty {}).await.is_ok());
    app.pass(1);
    assert_eq!(client.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
    let forged = app.client().with_token("eyJhbGciOiJub25lIn0.e30.");
    assert_eq!(forged.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
}

async fn who_has_left_cannot_log_in(app: TestApp) {
    app.world().await;
    let mut change = app.officer(CLERK).await.into_active_model();
    change.status = Set("retired".to_owned());
    change.update(app.state.database.write()).await.unwrap();
    let refused = app.client().send::<CreateSession>(login(CLERK, PASSWORD, SessionMode::Bearer)).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongPassword);
    let client = app.client_of(CLERK).await;
    assert_eq!(client.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
}

async fn a_page_of_another_site_cannot_write(app: TestApp) {
    app.world().await;
    let browser = app.client().with_cookies_of(&log_in_by_cookie(&app.client(), CLERK).await);
    let end = |client: Client| async move { client.raw::<EndSession>(&Empty {}, &Empty {}, &Empty {}).await };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let answer = end(browser.clone().with_header(name, value)).await;
        assert_eq!(answer.problem().code, Code::CrossSite, "{name}: {value}");
    }
    let read = browser.clone().with_header("sec-fetch-site", "cross-site").send::<GetMe>(Empty {}).await;
    assert!(read.is_ok(), "a link from elsewhere may open a page");
    let bearer = app.client_of(CLERK).await.with_header("sec-fetch-site", "cross-site");
    assert_eq!(end(bearer).await.status, StatusCode::NO_CONTENT, "a bearer token is not sent by a page on its own");
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")] {
        let fresh = app.client().with_cookies_of(&log_in_by_cookie(&app.client(), CLERK).await);
        assert_eq!(end(fresh.with_header(name, value)).await.status, StatusCode::NO_CONTENT, "{name}: {value}");
    }
}

async fn cookies_are_kept_from_scripts_and_other_sites(app: TestApp) {
    app.world().await;
    let answer = log_in_by_cookie(&app.client(), CLERK).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json().get("access_token"), None, "a browser's token is never readable by a script");
    let cookies = answer.cookies();
    assert_eq!(cookies.len(), 2);
    for cookie in &cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax", "; Max-Age="] {
            assert!(cookie.contains(attribute), "{attribute} is missing: {cookie}");
        }
        assert!(!cookie.contains("Domain="), "{cookie}");
    }
    let browser = app.client().with_cookies_of(&answer);
    assert!(browser.send::<GetMe>(Empty {}).await.is_ok());
    app.pass(16 * 60);
    let renewed = browser.raw::<GetMe>(&Empty {}, &Empty {}, &Empty {}).await;
    assert_eq!(renewed.status, StatusCode::OK, "the refresh cookie carries on without a word from the page");
    assert_eq!(renewed.cookies().len(), 2);
    let browser = app.client().with_cookies_of(&renewed);
    let ended = browser.raw::<EndSession>(&Empty {}, &Empty {}, &Empty {}).await;
    assert!(ended.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")), "logging out takes the cookies away");
    assert_eq!(browser.send::<GetMe>(Empty {}).await.unwrap_err().code, Code::SignedOut);
}

async fn plain_http_from_another_machine_is_refused(app: TestApp) {
    app.world().await;
    let attempt = |host: &'static str, app: TestApp| async move {
        log_in_by_cookie(&app.client().with_header("host", host), CLERK).await
    };
    for host in ["10.1.2.3:8080", "fingertip.court.example", "127.evil.example"] {
        assert_eq!(attempt(host, app.clone()).await.problem().code, Code::InsecureOrigin, "{host}");
    }
    for host in ["localhost:8080", "127.0.0.1", "[::1]:8080"] {
        assert_eq!(attempt(host, app.clone()).await.status, StatusCode::OK, "{host}");
    }
    let proxied = app.configured(|config| config.origin = Some("https://fingertip.court.example".to_owned())).await;
    assert_eq!(attempt("10.1.2.3:8080", proxied).await.status, StatusCode::OK, "a proxy in front carries TLS");
    assert_eq!(CreateSession::METHOD.as_str(), "POST");
}
