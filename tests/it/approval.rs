//! Approvals over HTTP: every verb, several people in one step, delegation, lists, and what the system does by itself.

mod delegates;
mod records;

use app::api::{ById, Code, Empty, Problem};
use app::approval::api::{
    ActOnProcess, ActOnRequest, AnswerDelegation, AnswerDelegationOffer, ApproveMany, ApproveTasks, CreateDelegation,
    Decide, DecideTask, Decided, GetInbox, GetProcess, InboxQuery, ListDelegations, ListRequests, NewDelegation,
    ProcessView, RequestAction, RequestBox, RequestItem, RequestQuery, RevokeDelegation, SeenTask, Task, TaskAction,
};
use app::approval::definition::{ApproverRule, Deadline, Definition, Mode, NodeKind, Overdue};
use app::approval::delegation::{Kinds, Period};
use app::approval::process::{Outcome, TaskState, Verb};
use app::approval::templates;
use app::leave::api::{LeaveRequest, Preview, PreviewLeave, Resubmit, ResubmitLeave, Withdraw, WithdrawLeave};
use app::leave::rules::{Action, Status};
use app::org::rules::OfficerStatus;
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use server::entity::{approval_copy, approval_definition, approval_process, approval_task};
use tests::world::{CLERK, COLLEAGUE, DEPUTY, DIRECTOR, HEAD, OTHER_HEAD, OVERSEER, PRESIDENT};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use crate::leave::{asking, balance, decide, inbox, only_task, show, submit};

on_both!(
    what_is_sent_back_is_changed_and_submitted_again,
    a_request_goes_back_to_a_node_that_has_decided,
    a_task_is_transferred_delegated_and_signed_by_more,
    an_approver_takes_back_while_the_next_has_not_acted,
    the_applicant_urges_copies_and_comments,
    nobody_decides_his_own_request_by_any_door,
    a_countersignature_loses_no_vote,
    the_first_signature_decides_where_any_will_do,
    a_delegate_decides_for_who_is_away,
    a_delegation_counts_during_the_approvers_own_leave,
    several_are_approved_each_by_itself,
    the_lists_are_found_by_initials_and_dates,
    tasks_of_who_has_left_go_to_who_stands_in,
    a_deadline_reminds_and_escalates,
);

async fn act(client: &Client, task: &Task, action: TaskAction, to: &str, comment: &str) -> Result<Decided, Problem> {
    let to = Some(to.to_owned()).filter(|to| !to.is_empty());
    let body = Decide { to, ..Decide::new(action, comment, task.version) };
    client.post::<DecideTask>(ById { id: task.id }, body).await
}

async fn process(client: &Client, id: Uuid) -> ProcessView {
    client.get::<GetProcess>(ById { id }).await.expect("a party sees the process")
}

fn verbs(view: &ProcessView) -> Vec<Verb> {
    view.offers.iter().map(|offer| offer.verb).collect()
}

fn names(request: &LeaveRequest) -> Vec<(i32, &str, TaskState)> {
    request.chain.iter().map(|step| (step.step, step.officer.as_deref().unwrap_or(""), step.state)).collect()
}

async fn request_of(client: &Client, to: &str) -> LeaveRequest {
    submit(client, asking("annual", "2026-11-30", to)).await
}

/// Saves a definition of leave as the next version.
pub(crate) async fn define(app: &TestApp, definition: &Definition) {
    let row = approval_definition::ActiveModel {
        form: Set("leave".to_owned()),
        version: Set(1),
        name: Set(definition.name.clone()),
        body: Set(serde_json::to_string(definition).expect("plain data")),
        source: Set(None),
        made_at: Set(app.now().millis()),
        made_by: Set(None),
    };
    approval_definition::Entity::insert(row).exec_without_returning(app.state.database.write()).await.expect("stored");
}

/// The definition of leave with another first node: the head and the deputy of the applicant's department.
pub(crate) fn together(mode: Mode) -> Definition {
    let mut definition = templates::leave();
    let approvers = [HEAD, DEPUTY].map(|officer| ApproverRule::Officer { officer: officer.to_owned() }).to_vec();
    definition.nodes[0].kind = NodeKind::Decide { approvers, mode };
    definition
}

