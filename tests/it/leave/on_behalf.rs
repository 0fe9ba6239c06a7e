//! Asking for leave in place of another: who may, what the officer hears, and that who asks decides nothing.

use app::account::api::{CreateRoleGrant, GiveRole};
use app::account::rules::Role;
use app::api::BASE;
use app::approval::api::{
    ActOnProcess, ActOnRequest, AnswerDelegation, AnswerDelegationOffer, CreateDelegation, GetProcess, NewDelegation,
    RequestAction,
};
use app::approval::delegation::{Kinds, Period};
use app::leave::api::{
    Evidence, GetOnBehalfOfficer, ListOnBehalfOfficers, ListOnBehalfRequests, OnBehalfQuery, Resubmit, ResubmitLeave,
};
use app::leave::types::Limit;
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use app::org::api::ColleagueQuery;
use axum::http::StatusCode;
use server::entity::audit_entry;
use tests::world::{ADMIN, BASIC_CLERK, BASIC_HR, DEPUTY, FOREIGN_CLERK, HR, World};

use super::attachments::{PDF, attach, list, open, path, read, remove, send};
use super::types::{rules_of, set};
use super::*;

on_both!(
    hr_asks_for_an_officer_who_hears_of_it,
    the_head_asks_and_his_deputy_decides,
    who_asked_decides_by_no_door,
    a_clerk_asks_for_his_department_and_learns_no_more,
    who_asked_files_papers_and_reads_no_others,
    a_clerk_hears_of_an_overlap_and_not_of_what,
    what_the_approver_is_told_of_other_leave_is_not_for_who_asked,
    a_preview_for_another_extends_nothing_of_ones_own,
    who_may_not_hears_the_same_of_everybody,
    the_officer_takes_it_back_and_the_other_hears_of_it,
    what_was_sent_back_is_submitted_again_by_the_officer_alone,
    a_repeat_is_one_request,
    a_clerk_needs_a_department,
    the_same_rules_as_if_he_asked_himself,
);

fn asking_for(officer: &str, day: &str) -> Submit {
    Submit { officer_id: Some(officer.to_owned()), ..asking("annual", day, day) }
}

async fn told(client: &Client) -> Vec<(NoticeKind, Option<String>)> {
    let notices = client.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.unwrap();
    notices.items.into_iter().map(|notice| (notice.kind, notice.actor)).collect()
}

async fn submitted_by(client: &Client) -> Vec<LeaveRequest> {
    client.call::<ListOnBehalfRequests>(Empty {}, OnBehalfQuery::default(), Empty {}).await.unwrap().items
}

async fn withdraw(client: &Client, request: &LeaveRequest) -> Result<LeaveRequest, Problem> {
    client.post::<WithdrawLeave>(ById { id: request.id }, Withdraw { version: request.version }).await
}

async fn give_clerk(app: &TestApp, number: &str, department: Uuid) {
    let body = GiveRole {
        id: Uuid::new_v4(),
        officer: number.to_owned(),
        role: Role::DepartmentClerk,
        court_id: None,
        department_id: Some(department),
    };
    let given = app.client_of(ADMIN).await.send::<CreateRoleGrant>(body).await.unwrap();
    assert_eq!(given.department_id, Some(department));
    assert!(given.department.is_some() && given.court.is_some(), "{given:?}");
}

async fn found(client: &Client, q: &str) -> Vec<String> {
    let query = ColleagueQuery { q: q.to_owned() };
    let found = client.call::<ListOnBehalfOfficers>(Empty {}, query, Empty {}).await.unwrap();
    found.items.into_iter().map(|person| person.officer).collect()
}

