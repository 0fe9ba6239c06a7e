//! 转为病假: days of annual leave on which somebody was ill.

use app::leave::api::{
    Attachment, ConfirmEvidence, Confirmation, Convert, ConvertLeave, Evidence, EvidenceSeen, LeaveSettings,
    LeaveSettingsChange, Resubmit, ResubmitLeave, SetLeaveSettings,
};
use futures_util::future::join_all;
use tests::world::{ADMIN, DIRECTOR, HR};

use super::attachments::{PDF, attach, path, remove};
use super::extend::approved;
use super::*;

on_both!(
    days_of_illness_become_sick_leave_once_the_approver_consents,
    without_a_certificate_nobody_consents,
    what_was_converted_counts_for_who_decides_on_what_adjoins,
    a_conversion_is_off_at_first_and_asked_for_in_its_bounds,
    a_conversion_that_comes_to_nothing_changes_nothing,
    one_return_closes_what_was_converted_too,
    who_was_back_meanwhile_gets_what_was_left,
    of_many_conversions_at_once_one_is_filed,
    converting_against_returning_early_ends_in_sound_books,
    where_the_approver_is_gone_the_political_department_consents,
);

pub(super) async fn allow(app: &TestApp) {
    let seen = LeaveSettings::default();
    let settings = LeaveSettings { convert_sickness: true, ..seen };
    let admin = app.client_of(ADMIN).await;
    admin.send::<SetLeaveSettings>(LeaveSettingsChange { seen, settings }).await.expect("his settings");
}

pub(super) fn ill(leave: &LeaveRequest, from: HalfDay, to: HalfDay) -> Convert {
    let reason = "高烧，人民医院就诊".to_owned();
    Convert { id: Uuid::new_v4(), version: leave.version, from, to, reason }
}

pub(super) async fn convert(client: &Client, leave: &LeaveRequest, body: Convert) -> Result<LeaveRequest, Problem> {
    client.post::<ConvertLeave>(ById { id: leave.id }, body).await
}

/// What an approver has to have before he can consent.
pub(super) async fn certificate(client: &Client, asked: Uuid) -> Attachment {
    attach(client, asked, "诊断证明.pdf", PDF.to_vec()).await
}

async fn back(client: &Client, leave: &LeaveRequest, at: HalfDay) -> Result<LeaveRequest, Problem> {
    let body = ReportReturn { version: leave.version, back: at, note: String::new() };
    client.post::<ReturnFromLeave>(ById { id: leave.id }, body).await
}

async fn used(app: &TestApp) -> (i64, i64) {
    let clerk = app.client_of(CLERK).await;
    (balance(&clerk, "annual").await.used, balance(&clerk, "sick").await.used)
}

async fn is_sound(app: &TestApp) {
    let findings = server::check::check(&app.state).await.expect("the database answers");
    assert_eq!(findings.ledger, Vec::new());
}

/// Tuesday to Friday, on the Thursday of it; whoever approves last consents.
async fn on_leave(app: &TestApp) -> (Client, Client, LeaveRequest) {
    app.world().await;
    allow(app).await;
    let leave = approved(app, "2026-11-24", "2026-11-27").await;
    let last = leave.chain.last().and_then(|step| step.officer.clone()).expect("somebody approved");
    app.clock.set(at("2026-11-26", 10, 0));
    let clerk = app.client_of(CLERK).await;
    let leave = show(&clerk, leave.id).await;
    (clerk, app.client_of(&last).await, leave)
}