async fn what_is_sent_back_is_changed_and_submitted_again(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = request_of(&clerk, "2026-12-01").await;
    let task = only_task(&head).await;
    assert_eq!(act(&head, &task, TaskAction::SendBack, "", " ").await.unwrap_err().code, Code::ReasonRequired);
    let back = act(&head, &task, TaskAction::SendBack, "", "请补写去向").await.unwrap();
    assert_eq!((back.state, back.request.status), (TaskState::SentBack, Status::SentBack));
    assert_eq!(inbox(&head).await.total, 0);
    let seen = show(&clerk, request.id).await;
    assert_eq!(seen.actions, [Action::Resubmit, Action::Withdraw]);
    assert_eq!(balance(&clerk, "annual").await.held, 4, "its half days stay taken meanwhile");

    let preview = Preview {
        leave_type: "annual".to_owned(),
        from: seen.from,
        to: seen.to,
        resubmits: Some(request.id),
        stand_in: None,
        extends: None,
        officer_id: None,
    };
    let later = preview.clone();
    let preview = clerk.send::<PreviewLeave>(preview).await.unwrap();
    assert_eq!((preview.available_after, preview.warnings), (Some(16), Vec::new()), "not in its own way");
    let again = Resubmit {
        version: seen.version,
        leave_type: "annual".to_owned(),
        from: seen.from,
        to: asking("annual", "2026-11-30", "2026-12-02").to,
        reason: "探亲".to_owned(),
        destination: "临江市".to_owned(),
        stand_in: None,
        contact: String::new(),
    };
    let id = ById { id: request.id };
    let stale = Resubmit { version: seen.version - 1, ..again.clone() };
    assert_eq!(clerk.post::<ResubmitLeave>(id, stale).await.unwrap_err().code, Code::StaleVersion);
    // A definition that comes meanwhile is not for requests that run.
    define(&app, &together(Mode::All)).await;
    let resubmitted = clerk.post::<ResubmitLeave>(id, again.clone()).await.unwrap();
    assert_eq!((resubmitted.status, resubmitted.half_days), (Status::InApproval, 6));
    assert_eq!(resubmitted.destination.as_deref(), Some("临江市"));
    assert_eq!(balance(&clerk, "annual").await.held, 6);
    let twice = Resubmit { version: resubmitted.version, ..again };
    assert_eq!(clerk.post::<ResubmitLeave>(id, twice).await.unwrap_err().code, Code::WrongState);
    // Three days now: the overseer decides too.
    assert_eq!(names(&resubmitted), [(1, HEAD, TaskState::Open), (2, OVERSEER, TaskState::Waiting)]);
    for number in [HEAD, OVERSEER] {
        let approver = app.client_of(number).await;
        decide(&approver, &only_task(&approver).await, TaskAction::Approve).await.unwrap();
    }
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    assert_eq!(balance(&clerk, "annual").await.used, 6);
    let preview = clerk.send::<PreviewLeave>(later).await.unwrap_err();
    assert_eq!(preview.code, Code::NotFound, "what is approved gives nothing back");
    let told: Vec<_> = process(&clerk, request.id).await.timeline.into_iter().map(|item| item.verb).collect();
    let expected = [Verb::SendBack, Verb::Resubmit, Verb::Approve, Verb::Approve].map(Some);
    assert_eq!(told, [&[None], &expected[..]].concat());
}

async fn a_request_goes_back_to_a_node_that_has_decided(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let (head, overseer) = (app.client_of(HEAD).await, app.client_of(OVERSEER).await);
    let request = request_of(&clerk, "2026-12-02").await;
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let task = only_task(&overseer).await;
    assert_eq!((task.step, task.steps), (2, 2));
    assert_eq!(process(&overseer, request.id).await.send_back_to, [1]);
    let nowhere = Decide { to_node: Some(2), ..Decide::new(TaskAction::SendBack, "再核", task.version) };
    overseer.post::<DecideTask>(ById { id: task.id }, nowhere).await.expect_err("it has not decided yet");
    let back = Decide { to_node: Some(1), ..Decide::new(TaskAction::SendBack, "请核实开庭安排", task.version) };
    overseer.post::<DecideTask>(ById { id: task.id }, back).await.unwrap();
    let seen = show(&clerk, request.id).await;
    assert_eq!(seen.status, Status::InApproval);
    assert_eq!(names(&seen), [(1, HEAD, TaskState::Open), (2, OVERSEER, TaskState::Waiting)]);
    for approver in [&head, &overseer] {
        decide(approver, &only_task(approver).await, TaskAction::Approve).await.unwrap();
    }
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
}