async fn hr_asks_for_an_officer_who_hears_of_it(app: TestApp) {
    app.world().await;
    let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
    assert_eq!(found(&hr, "周").await, [CLERK]);
    let types = hr.get::<GetOnBehalfOfficer>(app::api::ByOfficer { officer: CLERK.to_owned() }).await.unwrap();
    assert_eq!((types.name.as_str(), types.types.is_empty()), ("周书记", false));
    let body = asking_for(CLERK, "2026-11-25");
    let preview = hr.send::<PreviewLeave>(previewing(&body)).await.unwrap();
    assert_eq!((preview.half_days, preview.available_after), (2, Some(18)), "of his balance");
    let request = submit(&hr, body).await;
    assert_eq!((request.officer.as_str(), request.status), (CLERK, Status::InApproval));
    assert_eq!((request.submitted_by.as_deref(), request.submitted_by_name.as_deref()), (Some(HR), Some("卫人事")));
    assert_eq!(balance(&clerk, "annual").await.held, 2);
    assert_eq!(balance(&hr, "annual").await.held, 0);

    assert_eq!(told(&clerk).await, [(NoticeKind::SubmittedFor, Some("卫人事".to_owned()))]);
    let own = show(&clerk, request.id).await;
    assert_eq!(
        (own.submitted_by_name.as_deref(), own.actions.as_slice()),
        (Some("卫人事"), [Action::Withdraw].as_slice())
    );
    let task = only_task(&app.client_of(HEAD).await).await;
    assert_eq!((task.subject.name.as_str(), task.subject.submitted_by.as_deref()), ("周书记", Some("卫人事")));
    let process = clerk.get::<GetProcess>(ById { id: request.id }).await.unwrap();
    let first = &process.timeline[0];
    assert_eq!((first.actor.as_deref(), first.acting_for.as_deref()), (Some("卫人事"), Some("周书记")));
    let trail = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.eq("leave.submit"))
        .one(app.state.database.read())
        .await
        .unwrap()
        .unwrap();
    let (hr_id, clerk_id) = (app.officer(HR).await.id, app.officer(CLERK).await.id);
    assert_eq!((trail.actor_id, trail.acting_for_id), (Some(hr_id), Some(clerk_id)), "both are named");

    let listed = submitted_by(&hr).await;
    assert_eq!((listed.len(), listed[0].id, listed[0].status), (1, request.id, Status::InApproval));
    assert!(submitted_by(&clerk).await.is_empty());
    approve_all(&app, &request).await;
    assert_eq!(submitted_by(&hr).await[0].status, Status::Approved);
    assert!(submitted_by(&hr).await[0].actions.is_empty(), "decided");
    let kinds: Vec<NoticeKind> = told(&hr).await.into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.contains(&NoticeKind::DecidedFor) && !kinds.contains(&NoticeKind::Decided), "{kinds:?}");
    assert_eq!(withdraw(&hr, &show(&clerk, request.id).await).await.unwrap_err().code, Code::WrongState);
}

async fn the_head_asks_and_his_deputy_decides(app: TestApp) {
    app.world().await;
    let head = app.client_of(HEAD).await;
    let body = asking_for(CLERK, "2026-11-25");
    let preview = head.send::<PreviewLeave>(previewing(&body)).await.unwrap();
    assert_eq!(preview.chain[0].officer.as_deref(), Some(DEPUTY), "the preview says so before");
    let request = submit(&head, body).await;
    assert_eq!(request.chain.len(), 1);
    assert_eq!(request.chain[0].officer.as_deref(), Some(DEPUTY));
    assert!(
        request.chain[0].stands_in_for.as_deref().is_some_and(|why| why.contains("代提交人")),
        "{:?}",
        request.chain
    );
    assert_eq!(inbox(&head).await.total, 0);
    let task = only_task(&app.client_of(DEPUTY).await).await;
    decide(&app.client_of(DEPUTY).await, &task, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&app.client_of(CLERK).await, request.id).await.status, Status::Approved);
}

