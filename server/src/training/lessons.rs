//! Lessons with what the caller is in them: his attendance, his receipt, what he can do now.

use std::collections::{HashMap, HashSet};

use app::attendance::rules::{Status, without_sign_in};
use app::day::Timestamp;
use app::rating::rules::may_rate;
use app::training::api::{Lesson, Part};
use app::training::rules::RATING_HOURS;
use uuid::Uuid;

use crate::entity::{lesson, training_class};
use crate::error::Failure;
use crate::session::Caller;
use crate::state::AppState;
use crate::training::store::{self, Mine};
use crate::{attendance, rating};

/// Lessons on the home screen.
const HOME_LESSONS: usize = 8;

/// Describes lessons to the caller, in five queries however many there are; leaves out those of classes that he has no
/// part in.
pub(super) async fn seen_by(
    state: &AppState,
    caller: &Caller,
    rows: Vec<lesson::Model>,
) -> Result<Vec<Lesson>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let read = state.database.read();
    let now = state.now();
    let zone = state.config.zone;
    let mut classes: Vec<Uuid> = rows.iter().map(|lesson| lesson.class_id).collect();
    classes.sort_unstable();
    classes.dedup();
    let ids: Vec<Uuid> = rows.iter().map(|lesson| lesson.id).collect();
    let halves: Vec<_> = rows.iter().map(|lesson| zone.half_day(Timestamp::from_millis(lesson.starts_at))).collect();
    let attends = store::attends(read, caller.id, &classes).await?;
    let classes: HashMap<Uuid, training_class::Model> =
        store::classes(read, &classes).await?.into_iter().map(|class| (class.id, class)).collect();
    let signed_in = attendance::store::of_officer(read, caller.id, &ids).await?;
    let rated: HashSet<Uuid> = rating::store::rated(read, caller.id, &ids).await?;
    let leave = attendance::store::leave_of(read, &[caller.id], &halves).await?;
    let lessons = rows.into_iter().zip(halves).filter_map(|(row, half)| {
        let class = classes.get(&row.class_id)?;
        let on_list = attends.contains(&class.id);
        let part = store::part(caller, class, on_list)?;
        let times = store::times(&row, class);
        let mine = signed_in.get(&row.id).copied();
        let my_status = match mine {
            Some((status, _)) => Some(status),
            None if on_list => Some(without_sign_in(&times, leave.contains(&(caller.id, half)), now)),
            None => None,
        };
        let my_rated = rated.contains(&row.id);
        Some(describe(row, class, part, Own { status: my_status, at: mine.map(|(_, at)| at), rated: my_rated }, now))
    });
    Ok(lessons.collect())
}

/// What the caller did in a lesson.
#[derive(Clone, Copy)]
struct Own {
    status: Option<Status>,
    at: Option<Timestamp>,
    rated: bool,
}

fn describe(row: lesson::Model, class: &training_class::Model, part: Part, own: Own, now: Timestamp) -> Lesson {
    let times = store::times(&row, class);
    Lesson {
        id: row.id,
        class_id: class.id,
        class_name: class.name.clone(),
        title: row.title,
        lecturer: row.lecturer,
        lecturer_unit: row.lecturer_unit,
        room: row.room,
        starts_at: times.starts_at,
        ends_at: times.ends_at,
        sign_in_opens_at: times.opens_at(),
        late_from: times.late_from(),
        sign_in_closes_at: times.closes_at(),
        credit_halves: row.credit_halves,
        phase: times.phase(now),
        rating_closes_at: times.rating_closes_at(),
        rating_closed: now >= times.rating_closes_at(),
        part,
        my_status: own.status,
        my_at: own.at,
        my_rated: own.rated,
        can_rate: !own.rated && may_rate(&times, own.status, now).is_ok(),
    }
}

/// Today's lessons of the caller, as trainee or as class teacher, and those that he can still rate; at most eight, in
/// the order of time.
///
/// # Errors
/// The database fails.
pub async fn lessons_today(state: &AppState, caller: &Caller) -> Result<Vec<Lesson>, Failure> {
    let zone = state.config.zone;
    let today = state.today();
    let (midnight, tomorrow) = (zone.at(today, 0), zone.at(today.next(), 0));
    let earliest = midnight.min(state.now().plus_minutes(-RATING_HOURS * 60));
    let rows =
        store::lessons_between(state.database.read(), caller.id, Mine::AttendedOrTaught, earliest, tomorrow).await?;
    let mut lessons = seen_by(state, caller, rows).await?;
    lessons.retain(|lesson| lesson.ends_at > midnight || lesson.can_rate);
    // When there are more than fit, today's come before what is left to rate.
    lessons.sort_by_key(|lesson| (lesson.ends_at <= midnight, lesson.starts_at));
    lessons.truncate(HOME_LESSONS);
    lessons.sort_by_key(|lesson| lesson.starts_at);
    Ok(lessons)
}
