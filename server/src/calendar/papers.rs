//! Bringing in a notice: looked at first, then stored for good. Papers are never changed or deleted; a later one wins by
//! day.

use app::api::{Code, Problem};
use app::calendar::api::{
    DayChange, GetHalfHolidays, ImportPaper, KnownPaper, ListPapers, PaperOutcome, Papers, SetHalfHolidays,
};
use app::calendar::import::{changes, warnings};
use app::calendar::notices::NOTICES;
use app::calendar::own::HalfHolidays;
use app::calendar::paper::Paper;
use app::day::Timestamp;
use app::leave::rules::Stored;
use app::leave::types::{Catalogue, Lane};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::store;
use crate::audit::{self, Actor, Deed};
use crate::entity::{calendar_paper, leave_request, leave_slot};
use crate::error::Failure;
use crate::importing::Mode;
use crate::mount::{Api, Call};
use crate::org::store::people;
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListPapers, _, _, _>(list_papers)
        .mount::<ImportPaper, _, _, _>(import_paper)
        .mount::<GetHalfHolidays, _, _, _>(get_half_holidays)
        .mount::<SetHalfHolidays, _, _, _>(set_half_holidays)
}

async fn list_papers(call: Call<ListPapers>) -> Result<Papers, Failure> {
    let connection = call.state.database.read();
    let version = call.state.reference.current(connection).await?.calendar.version();
    let rows = calendar_paper::Entity::find().order_by_desc(calendar_paper::Column::Revision).all(connection).await?;
    let (officers, _) = people(connection, rows.iter().filter_map(|row| row.by_id).collect()).await?;
    let mut items = Vec::with_capacity(rows.len() + NOTICES.len());
    for row in &rows {
        let paper: Paper = serde_json::from_str(&row.content).map_err(Failure::internal)?;
        let by = row.by_id.and_then(|id| officers.get(&id)).map(|officer| officer.name.clone());
        items.push(known(paper, Some(Timestamp::from_millis(row.at)), by));
    }
    items.extend(NOTICES.iter().rev().map(|notice| known(notice.into(), None, None)));
    Ok(Papers { version, items })
}

fn known(paper: Paper, at: Option<Timestamp>, by: Option<String>) -> KnownPaper {
    let (off, worked): (Vec<_>, Vec<_>) = paper.days.iter().partition(|line| line.is_off_day);
    let count = |lines: &[_]| i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let (days_off, days_worked) = (count(&off), count(&worked));
    KnownPaper { year: paper.year, days_off, days_worked, papers: paper.papers, at, by }
}

async fn import_paper(call: Call<ImportPaper>) -> Result<PaperOutcome, Failure> {
    let caller = call.caller()?;
    let mode = if call.query.dry_run { Mode::Look } else { Mode::Apply };
    import(&call.state, &Actor::from(&**caller), call.body()?, mode).await
}

/// Reads a paper from a file.
///
/// # Errors
/// [`Code::UnreadableFile`] with the place in the file and what was expected there.
pub fn parse(bytes: &[u8]) -> Result<Paper, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let text = format!(
            "放假安排文件无法读取（{}：{}）；应为 JSON：year、papers 和 days [{{name, date, isOffDay}}]",
            error.path(),
            error.inner()
        );
        Failure::new(Code::UnreadableFile, text)
    })
}

/// What a paper does, in lines for people.
pub fn lines(outcome: &PaperOutcome) -> String {
    let warnings = outcome.warnings.iter().map(|warning| format!("注意：{}", warning.text));
    let changes = outcome.changes.iter().map(|change| format!("{}：{} → {}", change.date, change.before, change.after));
    let verdict = match (outcome.applied, outcome.changes.is_empty()) {
        (true, _) => format!("已导入{}年放假安排，日历版本 {}", outcome.year, outcome.version),
        (false, true) => "与现有日历一致，无需导入".to_owned(),
        (false, false) => format!("仅核对，未写入；涉及 {} 份请假", outcome.requests),
    };
    warnings.chain(changes).chain([verdict]).collect::<Vec<_>>().join("\n")
}

