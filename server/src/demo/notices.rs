//! What the invented officers were told: their open tasks, and the latest outcomes of what they asked for.

use std::collections::HashMap;

use app::approval::news::news;
use app::day::Timestamp;
use app::notice::rules::NoticeKind;
use uuid::Uuid;

use super::dice::Dice;
use crate::approval::store::{Running, entry};
use crate::entity::{leave_request, notice, notice_preference};

/// How long an outcome stays news, in minutes.
const NEWS_MINUTES: i64 = 14 * 24 * 60;
/// How long it takes an officer to have read one.
const READ_MINUTES: i64 = 24 * 60;

/// Rows of notices, and for each officer who has some how far his list has got.
pub(super) fn notices(
    dice: &mut Dice,
    requests: &[leave_request::Model],
    processes: &[Running],
    now: Timestamp,
) -> (Vec<notice::Model>, Vec<notice_preference::Model>) {
    let numbers: HashMap<Uuid, &str> = requests.iter().map(|row| (row.id, row.number.as_str())).collect();
    let mut rows = Vec::new();
    for running in processes {
        let subject = running.row.subject_id;
        let last: Vec<_> = running.entries.last().into_iter().filter_map(|row| entry(row).ok()).collect();
        let last_at = last.last().map_or(Timestamp::from_millis(running.row.started_at), |entry| entry.at);
        for told in news(None, &running.process, &last) {
            let opened = running.process.open_tasks().find(|task| task.officer.id == told.officer);
            let at = opened.and_then(|task| task.opened_at).unwrap_or(last_at);
            let asks = NoticeKind::ASKING.contains(&told.kind);
            if !asks && at < now.plus_minutes(-NEWS_MINUTES) {
                continue;
            }
            let is_read = !asks && at < now.plus_minutes(-READ_MINUTES);
            rows.push(notice::Model {
                id: dice.id(),
                officer_id: told.officer,
                position: 0,
                kind: told.kind.as_str().to_owned(),
                subject_kind: running.row.form.clone(),
                subject_id: subject,
                number: numbers.get(&subject).copied().unwrap_or_default().to_owned(),
                actor_id: told.actor,
                created_at: at.millis(),
                read_at: is_read.then(|| at.plus_minutes(READ_MINUTES).millis()),
            });
        }
    }
    rows.sort_by_key(|row| (row.officer_id, row.created_at, row.id));
    let mut lists: Vec<notice_preference::Model> = Vec::new();
    for row in &mut rows {
        if lists.last().is_none_or(|list| list.officer_id != row.officer_id) {
            lists.push(notice_preference::Model {
                officer_id: row.officer_id,
                last_position: 0,
                muted: String::new(),
                quiet_from: None,
                quiet_to: None,
                email: None,
            });
        }
        let list = lists.last_mut().expect("one was pushed for this officer");
        list.last_position += 1;
        row.position = list.last_position;
    }
    (rows, lists)
}
