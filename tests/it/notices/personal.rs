//! What reaches the officer himself: mail and push, his quiet hours, what he has read meanwhile.

use std::sync::{Arc, Mutex};

use app::api::{ById, Code, Empty};
use app::notice::api::{
    ChannelConfig, ChannelSettings, CreateChannel, CreatePushSubscription, DeletePushSubscription, GetPushKey,
    MarkAllNoticesRead, NewChannel, NewPushSubscription, NoticeSettings, ReadThrough, SmtpSecurity, TestChannel,
};
use app::notice::rules::{DeliveryState, NoticeKind, QuietHours};
use data_encoding::BASE64URL_NOPAD;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use sea_orm::{EntityTrait, PaginatorTrait};
use server::entity::push_subscription;
use tests::world::{ADMIN, CLERK, HEAD};
use tests::{Client, Peer, Reply, TestApp, at, on_both};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use uuid::Uuid;
use web_push_native::Auth;
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;

use super::{channel, deliver, everything, log, set, tell};

on_both!(
    mail_goes_to_who_gave_an_address,
    the_nearest_mail_server_writes_and_no_other,
    a_mail_server_that_does_not_answer_keeps_no_other_channel_waiting,
    two_tabs_that_subscribe_at_once_are_one_browser,
    a_mailbox_that_does_not_exist_is_given_up_at_once,
    a_mail_server_without_tls_gets_nothing_when_tls_is_asked_for,
    quiet_hours_postpone_what_is_personal,
    what_was_read_meanwhile_is_not_sent_any_more,
    a_push_is_encrypted_for_the_browser_and_signed_by_the_server,
    a_browser_that_unsubscribed_is_forgotten,
    a_browser_that_is_signed_out_hears_nothing,
    only_push_services_that_the_administrator_named_are_asked,
    a_browser_belongs_to_who_signed_in_last,
);

/// A mail server that speaks as much SMTP as a client needs, and keeps the mails.
struct Mailbox {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn({
            let mails = mails.clone();
            async move {
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(converse(socket, mails.clone()));
                }
            }
        });
        Self { port, mails }
    }

    fn config(&self) -> ChannelConfig {
        ChannelConfig::Smtp {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: SmtpSecurity::None,
            username: String::new(),
            password: String::new(),
            from: "fingertip@court.example".to_owned(),
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.mails.lock().unwrap())
    }
}

