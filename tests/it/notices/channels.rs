//! The channels as administrators set them up.

use app::api::{ById, Code, Empty, Problem};
use app::notice::api::{
    ChangeChannel, Channel, ChannelConfig, ChannelSettings, CreateChannel, DeleteChannel, ListChannels, ListDeliveries,
    NewChannel, ReplaceChannel, RetryDelivery, SmtpSecurity, TestChannel,
};
use app::notice::rules::{ChannelKind, DeliveryState, NoticeKind};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use server::entity::channel;
use tests::world::{ADMIN, BASIC_HR, HEAD};
use tests::{Client, Peer, Reply, TestApp, on_both};
use uuid::Uuid;

use super::{audited, deliver, everything, log, tell};

on_both!(
    a_channel_keeps_its_keys_to_itself,
    a_repeat_in_the_same_instant_makes_one_channel,
    what_cannot_work_is_refused,
    two_administrators_do_not_undo_each_other,
    a_channel_that_is_off_sends_nothing_and_one_that_is_gone_gives_up,
    an_administrator_of_a_court_looks_after_its_channels_only,
    a_test_says_what_is_wrong,
    a_channel_whose_keys_cannot_be_opened_does_not_stand_for_ever,
);

fn webhook(url: &str) -> ChannelConfig {
    ChannelConfig::Webhook { url: url.to_owned(), secret: "a very secret secret".to_owned() }
}

fn new(settings: ChannelSettings, config: ChannelConfig) -> NewChannel {
    NewChannel { id: Uuid::new_v4(), settings, config }
}

async fn create(client: &Client, body: NewChannel) -> Result<Channel, Problem> {
    client.send::<CreateChannel>(body).await
}

async fn change(client: &Client, id: Uuid, body: ReplaceChannel) -> Result<Channel, Problem> {
    client.call::<ChangeChannel>(ById { id }, Empty {}, body).await
}

async fn channels(client: &Client) -> Vec<Channel> {
    client.get::<ListChannels>(Empty {}).await.expect("his to see").items
}

async fn a_channel_keeps_its_keys_to_itself(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let body = new(everything("办公系统"), webhook("https://oa.court.example/hooks?key=do-not-show"));
    let answer = admin.raw::<CreateChannel>(&Empty {}, &Empty {}, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.text().contains("secret") && !answer.text().contains("do-not-show"), "{}", answer.text());
    let made = channels(&admin).await.remove(0);
    assert_eq!((made.kind, made.version, made.target.as_str()), (ChannelKind::Webhook, 1, "oa.court.example"));
    assert_eq!(made.settings, everything("办公系统"));
    let stored = channel::Entity::find_by_id(body.id).one(app.state.database.read()).await.unwrap().unwrap();
    let sealed = String::from_utf8_lossy(&stored.config).into_owned();
    assert!(!sealed.contains("secret") && !sealed.contains("do-not-show"));

    assert_eq!(create(&admin, body.clone()).await.expect("the same again"), made);
    let other = NewChannel { config: webhook("https://other.court.example/"), ..body.clone() };
    assert_eq!(create(&admin, other).await.expect_err("the id is taken").code, Code::IdReused);
    assert_eq!(audited(&app, "channel.create").await, 1);

    let renamed = ReplaceChannel { version: 1, settings: everything("办公系统（新）"), config: None };
    let changed = change(&admin, made.id, renamed).await.expect("his to change");
    assert_eq!((changed.version, changed.target.as_str()), (2, "oa.court.example"), "the keys stay as they are");
}

async fn a_repeat_in_the_same_instant_makes_one_channel(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let body = new(everything("办公系统"), webhook("https://oa.court.example/hooks"));
    let answers = join_all((0..8).map(|_| create(&admin, body.clone()))).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|made| made.id == body.id)), "{answers:?}");
    assert_eq!((channels(&admin).await.len(), audited(&app, "channel.create").await), (1, 1));
}

