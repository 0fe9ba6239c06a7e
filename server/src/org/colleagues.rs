//! Finding a colleague by name, the initials of its pinyin, or 工号.

use std::collections::{HashMap, HashSet};

use app::org::api::{Colleague, Colleagues, ListColleagues};
use app::org::rules::OfficerStatus;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::entity::{court, officer};
use crate::error::Failure;
use crate::leave::store::away;
use crate::mount::Call;
use crate::org::store::people;

/// How many fit into an answer.
const MOST: u64 = 20;

/// Those of the caller's own court come first; nobody learns more of a colleague than that he is not at work.
pub(super) async fn list_colleagues(call: Call<ListColleagues>) -> Result<Colleagues, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let text = call.query.q.trim();
    if text.is_empty() {
        return Ok(Colleagues { items: Vec::new() });
    }
    let connection = state.database.read();
    let fitting = in_service(text);
    let mut rows = fitting.clone().filter(officer::Column::CourtId.eq(caller.court)).all(connection).await?;
    if (rows.len() as u64) < MOST {
        rows.extend(fitting.filter(officer::Column::CourtId.ne(caller.court)).all(connection).await?);
        rows.truncate(MOST as usize);
    }
    let away = away(connection, rows.iter().map(|row| row.id).collect(), state.half_day()).await?;
    drawn(connection, rows, &away).await
}

/// The first officers in service whose name, its initials or 工号 fit a text, by 工号.
pub(crate) fn in_service(text: &str) -> Select<officer::Entity> {
    let found = Condition::any()
        .add(officer::Column::Name.contains(text))
        .add(officer::Column::Initials.starts_with(text.to_lowercase()))
        .add(officer::Column::Number.starts_with(text));
    officer::Entity::find()
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .filter(found)
        .order_by_asc(officer::Column::Number)
        .limit(MOST)
}

/// Officers as somebody finds them; `away` are those who are not at work.
///
/// # Errors
/// The database fails.
pub(crate) async fn drawn(
    connection: &impl ConnectionTrait,
    rows: Vec<officer::Model>,
    away: &HashSet<Uuid>,
) -> Result<Colleagues, Failure> {
    let (_, departments) = people(connection, rows.iter().map(|row| row.id).collect()).await?;
    let courts: HashMap<Uuid, String> =
        court::Entity::find().all(connection).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let item = |row: officer::Model| Colleague {
        department: departments.get(&row.department_id).cloned().unwrap_or_default(),
        court: courts.get(&row.court_id).cloned().unwrap_or_default(),
        away: away.contains(&row.id),
        officer: row.number,
        name: row.name,
        post: row.post,
    };
    Ok(Colleagues { items: rows.into_iter().map(item).collect() })
}
