//! The court docket.

use std::collections::HashMap;

use app::api::Code;
use app::leave::import::hearings::{self, Gone, HearingRow, Stored};
use app::org::api::{DocketHearing, ImportCounts};
use app::org::import::Sheet;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{Brief, Context, VALUES, insert_all, officers, only_sheet};
use crate::entity::hearing;
use crate::error::Failure;

/// A docket that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    new: Vec<hearing::Model>,
    changed: Vec<hearing::Model>,
    cancelled: Vec<Uuid>,
}

/// The hearings that the caller has cancelled, of those that a docket does not have and that stay otherwise: how many he
/// saw, so that nothing is cancelled that nobody looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cancel {
    /// Those of cases of the docket, on days that it does not reach to.
    pub elsewhere: Option<u32>,
    /// Those within its days and departments.
    pub missing: Option<u32>,
}

/// Judges the file against what is stored. Case number, day and beginning tell hearings apart. A case that the file has
/// at another time of its days is moved; what else it does not name stays unless the caller says otherwise, because a
/// docket is often exported week by week, or department by department.
///
/// # Errors
/// The file is refused as a whole, what is to be cancelled has changed meanwhile, or the database fails.
pub(super) async fn prepare(
    connection: &impl ConnectionTrait,
    ctx: &Context<'_>,
    sheets: &[Sheet],
) -> Result<Prepared, Failure> {
    let officers = officers(connection).await?;
    let known = |number: &str| officers.get(number).is_some_and(|officer| ctx.covers(officer.court_id));
    let docket = hearings::judge(only_sheet(sheets)?, &known)?;
    let rows = hearing::Entity::find().all(connection).await?;
    let reach = docket.reach(ctx.today(), |number| officers.get(number).map(|officer| officer.department_id));
    let by_id: HashMap<Uuid, &Brief> = officers.values().map(|officer| (officer.id, officer)).collect();
    let mut gone = Vanished::default();
    for row in &rows {
        let Some(judge) = by_id.get(&row.officer_id).filter(|judge| ctx.covers(judge.court_id)) else { continue };
        let hearing = Stored {
            case_number: &row.case_number,
            department: judge.department_id,
            day: row.day.into(),
            starts_minute: row.starts_minute,
        };
        if let Some(why) = reach.gone(hearing) {
            gone.note(why, row, judge);
        }
    }
    let (cancelled, [cancelled_hearings, elsewhere, missing]) = gone.cancel(ctx.cancel)?;
    let stored: HashMap<_, hearing::Model> =
        rows.into_iter().map(|row| ((row.case_number.clone(), row.day, row.starts_minute), row)).collect();
    let judged = docket.judged;
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
        changed: u32::try_from(new.len() + changed.len() + cancelled.len()).unwrap_or(u32::MAX),
        rejected: judged.rejected,
        normalised: judged.normalised,
        cancelled: cancelled_hearings,
        elsewhere,
        missing,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, new, changed, cancelled })
}

/// Stored hearings that a docket does not have, by why, with their ids.
#[derive(Default)]
struct Vanished {
    moved: Vec<(Uuid, DocketHearing)>,
    elsewhere: Vec<(Uuid, DocketHearing)>,
    missing: Vec<(Uuid, DocketHearing)>,
}

impl Vanished {
    fn note(&mut self, why: Gone, row: &hearing::Model, judge: &Brief) {
        let list = match why {
            Gone::Moved => &mut self.moved,
            Gone::Elsewhere => &mut self.elsewhere,
            Gone::Missing => &mut self.missing,
        };
        let hearing = DocketHearing {
            case_number: row.case_number.clone(),
            officer: judge.number.clone(),
            name: judge.name.clone(),
            day: row.day.into(),
            starts_minute: row.starts_minute,
        };
        list.push((row.id, hearing));
    }

    /// What is cancelled, by id, and then for people: what is cancelled, and what stays of either kind.
    fn cancel(mut self, chosen: Cancel) -> Result<(Vec<Uuid>, [Vec<DocketHearing>; 3]), Failure> {
        for (list, seen) in [(&mut self.elsewhere, chosen.elsewhere), (&mut self.missing, chosen.missing)] {
            let Some(seen) = seen else { continue };
            if usize::try_from(seen) != Ok(list.len()) {
                let text = "系统中的庭审排期刚有变化，请重新核对文件，再选择要取消的庭审";
                return Err(Failure::new(Code::StaleVersion, text));
            }
            self.moved.append(list);
        }
        let ids = self.moved.iter().map(|(id, _)| *id).collect();
        let for_people = [self.moved, self.elsewhere, self.missing].map(|mut list| {
            list.sort_by(|(_, one), (_, other)| {
                (one.day, one.starts_minute, &one.case_number).cmp(&(
                    other.day,
                    other.starts_minute,
                    &other.case_number,
                ))
            });
            list.into_iter().map(|(_, hearing)| hearing).collect()
        });
        Ok((ids, for_people))
    }
}

impl Prepared {
    /// Writes it.
    pub(super) async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        for ids in self.cancelled.chunks(VALUES) {
            hearing::Entity::delete_many()
                .filter(hearing::Column::Id.is_in(ids.iter().copied()))
                .exec(connection)
                .await?;
        }
        insert_all::<hearing::Entity, _>(connection, &self.new).await?;
        for row in &self.changed {
            row.clone().into_active_model().reset_all().update(connection).await?;
        }
        Ok(())
    }
}