async fn converse(socket: tokio::net::TcpStream, mails: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail: Option<String> = None;
    write.write_all(b"220 mail.court.example\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match &mut mail {
            Some(text) if line == "." => {
                mails.lock().unwrap().push(std::mem::take(text));
                mail = None;
                "250 queued"
            }
            Some(text) => {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            None if line.starts_with("RCPT TO:<nobody@") => "550 5.1.1 <nobody@court.example>: no such user",
            None if line.starts_with("RCPT TO:<relay@") => "554 5.7.1 relay access denied",
            None if line == "DATA" => {
                mail = Some(String::new());
                "354 go on"
            }
            None if line == "QUIT" => "221 bye",
            None => "250 fine",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn with_email(app: &TestApp, officer: &str, email: &str) -> Client {
    let client = app.client_of(officer).await;
    set(&client, NoticeSettings { email: Some(email.to_owned()), ..NoticeSettings::default() }).await.expect("valid");
    client
}

/// The subject and the text of a mail, decoded.
fn read_mail(mail: &str) -> (String, String) {
    let (head, body) = mail.split_once("\n\n").expect("a mail has a head and a body");
    let unfolded = head.replace("\n ", " ");
    let subject = unfolded.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a mail has a subject");
    let words = subject.split_whitespace().map(|word| {
        let coded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        coded.map_or_else(|| word.to_owned(), base64)
    });
    let subject = words.collect();
    let text = if unfolded.contains("Content-Transfer-Encoding: base64") {
        base64(&body.split_whitespace().collect::<String>())
    } else {
        body.to_owned()
    };
    (subject, text)
}

fn base64(text: &str) -> String {
    String::from_utf8(data_encoding::BASE64.decode(text.as_bytes()).unwrap()).unwrap()
}

async fn mail_goes_to_who_gave_an_address(app: TestApp) {
    app.world().await;
    let app = app.configured(|config| config.origin = Some("https://fingertip.court.example".to_owned())).await;
    let mailbox = Mailbox::start().await;
    let id = channel(&app, mailbox.config()).await;
    with_email(&app, HEAD, "wang@court.example").await;
    tell(&app, &[CLERK], NoticeKind::Decided).await;
    assert!(log(&app).await.is_empty(), "nobody knows where to write to");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let mails = mailbox.take();
    let [mail] = mails.as_slice() else { panic!("the second says all that the first had to say: {mails:?}") };
    let (head, text) = read_mail(mail);
    assert_eq!(head, "指尖办理：您有2项待办审批", "spaces between coded words are not part of them");
    assert!(text.contains("您有 2 项待办审批"), "{text}");
    assert!(text.contains("https://fingertip.court.example/approvals\r\n") || text.contains("/approvals\n"), "{text}");
    let subject = tell(&app, &[HEAD], NoticeKind::Urged).await;
    deliver(&app).await;
    let (_, only) = read_mail(&mailbox.take()[0]);
    assert!(only.contains(&format!("https://fingertip.court.example/approvals/{subject}?decide")), "{only}");
    for telling in ["王庭长", "假2026", "TESTING", "leave"] {
        assert!(!head.contains(telling) && !text.contains(telling), "{telling} is nobody's business: {text}");
    }
    let lines = log(&app).await;
    let states: Vec<DeliveryState> = lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [DeliveryState::Unneeded, DeliveryState::Sent, DeliveryState::Sent]);
    assert!(mail.contains("To: wang@court.example") && mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert!(lines.iter().any(|line| mail.contains(&format!("Message-ID: <{}@court.example>", line.id))), "{mail}");
    assert!(mail.contains("Date: Mon, 23 Nov 2026 00:00:00 +0000"), "the server's own clock: {mail}");

    let admin = app.client_of(ADMIN).await;
    let problem = admin.post::<TestChannel>(ById { id }, Empty {}).await.expect_err("he gave no address");
    assert_eq!(problem.code, Code::WrongState);
    with_email(&app, ADMIN, "yang@court.example").await;
    let outcome = admin.post::<TestChannel>(ById { id }, Empty {}).await.expect("his to test");
    assert_eq!((outcome.delivered, outcome.detail), (true, None));
    assert!(mailbox.take()[0].contains("To: yang@court.example"));
}

async fn the_nearest_mail_server_writes_and_no_other(app: TestApp) {
    app.world().await;
    let (province, court) = (Mailbox::start().await, Mailbox::start().await);
    channel(&app, province.config()).await;
    let own = ChannelSettings { court_id: Some(app.officer(HEAD).await.court_id), ..everything("本院邮件") };
    let body = NewChannel { id: Uuid::new_v4(), settings: own, config: court.config() };
    app.client_of(ADMIN).await.send::<CreateChannel>(body).await.expect("the administrator may");
    with_email(&app, HEAD, "wang@court.example").await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    assert_eq!((province.take().len(), court.take().len()), (0, 1));
}

async fn a_mail_server_that_does_not_answer_keeps_no_other_channel_waiting(app: TestApp) {
    app.world().await;
    // It takes connections and never says a word.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let ChannelConfig::Smtp { host, security, username, password, from, .. } = Mailbox::start().await.config() else {
        panic!("it is a mail server")
    };
    let port = silent.local_addr().unwrap().port();
    channel(&app, ChannelConfig::Smtp { host, port, security, username, password, from }).await;
    with_email(&app, HEAD, "wang@court.example").await;
    for kind in NoticeKind::ALL.iter().chain(NoticeKind::ALL).chain(NoticeKind::ALL) {
        tell(&app, &[HEAD], *kind).await;
    }
    let robot = Peer::start().await;
    channel(&app, ChannelConfig::Wecom { url: robot.origin() }).await;
    tell(&app, &[CLERK], NoticeKind::Decided).await;
    let arrived = async {
        while robot.take().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = deliver(&app) => panic!("the robot was reached after the mails were given up, or never"),
        () = arrived => {}
    }
}

async fn two_tabs_that_subscribe_at_once_are_one_browser(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, push_config(&peer)).await;
    let head = app.client_of(HEAD).await;
    let tab = || NewPushSubscription {
        id: Uuid::new_v4(),
        ..Browser::new(&format!("{}/push/abc", peer.origin())).subscription
    };
    let tabs: Vec<NewPushSubscription> = std::iter::repeat_with(tab).take(8).collect();
    let answers = join_all(tabs.into_iter().map(|tab| head.send::<CreatePushSubscription>(tab))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(subscriptions(&app).await, 1);
}

async fn a_mailbox_that_does_not_exist_is_given_up_at_once(app: TestApp) {
    app.world().await;
    let mailbox = Mailbox::start().await;
    channel(&app, mailbox.config()).await;
    with_email(&app, HEAD, "nobody@court.example").await;
    with_email(&app, CLERK, "zhou@court.example").await;
    tell(&app, &[HEAD, CLERK], NoticeKind::Commented).await;
    deliver(&app).await;
    assert_eq!(mailbox.take().len(), 1, "one bad address does not hold back another's mail");
    let lines = log(&app).await;
    let refused = lines.iter().find(|line| line.officer == HEAD).unwrap();
    assert_eq!((refused.state, refused.tries), (DeliveryState::Dead, 1));
    let why = refused.last_error.as_deref().unwrap_or_default();
    assert!(why.starts_with("邮件服务器拒绝") && !why.contains("court.example"), "{why}");

    // A server that refuses everybody can be mended: the mail waits for that.
    with_email(&app, CLERK, "relay@court.example").await;
    tell(&app, &[CLERK], NoticeKind::Decided).await;
    deliver(&app).await;
    let lines = log(&app).await;
    assert_eq!(lines.last().map(|line| (line.state, line.tries)), Some((DeliveryState::Waiting, 1)));
}

async fn a_mail_server_without_tls_gets_nothing_when_tls_is_asked_for(app: TestApp) {
    app.world().await;
    let mailbox = Mailbox::start().await;
    let ChannelConfig::Smtp { host, port, from, .. } = mailbox.config() else { panic!("it is a mail server") };
    let (username, password) = ("fingertip".to_owned(), "a password".to_owned());
    let security = SmtpSecurity::Starttls;
    channel(&app, ChannelConfig::Smtp { host, port, security, username, password, from }).await;
    with_email(&app, HEAD, "wang@court.example").await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let line = log(&app).await.remove(0);
    assert_eq!((mailbox.take().len(), line.state), (0, DeliveryState::Waiting), "{:?}", line.last_error);
}

async fn quiet_hours_postpone_what_is_personal(app: TestApp) {
    app.world().await;
    let mailbox = Mailbox::start().await;
    channel(&app, mailbox.config()).await;
    let settings = NoticeSettings {
        muted: Vec::new(),
        quiet: Some(QuietHours { from: 21 * 60, to: 7 * 60 + 30 }),
        email: Some("wang@court.example".to_owned()),
    };
    set(&app.client_of(HEAD).await, settings).await.expect("valid");
    app.clock.set(at(TestApp::DAY, 22, 0));
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    app.clock.set(at("2026-11-24", 3, 0));
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    assert!(mailbox.take().is_empty());
    let lines = log(&app).await;
    let morning = at("2026-11-24", 7, 30);
    assert!(lines.iter().all(|line| (line.state, line.tries, line.due_at) == (DeliveryState::Waiting, 0, morning)));
    app.clock.set(morning);
    deliver(&app).await;
    assert_eq!(mailbox.take().len(), 1, "one mail for the night");
}

async fn what_was_read_meanwhile_is_not_sent_any_more(app: TestApp) {
    app.world().await;
    let mailbox = Mailbox::start().await;
    let peer = Peer::start().await;
    channel(&app, mailbox.config()).await;
    channel(&app, ChannelConfig::Wecom { url: peer.origin() }).await;
    let head = with_email(&app, HEAD, "wang@court.example").await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    head.send::<MarkAllNoticesRead>(ReadThrough { through: 1 }).await.expect("his own");
    deliver(&app).await;
    assert_eq!((mailbox.take().len(), peer.take().len()), (0, 1), "a group may still need it");
    let states: Vec<DeliveryState> = log(&app).await.into_iter().map(|line| line.state).collect();
    assert!(states.contains(&DeliveryState::Unneeded) && states.contains(&DeliveryState::Sent), "{states:?}");
}

/// A browser that subscribed.
struct Browser {
    key: SecretKey,
    auth: [u8; 16],
    subscription: NewPushSubscription,
}

impl Browser {
    fn new(endpoint: &str) -> Self {
        let key = SecretKey::from_slice(&[7; 32]).unwrap();
        let auth = [9; 16];
        let subscription = NewPushSubscription {
            id: Uuid::new_v4(),
            endpoint: endpoint.to_owned(),
            p256dh: BASE64URL_NOPAD.encode(key.public_key().to_encoded_point(false).as_bytes()),
            auth: BASE64URL_NOPAD.encode(&auth),
        };
        Self { key, auth, subscription }
    }

    fn decrypt(&self, body: &[u8]) -> serde_json::Value {
        let plain = web_push_native::decrypt(body.to_vec(), &self.key, &Auth::from(self.auth)).expect("meant for it");
        serde_json::from_slice(&plain).unwrap()
    }
}

fn push_config(peer: &Peer) -> ChannelConfig {
    ChannelConfig::WebPush { contact: "mailto:it@court.example".to_owned(), services: vec![peer.origin()] }
}

async fn key_of(client: &Client) -> Option<String> {
    client.get::<GetPushKey>(Empty {}).await.expect("everybody may").key
}

async fn a_push_is_encrypted_for_the_browser_and_signed_by_the_server(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    let head = app.client_of(HEAD).await;
    let browser = Browser::new(&format!("{}/push/abc", peer.origin()));
    assert_eq!(key_of(&head).await, None, "push is off");
    let problem = head.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect_err("push is off");
    assert_eq!(problem.code, Code::WrongState);

    channel(&app, push_config(&peer)).await;
    let key = key_of(&head).await.expect("push is on");
    assert_eq!(key_of(&app.replica().await.client_of(HEAD).await).await.as_deref(), Some(key.as_str()));
    let first = head.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect("subscribed");
    let again = head.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect("the same again");
    assert_eq!(first, again);
    let stored = push_subscription::Entity::find().one(app.state.database.read()).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&stored.sealed).contains("/push/abc"), "the endpoint is a key of its own");

    let subject = tell(&app, &[HEAD], NoticeKind::Urged).await;
    peer.reply([Reply::status(201)]);
    deliver(&app).await;
    let arrived = peer.take();
    assert_eq!(arrived.len(), 1);
    let one = &arrived[0];
    assert_eq!((one.method.as_str(), one.path.as_str()), ("POST", "/push/abc"));
    assert_eq!(
        (one.header("content-encoding"), one.header("ttl"), one.header("topic")),
        ("aes128gcm", "43200", "urged")
    );
    let text = serde_json::json!({ "kind": "urged", "text": "您有 1 项审批被催办", "link": format!("/approvals/{subject}?decide") });
    assert_eq!(browser.decrypt(&one.body), text);

    // RFC 8292: the token names the push service and us, under the key that the browser was given.
    let (token, named) =
        one.header("authorization").strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).unwrap();
    assert_eq!(named, key);
    let point = BASE64URL_NOPAD.decode(key.as_bytes()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.set_audience(&[peer.origin()]);
    let claims = jsonwebtoken::decode::<serde_json::Value>(token, &DecodingKey::from_ec_der(&point), &validation);
    let claims = claims.expect("signed with that key").claims;
    assert_eq!(claims["sub"], "mailto:it@court.example");
    assert_eq!(claims["exp"], app.now().millis() / 1000 + 12 * 3600);
}

