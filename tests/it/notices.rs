//! Notices: written with their cause, read, switched off, watched live, carried out of the house.

mod approvals;
mod channels;
mod personal;
mod replicas;
mod robots;
mod watch;
mod webhook;

use app::api::{ById, Code, Empty, Problem};
use app::notice::api::{
    ChannelConfig, ChannelSettings, CreateChannel, Delivery, DeliveryQuery, GetNoticeSettings, ListDeliveries,
    ListNotices, MarkAllNoticesRead, MarkNoticeRead, NewChannel, NoticeQuery, NoticeSettings, Notices, ReadThrough,
    SetNoticeSettings,
};
use app::notice::rules::{News, NoticeKind, QuietHours};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::entity::{audit_entry, delivery, notice, notice_preference};
use server::error::Failure;
use server::events::Event;
use server::notice::{Subject, send};
use tests::world::{ADMIN, CLERK, COLLEAGUE, HEAD};
use tests::{Client, TestApp, on_both};
use uuid::Uuid;

on_both!(
    a_notice_is_written_with_its_cause_or_not_at_all,
    everybody_is_told_once,
    the_list_is_read_page_by_page,
    reading_is_for_ones_own_and_up_to_what_was_seen,
    senders_at_once_leave_no_gap,
    settings_are_checked_and_kept,
    a_muted_kind_stays_in_the_app,
    what_is_old_is_deleted_with_its_deliveries,
);

/// Tells officers something about one request, as the system.
async fn tell(app: &TestApp, officers: &[&str], kind: NoticeKind) -> Uuid {
    let subject = Uuid::new_v4();
    tell_about(app, officers, kind, subject).await.expect("a notice is written");
    subject
}

async fn tell_about(app: &TestApp, officers: &[&str], kind: NoticeKind, subject: Uuid) -> Result<(), Failure> {
    let actor = Some(app.officer(HEAD).await.id);
    let mut news = Vec::new();
    for officer in officers {
        news.push(News { officer: app.officer(officer).await.id, kind, actor });
    }
    let tx = app.state.database.begin().await?;
    send(&tx, &app.clock, Subject { kind: "leave", id: subject, number: "假2026-TESTING" }, news).await?;
    tx.commit().await?;
    Ok(())
}

async fn list(client: &Client, query: NoticeQuery) -> Notices {
    client.call::<ListNotices>(Empty {}, query, Empty {}).await.expect("one's own list")
}

async fn set(client: &Client, settings: NoticeSettings) -> Result<NoticeSettings, Problem> {
    client.send::<SetNoticeSettings>(settings).await
}

/// Settings of a channel for the whole province that carries everything.
fn everything(name: &str) -> ChannelSettings {
    ChannelSettings {
        name: name.to_owned(),
        enabled: true,
        court_id: None,
        department_id: None,
        kinds: NoticeKind::ALL.to_vec(),
        quiet: None,
    }
}

/// Sets a channel up that carries everything.
async fn channel(app: &TestApp, config: ChannelConfig) -> Uuid {
    let body = NewChannel { id: Uuid::new_v4(), settings: everything("测试通道"), config };
    app.client_of(ADMIN).await.send::<CreateChannel>(body).await.expect("the administrator may").id
}

/// Sends what is due, as a worker of this server.
async fn deliver(app: &TestApp) {
    server::notice::deliver::run(&app.state).await.expect("the database answers");
}

/// The log as the administrator sees it, oldest first.
async fn log(app: &TestApp) -> Vec<Delivery> {
    let query = DeliveryQuery { limit: Some(200), ..DeliveryQuery::default() };
    let page = app.client_of(ADMIN).await.call::<ListDeliveries>(Empty {}, query, Empty {}).await;
    page.expect("the administrator may").items.into_iter().rev().collect()
}

async fn audited(app: &TestApp, action: &str) -> u64 {
    let rows = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
    rows.count(app.state.database.read()).await.unwrap()
}

