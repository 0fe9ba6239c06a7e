//! One commit of the sign-in queue: facts, verdicts, rows, answers. A fixed number of statements.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::api::Code;
use app::attendance::api::SignedIn;
use app::attendance::rules::{Accepted, Facts, Status, judge, too_many_wrong};
use app::day::{Timestamp, Zone};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    TryInsertResult,
};
use uuid::Uuid;

use crate::attendance::queue::{Attempt, Source};
use crate::attendance::words;
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{attendance, attendance_attempt, lesson, trainee, training_class};
use crate::error::Failure;
use crate::events::Event;
use crate::training::store::times;

/// The result of an attempt that made the row of attendance.
const ACCEPTED: &str = "accepted";
/// The result of an attempt that found the row there.
const REPEAT: &str = "repeat";
/// The span in which wrong typed codes are counted, in seconds.
const WRONG_SPAN: i64 = 60;

/// What becomes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// He is signed in by it, unless he was before.
    Accept(Uuid, Accepted),
    /// The same nonce was answered before: with a new row of attendance, or with an old one.
    Again { lesson: Uuid, first: bool },
    /// Refused.
    Refuse(Code),
}

type Key = (Uuid, Uuid);

/// Judges and stores a batch; answers each attempt, in order. The boards of the lessons that got a new row hear of it.
pub(super) async fn commit(
    database: &Database,
    clock: &Clock,
    zone: Zone,
    attempts: &[Attempt],
) -> Result<Vec<Result<SignedIn, Failure>>, Failure> {
    let tx = database.begin().await?;
    let known = Known::load(&tx, clock.now(), attempts).await?;
    let verdicts = known.judge(attempts);

    let mut rows = insert(&tx, attempts, &verdicts).await?;
    // Who made each new row: the first attempt of the batch for it.
    let makers: HashMap<Key, usize> = (0..attempts.len())
        .rev()
        .filter_map(|n| match verdicts[n] {
            Verdict::Accept(lesson, _) => Some(((lesson, attempts[n].officer), n)),
            Verdict::Again { .. } | Verdict::Refuse(_) => None,
        })
        .filter(|(key, _)| rows.contains_key(key))
        .collect();
    for (lesson, _) in rows.keys() {
        tx.announce(Event::SignedIn(*lesson));
    }
    let others = attempts.iter().zip(&verdicts).filter_map(|(attempt, verdict)| key(attempt, *verdict));
    let others = others.filter(|key| !rows.contains_key(key)).collect();
    rows.extend(existing(&tx, others).await?);

    let mut answers = Vec::with_capacity(attempts.len());
    let mut log = Vec::with_capacity(attempts.len());
    for (n, (attempt, verdict)) in attempts.iter().zip(&verdicts).enumerate() {
        let row = key(attempt, *verdict).and_then(|key| rows.get(&key));
        let maker = key(attempt, *verdict).and_then(|key| makers.get(&key)).copied();
        let answer = match *verdict {
            Verdict::Refuse(code) => Err(code),
            // Sent twice at once: the twin of the maker is answered as the maker is.
            Verdict::Accept(..) => {
                known.answer(attempt, row, maker.is_some_and(|maker| attempts[maker].nonce == attempt.nonce))
            }
            Verdict::Again { first, .. } => known.answer(attempt, row, first),
        };
        let made = maker == Some(n);
        let result = match &answer {
            Ok(_) if made => ACCEPTED.to_owned(),
            Ok(_) => REPEAT.to_owned(),
            Err(code) => words::name(*code),
        };
        log.push(logged(clock, attempt, answer.as_ref().ok().map(|done| done.lesson), result));
        answers.push(answer.map_err(|code| {
            let found = attempt.lesson.and_then(|lesson| known.lessons.get(&lesson));
            words::refusal(code, found.map(|(lesson, class)| (lesson, times(lesson, class))), attempt, zone)
        }));
    }
    attendance_attempt::Entity::insert_many(log).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(answers)
}

/// What is read for a batch.
struct Known {
    lessons: HashMap<Uuid, (lesson::Model, training_class::Model)>,
    roster: HashSet<Key>,
    earlier: HashMap<Key, (Uuid, bool)>,
    wrong: HashMap<Uuid, i64>,
}