async fn who_asked_decides_by_no_door(app: TestApp) {
    app.world().await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let id = Uuid::new_v4();
    let period = Period::Between { from: app.now(), until: app.now().plus_minutes(9999) };
    let offer = NewDelegation { id, to: HEAD.to_owned(), kinds: Kinds::All, period };
    deputy.send::<CreateDelegation>(offer).await.unwrap();
    head.post::<AnswerDelegationOffer>(ById { id }, AnswerDelegation { accept: true }).await.unwrap();
    let request = submit(&head, asking_for(CLERK, "2026-11-25")).await;
    server::approval::run_due(&app.state).await.unwrap();

    assert_eq!(inbox(&head).await.total, 0, "the delegation brings him nothing");
    assert!(told(&head).await.iter().all(|(kind, _)| !NoticeKind::ASKING.contains(kind)), "{:?}", told(&head).await);
    let task = only_task(&deputy).await;
    for action in [TaskAction::Approve, TaskAction::Refuse] {
        assert_eq!(decide(&head, &task, action).await.unwrap_err().code, Code::NotAllowed);
    }
    let many = app::approval::api::ApproveMany {
        tasks: vec![app::approval::api::SeenTask { id: task.id, version: task.version }],
        comment: String::new(),
    };
    let results = head.send::<app::approval::api::ApproveTasks>(many).await.unwrap().results;
    assert_eq!(results[0].problem.as_ref().map(|problem| problem.code), Some(Code::NotAllowed));
    for action in [TaskAction::Transfer, TaskAction::Delegate, TaskAction::AddBefore, TaskAction::AddBeside] {
        let body = Decide { to: Some(HEAD.to_owned()), ..Decide::new(action, "请处理", task.version) };
        let refused = deputy.post::<DecideTask>(ById { id: task.id }, body).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::NotAllowed, Some("to")), "{action:?}");
    }
    // The deputy leaves: his task goes to somebody else, and not to the head.
    let mut leaving = sea_orm::IntoActiveModel::into_active_model(app.officer(DEPUTY).await);
    leaving.status = sea_orm::ActiveValue::Set("retired".to_owned());
    sea_orm::ActiveModelTrait::update(leaving, app.state.database.write()).await.unwrap();
    let tx = app.state.database.begin().await.unwrap();
    server::approval::posts_changed(&tx, &app.clock).await.unwrap();
    tx.commit().await.unwrap();
    server::approval::run_due(&app.state).await.unwrap();
    let chain = show(&app.client_of(CLERK).await, request.id).await.chain;
    assert_eq!(chain[0].officer.as_deref(), Some(OVERSEER), "{chain:?}");
}

async fn a_clerk_asks_for_his_department_and_learns_no_more(app: TestApp) {
    let World { civil, .. } = app.world().await;
    give_clerk(&app, COLLEAGUE, civil).await;
    let colleague = app.client_of(COLLEAGUE).await;
    assert_eq!(found(&colleague, "2000").await, [CLERK, DEPUTY, HEAD], "of his department, without himself");
    assert!(found(&colleague, "蒋").await.is_empty());
    let request = submit(&colleague, asking_for(CLERK, "2026-11-25")).await;
    assert_eq!((request.status, request.actions.as_slice()), (Status::InApproval, [Action::Withdraw].as_slice()));
    let seen = show(&colleague, request.id).await;
    let hidden = (seen.leave_type, seen.reason, seen.destination, seen.contact, seen.attachments);
    assert_eq!(hidden, (None, None, None, None, Some(0)), "what becomes of it is his business, and no more");
    let reads = |query| colleague.call::<ListLeaveRequests>(Empty {}, query, Empty {});
    let query = LeaveQuery { officer: Some(CLERK.to_owned()), ..LeaveQuery::default() };
    assert_eq!(reads(query).await.unwrap_err().code, Code::NotFound);
    let comment = ActOnRequest { action: RequestAction::Comment, comment: "请尽快".to_owned(), to: Vec::new() };
    assert_eq!(
        colleague.post::<ActOnProcess>(ById { id: request.id }, comment).await.unwrap_err().code,
        Code::NotAllowed
    );
    let outside = colleague.send::<SubmitLeave>(asking_for(OTHER_HEAD, "2026-11-25")).await.unwrap_err();
    assert_eq!(outside.code, Code::ForeignOfficer);

    // An old state is refused, and shows no more than he sees anyway.
    let stale = colleague.post::<WithdrawLeave>(ById { id: request.id }, Withdraw { version: 99 }).await.unwrap_err();
    assert_eq!(stale.code, Code::StaleVersion);
    assert_eq!(stale.current.unwrap()["reason"], serde_json::Value::Null);
    let taken_back = withdraw(&colleague, &request).await.unwrap();
    assert_eq!((taken_back.status, taken_back.reason), (Status::Withdrawn, None));
    let clerk = app.client_of(CLERK).await;
    assert_eq!(balance(&clerk, "annual").await.held, 0);
    let kinds: Vec<NoticeKind> = told(&clerk).await.into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.contains(&NoticeKind::WithdrawnFor) && kinds.contains(&NoticeKind::SubmittedFor), "{kinds:?}");
}

