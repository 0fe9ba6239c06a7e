//! What delegates see and hear: what waits when they begin, nothing any more when they cease, what they decided for ever.

use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;

use super::*;

on_both!(
    who_begins_to_act_hears_what_waits_and_is_not_asked_when_it_ends,
    a_delegation_that_runs_out_asks_nobody_any_more,
    a_delegate_s_inbox_is_what_he_may_decide,
    what_a_delegate_decided_stays_open_to_him,
    delegations_made_at_once_never_make_a_circle,
    a_delegation_that_is_over_already_is_refused,
);

async fn run(app: &TestApp) {
    server::approval::run_due(&app.state).await.expect("the jobs run");
}

/// How many notices ask this officer for a decision.
async fn asked(app: &TestApp, officer: &str) -> usize {
    let query = NoticeQuery { unread: Some(true), ..NoticeQuery::default() };
    let page = app.client_of(officer).await.call::<ListNotices>(Empty {}, query, Empty {}).await.expect("his own list");
    page.items.into_iter().filter(|notice| NoticeKind::ASKING.contains(&notice.kind)).count()
}

fn hours(app: &TestApp, hours: i64) -> Period {
    Period::Between { from: app.now(), until: app.now().plus_minutes(hours * 60) }
}

async fn who_begins_to_act_hears_what_waits_and_is_not_asked_when_it_ends(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    request_of(&clerk, "2026-11-30").await;
    let delegation = delegate(&app, HEAD, DEPUTY, hours(&app, 10)).await;
    for _ in 0..2 {
        run_jobs(&app).await;
        assert_eq!((asked(&app, HEAD).await, asked(&app, DEPUTY).await), (1, 1), "what waited already, once");
    }
    let id = ById { id: delegation };
    app.client_of(HEAD).await.call::<RevokeDelegation>(id, Empty {}, Empty {}).await.unwrap();
    run(&app).await;
    assert_eq!((asked(&app, HEAD).await, asked(&app, DEPUTY).await), (1, 0));
}

async fn a_delegation_that_runs_out_asks_nobody_any_more(app: TestApp) {
    app.world().await;
    delegate(&app, HEAD, DEPUTY, hours(&app, 10)).await;
    run(&app).await;
    request_of(&app.client_of(CLERK).await, "2026-11-30").await;
    assert_eq!((asked(&app, HEAD).await, asked(&app, DEPUTY).await), (1, 1));
    app.pass(10 * 3600);
    run(&app).await;
    assert_eq!((asked(&app, HEAD).await, asked(&app, DEPUTY).await), (1, 0));
}

async fn a_delegate_s_inbox_is_what_he_may_decide(app: TestApp) {
    app.world().await;
    define(&app, &together(Mode::All)).await;
    for officer in [HEAD, DEPUTY] {
        delegate(&app, officer, COLLEAGUE, hours(&app, 100)).await;
    }
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    request_of(&clerk, "2026-11-30").await;
    let tasks = inbox(&colleague).await.tasks;
    assert_eq!(tasks.len(), 2, "he may vote in the place of either");
    decide(&colleague, &tasks[0], TaskAction::Approve).await.unwrap();
    assert_eq!(inbox(&colleague).await.total, 0, "nobody votes twice in a 会签");
    let other = if tasks[0].acting_for == Some(app.officer(HEAD).await.name) { DEPUTY } else { HEAD };
    let other = app.client_of(other).await;
    decide(&other, &only_task(&other).await, TaskAction::Approve).await.unwrap();

    // An opinion that was asked of him and given is no vote: the task waits for him again.
    submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    let head = app.client_of(HEAD).await;
    act(&head, &only_task(&head).await, TaskAction::Delegate, COLLEAGUE, "").await.unwrap();
    let opinion = only_task(&colleague).await;
    assert!(opinion.opinion_only && opinion.acting_for.is_none());
    act(&colleague, &opinion, TaskAction::GiveBack, "", "无妨").await.unwrap();
    let again = inbox(&colleague).await.tasks;
    assert_eq!(again.iter().filter(|task| task.acting_for.is_some()).count(), 2);
    decide(&colleague, &again[0], TaskAction::Approve).await.unwrap();
    assert_eq!(inbox(&colleague).await.total, 0);
}

async fn what_a_delegate_decided_stays_open_to_him(app: TestApp) {
    app.world().await;
    let delegation = delegate(&app, HEAD, DEPUTY, hours(&app, 10)).await;
    let (clerk, deputy) = (app.client_of(CLERK).await, app.client_of(DEPUTY).await);
    let request = request_of(&clerk, "2026-11-30").await;
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    deputy.call::<RevokeDelegation>(ById { id: delegation }, Empty {}, Empty {}).await.unwrap();
    let query = RequestQuery { of: Some(RequestBox::Decided), ..RequestQuery::default() };
    let decided = deputy.call::<ListRequests>(Empty {}, query, Empty {}).await.unwrap();
    assert_eq!(decided.items[0].subject.subject_id, request.id);
    assert_eq!(show(&deputy, request.id).await.status, Status::Approved);
    assert!(process(&deputy, request.id).await.timeline.len() > 1);
}

async fn delegations_made_at_once_never_make_a_circle(app: TestApp) {
    app.world().await;
    let period = hours(&app, 10);
    let circle = [(HEAD, DEPUTY), (DEPUTY, OVERSEER), (OVERSEER, HEAD)];
    let offers = circle.map(|(from, to)| {
        let app = app.clone();
        async move {
            let new = NewDelegation { id: Uuid::new_v4(), to: to.to_owned(), kinds: Kinds::All, period };
            app.client_of(from).await.send::<CreateDelegation>(new).await
        }
    });
    let answers = join_all(offers).await;
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!(refused.len(), 1, "{answers:?}");
    assert_eq!((refused[0].code, refused[0].field.as_deref()), (Code::BadInput, Some("to")));
}

async fn a_delegation_that_is_over_already_is_refused(app: TestApp) {
    app.world().await;
    let now = app.now();
    let period = Period::Between { from: now.plus_minutes(-120), until: now };
    let new = NewDelegation { id: Uuid::new_v4(), to: DEPUTY.to_owned(), kinds: Kinds::All, period };
    let problem = app.client_of(HEAD).await.send::<CreateDelegation>(new).await.unwrap_err();
    assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("until")));
}
