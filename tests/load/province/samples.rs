//! What goes through the server before it is copied.

use app::api::{ById, Empty};
use app::approval::api::{Decide, DecideTask, GetInbox, InboxQuery, TaskAction};
use app::day::{Day, HalfDay};
use app::leave::api::{GetLeaveRequest, ReportReturn, ReturnFromLeave, Submit, SubmitLeave};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::entity::{approval_copy, approval_task, leave_entry, leave_grant};
use tests::world::{CLERK, HEAD};
use tests::{TestApp, at};
use uuid::Uuid;

/// A request that went through the server, on one day.
pub(super) struct Sample {
    pub(super) id: Uuid,
    pub(super) day: Day,
    /// Its entries in the ledger.
    pub(super) entries: Vec<Uuid>,
    /// Its tasks.
    pub(super) tasks: Vec<Uuid>,
}

/// What the server wrote for one officer: a request in each of three states, and what paid for them.
pub(super) struct Samples {
    pub(super) returned: Sample,
    pub(super) unreported: Sample,
    pub(super) open: Sample,
    pub(super) clerk: Uuid,
    pub(super) head: Uuid,
    pub(super) court: Uuid,
    pub(super) department: Uuid,
    pub(super) grant: Uuid,
    pub(super) granted: Uuid,
}

impl Samples {
    pub(super) async fn make(app: &TestApp) -> Self {
        let world = app.world().await;
        let first_day = day("2026-10-19");
        app.clock.set(at("2026-10-12", 8, 0));
        let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
        let mut requests = Vec::new();
        // All three of one day, so that one shift of days fits all of their rows.
        for week in 0..3 {
            let asked = clerk.send::<SubmitLeave>(ask(first_day.plus(week * 7))).await.expect("a request is accepted");
            assert_eq!(asked.half_days, 2);
            requests.push(asked.id);
        }
        for request in &requests[..2] {
            let waiting = head.call::<GetInbox>(Empty {}, InboxQuery::default(), Empty {}).await.expect("his own list");
            let task = waiting.tasks.iter().find(|task| task.subject.subject_id == *request).expect("it waits for him");
            let decide = Decide {
                action: TaskAction::Approve,
                version: task.version,
                comment: String::new(),
                to: None,
                to_node: None,
            };
            head.post::<DecideTask>(ById { id: task.id }, decide).await.expect("he approves");
        }
        let version = clerk.get::<GetLeaveRequest>(ById { id: requests[0] }).await.expect("his own request").version;
        app.clock.set(at("2026-10-20", 8, 0));
        let back = ReportReturn { version, back: HalfDay::am(first_day.next()), note: String::new() };
        clerk.post::<ReturnFromLeave>(ById { id: requests[0] }, back).await.expect("he reports back");
        app.clock.set(at(TestApp::DAY, 8, 0));

        let connection = app.state.database.read();
        let copied = approval_copy::Entity::find().count(connection).await.expect("the database counts");
        assert_eq!(copied, 0, "nobody gets a copy of a short leave; otherwise copies belong into the province too");
        let (clerk, head) = (app.officer(CLERK).await.id, app.officer(HEAD).await.id);
        let deciding = approval_task::Entity::find().all(connection).await.expect("the tasks");
        assert!(deciding.iter().all(|task| task.officer_id == head), "the head alone decides a day");
        let grants = leave_grant::Entity::find().filter(leave_grant::Column::OfficerId.eq(clerk));
        let grant = grants.one(connection).await.expect("the grant").expect("the year has given leave").id;
        let ledger = leave_entry::Entity::find().filter(leave_entry::Column::GrantId.eq(grant));
        let ledger = ledger.all(connection).await.expect("the ledger");
        let granted = ledger.iter().find(|entry| entry.request_id.is_none()).expect("the grant has an entry").id;
        let sample = |id: Uuid, weeks: i64| Sample {
            id,
            day: first_day.plus(weeks * 7),
            entries: ledger.iter().filter(|entry| entry.request_id == Some(id)).map(|entry| entry.id).collect(),
            tasks: deciding.iter().filter(|task| task.subject_id == id).map(|task| task.id).collect(),
        };
        Self {
            returned: sample(requests[0], 0),
            unreported: sample(requests[1], 1),
            open: sample(requests[2], 2),
            clerk,
            head,
            court: world.court,
            department: world.civil,
            grant,
            granted,
        }
    }
}

pub(super) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn ask(day: Day) -> Submit {
    Submit {
        id: Uuid::new_v4(),
        leave_type: "annual".to_owned(),
        from: HalfDay::am(day),
        to: HalfDay::pm(day),
        reason: "回乡探望父母".to_owned(),
        destination: "邻省".to_owned(),
        stand_in: None,
        contact: String::new(),
        officer_id: None,
    }
}
