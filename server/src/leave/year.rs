//! The job that the year and the month bring: what the rules owe is granted, what is over ends or goes over, and what was
//! asked for before draws on what went over.
//!
//! It also settles what counting anew has asked for and the balance covers by now (`leave::recount`).
//!
//! It looks once a day; what it finds follows from the ledger alone, under the officer's lock, so that a second run or a
//! second node finds nothing.

use app::day::Day;
use app::org::rules::OfficerStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::account::{self, Account};
use super::{recount, redraw};
use crate::audit::{self, Actor, Deed};
use crate::entity::{leave_entry, leave_grant, officer};
use crate::error::Failure;
use crate::org::store::lock_officer;
use crate::setting;
use crate::state::AppState;

/// The day of the last look that came to its end.
const LOOKED: &str = "leave_ledger_looked";

/// Runs the job where today's look has not been made yet.
///
/// # Errors
/// The database fails; what was done stays done, and the next round begins again.
pub async fn run_due(state: &AppState) -> Result<(), Failure> {
    let today = state.today();
    let looked = setting::get(state.database.read(), LOOKED).await?.and_then(|text| text.parse::<Day>().ok());
    if looked.is_some_and(|looked| looked >= today) {
        return Ok(());
    }
    for id in waiting(state, today, looked).await? {
        // One account that cannot be looked after must not keep the others from it: what it is owed is granted when it is
        // first used, and its rest is found again tomorrow.
        if let Err(error) = settle(state, id, today).await {
            tracing::error!(%error, officer = %id, "What the year grants and ends was not written for an officer.");
        }
    }
    redraw::run(state, today).await?;
    let tx = state.database.begin().await?;
    setting::set(&tx, LOOKED, &today.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Who has something to be granted or ended: everybody where a month has begun since the last look, for that is when
/// years of service count anew; else those who have a rest of a grant that is over, or of whom a new calendar asks
/// something that was not covered.
async fn waiting(state: &AppState, today: Day, looked: Option<Day>) -> Result<Vec<Uuid>, Failure> {
    let connection = state.database.read();
    let same_month = looked.is_some_and(|looked| (looked.year(), looked.month()) == (today.year(), today.month()));
    let in_service = officer::Column::Status.eq(OfficerStatus::InService.as_str());
    let mut wanted = officer::Entity::find().filter(in_service);
    if same_month {
        let over = leave_grant::Entity::find()
            .filter(leave_grant::Column::ValidUntil.lt(today.date()))
            // What is older was ended long ago, or belongs to a time before this system.
            .filter(leave_grant::Column::ValidUntil.gte(Day::new(today.year() - 1, 1, 1).map(Day::date)))
            .select_only()
            .column(leave_grant::Column::Id)
            .into_query();
        let with_rest = leave_entry::Entity::find()
            .filter(leave_entry::Column::GrantId.in_subquery(over))
            .select_only()
            .column(leave_entry::Column::OfficerId)
            .group_by(leave_entry::Column::OfficerId)
            .group_by(leave_entry::Column::GrantId)
            .having(Expr::cust("SUM(half_days) > 0"))
            .into_query();
        // What counting anew has asked for may be covered by something that came back, or by an import.
        let id = officer::Column::Id;
        wanted = wanted.filter(id.in_subquery(with_rest).or(id.in_subquery(recount::asked())));
    }
    let ids = wanted
        .select_only()
        .column(officer::Column::Id)
        .order_by_asc(officer::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids)
}

async fn settle(state: &AppState, id: Uuid, today: Day) -> Result<(), Failure> {
    let tx = state.database.begin().await?;
    let Some(officer) = lock_officer(&tx, id).await? else {
        tx.rollback().await?;
        return Ok(());
    };
    let reference = state.reference.current(&tx).await?;
    let catalogue = &reference.leave_types;
    let year = today.year();
    let mut account = Account::load(&tx, &reference, &officer, year..=year).await?;
    let mut owed = Vec::new();
    for leave_type in catalogue.all() {
        owed.extend(account.end_over(leave_type, today, || state.clock.new_id()));
    }
    for leave_type in account::yearly(catalogue) {
        owed.extend(account.grant_owed(leave_type, year..=year, today, || state.clock.new_id()));
    }
    if !owed.is_empty() {
        account.write(&tx, &state.clock, &owed).await?;
        let deed = Deed { action: "leave.year", subject: "officer", id: &officer.number };
        audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&owed.len())).await?;
    }
    let has_taken = recount::settle(&tx, state, &officer).await?;
    if owed.is_empty() && !has_taken {
        tx.rollback().await?;
        return Ok(());
    }
    tx.commit().await?;
    Ok(())
}
