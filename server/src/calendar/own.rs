//! Days on which a court closes or works, and working weeks of officers. Both are histories: a later word stands beside
//! the earlier one and wins.

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::calendar::api::{
    CourtDay, CourtDays, CreateCourtDay, CreateWorkingWeek, KnownWorkingWeek, ListCourtDays, ListWorkingWeeks,
    NewCourtDay, WorkingWeeks,
};
use app::day::{Day, Half, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::store;
use crate::audit::{self, Actor, Deed};
use crate::entity::{court, court_day, officer, working_week};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::{lock_officer, people};
use crate::org::visible_officer;

/// The longest reason, in characters.
const REASON_LIMIT: usize = 50;
/// The most words that a list shows.
const MOST_LISTED: u64 = 500;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListCourtDays, _, _, _>(list_court_days)
        .mount::<CreateCourtDay, _, _, _>(create_court_day)
        .mount::<ListWorkingWeeks, _, _, _>(list_working_weeks)
        .mount::<CreateWorkingWeek, _, _, _>(create_working_week)
}

async fn list_court_days(call: Call<ListCourtDays>) -> Result<CourtDays, Failure> {
    let caller = call.caller()?;
    let court = call.query.court.unwrap_or(caller.court);
    if !caller.may(Permission::ManageOrg, court, None) {
        return Err(Failure::not_found("这个法院"));
    }
    court_days(call.state.database.read(), court).await
}

async fn court_days(connection: &impl ConnectionTrait, court: Uuid) -> Result<CourtDays, Failure> {
    let name = court::Entity::find_by_id(court).one(connection).await?.map(|court| court.name).unwrap_or_default();
    let rows = court_day::Entity::find()
        .filter(court_day::Column::CourtId.eq(court))
        .order_by_desc(court_day::Column::Revision)
        .limit(MOST_LISTED)
        .all(connection)
        .await?;
    let (officers, _) = people(connection, rows.iter().filter_map(|row| row.by_id).collect()).await?;
    let item = |row: court_day::Model| CourtDay {
        id: row.id,
        court_id: row.court_id,
        court: name.clone(),
        date: Day::from(row.day),
        half: row.half.as_deref().map(store::half),
        works: row.works,
        reason: row.reason,
        inherited: row.inherited,
        at: Timestamp::from_millis(row.at),
        by: row.by_id.and_then(|id| officers.get(&id)).map(|officer| officer.name.clone()).unwrap_or_default(),
    };
    Ok(CourtDays { items: rows.into_iter().map(item).collect() })
}

async fn create_court_day(call: Call<CreateCourtDay>) -> Result<CourtDays, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let reason = body.reason.trim();
    if !(1..=REASON_LIMIT).contains(&reason.chars().count()) {
        return Err(Failure::bad_input("reason", format!("请填写原因，最多 {REASON_LIMIT} 字，本院干警都会看到")));
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    let is_known = court::Entity::find_by_id(body.court_id).one(&tx).await?.is_some();
    if !is_known || !caller.may(Permission::ManageOrg, body.court_id, None) {
        return Err(Failure::not_found("这个法院"));
    }
    let row = court_day::Model {
        id: body.id,
        revision: store::lock(&tx).await?,
        court_id: body.court_id,
        day: body.date.date(),
        half: body.half.map(|half| if half == Half::Am { "am" } else { "pm" }.to_owned()),
        works: body.works,
        reason: reason.to_owned(),
        inherited: body.inherited,
        at: state.now().millis(),
        by_id: Some(caller.id),
    };
    if let Some(stored) = court_day::Entity::find_by_id(body.id).one(&tx).await? {
        let same = court_day::Model { revision: stored.revision, at: stored.at, ..row } == stored;
        return if same { court_days(&tx, body.court_id).await } else { Err(reused()) };
    }
    let revision = row.revision;
    court_day::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    store::advance(&tx, revision).await?;
    let deed = Deed { action: "court_day.set", subject: "court_day", id: &body.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&NewCourtDay>, Some(&body)).await?;
    tx.commit().await?;
    court_days(state.database.read(), body.court_id).await
}

fn reused() -> Failure {
    Failure::from(Problem::new(Code::IdReused, "这个编号已用于另一项设置，请刷新页面后重试").at("id"))
}

async fn list_working_weeks(call: Call<ListWorkingWeeks>) -> Result<WorkingWeeks, Failure> {
    let caller = call.caller()?;
    let officer = visible_officer(&call.state, caller, Permission::ManageOrg, Some(&call.path.officer)).await?;
    working_weeks(call.state.database.read(), &officer).await
}

async fn working_weeks(connection: &impl ConnectionTrait, officer: &officer::Model) -> Result<WorkingWeeks, Failure> {
    let rows = store::weeks(connection, officer.id).await?;
    let (officers, _) = people(connection, rows.iter().filter_map(|row| row.by_id).collect()).await?;
    let item = |row: &working_week::Model| {
        let week = store::week(row)?;
        Ok(KnownWorkingWeek {
            id: row.id,
            from: week.from,
            halves: week.halves,
            at: Timestamp::from_millis(row.at),
            by: row.by_id.and_then(|id| officers.get(&id)).map(|officer| officer.name.clone()).unwrap_or_default(),
        })
    };
    Ok(WorkingWeeks { items: rows.iter().rev().map(item).collect::<Result<_, Failure>>()? })
}

async fn create_working_week(call: Call<CreateWorkingWeek>) -> Result<WorkingWeeks, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let officer = crate::account::store::officer_by_number(&tx, &call.path.officer)
        .await?
        .filter(|row| caller.may(Permission::ManageOrg, row.court_id, Some(row.department_id)))
        .ok_or_else(|| Failure::not_found("这名干警"))?;
    if !body.halves.contains(&true) {
        return Err(Failure::bad_input("halves", "每周至少要有一个半天上班；长期不上班的，请调整干警状态"));
    }
    // The officer before the calendar, as whoever submits a request does: nobody waits in a circle.
    lock_officer(&tx, officer.id).await?;
    let row = working_week::Model {
        id: body.id,
        revision: store::lock(&tx).await?,
        officer_id: officer.id,
        from_day: body.from.date(),
        halves: body.halves.map(|works| if works { '1' } else { '0' }).iter().collect(),
        at: state.now().millis(),
        by_id: Some(caller.id),
    };
    if let Some(stored) = working_week::Entity::find_by_id(body.id).one(&tx).await? {
        let same = working_week::Model { revision: stored.revision, at: stored.at, ..row } == stored;
        return if same { working_weeks(&tx, &officer).await } else { Err(reused()) };
    }
    let revision = row.revision;
    working_week::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    store::advance(&tx, revision).await?;
    let deed = Deed { action: "working_week.set", subject: "officer", id: &officer.number };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, None::<&()>, Some(&body)).await?;
    tx.commit().await?;
    working_weeks(state.database.read(), &officer).await
}
