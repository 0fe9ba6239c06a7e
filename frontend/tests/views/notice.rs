//! Notices: the list, the settings with push, the channels and what went out over them.

use app::api::{Code, Page, Problem};
use app::notice::api::{Channel, ChannelSettings, Delivery, Notice, NoticeSettings, TestOutcome};
use app::notice::rules::{ChannelKind, DeliveryState, NoticeKind, QuietHours};
use frontend::i18n::Locale;
use frontend::kit::{Tab, Unread};
use frontend::notice::channel_form::{ChannelForm, ConfigForm, config_fields, kind_choice, settings_fields};
use frontend::notice::channels_view::{ChannelActions, ChannelTab, ChannelsNow, Tested, channels, tabs};
use frontend::notice::deliveries_view::{DeliveryFilter, deliveries, filters};
use frontend::notice::settings_view::{PushState, SettingsActions, SettingsForm, push, settings};
use frontend::notice::shown::Shown;
use frontend::notice::view::{ListActions, head, notices};
use frontend::notice::words::sentence;
use leptos::prelude::*;
use uuid::Uuid;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn notice(position: i64, kind: NoticeKind, actor: Option<&str>, read: bool) -> Notice {
    let number = u128::from(position.unsigned_abs());
    Notice {
        id: facts::id(number),
        position,
        kind,
        subject_kind: "leave".to_owned(),
        subject_id: facts::id(number + 100),
        number: format!("假2026-{number:06}"),
        actor: actor.map(str::to_owned),
        link: format!("/approvals/{}", facts::id(number + 100)),
        at: facts::at(21, 9, 0),
        read,
    }
}

fn actions() -> ListActions {
    ListActions { open: nothing(), more: nothing() }
}

fn now() -> Signal<app::day::Timestamp> {
    RwSignal::new(facts::at(21, 10, 0)).into()
}

fn three_days() -> Shown {
    let at = |day: u8, hour: i32, minute: i32, notice: Notice| Notice { at: facts::at(day, hour, minute), ..notice };
    let items = vec![
        at(21, 9, 55, notice(9, NoticeKind::TaskWaiting, Some("王晓燕"), false)),
        at(21, 8, 30, notice(8, NoticeKind::Urged, Some("刘洋"), true)),
        at(20, 17, 2, notice(7, NoticeKind::SentBack, Some("周明远"), false)),
        at(18, 11, 0, notice(6, NoticeKind::Reminded, None, true)),
        at(17, 9, 0, notice(5, NoticeKind::Delegated, Some("陈海涛"), true)),
    ];
    Shown { items, next: Some("5".to_owned()), ..Shown::default() }
}

#[test]
fn notices_stand_by_day_and_say_who_and_what() {
    let html = draw("notices", || {
        provide_context(Unread(RwSignal::new(2).into()));
        let list = view! {
            {head(ZH, RwSignal::new(false).into(), RwSignal::new(2u64).into(), false.into(), nothing())}
            {notices(facts::words(), now(), &three_days(), false, actions())}
        };
        in_frame("消息", Tab::Home, list.into_any())
    });
    for text in ["今天", "昨天", "更早", "王晓燕 提交的 假2026-000009 待您审批", "5 分钟前", "17:02", "11月18日 11:00"]
    {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.contains("消息，2 条未读") && html.contains("全部已读") && html.contains("加载更多"));
    assert_eq!(html.matches("notice-dot").count(), 2, "a dot for each that is not read");
    insta::assert_snapshot!(html);
}

#[test]
fn without_unread_ones_there_is_nothing_to_mark() {
    let html = draw("notices_head", || {
        head(ZH, RwSignal::new(true).into(), RwSignal::new(0u64).into(), false.into(), nothing())
    });
    assert!(html.contains("没有未读消息") && !html.contains("全部已读"));
}

#[test]
fn an_empty_list_says_what_would_stand_there() {
    let html = draw("notices_empty", || {
        let empty = Shown::default();
        view! {
            {notices(facts::words(), now(), &empty, false, actions())}
            {notices(facts::words(), now(), &empty, true, actions())}
        }
        .into_any()
    });
    assert!(html.contains("还没有消息") && html.contains("查看全部消息"));
    insta::assert_snapshot!(html);
}

