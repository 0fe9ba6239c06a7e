//! Lists cost the database a fixed number of statements, however long they are.

use app::api::{ById, Empty, Endpoint};
use app::approval::api::{GetInbox, GetProcess, InboxQuery, ListRequests, RequestBox, RequestQuery};
use app::leave::api::{
    LeaveQuery, ListLeaveDrafts, ListLeaveRequests, ListOnBehalfRequests, ListUnreported, OnBehalfQuery,
    UnreportedQuery,
};
use app::notice::api::{ListNotices, NoticeQuery};
use app::org::rules::Category;
use tests::world::{CLERK, COLLEAGUE, HEAD, HR};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use crate::leave::{approve_all, asking, submit};

on_both!(lists_take_a_fixed_number_of_statements, lists_of_who_is_due_back_take_a_fixed_number_of_statements,);

/// How many statements a call takes. The first one, unmeasured, fills the cache of callers.
async fn statements<E: Endpoint>(app: &TestApp, client: &Client, path: E::Path, query: E::Query) -> u64
where
    E::Body: Default,
{
    client.call::<E>(path.clone(), query.clone(), E::Body::default()).await.expect("a list");
    let before = app.state.database.statements().get();
    client.call::<E>(path, query, E::Body::default()).await.expect("a list");
    app.state.database.statements().get() - before
}

async fn of_every_list(app: &TestApp, head: &Client, clerk: &Client, request: Uuid) -> Vec<(&'static str, u64)> {
    let requests = |of| RequestQuery { of: Some(of), limit: Some(100), ..RequestQuery::default() };
    let inbox = InboxQuery { limit: Some(100), ..InboxQuery::default() };
    let notices = NoticeQuery { limit: Some(100), ..NoticeQuery::default() };
    let named = RequestQuery { q: Some("林".to_owned()), ..requests(RequestBox::Decided) };
    vec![
        ("我已办，按姓名", statements::<ListRequests>(app, head, Empty {}, named).await),
        ("待我审批", statements::<GetInbox>(app, head, Empty {}, inbox).await),
        ("我已办", statements::<ListRequests>(app, head, Empty {}, requests(RequestBox::Decided)).await),
        ("抄送我", statements::<ListRequests>(app, head, Empty {}, requests(RequestBox::Copied)).await),
        ("我发起的", statements::<ListRequests>(app, clerk, Empty {}, requests(RequestBox::Mine)).await),
        ("流程", statements::<GetProcess>(app, head, ById { id: request }, Empty {}).await),
        ("我的请假", statements::<ListLeaveRequests>(app, clerk, Empty {}, LeaveQuery::default()).await),
        ("我的草稿", statements::<ListLeaveDrafts>(app, clerk, Empty {}, Empty {}).await),
        ("我代提交的", statements::<ListOnBehalfRequests>(app, head, Empty {}, OnBehalfQuery::default()).await),
        ("通知", statements::<ListNotices>(app, head, Empty {}, notices).await),
    ]
}

async fn lists_take_a_fixed_number_of_statements(app: TestApp) {
    let world = app.world().await;
    let mut officers = Vec::new();
    for number in 210_000..210_030 {
        let number = number.to_string();
        app.officer_in(world.court, world.civil, &number, "林书记员", "", Category::Clerk).await;
        officers.push(number);
    }
    app.give_accounts().await;
    let head = app.client_of(HEAD).await;
    let clerk = app.client_of(&officers[0]).await;
    let first = submit(&clerk, asking("annual", "2026-11-30", "2026-12-02")).await;
    let few = of_every_list(&app, &head, &clerk, first.id).await;
    for (day, officer) in officers.iter().enumerate().skip(1) {
        let day = format!("2026-12-{:02}", 7 + day % 5);
        submit(&app.client_of(officer).await, asking("annual", &day, &day)).await;
    }
    for day in ["2026-12-07", "2026-12-08", "2026-12-09"] {
        submit(&clerk, asking("annual", day, day)).await;
    }
    let many = of_every_list(&app, &head, &clerk, first.id).await;
    assert_eq!(few, many);
    assert!(many.iter().all(|(_, statements)| (1..=21).contains(statements)), "{many:?}");
}

/// Whose calendar counts is read once for all of a page.
async fn lists_of_who_is_due_back_take_a_fixed_number_of_statements(app: TestApp) {
    app.world().await;
    let take = async |who: &str, day: &str| {
        let request = submit(&app.client_of(who).await, asking("annual", day, day)).await;
        approve_all(&app, &request).await;
    };
    let lists = async |day: &str| {
        app.clock.set(at(day, 9, 0));
        let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
        let query = UnreportedQuery { cursor: None, limit: Some(100) };
        [
            statements::<ListUnreported>(&app, &hr, Empty {}, query).await,
            statements::<ListLeaveRequests>(&app, &clerk, Empty {}, LeaveQuery::default()).await,
        ]
    };
    take(CLERK, "2026-11-24").await;
    let few = lists("2026-11-25").await;
    for day in ["2026-11-26", "2026-11-27"] {
        for who in [CLERK, COLLEAGUE] {
            take(who, day).await;
        }
    }
    let many = lists("2026-11-30").await;
    assert_eq!(few, many);
    assert!(many.iter().all(|statements| (1..=21).contains(statements)), "{many:?}");
}
