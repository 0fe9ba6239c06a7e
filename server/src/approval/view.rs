//! A running request as one of its parties sees it.

use std::collections::{BTreeMap, HashMap};

use app::approval::api::{NodeView, OfferView, ProcessView, StepMode, TaskView, TimelineItem};
use app::approval::process::{Action, TaskState};
use app::day::Timestamp;
use app::leave::sight::{self, Sight};
use uuid::Uuid;

use super::store::{self, Running, of_name};
use super::{act, delegation};
use crate::entity::{approval_task, officer};
use crate::error::Failure;
use crate::org::store::people;
use crate::session::Caller;
use crate::state::AppState;

/// Draws a request for a party. Whether he is one, the caller has asked.
///
/// # Errors
/// There is no such request, or the database fails.
pub(super) async fn draw(
    state: &AppState,
    caller: &Caller,
    subject: Uuid,
    sight: Sight,
) -> Result<ProcessView, Failure> {
    let connection = state.database.read();
    let missing = || Failure::not_found("这份申请的审批流程");
    let running = store::read(connection, subject).await?.ok_or_else(missing)?;
    let acts_for = delegation::acts_for(connection, state, caller.id, &running.row.form).await?;
    let settings = act::settings(connection).await?;
    let log = running.entries.iter().map(store::entry).collect::<Result<Vec<_>, _>>()?;
    let named = running
        .tasks
        .values()
        .flat_map(|task| [Some(task.officer_id), task.decided_by])
        .chain(running.entries.iter().flat_map(|row| [row.actor_id, row.acting_for]))
        .flatten()
        .chain([running.row.applicant_id])
        .chain(running.process.submitter())
        .chain(acts_for.iter().copied())
        .collect();
    let (officers, _) = people(connection, named).await?;
    let names = Names(&officers);
    let applicant =
        officers.get(&running.row.applicant_id).ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let offers = running.process.offers(caller.id, &acts_for, state.now(), &settings);
    let whole = ProcessView {
        id: subject,
        kind: running.row.form.clone(),
        officer: applicant.number.clone(),
        name: applicant.name.clone(),
        outcome: running.process.outcome(),
        decided: running.row.decided,
        nodes_total: running.row.nodes,
        nodes: nodes(&running, &names),
        copies: running.process.copies().iter().map(|copy| copy.person.name.clone()).collect(),
        timeline: timeline(&running, &log, &names),
        offers: offers
            .into_iter()
            .map(|offer| {
                let task = offer.task.and_then(|seq| running.tasks.get(&seq));
                OfferView {
                    verb: offer.verb,
                    task: task.map(|row| row.id),
                    version: task.map(|row| row.version),
                    acting_for: offer.acting_for.map(|id| names.of(id)),
                }
            })
            .collect(),
        send_back_to: running.process.visited_nodes().into_iter().map(position).collect(),
    };
    Ok(sight::process(sight, caller.id == running.row.applicant_id, whole))
}

struct Names<'a>(&'a HashMap<Uuid, officer::Model>);

impl Names<'_> {
    fn of(&self, id: Uuid) -> String {
        self.0.get(&id).map(|row| row.name.clone()).unwrap_or_default()
    }
}

fn position(node: usize) -> i32 {
    i32::try_from(node + 1).unwrap_or(i32::MAX)
}

/// The nodes of the chain as it stands, by their position in the plan.
fn nodes(running: &Running, names: &Names<'_>) -> Vec<NodeView> {
    let mut nodes: BTreeMap<usize, NodeView> = BTreeMap::new();
    for task in running.process.chain() {
        let Some(row) = running.tasks.get(&task.seq) else { continue };
        let node = nodes.entry(task.node).or_insert_with(|| NodeView {
            position: position(task.node),
            title: task.title.clone(),
            mode: of_name(&row.mode).unwrap_or(StepMode::Single),
            tasks: Vec::new(),
        });
        node.tasks.push(view(row, names));
    }
    nodes.into_values().collect()
}

fn view(row: &approval_task::Model, names: &Names<'_>) -> TaskView {
    TaskView {
        id: row.id,
        version: row.version,
        officer: names.0.get(&row.officer_id).map(|row| row.number.clone()).unwrap_or_default(),
        name: names.of(row.officer_id),
        post: row.post.clone(),
        stands_in_for: row.stands_in_for.clone(),
        state: of_name(&row.state).unwrap_or(TaskState::Void),
        decided_by: row.decided_by.filter(|by| *by != row.officer_id).map(|by| names.of(by)),
        comment: row.comment.clone(),
        decided_at: row.decided_at.map(Timestamp::from_millis),
    }
}

fn timeline(running: &Running, log: &[app::approval::process::Entry], names: &Names<'_>) -> Vec<TimelineItem> {
    let submitted = TimelineItem {
        at: Timestamp::from_millis(running.row.started_at),
        verb: None,
        actor: Some(names.of(running.process.submitter().unwrap_or(running.row.applicant_id))),
        acting_for: running.process.submitter().map(|_| names.of(running.row.applicant_id)),
        to: Vec::new(),
        comment: None,
        device: None,
    };
    let happened = log.iter().zip(&running.entries).map(|(entry, row)| TimelineItem {
        at: entry.at,
        verb: Some(entry.action.verb()),
        actor: row.actor_id.map(|id| names.of(id)),
        acting_for: entry.acting_for.map(|id| names.of(id)),
        to: concerned(&entry.action),
        comment: Some(entry.action.comment().to_owned()).filter(|text| !text.is_empty()),
        device: row.device.clone(),
    });
    std::iter::once(submitted).chain(happened).collect()
}

/// Whom an action concerns, by name.
fn concerned(action: &Action) -> Vec<String> {
    match action {
        Action::Transfer { to, .. } | Action::Delegate { to, .. } | Action::Escalate { to, .. } => {
            vec![to.name.clone()]
        }
        Action::Add { who, .. } => vec![who.name.clone()],
        Action::Reroute { to, .. } => to.iter().map(|person| person.name.clone()).collect(),
        Action::Copy { to } => to.iter().map(|person| person.name.clone()).collect(),
        _ => Vec::new(),
    }
}