async fn a_notice_is_written_with_its_cause_or_not_at_all(app: TestApp) {
    app.world().await;
    channel(&app, ChannelConfig::Wecom { url: "http://127.0.0.1:1/".to_owned() }).await;
    let head = app.officer(HEAD).await.id;
    let subject = Subject { kind: "leave", id: Uuid::new_v4(), number: "假2026-TESTING" };
    let news = News { officer: head, kind: NoticeKind::TaskWaiting, actor: None };
    let mut events = app.state.events.watch();
    while events.try_recv().is_ok() {}

    let tx = app.state.database.begin().await.unwrap();
    send(&tx, &app.clock, subject, [news]).await.unwrap();
    tx.rollback().await.unwrap();
    let read = app.state.database.read();
    assert_eq!(notice::Entity::find().count(read).await.unwrap(), 0);
    assert_eq!(delivery::Entity::find().count(read).await.unwrap(), 0);
    let told = std::iter::from_fn(|| events.try_recv().ok());
    assert_eq!(told.filter(|event| *event == Event::Notices(head)).count(), 0, "nothing happened");

    let tx = app.state.database.begin().await.unwrap();
    send(&tx, &app.clock, subject, [news]).await.unwrap();
    assert!(events.try_recv().is_err(), "nobody hears of what may still be taken back");
    tx.commit().await.unwrap();
    assert_eq!(delivery::Entity::find().count(read).await.unwrap(), 1);
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).collect();
    assert!(told.contains(&Event::Notices(head)), "{told:?}");
    let page = list(&app.client_of(HEAD).await, NoticeQuery::default()).await;
    assert_eq!((page.unread, page.items.len()), (1, 1));
    let item = &page.items[0];
    assert_eq!(
        (item.position, item.kind, item.read),
        (1, NoticeKind::TaskWaiting, false),
        "the first try left no hole"
    );
    assert_eq!((item.subject_kind.as_str(), item.subject_id), ("leave", subject.id));
    assert_eq!(
        (item.link.as_str(), item.actor.as_deref()),
        (format!("/approvals/{}?decide", subject.id).as_str(), None)
    );
}

async fn everybody_is_told_once(app: TestApp) {
    app.world().await;
    tell(&app, &[HEAD, CLERK, HEAD, HEAD], NoticeKind::Copied).await;
    for officer in [HEAD, CLERK] {
        assert_eq!(list(&app.client_of(officer).await, NoticeQuery::default()).await.items.len(), 1);
    }
    let page = list(&app.client_of(COLLEAGUE).await, NoticeQuery::default()).await;
    assert_eq!((page.unread, page.items.len(), page.next), (0, 0, None));
}

async fn the_list_is_read_page_by_page(app: TestApp) {
    app.world().await;
    for position in 0..7 {
        app.pass(1);
        let kind = if position % 2 == 0 { NoticeKind::TaskWaiting } else { NoticeKind::Urged };
        tell(&app, &[HEAD], kind).await;
    }
    let head = app.client_of(HEAD).await;
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = list(&head, NoticeQuery { cursor, limit: Some(3), unread: None }).await;
        assert!(page.items.len() <= 3 && page.unread == 7);
        // What comes between two pages moves nothing.
        if seen.is_empty() {
            tell(&app, &[CLERK], NoticeKind::Decided).await;
        }
        seen.extend(page.items.iter().map(|item| item.position));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    let fifth = list(&head, NoticeQuery { cursor: Some("6".to_owned()), limit: Some(1), unread: None }).await;
    head.post::<MarkNoticeRead>(ById { id: fifth.items[0].id }, Empty {}).await.expect("his own");
    let unread = list(&head, NoticeQuery { unread: Some(true), ..NoticeQuery::default() }).await;
    assert_eq!(unread.items.iter().map(|item| item.position).collect::<Vec<_>>(), [7, 6, 4, 3, 2, 1]);
    assert_eq!(unread.unread, 6);
    let broken = NoticeQuery { cursor: Some("nonsense".to_owned()), ..NoticeQuery::default() };
    let problem = head.call::<ListNotices>(Empty {}, broken, Empty {}).await.expect_err("no cursor");
    assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("cursor")));
}

async fn reading_is_for_ones_own_and_up_to_what_was_seen(app: TestApp) {
    app.world().await;
    for _ in 0..3 {
        tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    }
    let (head, clerk) = (app.client_of(HEAD).await, app.client_of(CLERK).await);
    let newest = list(&head, NoticeQuery::default()).await.items[0].clone();
    let problem = clerk.post::<MarkNoticeRead>(ById { id: newest.id }, Empty {}).await.expect_err("not his");
    assert_eq!(problem.code, Code::NotFound);

    let mark = || head.post::<MarkNoticeRead>(ById { id: newest.id }, Empty {});
    assert_eq!(mark().await.expect("his own").unread, 2);
    assert_eq!(mark().await.expect("again").unread, 2);
    assert_eq!(audited(&app, "notice.read").await, 1, "a repeat changes nothing and leaves no row");

    tell(&app, &[HEAD], NoticeKind::Urged).await;
    let through = ReadThrough { through: newest.position };
    let left = head.send::<MarkAllNoticesRead>(through).await.expect("his own").unread;
    assert_eq!(left, 1, "the one that came after his last look stays unread");
    assert_eq!(clerk.send::<MarkAllNoticesRead>(ReadThrough { through: 99 }).await.expect("nothing to do").unread, 0);
    assert_eq!(list(&head, NoticeQuery::default()).await.unread, 1, "one officer never reads for another");
}