/// Whoever lies in hospital takes no photos: who asked for him files the paper, and reads no other.
async fn who_asked_files_papers_and_reads_no_others(app: TestApp) {
    let World { civil, .. } = app.world().await;
    give_clerk(&app, COLLEAGUE, civil).await;
    let (colleague, clerk, head) =
        (app.client_of(COLLEAGUE).await, app.client_of(CLERK).await, app.client_of(HEAD).await);
    let body = Submit { officer_id: Some(CLERK.to_owned()), ..asking("sick", "2026-11-25", "2026-11-27") };
    let request = submit(&colleague, body).await;
    let of_clerk = attach(&clerk, request.id, "本人.pdf", PDF.to_vec()).await;
    let seen = list(&colleague, request.id).await.unwrap();
    assert!(seen.items.is_empty() && seen.may_add, "{seen:?}");

    let filed = attach(&colleague, request.id, "代交.pdf", PDF.to_vec()).await;
    assert!(filed.may_remove);
    let seen = list(&colleague, request.id).await.unwrap();
    assert_eq!(seen.items.iter().map(|file| file.id).collect::<Vec<_>>(), [filed.id], "his own and no other");
    assert_eq!(show(&colleague, request.id).await.attachments, Some(1));
    assert!(read(&colleague, path(request.id, filed.id)).await.status.is_success());
    let other = path(request.id, of_clerk.id);
    assert_eq!(open(&colleague, other).await.unwrap_err().code, Code::NotFound);
    assert_eq!(remove(&colleague, other).await.unwrap_err().code, Code::NotFound);
    // The officer and who decides read both, and the officer may take both off.
    for client in [&clerk, &head] {
        assert_eq!(list(client, request.id).await.unwrap().items.len(), 2);
        assert!(read(client, path(request.id, filed.id)).await.status.is_success());
    }
    assert!(list(&clerk, request.id).await.unwrap().items.iter().all(|file| file.may_remove));
    // Who has no part in it files nothing, though he asks for others too.
    let deputy = app.client_of(DEPUTY).await;
    let refused = send(&deputy, path(request.id, Uuid::new_v4()), "他人.pdf", PDF.to_vec()).await;
    assert_eq!(refused.problem().code, Code::NotFound);
    let trail = audit_entry::Entity::find()
        .filter(audit_entry::Column::SubjectId.eq(filed.id.to_string()))
        .filter(audit_entry::Column::Action.eq("leave.attachment.add"))
        .one(app.state.database.read())
        .await
        .unwrap()
        .unwrap();
    let (by, whose) = (app.officer(COLLEAGUE).await.id, app.officer(CLERK).await.id);
    assert_eq!((trail.actor_id, trail.acting_for_id), (Some(by), Some(whose)), "both are named");

    remove(&colleague, path(request.id, filed.id)).await.expect("nobody has decided");
    assert_eq!(show(&colleague, request.id).await.attachments, Some(0));
    approve_all(&app, &show(&clerk, request.id).await).await;
    let later = attach(&colleague, request.id, "出院.pdf", PDF.to_vec()).await;
    assert!(matches!(show(&clerk, request.id).await.evidence, Some(Evidence::Provided { .. })), "they may follow");
    assert_eq!(remove(&colleague, path(request.id, later.id)).await.unwrap_err().code, Code::WrongState);
}