async fn days_of_illness_become_sick_leave_once_the_approver_consents(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    assert!(leave.actions.contains(&Action::Convert), "{:?}", leave.actions);
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-26", Half::Am));
    let asked = convert(&clerk, &leave, body.clone()).await.expect("it is on");
    assert_eq!((asked.status, asked.leave_type.as_deref().unwrap(), asked.half_days), (Status::InApproval, "sick", 3));
    assert_eq!(asked.converts.as_ref().map(|leave| leave.number.as_str()), Some(leave.number.as_str()));
    assert_eq!((asked.chain.len(), asked.evidence.clone()), (1, Some(Evidence::Owed)));
    assert_eq!(convert(&clerk, &leave, body.clone()).await.expect("a repeat"), asked);
    let other = Convert { reason: "另".to_owned(), ..body };
    assert_eq!(convert(&clerk, &leave, other).await.expect_err("another body").code, Code::IdReused);
    assert_eq!(used(&app).await, (8, 0), "nothing moves before the consent");
    certificate(&clerk, asked.id).await;
    let task = only_task(&approver).await;
    assert_eq!(task.subject.subject_id, asked.id);
    decide(&approver, &task, TaskAction::Approve).await.expect("he approved the leave");

    assert_eq!(used(&app).await, (5, 3));
    let sick = show(&clerk, asked.id).await;
    assert_eq!((sick.status, sick.evidence.clone()), (Status::OnLeave, Some(Evidence::Provided { at: app.now() })));
    assert_eq!(sick.actions, [], "the annual leave is reported back from");
    let annual = show(&clerk, leave.id).await;
    assert_eq!((annual.half_days, annual.version), (5, leave.version + 1));
    assert_eq!((annual.conversions.len(), annual.conversions[0].id), (1, sick.id));
    is_sound(&app).await;
    // A day cannot be converted twice, and its half days are not free for anything else.
    let again = ill(&annual, half("2026-11-25", Half::Pm), half("2026-11-27", Half::Am));
    assert_eq!(convert(&clerk, &annual, again).await.expect_err("twice").code, Code::BadInput);
    let overlapping = asking("personal", "2026-11-25", "2026-11-25");
    assert_eq!(clerk.send::<SubmitLeave>(overlapping).await.expect_err("taken").code, Code::OverlappingLeave);
    let friday = ill(&annual, half("2026-11-27", Half::Am), half("2026-11-27", Half::Pm));
    assert!(convert(&clerk, &annual, friday).await.is_ok(), "another part of it can");
}

async fn without_a_certificate_nobody_consents(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-26", Half::Am));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    let refused = async || {
        let task = only_task(&approver).await;
        assert!(task.conflicts.iter().any(|text| text.contains("就诊证明")), "he is told before: {:?}", task.conflicts);
        let refused = decide(&approver, &task, TaskAction::Approve).await.expect_err("no certificate");
        assert!(refused.code == Code::EvidenceMissing && refused.detail.contains("已查验"), "{refused:?}");
        assert_eq!((show(&clerk, asked.id).await.status, used(&app).await), (Status::InApproval, (8, 0)));
    };
    refused().await;
    let file = certificate(&clerk, asked.id).await;
    assert_eq!(only_task(&approver).await.conflicts, [""; 0]);
    remove(&clerk, path(asked.id, file.id)).await.expect("nobody has seen it");
    refused().await;
    // Papers of the annual leave are none of this.
    certificate(&clerk, leave.id).await;
    refused().await;
    let seen = EvidenceSeen { version: show(&approver, asked.id).await.version };
    approver.post::<ConfirmEvidence>(ById { id: asked.id }, seen).await.expect("on paper");
    let task = only_task(&approver).await;
    assert_eq!(task.conflicts, [""; 0]);
    decide(&approver, &task, TaskAction::Approve).await.expect("he has seen it");
    assert_eq!(used(&app).await, (5, 3));
    is_sound(&app).await;
}

/// It once counted less, and a longer leave could be cut out of the sight of those who decide on it.
async fn what_was_converted_counts_for_who_decides_on_what_adjoins(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let adjoining = previewing(&asking("annual", "2026-11-30", "2026-11-30"));
    let before = clerk.send::<PreviewLeave>(adjoining.clone()).await.expect("a preview").routed_half_days;
    assert_eq!(before, 10, "Tuesday to Friday, and Monday");
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-27", Half::Pm));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    certificate(&clerk, asked.id).await;
    decide(&approver, &only_task(&approver).await, TaskAction::Approve).await.expect("his task");
    let after = clerk.send::<PreviewLeave>(adjoining).await.expect("a preview").routed_half_days;
    assert_eq!(after, before);
}

