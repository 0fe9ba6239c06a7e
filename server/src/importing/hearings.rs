//! The court docket.

use std::collections::HashMap;

use app::leave::import::hearings::{self, HearingRow};
use app::org::api::ImportCounts;
use app::org::import::Sheet;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::{Context, insert_all, officers, only_sheet};
use crate::entity::hearing;
use crate::error::Failure;

/// A docket that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    new: Vec<hearing::Model>,
    changed: Vec<hearing::Model>,
}

/// Judges the file against what is stored. Case number, day and beginning tell hearings apart; one that the file does
/// not name any more stays, because a docket is often exported week by week.
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
    let judged = hearings::judge(only_sheet(sheets)?, &known)?;
    let stored: HashMap<_, hearing::Model> = hearing::Entity::find()
        .all(connection)
        .await?
        .into_iter()
        .map(|row| ((row.case_number.clone(), row.day, row.starts_minute), row))
        .collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for (_, row) in &judged.good {
        let HearingRow { case_number, officer, day, starts_minute, ends_minute, courtroom } = row;
        let before = stored.get(&(case_number.clone(), day.date(), *starts_minute));
        let after = hearing::Model {
            id: before.map_or_else(|| ctx.clock.new_id(), |before| before.id),
            case_number: case_number.clone(),
            officer_id: officers[officer].id,
            day: day.date(),
            starts_minute: *starts_minute,
            ends_minute: *ends_minute,
            courtroom: courtroom.clone(),
        };
        match before {
            None => new.push(after),
            Some(before) if *before != after => changed.push(after),
            Some(_) => {}
        }
    }
    let counts = ImportCounts {
        rows: judged.rows,
        accepted: u32::try_from(judged.good.len()).unwrap_or(u32::MAX),
        changed: u32::try_from(new.len() + changed.len()).unwrap_or(u32::MAX),
        rejected: judged.rejected,
        normalised: judged.normalised,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, new, changed })
}

impl Prepared {
    /// Writes it.
    pub(super) async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        insert_all::<hearing::Entity, _>(connection, &self.new).await?;
        for row in &self.changed {
            row.clone().into_active_model().reset_all().update(connection).await?;
        }
        Ok(())
    }
}