impl Known {
    async fn load(connection: &impl ConnectionTrait, now: Timestamp, attempts: &[Attempt]) -> Result<Self, DbErr> {
        let earlier = earlier(connection, attempts).await?;
        let ids: HashSet<Uuid> = attempts
            .iter()
            .filter_map(|attempt| attempt.lesson)
            .chain(earlier.values().map(|(lesson, _)| *lesson))
            .collect();
        let lessons = lesson::Entity::find().filter(lesson::Column::Id.is_in(ids)).all(connection).await?;
        let classes: HashSet<Uuid> = lessons.iter().map(|lesson| lesson.class_id).collect();
        let classes: HashMap<Uuid, training_class::Model> = training_class::Entity::find()
            .filter(training_class::Column::Id.is_in(classes))
            .all(connection)
            .await?
            .into_iter()
            .map(|class| (class.id, class))
            .collect();
        let officers: HashSet<Uuid> = attempts.iter().map(|attempt| attempt.officer).collect();
        let roster: Vec<(Uuid, Uuid)> = trainee::Entity::find()
            .filter(trainee::Column::ClassId.is_in(classes.keys().copied()))
            .filter(trainee::Column::OfficerId.is_in(officers))
            .select_only()
            .columns([trainee::Column::ClassId, trainee::Column::OfficerId])
            .into_tuple()
            .all(connection)
            .await?;
        let lessons = lessons
            .into_iter()
            .filter_map(|lesson| classes.get(&lesson.class_id).map(|class| (lesson.id, (lesson, class.clone()))))
            .collect();
        Ok(Self {
            lessons,
            roster: roster.into_iter().collect(),
            earlier,
            wrong: wrong_codes(connection, now, attempts).await?,
        })
    }

    /// Judges each attempt; wrong codes within the batch are counted as they come.
    fn judge(&self, attempts: &[Attempt]) -> Vec<Verdict> {
        let mut wrong = self.wrong.clone();
        attempts
            .iter()
            .map(|attempt| {
                let verdict = self.verdict(attempt, wrong.get(&attempt.officer).copied().unwrap_or(0));
                if attempt.source == Source::Typed && verdict == Verdict::Refuse(Code::CodeInvalid) {
                    *wrong.entry(attempt.officer).or_default() += 1;
                }
                verdict
            })
            .collect()
    }

    fn verdict(&self, attempt: &Attempt, wrong: i64) -> Verdict {
        if let Some((lesson, first)) = self.earlier.get(&(attempt.officer, attempt.nonce)).copied() {
            return if attempt.lesson.is_none_or(|asked| asked == lesson) {
                Verdict::Again { lesson, first }
            } else {
                Verdict::Refuse(Code::IdReused)
            };
        }
        if attempt.source == Source::Typed && too_many_wrong(wrong) {
            return Verdict::Refuse(Code::SlowDown);
        }
        // Somebody who names a lesson that does not exist learns no more than from a wrong code.
        let Some((lesson, class)) = attempt.lesson.and_then(|id| self.lessons.get(&id)) else {
            return Verdict::Refuse(Code::CodeInvalid);
        };
        let facts = Facts {
            times: times(lesson, class),
            on_roster: self.roster.contains(&(class.id, attempt.officer)),
            evidence: attempt.evidence,
            received_at: attempt.received_at,
        };
        match judge(&facts) {
            Ok(accepted) => Verdict::Accept(lesson.id, accepted),
            Err(code) => Verdict::Refuse(code),
        }
    }

    fn answer(&self, attempt: &Attempt, row: Option<&attendance::Model>, first: bool) -> Result<SignedIn, Code> {
        let row = row.ok_or(Code::CodeInvalid)?;
        let (lesson, _) = self.lessons.get(&row.lesson_id).ok_or(Code::CodeInvalid)?;
        Ok(SignedIn {
            lesson: row.lesson_id,
            title: lesson.title.clone(),
            name: attempt.name.clone(),
            status: Status::parse(&row.status).unwrap_or(Status::OnTime),
            at: Timestamp::from_millis(row.at),
            first,
        })
    }
}

/// The attempts that succeeded before under the same nonce of the same officer: the lesson, and whether it was then that
/// he signed in.
async fn earlier(connection: &impl ConnectionTrait, attempts: &[Attempt]) -> Result<HashMap<Key, (Uuid, bool)>, DbErr> {
    let rows: Vec<(Uuid, Uuid, Option<Uuid>, String)> = attendance_attempt::Entity::find()
        .filter(attendance_attempt::Column::OfficerId.is_in(attempts.iter().map(|attempt| attempt.officer)))
        .filter(attendance_attempt::Column::Nonce.is_in(attempts.iter().map(|attempt| attempt.nonce)))
        .filter(attendance_attempt::Column::Result.is_in([ACCEPTED, REPEAT]))
        .select_only()
        .columns([
            attendance_attempt::Column::OfficerId,
            attendance_attempt::Column::Nonce,
            attendance_attempt::Column::LessonId,
            attendance_attempt::Column::Result,
        ])
        .into_tuple()
        .all(connection)
        .await?;
    let mut found = HashMap::new();
    for (officer, nonce, lesson, result) in rows {
        if let Some(lesson) = lesson {
            let entry = found.entry((officer, nonce)).or_insert((lesson, false));
            entry.1 |= result == ACCEPTED;
        }
    }
    Ok(found)
}

