//! A real peer receives the webhooks: signature, order, tries again, the log.

use std::time::Duration;

use app::api::{ById, Code, Empty};
use app::notice::api::{ChangeChannel, ChannelConfig, ReplaceChannel, RetryDelivery};
use app::notice::rules::{DeliveryState, MOST_TRIES, NoticeKind, OLDEST_SECONDS};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tests::world::{ADMIN, CLERK, HEAD};
use tests::{Arrived, Peer, Reply, TestApp, on_both};

use super::{channel, deliver, everything, log, tell};

on_both!(
    a_webhook_is_signed_and_says_no_more_than_a_lock_screen,
    a_failure_holds_the_order_and_is_tried_again,
    what_never_arrives_is_given_up_and_can_be_sent_again,
    behind_a_receiver_that_is_away_a_line_does_not_last_for_ever,
    two_workers_send_each_delivery_once_and_in_order,
    a_worker_that_died_is_replaced,
    the_worker_wakes_up_by_itself,
    no_redirect_is_followed,
    a_certificate_that_nobody_vouches_for_is_refused,
);

const SECRET: &str = "the secret of a webhook";

fn config(peer: &Peer) -> ChannelConfig {
    ChannelConfig::Webhook { url: format!("{}/in?tenant=1", peer.origin()), secret: SECRET.to_owned() }
}

/// Checks a request as its receiver would.
fn assert_signed(app: &TestApp, arrived: &Arrived) {
    let timestamp = arrived.header("x-fingertip-timestamp");
    assert_eq!(timestamp.parse::<i64>().unwrap(), app.now().millis() / 1000, "the server's own clock");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(&arrived.body);
    let signature = arrived.header("x-fingertip-signature").strip_prefix("sha256=").unwrap();
    mac.verify_slice(&HEXLOWER.decode(signature.as_bytes()).unwrap()).expect("the signature fits the body");
}

fn positions(arrived: &[Arrived]) -> Vec<String> {
    arrived.iter().map(|one| one.json()["link"].as_str().unwrap().to_owned()).collect()
}

async fn a_webhook_is_signed_and_says_no_more_than_a_lock_screen(app: TestApp) {
    app.world().await;
    let app = app.configured(|config| config.origin = Some("https://fingertip.court.example".to_owned())).await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    let subject = tell(&app, &[CLERK], NoticeKind::Decided).await;
    deliver(&app).await;
    let arrived = peer.take();
    assert_eq!(arrived.len(), 1);
    let one = &arrived[0];
    assert_eq!((one.method.as_str(), one.path.as_str()), ("POST", "/in?tenant=1"));
    assert_eq!(one.header("content-type"), "application/json");
    assert_signed(&app, one);
    let line = &log(&app).await[0];
    assert_eq!(one.header("x-fingertip-delivery"), line.id.to_string());
    assert_eq!((line.state, line.tries, line.officer.as_str()), (DeliveryState::Sent, 1, CLERK));
    assert_eq!(
        one.json(),
        serde_json::json!({
            "id": line.id,
            "kind": "decided",
            "officer": CLERK,
            "at": app.now(),
            "text": "您有 1 项申请已有结果",
            "link": format!("https://fingertip.court.example/approvals/{subject}"),
        }),
        "no name, no number of a request, no reason, no type"
    );
    // Sent is sent.
    app.pass(3600);
    deliver(&app).await;
    assert!(peer.take().is_empty());
}

async fn a_failure_holds_the_order_and_is_tried_again(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    let mut subjects = Vec::new();
    for officer in [HEAD, CLERK, HEAD] {
        subjects.push(format!("/approvals/{}?decide", tell(&app, &[officer], NoticeKind::TaskWaiting).await));
    }
    peer.reply([Reply::status(503), Reply::status(500).with_header("retry-after", "100")]);
    deliver(&app).await;
    assert_eq!(positions(&peer.take()), [subjects[0].clone()], "the others wait behind the first");
    let first = &log(&app).await[0];
    assert_eq!((first.state, first.tries), (DeliveryState::Waiting, 1));
    assert_eq!(first.last_error.as_deref(), Some("对方答复 HTTP 503"));
    let wait = first.due_at.seconds_since(app.now());
    assert!((10..=12).contains(&wait), "{wait}");

    deliver(&app).await;
    assert!(peer.take().is_empty(), "not before its time");
    app.pass(12);
    deliver(&app).await;
    assert_eq!(positions(&peer.take()), [subjects[0].clone()]);
    let wait = log(&app).await[0].due_at.seconds_since(app.now());
    assert!((100..=120).contains(&wait), "the receiver asked for it: {wait}");

    app.pass(120);
    deliver(&app).await;
    let arrived = peer.take();
    assert_eq!(positions(&arrived), subjects, "503, 500, then all of them in their order");
    for one in &arrived {
        assert_signed(&app, one);
    }
    let lines = log(&app).await;
    assert_eq!(lines.iter().map(|line| line.tries).collect::<Vec<_>>(), [3, 1, 1]);
    assert!(lines.iter().all(|line| line.state == DeliveryState::Sent && line.last_error.is_none()));
    assert_eq!(arrived[0].header("x-fingertip-delivery"), lines[0].id.to_string(), "the same id at each try");
}

