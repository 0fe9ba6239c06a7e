//! Leave over HTTP: the life of a request, repeated and stale calls, and races as real parallel calls.

mod absence;
mod attachments;
mod authority;
mod cancel;
mod confirm;
pub(crate) mod conflicts;
mod convert;
mod drafts;
mod early;
mod entitlement;
mod extend;
mod feed;
mod figures;
mod grants;
mod on_behalf;
mod orders;
mod overdue;
mod owed;
mod print;
mod races;
mod remarks;
mod stand_in;
mod team;
mod town;
mod types;

use app::api::{ById, Code, Empty, Problem};
use app::approval::api::{Decide, DecideTask, Decided, GetInbox, Inbox, InboxQuery, Task, TaskAction};
use app::approval::process::TaskState;
use app::day::{Day, Half, HalfDay};
use app::leave::api::{
    Balance, BalanceQuery, GetLeaveRequest, LeaveQuery, LeaveRequest, ListBalances, ListLeaveRequests, Preview,
    PreviewLeave, ReportReturn, ReturnFromLeave, Submit, SubmitLeave, Withdraw, WithdrawLeave,
};
use app::leave::rules::{Action, Outcome, Status};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::entity::leave_entry;
use tests::world::{CLERK, COLLEAGUE, HEAD, OTHER_HEAD, OVERSEER, PRESIDENT};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

on_both!(
    a_day_is_decided_by_the_head_and_comes_back,
    a_long_leave_needs_three_in_their_order,
    an_early_return_gives_back_what_was_not_used,
    a_withdrawn_request_gives_everything_back,
    a_refusal_needs_a_reason_and_gives_everything_back,
    a_repeat_answers_the_same_and_another_body_is_refused,
    a_stale_version_is_told_the_new_state,
    a_request_overlaps_no_other,
    a_balance_is_never_overdrawn,
    a_rest_day_alone_is_no_leave,
    personal_leave_keeps_its_use_without_a_balance,
    others_see_nothing,
    nobody_decides_out_of_turn,
    the_list_is_read_page_by_page,
);

pub(crate) fn half(day: &str, half: Half) -> HalfDay {
    HalfDay { date: day.parse::<Day>().unwrap(), half }
}

/// A request over whole days.
pub(crate) fn asking(leave_type: &str, first: &str, last: &str) -> Submit {
    Submit {
        id: Uuid::new_v4(),
        leave_type: leave_type.to_owned(),
        from: half(first, Half::Am),
        to: half(last, Half::Pm),
        reason: "回乡探亲".to_owned(),
        destination: "临江市".to_owned(),
        stand_in: None,
        contact: String::new(),
        officer_id: None,
    }
}

/// The preview of a new request.
pub(crate) fn previewing(body: &Submit) -> Preview {
    Preview {
        leave_type: body.leave_type.clone(),
        from: body.from,
        to: body.to,
        resubmits: None,
        stand_in: body.stand_in.clone(),
        extends: None,
        officer_id: body.officer_id.clone(),
    }
}

pub(crate) async fn submit(client: &Client, body: Submit) -> LeaveRequest {
    client.send::<SubmitLeave>(body).await.unwrap()
}

pub(crate) async fn inbox(client: &Client) -> Inbox {
    client.call::<GetInbox>(Empty {}, InboxQuery::default(), Empty {}).await.unwrap()
}

pub(crate) async fn only_task(client: &Client) -> Task {
    let mut inbox = inbox(client).await;
    assert_eq!(inbox.tasks.len(), 1, "{inbox:?}");
    inbox.tasks.remove(0)
}

pub(crate) async fn decide(client: &Client, task: &Task, action: TaskAction) -> Result<Decided, Problem> {
    let comment = if action == TaskAction::Refuse { "工作安排冲突，请改期" } else { "" };
    client.post::<DecideTask>(ById { id: task.id }, Decide::new(action, comment, task.version)).await
}

pub(crate) async fn balance(client: &Client, leave_type: &str) -> Balance {
    let found = client.call::<ListBalances>(Empty {}, BalanceQuery::default(), Empty {}).await.unwrap();
    found.balances.into_iter().find(|balance| balance.leave_type == leave_type).unwrap()
}

