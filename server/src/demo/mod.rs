//! A living province to try the product with: invented people, a year of leave, a class that starts today.
//!
//! Everything follows from a seed and the instant at which it is made; only what is sealed differs each time, because a
//! nonce is never used twice. Figures come from the rules that the product itself runs on: the calendar, the
//! entitlement, the matrix of approvals, the ledger, the windows of a lesson.

mod course;
mod dice;
mod history;
mod leave;
mod notices;
mod people;
mod show;
mod words;

use std::collections::HashSet;

use app::calendar::rules::WorkCalendar;
use app::day::{Day, HalfDay, Timestamp, Zone};
use app::leave::rules::Stored;
use app::leave::rules::absence::KnownBy;
use app::leave::types::Lane;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use show::{accounts, show};

use crate::account::password;
use crate::approval::store::Running;
use crate::audit::{self, Actor, Deed};
use crate::entity::{
    absence_entry, account, approval_entry, approval_process, approval_task, attendance, court, department,
    leave_entry, leave_grant, leave_request, leave_slot, lesson, notice, notice_preference, officer, oversight,
    rating_buffer, rating_receipt, role_grant, trainee, training_class,
};
use crate::error::Failure;
use crate::importing::insert_all;
use crate::leave::after::absence::RECORDED;
use crate::setting;
use crate::state::AppState;
use course::Courses;
use dice::Dice;
use leave::Book;
use people::{Making, Province};

/// The password of every account of a demonstration. It is no secret.
pub const PASSWORD: &str = "fingertip-demo";

/// What is remembered of a demonstration, as the value of [`setting::DEMO`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    seed: u64,
    made_at: Timestamp,
    class: Option<Uuid>,
    accounts: Vec<Account>,
}

/// An account to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    role: String,
    number: String,
}

/// Makes a demonstration in an empty database. Where the same one was made before, nothing happens.
///
/// # Errors
/// The database holds officers of a real province, or a demonstration of another seed; then nothing was changed. The
/// database fails.
pub async fn make(state: &AppState, seed: u64) -> Result<(), Failure> {
    // Hashed before the transaction begins: it is the slowest single step.
    let password_hash = password::hash(state, PASSWORD.to_owned()).await?;
    let (zone, now) = (state.config.zone, state.now());
    let tx = state.database.begin().await?;
    if let Some(stored) = setting::get(&tx, setting::DEMO).await? {
        let made: Remembered = serde_json::from_str(&stored).map_err(Failure::internal)?;
        return if made.seed == seed { Ok(()) } else { Err(refused("已有另一个种子的演示数据")) };
    }
    if officer::Entity::find().count(&tx).await? > 0 || court::Entity::find().count(&tx).await? > 0 {
        return Err(refused("已有其他人员，不是演示数据"));
    }
    let made = invent(state, seed, password_hash, zone, now)?;
    write(&tx, &made).await?;
    let remembered = Remembered {
        seed,
        made_at: now,
        class: made.courses.classes.first().map(|class| class.id),
        accounts: made
            .province
            .cast
            .iter()
            .map(|(role, place)| Account {
                role: (*role).to_owned(),
                number: made.province.officers[*place].number.clone(),
            })
            .collect(),
    };
    setting::set(&tx, setting::DEMO, &serde_json::to_string(&remembered).map_err(Failure::internal)?).await?;
    let deed = Deed { action: "demo.make", subject: "setting", id: setting::DEMO };
    audit::record(&tx, &state.clock, &Actor::system(), deed, None::<&()>, Some(&remembered)).await?;
    tx.commit().await?;
    // The ratings of the earlier class have ended: they are counted as the worker would.
    crate::rating::settle_due(state).await?;
    Ok(())
}

fn refused(why: &str) -> Failure {
    Failure::internal(format!("数据目录中{why}。请用 --data 指定一个新的空目录"))
}

struct Made {
    province: Province,
    requests: Vec<leave_request::Model>,
    slots: Vec<leave_slot::Model>,
    grants: Vec<leave_grant::Model>,
    entries: Vec<leave_entry::Model>,
    processes: Vec<approval_process::Model>,
    log: Vec<approval_entry::Model>,
    tasks: Vec<approval_task::Model>,
    absences: Vec<absence_entry::Model>,
    notices: Vec<notice::Model>,
    lists: Vec<notice_preference::Model>,
    courses: Courses,
}

