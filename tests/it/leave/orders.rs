//! Two things are done to one leave at the same time: it ends as if one of them had been done after the other.

use std::fmt::Debug;

use app::leave::api::{Cancel, CancelLeave, Extend, ExtendLeave, Resubmit, ResubmitLeave};

use super::*;

on_both!(
    what_is_done_at_once_to_an_open_request_has_an_order,
    what_is_done_at_once_to_approved_leave_has_an_order,
    what_is_done_at_once_on_leave_has_an_order,
    what_is_done_at_once_to_a_request_that_goes_back_has_an_order,
    what_is_done_at_once_to_a_request_that_came_back_has_an_order,
    what_is_done_at_once_to_leave_and_its_extension_has_an_order,
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Of the request, or of its extension where it has one.
    Approve,
    Refuse,
    SendBack,
    Withdraw,
    Resubmit,
    Cancel,
    Extend,
    Return,
}

/// What everybody sees in the end.
#[derive(Debug, PartialEq, Eq)]
struct End {
    status: Status,
    half_days: i64,
    extension: Option<Status>,
    held: i64,
    used: i64,
}

/// A leave as both who act on it saw it before.
#[derive(Clone)]
struct Seen {
    clerk: Client,
    head: Client,
    leave: LeaveRequest,
    task: Option<Task>,
    held: i64,
    used: i64,
}

impl Seen {
    /// On a Monday morning: a request for Wednesday.
    async fn open(app: &TestApp, monday: Day) -> Self {
        app.clock.set(at(&monday.to_string(), 9, 0));
        // The clients are new, because a session ends between two weeks.
        let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
        let before = balance(&clerk, "personal").await;
        let day = monday.plus(2).to_string();
        let request = submit(&clerk, asking("personal", &day, &day)).await;
        let found = inbox(&head).await.tasks.into_iter().find(|task| task.subject.subject_id == request.id);
        let leave = show(&clerk, request.id).await;
        Self { clerk, head, leave, task: found, held: before.held, used: before.used }
    }

    async fn approved(app: &TestApp, monday: Day) -> Self {
        let seen = Self::open(app, monday).await;
        for step in &seen.leave.chain {
            let approver = app.client_of(step.officer.as_deref().expect("somebody decides")).await;
            let tasks = inbox(&approver).await.tasks;
            let task = tasks.iter().find(|task| task.subject.subject_id == seen.leave.id).expect("it is his turn");
            decide(&approver, task, TaskAction::Approve).await.expect("his task");
        }
        let leave = show(&seen.clerk, seen.leave.id).await;
        Self { leave, ..seen }
    }

    async fn on_leave(app: &TestApp, monday: Day) -> Self {
        let seen = Self::approved(app, monday).await;
        app.clock.set(at(&monday.plus(2).to_string(), 13, 0));
        let leave = show(&seen.clerk, seen.leave.id).await;
        assert_eq!(leave.status, Status::OnLeave);
        Self { leave, ..seen }
    }

    /// A request that was sent back.
    async fn sent_back(app: &TestApp, monday: Day) -> Self {
        let seen = Self::open(app, monday).await;
        seen.clone().act(Deed::SendBack).await.expect("his task");
        let leave = show(&seen.clerk, seen.leave.id).await;
        assert_eq!(leave.status, Status::SentBack);
        Self { leave, ..seen }
    }

    /// Approved leave with an extension that the head decides on.
    async fn extended(app: &TestApp, monday: Day) -> Self {
        let seen = Self::approved(app, monday).await;
        seen.clone().act(Deed::Extend).await.expect("in time");
        let leave = show(&seen.clerk, seen.leave.id).await;
        let more = leave.extension.as_ref().map(|more| more.id);
        let task = inbox(&seen.head).await.tasks.into_iter().find(|task| Some(task.subject.subject_id) == more);
        Self { leave, task: Some(task.expect("it is his turn")), ..seen }
    }

    async fn act(self, deed: Deed) -> Result<(), Problem> {
        let (path, version) = (ById { id: self.leave.id }, self.leave.version);
        match deed {
            Deed::Approve | Deed::Refuse => {
                let verdict = if deed == Deed::Approve { TaskAction::Approve } else { TaskAction::Refuse };
                decide(&self.head, &self.task.expect("it waits for him"), verdict).await.map(drop)
            }
            Deed::SendBack => {
                let task = self.task.expect("it waits for him");
                let body = Decide::new(TaskAction::SendBack, "请补充理由", task.version);
                self.head.post::<DecideTask>(ById { id: task.id }, body).await.map(drop)
            }
            Deed::Resubmit => {
                let body = Resubmit {
                    version,
                    leave_type: "personal".to_owned(),
                    from: self.leave.from,
                    to: self.leave.to,
                    reason: "家中有急事".to_owned(),
                    destination: String::new(),
                    stand_in: None,
                    contact: String::new(),
                };
                self.clerk.post::<ResubmitLeave>(path, body).await.map(drop)
            }
            Deed::Withdraw => self.clerk.post::<WithdrawLeave>(path, Withdraw { version }).await.map(drop),
            Deed::Cancel => {
                let body = Cancel { version, reason: "有紧急庭审".to_owned() };
                self.head.post::<CancelLeave>(path, body).await.map(drop)
            }
            Deed::Extend => {
                let to = half(&self.leave.to.date.plus(1).to_string(), Half::Pm);
                let reason = "家中有事，需延长".to_owned();
                let body = Extend { id: Uuid::new_v4(), version, to, leave_type: None, reason };
                self.clerk.post::<ExtendLeave>(path, body).await.map(drop)
            }
            Deed::Return => {
                let back = half(&self.leave.from.date.to_string(), Half::Pm);
                let body = ReportReturn { version, back, note: String::new() };
                self.clerk.post::<ReturnFromLeave>(path, body).await.map(drop)
            }
        }
    }