/// Positions come in the order of the commits and without a hole, whoever is told beside.
async fn senders_at_once_leave_no_gap(app: TestApp) {
    app.world().await;
    let pairs: [&[&str]; 4] = [&[HEAD, CLERK], &[CLERK, HEAD], &[COLLEAGUE, HEAD], &[HEAD]];
    let sends = (0..24).map(|n| {
        let app = app.clone();
        tokio::spawn(async move { tell_about(&app, pairs[n % 4], NoticeKind::Commented, Uuid::new_v4()).await })
    });
    for sent in join_all(sends).await {
        sent.unwrap().expect("nobody waits for another in a circle");
    }
    let rows = notice::Entity::find().all(app.state.database.read()).await.unwrap();
    for (officer, count) in [(HEAD, 24), (CLERK, 12), (COLLEAGUE, 6)] {
        let id = app.officer(officer).await.id;
        let mut positions: Vec<i64> = rows.iter().filter(|row| row.officer_id == id).map(|row| row.position).collect();
        positions.sort_unstable();
        assert_eq!(positions, (1..=count).collect::<Vec<i64>>());
    }
}

async fn settings_are_checked_and_kept(app: TestApp) {
    app.world().await;
    let head = app.client_of(HEAD).await;
    let get = || async { head.get::<GetNoticeSettings>(Empty {}).await.expect("his own") };
    assert_eq!(get().await, NoticeSettings::default());
    let night = Some(QuietHours { from: 22 * 60, to: 7 * 60 });
    let wanted = NoticeSettings {
        muted: vec![NoticeKind::Copied, NoticeKind::Commented],
        quiet: night,
        email: Some("wang@court.example".to_owned()),
    };
    assert_eq!(set(&head, wanted.clone()).await.expect("valid"), wanted);
    // A notice that comes does not touch them, and they do not touch the list.
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    assert_eq!(get().await, wanted);
    set(&head, wanted.clone()).await.expect("valid");
    tell(&app, &[HEAD], NoticeKind::TaskWaiting).await;
    assert_eq!(list(&head, NoticeQuery::default()).await.items[0].position, 2);

    let refused = |settings: NoticeSettings| async { set(&head, settings).await.expect_err("refused").field };
    let endless = NoticeSettings { quiet: Some(QuietHours { from: 60, to: 60 }), ..NoticeSettings::default() };
    assert_eq!(refused(endless).await.as_deref(), Some("quiet"));
    let injected = NoticeSettings {
        email: Some("a@court.example\r\nBcc: b@court.example".to_owned()),
        ..NoticeSettings::default()
    };
    assert_eq!(refused(injected).await.as_deref(), Some("email"));
    assert_eq!(get().await, wanted);

    let stored = notice_preference::Entity::find().one(app.state.database.read()).await.unwrap();
    let sealed = stored.unwrap().email.unwrap();
    assert!(!sealed.windows(4).any(|part| part == b"wang"), "an address is sealed in the database");
    assert_eq!(audited(&app, "notice.set_preference").await, 2);
    let cleared = set(&head, NoticeSettings { email: Some("  ".to_owned()), ..NoticeSettings::default() }).await;
    assert_eq!(cleared.expect("valid"), NoticeSettings::default());
}

async fn a_muted_kind_stays_in_the_app(app: TestApp) {
    app.world().await;
    channel(&app, ChannelConfig::Wecom { url: "http://127.0.0.1:1/".to_owned() }).await;
    let head = app.client_of(HEAD).await;
    set(&head, NoticeSettings { muted: vec![NoticeKind::Copied], ..NoticeSettings::default() }).await.expect("valid");
    tell(&app, &[HEAD], NoticeKind::Copied).await;
    tell(&app, &[HEAD], NoticeKind::Urged).await;
    assert_eq!(list(&head, NoticeQuery::default()).await.unread, 2, "the list is the truth");
    let kinds: Vec<NoticeKind> = log(&app).await.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [NoticeKind::Urged]);
}

async fn what_is_old_is_deleted_with_its_deliveries(app: TestApp) {
    app.world().await;
    let peer = tests::Peer::start().await;
    channel(&app, ChannelConfig::Wecom { url: peer.origin() }).await;
    tell(&app, &[HEAD], NoticeKind::Copied).await;
    deliver(&app).await;
    let rows = async || {
        let read = app.state.database.read();
        (notice::Entity::find().count(read).await.unwrap(), delivery::Entity::find().count(read).await.unwrap())
    };
    let day = 24 * 60 * 60;
    for (days, left) in [(89, (1, 1)), (2, (1, 0)), (308, (1, 0)), (2, (0, 0))] {
        app.pass(days * day);
        for _ in 0..2 {
            let prune = || server::notice::retention::prune(&app.state.database, app.now());
            let (one, two) = tokio::join!(prune(), prune());
            one.and(two).unwrap();
        }
        assert_eq!(rows().await, left, "{days} days later");
    }
    tell(&app, &[HEAD], NoticeKind::Copied).await;
    let page = list(&app.client_of(HEAD).await, NoticeQuery::default()).await;
    assert_eq!(page.items[0].position, 2, "places are not given twice");
}
