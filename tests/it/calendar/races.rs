//! The calendar changes while somebody submits or decides: in whatever order, slots, ledger and calendar agree in the
//! end.

use app::approval::api::TaskAction;
use app::leave::api::SubmitLeave;
use app::leave::rules::Status;
use tests::world::{ADMIN, CLERK, HEAD};
use tests::{TestApp, at, on_both};

use super::{import, paper};
use crate::leave::{asking, balance, decide, ledger_sum, only_task, show, submit};

on_both!(approving_against_a_change_ends_the_same, submitting_against_a_change_ends_the_same,);

/// Runs the job until no request is left behind; two of them at once, as two servers would.
async fn count_anew(app: &TestApp) {
    let other = app.replica().await;
    for _ in 0..20 {
        let (one, two) =
            tokio::join!(server::leave::recount::run_due(&app.state), server::leave::recount::run_due(&other.state));
        let current = app.state.reference.current(app.state.database.read()).await.unwrap();
        let is_done = current.recounted == i32::try_from(current.calendar.version()).unwrap();
        if one.is_ok() && two.is_ok() && is_done {
            return;
        }
    }
    panic!("requests are left that were not counted anew");
}

async fn approving_against_a_change_ends_the_same(app: TestApp) {
    app.world().await;
    let (clerk, head, admin) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(ADMIN).await);
    let mut requests = Vec::new();
    // None adjoins another: their half days would be added up, and the chain would grow.
    for (round, date) in ["2026-11-25", "2026-12-01", "2026-12-08", "2026-12-16"].into_iter().enumerate() {
        let request = submit(&clerk, asking("annual", date, date)).await;
        requests.push(request.id);
        let task = only_task(&head).await;
        let approving = {
            let (head, task) = (head.clone(), task.clone());
            tokio::spawn(async move { decide(&head, &task, TaskAction::Approve).await })
        };
        let changing = {
            let (admin, state) = (admin.clone(), app.state.clone());
            let change = paper(2026, &[(date, true)]);
            tokio::spawn(async move {
                let outcome = import(&admin, change, false).await;
                // The first try may lose to the approval; the next round goes on.
                let _ = server::leave::recount::run_due(&state).await;
                outcome
            })
        };
        approving.await.unwrap().unwrap();
        assert!(changing.await.unwrap().applied);
        count_anew(&app).await;
        let request = show(&clerk, request.id).await;
        assert_eq!((request.status, request.half_days), (Status::Approved, 0), "round {round}");
        let left = balance(&clerk, "annual").await;
        assert_eq!((left.held, left.used, left.available), (0, 0, Some(20)), "round {round}");
    }
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 20);
    // None of them has a day left, so there is nothing to report back from.
    app.clock.set(at("2026-12-17", 10, 0));
    let clerk = app.client_of(CLERK).await;
    for request in requests {
        assert_eq!(show(&clerk, request).await.status, Status::Returned);
    }
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}

async fn submitting_against_a_change_ends_the_same(app: TestApp) {
    app.world().await;
    let (clerk, admin) = (app.client_of(CLERK).await, app.client_of(ADMIN).await);
    let mut expected = 0;
    for date in ["2026-11-25", "2026-12-01", "2026-12-08", "2026-12-16"] {
        let second = date.parse::<app::day::Day>().unwrap().plus(1).to_string();
        // Two days, of which the second is taken off meanwhile.
        let body = asking("annual", date, &second);
        let submitting = {
            let (clerk, body) = (clerk.clone(), body.clone());
            tokio::spawn(async move { clerk.send::<SubmitLeave>(body).await })
        };
        let changing = {
            let (admin, change) = (admin.clone(), paper(2026, &[(second.as_str(), true)]));
            tokio::spawn(async move { import(&admin, change, false).await })
        };
        submitting.await.unwrap().unwrap();
        assert!(changing.await.unwrap().applied);
        count_anew(&app).await;
        expected += 2;
        let request = show(&clerk, body.id).await;
        assert_eq!((request.status, request.half_days), (Status::InApproval, 2));
        let left = balance(&clerk, "annual").await;
        assert_eq!((left.held, left.available), (expected, Some(20 - expected)));
    }
    assert!(server::check::check(&app.state).await.unwrap().is_sound());
}
