//! Approvals tell those whom they concern.

use app::approval::api::{
    ActOnProcess, ActOnRequest, AnswerDelegation, AnswerDelegationOffer, CreateDelegation, Decide, DecideTask,
    GetInbox, InboxQuery, NewDelegation, RequestAction, RevokeDelegation, TaskAction,
};
use app::approval::definition::{Deadline, Mode, Overdue};
use app::approval::delegation::{Kinds, Period};
use app::approval::templates;
use app::leave::api::{LeaveRequest, Withdraw, WithdrawLeave};
use app::notice::rules::DeliveryState;
use tests::world::{DEPUTY, DIRECTOR, OVERSEER};

use super::*;
use crate::approval::{define, together};
use crate::leave::{asking, only_task, show, submit};

on_both!(
    a_request_tells_its_approver_and_its_outcome_the_applicant,
    what_is_decided_asks_nobody_any_more,
    urging_copying_and_commenting_tell_whom_they_mean,
    a_return_tells_the_applicant,
    a_deadline_reminds_once_even_where_nobody_could_take_over,
    who_acts_for_an_absent_approver_is_told_too,
    who_decides_beside_the_absent_one_is_not_asked_in_his_place,
    an_action_that_loses_tells_nobody,
);

/// What an officer was told and has not read, newest first: the kind, and whom it names.
async fn unread(app: &TestApp, officer: &str) -> Vec<(NoticeKind, Option<String>)> {
    let query = NoticeQuery { unread: Some(true), ..NoticeQuery::default() };
    let page = list(&app.client_of(officer).await, query).await;
    page.items.into_iter().map(|notice| (notice.kind, notice.actor)).collect()
}

async fn name(app: &TestApp, officer: &str) -> Option<String> {
    Some(app.officer(officer).await.name)
}

/// A day and a half: the head of the department decides, then the vice-president who oversees it.
async fn request_of(app: &TestApp, officer: &str) -> LeaveRequest {
    submit(&app.client_of(officer).await, asking("annual", "2026-11-30", "2026-12-02")).await
}

async fn act(app: &TestApp, officer: &str, action: TaskAction, comment: &str) {
    let client = app.client_of(officer).await;
    let task = only_task(&client).await;
    let body = Decide::new(action, comment, task.version);
    client.post::<DecideTask>(ById { id: task.id }, body).await.expect("it is his turn");
}

async fn on_request(app: &TestApp, officer: &str, request: Uuid, action: RequestAction, comment: &str, to: &[&str]) {
    let to = to.iter().map(|officer| (*officer).to_owned()).collect();
    let body = ActOnRequest { action, comment: comment.to_owned(), to };
    app.client_of(officer).await.post::<ActOnProcess>(ById { id: request }, body).await.expect("he may");
}

async fn a_request_tells_its_approver_and_its_outcome_the_applicant(app: TestApp) {
    app.world().await;
    let request = request_of(&app, CLERK).await;
    let head = list(&app.client_of(HEAD).await, NoticeQuery::default()).await;
    let told = &head.items[0];
    assert_eq!((head.items.len(), told.kind, told.number.as_str()), (1, NoticeKind::TaskWaiting, &*request.number));
    assert_eq!(
        (told.actor.clone(), told.link.as_str()),
        (name(&app, CLERK).await, &*format!("/approvals/{}?decide", request.id))
    );
    assert_eq!(unread(&app, OVERSEER).await, [], "not his turn yet");

    act(&app, HEAD, TaskAction::Approve, "").await;
    assert_eq!(unread(&app, CLERK).await, [], "nothing is decided half-way");
    assert_eq!(unread(&app, OVERSEER).await, [(NoticeKind::TaskWaiting, name(&app, CLERK).await)]);
    act(&app, OVERSEER, TaskAction::Approve, "").await;
    let mine = list(&app.client_of(CLERK).await, NoticeQuery::default()).await;
    assert_eq!(mine.items.len(), 1);
    assert_eq!((mine.items[0].kind, mine.items[0].actor.clone()), (NoticeKind::Decided, name(&app, OVERSEER).await));
    assert_eq!(mine.items[0].link, format!("/leave/{}", request.id));
}