async fn a_clerk_hears_of_an_overlap_and_not_of_what(app: TestApp) {
    let World { civil, .. } = app.world().await;
    give_clerk(&app, COLLEAGUE, civil).await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let ill = submit(&clerk, asking("sick", "2026-11-25", "2026-11-25")).await;
    submit(&clerk, asking("sick", "2026-11-26", "2026-11-26")).await;
    let body = Submit { officer_id: Some(CLERK.to_owned()), ..asking("annual", "2026-11-24", "2026-11-27") };
    let tells = |text: &str| text.contains(&ill.number) || text.contains("病假") || text.contains("11月25日");
    let preview = colleague.send::<PreviewLeave>(previewing(&body)).await.unwrap();
    let overlaps: Vec<_> = preview.warnings.iter().filter(|warning| warning.code == "overlapping_leave").collect();
    assert_eq!(overlaps.len(), 1, "both say the same: {overlaps:?}");
    assert!(!preview.warnings.iter().any(|warning| tells(&warning.text)), "{:?}", preview.warnings);
    let refused = colleague.send::<SubmitLeave>(body.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::OverlappingLeave);
    assert!(!tells(&refused.detail), "{refused:?}");
    // What adjoins is added up, and not named.
    let beside = Submit { officer_id: Some(CLERK.to_owned()), ..asking("annual", "2026-11-27", "2026-11-27") };
    let preview = colleague.send::<PreviewLeave>(previewing(&beside)).await.unwrap();
    let adjoining = preview.warnings.iter().find(|warning| warning.code == "adjoining").unwrap();
    assert!(!adjoining.text.contains("2026-"), "no number: {adjoining:?}");
    assert_eq!((preview.half_days, preview.routed_half_days, preview.available_after), (2, 2, None));
    // That he has not enough is said, and not how much he has.
    let long = Submit { officer_id: Some(CLERK.to_owned()), ..asking("annual", "2026-12-01", "2026-12-20") };
    let short = colleague.send::<SubmitLeave>(long).await.unwrap_err();
    assert_eq!(short.code, Code::InsufficientBalance);
    assert!(!short.detail.contains(|letter: char| letter.is_ascii_digit()), "{short:?}");
    // HR may read it, and is told.
    let preview = app.client_of(HR).await.send::<PreviewLeave>(previewing(&body)).await.unwrap();
    assert!(preview.warnings.iter().any(|warning| warning.text.contains(&ill.number)), "{:?}", preview.warnings);
}

async fn what_the_approver_is_told_of_other_leave_is_not_for_who_asked(app: TestApp) {
    let World { civil, .. } = app.world().await;
    give_clerk(&app, COLLEAGUE, civil).await;
    let (admin, clerk, colleague) =
        (app.client_of(ADMIN).await, app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let mut personal = rules_of(&admin, "personal").await;
    personal.rules.year_limit = Some(Limit { half_days: 4, blocking: false });
    set(&admin, &personal).await.unwrap();
    submit(&clerk, asking("personal", "2026-11-25", "2026-11-26")).await;
    let body = Submit { officer_id: Some(CLERK.to_owned()), ..asking("personal", "2026-12-02", "2026-12-02") };
    let tells = |text: &str| text.contains("已请");
    let preview = colleague.send::<PreviewLeave>(previewing(&body)).await.unwrap();
    let warning = preview.warnings.iter().find(|warning| warning.code == "over_limit").unwrap();
    assert!(!warning.blocking && !tells(&warning.text), "{warning:?}");
    let request = submit(&colleague, body).await;
    let tasks = inbox(&app.client_of(HEAD).await).await.tasks;
    let task = tasks.into_iter().find(|task| task.subject.subject_id == request.id).unwrap();
    assert_eq!(task.conflicts, ["事假一年一般不超过2天，2026年已请2天，本次为1天；是否准假由审批人决定"]);
    let own = format!("/leave/requests/{}", request.id);
    for address in [own.as_str(), "/leave/on-behalf/requests", "/approvals/inbox"] {
        let page = colleague.fetch(&format!("{BASE}{address}")).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!tells(&page.text()), "{address}: {}", page.text());
    }
}