/// Looks at a paper, or stores it where it says anything new. Requests are counted anew by the job that follows, see
/// [`crate::leave::recount`].
///
/// # Errors
/// The database fails.
pub async fn import(state: &AppState, actor: &Actor, paper: Paper, mode: Mode) -> Result<PaperOutcome, Failure> {
    if mode == Mode::Look {
        return look(state.database.read(), state, &paper).await;
    }
    let tx = state.database.begin().await?;
    let revision = store::lock(&tx).await?;
    let outcome = look(&tx, state, &paper).await?;
    let reference = state.reference.current(&tx).await?;
    let before = &reference.calendar;
    if before.clone().amended([paper.clone()]).says_the_same(before) {
        return Ok(outcome);
    }
    let row = calendar_paper::Model {
        id: state.clock.new_id(),
        revision,
        year: paper.year,
        content: serde_json::to_string(&paper).map_err(Failure::internal)?,
        at: state.now().millis(),
        by_id: actor.officer,
    };
    let id = row.id.to_string();
    calendar_paper::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    store::advance(&tx, revision).await?;
    let deed = Deed { action: "calendar.import", subject: "calendar_paper", id: &id };
    audit::record(&tx, &state.clock, actor, deed, None::<&()>, Some(&paper)).await?;
    tx.commit().await?;
    Ok(PaperOutcome { applied: true, version: before.version() + 1, ..outcome })
}

async fn look(connection: &impl ConnectionTrait, state: &AppState, paper: &Paper) -> Result<PaperOutcome, Failure> {
    let reference = state.reference.current(connection).await?;
    let before = &reference.calendar;
    let changes = changes(paper, before);
    Ok(PaperOutcome {
        applied: false,
        version: before.version(),
        year: paper.year,
        warnings: warnings(paper, before),
        requests: touched(connection, state, &reference.leave_types, &changes).await?,
        changes,
    })
}

/// How many requests that are open or not over lie on a day that becomes a workday or ceases to be one, as far as they are
/// counted anew: those of types whose days follow the calendar. A type that counts minutes is one of them, since it takes
/// some on each workday; it has rows for those alone, so that its span is asked.
async fn touched(
    connection: &impl ConnectionTrait,
    state: &AppState,
    catalogue: &Catalogue,
    changes: &[DayChange],
) -> Result<i64, Failure> {
    let today = state.today();
    let days = changes.iter().filter(|change| change.worked_before != change.worked_after && change.date >= today);
    let days: Vec<time::Date> = days.map(|change| change.date.date()).collect();
    if days.is_empty() {
        return Ok(0);
    }
    let live = |lane: Lane| {
        let followed = catalogue.all().iter().filter(|kind| kind.follows_calendar() && kind.lane() == lane);
        let states = Stored::ALL.into_iter().filter(|stored| stored.is_counted_anew()).map(Stored::as_str);
        leave_request::Entity::find()
            .filter(leave_request::Column::State.is_in(states))
            .filter(leave_request::Column::LeaveType.is_in(followed.map(|kind| kind.name.as_str())))
    };
    let on_a_day = days.iter().fold(Condition::any(), |any, day| {
        any.add(leave_request::Column::FromDay.lte(*day).and(leave_request::Column::ToDay.gte(*day)))
    });
    let hours = live(Lane::Hours).filter(on_a_day).count(connection).await?;
    let leave = live(Lane::Leave).select_only().column(leave_request::Column::Id).into_query();
    let leave: Option<i64> = leave_slot::Entity::find()
        .filter(leave_slot::Column::Day.is_in(days))
        .filter(leave_slot::Column::Live.eq(true))
        .filter(leave_slot::Column::RequestId.in_subquery(leave))
        .select_only()
        .column_as(Expr::cust("COUNT(DISTINCT request_id)"), "requests")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(leave.unwrap_or(0) + i64::try_from(hours).map_err(Failure::internal)?)
}

async fn get_half_holidays(call: Call<GetHalfHolidays>) -> Result<HalfHolidays, Failure> {
    Ok(call.state.reference.current(call.state.database.read()).await?.half_holidays)
}

async fn set_half_holidays(call: Call<SetHalfHolidays>) -> Result<HalfHolidays, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let revision = store::lock(&tx).await?;
    let before = state.reference.current(&tx).await?.half_holidays;
    if before == body.settings {
        return Ok(before);
    }
    if before != body.seen {
        let current = serde_json::to_value(before).map_err(Failure::internal)?;
        let text = "半天假设置刚被他人修改，已显示最新的设置，请核对后再改";
        return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
    }
    store::set_half_holidays(&tx, serde_json::to_string(&body.settings).map_err(Failure::internal)?).await?;
    store::advance(&tx, revision).await?;
    let deed = Deed { action: "half_holidays.set", subject: "calendar_state", id: "half_holidays" };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&body.settings)).await?;
    tx.commit().await?;
    Ok(body.settings)
}