/// The sum of an officer's ledger of a type, straight from the table.
pub(crate) async fn ledger_sum(app: &TestApp, number: &str, leave_type: &str) -> i64 {
    let rows = leave_entry::Entity::find()
        .filter(leave_entry::Column::OfficerId.eq(app.officer(number).await.id))
        .filter(leave_entry::Column::LeaveType.eq(leave_type))
        .all(app.state.database.read())
        .await
        .unwrap();
    rows.iter().map(|row| row.half_days).sum()
}

pub(crate) async fn show(client: &Client, id: Uuid) -> LeaveRequest {
    client.get::<GetLeaveRequest>(ById { id }).await.unwrap()
}

/// Has a request approved by everybody in its chain.
pub(crate) async fn approve_all(app: &TestApp, request: &LeaveRequest) {
    for step in &request.chain {
        let approver = app.client_of(step.officer.as_deref().unwrap()).await;
        let task = only_task(&approver).await;
        assert_eq!(task.subject.subject_id, request.id);
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }
}

async fn a_day_is_decided_by_the_head_and_comes_back(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(20), "sixteen years in service: ten workdays");
    let body = asking("annual", "2026-11-25", "2026-11-25");
    let preview = previewing(&body);
    let preview = clerk.send::<PreviewLeave>(preview).await.unwrap();
    assert_eq!((preview.half_days, preview.available_after), (2, Some(18)));
    assert!(preview.warnings.iter().all(|warning| !warning.blocking), "{:?}", preview.warnings);

    let request = submit(&clerk, body).await;
    assert_eq!((request.status, request.half_days), (Status::InApproval, 2));
    assert_eq!(request.actions, [Action::Withdraw]);
    let held = balance(&clerk, "annual").await;
    assert_eq!((held.half_days, held.held, held.available), (Some(20), 2, Some(18)));

    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    assert_eq!((task.subject.officer.as_str(), task.step, task.steps, task.available_after), (CLERK, 1, 1, Some(18)));
    let decided = decide(&head, &task, TaskAction::Approve).await.unwrap();
    assert_eq!((decided.state, decided.request.status), (TaskState::Approved, Status::Approved));
    let committed = balance(&clerk, "annual").await;
    assert_eq!((committed.half_days, committed.held, committed.used, committed.available), (Some(18), 0, 2, Some(18)));

    app.clock.set(at("2026-11-25", 12, 0));
    let clerk = app.client_of(CLERK).await;
    assert_eq!(show(&clerk, request.id).await.status, Status::OnLeave);
    app.clock.set(at("2026-11-26", 8, 40));
    let clerk = app.client_of(CLERK).await;
    let waiting = show(&clerk, request.id).await;
    assert_eq!((waiting.status, waiting.actions.as_slice()), (Status::AwaitingReturn, [Action::Return].as_slice()));
    let back = ReportReturn { version: waiting.version, back: half("2026-11-26", Half::Am), note: String::new() };
    let returned = clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::OnTime)));
    assert!(returned.actions.is_empty());
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 18);
}

async fn a_long_leave_needs_three_in_their_order(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-30", "2026-12-04")).await;
    let chain: Vec<_> = request.chain.iter().map(|step| step.officer.as_deref().unwrap()).collect();
    assert_eq!(chain, [HEAD, OVERSEER, PRESIDENT]);
    for later in [OVERSEER, PRESIDENT] {
        let inbox = inbox(&app.client_of(later).await).await;
        assert_eq!(inbox.total, 0, "nothing waits for {later} before his turn");
    }
    approve_all(&app, &request).await;
    let done = show(&clerk, request.id).await;
    assert_eq!(done.status, Status::Approved);
    assert!(done.chain.iter().all(|step| step.state == TaskState::Approved && step.decided_at.is_some()));
    assert_eq!(balance(&clerk, "annual").await.used, 10);
}