async fn a_preview_for_another_extends_nothing_of_ones_own(app: TestApp) {
    app.world().await;
    let hr = app.client_of(HR).await;
    let own = submit(&hr, asking("annual", "2026-11-25", "2026-11-25")).await;
    let of_another = previewing(&asking_for(CLERK, "2026-11-26"));
    for (extends, resubmits) in [(Some(own.id), None), (None, Some(own.id))] {
        let refused = hr.send::<PreviewLeave>(Preview { extends, resubmits, ..of_another.clone() }).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("officer_id")));
    }
}

async fn who_may_not_hears_the_same_of_everybody(app: TestApp) {
    app.world().await;
    // Nobody of theirs: a colleague, another division's head, another court's HR, and who does not exist.
    let cases = [
        (COLLEAGUE, CLERK),
        (OTHER_HEAD, CLERK),
        (BASIC_HR, CLERK),
        (HR, FOREIGN_CLERK),
        (HR, "999999"),
        (PRESIDENT, CLERK),
    ];
    let mut said = Vec::new();
    for (who, whom) in cases {
        let client = app.client_of(who).await;
        let body = asking_for(whom, "2026-11-25");
        let refused = client.send::<SubmitLeave>(body.clone()).await.unwrap_err();
        assert_eq!((refused.code, refused.status), (Code::ForeignOfficer, 403), "{who} for {whom}");
        assert_eq!(refused.field.as_deref(), Some("officer_id"));
        let previewed = client.send::<PreviewLeave>(previewing(&body)).await.unwrap_err();
        assert_eq!(previewed, refused, "the preview is no way around");
        said.push(refused);
    }
    assert!(said.iter().all(|one| *one == said[0]), "whether somebody exists is not said");
    let hr = app.client_of(HR).await;
    let path = |officer: &str| app::api::ByOfficer { officer: officer.to_owned() };
    for whom in [FOREIGN_CLERK, "999999"] {
        assert_eq!(hr.get::<GetOnBehalfOfficer>(path(whom)).await.unwrap_err(), said[0]);
    }
    assert!(found(&hr, "张书记").await.is_empty());
    assert_eq!(found(&hr, "许书记").await, [BASIC_CLERK], "the courts below are in his scope");
    // His own number is no other.
    let own = Submit { officer_id: Some(CLERK.to_owned()), ..asking("annual", "2026-11-25", "2026-11-25") };
    let own = submit(&app.client_of(CLERK).await, own).await;
    assert_eq!((own.officer.as_str(), own.submitted_by), (CLERK, None));
}

async fn the_officer_takes_it_back_and_the_other_hears_of_it(app: TestApp) {
    app.world().await;
    let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
    let request = submit(&hr, asking_for(CLERK, "2026-11-25")).await;
    let taken_back = withdraw(&clerk, &request).await.unwrap();
    assert_eq!(taken_back.status, Status::Withdrawn);
    assert_eq!(told(&hr).await, [(NoticeKind::WithdrawnFor, Some("周书记".to_owned()))]);
    assert_eq!(withdraw(&hr, &taken_back).await.unwrap_err().code, Code::WrongState);
    assert_eq!(inbox(&app.client_of(HEAD).await).await.total, 0);
    let others = withdraw(&app.client_of(HEAD).await, &taken_back).await.unwrap_err();
    assert_eq!(others.code, Code::NotFound, "neither of the two");
}

