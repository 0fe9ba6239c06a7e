//! A leave with the requests that extend it (续假), as rows.

use app::calendar::rules::WorkCalendar;
use app::leave::rules::Stored;
use app::leave::rules::series::{Kind, Link, Standing};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::calendar::of_officer;
use crate::entity::{leave_request, officer};
use crate::error::Failure;
use crate::leave::store;
use crate::state::AppState;

/// The first leave of a request's series.
pub(crate) fn first(row: &leave_request::Model) -> Uuid {
    row.series_id.unwrap_or(row.id)
}

/// All requests of the series of these rows, themselves included: one query.
///
/// # Errors
/// The database fails.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    rows: &[leave_request::Model],
) -> Result<Vec<leave_request::Model>, DbErr> {
    members(rows.iter().map(first).collect()).all(connection).await
}

fn members(firsts: Vec<Uuid>) -> sea_orm::Select<leave_request::Entity> {
    let extensions = leave_request::Column::SeriesId.is_in(firsts.iter().copied());
    leave_request::Entity::find()
        .filter(Condition::any().add(leave_request::Column::Id.is_in(firsts)).add(extensions))
        .order_by_asc(leave_request::Column::SubmittedAt)
        .order_by_asc(leave_request::Column::Id)
}

/// A request's series, locked until the transaction ends. Its first leave is locked first: whoever adds to a series or
/// closes it waits there, so that nobody waits in a circle, and no request is missing from the answer.
///
/// # Errors
/// The database fails.
pub(crate) async fn lock(
    tx: &impl ConnectionTrait,
    row: &leave_request::Model,
) -> Result<Vec<leave_request::Model>, DbErr> {
    let first = first(row);
    store::lock_request(tx, first).await?;
    members(vec![first]).lock_exclusive().all(tx).await
}

/// The row of a request as the rules see it; a state that nobody knows counts for nothing.
pub(crate) fn link(row: &leave_request::Model) -> Link {
    let stored = Stored::parse(&row.state).unwrap_or(Stored::Cancelled);
    let (span, kind, needs_return) = (store::span(row), kind(row), row.needs_return);
    Link { id: row.id, extends: row.extends_id, stored, span, kind, needs_return, counts: store::counts(row) }
}

/// What a request is, as far as the way back from it is concerned.
pub(crate) fn kind(row: &leave_request::Model) -> Kind {
    match row.converts_id {
        Some(leave) => Kind::Converts(leave),
        None if store::lane(row).is_absence() => Kind::Absence,
        None => Kind::Present,
    }
}

/// Rows as the rules see them.
pub(crate) fn links(rows: &[leave_request::Model]) -> Vec<Link> {
    rows.iter().map(link).collect()
}

/// The calendar of whose request it is.
///
/// # Errors
/// The database fails.
pub(crate) async fn calendar(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: &leave_request::Model,
) -> Result<WorkCalendar, Failure> {
    let applicant = officer::Entity::find_by_id(row.officer_id).one(connection).await?;
    let applicant = applicant.ok_or_else(|| Failure::internal("the applicant is gone"))?;
    let reference = state.reference.current(connection).await?;
    of_officer(connection, &state.secrets, &reference, &applicant).await
}

/// Where a request stands in its series.
///
/// # Errors
/// The database fails.
pub(crate) async fn standing(
    connection: &impl ConnectionTrait,
    state: &AppState,
    series: &[leave_request::Model],
    row: &leave_request::Model,
) -> Result<Standing, Failure> {
    let settings = super::settings::current(connection).await?;
    // The calendar says how long before its end a leave can be extended; it is the last day itself for no workdays.
    let calendar = if settings.extend_workdays_before > 0 {
        calendar(connection, state, row).await?
    } else {
        state.reference.current(connection).await?.calendar.clone()
    };
    let reports = super::report::of(connection, [row.id]).await?;
    Ok(Standing {
        reported: super::report::is_waiting(&reports, row.id),
        ..Standing::of(&links(series), link(row), &calendar, settings.extend_workdays_before)
    })
}