    async fn end(&self) -> End {
        let leave = show(&self.clerk, self.leave.id).await;
        let extension = match &leave.extension {
            Some(extension) => Some(show(&self.clerk, extension.id).await.status),
            None => None,
        };
        let now = balance(&self.clerk, "personal").await;
        let (held, used) = (now.held - self.held, now.used - self.used);
        End { status: leave.status, half_days: leave.half_days, extension, held, used }
    }
}

/// Every pair of these deeds, each with itself too.
fn pairs(deeds: &[Deed]) -> Vec<(Deed, Deed)> {
    let mut found = Vec::new();
    for (place, one) in deeds.iter().enumerate() {
        found.extend(deeds[place..].iter().map(|other| (*one, *other)));
    }
    found
}

/// Does every pair in both orders and at once, each on a leave of its own, a week apart.
async fn compare(app: &TestApp, pairs: &[(Deed, Deed)], make: impl AsyncFn(&TestApp, Day) -> Seen) {
    app.world().await;
    let mut monday: Day = "2026-11-23".parse().expect("a Monday");
    let mut fresh = async || {
        let seen = make(app, monday).await;
        monday = monday.plus(7);
        seen
    };
    for (one, other) in pairs.iter().copied() {
        let mut ends = Vec::new();
        for (first, second) in [(one, other), (other, one)] {
            let seen = fresh().await;
            // What is done second may come too late, and leave is not cancelled before its extension is decided; it is
            // the end that counts.
            let done = [seen.clone().act(first).await, seen.clone().act(second).await];
            assert!(done[0].is_ok() || first == Deed::Cancel && done[1].is_ok(), "{first:?}, {second:?}: {done:?}");
            ends.push(seen.end().await);
        }
        let seen = fresh().await;
        let (tried, tried_too) =
            tokio::join!(tokio::spawn(seen.clone().act(one)), tokio::spawn(seen.clone().act(other)));
        let outcomes = [tried.expect("it did not panic"), tried_too.expect("it did not panic")];
        let end = seen.end().await;
        let text = |what: &dyn Debug| format!("{one:?} and {other:?}: {end:?} after {what:?}");
        assert!(outcomes.iter().any(Result::is_ok), "{}", text(&outcomes));
        assert!(ends.contains(&end), "{}, not one of {ends:?}", text(&outcomes));
    }
    let findings = server::check::check(&app.state).await.expect("the database answers");
    assert_eq!(findings.ledger, Vec::new());
}

async fn what_is_done_at_once_to_an_open_request_has_an_order(app: TestApp) {
    compare(&app, &pairs(&[Deed::Approve, Deed::Refuse, Deed::Withdraw]), Seen::open).await;
}

async fn what_is_done_at_once_to_approved_leave_has_an_order(app: TestApp) {
    compare(&app, &pairs(&[Deed::Cancel, Deed::Extend]), Seen::approved).await;
}

async fn what_is_done_at_once_on_leave_has_an_order(app: TestApp) {
    compare(&app, &pairs(&[Deed::Extend, Deed::Return]), Seen::on_leave).await;
}

async fn what_is_done_at_once_to_a_request_that_goes_back_has_an_order(app: TestApp) {
    let others = [Deed::Withdraw, Deed::Approve, Deed::Refuse];
    compare(&app, &others.map(|other| (Deed::SendBack, other)), Seen::open).await;
}

async fn what_is_done_at_once_to_a_request_that_came_back_has_an_order(app: TestApp) {
    compare(&app, &[(Deed::Resubmit, Deed::Withdraw)], Seen::sent_back).await;
}

/// Whoever cancels the leave while its extension is decided on cancels all of it or nothing.
async fn what_is_done_at_once_to_leave_and_its_extension_has_an_order(app: TestApp) {
    compare(&app, &[(Deed::Cancel, Deed::Approve), (Deed::Cancel, Deed::SendBack)], Seen::extended).await;
}
