//! A training plan: the class, its lessons and trainees.

use std::collections::{BTreeSet, HashMap};

use app::org::api::{ImportCounts, RejectedRow};
use app::org::import::{FileFault, Sheet};
use app::org::rules::OfficerStatus;
use app::training::import::{self, ClassRow, Facts, KnownOfficer, LessonRow};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::{Context, insert_all, officers};
use crate::entity::{court, lesson, trainee, training_class};
use crate::error::Failure;

/// A plan that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    new_class: Option<training_class::Model>,
    changed_class: Option<training_class::Model>,
    new_lessons: Vec<lesson::Model>,
    changed_lessons: Vec<lesson::Model>,
    new_trainees: Vec<trainee::Model>,
    changed_trainees: Vec<trainee::Model>,
}

/// Judges the file against what is stored. Name and first day tell classes apart. Lessons and trainees that the file
/// does not name any more stay: sign-ins and ratings hang on them.
///
/// # Errors
/// The file is refused as a whole, or the database fails.
pub(super) async fn prepare(
    connection: &impl ConnectionTrait,
    ctx: &Context<'_>,
    sheets: &[Sheet],
) -> Result<Prepared, Failure> {
    let officers = officers(connection).await?;
    let courts: HashMap<String, Uuid> =
        court::Entity::find().all(connection).await?.into_iter().map(|court| (court.name, court.id)).collect();
    let organisers: BTreeSet<String> =
        courts.iter().filter(|(_, id)| ctx.covers(**id)).map(|(name, _)| name.clone()).collect();
    let known: HashMap<String, KnownOfficer> = officers
        .values()
        .map(|officer| {
            let in_service = officer.status == OfficerStatus::InService.as_str();
            (officer.number.clone(), KnownOfficer { name: officer.name.clone(), in_service })
        })
        .collect();
    let plan = import::judge(sheets, &Facts { courts: &organisers, officers: &known, zone: ctx.zone })?;

    let before = training_class::Entity::find()
        .filter(training_class::Column::Name.eq(&plan.class.name))
        .filter(training_class::Column::FromDay.eq(plan.class.from.date()))
        .one(connection)
        .await?;
    let id = before.as_ref().map_or_else(|| ctx.clock.new_id(), |class| class.id);
    let after = class_model(&plan.class, id, &courts, officers[&plan.class.teacher].id);
    let (new_class, changed_class) = match &before {
        None => (Some(after), None),
        Some(before) => (None, Some(after).filter(|after| after != before)),
    };

    let stored = lesson::Entity::find().filter(lesson::Column::ClassId.eq(id)).all(connection).await?;
    let (new_lessons, changed_lessons) = lessons(ctx, id, &plan.lessons, stored)?;

    let stored: HashMap<Uuid, trainee::Model> = trainee::Entity::find()
        .filter(trainee::Column::ClassId.eq(id))
        .all(connection)
        .await?
        .into_iter()
        .map(|trainee| (trainee.officer_id, trainee))
        .collect();
    let (mut new_trainees, mut changed_trainees) = (Vec::new(), Vec::new());
    for (position, (_, row)) in plan.trainees.good.iter().enumerate() {
        let officer_id = officers[&row.number].id;
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let after = trainee::Model { class_id: id, officer_id, group_name: row.group.clone(), position };
        match stored.get(&officer_id) {
            None => new_trainees.push(after),
            Some(before) if *before != after => changed_trainees.push(after),
            Some(_) => {}
        }
    }

    // Lessons of a new class come with its trainees; a change of a class that stood is a change of its own.
    let of_the_class = match before {
        None => 0,
        Some(_) => new_lessons.len() + changed_lessons.len() + usize::from(changed_class.is_some()),
    };
    let judged = plan.trainees;
    let accepted = u32::try_from(judged.good.len()).unwrap_or(u32::MAX);
    let without_column = |row: &RejectedRow| RejectedRow { column: None, ..row.clone() };
    let counts = ImportCounts {
        rows: judged.rows,
        accepted,
        changed: u32::try_from(new_trainees.len() + changed_trainees.len() + of_the_class).unwrap_or(u32::MAX),
        lessons: u32::try_from(plan.lessons.len()).ok(),
        trainees: Some(accepted),
        rejected_rows: Some(judged.rejected.iter().map(without_column).collect()),
        rejected: judged.rejected,
        normalised: judged.normalised,
        ..ImportCounts::default()
    };
    Ok(Prepared { counts, new_class, changed_class, new_lessons, changed_lessons, new_trainees, changed_trainees })
}