async fn subscribed(app: &TestApp, peer: &Peer) -> (Client, Browser) {
    channel(app, push_config(peer)).await;
    let head = app.client_of(HEAD).await;
    let browser = Browser::new(&format!("{}/push/abc", peer.origin()));
    head.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect("subscribed");
    (head, browser)
}

async fn subscriptions(app: &TestApp) -> u64 {
    push_subscription::Entity::find().count(app.state.database.read()).await.unwrap()
}

async fn a_browser_that_unsubscribed_is_forgotten(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    let (head, browser) = subscribed(&app, &peer).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    peer.reply([Reply::status(410)]);
    deliver(&app).await;
    assert_eq!((log(&app).await[0].state, subscriptions(&app).await), (DeliveryState::Unneeded, 0));
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    assert_eq!(log(&app).await.len(), 1, "there is nobody to push to");

    head.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect("subscribed again");
    let path = ById { id: browser.subscription.id };
    let clerk = app.client_of(CLERK).await;
    let problem = clerk.post::<DeletePushSubscription>(path, Empty {}).await.expect_err("not his");
    assert_eq!(problem.code, Code::NotFound);
    head.post::<DeletePushSubscription>(path, Empty {}).await.expect("his own");
    assert_eq!(subscriptions(&app).await, 0);
}

