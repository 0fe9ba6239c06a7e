//! Who hears that a request was counted anew, and who else would decide on it by now.

use std::collections::BTreeSet;

use app::leave::rules::{Stored, routed_beside};
use app::leave::types::Lane;
use app::notice::rules::{News, NoticeKind};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Found;
use crate::clock::Clock;
use crate::database::Transaction;
use crate::entity::{approval_process, approval_task, leave_request, officer};
use crate::error::Failure;
use crate::leave::act::stored;
use crate::leave::after::report;
use crate::leave::{FORM, chain, store};
use crate::notice;
use crate::state::AppState;

/// Tells the officer, whoever is deciding now, and the political department where the balance does not cover it. A
/// running chain is not routed anew: where somebody else would decide by the new count, those two are told of him.
///
/// # Errors
/// The database fails, or what is stored cannot be read.
pub(super) async fn tell(
    tx: &Transaction,
    state: &AppState,
    row: &leave_request::Model,
    applicant: &officer::Model,
    found: &Found,
) -> Result<(), Failure> {
    let tasks: Vec<(Uuid, String)> = approval_task::Entity::find()
        .filter(approval_task::Column::SubjectId.eq(row.id))
        // Who had a task in a round before this one does not decide now.
        .filter(approval_task::Column::Shown.eq(true))
        .select_only()
        .columns([approval_task::Column::OfficerId, approval_task::Column::State])
        .into_tuple()
        .all(tx)
        .await?;
    let deciding = tasks.iter().filter(|(_, state)| state == "open").map(|(officer, _)| *officer);
    let deciding: Vec<Uuid> = deciding.collect();
    let chain: Vec<Uuid> = tasks.into_iter().map(|(officer, _)| officer).collect();
    let after = found.plan.after(found.counted);
    let new = besides(tx, state, row, applicant, found, [found.counted, after]).await?;
    // What was said of the chain before holds no more once it would be the same as at first.
    if after < found.counted && besides(tx, state, row, applicant, found, [found.submitted, after]).await?.is_empty() {
        withdraw(tx, &state.clock, row.id).await?;
    }
    let besides = new.into_iter().rfind(|id| !chain.contains(id));
    let is_uncovered = !found.plan.uncovered.is_empty();
    let political =
        if is_uncovered || besides.is_some() { report::political(tx, applicant).await? } else { Vec::new() };
    let mut news = Vec::new();
    let told = std::iter::once(&applicant.id).chain(&deciding).chain(political.iter().filter(|_| is_uncovered));
    news.extend(told.map(|&officer| News { officer, kind: NoticeKind::Recounted, actor: None }));
    if besides.is_some() {
        let told = deciding.iter().chain(&political);
        news.extend(told.map(|&officer| News { officer, kind: NoticeKind::Outgrown, actor: besides }));
    }
    let subject = notice::Subject { kind: FORM, id: row.id, number: &row.number };
    notice::send(tx, &state.clock, subject, news).await?;
    Ok(())
}

/// Who would decide by the second of two counts and not by the first, in the order of the chain: while it is decided.
async fn besides(
    tx: &Transaction,
    state: &AppState,
    row: &leave_request::Model,
    applicant: &officer::Model,
    found: &Found,
    counts: [i64; 2],
) -> Result<Vec<Uuid>, Failure> {
    // Who consents to a conversion does not depend on how long it is, nor who decides on an hour a day.
    let is_routed = found.leave_type.lane() == Lane::Leave && row.converts_id.is_none();
    if stored(row)? != Stored::InApproval || !is_routed || counts[1] <= counts[0] {
        return Ok(Vec::new());
    }
    let Some(process) = approval_process::Entity::find_by_id(row.id).one(tx).await? else { return Ok(Vec::new()) };
    let (reference, span) = (state.reference.current(tx).await?, store::span(row));
    let around = (span.from().date, span.to().date);
    let mut others = store::existing(tx, &reference.leave_types, row.officer_id, around).await?;
    others.retain(|other| other.number != row.number);
    let routed = |half_days| routed_beside(&found.calendar, &found.leave_type, span, half_days, &others);
    let half_days = counts.map(routed);
    let asking = (applicant, row.submitted_by);
    match chain::besides(tx, &reference, asking, &found.leave_type, half_days, process.definition_version).await {
        // Where the definition finds nobody for him by now, nobody can be named either.
        Err(Failure::Problem(_)) => Ok(Vec::new()),
        found => found,
    }
}

/// Takes back what was said of somebody who would decide: it does not hold any more.
///
/// # Errors
/// The database fails.
pub(super) async fn withdraw(tx: &Transaction, clock: &Clock, request: Uuid) -> Result<(), DbErr> {
    notice::settle(tx, clock, request, &[NoticeKind::Outgrown], &BTreeSet::new()).await
}