fn invent(state: &AppState, seed: u64, password_hash: String, zone: Zone, now: Timestamp) -> Result<Made, Failure> {
    let today = zone.day(now);
    let day = u64::try_from(today.days_since(zone.day(Timestamp::from_millis(0)))).unwrap_or(0);
    let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(day));
    let making = Making { secrets: &state.secrets, at: now.millis(), today, password_hash };
    let province = people::people(&making, &mut dice);
    let calendar = WorkCalendar::builtin();
    let mut book = Book::new(&calendar, zone, now, &province);
    history::year(&mut book, &mut dice, &province, zone, now);
    let on_leave = granted_half_days(&book.requests, &book.slots);
    let courses = course::courses(&making, &mut dice, &province, &on_leave, (&calendar, zone, now))?;
    let Book { requests, slots, grants, entries, processes: running, .. } = book;
    let (notices, lists) = notices::notices(&mut dice, &requests, &running, now);
    let absences = absence(&requests, &running, &calendar, (zone, now)).into_iter().collect();
    let (mut processes, mut log, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    for running in running {
        processes.push(running.row);
        log.extend(running.entries);
        tasks.extend(running.tasks.into_values());
    }
    Ok(Made { province, requests, slots, grants, entries, processes, log, tasks, absences, notices, lists, courses })
}

/// Somebody who is on record as not back: of those who have not reported back the one whose leave has been over longest.
fn absence(
    requests: &[leave_request::Model],
    running: &[Running],
    calendar: &WorkCalendar,
    (zone, now): (Zone, Timestamp),
) -> Option<absence_entry::Model> {
    let today = zone.day(now);
    let is_open = |row: &&leave_request::Model| {
        row.state == Stored::Approved.as_str() && row.needs_return && row.lane == Lane::Leave.as_str()
    };
    let row = requests.iter().filter(is_open).min_by_key(|row| row.to_day)?;
    let since = calendar.next_workday(Day::from(row.to_day));
    let process = running.iter().find(|running| running.row.subject_id == row.id)?;
    let first = process.tasks.values().filter(|task| task.decided_by.is_some()).min_by_key(|task| task.seq);
    let made_by = first?.decided_by?;
    (since < today).then(|| absence_entry::Model {
        request_id: row.id,
        seq: 0,
        deed: RECORDED.to_owned(),
        day: Some(since.date()),
        known_by: Some(KnownBy::Told.as_str().to_owned()),
        note: "本人来电称返程车票延误，已提醒尽快返岗并办理销假".to_owned(),
        made_by,
        at: zone.at(since, 9 * 60 + 30).millis(),
    })
}

fn granted_half_days(requests: &[leave_request::Model], slots: &[leave_slot::Model]) -> HashSet<(Uuid, HalfDay)> {
    let granted = [Stored::Approved, Stored::Returned].map(Stored::as_str);
    let granted: HashSet<Uuid> =
        requests.iter().filter(|row| granted.contains(&row.state.as_str())).map(|row| row.id).collect();
    let live = slots
        .iter()
        .filter(|slot| slot.live && slot.lane == Lane::Leave.as_str() && granted.contains(&slot.request_id));
    live.map(|slot| (slot.officer_id, crate::leave::store::half_day(slot.day, &slot.half))).collect()
}

async fn write(connection: &impl ConnectionTrait, made: &Made) -> Result<(), Failure> {
    let Made { province, courses, .. } = made;
    insert_all::<court::Entity, _>(connection, &province.courts).await?;
    insert_all::<department::Entity, _>(connection, &province.departments).await?;
    insert_all::<officer::Entity, _>(connection, &province.officers).await?;
    insert_all::<account::Entity, _>(connection, &province.accounts).await?;
    insert_all::<oversight::Entity, _>(connection, &province.oversights).await?;
    insert_all::<role_grant::Entity, _>(connection, &province.roles).await?;
    insert_all::<leave_request::Entity, _>(connection, &made.requests).await?;
    insert_all::<leave_slot::Entity, _>(connection, &made.slots).await?;
    insert_all::<leave_grant::Entity, _>(connection, &made.grants).await?;
    insert_all::<leave_entry::Entity, _>(connection, &made.entries).await?;
    insert_all::<approval_process::Entity, _>(connection, &made.processes).await?;
    insert_all::<approval_entry::Entity, _>(connection, &made.log).await?;
    insert_all::<approval_task::Entity, _>(connection, &made.tasks).await?;
    insert_all::<absence_entry::Entity, _>(connection, &made.absences).await?;
    insert_all::<notice_preference::Entity, _>(connection, &made.lists).await?;
    insert_all::<notice::Entity, _>(connection, &made.notices).await?;
    insert_all::<training_class::Entity, _>(connection, &courses.classes).await?;
    insert_all::<lesson::Entity, _>(connection, &courses.lessons).await?;
    insert_all::<trainee::Entity, _>(connection, &courses.trainees).await?;
    insert_all::<attendance::Entity, _>(connection, &courses.attendances).await?;
    // Receipts and answers in statements of their own, each in the order of its own random key.
    let mut receipts = courses.receipts.clone();
    receipts.sort_by_key(|row| row.request_id);
    insert_all::<rating_receipt::Entity, _>(connection, &receipts).await?;
    let mut buffered = courses.buffered.clone();
    buffered.sort_by(|one, other| one.tag.cmp(&other.tag));
    insert_all::<rating_buffer::Entity, _>(connection, &buffered).await
}