async fn what_cannot_work_is_refused(app: TestApp) {
    let world = app.world().await;
    let admin = app.client_of(ADMIN).await;
    let smtp = |security, username: &str, from: &str| ChannelConfig::Smtp {
        host: "mail.court.example".to_owned(),
        port: 25,
        security,
        username: username.to_owned(),
        password: username.to_owned(),
        from: from.to_owned(),
    };
    let push = |contact: &str, services: &[&str]| ChannelConfig::WebPush {
        contact: contact.to_owned(),
        services: services.iter().map(|service| (*service).to_owned()).collect(),
    };
    let short = ChannelConfig::Webhook { url: "https://oa.court.example".to_owned(), secret: "short".to_owned() };
    for (field, config) in [
        ("config.url", webhook("oa.court.example")),
        ("config.url", webhook("http://169.254.169.254/latest/meta-data/")),
        ("config.secret", short),
        ("config.url", ChannelConfig::Wecom { url: "ftp://x/".to_owned() }),
        ("config.secret", ChannelConfig::Feishu { url: "https://open.feishu.cn/x".to_owned(), secret: String::new() }),
        ("config.security", smtp(SmtpSecurity::None, "user", "a@court.example")),
        ("config.from", smtp(SmtpSecurity::Tls, "", "a court")),
        ("config.contact", push("it@court.example", &[])),
        ("config.services", push("mailto:it@court.example", &["https://push.example/path"])),
    ] {
        let problem = create(&admin, new(everything("通道"), config)).await.expect_err("cannot work");
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some(field)));
    }
    let good = || webhook("https://oa.court.example/");
    for (field, settings) in [
        ("settings.name", everything(" ")),
        ("settings.kinds", ChannelSettings { kinds: Vec::new(), ..everything("通道") }),
        (
            "settings.department_id",
            ChannelSettings { court_id: Some(world.basic), department_id: Some(world.civil), ..everything("通道") },
        ),
    ] {
        let problem = create(&admin, new(settings, good())).await.expect_err("cannot work");
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some(field)));
    }
    let nowhere = ChannelSettings { court_id: Some(Uuid::new_v4()), ..everything("通道") };
    assert_eq!(create(&admin, new(nowhere, good())).await.expect_err("no such court").code, Code::NotFound);
    assert!(channels(&admin).await.is_empty());
}

async fn two_administrators_do_not_undo_each_other(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let made = create(&admin, new(everything("通道"), webhook("https://oa.court.example/"))).await.expect("made");
    let body = |name: &str| ReplaceChannel { version: 1, settings: everything(name), config: None };
    change(&admin, made.id, body("甲")).await.expect("the first");
    let problem = change(&admin, made.id, body("乙")).await.expect_err("the second");
    assert_eq!(problem.code, Code::StaleVersion);
    assert_eq!(problem.current.expect("the state that won")["settings"]["name"], "甲");
    let robot = ChannelConfig::Wecom { url: "https://qyapi.weixin.qq.com/".to_owned() };
    let body = ReplaceChannel { version: 2, settings: everything("甲"), config: Some(robot) };
    let problem = change(&admin, made.id, body).await.expect_err("another kind is another channel");
    assert_eq!(problem.field.as_deref(), Some("config.kind"));
}

async fn a_channel_that_is_off_sends_nothing_and_one_that_is_gone_gives_up(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let peer = Peer::start().await;
    let made = create(&admin, new(everything("通道"), webhook(&peer.origin()))).await.expect("made");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let off = ChannelSettings { enabled: false, ..everything("通道") };
    change(&admin, made.id, ReplaceChannel { version: 1, settings: off, config: None }).await.expect("his to change");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    assert_eq!((peer.take().len(), log(&app).await.len()), (0, 1), "what is told while it is off is not carried");
    let on = ReplaceChannel { version: 2, settings: everything("通道"), config: None };
    assert_eq!(change(&admin, made.id, on).await.expect("his to change").waiting, 1);
    peer.reply([Reply::status(500)]);
    deliver(&app).await;
    assert_eq!(peer.take().len(), 1, "what waited goes out");

    admin.post::<DeleteChannel>(ById { id: made.id }, Empty {}).await.expect("his to take away");
    assert!(channels(&admin).await.is_empty());
    let line = log(&app).await.remove(0);
    assert_eq!((line.state, line.last_error.as_deref()), (DeliveryState::Dead, Some("通道已删除")));
    let stored = channel::Entity::find_by_id(made.id).one(app.state.database.read()).await.unwrap().unwrap();
    assert!(stored.config.is_empty(), "the keys are gone");
    let problem = admin.post::<RetryDelivery>(ById { id: line.id }, Empty {}).await.expect_err("nowhere to go");
    assert_eq!(problem.code, Code::WrongState);
    let problem = admin.post::<DeleteChannel>(ById { id: made.id }, Empty {}).await.expect_err("gone");
    assert_eq!(problem.code, Code::NotFound);
}