async fn a_task_is_transferred_delegated_and_signed_by_more(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let other = app.client_of(OTHER_HEAD).await;
    let request = request_of(&clerk, "2026-11-30").await;

    let nobody = act(&head, &only_task(&head).await, TaskAction::Transfer, "999999", "").await.unwrap_err();
    assert_eq!((nobody.code, nobody.field.as_deref()), (Code::BadInput, Some("to")));
    act(&head, &only_task(&head).await, TaskAction::Transfer, DEPUTY, "请代为处理").await.unwrap();
    assert_eq!(inbox(&head).await.total, 0);

    // The deputy asks for an opinion, and gets the task back with it.
    act(&deputy, &only_task(&deputy).await, TaskAction::Delegate, OTHER_HEAD, "").await.unwrap();
    let opinion = only_task(&other).await;
    assert!(opinion.opinion_only);
    assert_eq!(act(&other, &opinion, TaskAction::Approve, "", "").await.unwrap_err().code, Code::WrongState);
    act(&other, &opinion, TaskAction::GiveBack, "", "庭审已另排，无妨").await.unwrap();

    // One signer before him, one after.
    act(&deputy, &only_task(&deputy).await, TaskAction::AddBefore, HEAD, "").await.unwrap();
    let before = only_task(&head).await;
    assert_eq!(inbox(&deputy).await.total, 0, "he waits for whom he added");
    decide(&head, &before, TaskAction::Approve).await.unwrap();
    let task = only_task(&deputy).await;
    act(&deputy, &task, TaskAction::AddAfter, DIRECTOR, "").await.unwrap();
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&clerk, request.id).await.status, Status::InApproval, "never approved half-way");
    // He thinks better of it and takes the signer away again.
    let view = process(&deputy, request.id).await;
    let offer = view.offers.iter().find(|offer| offer.verb == Verb::Remove).expect("who added may remove");
    let body = Decide::new(TaskAction::Remove, "", offer.version.expect("of a task"));
    deputy.post::<DecideTask>(ById { id: offer.task.expect("of a task") }, body).await.unwrap();
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    let told = process(&clerk, request.id).await.timeline;
    let verbs: Vec<_> = told.iter().filter_map(|item| item.verb).collect();
    assert_eq!(
        verbs,
        [
            Verb::Transfer,
            Verb::Delegate,
            Verb::GiveBack,
            Verb::AddBefore,
            Verb::Approve,
            Verb::AddAfter,
            Verb::Approve,
            Verb::Remove
        ]
    );
    assert!(
        told.iter().all(|item| item.device.is_none()),
        "which device an approver holds is not the applicant's affair"
    );
}

async fn an_approver_takes_back_while_the_next_has_not_acted(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let (head, overseer) = (app.client_of(HEAD).await, app.client_of(OVERSEER).await);
    let request = request_of(&clerk, "2026-12-02").await;
    let decided = decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let stale = only_task(&overseer).await;
    assert!(verbs(&process(&head, request.id).await).contains(&Verb::TakeBack));
    let body = Decide::new(TaskAction::TakeBack, "", decided.version);
    head.post::<DecideTask>(ById { id: decided.id }, body).await.unwrap();
    let late = decide(&overseer, &stale, TaskAction::Approve).await.unwrap_err();
    assert_eq!(late.code, Code::StaleVersion);
    assert!(late.current.is_some(), "the loser sees the present state");

    let decided = decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    decide(&overseer, &only_task(&overseer).await, TaskAction::Approve).await.unwrap();
    let body = Decide::new(TaskAction::TakeBack, "", decided.version);
    let late = head.post::<DecideTask>(ById { id: decided.id }, body).await.unwrap_err();
    assert_eq!(late.code, Code::WrongState, "W11: the next has acted");
}

