//! Opening balances of annual leave.

use std::collections::HashMap;

use app::leave::import::balances;
use app::leave::ledger::{self, Kind};
use app::org::api::ImportCounts;
use app::org::import::Sheet;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{Context, insert_all, officers, only_sheet, rows_in_a_statement};
use crate::entity::{leave_entry, opening_balance};
use crate::error::Failure;

/// A list that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    set: Vec<opening_balance::Model>,
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
    let granted = granted(connection).await?;
    let (mut set, mut entries) = (Vec::new(), Vec::new());
    for (_, row) in &judged.good {
        let officer_id = officers[&row.number].id;
        let key = (officer_id, row.year, row.leave_type.to_owned());
        let before = stored.get(&key).copied();
        if before == Some(row.half_days) {
            continue;
        }
        let previous = before.or_else(|| granted.get(&key).copied());
        if let Some(entry) = ledger::opening(row.year, previous, row.half_days) {
            entries.push(leave_entry::Model {
                id: ctx.clock.new_id(),
                officer_id,
                leave_type: row.leave_type.to_owned(),
                year: entry.year,
                kind: entry.kind.as_str().to_owned(),
                half_days: entry.half_days,
                request_id: None,
                at: ctx.clock.now().millis(),
            });
        }
        let leave_type = row.leave_type.to_owned();
        set.push(opening_balance::Model { officer_id, year: row.year, leave_type, half_days: row.half_days });
    }
    let counts = ImportCounts {
        rows: judged.rows,
        accepted: u32::try_from(judged.good.len()).unwrap_or(u32::MAX),
        changed: u32::try_from(set.len()).unwrap_or(u32::MAX),
        rejected: judged.rejected,
        normalised: judged.normalised,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, set, entries })
}

/// What was granted so far, adjustments included.
async fn granted(connection: &impl ConnectionTrait) -> Result<HashMap<Key, i64>, Failure> {
    let rows = leave_entry::Entity::find()
        .filter(leave_entry::Column::LeaveType.eq(balances::ANNUAL))
        .filter(leave_entry::Column::Kind.is_in([Kind::Grant.as_str(), Kind::Adjust.as_str()]))
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
        use opening_balance::Column::{HalfDays, LeaveType, OfficerId, Year};
        for chunk in self.set.chunks(rows_in_a_statement::<opening_balance::Entity>()) {
            opening_balance::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
                .on_conflict(OnConflict::columns([OfficerId, Year, LeaveType]).update_column(HalfDays).to_owned())
                .exec_without_returning(connection)
                .await?;
        }
        insert_all::<leave_entry::Entity, _>(connection, &self.entries).await
    }
}
