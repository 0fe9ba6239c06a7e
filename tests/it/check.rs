//! `fingertip check`: what is stored adds up, and it is found when it does not.

use std::cell::Cell;

use futures_util::future::join;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::check::check;
use server::entity::{approval_task, leave_entry};
use tests::world::{CLERK, COLLEAGUE};
use tests::{TestApp, on_both};

use crate::leave::{asking, submit};

on_both!(
    a_ledger_that_does_not_add_up_is_found,
    a_task_that_names_another_applicant_is_found,
    a_check_during_submissions_finds_no_fault,
);

async fn a_ledger_that_does_not_add_up_is_found(app: TestApp) {
    app.world().await;
    let request = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-30", "2026-12-01")).await;
    let findings = check(&app.state).await.unwrap();
    assert_eq!((findings.requests, findings.is_sound()), (1, true));
    leave_entry::Entity::update_many()
        .col_expr(leave_entry::Column::HalfDays, Expr::value(-1_i64))
        .filter(leave_entry::Column::RequestId.eq(request.id))
        .exec(app.state.database.write())
        .await
        .unwrap();
    let findings = check(&app.state).await.unwrap();
    assert_eq!(findings.ledger.len(), 1);
    assert_eq!((findings.ledger[0].request, findings.ledger[0].expected), (request.id, -4));
}

async fn a_task_that_names_another_applicant_is_found(app: TestApp) {
    app.world().await;
    let request = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-30", "2026-12-01")).await;
    submit(&app.client_of(COLLEAGUE).await, asking("annual", "2026-12-07", "2026-12-07")).await;
    assert!(check(&app.state).await.unwrap().applicants.is_empty());
    let moved = approval_task::Entity::update_many()
        .col_expr(approval_task::Column::ApplicantId, Expr::value(app.officer(COLLEAGUE).await.id))
        .filter(approval_task::Column::SubjectId.eq(request.id))
        .exec(app.state.database.write())
        .await
        .unwrap();
    assert!(moved.rows_affected > 0);
    let findings = check(&app.state).await.unwrap();
    assert_eq!((findings.applicants.as_slice(), findings.is_sound()), ([request.id].as_slice(), false));
}

async fn a_check_during_submissions_finds_no_fault(app: TestApp) {
    app.world().await;
    let ready = Cell::new(false);
    let submitting = async {
        for officer in [CLERK, COLLEAGUE] {
            let client = app.client_of(officer).await;
            for day in 7..12 {
                let day = format!("2026-12-{day:02}");
                submit(&client, asking("annual", &day, &day)).await;
            }
        }
        ready.set(true);
    };
    let checking = async {
        while !ready.get() {
            let findings = check(&app.state).await.unwrap();
            assert_eq!(findings.ledger, Vec::new(), "of {} requests", findings.requests);
        }
    };
    join(submitting, checking).await;
    assert_eq!(check(&app.state).await.unwrap().requests, 10);
}
