//! Opening balances of annual leave.

use std::collections::{BTreeSet, HashMap};

use app::day::Day;
use app::leave::grant::{Grant, Lot, Source, lower};
use app::leave::import::balances;
use app::leave::ledger::{self, Entry, Kind, Totals};
use app::org::api::ImportCounts;
use app::org::import::Sheet;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
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

/// What tells balances of annual leave apart: officer and year.
type Key = (Uuid, i32);

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
    let years: BTreeSet<i32> = judged.good.iter().map(|(_, row)| row.year).collect();
    let stored = figures(connection, &years).await?;
    let known = own_lots(connection, &years).await?;
    let (mut set, mut new_grants, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    let mut rejected = judged.rejected;
    for (number, row) in &judged.good {
        let officer_id = officers[&row.number].id;
        let key = (officer_id, row.year);
        let before = stored.get(&key);
        if before.is_some_and(|before| before.half_days == row.half_days) {
            continue;
        }
        if ctx.actor.officer == Some(officer_id) {
            rejected.push(balances::own_account(*number));
            continue;
        }
        let lots: &[Lot] = known.get(&key).map_or(&[], Vec::as_slice);
        let found = lots.iter().find(|lot| lot.grant.source == Source::Year).map(|lot| lot.grant);
        let Some(grant) = found.or_else(|| Grant::of_year(ctx.clock.new_id(), row.year)) else { continue };
        let written = opening(&grant, previous(before, lots, ctx.today()), row.half_days, lots, ctx.today());
        if found.is_none() && written.iter().any(|entry| entry.grant == Some(grant.id)) {
            new_grants.push(grant_row(officer_id, balances::ANNUAL, &grant, ctx.clock.now().millis()));
        }
        entries.extend(written.into_iter().map(|entry| leave_entry::Model {
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
        }));
        let leave_type = row.leave_type.to_owned();
        let known_on = Some(ctx.today().date());
        set.push(opening_balance::Model { officer_id, year: row.year, leave_type, half_days: row.half_days, known_on });
    }
    rejected.sort_by_key(|row| row.row);
    let counts = ImportCounts {
        rows: judged.rows,
        accepted: judged.rows - u32::try_from(rejected.len()).unwrap_or(judged.rows),
        changed: u32::try_from(set.len()).unwrap_or(u32::MAX),
        rejected,
        normalised: judged.normalised,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, set, grants: new_grants, entries })
}

/// The figure that stands for the year by now: what the last file said, with the bracket that was reached since; before
/// the first one, what was granted. A bracket that is still to be reached is in no figure.
fn previous(before: Option<&opening_balance::Model>, lots: &[Lot], today: Day) -> Option<i64> {
    let reached = lots.iter().filter(|lot| lot.grant.from <= today);
    let Some(before) = before else {
        let granted: Vec<i64> = reached.map(|lot| lot.totals.granted).collect();
        return (!granted.is_empty()).then(|| granted.iter().sum());
    };
    // Of what was brought before its day was kept, the figure stands for the whole year.
    let is_since = |lot: &&Lot| before.known_on.is_some_and(|known_on| Day::from(known_on) < lot.grant.from);
    let brackets = reached.filter(|lot| lot.grant.source == Source::Bracket).filter(is_since);
    Some(before.half_days + brackets.map(|lot| lot.totals.granted).sum::<i64>())
}

/// The figures that offices have brought along for these years.
async fn figures(
    connection: &impl ConnectionTrait,
    years: &BTreeSet<i32>,
) -> Result<HashMap<Key, opening_balance::Model>, Failure> {
    let rows = opening_balance::Entity::find()
        .filter(opening_balance::Column::LeaveType.eq(balances::ANNUAL))
        .filter(opening_balance::Column::Year.is_in(years.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| ((row.officer_id, row.year), row)).collect())
}

/// What these years give by themselves, with what the ledger says of each. What went over from the year before is not of
/// the figure that an office knows.
async fn own_lots(connection: &impl ConnectionTrait, years: &BTreeSet<i32>) -> Result<HashMap<Key, Vec<Lot>>, Failure> {
    let own = leave_grant::Entity::find()
        .filter(leave_grant::Column::LeaveType.eq(balances::ANNUAL))
        .filter(leave_grant::Column::Source.is_in([Source::Year, Source::Bracket].map(Source::as_str)))
        .filter(leave_grant::Column::Year.is_in(years.iter().copied()));
    let ids = own.clone().select_only().column(leave_grant::Column::Id).into_query();
    // PostgreSQL adds `bigint` up to `numeric`.
    let sum = Expr::col(leave_entry::Column::HalfDays).sum().cast_as(Alias::new("bigint"));
    let sums: Vec<(Uuid, String, i64)> = leave_entry::Entity::find()
        .filter(leave_entry::Column::GrantId.in_subquery(ids))
        .select_only()
        .column(leave_entry::Column::GrantId)
        .column(leave_entry::Column::Kind)
        .column_as(sum, "half_days")
        .group_by(leave_entry::Column::GrantId)
        .group_by(leave_entry::Column::Kind)
        .into_tuple()
        .all(connection)
        .await?;
    let mut entries: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for (id, kind, half_days) in sums {
        // Their year is that of the grant; what they add up to does not ask for it.
        let entry = Kind::parse(&kind).map(|kind| Entry { kind, year: 0, half_days, grant: Some(id) });
        entries.entry(id).or_default().extend(entry);
    }
    let mut lots: HashMap<Key, Vec<Lot>> = HashMap::new();
    for row in own.order_by_asc(leave_grant::Column::ValidFrom).all(connection).await? {
        let Some(grant) = grant(&row) else { continue };
        let entries = entries.remove(&grant.id).unwrap_or_default();
        lots.entry((row.officer_id, row.year)).or_default().push(Lot { grant, totals: Totals::of(&entries) });
    }
    Ok(lots)
}

/// The entries that make `previous` the figure. What is taken away comes from what the year gives, so that no grant pays
/// for more than there is; what leave has taken before that stays taken, and the year owes it.
fn opening(grant: &Grant, previous: Option<i64>, figure: i64, lots: &[Lot], today: Day) -> Vec<Entry> {
    let Some(entry) = ledger::opening(grant, previous, figure) else { return Vec::new() };
    if entry.half_days > 0 {
        return vec![entry];
    }
    let open: Vec<Lot> = lots.iter().filter(|lot| lot.grant.from <= today).copied().collect();
    let (mut entries, rest) = lower(&open, -entry.half_days);
    entries.extend((rest > 0).then_some(Entry { half_days: -rest, ..entry }));
    entries
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