async fn the_applicant_urges_copies_and_comments(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = request_of(&clerk, "2026-11-30").await;
    let id = ById { id: request.id };
    let say = |action, comment: &str, to: &[&str]| ActOnRequest {
        action,
        comment: comment.to_owned(),
        to: to.iter().map(|number| (*number).to_owned()).collect(),
    };
    let early = clerk.post::<ActOnProcess>(id, say(RequestAction::Urge, "", &[])).await.unwrap_err();
    assert_eq!(early.code, Code::SlowDown);
    app.clock.set(app.now().plus_minutes(180));
    clerk.post::<ActOnProcess>(id, say(RequestAction::Urge, "", &[])).await.unwrap();
    let again = clerk.post::<ActOnProcess>(id, say(RequestAction::Urge, "", &[])).await.unwrap_err();
    assert_eq!(again.code, Code::SlowDown, "not twice a day");
    assert_eq!(
        head.post::<ActOnProcess>(id, say(RequestAction::Urge, "", &[])).await.unwrap_err().code,
        Code::NotAllowed
    );
    let empty = clerk.post::<ActOnProcess>(id, say(RequestAction::Comment, " ", &[])).await.unwrap_err();
    assert_eq!(empty.code, Code::ReasonRequired);
    for _ in 0..2 {
        head.post::<ActOnProcess>(id, say(RequestAction::Comment, "请说明去向", &[])).await.unwrap();
    }
    let said = process(&clerk, request.id).await.timeline;
    assert_eq!(said.iter().filter(|item| item.verb == Some(Verb::Comment)).count(), 1, "sent twice, said once");

    let colleague = app.client_of(COLLEAGUE).await;
    assert_eq!(colleague.get::<GetProcess>(id).await.unwrap_err().code, Code::NotFound);
    clerk.post::<ActOnProcess>(id, say(RequestAction::Copy, "", &[COLLEAGUE])).await.unwrap();
    assert_eq!(process(&colleague, request.id).await.copies.len(), 1);
    let query = RequestQuery { of: Some(RequestBox::Copied), ..RequestQuery::default() };
    let copied = colleague.call::<ListRequests>(Empty {}, query, Empty {}).await.unwrap();
    assert_eq!(copied.items.len(), 1);
    assert_eq!(copied.items[0].subject.reason, "", "who has a copy learns that he is away, not why");
    let seen = show(&colleague, request.id).await;
    assert_eq!((seen.reason, seen.destination), (None, None), "nor on the page of the request");
    assert!(show(&head, request.id).await.reason.is_some());
}

async fn nobody_decides_his_own_request_by_any_door(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = request_of(&clerk, "2026-11-30").await;
    let task = only_task(&head).await;
    for door in
        [TaskAction::Transfer, TaskAction::Delegate, TaskAction::AddBefore, TaskAction::AddAfter, TaskAction::AddBeside]
    {
        assert_eq!(act(&head, &task, door, CLERK, "").await.unwrap_err().code, Code::NotAllowed, "{door:?}");
    }
    assert_eq!(decide(&clerk, &task, TaskAction::Approve).await.unwrap_err().code, Code::NotFound);
    let many = ApproveMany { tasks: vec![SeenTask { id: task.id, version: task.version }], comment: String::new() };
    let many = clerk.send::<ApproveTasks>(many).await.unwrap();
    assert_eq!(many.results[0].problem.as_ref().map(|problem| problem.code), Some(Code::NotFound));
    // His approver lets him act in his place: for everybody's requests but his own.
    delegate(&app, HEAD, CLERK, Period::OwnLeave).await;
    let from = app.now().plus_minutes(-1);
    delegate(&app, HEAD, CLERK, Period::Between { from, until: from.plus_minutes(600) }).await;
    assert_eq!(inbox(&clerk).await.total, 0);
    assert_eq!(decide(&clerk, &task, TaskAction::Approve).await.unwrap_err().code, Code::NotFound);
    assert_eq!(show(&clerk, request.id).await.status, Status::InApproval);
}

async fn a_countersignature_loses_no_vote(app: TestApp) {
    app.world().await;
    define(&app, &together(Mode::All)).await;
    let clerk = app.client_of(CLERK).await;
    let request = request_of(&clerk, "2026-11-30").await;
    assert_eq!(names(&request), [(1, HEAD, TaskState::Open), (1, DEPUTY, TaskState::Open)]);
    let votes = [HEAD, DEPUTY].map(|number| {
        let app = app.clone();
        tokio::spawn(async move {
            let client = app.client_of(number).await;
            let task = only_task(&client).await;
            decide(&client, &task, TaskAction::Approve).await
        })
    });
    for vote in join_all(votes).await {
        vote.expect("it does not panic").expect("a colleague's vote does not make mine stale");
    }
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    assert_eq!(balance(&clerk, "annual").await.used, 2, "counted once");

    let request = submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let half_way = show(&clerk, request.id).await;
    assert_eq!(half_way.status, Status::InApproval, "W6: never complete while one is pending");
    let view = process(&clerk, request.id).await;
    assert_eq!((view.decided, view.nodes_total, view.outcome), (0, 1, Outcome::Running));
    decide(&deputy, &only_task(&deputy).await, TaskAction::Refuse).await.unwrap();
    assert_eq!(show(&clerk, request.id).await.status, Status::Refused);
}

