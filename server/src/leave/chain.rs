//! The chain of a request for leave: the plan that the definition of leave compiles to.

use app::api::Problem;
use app::approval::api::{ChainStep, StepMode};
use app::approval::compile::{Plan, compile};
use app::approval::definition::{Definition, Values};
use app::approval::directory::Directory;
use app::approval::process::TaskState;
use app::leave::authority::changes;
use app::leave::types::LeaveType;
use app::org::rules::PostClass;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::approval::{definition, directory};
use crate::entity::officer;
use crate::error::Failure;
use crate::reference::Reference;

/// The plan for so many half days of a type for an officer, by the version of the definition that a running request
/// began with or else by the newest one, with the version of the definition that it comes from. Who asks in the
/// officer's place stands beside him and decides nothing. Nothing where nothing counts.
///
/// # Errors
/// The database fails, or the definition asks for a field that leave does not have.
pub async fn plan(
    connection: &impl ConnectionTrait,
    reference: &Reference,
    asking: (&officer::Model, Option<Uuid>),
    leave_type: &LeaveType,
    routed_half_days: i64,
    version: Option<i32>,
) -> Result<Option<(i32, Plan)>, Failure> {
    if routed_half_days < 1 {
        return Ok(None);
    }
    let newest = reference.leave_definition()?;
    let pinned = match version.filter(|version| *version != newest.version) {
        Some(version) => Some(definition::version_of_leave(connection, version, &reference.leave_types).await?),
        None => None,
    };
    let by = pinned.as_ref().unwrap_or(newest);
    let plan = plan_by(connection, reference, asking, leave_type, routed_half_days, &by.definition).await?;
    Ok(Some((by.version, plan)))
}

/// The plan for so many half days of a type for an officer, by this definition.
///
/// # Errors
/// The database fails, or the definition asks for a field that leave does not have.
pub(super) async fn plan_by(
    connection: &impl ConnectionTrait,
    reference: &Reference,
    (applicant, submitter): (&officer::Model, Option<Uuid>),
    leave_type: &LeaveType,
    routed_half_days: i64,
    definition: &Definition,
) -> Result<Plan, Failure> {
    let found = directory::load(connection, &reference.org, applicant, definition.rules(), &[]).await?;
    let directory = Directory { submitter, ..found };
    compile(definition, &values(applicant, leave_type, routed_half_days), applicant.id, &directory)
        .map_err(Failure::Problem)
}

/// Who decides on the second of two numbers of half days and not on the first, by this version of the definition, in
/// the order of the chain.
///
/// # Errors
/// The database fails, or the definition asks for a field that leave does not have.
pub(super) async fn besides(
    connection: &impl ConnectionTrait,
    reference: &Reference,
    asking: (&officer::Model, Option<Uuid>),
    leave_type: &LeaveType,
    half_days: [i64; 2],
    version: i32,
) -> Result<Vec<Uuid>, Failure> {
    let mut deciders: Vec<Uuid> = Vec::new();
    for half_days in half_days {
        let found = plan(connection, reference, asking, leave_type, half_days, Some(version)).await?;
        let nodes = found.iter().flat_map(|(_, plan)| &plan.nodes).filter(|node| node.mode().is_some());
        let members = nodes.flat_map(|node| &node.members).map(|member| member.person.id);
        deciders = members.filter(|id| !deciders.contains(id)).collect();
    }
    Ok(deciders)
}

/// What the form of leave tells its definition.
pub(crate) fn values(applicant: &officer::Model, leave_type: &LeaveType, routed_half_days: i64) -> Values {
    let post_class = PostClass::parse(&applicant.post_class).unwrap_or(PostClass::Staff);
    changes::values(post_class, &leave_type.name, routed_half_days)
}

/// Why a request would be submitted into an empty chain.
pub(super) fn problem(plan: Option<&(i32, Plan)>) -> Option<Problem> {
    plan.and_then(|(_, plan)| plan.problem())
}

/// A plan as a preview shows it: nobody has decided yet, and a post that is missing is named.
pub(super) fn preview(plan: &Plan) -> Vec<ChainStep> {
    let deciding = plan.nodes.iter().filter_map(|node| Some((node, StepMode::from(node.mode()?))));
    let mut steps = Vec::new();
    let mut position = 0;
    for (node, mode) in deciding {
        let step = |officer, name, post_class, post: &str, stands_in_for| ChainStep {
            step: position + 1,
            mode,
            officer,
            name,
            post_class,
            post: post.to_owned(),
            stands_in_for,
            state: TaskState::Waiting,
            comment: None,
            decided_at: None,
        };
        let before = steps.len();
        steps.extend(node.members.iter().filter(|member| member.merged_into.is_none()).map(|member| {
            let person = &member.person;
            let (officer, name) = (Some(person.officer.clone()), Some(person.name.clone()));
            step(officer, name, Some(member.post_class), &person.post, member.stands_in_for.clone())
        }));
        steps.extend(node.missing.iter().map(|post| step(None, None, None, post, None)));
        position += i32::from(steps.len() > before);
    }
    steps
}