#[test]
fn every_kind_has_its_sentence_with_and_without_somebody() {
    let mut told = Vec::new();
    for locale in [Locale::zh_CN, Locale::en] {
        for kind in NoticeKind::ALL {
            told.push(sentence(locale, &notice(1, *kind, Some("张三"), false)));
            told.push(sentence(locale, &notice(1, *kind, None, false)));
        }
        let nameless = Notice { number: String::new(), ..notice(1, NoticeKind::TaskWaiting, None, false) };
        told.push(sentence(locale, &nameless));
    }
    insta::assert_snapshot!(told.join("\n"));
}

fn switches() -> NoticeSettings {
    NoticeSettings {
        muted: vec![NoticeKind::Copied, NoticeKind::Commented],
        quiet: Some(QuietHours { from: 22 * 60, to: 7 * 60 }),
        email: Some("zhou@court.example".to_owned()),
    }
}

fn settings_page(stored: &NoticeSettings, state: PushState) -> AnyView {
    let actions = SettingsActions { switch_kind: nothing(), switch_quiet: nothing(), save_email: nothing() };
    let push = push(ZH, RwSignal::new(state).into(), false.into(), nothing());
    in_frame("通知设置", Tab::Me, settings(ZH, SettingsForm::of(stored), push, actions))
}