async fn the_first_signature_decides_where_any_will_do(app: TestApp) {
    app.world().await;
    define(&app, &together(Mode::Any)).await;
    let clerk = app.client_of(CLERK).await;
    let request = request_of(&clerk, "2026-11-30").await;
    let clients = [app.client_of(HEAD).await, app.client_of(DEPUTY).await];
    let tasks = [only_task(&clients[0]).await, only_task(&clients[1]).await];
    let outcomes = join_all((0..2).map(|n| decide(&clients[n], &tasks[n], TaskAction::Approve))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let lost = outcomes.into_iter().find_map(Result::err).expect("one lost");
    assert_eq!(lost.code, Code::StaleVersion);
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    assert_eq!(balance(&clerk, "annual").await.used, 2);
}

/// Has an officer let another act for him, and the other agree.
async fn delegate(app: &TestApp, from: &str, to: &str, period: Period) -> Uuid {
    let (from, to_client) = (app.client_of(from).await, app.client_of(to).await);
    let new = NewDelegation { id: Uuid::new_v4(), to: to.to_owned(), kinds: Kinds::All, period };
    let offered = from.send::<CreateDelegation>(new.clone()).await.expect("offered");
    let again = from.send::<CreateDelegation>(new).await.expect("a repeat answers the same");
    assert_eq!(again, offered);
    let id = ById { id: offered.id };
    to_client.post::<AnswerDelegationOffer>(id, AnswerDelegation { accept: true }).await.expect("he agrees");
    offered.id
}

async fn a_delegate_decides_for_who_is_away(app: TestApp) {
    app.world().await;
    let (clerk, deputy) = (app.client_of(CLERK).await, app.client_of(DEPUTY).await);
    let request = request_of(&clerk, "2026-11-30").await;
    let now = app.now();
    let period = Period::Between { from: now, until: now.plus_minutes(60) };
    let offer = NewDelegation { id: Uuid::new_v4(), to: DEPUTY.to_owned(), kinds: Kinds::All, period };
    let head = app.client_of(HEAD).await;
    let offered = head.send::<CreateDelegation>(offer).await.unwrap();
    assert_eq!(inbox(&deputy).await.total, 0, "it counts once he has agreed");
    let id = ById { id: offered.id };
    deputy.post::<AnswerDelegationOffer>(id, AnswerDelegation { accept: true }).await.unwrap();
    let circle = NewDelegation { id: Uuid::new_v4(), to: HEAD.to_owned(), kinds: Kinds::All, period };
    assert_eq!(deputy.send::<CreateDelegation>(circle).await.unwrap_err().code, Code::BadInput);

    let task = only_task(&deputy).await;
    assert!(task.acting_for.is_some(), "甲 代 乙");
    decide(&deputy, &task, TaskAction::Approve).await.unwrap();
    let done = show(&clerk, request.id).await;
    assert_eq!(done.status, Status::Approved);
    let view = process(&clerk, request.id).await;
    assert!(view.nodes[0].tasks[0].decided_by.is_some());
    assert!(view.timeline[1].acting_for.is_some());

    let request = submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    deputy.call::<RevokeDelegation>(id, Empty {}, Empty {}).await.unwrap();
    assert_eq!(inbox(&deputy).await.total, 0);
    assert_eq!(inbox(&head).await.total, 1, "the task is its officer's all the time");
    let listed = head.get::<ListDelegations>(Empty {}).await.unwrap();
    assert!(!listed.items[0].active);
    let seen = deputy.get::<GetProcess>(ById { id: request.id }).await.unwrap_err();
    assert_eq!(seen.code, Code::NotFound, "and no longer his affair");
}

async fn a_delegation_counts_during_the_approvers_own_leave(app: TestApp) {
    app.world().await;
    delegate(&app, HEAD, DEPUTY, Period::OwnLeave).await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let request = submit(&head, asking("annual", "2026-11-30", "2026-11-30")).await;
    let overseer = app.client_of(OVERSEER).await;
    decide(&overseer, &only_task(&overseer).await, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&head, request.id).await.status, Status::Approved);
    let clerk = app.client_of(CLERK).await;
    submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    assert_eq!(inbox(&deputy).await.total, 0, "the head is here");
    app.clock.set(at("2026-11-30", 9, 0));
    assert_eq!(inbox(&deputy).await.total, 1, "it switches on by itself");
    app.clock.set(at("2026-12-01", 9, 0));
    assert_eq!(inbox(&deputy).await.total, 0, "and off");
}