async fn an_early_return_gives_back_what_was_not_used(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-24", "2026-11-27")).await;
    approve_all(&app, &request).await;
    app.clock.set(at("2026-11-26", 14, 30));
    let clerk = app.client_of(CLERK).await;
    let version = show(&clerk, request.id).await.version;
    let too_early = ReportReturn { version, back: half("2026-11-23", Half::Am), note: String::new() };
    let refused = clerk.post::<ReturnFromLeave>(ById { id: request.id }, too_early).await.unwrap_err();
    assert_eq!(refused.code, Code::ReturnOutOfRange);
    let back = ReportReturn { version, back: half("2026-11-26", Half::Pm), note: String::new() };
    let returned = clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert_eq!(returned.outcome, Some(Outcome::Early));
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.half_days, left.used, left.available), (Some(15), 5, Some(15)));
    let again = clerk.send::<SubmitLeave>(asking("annual", "2026-11-27", "2026-11-27")).await;
    assert!(again.is_ok(), "the freed day can be asked for again");
}

async fn a_withdrawn_request_gives_everything_back(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-27")).await;
    assert_eq!(balance(&clerk, "annual").await.available, Some(14));
    let body = Withdraw { version: request.version };
    let gone = clerk.post::<WithdrawLeave>(ById { id: request.id }, body).await.unwrap();
    assert_eq!(gone.status, Status::Withdrawn);
    assert!(gone.chain.iter().all(|step| step.state == TaskState::Void));
    assert_eq!(balance(&clerk, "annual").await.available, Some(20));
    let inbox = inbox(&app.client_of(HEAD).await).await;
    assert_eq!(inbox.total, 0);
    assert!(clerk.send::<SubmitLeave>(asking("annual", "2026-11-25", "2026-11-27")).await.is_ok());
}

async fn a_refusal_needs_a_reason_and_gives_everything_back(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    let silent = Decide::new(TaskAction::Refuse, "  ", task.version);
    let refused = head.post::<DecideTask>(ById { id: task.id }, silent).await.unwrap_err();
    assert_eq!(refused.code, Code::ReasonRequired);
    decide(&head, &task, TaskAction::Refuse).await.unwrap();
    let seen = show(&clerk, request.id).await;
    assert_eq!(seen.status, Status::Refused);
    assert_eq!(seen.chain[0].comment.as_deref(), Some("工作安排冲突，请改期"));
    assert_eq!(seen.chain[1].state, TaskState::Void);
    assert_eq!(balance(&clerk, "annual").await.available, Some(20));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20);
}

async fn a_repeat_answers_the_same_and_another_body_is_refused(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = asking("annual", "2026-11-25", "2026-11-25");
    let first = submit(&clerk, body.clone()).await;
    assert_eq!(submit(&clerk, body.clone()).await, first);
    assert_eq!(balance(&clerk, "annual").await.held, 2, "a repeat holds nothing twice");
    let other = Submit { reason: "另有安排".to_owned(), ..body.clone() };
    assert_eq!(clerk.send::<SubmitLeave>(other).await.unwrap_err().code, Code::IdReused);
    let stranger = app.client_of(COLLEAGUE).await;
    assert_eq!(stranger.send::<SubmitLeave>(body).await.unwrap_err().code, Code::IdReused);
}

async fn a_stale_version_is_told_the_new_state(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    let late = Withdraw { version: request.version };
    let refused = clerk.post::<WithdrawLeave>(ById { id: request.id }, late).await.unwrap_err();
    assert_eq!(refused.code, Code::StaleVersion);
    let current: LeaveRequest = serde_json::from_value(refused.current.unwrap()).unwrap();
    assert_eq!((current.status, current.id), (Status::Approved, request.id));
    let fresh = Withdraw { version: current.version };
    let refused = clerk.post::<WithdrawLeave>(ById { id: request.id }, fresh).await.unwrap_err();
    assert_eq!(refused.code, Code::WrongState);
    let twice = decide(&head, &task, TaskAction::Approve).await.unwrap_err();
    assert_eq!(twice.code, Code::StaleVersion);
    assert!(twice.current.is_some());
}

async fn a_request_overlaps_no_other(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    let overlapping = asking("sick", "2026-11-26", "2026-11-27");
    assert_eq!(clerk.send::<SubmitLeave>(overlapping).await.unwrap_err().code, Code::OverlappingLeave);
    let afternoon = Submit {
        from: half("2026-11-27", Half::Pm),
        to: half("2026-11-27", Half::Pm),
        ..asking("annual", "2026-11-27", "2026-11-27")
    };
    assert_eq!(submit(&clerk, afternoon).await.half_days, 1);
    let morning = Submit {
        from: half("2026-11-27", Half::Am),
        to: half("2026-11-27", Half::Am),
        ..asking("sick", "2026-11-27", "2026-11-27")
    };
    assert_eq!(submit(&clerk, morning).await.half_days, 1, "the other half of a day is free");
}