async fn what_never_arrives_is_given_up_and_can_be_sent_again(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    peer.reply((0..MOST_TRIES).map(|_| Reply::status(500)));
    for tries in 1..=MOST_TRIES {
        deliver(&app).await;
        let line = &log(&app).await[0];
        assert_eq!(line.tries, tries);
        assert_eq!(line.state == DeliveryState::Dead, tries == MOST_TRIES);
        app.clock.set(line.due_at.max(app.now()));
    }
    let dead = log(&app).await[0].clone();
    assert_eq!((dead.last_error.as_deref(), dead.done_at), (Some("对方答复 HTTP 500"), Some(app.now())));
    assert_eq!(peer.take().len(), usize::try_from(MOST_TRIES).unwrap());
    app.pass(24 * 3600);
    deliver(&app).await;
    assert!(peer.take().is_empty(), "given up");

    let admin = app.client_of(ADMIN).await;
    let again = admin.post::<RetryDelivery>(ById { id: dead.id }, Empty {}).await.expect("the administrator may");
    assert_eq!((again.state, again.tries), (DeliveryState::Waiting, 0));
    let twice = admin.post::<RetryDelivery>(ById { id: dead.id }, Empty {}).await.expect_err("it waits already");
    assert_eq!(twice.code, Code::WrongState);
    deliver(&app).await;
    assert_eq!(peer.take().len(), 1);
    assert_eq!(log(&app).await[0].state, DeliveryState::Sent);
}

async fn behind_a_receiver_that_is_away_a_line_does_not_last_for_ever(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    peer.reply((0..100).map(|_| Reply::status(502)));
    for _ in 0..4 {
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    }
    for _ in 0..100 {
        deliver(&app).await;
        let lines = log(&app).await;
        match lines.iter().find(|line| line.state == DeliveryState::Waiting) {
            Some(first) => app.clock.set(first.due_at.max(app.now())),
            None => break,
        }
    }
    let lines = log(&app).await;
    assert!(lines.iter().all(|line| line.state == DeliveryState::Dead));
    let lasted = app.now().seconds_since(lines[0].queued_at);
    assert!(lasted < OLDEST_SECONDS + 5 * 3600, "all are given up a day later, not one after the other: {lasted}");
}

async fn two_workers_send_each_delivery_once_and_in_order(app: TestApp) {
    app.world().await;
    let other = app.replica().await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    let mut subjects = Vec::new();
    for _ in 0..25 {
        subjects.push(format!("/approvals/{}?decide", tell(&app, &[HEAD], NoticeKind::TaskWaiting).await));
    }
    // A worker goes home when it finds nothing to do, as the lane is in the other's hands; both come back until all is
    // done.
    for _ in 0..200 {
        tokio::join!(deliver(&app), deliver(&other));
        if log(&app).await.iter().all(|line| line.state == DeliveryState::Sent) {
            break;
        }
    }
    assert_eq!(positions(&peer.take()), subjects);
    assert!(log(&app).await.iter().all(|line| (line.state, line.tries) == (DeliveryState::Sent, 1)));
}

async fn a_worker_that_died_is_replaced(app: TestApp) {
    app.world().await;
    // Takes the request and never answers.
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let id = channel(&app, ChannelConfig::Webhook { url, secret: SECRET.to_owned() }).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let dying = tokio::spawn({
        let app = app.clone();
        async move { deliver(&app).await }
    });
    let _taken = silent.accept().await.unwrap();
    dying.abort();
    let peer = Peer::start().await;
    let admin = app.client_of(ADMIN).await;
    let body = ReplaceChannel { version: 1, settings: everything("测试通道"), config: Some(config(&peer)) };
    admin.call::<ChangeChannel>(ById { id }, Empty {}, body).await.expect("the administrator may");
    deliver(&app).await;
    assert!(peer.take().is_empty(), "it may still be under way");
    app.pass(180);
    deliver(&app).await;
    assert_eq!(peer.take().len(), 1);
    assert_eq!(log(&app).await[0].tries, 2);
}

async fn the_worker_wakes_up_by_itself(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, config(&peer)).await;
    let jobs = server::worker::start(app.state.clone());
    for _ in 0..3 {
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
        let arrived = async {
            while peer.take().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), arrived).await.expect("it is sent without being asked");
    }
    jobs.abort();
}

async fn no_redirect_is_followed(app: TestApp) {
    app.world().await;
    let (peer, elsewhere) = (Peer::start().await, Peer::start().await);
    channel(&app, config(&peer)).await;
    peer.reply([Reply::status(307).with_header("location", &elsewhere.origin())]);
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    assert_eq!((peer.take().len(), elsewhere.take().len()), (1, 0));
    assert_eq!(log(&app).await[0].last_error.as_deref(), Some("对方答复 HTTP 307（不跟随跳转）"));
}

async fn a_certificate_that_nobody_vouches_for_is_refused(app: TestApp) {
    app.world().await;
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = axum_server::tls_rustls::RustlsConfig::from_config(tls.into());
    let served = axum_server::from_tcp_rustls(listener, tls).unwrap();
    tokio::spawn(served.serve(axum::Router::new().fallback(async || "taken").into_make_service()));

    channel(&app, ChannelConfig::Webhook { url: format!("https://localhost:{port}/"), secret: SECRET.to_owned() })
        .await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let line = log(&app).await.remove(0);
    assert_eq!(line.state, DeliveryState::Waiting);
    let why = line.last_error.unwrap_or_default();
    assert!(why.contains("certificate"), "the handshake got as far as the certificate: {why}");
}