async fn several_are_approved_each_by_itself(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    for day in ["2026-11-30", "2026-12-07", "2026-12-14"] {
        submit(&clerk, asking("annual", day, day)).await;
    }
    let tasks = inbox(&head).await.tasks;
    let mut seen: Vec<SeenTask> = tasks.iter().map(|task| SeenTask { id: task.id, version: task.version }).collect();
    seen[1].version += 1;
    seen.push(SeenTask { id: Uuid::new_v4(), version: 1 });
    let many = ApproveMany { tasks: seen, comment: "同意".to_owned() };
    let results = head.send::<ApproveTasks>(many).await.unwrap().results;
    let codes: Vec<_> = results.iter().map(|result| result.problem.as_ref().map(|problem| problem.code)).collect();
    assert_eq!(codes, [None, Some(Code::StaleVersion), None, Some(Code::NotFound)]);
    assert_eq!(inbox(&head).await.total, 1);
    assert_eq!(balance(&clerk, "annual").await.used, 4);
}

async fn the_lists_are_found_by_initials_and_dates(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let head = app.client_of(HEAD).await;
    submit(&clerk, asking("annual", "2026-11-30", "2026-11-30")).await;
    app.clock.set(app.now().plus_minutes(1));
    submit(&colleague, asking("annual", "2026-11-30", "2026-12-01")).await;
    app.clock.set(app.now().plus_minutes(1));
    submit(&colleague, asking("annual", "2026-12-14", "2026-12-14")).await;
    let first = inbox(&head).await;
    assert_eq!(first.total, 3);
    assert_eq!(first.tasks[0].also_away, [first.tasks[1].subject.name.clone()], "who else is away then");
    assert_eq!(first.tasks.iter().map(|task| task.also_away_count).collect::<Vec<_>>(), [1, 1, 0]);
    let initials = server::org::pinyin::initials(&first.tasks[0].subject.name);
    let find = async |query: InboxQuery| head.call::<GetInbox>(Empty {}, query, Empty {}).await.unwrap();
    let of = |q: &str| InboxQuery { q: Some(q.to_owned()), ..InboxQuery::default() };
    assert_eq!(find(of(&initials)).await.total, 1);
    assert_eq!(find(of(COLLEAGUE)).await.total, 2);
    assert_eq!(find(of(&first.tasks[2].subject.number[3..].to_lowercase())).await.total, 1);
    let late = InboxQuery { from: "2026-12-02".parse().ok(), ..InboxQuery::default() };
    assert_eq!(find(late).await.total, 1);
    let page = find(InboxQuery { limit: Some(2), ..InboxQuery::default() }).await;
    let rest = find(InboxQuery { limit: Some(2), cursor: page.next.clone(), ..InboxQuery::default() }).await;
    let ids: Vec<Uuid> = page.tasks.iter().chain(&rest.tasks).map(|task| task.id).collect();
    assert_eq!(ids, first.tasks.iter().map(|task| task.id).collect::<Vec<_>>());
    assert_eq!(rest.next, None);

    decide(&head, &first.tasks[0], TaskAction::Approve).await.unwrap();
    let list = async |client: &Client, of| {
        let query = RequestQuery { of: Some(of), ..RequestQuery::default() };
        client.call::<ListRequests>(Empty {}, query, Empty {}).await.unwrap().items
    };
    let outcomes = |items: &[RequestItem]| items.iter().map(|item| item.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&list(&head, RequestBox::Decided).await), [Outcome::Approved]);
    assert_eq!(outcomes(&list(&clerk, RequestBox::Mine).await), [Outcome::Approved]);
    assert_eq!(outcomes(&list(&colleague, RequestBox::Mine).await), [Outcome::Running; 2]);
    assert!(list(&clerk, RequestBox::Copied).await.is_empty());
    // Each list is searched by the same words.
    let process = approval_process::Entity::find_by_id(first.tasks[0].subject.subject_id);
    let process = process.one(app.state.database.read()).await.unwrap().unwrap();
    let copy = approval_copy::Model {
        subject_id: process.subject_id,
        officer_id: app.officer(OVERSEER).await.id,
        at: 1,
        applicant_id: process.applicant_id,
    };
    approval_copy::Entity::insert(copy.into_active_model())
        .exec_without_returning(app.state.database.write())
        .await
        .unwrap();
    let (overseer, subject) = (app.client_of(OVERSEER).await, &first.tasks[0].subject);
    let code = &subject.number[8..];
    for (client, of) in [(&head, RequestBox::Decided), (&clerk, RequestBox::Mine), (&overseer, RequestBox::Copied)] {
        let find = async |q: &str, from: Option<&str>| {
            let from = from.and_then(|from| from.parse().ok());
            let query = RequestQuery { of: Some(of), q: Some(q.to_owned()), from, ..RequestQuery::default() };
            client.call::<ListRequests>(Empty {}, query, Empty {}).await.unwrap().items.len()
        };
        for q in [&subject.name, &subject.name[..3], &initials, &subject.officer, &subject.number, code] {
            assert_eq!(find(q, None).await, 1, "{of:?} {q}");
        }
        for q in ["没有这个人", COLLEAGUE, "ABCDEFG"] {
            assert_eq!(find(q, None).await, 0, "{of:?} {q}");
        }
        assert_eq!(find(&subject.name, Some("2026-11-30")).await, 1, "{of:?}");
        assert_eq!(find(&subject.name, Some("2026-12-01")).await, 0, "{of:?}");
    }
}