async fn what_was_sent_back_is_submitted_again_by_the_officer_alone(app: TestApp) {
    app.world().await;
    let (head, clerk, deputy) = (app.client_of(HEAD).await, app.client_of(CLERK).await, app.client_of(DEPUTY).await);
    let request = submit(&head, asking_for(CLERK, "2026-11-25")).await;
    let task = only_task(&deputy).await;
    let back = Decide::new(TaskAction::SendBack, "请写明事由", task.version);
    deputy.post::<DecideTask>(ById { id: task.id }, back).await.unwrap();
    assert!(
        told(&head).await.contains(&(NoticeKind::DecidedFor, Some("郑副庭".to_owned()))),
        "who asked for him hears"
    );
    let seen = show(&clerk, request.id).await;
    let again = Resubmit {
        version: seen.version,
        leave_type: "annual".to_owned(),
        from: seen.from,
        to: seen.to,
        reason: "探亲".to_owned(),
        destination: String::new(),
        stand_in: None,
        contact: String::new(),
    };
    let path = ById { id: request.id };
    assert_eq!(head.post::<ResubmitLeave>(path, again.clone()).await.unwrap_err().code, Code::NotFound);
    let running = clerk.post::<ResubmitLeave>(path, again).await.unwrap();
    assert_eq!((running.status, running.submitted_by.as_deref()), (Status::InApproval, Some(HEAD)));
    assert_eq!(inbox(&head).await.total, 0, "who asked at first decides in no round");
    only_task(&deputy).await;
}

async fn a_repeat_is_one_request(app: TestApp) {
    app.world().await;
    let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
    let body = asking_for(CLERK, "2026-11-25");
    let (one, other) = tokio::join!(hr.send::<SubmitLeave>(body.clone()), hr.send::<SubmitLeave>(body.clone()));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(submitted_by(&hr).await.len(), 1);
    assert_eq!(told(&clerk).await.len(), 1, "he hears of it once");
    // The same id from somebody else is another request.
    let own = Submit { officer_id: None, ..body };
    assert_eq!(clerk.send::<SubmitLeave>(own).await.unwrap_err().code, Code::IdReused);
}

async fn a_clerk_needs_a_department(app: TestApp) {
    let World { court, civil, .. } = app.world().await;
    let admin = app.client_of(ADMIN).await;
    let give = |role, court_id, department_id| {
        let body = GiveRole { id: Uuid::new_v4(), officer: COLLEAGUE.to_owned(), role, court_id, department_id };
        admin.send::<CreateRoleGrant>(body)
    };
    let whole = give(Role::DepartmentClerk, Some(court), None).await.unwrap_err();
    assert_eq!((whole.code, whole.field.as_deref()), (Code::BadInput, Some("department_id")));
    let auditor = give(Role::Auditor, Some(court), Some(civil)).await.unwrap_err();
    assert_eq!((auditor.code, auditor.field.as_deref()), (Code::BadInput, Some("department_id")));
    assert_eq!(give(Role::DepartmentClerk, None, Some(Uuid::new_v4())).await.unwrap_err().code, Code::NotFound);
}

async fn the_same_rules_as_if_he_asked_himself(app: TestApp) {
    app.world().await;
    let (hr, clerk) = (app.client_of(HR).await, app.client_of(CLERK).await);
    submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let overlapping = hr.send::<SubmitLeave>(asking_for(CLERK, "2026-11-25")).await.unwrap_err();
    assert_eq!(overlapping.code, Code::OverlappingLeave, "his leave stands in the way");
    let long = Submit { officer_id: Some(CLERK.to_owned()), ..asking("annual", "2026-12-01", "2026-12-20") };
    assert_eq!(hr.send::<SubmitLeave>(long).await.unwrap_err().code, Code::InsufficientBalance, "his balance");
    let stand_in = |number: &str| Submit { stand_in: Some(number.to_owned()), ..asking_for(CLERK, "2026-11-26") };
    let himself = hr.send::<SubmitLeave>(stand_in(CLERK)).await.unwrap_err();
    assert_eq!((himself.code, himself.field.as_deref()), (Code::BadInput, Some("stand_in")));
    assert_eq!(submit(&hr, stand_in(HR)).await.stand_in.as_deref(), Some(HR), "who asks can stand in");
}