async fn what_is_decided_asks_nobody_any_more(app: TestApp) {
    app.world().await;
    channel(&app, ChannelConfig::Wecom { url: "http://127.0.0.1:1/".to_owned() }).await;
    let request = request_of(&app, CLERK).await;
    let other = request_of(&app, COLLEAGUE).await;
    assert_eq!(unread(&app, HEAD).await.len(), 2);
    let client = app.client_of(HEAD).await;
    // The page that the notice opens asks for what waits on this request alone.
    let of_request = InboxQuery { subject: Some(request.id), ..InboxQuery::default() };
    let waiting = client.call::<GetInbox>(Empty {}, of_request, Empty {}).await.unwrap();
    let [first] = waiting.tasks.as_slice() else { panic!("two wait, and one is of this request: {waiting:?}") };
    assert_eq!((first.subject.subject_id, waiting.total), (request.id, 1));
    let body = Decide::new(TaskAction::Refuse, "近期开庭较多", first.version);
    client.post::<DecideTask>(ById { id: first.id }, body).await.unwrap();
    assert_eq!(unread(&app, HEAD).await.len(), 1, "the badge says what is left");
    let version = show(&app.client_of(COLLEAGUE).await, other.id).await.version;
    let body = Withdraw { version };
    app.client_of(COLLEAGUE).await.post::<WithdrawLeave>(ById { id: other.id }, body).await.unwrap();
    assert_eq!(unread(&app, HEAD).await, []);
    assert_eq!(unread(&app, COLLEAGUE).await, [], "he knows what he did");
    assert_eq!(list(&client, NoticeQuery::default()).await.items.len(), 2, "the list keeps what was");
    assert_eq!(log(&app).await.len(), 3, "two tasks and one outcome");
    assert!(log(&app).await.iter().all(|delivery| delivery.state == DeliveryState::Waiting));
}

async fn urging_copying_and_commenting_tell_whom_they_mean(app: TestApp) {
    app.world().await;
    let request = request_of(&app, CLERK).await;
    app.pass(121 * 60);
    on_request(&app, CLERK, request.id, RequestAction::Urge, "", &[]).await;
    let clerk = name(&app, CLERK).await;
    assert_eq!(unread(&app, HEAD).await[0], (NoticeKind::Urged, clerk.clone()));
    on_request(&app, CLERK, request.id, RequestAction::Copy, "", &[DIRECTOR]).await;
    assert_eq!(unread(&app, DIRECTOR).await, [(NoticeKind::Copied, clerk.clone())]);
    on_request(&app, CLERK, request.id, RequestAction::Copy, "", &[DIRECTOR]).await;
    assert_eq!(unread(&app, DIRECTOR).await.len(), 1, "a copy is given once");
    on_request(&app, HEAD, request.id, RequestAction::Comment, "请补充去向", &[]).await;
    assert_eq!(unread(&app, CLERK).await, [(NoticeKind::Commented, name(&app, HEAD).await)]);
    on_request(&app, CLERK, request.id, RequestAction::Comment, "已补充", &[]).await;
    assert_eq!(unread(&app, HEAD).await[0], (NoticeKind::Commented, clerk));
    assert_eq!(unread(&app, CLERK).await.len(), 1, "nobody hears of his own comment");
}

async fn a_return_tells_the_applicant(app: TestApp) {
    app.world().await;
    request_of(&app, CLERK).await;
    act(&app, HEAD, TaskAction::SendBack, "请补写去向").await;
    assert_eq!(unread(&app, CLERK).await, [(NoticeKind::SentBack, name(&app, HEAD).await)]);
    assert_eq!(unread(&app, HEAD).await, []);
}

async fn a_deadline_reminds_once_even_where_nobody_could_take_over(app: TestApp) {
    app.world().await;
    let mut definition = templates::leave();
    definition.nodes[0].deadline = Some(Deadline { minutes: 60, then: Overdue::Remind });
    define(&app, &definition).await;
    request_of(&app, CLERK).await;
    app.pass(61 * 60);
    for _ in 0..3 {
        server::approval::run_due(&app.state).await.unwrap();
    }
    let kinds: Vec<_> = unread(&app, HEAD).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [NoticeKind::Reminded, NoticeKind::TaskWaiting]);
}

