//! The class that starts today, and one that is over: lessons, trainees, sign-ins, ratings.

use std::collections::{BTreeMap, HashSet};

use app::attendance::rules::{Evidence, Facts, judge};
use app::calendar::rules::WorkCalendar;
use app::day::{Day, HalfDay, Timestamp, Zone};
use app::org::rules::{OfficerStatus, PostClass};
use app::rating::rules::Dimension;
use uuid::Uuid;

use super::dice::Dice;
use super::people::{Making, Province};
use super::words::{CLASS, EARLIER_CLASS, EARLIER_LESSONS, LESSONS, PLACE, REMARKS, ROOMS};
use crate::entity::{attendance, lesson, officer, rating_buffer, rating_receipt, trainee, training_class};
use crate::error::Failure;
use crate::rating::store::sealed;
use crate::training::store::times;

/// How many minutes before a lesson sign-in opens.
pub(super) const OPENS_BEFORE: i32 = 30;
/// How many minutes after its beginning a sign-in is late.
const LATE_AFTER: i32 = 10;
/// How many minutes ago the sign-in of the open lesson began.
const OPENED_AGO: i64 = 10;
/// How many minutes the sign-in of the open lesson lasts.
const OPEN_FOR: i64 = 180;
/// How many trainees the class has, and the one before it.
const TRAINEES: (usize, usize) = (252, 64);
/// The lessons of a day, in minutes after midnight.
const SLOTS: [(i32, i32); 5] = [(510, 600), (615, 705), (840, 930), (945, 1035), (1140, 1230)];

/// The rows of the classes.
#[derive(Debug, Default)]
pub(super) struct Courses {
    pub(super) classes: Vec<training_class::Model>,
    pub(super) lessons: Vec<lesson::Model>,
    pub(super) trainees: Vec<trainee::Model>,
    pub(super) attendances: Vec<attendance::Model>,
    pub(super) receipts: Vec<rating_receipt::Model>,
    pub(super) buffered: Vec<rating_buffer::Model>,
}

/// When a lesson has to begin and end so that its sign-in opened [`OPENED_AGO`] minutes ago and stays open for
/// [`OPEN_FOR`] minutes.
pub(super) fn open_now(now: Timestamp) -> (Timestamp, Timestamp) {
    // Lessons begin at a full minute.
    let opens = Timestamp::from_millis(now.millis().div_euclid(60_000) * 60_000).plus_minutes(-OPENED_AGO);
    (opens.plus_minutes(i64::from(OPENS_BEFORE)), opens.plus_minutes(OPEN_FOR))
}

/// Makes the classes. `on_leave` are the half days that officers are on granted leave.
///
/// # Errors
/// An answer cannot be sealed, which would be an error of this program.
pub(super) fn courses(
    making: &Making<'_>,
    dice: &mut Dice,
    province: &Province,
    on_leave: &HashSet<(Uuid, HalfDay)>,
    (calendar, zone, now): (&WorkCalendar, Zone, Timestamp),
) -> Result<Courses, Failure> {
    let mut courses = Courses::default();
    let today = zone.day(now);
    let plan = plan(zone, now);
    class(dice, province, &mut courses, (CLASS, today, 2, TRAINEES.0));
    hold(making, dice, province, &mut courses, (&plan, &LESSONS), on_leave, (zone, now))?;
    let day = (7..).map(|ago| today.plus(-ago)).find(|day| calendar.is_workday(*day)).unwrap_or(today);
    let plan: Vec<_> = SLOTS.iter().take(3).map(|(from, to)| (zone.at(day, *from), zone.at(day, *to))).collect();
    class(dice, province, &mut courses, (EARLIER_CLASS, day, 0, TRAINEES.1));
    hold(making, dice, province, &mut courses, (&plan, &EARLIER_LESSONS), on_leave, (zone, now))?;
    Ok(courses)
}