impl Prepared {
    /// Writes it.
    pub(super) async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        insert_all::<training_class::Entity, _>(connection, self.new_class.as_slice()).await?;
        if let Some(class) = &self.changed_class {
            class.clone().into_active_model().reset_all().update(connection).await?;
        }
        // A class has one lesson at a time, and two lessons may change places: first all that move step aside.
        for (aside, lesson) in (1i64..).zip(&self.changed_lessons) {
            let aside = lesson::ActiveModel { id: Set(lesson.id), starts_at: Set(-aside), ..Default::default() };
            aside.update(connection).await?;
        }
        insert_all::<lesson::Entity, _>(connection, &self.new_lessons).await?;
        for lesson in &self.changed_lessons {
            lesson.clone().into_active_model().reset_all().update(connection).await?;
        }
        insert_all::<trainee::Entity, _>(connection, &self.new_trainees).await?;
        for trainee in &self.changed_trainees {
            trainee.clone().into_active_model().reset_all().update(connection).await?;
        }
        Ok(())
    }
}

fn class_model(class: &ClassRow, id: Uuid, courts: &HashMap<String, Uuid>, teacher_id: Uuid) -> training_class::Model {
    training_class::Model {
        id,
        name: class.name.clone(),
        court_id: courts[&class.organiser],
        place: class.place.clone(),
        from_day: class.from.date(),
        to_day: class.to.date(),
        quota: class.quota,
        teacher_id,
        opens_before_minutes: class.opens_before_minutes,
        late_after_minutes: class.late_after_minutes,
    }
}

/// Whether a lesson of the file is a stored one.
type Fits<'f> = dyn Fn(&LessonRow, &lesson::Model) -> bool + 'f;

/// Matches lessons with those that are stored: by title and beginning, then a lesson that was moved by its title alone,
/// then one that was renamed by its beginning alone, so that what hangs on a lesson stays with it.
fn lessons(
    ctx: &Context<'_>,
    class_id: Uuid,
    rows: &[LessonRow],
    mut stored: Vec<lesson::Model>,
) -> Result<(Vec<lesson::Model>, Vec<lesson::Model>), FileFault> {
    let same_title = |row: &LessonRow, lesson: &lesson::Model| row.title == lesson.title;
    let same_start = |row: &LessonRow, lesson: &lesson::Model| row.starts_at.millis() == lesson.starts_at;
    let mut matched: Vec<Option<lesson::Model>> = vec![None; rows.len()];
    let passes: [&Fits<'_>; 3] =
        [&|row, lesson| same_title(row, lesson) && same_start(row, lesson), &same_title, &same_start];
    for fits in passes {
        for (place, row) in matched.iter_mut().zip(rows) {
            if place.is_none()
                && let Some(found) = stored.iter().position(|lesson| fits(row, lesson))
            {
                *place = Some(stored.swap_remove(found));
            }
        }
    }
    let taken = |lesson: &&lesson::Model| rows.iter().any(|row| same_start(row, lesson));
    if let Some(lesson) = stored.iter().find(taken) {
        let why = format!("课程表中有课程与已有的“{}”同时开始，请把它也列入课程表或改时间", lesson.title);
        return Err(FileFault::Other(why));
    }
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for (position, (row, before)) in rows.iter().zip(matched).enumerate() {
        let after = lesson::Model {
            id: before.as_ref().map_or_else(|| ctx.clock.new_id(), |lesson| lesson.id),
            class_id,
            position: i32::try_from(position).unwrap_or(i32::MAX),
            title: row.title.clone(),
            lecturer: row.lecturer.clone(),
            lecturer_unit: row.lecturer_unit.clone(),
            room: row.room.clone(),
            starts_at: row.starts_at.millis(),
            ends_at: row.ends_at.millis(),
            credit_halves: row.credit_halves,
            rating_closed_at: before.as_ref().and_then(|lesson| lesson.rating_closed_at),
            ratings_counted: before.as_ref().is_some_and(|lesson| lesson.ratings_counted),
        };
        match before {
            None => new.push(after),
            Some(before) if before != after => changed.push(after),
            Some(_) => {}
        }
    }
    Ok((new, changed))
}
