//! Group robots: what each of the three wants to hear, and how it refuses.

use app::api::{ById, Empty};
use app::notice::api::{ChangeChannel, ChannelConfig, ChannelSettings, CreateChannel, NewChannel, ReplaceChannel};
use app::notice::rules::{DeliveryState, NoticeKind, QuietHours};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use tests::world::{ADMIN, BASIC_CLERK, CLERK, FOREIGN_CLERK, HEAD, OTHER_HEAD};
use tests::{Peer, Reply, TestApp, at, on_both};
use uuid::Uuid;

use super::{channel, deliver, everything, log, tell};

on_both!(
    each_robot_gets_what_its_maker_asks_for,
    a_robot_that_refuses_is_asked_again,
    a_robot_is_not_asked_faster_than_it_may_be,
    a_group_stays_silent_in_its_quiet_hours,
    a_group_hears_of_its_own_part_of_the_tree_only,
);

const SECRET: &str = "SEC0123456789";

fn signature(key: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    BASE64.encode(&mac.finalize().into_bytes())
}

async fn each_robot_gets_what_its_maker_asks_for(app: TestApp) {
    app.world().await;
    let app = app.configured(|config| config.origin = Some("https://fingertip.court.example/".to_owned())).await;
    let (wecom, dingtalk, feishu) = (Peer::start().await, Peer::start().await, Peer::start().await);
    let secret = SECRET.to_owned();
    channel(&app, ChannelConfig::Wecom { url: format!("{}/cgi-bin/webhook/send?key=k", wecom.origin()) }).await;
    let url = format!("{}/robot/send?access_token=t", dingtalk.origin());
    channel(&app, ChannelConfig::Dingtalk { url, secret: secret.clone() }).await;
    channel(&app, ChannelConfig::Feishu { url: format!("{}/open-apis/bot/v2/hook/h", feishu.origin()), secret }).await;
    let subject = tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;

    let text = format!(
        "指尖办理：有 1 项待办审批，请相关同志登录查看\nhttps://fingertip.court.example/approvals/{subject}?decide"
    );
    let arrived = wecom.take();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].path, "/cgi-bin/webhook/send?key=k");
    assert_eq!(arrived[0].json(), json!({ "msgtype": "text", "text": { "content": text } }));

    let arrived = dingtalk.take();
    let millis = app.now().millis();
    let expected = app::api::percent(&signature(SECRET, &format!("{millis}\n{SECRET}")));
    assert_eq!(arrived[0].path, format!("/robot/send?access_token=t&timestamp={millis}&sign={expected}"));
    assert_eq!(arrived[0].json(), json!({ "msgtype": "text", "text": { "content": text } }));

    let arrived = feishu.take();
    let seconds = (millis / 1000).to_string();
    let expected = signature(&format!("{seconds}\n{SECRET}"), "");
    assert_eq!(
        arrived[0].json(),
        json!({ "timestamp": seconds, "sign": expected, "msg_type": "text", "content": { "text": text } })
    );
    assert!(log(&app).await.iter().all(|line| line.state == DeliveryState::Sent));
}

async fn a_robot_that_refuses_is_asked_again(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, ChannelConfig::Wecom { url: peer.origin() }).await;
    tell(&app, &[HEAD], NoticeKind::Urged).await;
    // It says no with 200.
    peer.reply([Reply::status(200).with_body(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#)]);
    deliver(&app).await;
    let line = log(&app).await.remove(0);
    assert_eq!((line.state, line.tries), (DeliveryState::Waiting, 1));
    assert_eq!(line.last_error.as_deref(), Some("机器人拒绝（45009）：api freq out of limit"));
    app.pass(15);
    deliver(&app).await;
    assert_eq!((peer.take().len(), log(&app).await[0].state), (2, DeliveryState::Sent));
}

async fn a_robot_is_not_asked_faster_than_it_may_be(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    channel(&app, ChannelConfig::Dingtalk { url: peer.origin(), secret: SECRET.to_owned() }).await;
    for _ in 0..3 {
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    }
    for _ in 0..3 {
        deliver(&app).await;
        assert_eq!(peer.take().len(), 1, "20 messages a minute, and one is out");
        app.pass(2);
        deliver(&app).await;
        assert_eq!(peer.take().len(), 0);
        app.pass(1);
    }
}

async fn a_group_stays_silent_in_its_quiet_hours(app: TestApp) {
    app.world().await;
    let peer = Peer::start().await;
    let id = channel(&app, ChannelConfig::Wecom { url: peer.origin() }).await;
    let settings =
        ChannelSettings { quiet: Some(QuietHours { from: 20 * 60, to: 8 * 60 }), ..everything("夜间静默") };
    let body = ReplaceChannel { version: 1, settings, config: None };
    let admin = app.client_of(ADMIN).await;
    admin.call::<ChangeChannel>(ById { id }, Empty {}, body).await.expect("his to change");
    app.clock.set(at(TestApp::DAY, 23, 0));
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    deliver(&app).await;
    let line = log(&app).await.remove(0);
    assert_eq!((line.state, line.tries, line.due_at), (DeliveryState::Waiting, 0, at("2026-11-24", 8, 0)));
    app.clock.set(at("2026-11-24", 8, 0));
    deliver(&app).await;
    assert_eq!(peer.take().len(), 1);
}

async fn a_group_hears_of_its_own_part_of_the_tree_only(app: TestApp) {
    let world = app.world().await;
    let admin = app.client_of(ADMIN).await;
    let parts =
        [("全省", None, None), ("中院", Some(world.court), None), ("民一庭", Some(world.court), Some(world.civil))];
    for (name, court_id, department_id) in parts {
        let body = NewChannel {
            id: Uuid::new_v4(),
            settings: ChannelSettings {
                court_id,
                department_id,
                kinds: vec![NoticeKind::TaskWaiting],
                ..everything(name)
            },
            config: ChannelConfig::Wecom { url: "http://127.0.0.1:1/".to_owned() },
        };
        admin.send::<CreateChannel>(body).await.expect("the administrator may");
    }
    let mut expected = Vec::new();
    for (officer, groups) in [
        (CLERK, &["全省", "中院", "民一庭"][..]),
        (OTHER_HEAD, &["全省", "中院"]),
        (BASIC_CLERK, &["全省", "中院"]),
        (FOREIGN_CLERK, &["全省"]),
    ] {
        tell(&app, &[officer], NoticeKind::TaskWaiting).await;
        tell(&app, &[officer], NoticeKind::Copied).await;
        expected.extend(groups.iter().map(|group| (officer.to_owned(), (*group).to_owned())));
    }
    let mut found: Vec<_> = log(&app).await.into_iter().map(|line| (line.officer, line.channel)).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