/// The job on two servers at once, and again: what one has done the other finds done.
async fn run_jobs(app: &TestApp) {
    let other = app.replica().await;
    for _ in 0..2 {
        let (one, two) = tokio::join!(server::approval::run_due(&app.state), server::approval::run_due(&other.state));
        one.and(two).expect("the job runs");
    }
}

async fn tasks_of_who_has_left_go_to_who_stands_in(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = request_of(&clerk, "2026-11-30").await;
    let mut head = app.officer(HEAD).await.into_active_model();
    head.status = Set(OfficerStatus::Retired.as_str().to_owned());
    let tx = app.state.database.begin().await.unwrap();
    head.update(&tx).await.expect("he retires");
    server::approval::posts_changed(&tx, &app.clock).await.unwrap();
    tx.commit().await.unwrap();
    run_jobs(&app).await;
    let seen = show(&clerk, request.id).await;
    assert_eq!(names(&seen), [(1, DEPUTY, TaskState::Open)]);
    assert!(seen.chain[0].stands_in_for.is_some());
    let deputy = app.client_of(DEPUTY).await;
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    let told: Vec<_> = process(&clerk, request.id).await.timeline.into_iter().filter_map(|item| item.verb).collect();
    assert_eq!(told, [Verb::Reroute, Verb::Approve]);
}

async fn a_deadline_reminds_and_escalates(app: TestApp) {
    app.world().await;
    let mut definition = templates::leave();
    definition.nodes[0].deadline = Some(Deadline { minutes: 60, then: Overdue::Escalate });
    define(&app, &definition).await;
    let clerk = app.client_of(CLERK).await;
    let request = request_of(&clerk, "2026-11-30").await;
    server::approval::run_due(&app.state).await.expect("the job runs");
    assert_eq!(names(&show(&clerk, request.id).await), [(1, HEAD, TaskState::Open)], "not yet");
    app.clock.set(app.now().plus_minutes(61));
    run_jobs(&app).await;
    assert_eq!(names(&show(&clerk, request.id).await), [(1, DEPUTY, TaskState::Open)]);
    let rows = approval_task::Entity::find().all(app.state.database.read()).await.expect("tasks");
    assert_eq!(rows.len(), 2, "escalated once");
    let withdrawn = clerk
        .post::<WithdrawLeave>(ById { id: request.id }, Withdraw { version: show(&clerk, request.id).await.version })
        .await
        .unwrap();
    assert_eq!(withdrawn.status, Status::Withdrawn);
    assert_eq!(inbox(&app.client_of(PRESIDENT).await).await.total, 0);
}