async fn a_browser_that_is_signed_out_hears_nothing(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    let (head, browser) = subscribed(&app, &peer).await;
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    head.call::<app::account::api::EndSession>(Empty {}, Empty {}, Empty {}).await.expect("signed out");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let lines = log(&app).await;
    assert_eq!((peer.take().len(), lines.len(), lines[0].state), (0, 1, DeliveryState::Unneeded));

    // Once the officer has signed in anew, the same browser goes on under the id that it remembers.
    let head = app.client_of(HEAD).await;
    head.send::<CreatePushSubscription>(browser.subscription).await.expect("subscribed again");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    assert_eq!((peer.take().len(), subscriptions(&app).await), (1, 1));
}

async fn only_push_services_that_the_administrator_named_are_asked(app: TestApp) {
    app.world().await;
    let (peer, inside) = (Peer::start().await, Peer::start().await);
    let (head, _) = subscribed(&app, &peer).await;
    for endpoint in
        [format!("{}/push", inside.origin()), "https://fcm.googleapis.com/x".to_owned(), "nonsense".to_owned()]
    {
        let problem = head.send::<CreatePushSubscription>(Browser::new(&endpoint).subscription).await;
        let problem = problem.expect_err("an officer does not choose where the server goes");
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("endpoint")), "{endpoint}");
    }
    let mut broken = Browser::new(&format!("{}/push/x", peer.origin())).subscription;
    broken.p256dh = "AAAA".to_owned();
    let problem = head.send::<CreatePushSubscription>(broken).await.expect_err("no point of the curve");
    assert_eq!(problem.field.as_deref(), Some("p256dh"));
}

async fn a_browser_belongs_to_who_signed_in_last(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    let (_, browser) = subscribed(&app, &peer).await;
    let clerk = app.client_of(CLERK).await;
    let taken = clerk.send::<CreatePushSubscription>(browser.subscription.clone()).await.expect_err("another's id");
    assert_eq!(taken.code, Code::IdReused);
    let own = NewPushSubscription { id: Uuid::new_v4(), ..browser.subscription };
    clerk.send::<CreatePushSubscription>(own).await.expect("the same browser, another account");
    tell(&app, &[HEAD, CLERK], NoticeKind::Copied).await;
    let lines = log(&app).await;
    assert_eq!(lines.iter().map(|line| line.officer.as_str()).collect::<Vec<_>>(), [CLERK]);
}