/// Twelve lessons in three days: the one that is open now, whatever the hour; one that has just ended, to be rated (not
/// in the first hour after midnight, when the class has only begun); those of today that leave room for them; and as
/// many on the two days that follow as are needed, evenings last.
fn plan(zone: Zone, now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let today = zone.day(now);
    let open = open_now(now);
    let opened = open.0.plus_minutes(-i64::from(OPENS_BEFORE));
    let ended = (opened.plus_minutes(-45), opened);
    let ended = Some(ended).filter(|(from, _)| zone.day(*from) == today);
    let first = ended.map_or(opened, |(from, _)| from);
    let apart = |(from, to): &(Timestamp, Timestamp)| *to <= first || *from >= open.1;
    let slot = |day: Day, (from, to): (i32, i32)| (zone.at(day, from), zone.at(day, to));
    let mut lessons = vec![open];
    lessons.extend(ended);
    lessons.extend(SLOTS.iter().take(4).map(|times| slot(today, *times)).filter(apart));
    for times in SLOTS {
        lessons.extend([1, 2].map(|later| slot(today.plus(later), times)).into_iter().filter(apart));
    }
    lessons.truncate(LESSONS.len());
    lessons.sort_unstable();
    lessons
}

fn class(
    dice: &mut Dice,
    province: &Province,
    courses: &mut Courses,
    (name, first, more_days, size): (&str, Day, i64, usize),
) {
    let id = dice.id();
    let of_cast = |wanted: &str| province.cast.iter().find(|(role, _)| *role == wanted).map(|(_, place)| *place);
    let teacher = of_cast("class-teacher").unwrap_or(0);
    courses.classes.push(training_class::Model {
        id,
        name: name.to_owned(),
        court_id: province.courts[0].id,
        place: PLACE.to_owned(),
        from_day: first.date(),
        to_day: first.plus(more_days).date(),
        quota: i32::try_from(size).unwrap_or(i32::MAX),
        teacher_id: province.officers[teacher].id,
        opens_before_minutes: OPENS_BEFORE,
        late_after_minutes: LATE_AFTER,
    });
    let may_attend = |officer: &officer::Model| {
        officer.status == OfficerStatus::InService.as_str()
            && PostClass::parse(&officer.post_class).is_some_and(|class| class < PostClass::CourtLeader)
    };
    let mut others: Vec<usize> =
        (0..province.officers.len()).filter(|place| may_attend(&province.officers[*place])).collect();
    let tried = [of_cast("trainee"), of_cast("officer")];
    others.retain(|place| *place != teacher && !tried.contains(&Some(*place)));
    dice.shuffle(&mut others);
    let mut chosen: Vec<usize> = tried.into_iter().flatten().chain(others).take(size).collect();
    chosen.sort_unstable();
    courses.trainees.extend(chosen.into_iter().enumerate().map(|(n, place)| trainee::Model {
        class_id: id,
        officer_id: province.officers[place].id,
        group_name: format!("第{}组", n % 12 + 1),
        position: i32::try_from(n).unwrap_or(i32::MAX),
    }));
}