/// How many wrong codes each of the officers who type one has typed within the last minute.
async fn wrong_codes(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    attempts: &[Attempt],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let typing: HashSet<Uuid> =
        attempts.iter().filter(|attempt| attempt.source == Source::Typed).map(|attempt| attempt.officer).collect();
    if typing.is_empty() {
        return Ok(HashMap::new());
    }
    let counts: Vec<(Uuid, i64)> = attendance_attempt::Entity::find()
        .filter(attendance_attempt::Column::OfficerId.is_in(typing))
        .filter(attendance_attempt::Column::ReceivedAt.gt(now.plus_seconds(-WRONG_SPAN).millis()))
        .filter(attendance_attempt::Column::Source.eq(Source::Typed.as_str()))
        .filter(attendance_attempt::Column::Result.eq(words::name(Code::CodeInvalid)))
        .select_only()
        .column(attendance_attempt::Column::OfficerId)
        .column_as(attendance_attempt::Column::Id.count(), "count")
        .group_by(attendance_attempt::Column::OfficerId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().collect())
}

fn key(attempt: &Attempt, verdict: Verdict) -> Option<Key> {
    match verdict {
        Verdict::Accept(lesson, _) | Verdict::Again { lesson, .. } => Some((lesson, attempt.officer)),
        Verdict::Refuse(_) => None,
    }
}

/// Inserts a row for each lesson and officer that was accepted; answers those that were not there before.
async fn insert(
    connection: &impl ConnectionTrait,
    attempts: &[Attempt],
    verdicts: &[Verdict],
) -> Result<HashMap<Key, attendance::Model>, DbErr> {
    // In the order of their keys: two servers that insert the same rows wait for each other, and never in a circle.
    let mut rows: BTreeMap<Key, attendance::Model> = BTreeMap::new();
    for (attempt, verdict) in attempts.iter().zip(verdicts) {
        if let Verdict::Accept(lesson, Accepted { status, at }) = *verdict {
            rows.entry((lesson, attempt.officer)).or_insert_with(|| attendance::Model {
                lesson_id: lesson,
                officer_id: attempt.officer,
                status: status.as_str().to_owned(),
                at: at.millis(),
                received_at: attempt.received_at.millis(),
                source: attempt.source.as_str().to_owned(),
                device: attempt.device.clone(),
            });
        }
    }
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let inserted = attendance::Entity::insert_many(rows.into_values().map(IntoActiveModel::into_active_model))
        .on_conflict_do_nothing_on([attendance::Column::LessonId, attendance::Column::OfficerId])
        .exec_with_returning_many(connection)
        .await?;
    Ok(match inserted {
        TryInsertResult::Inserted(rows) => rows.into_iter().map(|row| ((row.lesson_id, row.officer_id), row)).collect(),
        TryInsertResult::Empty | TryInsertResult::Conflicted => HashMap::new(),
    })
}

/// The rows that were there before.
async fn existing(
    connection: &impl ConnectionTrait,
    keys: HashSet<Key>,
) -> Result<HashMap<Key, attendance::Model>, DbErr> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let lessons: HashSet<Uuid> = keys.iter().map(|(lesson, _)| *lesson).collect();
    let officers: HashSet<Uuid> = keys.iter().map(|(_, officer)| *officer).collect();
    let rows = attendance::Entity::find()
        .filter(attendance::Column::LessonId.is_in(lessons))
        .filter(attendance::Column::OfficerId.is_in(officers))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.lesson_id, row.officer_id), row))
        .filter(|(key, _)| keys.contains(key))
        .collect())
}

fn logged(clock: &Clock, attempt: &Attempt, lesson: Option<Uuid>, result: String) -> attendance_attempt::ActiveModel {
    attendance_attempt::ActiveModel {
        id: Set(clock.new_id()),
        lesson_id: Set(lesson.or(attempt.lesson)),
        officer_id: Set(attempt.officer),
        nonce: Set(attempt.nonce),
        result: Set(result),
        source: Set(attempt.source.as_str().to_owned()),
        device: Set(attempt.device.clone()),
        received_at: Set(attempt.received_at.millis()),
        scanned_at: Set(attempt.scanned_at.map(Timestamp::millis)),
    }
}
