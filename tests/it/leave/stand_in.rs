//! 工作代理人: he is asked, answers, is warned, and sees no more than he needs.

use app::api::{BASE, ById, Code, Empty, Problem};
use app::approval::api::TaskAction;
use app::day::Half;
use app::leave::api::{
    AnswerStandIn, Cancel, CancelLeave, LeaveRequest, ListStandInRules, ListStandIns, NameStandIn, NewStandIn,
    PreviewLeave, ReportReturn, Resubmit, ResubmitLeave, ReturnFromLeave, SetStandInRule, StandIn, StandInAnswer,
    StandInRule, StandInRuleChange, Submit, SubmitLeave, Withdraw, WithdrawLeave,
};
use app::leave::rules::{Action, Status};
use app::leave::stand_in::StandInState;
use app::notice::api::{ListNotices, NoticeQuery};
use app::notice::rules::NoticeKind;
use app::org::rules::OfficerStatus;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use tests::world::{BASIC_CLERK, BASIC_HR, CLERK, COLLEAGUE, DEPUTY, HEAD, HR};
use tests::{Client, TestApp, at, on_both};
use uuid::Uuid;

use super::{approve_all, asking, decide, half, only_task, previewing, show, submit};

on_both!(
    a_colleague_is_asked_and_agrees,
    he_sees_when_and_neither_why_nor_where,
    a_refusal_is_told_and_an_open_answer_warns_the_last_approver,
    who_is_away_himself_is_warned_of,
    who_agreed_to_other_days_is_asked_again,
    a_contact_is_for_those_who_need_it,
    where_the_court_says_so_nobody_approves_before_he_agrees,
    whoever_declined_is_replaced_by_another,
    he_hears_when_nothing_comes_of_it_or_it_ends_early,
    the_rule_of_a_court_is_changed_by_who_looks_after_it,
    whoever_agreed_is_reminded_when_he_asks_for_leave_himself,
    nobody_who_has_left_stands_in,
);

fn with_stand_in(first: &str, last: &str) -> Submit {
    Submit { stand_in: Some(COLLEAGUE.to_owned()), contact: "13800000001".to_owned(), ..asking("annual", first, last) }
}

async fn asked(client: &Client) -> Vec<StandIn> {
    client.get::<ListStandIns>(Empty {}).await.unwrap().items
}

async fn say(client: &Client, request: &LeaveRequest, accept: bool, note: &str) -> Result<StandIn, Problem> {
    let body = StandInAnswer { accept, note: note.to_owned(), from: request.from, to: request.to };
    client.post::<AnswerStandIn>(ById { id: request.id }, body).await
}

async fn told(client: &Client) -> Vec<(NoticeKind, String)> {
    let notices = client.call::<ListNotices>(Empty {}, NoticeQuery::default(), Empty {}).await.unwrap();
    notices.items.into_iter().map(|notice| (notice.kind, notice.link)).collect()
}

async fn a_colleague_is_asked_and_agrees(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-26")).await;
    assert_eq!(request.stand_in_state, Some(StandInState::Open));
    assert_eq!(told(&colleague).await, [(NoticeKind::StandInAsked, "/me/stand-ins".to_owned())]);
    assert!(asked(&colleague).await[0].may_answer);

    let agreed = say(&colleague, &request, true, "").await.unwrap();
    assert_eq!(agreed.state, StandInState::Accepted);
    assert_eq!(say(&colleague, &request, true, "").await.unwrap(), agreed, "a repeat");
    let seen = show(&clerk, request.id).await;
    assert_eq!((seen.stand_in_state, seen.version), (Some(StandInState::Accepted), request.version));
    let answered = told(&clerk).await;
    assert_eq!(answered, [(NoticeKind::StandInAnswered, format!("/leave/{}", request.id))], "once");

    // From the first day on the answer stands.
    approve_all(&app, &request).await;
    app.clock.set(at("2026-11-25", 9, 0));
    let colleague = app.client_of(COLLEAGUE).await;
    assert!(!asked(&colleague).await[0].may_answer);
    assert_eq!(say(&colleague, &request, false, "").await.unwrap_err().code, Code::WrongState);
    app.clock.set(at("2026-11-27", 9, 0));
    assert!(asked(&app.client_of(COLLEAGUE).await).await.is_empty(), "over");
}

