//! What stays of a decision: the device in the timeline, and both names of a delegated one in the audit trail.

use app::approval::api::TimelineItem;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use server::entity::{approval_entry, audit_entry, session};

use super::*;

on_both!(
    an_approver_s_device_stands_in_the_timeline_for_approvers_only,
    a_delegate_s_decision_is_audited_with_both_names,
);

const DEVICE: &str = "庭长的手机";

/// Has the sessions of an officer name this device.
async fn hold(app: &TestApp, number: &str, device: &str) {
    let officer = app.officer(number).await.id;
    let named = session::Entity::update_many()
        .col_expr(session::Column::Device, Expr::value(device))
        .filter(session::Column::OfficerId.eq(officer))
        .exec(app.state.database.write())
        .await
        .unwrap();
    assert_eq!(named.rows_affected, 1);
}

fn approval(view: &ProcessView) -> &TimelineItem {
    view.timeline.iter().find(|item| item.verb == Some(Verb::Approve)).expect("it was approved once")
}

async fn an_approver_s_device_stands_in_the_timeline_for_approvers_only(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let (overseer, colleague) = (app.client_of(OVERSEER).await, app.client_of(COLLEAGUE).await);
    hold(&app, HEAD, DEVICE).await;
    let request = request_of(&clerk, "2026-12-02").await;
    let copy = ActOnRequest { action: RequestAction::Copy, comment: String::new(), to: vec![COLLEAGUE.to_owned()] };
    clerk.post::<ActOnProcess>(ById { id: request.id }, copy).await.unwrap();
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();

    let entries = approval_entry::Entity::find()
        .filter(approval_entry::Column::SubjectId.eq(request.id))
        .filter(approval_entry::Column::ActorId.eq(app.officer(HEAD).await.id))
        .all(app.state.database.read())
        .await
        .unwrap();
    let recorded: Vec<_> = entries.iter().map(|entry| entry.device.as_deref()).collect();
    assert_eq!(recorded, [Some(DEVICE)], "it is kept with the decision");

    for (who, client) in [("who decided", &head), ("who decides next", &overseer)] {
        let view = process(client, request.id).await;
        assert_eq!(approval(&view).device.as_deref(), Some(DEVICE), "{who}");
    }
    for (who, client) in [("the applicant", &clerk), ("who has a copy", &colleague)] {
        let view = process(client, request.id).await;
        assert_eq!(approval(&view).actor, Some(app.officer(HEAD).await.name), "{who} sees who decided");
        assert!(view.timeline.iter().all(|item| item.device.is_none()), "{who} sees no device");
    }
}

async fn a_delegate_s_decision_is_audited_with_both_names(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    let deputy = app.client_of(DEPUTY).await;
    let own = request_of(&clerk, "2026-11-30").await;
    decide(&head, &only_task(&head).await, TaskAction::Approve).await.unwrap();
    let now = app.now();
    delegate(&app, HEAD, DEPUTY, Period::Between { from: now, until: now.plus_minutes(60) }).await;
    let delegated = submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&clerk, delegated.id).await.status, Status::Approved);

    let (head, deputy) = (app.officer(HEAD).await.id, app.officer(DEPUTY).await.id);
    for (request, actor, acting_for) in [(own.id, head, None), (delegated.id, deputy, Some(head))] {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Action.eq("approval.approve"))
            .filter(audit_entry::Column::SubjectKind.eq("leave_request"))
            .filter(audit_entry::Column::SubjectId.eq(request.to_string()))
            .all(app.state.database.read())
            .await
            .unwrap();
        let names: Vec<_> = rows.iter().map(|row| (row.actor_id, row.acting_for_id)).collect();
        assert_eq!(names, [(Some(actor), acting_for)]);
        let session = session::Entity::find_by_id(rows[0].origin.parse::<Uuid>().expect("a session"));
        let session = session.one(app.state.database.read()).await.unwrap().expect("it is still there");
        assert_eq!(session.officer_id, actor, "it came from his own session");
    }
}
