//! Calls that run at the same time: whatever wins, the books stay right.

use app::api::{ById, Code};
use app::approval::api::TaskAction;
use app::day::Half;
use app::leave::api::{LeaveRequest, Submit, SubmitLeave, Withdraw, WithdrawLeave};
use app::leave::rules::Status;
use futures_util::future::join_all;
use tests::world::{CLERK, HEAD};
use tests::{TestApp, on_both};

use super::{asking, balance, decide, half, ledger_sum, only_task, show, submit};

on_both!(
    fifty_submissions_never_overdraw_one_balance,
    fifty_repeats_are_one_request,
    fifty_submissions_of_the_same_day_are_one_request,
    approving_and_withdrawing_have_one_winner,
    two_taps_on_approve_are_one_decision,
    approving_and_refusing_have_one_winner,
);

async fn fifty_submissions_never_overdraw_one_balance(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Twenty half days are left; fifty requests for one half day each, all on different ones.
    let first: app::day::Day = "2026-11-24".parse().unwrap();
    let workdays: Vec<_> = first.through(first.plus(40)).filter(|day| !day.is_weekend()).take(25).collect();
    let halves = workdays.iter().flat_map(|day| [half(&day.to_string(), Half::Am), half(&day.to_string(), Half::Pm)]);
    let submissions = halves.map(|at| {
        let (client, body) =
            (clerk.clone(), Submit { from: at, to: at, ..asking("annual", "2026-11-24", "2026-11-24") });
        tokio::spawn(async move { client.send::<SubmitLeave>(body).await })
    });
    let outcomes: Vec<_> = join_all(submissions.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.len(), 50);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 20);
    for refused in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(refused.code, Code::InsufficientBalance);
    }
    let left = balance(&clerk, "annual").await;
    assert_eq!((left.half_days, left.held, left.available), (Some(20), 20, Some(0)));
    assert_eq!(ledger_sum(&app, CLERK, "annual").await, 0);
}

async fn fifty_repeats_are_one_request(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let body = asking("annual", "2026-11-25", "2026-11-25");
    let repeats = (0..50).map(|_| {
        let (client, body) = (clerk.clone(), body.clone());
        tokio::spawn(async move { client.send::<SubmitLeave>(body).await.unwrap() })
    });
    let answers: Vec<LeaveRequest> =
        join_all(repeats.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(balance(&clerk, "annual").await.held, 2);
    only_task(&app.client_of(HEAD).await).await;
}

async fn fifty_submissions_of_the_same_day_are_one_request(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let submissions = (0..50).map(|_| {
        let (client, body) = (clerk.clone(), asking("sick", "2026-11-25", "2026-11-25"));
        tokio::spawn(async move { client.send::<SubmitLeave>(body).await })
    });
    let outcomes: Vec<_> = join_all(submissions.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|refused| refused.code == Code::OverlappingLeave));
}

async fn approving_and_withdrawing_have_one_winner(app: TestApp) {
    app.world().await;
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    // None adjoins another: their half days would be added up, and the chain would grow.
    for day in ["2026-11-24", "2026-11-26", "2026-12-01", "2026-12-03"] {
        let before = balance(&clerk, "annual").await.available.unwrap();
        let request = submit(&clerk, asking("annual", day, day)).await;
        let task = only_task(&head).await;
        let approving = {
            let (head, task) = (head.clone(), task.clone());
            tokio::spawn(async move { decide(&head, &task, TaskAction::Approve).await })
        };
        let withdrawing = {
            let (clerk, path, body) = (clerk.clone(), ById { id: request.id }, Withdraw { version: request.version });
            tokio::spawn(async move { clerk.post::<WithdrawLeave>(path, body).await })
        };
        let (approved, withdrawn) = (approving.await.unwrap(), withdrawing.await.unwrap());
        assert_ne!(approved.is_ok(), withdrawn.is_ok(), "exactly one of the two wins");
        let loser = approved.as_ref().err().or(withdrawn.as_ref().err()).unwrap();
        assert_eq!(loser.code, Code::StaleVersion);
        assert!(loser.current.is_some(), "the loser is told the new state");
        let (status, taken) = if approved.is_ok() { (Status::Approved, 2) } else { (Status::Withdrawn, 0) };
        assert_eq!(show(&clerk, request.id).await.status, status);
        assert_eq!(balance(&clerk, "annual").await.available, Some(before - taken));
    }
}

async fn two_taps_on_approve_are_one_decision(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    let taps = (0..8).map(|_| {
        let (head, task) = (head.clone(), task.clone());
        tokio::spawn(async move { decide(&head, &task, TaskAction::Approve).await })
    });
    let outcomes: Vec<_> = join_all(taps.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|refused| refused.code == Code::StaleVersion));
    assert_eq!(show(&clerk, request.id).await.status, Status::Approved);
    assert_eq!(balance(&clerk, "annual").await.used, 2, "the leave is taken once");
}

async fn approving_and_refusing_have_one_winner(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    let votes = [TaskAction::Approve, TaskAction::Refuse].map(|verdict| {
        let (head, task) = (head.clone(), task.clone());
        tokio::spawn(async move { decide(&head, &task, verdict).await })
    });
    let outcomes: Vec<_> = join_all(votes).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let left = balance(&clerk, "annual").await;
    match show(&clerk, request.id).await.status {
        Status::Approved => assert_eq!((left.used, left.available), (2, Some(18))),
        Status::Refused => assert_eq!((left.used, left.available), (0, Some(20))),
        other => panic!("{other:?}"),
    }
}