async fn he_sees_when_and_neither_why_nor_where(app: TestApp) {
    app.world().await;
    let request = submit(&app.client_of(CLERK).await, with_stand_in("2026-11-25", "2026-11-26")).await;
    let colleague = app.client_of(COLLEAGUE).await;
    let page = colleague.fetch(&format!("{BASE}/leave/stand-ins")).await.text();
    assert!(page.contains("13800000001") && page.contains("周书记"), "{page}");
    for hidden in ["回乡探亲", "临江市", "annual"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let stranger = app.client_of(BASIC_CLERK).await;
    assert!(asked(&stranger).await.is_empty());
    assert_eq!(say(&stranger, &request, true, "").await.unwrap_err().code, Code::NotFound);
}

async fn a_refusal_is_told_and_an_open_answer_warns_the_last_approver(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    let head = app.client_of(HEAD).await;
    let conflicts = only_task(&head).await.conflicts;
    assert!(conflicts.iter().any(|text| text.contains("代理人吴同事尚未同意")), "{conflicts:?}");
    say(&app.client_of(COLLEAGUE).await, &request, false, "那天要开庭").await.unwrap();
    let conflicts = only_task(&head).await.conflicts;
    assert_eq!(conflicts, ["代理人吴同事不同意代理（那天要开庭），请申请人另行安排"]);
    assert_eq!(show(&clerk, request.id).await.stand_in_note.as_deref(), Some("那天要开庭"));
    let refused = say(&app.client_of(COLLEAGUE).await, &request, true, &"长".repeat(101)).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("note")));
}

async fn who_is_away_himself_is_warned_of(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    submit(&colleague, asking("sick", "2026-11-26", "2026-11-27")).await;
    let body = with_stand_in("2026-11-25", "2026-11-26");
    let warnings = clerk.send::<PreviewLeave>(previewing(&body)).await.unwrap().warnings;
    let warning = warnings.iter().find(|warning| warning.code == "stand_in_away").unwrap();
    assert!(!warning.blocking && warning.text.contains("吴同事") && !warning.text.contains('病'), "{warning:?}");
    submit(&clerk, body).await;
    assert!(asked(&colleague).await[0].warnings[0].contains("也在申请外出"));

    // A second one who names him hears that he is taken.
    let deputy = app.client_of(DEPUTY).await;
    let body = with_stand_in("2026-11-25", "2026-11-25");
    let warnings = deputy.send::<PreviewLeave>(previewing(&body)).await.unwrap().warnings;
    let codes: Vec<&str> = warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["stand_in_busy"], "he is not away on that day: {warnings:?}");
}

async fn who_agreed_to_other_days_is_asked_again(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let body = with_stand_in("2026-11-25", "2026-11-25");
    let request = submit(&clerk, body.clone()).await;
    say(&colleague, &request, true, "").await.unwrap();
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    let back = app::approval::api::Decide::new(TaskAction::SendBack, "请改期", task.version);
    head.post::<app::approval::api::DecideTask>(ById { id: task.id }, back).await.unwrap();
    let version = show(&clerk, request.id).await.version;
    let later = with_stand_in("2026-12-02", "2026-12-02");
    let again = Resubmit {
        version,
        leave_type: later.leave_type,
        from: later.from,
        to: later.to,
        reason: later.reason,
        destination: later.destination,
        stand_in: later.stand_in,
        contact: later.contact,
    };
    let changed = clerk.post::<ResubmitLeave>(ById { id: request.id }, again).await.unwrap();
    assert_eq!(changed.stand_in_state, Some(StandInState::Open));
    assert_eq!(told(&colleague).await.len(), 2, "asked twice");
    let late = say(&colleague, &request, true, "").await.unwrap_err();
    assert!(late.code == Code::StaleVersion && late.current.is_some(), "he saw the old days");
    assert_eq!(say(&colleague, &changed, true, "").await.unwrap().state, StandInState::Accepted);
}

async fn a_contact_is_for_those_who_need_it(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let long = Submit { contact: "1".repeat(101), ..with_stand_in("2026-11-25", "2026-11-25") };
    let refused = clerk.send::<SubmitLeave>(long).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("contact")));
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    assert_ne!(request.id, Uuid::nil());
    assert_eq!(show(&app.client_of(HEAD).await, request.id).await.contact.as_deref(), Some("13800000001"));
}

async fn rule(client: &Client) -> StandInRule {
    client.get::<ListStandInRules>(Empty {}).await.unwrap().items.remove(0)
}

async fn accept_first(app: &TestApp) {
    let hr = app.client_of(HR).await;
    let StandInRule { court, version, .. } = rule(&hr).await;
    hr.post::<SetStandInRule>(ById { id: court }, StandInRuleChange { version, accept_first: true }).await.unwrap();
}

async fn name(client: &Client, request: &LeaveRequest, from: &str, to: &str) -> Result<LeaveRequest, Problem> {
    let body = NewStandIn { instead_of: from.to_owned(), stand_in: to.to_owned() };
    client.post::<NameStandIn>(ById { id: request.id }, body).await
}

