//! Opening balances of annual leave.

use std::collections::HashMap;

use app::leave::grant::{Grant, Source};
use app::leave::import::balances;
use app::leave::ledger::{self, Kind};
use app::org::api::ImportCounts;
use app::org::import::Sheet;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Context, insert_all, officers, only_sheet, rows_in_a_statement};
use crate::entity::{leave_entry, leave_grant, opening_balance};
use crate::error::Failure;
use crate::leave::account::{grant, grant_row};

/// A list that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    set: Vec<opening_balance::Model>,
    grants: Vec<leave_grant::Model>,
    entries: Vec<leave_entry::Model>,
}

/// What tells balances apart: officer, year, type.
type Key = (Uuid, i32, String);

/// Judges the file against what is stored. The ledger gets the difference to the figure before, so that leave taken
/// since stays taken and the same figure again changes nothing.
///
/// # Errors
/// The file is refused as a whole, or the database fails.
pub(super) async fn prepare(
    connection: &impl ConnectionTrait,
    ctx: &Context<'_>,
    sheets: &[Sheet],
) -> Result<Prepared, Failure> {
    let officers = officers(connection).await?;
    let known = |number: &str| officers.get(number).is_some_and(|officer| ctx.covers(officer.court_id));
    let judged = balances::judge(only_sheet(sheets)?, &known)?;
    let stored: HashMap<Key, i64> = opening_balance::Entity::find()
        .all(connection)
        .await?
        .into_iter()
        .map(|row| ((row.officer_id, row.year, row.leave_type), row.half_days))
        .collect();
    let granted = given(connection, Source::Year, ctx).await?;
    let brackets = given(connection, Source::Bracket, ctx).await?;
    let known_grants = grants(connection).await?;
    let (mut set, mut new_grants, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for (_, row) in &judged.good {
        let officer_id = officers[&row.number].id;
        let key = (officer_id, row.year, row.leave_type.to_owned());
        let before = stored.get(&key).copied();
        if before == Some(row.half_days) {
            continue;
        }
        // A bracket that was reached since the last figure, or before the first one, is in this one.
        let added = brackets.get(&key).copied();
        let previous = match (before, granted.get(&key).copied(), added) {
            (Some(figure), _, added) => Some(figure + added.unwrap_or(0)),
            (None, None, None) => None,
            (None, granted, added) => Some(granted.unwrap_or(0) + added.unwrap_or(0)),
        };
        let known = known_grants.get(&key).copied();
        let Some(grant) = known.or_else(|| Grant::of_year(ctx.clock.new_id(), row.year)) else { continue };
        if let Some(entry) = ledger::opening(&grant, previous, row.half_days) {
            if known.is_none() {
                new_grants.push(grant_row(officer_id, row.leave_type, &grant, ctx.clock.now().millis()));
            }
            entries.push(leave_entry::Model {
                id: ctx.clock.new_id(),
                officer_id,
                leave_type: row.leave_type.to_owned(),
                year: entry.year,
                kind: entry.kind.as_str().to_owned(),
                half_days: entry.half_days,
                request_id: None,
                at: ctx.clock.now().millis(),
                grant_id: entry.grant,
                note: Some("导入的余额".to_owned()),
                made_by: None,
            });
        }
        let leave_type = row.leave_type.to_owned();
        let known_on = Some(ctx.today().date());
        set.push(opening_balance::Model { officer_id, year: row.year, leave_type, half_days: row.half_days, known_on });
    }
    let counts = ImportCounts {
        rows: judged.rows,
        accepted: u32::try_from(judged.good.len()).unwrap_or(u32::MAX),
        changed: u32::try_from(set.len()).unwrap_or(u32::MAX),
        rejected: judged.rejected,
        normalised: judged.normalised,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, set, grants: new_grants, entries })
}

/// The grants of years.
async fn grants(connection: &impl ConnectionTrait) -> Result<HashMap<Key, Grant>, Failure> {
    let rows = leave_grant::Entity::find()
        .filter(leave_grant::Column::LeaveType.eq(balances::ANNUAL))
        .filter(leave_grant::Column::Source.eq(Source::Year.as_str()))
        .all(connection)
        .await?;
    let known = |row: leave_grant::Model| {
        let grant = grant(&row)?;
        Some(((row.officer_id, row.year, row.leave_type), grant))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// What a source has granted so far, adjustments included. What went over from the year before is not of the figure that
/// an office knows, nor is a bracket that is still to be reached.
async fn given(
    connection: &impl ConnectionTrait,
    source: Source,
    ctx: &Context<'_>,
) -> Result<HashMap<Key, i64>, Failure> {
    let mut of_source = leave_grant::Entity::find().filter(leave_grant::Column::Source.eq(source.as_str()));
    if source == Source::Bracket {
        of_source = of_source.filter(leave_grant::Column::ValidFrom.lte(ctx.today().date()));
    }
    let of_source = of_source.select_only().column(leave_grant::Column::Id).into_query();
    let rows = leave_entry::Entity::find()
        .filter(leave_entry::Column::LeaveType.eq(balances::ANNUAL))
        .filter(leave_entry::Column::Kind.is_in([Kind::Grant.as_str(), Kind::Adjust.as_str()]))
        .filter(leave_entry::Column::GrantId.in_subquery(of_source))
        .all(connection)
        .await?;
    let mut granted = HashMap::new();
    for row in rows {
        *granted.entry((row.officer_id, row.year, row.leave_type)).or_default() += row.half_days;
    }
    Ok(granted)
}

impl Prepared {
    /// Writes it.
    pub(super) async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        use opening_balance::Column::{HalfDays, KnownOn, LeaveType, OfficerId, Year};
        for chunk in self.set.chunks(rows_in_a_statement::<opening_balance::Entity>()) {
            opening_balance::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(
                    OnConflict::columns([OfficerId, Year, LeaveType]).update_columns([HalfDays, KnownOn]).to_owned(),
                )
                .exec_without_returning(connection)
                .await?;
        }
        insert_all::<leave_grant::Entity, _>(connection, &self.grants).await?;
        insert_all::<leave_entry::Entity, _>(connection, &self.entries).await
    }
}