async fn a_balance_is_never_overdrawn(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let too_much = asking("annual", "2026-11-30", "2026-12-14");
    let refused = clerk.send::<SubmitLeave>(too_much).await.unwrap_err();
    assert_eq!(refused.code, Code::InsufficientBalance);
    let all = asking("annual", "2026-11-30", "2026-12-11");
    assert_eq!(submit(&clerk, all).await.half_days, 20);
    assert_eq!(balance(&clerk, "annual").await.available, Some(0));
}

async fn a_rest_day_alone_is_no_leave(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let weekend = asking("annual", "2026-11-28", "2026-11-29");
    let preview = previewing(&weekend);
    let preview = clerk.send::<PreviewLeave>(preview).await.unwrap();
    assert_eq!(preview.half_days, 0);
    assert!(preview.warnings.iter().any(|warning| warning.blocking && warning.code == "nothing_counts"));
    assert_eq!(clerk.send::<SubmitLeave>(weekend).await.unwrap_err().code, Code::NothingCounts);
    let across = submit(&clerk, asking("annual", "2026-11-27", "2026-11-30")).await;
    assert_eq!(across.half_days, 4, "Friday and Monday count, the weekend between them does not");
    let inverted = Submit { to: half("2026-11-23", Half::Pm), ..asking("annual", "2026-12-01", "2026-12-01") };
    assert_eq!(clerk.send::<SubmitLeave>(inverted).await.unwrap_err().code, Code::InvertedSpan);
}

async fn personal_leave_keeps_its_use_without_a_balance(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("personal", "2026-11-25", "2026-11-25")).await;
    approve_all(&app, &request).await;
    let personal = balance(&clerk, "personal").await;
    assert_eq!((personal.available, personal.half_days, personal.used), (None, None, 2));
    let unknown = clerk.send::<SubmitLeave>(asking("sabbatical", "2026-12-01", "2026-12-01")).await.unwrap_err();
    assert_eq!(unknown.code, Code::UnknownLeaveType);
}

async fn others_see_nothing(app: TestApp) {
    app.world().await;
    let request = submit(&app.client_of(CLERK).await, asking("sick", "2026-11-25", "2026-11-25")).await;
    for stranger in [COLLEAGUE, OTHER_HEAD] {
        let client = app.client_of(stranger).await;
        let refused = client.get::<GetLeaveRequest>(ById { id: request.id }).await.unwrap_err();
        assert_eq!(refused.code, Code::NotFound, "{stranger}");
        let asked = LeaveQuery { officer: Some(CLERK.to_owned()), ..LeaveQuery::default() };
        let refused = client.call::<ListLeaveRequests>(Empty {}, asked, Empty {}).await.unwrap_err();
        assert_eq!(refused.code, Code::NotFound, "{stranger}");
        let body = Withdraw { version: request.version };
        let refused = client.post::<WithdrawLeave>(ById { id: request.id }, body).await.unwrap_err();
        assert_eq!(refused.code, Code::NotFound, "{stranger}");
    }
    let head = app.client_of(HEAD).await;
    assert_eq!(show(&head, request.id).await.reason.as_deref(), Some("回乡探亲"), "an approver reads the reason");
}

async fn nobody_decides_out_of_turn(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    let task = only_task(&app.client_of(HEAD).await).await;
    for other in [CLERK, OVERSEER, PRESIDENT, OTHER_HEAD] {
        let client = app.client_of(other).await;
        assert_eq!(decide(&client, &task, TaskAction::Approve).await.unwrap_err().code, Code::NotFound, "{other}");
    }
}

async fn the_list_is_read_page_by_page(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let mut made = Vec::new();
    for day in ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"] {
        made.push(submit(&clerk, asking("sick", day, day)).await.id);
        app.pass(1);
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let query = LeaveQuery { officer: None, cursor, limit: Some(2) };
        let page = clerk.call::<ListLeaveRequests>(Empty {}, query, Empty {}).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|request| request.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, made);
}