async fn an_administrator_of_a_court_looks_after_its_channels_only(app: TestApp) {
    let world = app.world().await;
    app.give_role(BASIC_HR, "admin", Some(world.basic)).await;
    let (province, local) = (app.client_of(ADMIN).await, app.client_of(BASIC_HR).await);
    let good = || webhook("http://127.0.0.1:1/");
    let all = create(&province, new(everything("全省"), good())).await.expect("made");
    let at = |court| ChannelSettings { court_id: Some(court), ..everything("本院") };
    assert_eq!(create(&local, new(everything("全省"), good())).await.expect_err("not his").code, Code::NotFound);
    assert_eq!(create(&local, new(at(world.court), good())).await.expect_err("not his").code, Code::NotFound);
    let own = create(&local, new(at(world.basic), good())).await.expect("his own court");
    assert_eq!(channels(&local).await.iter().map(|channel| channel.id).collect::<Vec<_>>(), [own.id]);
    assert_eq!(channels(&province).await.len(), 2);
    let widened = ReplaceChannel { version: 1, settings: everything("本院"), config: None };
    assert_eq!(change(&local, own.id, widened).await.expect_err("not his to widen").code, Code::NotFound);
    assert_eq!(
        local.post::<TestChannel>(ById { id: all.id }, Empty {}).await.expect_err("not his").code,
        Code::NotFound
    );

    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    let foreign = log(&app).await.remove(0);
    let page = local.call::<ListDeliveries>(Empty {}, Default::default(), Empty {}).await.expect("his own");
    assert!(page.items.is_empty(), "the log of another's channel");
    let problem = local.post::<RetryDelivery>(ById { id: foreign.id }, Empty {}).await.expect_err("not his");
    assert_eq!(problem.code, Code::NotFound);
}

async fn a_test_says_what_is_wrong(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let peer = Peer::start().await;
    let made = create(&admin, new(everything("通道"), webhook(&peer.origin()))).await.expect("made");
    let test = || async { admin.post::<TestChannel>(ById { id: made.id }, Empty {}).await.expect("his to test") };
    let outcome = test().await;
    assert_eq!((outcome.delivered, outcome.detail), (true, None));
    assert_eq!(peer.take()[0].json()["kind"], "test");
    peer.reply([Reply::status(401)]);
    let outcome = test().await;
    assert_eq!((outcome.delivered, outcome.detail.as_deref()), (false, Some("对方答复 HTTP 401")));
    drop(peer);
    let outcome = test().await;
    assert!(
        !outcome.delivered && outcome.detail.as_deref().is_some_and(|why| why.starts_with("连接失败")),
        "{outcome:?}"
    );
    assert!(log(&app).await.is_empty(), "a test is no delivery");
    assert_eq!(audited(&app, "channel.test").await, 3);
}

async fn a_channel_whose_keys_cannot_be_opened_does_not_stand_for_ever(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let made = create(&admin, new(everything("通道"), webhook("http://127.0.0.1:1/"))).await.expect("made");
    let damage = channel::ActiveModel { id: Set(made.id), config: Set(vec![1, 2, 3]), ..Default::default() };
    damage.update(app.state.database.write()).await.unwrap();
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let line = log(&app).await.remove(0);
    assert_eq!((line.state, line.tries), (DeliveryState::Waiting, 1));
    assert_eq!(line.last_error.as_deref(), Some("系统内部错误，详见服务器日志"), "the reason is in the server's log");
    app.pass(2 * 24 * 3600);
    deliver(&app).await;
    assert_eq!(log(&app).await[0].state, DeliveryState::Dead);
}
