//! Drawing again what was asked for before the rest of a year went over: half days within its life move to it, so that it
//! does not expire beside them.
//!
//! One request a transaction, in the locks' order of whoever submits: the officer, then the request. What moves follows
//! from the ledger and the half days alone, so that a second run or a second node finds nothing.

use std::collections::HashSet;

use app::day::Day;
use app::leave::grant::{Source, Taken};
use app::leave::redraw::{NOTE, redraw};
use app::leave::rules::Stored;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::account::{Account, append_noted};
use super::{act, store};
use crate::audit::{self, Actor, Deed};
use crate::entity::{leave_entry, leave_grant, leave_request, leave_slot};
use crate::error::Failure;
use crate::org::store::lock_officer;
use crate::state::AppState;

/// The states in which what a request has drawn can move.
const OPEN: [Stored; 3] = [Stored::InApproval, Stored::SentBack, Stored::Approved];

/// Draws again for every request that stands beside a rest which went over. Safe to run twice and on two servers at once.
///
/// # Errors
/// The database fails; what was drawn again stays so, and the next look finds the rest.
pub(super) async fn run(state: &AppState, today: Day) -> Result<(), Failure> {
    for request in waiting(state, today).await? {
        // One request that cannot be drawn again must not keep the others from it.
        if let Err(error) = one(state, request, today).await {
            tracing::error!(%error, %request, "A request does not draw on what went over.");
        }
    }
    Ok(())
}

/// The open requests with half days within the life of a rest of their officer that went over and is not used up, paid
/// for by the year itself; the earliest half day first.
async fn waiting(state: &AppState, today: Day) -> Result<Vec<Uuid>, DbErr> {
    use leave_slot::Column;
    let connection = state.database.read();
    let carried = leave_grant::Entity::find()
        .filter(leave_grant::Column::Source.eq(Source::CarryOver.as_str()))
        .filter(leave_grant::Column::ValidFrom.lte(today.date()))
        .filter(leave_grant::Column::ValidUntil.gte(today.date()));
    let last: Option<time::Date> = carried
        .clone()
        .order_by_desc(leave_grant::Column::ValidUntil)
        .select_only()
        .column(leave_grant::Column::ValidUntil)
        .into_tuple()
        .one(connection)
        .await?;
    // Nothing goes over in most installations.
    let (Some(last), Some(first)) = (last, Day::new(today.year(), 1, 1)) else { return Ok(Vec::new()) };
    let with_rest = leave_entry::Entity::find()
        .filter(
            leave_entry::Column::GrantId
                .in_subquery(carried.select_only().column(leave_grant::Column::Id).into_query()),
        )
        .select_only()
        .column(leave_entry::Column::OfficerId)
        .group_by(leave_entry::Column::OfficerId)
        .group_by(leave_entry::Column::GrantId)
        .having(Expr::cust("SUM(half_days) > 0"))
        .into_query();
    let own = leave_grant::Entity::find()
        .filter(leave_grant::Column::Source.is_in([Source::Year, Source::Bracket].map(Source::as_str)))
        .filter(leave_grant::Column::Year.eq(today.year()))
        .select_only()
        .column(leave_grant::Column::Id)
        .into_query();
    let open = leave_request::Entity::find()
        .filter(leave_request::Column::State.is_in(OPEN.map(Stored::as_str)))
        .select_only()
        .column(leave_request::Column::Id)
        .into_query();
    let rows: Vec<(Uuid, time::Date)> = leave_slot::Entity::find()
        .filter(Column::OfficerId.in_subquery(with_rest))
        .filter(Column::Day.between(first.date(), last))
        .filter(Column::Live.eq(true))
        .filter(Column::Counts.eq(true))
        .filter(Column::GrantId.in_subquery(own))
        .filter(Column::RequestId.in_subquery(open))
        .order_by_asc(Column::Day)
        .order_by_asc(Column::RequestId)
        .select_only()
        .columns([Column::RequestId, Column::Day])
        .into_tuple()
        .all(connection)
        .await?;
    let mut seen = HashSet::new();
    Ok(rows.into_iter().map(|(request, _)| request).filter(|request| seen.insert(*request)).collect())
}

/// Draws again for one request, in a transaction of its own.
async fn one(state: &AppState, id: Uuid, today: Day) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let Some(seen) = store::request(&tx, id).await? else { return Ok(()) };
    let Some(officer) = lock_officer(&tx, seen.officer_id).await? else { return Ok(()) };
    let Some(row) = store::lock_request(&tx, id).await? else { return Ok(()) };
    let stored = act::stored(&row)?;
    if !OPEN.contains(&stored) {
        tx.rollback().await?;
        return Ok(());
    }
    let reference = state.reference.current(&tx).await?;
    let account = Account::load(&tx, &reference, &officer, today.year()..=today.year()).await?;
    let plan = redraw(&store::taken(&tx, id).await?, &account.lots(&row.leave_type));
    if plan.is_empty() {
        tx.rollback().await?;
        return Ok(());
    }
    let entries = plan.entries(stored);
    append_noted(&tx, &state.clock, officer.id, &row.leave_type, Some(id), &entries, Some(NOTE)).await?;
    for Taken { at, grant, .. } in &plan.to {
        leave_slot::Entity::update_many()
            .col_expr(leave_slot::Column::GrantId, Expr::value(*grant))
            .filter(leave_slot::Column::RequestId.eq(id))
            .filter(leave_slot::Column::Day.eq(at.date.date()))
            .filter(leave_slot::Column::Half.eq(store::half_name(*at)))
            .exec(&tx)
            .await?;
    }
    let name = id.to_string();
    let deed = Deed { action: "leave.redraw", subject: "leave_request", id: &name };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&plan.to.len())).await?;
    tx.commit().await?;
    Ok(())
}