async fn where_the_court_says_so_nobody_approves_before_he_agrees(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = with_stand_in("2026-11-25", "2026-11-25");
    let warns = async || {
        let warnings = clerk.send::<PreviewLeave>(previewing(&body)).await.unwrap().warnings;
        warnings.iter().any(|warning| warning.code == "stand_in_first" && !warning.blocking)
    };
    assert!(!warns().await, "off at first");
    accept_first(&app).await;
    assert!(warns().await);
    let request = submit(&clerk, body.clone()).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    assert!(task.conflicts.iter().any(|text| text.contains("才能批准")), "{:?}", task.conflicts);
    let refused = decide(&head, &task, TaskAction::Approve).await.unwrap_err();
    assert!(refused.code == Code::StandInFirst && refused.detail.contains("吴同事"), "{refused:?}");
    say(&app.client_of(COLLEAGUE).await, &request, true, "").await.unwrap();
    decide(&head, &task, TaskAction::Approve).await.expect("he has agreed");
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    // Without a stand-in there is nobody to wait for, and refusing is free.
    let alone = submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;
    approve_all(&app, &alone).await;
    submit(&clerk, with_stand_in("2026-12-03", "2026-12-03")).await;
    decide(&head, &only_task(&head).await, TaskAction::Refuse).await.expect("refusing waits for nobody");
}

async fn whoever_declined_is_replaced_by_another(app: TestApp) {
    app.world().await;
    accept_first(&app).await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    say(&colleague, &request, false, "那天要开庭").await.unwrap();
    let seen = show(&clerk, request.id).await;
    assert!(seen.actions.contains(&Action::NameStandIn), "{:?}", seen.actions);
    let stale = name(&clerk, &request, DEPUTY, HEAD).await.unwrap_err();
    assert!(stale.code == Code::StaleVersion && stale.current.is_some());
    assert_eq!(name(&clerk, &request, COLLEAGUE, CLERK).await.unwrap_err().code, Code::BadInput, "not himself");
    assert_eq!(name(&colleague, &request, COLLEAGUE, DEPUTY).await.unwrap_err().code, Code::NotFound);
    let renamed = name(&clerk, &request, COLLEAGUE, DEPUTY).await.unwrap();
    assert_eq!((renamed.stand_in.as_deref(), renamed.stand_in_state), (Some(DEPUTY), Some(StandInState::Open)));
    assert_eq!((renamed.version, renamed.stand_in_note.clone()), (request.version, None));
    assert_eq!(name(&clerk, &request, COLLEAGUE, DEPUTY).await.unwrap(), renamed, "a repeat");
    let deputy = app.client_of(DEPUTY).await;
    assert_eq!(told(&deputy).await[0].0, NoticeKind::StandInAsked);
    assert!(asked(&colleague).await.is_empty());
    say(&deputy, &request, true, "").await.unwrap();
    assert_eq!(name(&clerk, &request, DEPUTY, COLLEAGUE).await.unwrap_err().code, Code::WrongState, "he has agreed");
    approve_all(&app, &request).await;
}

async fn he_hears_when_nothing_comes_of_it_or_it_ends_early(app: TestApp) {
    app.world().await;
    let (clerk, colleague, head) =
        (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await, app.client_of(HEAD).await);
    let changed = async || {
        let kinds = told(&colleague).await;
        kinds.into_iter().filter(|(kind, link)| *kind == NoticeKind::StandInChanged && link == "/me/stand-ins").count()
    };
    let refused = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    decide(&head, &only_task(&head).await, TaskAction::Refuse).await.unwrap();
    assert_eq!((changed().await, show(&clerk, refused.id).await.status), (1, Status::Refused));
    let withdrawn = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    let body = Withdraw { version: withdrawn.version };
    clerk.post::<WithdrawLeave>(ById { id: withdrawn.id }, body).await.unwrap();
    assert_eq!(changed().await, 2);
    let cancelled = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    approve_all(&app, &cancelled).await;
    let body = Cancel { version: show(&head, cancelled.id).await.version, reason: "有紧急庭审".to_owned() };
    head.post::<CancelLeave>(ById { id: cancelled.id }, body).await.unwrap();
    assert_eq!(changed().await, 3);
    // Who has declined has nothing to do with it any more.
    let declined = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    say(&colleague, &declined, false, "").await.unwrap();
    let body = Withdraw { version: declined.version };
    clerk.post::<WithdrawLeave>(ById { id: declined.id }, body).await.unwrap();
    assert_eq!(changed().await, 3);
    let early = submit(&clerk, with_stand_in("2026-11-25", "2026-11-26")).await;
    approve_all(&app, &early).await;
    app.clock.set(at("2026-11-26", 9, 0));
    let version = show(&clerk, early.id).await.version;
    let back = ReportReturn { version, back: half("2026-11-26", Half::Am), note: String::new() };
    clerk.post::<ReturnFromLeave>(ById { id: early.id }, back).await.unwrap();
    assert_eq!(changed().await, 4);
}