/// The head lets his deputy act for him from now on.
fn head_to_deputy(app: &TestApp) -> NewDelegation {
    let now = app.now();
    NewDelegation {
        id: Uuid::new_v4(),
        to: DEPUTY.to_owned(),
        kinds: Kinds::All,
        period: Period::Between { from: now, until: now.plus_minutes(600) },
    }
}

/// In a 会签 nobody votes twice, so nobody is asked in the place of one who sits beside him.
async fn who_decides_beside_the_absent_one_is_not_asked_in_his_place(app: TestApp) {
    app.world().await;
    define(&app, &together(Mode::All)).await;
    let offer = head_to_deputy(&app);
    let id = ById { id: offer.id };
    app.client_of(HEAD).await.send::<CreateDelegation>(offer).await.unwrap();
    let deputy = app.client_of(DEPUTY).await;
    deputy.post::<AnswerDelegationOffer>(id, AnswerDelegation { accept: true }).await.unwrap();
    let request = request_of(&app, CLERK).await;
    let asked = async |officer| {
        let told = unread(&app, officer).await;
        told.into_iter().filter(|(kind, _)| NoticeKind::ASKING.contains(kind)).count()
    };
    assert_eq!((asked(HEAD).await, asked(DEPUTY).await), (1, 1));
    act(&app, DEPUTY, TaskAction::Approve, "").await;
    assert_eq!((asked(HEAD).await, asked(DEPUTY).await), (1, 0));
    app.pass(121 * 60);
    on_request(&app, CLERK, request.id, RequestAction::Urge, "", &[]).await;
    assert_eq!((asked(HEAD).await, asked(DEPUTY).await), (2, 0));
}

async fn who_acts_for_an_absent_approver_is_told_too(app: TestApp) {
    app.world().await;
    let offer = head_to_deputy(&app);
    let id = ById { id: offer.id };
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    head.send::<CreateDelegation>(offer).await.unwrap();
    let offered = list(&deputy, NoticeQuery::default()).await;
    assert_eq!((offered.items[0].kind, offered.items[0].link.as_str()), (NoticeKind::Delegated, "/me/delegations"));
    deputy.post::<AnswerDelegationOffer>(id, AnswerDelegation { accept: true }).await.unwrap();
    assert_eq!(unread(&app, HEAD).await, [(NoticeKind::Delegated, name(&app, DEPUTY).await)]);

    request_of(&app, CLERK).await;
    for officer in [HEAD, DEPUTY] {
        assert_eq!(unread(&app, officer).await[0], (NoticeKind::TaskWaiting, name(&app, CLERK).await), "{officer}");
    }
    act(&app, DEPUTY, TaskAction::Approve, "").await;
    for officer in [HEAD, DEPUTY] {
        let asked = unread(&app, officer).await.into_iter().any(|(kind, _)| kind == NoticeKind::TaskWaiting);
        assert!(!asked, "{officer} is still asked");
    }
    head.post::<RevokeDelegation>(id, Empty {}).await.unwrap();
    assert_eq!(unread(&app, DEPUTY).await.len(), 2, "offered, and ended");
    // What the deputy asks for himself is not his to decide, so he is not asked.
    request_of(&app, DEPUTY).await;
    assert_eq!(unread(&app, DEPUTY).await.len(), 2);
}

async fn an_action_that_loses_tells_nobody(app: TestApp) {
    app.world().await;
    let request = request_of(&app, CLERK).await;
    let client = app.client_of(HEAD).await;
    let task = only_task(&client).await;
    let decide = || async {
        let body = Decide::new(TaskAction::Refuse, "近期开庭较多", task.version);
        client.post::<DecideTask>(ById { id: task.id }, body).await
    };
    let outcomes = join_all((0..8).map(|_| decide())).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let told = list(&app.client_of(CLERK).await, NoticeQuery::default()).await;
    let of_request = told.items.iter().filter(|notice| notice.subject_id == request.id).count();
    assert_eq!((told.items.len(), of_request), (1, 1));
}