async fn a_conversion_is_off_at_first_and_asked_for_in_its_bounds(app: TestApp) {
    app.world().await;
    let leave = approved(&app, "2026-11-24", "2026-11-27").await;
    app.clock.set(at("2026-11-26", 10, 0));
    let clerk = app.client_of(CLERK).await;
    let leave = show(&clerk, leave.id).await;
    assert!(!leave.actions.contains(&Action::Convert));
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    assert_eq!(convert(&clerk, &leave, body.clone()).await.expect_err("off").code, Code::NotEligible);
    allow(&app).await;
    let (am, pm) = (half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    let inverted = ill(&leave, pm, am);
    assert_eq!(convert(&clerk, &leave, inverted).await.expect_err("inverted").code, Code::InvertedSpan);
    let past = ill(&leave, half("2026-11-27", Half::Pm), half("2026-11-28", Half::Am));
    assert_eq!(convert(&clerk, &leave, past).await.expect_err("past its end").code, Code::BadInput);
    let silent = Convert { reason: " ".to_owned(), ..body.clone() };
    assert_eq!(convert(&clerk, &leave, silent).await.expect_err("no words").code, Code::ReasonRequired);
    let stale = Convert { version: leave.version - 1, ..body.clone() };
    assert_eq!(convert(&clerk, &leave, stale).await.expect_err("old").code, Code::StaleVersion);
    let stranger = app.client_of(COLLEAGUE).await;
    assert_eq!(convert(&stranger, &leave, body.clone()).await.expect_err("not his").code, Code::NotFound);
    let asked = convert(&clerk, &leave, body).await.expect("in its bounds");
    let second = ill(&leave, half("2026-11-26", Half::Am), half("2026-11-26", Half::Pm));
    assert_eq!(convert(&clerk, &leave, second).await.expect_err("one at a time").code, Code::WrongState);
    assert!(!show(&clerk, leave.id).await.actions.contains(&Action::Convert));
    assert_eq!(show(&clerk, asked.id).await.actions, [Action::Withdraw]);
}

async fn a_conversion_that_comes_to_nothing_changes_nothing(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let day = (half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    let asked = convert(&clerk, &leave, ill(&leave, day.0, day.1)).await.expect("it is on");
    decide(&approver, &only_task(&approver).await, TaskAction::Refuse).await.expect("his task");
    assert_eq!((show(&clerk, asked.id).await.status, used(&app).await), (Status::Refused, (8, 0)));
    let asked = convert(&clerk, &leave, ill(&leave, day.0, day.1)).await.expect("again");
    let body = Withdraw { version: asked.version };
    let gone = clerk.post::<WithdrawLeave>(ById { id: asked.id }, body).await.expect("his own");
    assert_eq!((gone.status, used(&app).await), (Status::Withdrawn, (8, 0)));
    let asked = convert(&clerk, &leave, ill(&leave, day.0, day.1)).await.expect("again");
    let task = only_task(&approver).await;
    let send_back = Decide::new(TaskAction::SendBack, "请写明就诊医院", task.version);
    approver.post::<DecideTask>(ById { id: task.id }, send_back).await.expect("his task");
    let seen = show(&clerk, asked.id).await;
    assert_eq!((seen.status, seen.actions.as_slice()), (Status::SentBack, [Action::Withdraw].as_slice()));
    let again = Resubmit {
        version: seen.version,
        leave_type: "sick".to_owned(),
        from: day.0,
        to: day.1,
        reason: String::new(),
        destination: String::new(),
        stand_in: None,
        contact: String::new(),
    };
    let refused = clerk.post::<ResubmitLeave>(ById { id: asked.id }, again).await.expect_err("asked anew instead");
    assert_eq!(refused.code, Code::WrongState);
    is_sound(&app).await;
}

async fn one_return_closes_what_was_converted_too(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    // Thursday afternoon to Friday, of which he is back on Friday.
    let body = ill(&leave, half("2026-11-26", Half::Pm), half("2026-11-27", Half::Pm));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    certificate(&clerk, asked.id).await;
    decide(&approver, &only_task(&approver).await, TaskAction::Approve).await.expect("his task");
    assert_eq!(used(&app).await, (5, 3));
    app.clock.set(at("2026-11-27", 9, 0));
    let clerk = app.client_of(CLERK).await;
    let own = ReportReturn {
        version: show(&clerk, asked.id).await.version,
        back: half("2026-11-27", Half::Am),
        note: String::new(),
    };
    let refused = clerk.post::<ReturnFromLeave>(ById { id: asked.id }, own).await.expect_err("of the leave");
    assert_eq!(refused.code, Code::WrongState);
    let annual = show(&clerk, leave.id).await;
    let returned = back(&clerk, &annual, half("2026-11-27", Half::Am)).await.expect("he is back");
    assert_eq!(returned.status, Status::Returned);
    let sick = show(&clerk, asked.id).await;
    assert_eq!((sick.status, sick.outcome), (Status::Returned, Some(Outcome::Early)));
    assert_eq!(used(&app).await, (5, 1), "Friday was taken as neither");
    is_sound(&app).await;
    app.clock.set(at("2026-12-01", 10, 0));
    server::worker::run(&app.state).await;
}

async fn who_was_back_meanwhile_gets_what_was_left(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let body = ill(&leave, half("2026-11-25", Half::Pm), half("2026-11-27", Half::Pm));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    certificate(&clerk, asked.id).await;
    back(&clerk, &leave, half("2026-11-26", Half::Am)).await.expect("he is back");
    assert_eq!(used(&app).await, (4, 0));
    decide(&approver, &only_task(&approver).await, TaskAction::Approve).await.expect("his task");
    assert_eq!(used(&app).await, (3, 1), "the afternoon that was left");
    let sick = show(&clerk, asked.id).await;
    assert_eq!((sick.status, sick.to), (Status::Returned, half("2026-11-25", Half::Pm)));
    is_sound(&app).await;
    // Nothing is left of a part that he was back for.
    let second = show(&clerk, leave.id).await;
    assert_eq!(second.half_days + sick.half_days, 8, "of the eight that were approved");
}

async fn of_many_conversions_at_once_one_is_filed(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let tries = (0..8).map(|_| {
        let (clerk, leave) = (clerk.clone(), leave.clone());
        let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
        tokio::spawn(async move { convert(&clerk, &leave, body).await })
    });
    let outcomes: Vec<_> = join_all(tries.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|refused| refused.code == Code::WrongState));
    let task = only_task(&approver).await;
    certificate(&clerk, task.subject.subject_id).await;
    let taps = (0..4).map(|_| {
        let (approver, task) = (approver.clone(), task.clone());
        tokio::spawn(async move { decide(&approver, &task, TaskAction::Approve).await.is_ok() })
    });
    let won = join_all(taps.collect::<Vec<_>>()).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!((won, used(&app).await), (1, (6, 2)));
    is_sound(&app).await;
}

async fn converting_against_returning_early_ends_in_sound_books(app: TestApp) {
    let (clerk, approver, leave) = on_leave(&app).await;
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-27", Half::Pm));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    certificate(&clerk, asked.id).await;
    let asked = show(&clerk, asked.id).await;
    let task = only_task(&approver).await;
    let returning = {
        let (clerk, leave) = (clerk.clone(), leave.clone());
        tokio::spawn(async move { back(&clerk, &leave, half("2026-11-26", Half::Am)).await })
    };
    let consenting = tokio::spawn(async move { decide(&approver, &task, TaskAction::Approve).await });
    let withdrawing = {
        let (clerk, body) = (clerk.clone(), Withdraw { version: asked.version });
        tokio::spawn(async move { clerk.post::<WithdrawLeave>(ById { id: asked.id }, body).await })
    };
    let (returned, consented, withdrawn) =
        (returning.await.unwrap(), consenting.await.unwrap(), withdrawing.await.unwrap());
    assert_ne!(consented.is_ok(), withdrawn.is_ok(), "{consented:?} {withdrawn:?}");
    if let Err(late) = &returned {
        assert_eq!(late.code, Code::StaleVersion, "the consent changed the leave first");
        let seen = show(&clerk, leave.id).await;
        back(&clerk, &seen, half("2026-11-26", Half::Am)).await.expect("he is back");
    }
    is_sound(&app).await;
    assert_eq!(used(&app).await, if consented.is_ok() { (2, 2) } else { (4, 0) }, "in either order");
}

async fn where_the_approver_is_gone_the_political_department_consents(app: TestApp) {
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
    let (clerk, _, leave) = on_leave(&app).await;
    let last = leave.chain.last().and_then(|step| step.officer.clone()).expect("somebody approved");
    let mut gone = app.officer(&last).await.into_active_model();
    gone.status = Set("retired".to_owned());
    gone.update(app.state.database.write()).await.expect("he has left");
    let body = ill(&leave, half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    let asked = convert(&clerk, &leave, body).await.expect("it is on");
    let mut who: Vec<_> = asked.chain.iter().filter_map(|step| step.officer.clone()).collect();
    who.sort();
    assert_eq!(who, [DIRECTOR, HR]);
    let hr = app.client_of(HR).await;
    let seen = EvidenceSeen { version: show(&hr, asked.id).await.version };
    hr.post::<ConfirmEvidence>(ById { id: asked.id }, seen).await.expect("one of them");
    decide(&hr, &only_task(&hr).await, TaskAction::Approve).await.expect("one of them");
    assert_eq!(used(&app).await, (6, 2));
    assert_eq!(LeaveSettings::default().return_confirmation, Confirmation::None);
}