async fn the_rule_of_a_court_is_changed_by_who_looks_after_it(app: TestApp) {
    app.world().await;
    let (hr, basic) = (app.client_of(HR).await, app.client_of(BASIC_HR).await);
    let own = rule(&hr).await;
    assert_eq!((own.court_name.as_str(), own.version, own.accept_first), ("江州市中级人民法院", 0, false));
    let on = StandInRuleChange { version: 0, accept_first: true };
    let refused = basic.post::<SetStandInRule>(ById { id: own.court }, on).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound, "another court's");
    let set = hr.post::<SetStandInRule>(ById { id: own.court }, on).await.unwrap();
    assert_eq!((set.version, set.accept_first), (1, true));
    assert_eq!(hr.post::<SetStandInRule>(ById { id: own.court }, on).await.unwrap(), set, "a repeat");
    let off = StandInRuleChange { version: 0, accept_first: false };
    assert_eq!(hr.post::<SetStandInRule>(ById { id: own.court }, off).await.unwrap_err().code, Code::StaleVersion);
    assert!(rule(&hr).await.accept_first && !rule(&basic).await.accept_first);
}

async fn whoever_agreed_is_reminded_when_he_asks_for_leave_himself(app: TestApp) {
    app.world().await;
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let own = asking("personal", "2026-11-26", "2026-11-27");
    let reminded = async |body: &Submit| {
        let warnings = colleague.send::<PreviewLeave>(previewing(body)).await.unwrap().warnings;
        warnings.into_iter().find(|warning| warning.code == "stands_in")
    };
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-26")).await;
    assert_eq!(reminded(&own).await, None, "he has promised nothing yet");
    say(&colleague, &request, true, "").await.unwrap();
    let warning = reminded(&own).await.unwrap();
    assert!(!warning.blocking, "{warning:?}");
    assert!(warning.text.starts_with("您已同意11月25日至11月26日为周书记代理工作"), "{warning:?}");
    assert!(!warning.text.contains("年休假") && !warning.text.contains("annual"), "{warning:?}");
    assert_eq!(reminded(&asking("personal", "2026-11-27", "2026-11-27")).await, None);
    let out = Submit { contact: "13800000001".to_owned(), ..asking("leaving_town", "2026-11-26", "2026-11-26") };
    assert_eq!(reminded(&out).await, None, "a report keeps him from nothing");

    let head = app.client_of(HEAD).await;
    withdraw_after(&clerk, &head, &colleague, &request, own.clone()).await;
    assert_eq!(reminded(&asking("personal", "2026-11-25", "2026-11-25")).await, None, "nothing came of it");
}

/// The colleague's own leave as its approver sees it, before and after the request that he stands in for is withdrawn.
async fn withdraw_after(clerk: &Client, head: &Client, colleague: &Client, request: &LeaveRequest, own: Submit) {
    let own = submit(colleague, own).await;
    let told = async || {
        let tasks = super::inbox(head).await.tasks;
        let task = tasks.into_iter().find(|task| task.subject.subject_id == own.id).unwrap();
        task.conflicts.iter().any(|text| text.starts_with("吴同事已同意11月25日至11月26日为周书记代理工作"))
    };
    assert!(told().await);
    let version = show(clerk, request.id).await.version;
    clerk.post::<WithdrawLeave>(ById { id: request.id }, Withdraw { version }).await.unwrap();
    assert!(!told().await);
}

async fn nobody_who_has_left_stands_in(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, with_stand_in("2026-11-25", "2026-11-25")).await;
    let mut left = app.officer(DEPUTY).await.into_active_model();
    left.status = Set(OfficerStatus::Retired.as_str().to_owned());
    left.update(app.state.database.write()).await.unwrap();
    let body = Submit { stand_in: Some(DEPUTY.to_owned()), ..with_stand_in("2026-11-26", "2026-11-26") };
    let warnings = clerk.send::<PreviewLeave>(previewing(&body)).await.unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.blocking && warning.code == "stand_in_left"), "{warnings:?}");
    let refused = clerk.send::<SubmitLeave>(body).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("stand_in")));
    assert!(refused.detail.contains("郑副庭已不在职"), "{refused:?}");
    let other = NewStandIn { instead_of: COLLEAGUE.to_owned(), stand_in: DEPUTY.to_owned() };
    let refused = clerk.post::<NameStandIn>(ById { id: request.id }, other).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("stand_in")));
}