#[test]
fn the_settings_show_switches_hours_and_address() {
    let html = draw("notice_settings", || settings_page(&switches(), PushState::On));
    assert!(html.contains("每天 22:00 至次日 07:00"));
    assert_eq!(html.matches(r#"aria-checked="false""#).count(), 2, "two kinds are switched off");
    insta::assert_snapshot!(html);
    let html = draw("notice_settings_new", || settings_page(&NoticeSettings::default(), PushState::Off));
    assert!(!html.contains("quiet-from"), "no hours while there are none");
}

#[test]
fn push_says_why_there_is_no_switch_and_what_to_do() {
    let states = [
        PushState::Asking,
        PushState::SwitchedOff,
        PushState::Insecure,
        PushState::Unsupported,
        PushState::Denied,
        PushState::Off,
        PushState::On,
    ];
    let html = draw("notice_push", || {
        let cards = states.map(|state| push(ZH, RwSignal::new(state).into(), false.into(), nothing()));
        view! { <div class="stack">{cards.into_iter().collect_view()}</div> }.into_any()
    });
    assert_eq!(html.matches(r#"role="switch""#).count(), 2, "only where a press can do something");
    insta::assert_snapshot!(html);
}

fn channel(number: u128, kind: ChannelKind, settings: ChannelSettings) -> Channel {
    let target = "oa.court.example".to_owned();
    Channel { id: facts::id(number), version: 1, kind, settings, target, waiting: 0, dead: 0 }
}

fn carries(name: &str, kinds: &[NoticeKind]) -> ChannelSettings {
    ChannelSettings {
        name: name.to_owned(),
        enabled: true,
        court_id: None,
        department_id: None,
        kinds: kinds.to_vec(),
        quiet: None,
    }
}

fn some_channels() -> Vec<Channel> {
    let group = ChannelSettings {
        court_id: Some(facts::id(50)),
        department_id: Some(facts::id(51)),
        quiet: Some(QuietHours { from: 22 * 60, to: 7 * 60 }),
        ..carries("民一庭群", &[NoticeKind::TaskWaiting, NoticeKind::Urged])
    };
    let off = ChannelSettings { enabled: false, ..carries("邮件", NoticeKind::ALL) };
    vec![
        Channel { waiting: 3, dead: 2, ..channel(1, ChannelKind::Webhook, carries("办公系统", NoticeKind::ALL)) },
        channel(2, ChannelKind::Dingtalk, group),
        channel(3, ChannelKind::Smtp, off),
    ]
}

fn channels_now(tested: Option<(Uuid, Option<Tested>)>) -> ChannelsNow {
    ChannelsNow {
        tested: RwSignal::new(tested).into(),
        court_name: Callback::new(|_| Some("江州市中级人民法院".to_owned())),
    }
}

#[test]
fn channels_show_where_they_lead_and_what_they_carry() {
    let actions = || ChannelActions { change: nothing(), replace_keys: nothing(), test: nothing(), delete: nothing() };
    let html = draw("channels", || {
        let delivered = TestOutcome { delivered: true, detail: None };
        let page = view! {
            {tabs(ZH, ChannelTab::Channels)}
            {channels(ZH, &some_channels(), channels_now(Some((facts::id(1), Some(Ok(delivered))))), actions())}
        };
        in_frame("通知通道", Tab::Me, page.into_any())
    });
    for text in ["未送达 2", "待发 3", "江州市中级人民法院，限一个部门", "待我审批、催办", "测试消息已送达", "已停用"]
    {
        assert!(html.contains(text), "{text}");
    }
    insta::assert_snapshot!(html);
    let drawn = |outcome: Tested| {
        let tested = Some((facts::id(2), Some(outcome)));
        draw("channels_tested", || channels(ZH, &some_channels(), channels_now(tested), actions()))
    };
    let failed = TestOutcome { delivered: false, detail: Some("对方答复 HTTP 500".to_owned()) };
    assert!(drawn(Ok(failed)).contains("没有送达：对方答复 HTTP 500"));
    let refused = Problem::new(Code::WrongState, "测试邮件发给您本人：请先在通知设置中填写您的邮箱");
    assert!(drawn(Err(refused)).contains("请先在通知设置中填写"));
    let html = draw("channels_none", || channels(ZH, &[], channels_now(None), actions()));
    assert!(html.contains("还没有通知通道"));
}

#[test]
fn each_kind_of_channel_asks_for_what_it_needs() {
    let html = draw("channel_forms", || {
        let forms = ChannelKind::ALL.iter().map(|kind| {
            let form = ConfigForm::default();
            form.clear(*kind);
            view! { <div class="stack">{kind_choice(ZH, form.kind)} {config_fields(ZH, form)}</div> }
        });
        view! { <div class="columns">{forms.collect_view()}</div> }.into_any()
    });
    assert_eq!(html.matches("保存后不再显示").count(), 5, "whatever has a key says that it goes in only");
    insta::assert_snapshot!(html);
}

#[test]
fn a_channel_for_a_group_has_hours_of_its_own() {
    let fields = |kind: ChannelKind| {
        draw("channel_settings", || {
            let form = ChannelForm::default();
            form.show(&some_channels()[1].settings);
            settings_fields(ZH, form, RwSignal::new(kind).into(), ().into_any())
        })
    };
    assert!(!fields(ChannelKind::WebPush).contains("quiet-from"), "on a personal channel the officer's hours count");
    insta::assert_snapshot!(fields(ChannelKind::Dingtalk));
}

#[test]
fn the_log_says_what_became_of_each_and_offers_another_try() {
    let delivery = |number: u128, state: DeliveryState, error: Option<&str>| Delivery {
        id: facts::id(number),
        channel_id: facts::id(1),
        channel: "办公系统".to_owned(),
        kind: NoticeKind::TaskWaiting,
        officer: "G0123".to_owned(),
        state,
        tries: 2,
        queued_at: facts::at(21, 9, 0),
        due_at: facts::at(21, 9, 30),
        done_at: (state != DeliveryState::Waiting).then(|| facts::at(21, 9, 5)),
        last_error: error.map(str::to_owned),
    };
    let items = vec![
        delivery(1, DeliveryState::Waiting, Some("10 秒内没有答复")),
        delivery(2, DeliveryState::Sent, None),
        delivery(3, DeliveryState::Dead, Some("对方答复 HTTP 500")),
        delivery(4, DeliveryState::Unneeded, Some("已读")),
    ];
    let filter = DeliveryFilter { channel: Some(facts::id(1)), state: None };
    let html = draw("deliveries", || {
        let page = Page { items, next: None };
        let log = view! { {filters(ZH, filter)} {deliveries(facts::words(), &page, false.into(), nothing())} };
        in_frame("通知通道", Tab::Me, log.into_any())
    });
    assert_eq!(html.matches("重新发送").count(), 1, "only what was given up");
    assert!(html.contains("09:30 后发送") && html.contains("查看全部通道"));
    insta::assert_snapshot!(html);
}
