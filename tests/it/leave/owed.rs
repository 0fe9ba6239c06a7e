//! 待补证明名单: which papers nobody has seen yet, for 政治部.

use app::api::Page;
use app::leave::api::{ConfirmEvidence, Evidence, EvidenceSeen, ListOwedPapers, OwedPapers, OwedPapersQuery};
use tests::world::{BASIC_HR, HR};

use super::attachments::{PDF, attach};
use super::*;

on_both!(papers_stand_in_the_list_until_somebody_has_seen_them, the_list_of_papers_is_read_page_by_page,);

async fn owed(client: &Client, cursor: Option<String>, limit: u16) -> Page<OwedPapers> {
    let query = OwedPapersQuery { cursor, limit: Some(limit) };
    client.call::<ListOwedPapers>(Empty {}, query, Empty {}).await.expect("a list")
}

async fn papers_stand_in_the_list_until_somebody_has_seen_them(app: TestApp) {
    app.world().await;
    let (clerk, hr) = (app.client_of(CLERK).await, app.client_of(HR).await);
    submit(&clerk, asking("sick", "2026-11-17", "2026-11-18")).await;
    let request = submit(&clerk, asking("sick", "2026-11-25", "2026-11-27")).await;
    let item = owed(&hr, None, 10).await.items.pop().expect("three days of illness");
    assert_eq!((item.id, item.number.as_str(), item.officer.as_str()), (request.id, request.number.as_str(), CLERK));
    assert_eq!((item.leave_type.as_str(), item.department.as_str()), ("sick", "民事审判第一庭"));
    assert_eq!((item.from, item.to, item.evidence), (request.from, request.to, Evidence::Owed));
    assert_eq!(owed(&hr, None, 10).await.items.len(), 1, "two days need none");
    assert_eq!(owed(&app.client_of(BASIC_HR).await, None, 10).await.items, [], "another court's");

    attach(&clerk, request.id, "诊断.pdf", PDF.to_vec()).await;
    assert_eq!(owed(&hr, None, 10).await.items[0].evidence, Evidence::Provided { at: app.now() });
    let seen = EvidenceSeen { version: show(&hr, request.id).await.version };
    hr.post::<ConfirmEvidence>(ById { id: request.id }, seen).await.expect("it is owed");
    assert_eq!(owed(&hr, None, 10).await.items, []);

    // What came to nothing owes nothing.
    let gone = submit(&clerk, asking("sick", "2026-12-08", "2026-12-10")).await;
    assert_eq!(owed(&hr, None, 10).await.items.len(), 1);
    clerk.post::<WithdrawLeave>(ById { id: gone.id }, Withdraw { version: gone.version }).await.expect("undecided");
    assert_eq!(owed(&hr, None, 10).await.items, []);
}

async fn the_list_of_papers_is_read_page_by_page(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    for (first, last) in [("2026-12-08", "2026-12-10"), ("2026-11-25", "2026-11-27"), ("2026-12-01", "2026-12-03")] {
        submit(&clerk, asking("sick", first, last)).await;
    }
    let hr = app.client_of(HR).await;
    let first = owed(&hr, None, 2).await;
    let days: Vec<_> = first.items.iter().map(|item| item.to.date.to_string()).collect();
    assert_eq!(days, ["2026-11-27", "2026-12-03"], "what ended first");
    let second = owed(&hr, first.next, 2).await;
    assert_eq!((second.items.len(), second.next), (1, None));
    let query = OwedPapersQuery { cursor: Some("x".to_owned()), limit: None };
    let bad = hr.call::<ListOwedPapers>(Empty {}, query, Empty {}).await.expect_err("no position");
    assert_eq!((bad.code, bad.field.as_deref()), (Code::BadInput, Some("cursor")));
    let head = app.client_of(HEAD).await;
    let refused = head.call::<ListOwedPapers>(Empty {}, OwedPapersQuery::default(), Empty {}).await.expect_err("no");
    assert_eq!(refused.code, Code::NotAllowed, "he reads no papers but those that he decides on");
}