type Titles = [(&'static str, &'static str, &'static str)];

/// Puts the lessons into the class that was made last, and lets happen what has happened by now.
fn hold(
    making: &Making<'_>,
    dice: &mut Dice,
    province: &Province,
    courses: &mut Courses,
    (plan, titles): (&[(Timestamp, Timestamp)], &Titles),
    on_leave: &HashSet<(Uuid, HalfDay)>,
    (zone, now): (Zone, Timestamp),
) -> Result<(), Failure> {
    let Some(class) = courses.classes.last().cloned() else { return Ok(()) };
    let tried: HashSet<Uuid> = province.cast.iter().map(|(_, place)| province.officers[*place].id).collect();
    let trainees: Vec<Uuid> =
        courses.trainees.iter().filter(|row| row.class_id == class.id).map(|row| row.officer_id).collect();
    for (n, ((starts_at, ends_at), (title, lecturer, unit))) in plan.iter().zip(titles).enumerate() {
        let minutes = ends_at.seconds_since(*starts_at) / 60;
        let lesson = lesson::Model {
            id: dice.id(),
            class_id: class.id,
            position: i32::try_from(n).unwrap_or(i32::MAX),
            title: (*title).to_owned(),
            lecturer: (*lecturer).to_owned(),
            lecturer_unit: (*unit).to_owned(),
            room: (*ROOMS[n % ROOMS.len()]).to_owned(),
            starts_at: starts_at.millis(),
            ends_at: ends_at.millis(),
            // A lesson hour has 45 minutes; credit goes in halves of it.
            credit_halves: i32::try_from(minutes * 2 / 45).unwrap_or(0),
            rating_closed_at: None,
            ratings_counted: false,
        };
        let over = *ends_at <= now;
        let half = zone.half_day(*starts_at);
        let mut attended = Vec::new();
        for trainee in &trainees {
            // Whoever tries the product signs in himself; in lessons that are over he was there.
            let comes = if over {
                tried.contains(trainee) || dice.chance(96)
            } else {
                !tried.contains(trainee) && dice.chance(38)
            };
            if comes && !on_leave.contains(&(*trainee, half)) {
                attended.extend(sign_in(dice, &lesson, &class, *trainee, now));
            }
        }
        if over {
            let raters = attended.iter().map(|row| row.officer_id).filter(|officer| !tried.contains(officer));
            rate(making, dice, courses, lesson.id, raters)?;
        }
        courses.attendances.extend(attended);
        courses.lessons.push(lesson);
    }
    Ok(())
}

/// A sign-in at some moment of the window up to now; most come before the lesson begins.
fn sign_in(
    dice: &mut Dice,
    lesson: &lesson::Model,
    class: &training_class::Model,
    officer_id: Uuid,
    now: Timestamp,
) -> Option<attendance::Model> {
    let times = times(lesson, class);
    let opens = times.opens_at();
    let last = if dice.chance(94) { times.late_from() } else { times.late_from().plus_minutes(20) };
    let last = last.min(now).min(times.closes_at());
    let at = opens.plus_seconds(dice.between(0, (last.seconds_since(opens) - 1).max(0)));
    let facts = Facts { times, on_roster: true, evidence: Evidence::Fresh, received_at: at };
    let accepted = judge(&facts).ok().filter(|_| at <= now)?;
    Some(attendance::Model {
        lesson_id: lesson.id,
        officer_id,
        status: accepted.status.as_str().to_owned(),
        at: accepted.at.millis(),
        received_at: at.millis(),
        source: (if dice.chance(85) { "link" } else { "typed" }).to_owned(),
        device: None,
    })
}

/// Receipts and sealed answers, as two thirds of those who were there leave them.
fn rate(
    making: &Making<'_>,
    dice: &mut Dice,
    courses: &mut Courses,
    lesson_id: Uuid,
    raters: impl Iterator<Item = Uuid>,
) -> Result<(), Failure> {
    for officer_id in raters {
        if !dice.chance(66) {
            continue;
        }
        let receipt = rating_receipt::Model { lesson_id, officer_id, request_id: dice.id() };
        let scores: BTreeMap<Dimension, u8> = Dimension::ALL
            .into_iter()
            .map(|dimension| (dimension, *dice.pick(&[5, 5, 5, 5, 4, 4, 4, 3, 3, 2])))
            .collect();
        let text = if dice.chance(18) { dice.pick(REMARKS) } else { "" };
        courses.buffered.push(sealed(making.secrets, &receipt, scores, text)?);
        courses.receipts.push(receipt);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_lessons_fit_around_the_open_one_at_any_minute() {
        let zone = Zone::SHANGHAI;
        let today = Day::new(2026, 11, 23).expect("exists");
        for minute in 0..1440 {
            let now = zone.at(today, minute);
            let lessons = plan(zone, now);
            assert_eq!(lessons.len(), LESSONS.len(), "minute {minute}");
            assert!(lessons.contains(&open_now(now)), "minute {minute}");
            let over = lessons.iter().any(|(_, to)| *to <= now);
            assert!(over || minute < 55, "minute {minute}: nothing to rate");
            assert!(lessons.windows(2).all(|pair| pair[0].1 <= pair[1].0), "minute {minute}: lessons overlap");
            let last = lessons.last().expect("twelve").0;
            assert!(zone.day(last) <= today.plus(2), "minute {minute}: past the third day");
        }
    }
}
