//! The settings of running requests: their bounds, and that the engine obeys them from the next action on.

use app::api::{ById, Code, Empty, Problem};
use app::approval::api::{
    ActOnProcess, ActOnRequest, ApprovalSettings, ApprovalSettingsChange, GetApprovalSettings, GetProcess, ProcessView,
    RequestAction, SetApprovalSettings, TaskAction,
};
use app::approval::process::Verb;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::entity::audit_entry;
use tests::world::{ADMIN, CLERK, HEAD};
use tests::{Client, TestApp, on_both};
use uuid::Uuid;

use crate::leave::{asking, decide, only_task, submit};

on_both!(
    urging_obeys_the_interval_that_is_set,
    taking_back_can_be_switched_off,
    settings_out_of_bounds_are_refused,
    of_two_administrators_none_overwrites_what_he_has_not_seen,
);

async fn set(admin: &Client, after: i64, every: i64, take_back: bool) -> Result<ApprovalSettings, Problem> {
    let settings = ApprovalSettings { urge_after_minutes: after, urge_every_minutes: every, take_back };
    let seen = admin.get::<GetApprovalSettings>(Empty {}).await?;
    admin.send::<SetApprovalSettings>(ApprovalSettingsChange { seen, settings }).await
}

async fn urge(client: &Client, id: Uuid) -> Result<ProcessView, Problem> {
    let body = ActOnRequest { action: RequestAction::Urge, comment: String::new(), to: Vec::new() };
    client.post::<ActOnProcess>(ById { id }, body).await
}

async fn audited(app: &TestApp) -> usize {
    let rows = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("approval_settings.set"));
    rows.all(app.state.database.read()).await.unwrap().len()
}

async fn urging_obeys_the_interval_that_is_set(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let default = admin.get::<GetApprovalSettings>(Empty {}).await.unwrap();
    let expected = ApprovalSettings { urge_after_minutes: 120, urge_every_minutes: 720, take_back: true };
    assert_eq!(default, expected);
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    assert_eq!(urge(&clerk, request.id).await.unwrap_err().code, Code::SlowDown, "not before two hours");

    let settings = set(&admin, 5, 30, true).await.unwrap();
    assert_eq!(admin.get::<GetApprovalSettings>(Empty {}).await.unwrap(), settings);
    assert_eq!(urge(&clerk, request.id).await.unwrap_err().code, Code::SlowDown);
    app.clock.set(app.now().plus_minutes(5));
    urge(&clerk, request.id).await.unwrap();
    app.clock.set(app.now().plus_minutes(29));
    assert_eq!(urge(&clerk, request.id).await.unwrap_err().code, Code::SlowDown);
    app.clock.set(app.now().plus_minutes(1));
    urge(&clerk, request.id).await.unwrap();

    assert_eq!(audited(&app).await, 1);
    set(&admin, 5, 30, true).await.unwrap();
    assert_eq!(audited(&app).await, 1, "the same again changes nothing");
}

async fn taking_back_can_be_switched_off(app: TestApp) {
    app.world().await;
    let (admin, clerk, head) = (app.client_of(ADMIN).await, app.client_of(CLERK).await, app.client_of(HEAD).await);
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let offered = async || {
        let process = head.get::<GetProcess>(ById { id: request.id }).await.unwrap();
        process.offers.iter().any(|offer| offer.verb == Verb::TakeBack)
    };
    assert!(offered().await);
    set(&admin, 120, 720, false).await.unwrap();
    assert!(!offered().await, "the button goes with the setting");
}

async fn settings_out_of_bounds_are_refused(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    for (after, every, field) in [(-1, 60, "urge_after_minutes"), (0, 9, "urge_every_minutes")] {
        let problem = set(&admin, after, every, true).await.unwrap_err();
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some(field)));
    }
    assert_eq!(audited(&app).await, 0);
}

async fn of_two_administrators_none_overwrites_what_he_has_not_seen(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let seen = admin.get::<GetApprovalSettings>(Empty {}).await.unwrap();
    let change = |every| {
        let settings = ApprovalSettings { urge_every_minutes: every, ..seen };
        admin.send::<SetApprovalSettings>(ApprovalSettingsChange { seen, settings })
    };
    let answers = join_all([30, 60, 90, 120].map(change)).await;
    let won: Vec<&ApprovalSettings> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert_eq!(&admin.get::<GetApprovalSettings>(Empty {}).await.unwrap(), won[0]);
    for problem in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(problem.code, Code::StaleVersion);
        let current: ApprovalSettings = serde_json::from_value(problem.current.clone().unwrap()).unwrap();
        assert_eq!(&current, won[0], "it says what holds now");
    }
    assert_eq!(audited(&app).await, 1);
    let again = change(won[0].urge_every_minutes).await;
    assert!(again.is_ok(), "a second tap changes nothing and is no mistake");
}
