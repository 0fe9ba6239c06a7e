//! Periods of duty and of no leave, and what conflicts do: HR sets them up.

use std::collections::{BTreeSet, HashMap};

use app::account::rules::Permission;
use app::api::{Code, Empty, Problem};
use app::day::Day;
use app::leave::api::{
    ConflictSettingsChange, DeleteLeavePeriod, GetConflictSettings, LeavePeriod, LeavePeriodChange, LeavePeriods,
    ListLeavePeriods, OnDuty, SetConflictSettings, SetLeavePeriod,
};
use app::leave::conflict::{PeriodKind, Settings};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::conflict::{self, SETTING};
use crate::audit::{self, Actor, Deed};
use crate::entity::{court, department, leave_period, leave_period_officer, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::setting;

/// The longest name of a period or a group, in characters.
pub(super) const TITLE_LIMIT: usize = 60;
/// The longest period, in days.
const LONGEST_DAYS: i64 = 366;
/// How many officers can be on duty in one period.
const ON_DUTY_LIMIT: usize = 100;
/// How long a period is listed after it is over, in days.
const LISTED_DAYS: i64 = 31;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListLeavePeriods, _, _, _>(list_leave_periods)
        .mount::<SetLeavePeriod, _, _, _>(set_leave_period)
        .mount::<DeleteLeavePeriod, _, _, _>(delete_leave_period)
        .mount::<GetConflictSettings, _, _, _>(get_conflict_settings)
        .mount::<SetConflictSettings, _, _, _>(set_conflict_settings)
}

/// Checks that a place is there and that the caller manages leave in it: a department of a court, a court, or the
/// province where none is named.
///
/// # Errors
/// [`Code::NotFound`] where it is not so, or the database fails.
pub(super) async fn check_place(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    court: Option<Uuid>,
    department: Option<Uuid>,
) -> Result<(), Failure> {
    let is_there = match court {
        Some(id) => court::Entity::find_by_id(id).one(connection).await?.is_some(),
        None => true,
    };
    if !is_there || !caller.may_throughout(Permission::ManageLeave, court) {
        return Err(Problem::new(Code::NotFound, "没有找到这个法院，或您不管理它的请假规则").at("court").into());
    }
    if let Some(id) = department {
        let found = department::Entity::find_by_id(id).one(connection).await?;
        if court.is_none() || found.is_none_or(|row| Some(row.court_id) != court) {
            return Err(Problem::new(Code::NotFound, "这个法院没有这个部门，请重新选择").at("department").into());
        }
    }
    Ok(())
}

/// A name, trimmed.
///
/// # Errors
/// [`Code::BadInput`] where it is empty or too long.
pub(super) fn check_title(title: &str) -> Result<String, Failure> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE_LIMIT {
        return Err(Failure::bad_input("title", format!("名称须为 1 至 {TITLE_LIMIT} 字，请修改")));
    }
    Ok(title.to_owned())
}

/// The names of courts and of departments, by id: two queries.
pub(super) async fn place_names(
    connection: &impl ConnectionTrait,
    courts: Vec<Uuid>,
    departments: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let courts = court::Entity::find().filter(court::Column::Id.is_in(courts)).all(connection).await?;
    let departments =
        department::Entity::find().filter(department::Column::Id.is_in(departments)).all(connection).await?;
    let courts = courts.into_iter().map(|row| (row.id, row.name));
    Ok(courts.chain(departments.into_iter().map(|row| (row.id, row.name))).collect())
}

async fn draw(connection: &impl ConnectionTrait, rows: Vec<leave_period::Model>) -> Result<Vec<LeavePeriod>, Failure> {
    let who = leave_period_officer::Entity::find()
        .filter(leave_period_officer::Column::PeriodId.is_in(rows.iter().map(|row| row.id)))
        .all(connection)
        .await?;
    let officers = officer::Entity::find()
        .filter(officer::Column::Id.is_in(who.iter().map(|row| row.officer_id)))
        .order_by_asc(officer::Column::Number)
        .all(connection)
        .await?;
    let courts = rows.iter().filter_map(|row| row.court_id).collect();
    let departments = rows.iter().filter_map(|row| row.department_id).collect();
    let names = place_names(connection, courts, departments).await?;
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    rows.into_iter()
        .map(|row| {
            let on_duty: BTreeSet<Uuid> =
                who.iter().filter(|duty| duty.period_id == row.id).map(|duty| duty.officer_id).collect();
            let officers = officers.iter().filter(|officer| on_duty.contains(&officer.id));
            Ok(LeavePeriod {
                id: row.id,
                version: row.version,
                kind: PeriodKind::parse(&row.kind)
                    .ok_or_else(|| Failure::internal(format!("unknown kind of period: {}", row.kind)))?,
                title: row.title,
                from: Day::from(row.from_day),
                to: Day::from(row.to_day),
                court_name: name(row.court_id),
                department_name: name(row.department_id),
                court: row.court_id,
                department: row.department_id,
                officers: officers.map(|row| OnDuty { officer: row.number.clone(), name: row.name.clone() }).collect(),
            })
        })
        .collect()
}

async fn one(connection: &impl ConnectionTrait, row: leave_period::Model) -> Result<LeavePeriod, Failure> {
    let mut drawn = draw(connection, vec![row]).await?;
    drawn.pop().ok_or_else(|| Failure::internal("one period was drawn as none"))
}

async fn list_leave_periods(call: Call<ListLeavePeriods>) -> Result<LeavePeriods, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let mut rows = leave_period::Entity::find()
        .filter(leave_period::Column::ToDay.gte(call.state.today().plus(-LISTED_DAYS).date()))
        .order_by_asc(leave_period::Column::FromDay)
        .order_by_asc(leave_period::Column::Title)
        .order_by_asc(leave_period::Column::Id)
        .all(connection)
        .await?;
    rows.retain(|row| caller.may_throughout(Permission::ManageLeave, row.court_id));
    Ok(LeavePeriods { items: draw(connection, rows).await? })
}

/// Who is on duty: officers in service of the part of the tree that the caller manages, by id.
async fn on_duty(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    body: &LeavePeriodChange,
) -> Result<BTreeSet<Uuid>, Failure> {
    let numbers: BTreeSet<&str> = body.officers.iter().map(|number| number.trim()).collect();
    match body.kind {
        PeriodKind::Blackout if numbers.is_empty() => return Ok(BTreeSet::new()),
        PeriodKind::Blackout => {
            return Err(Failure::bad_input("officers", "严禁外出期对全院或全部门有效，不填人员；值班才填值班人员"));
        }
        PeriodKind::Duty if numbers.is_empty() || numbers.len() > ON_DUTY_LIMIT => {
            return Err(Failure::bad_input("officers", format!("请填写 1 至 {ON_DUTY_LIMIT} 名值班人员")));
        }
        PeriodKind::Duty => {}
    }
    let found =
        officer::Entity::find().filter(officer::Column::Number.is_in(numbers.iter().copied())).all(connection).await?;
    let is_covered = |row: &&officer::Model| {
        caller.may(Permission::ManageLeave, row.court_id, Some(row.department_id))
            && body.court.is_none_or(|court| court == row.court_id)
    };
    let known: BTreeSet<&str> = found.iter().filter(is_covered).map(|row| row.number.as_str()).collect();
    if let Some(unknown) = numbers.difference(&known).next() {
        return Err(Failure::bad_input(
            "officers",
            format!("没有找到值班人员 {unknown}，或其不属于该法院，请核对工号"),
        ));
    }
    Ok(found.into_iter().map(|row| row.id).collect())
}

async fn set_leave_period(call: Call<SetLeavePeriod>) -> Result<LeavePeriod, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let title = check_title(&body.title)?;
    if body.to < body.from || body.to.days_since(body.from) >= LONGEST_DAYS {
        return Err(Failure::bad_input("to", format!("结束日期须在开始日期之后、{LONGEST_DAYS} 天以内，请重新选择")));
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    check_place(&tx, caller, body.court, body.department).await?;
    let officers = on_duty(&tx, caller, &body).await?;
    let stored = leave_period::Entity::find_by_id(call.path.id).lock_exclusive().one(&tx).await?;
    if let Some(row) = &stored {
        check_place(&tx, caller, row.court_id, None).await?;
    }
    let row = leave_period::Model {
        id: call.path.id,
        version: body.version + 1,
        kind: body.kind.as_str().to_owned(),
        title,
        from_day: body.from.date(),
        to_day: body.to.date(),
        court_id: body.court,
        department_id: body.department,
    };
    let before = match stored {
        Some(stored) => {
            let drawn = one(&tx, stored.clone()).await?;
            let same_people = drawn.officers.len() == officers.len()
                && drawn.officers.iter().all(|duty| body.officers.iter().any(|number| number.trim() == duty.officer));
            // A repeat of the change that made this version.
            if same_people && stored == row {
                return Ok(drawn);
            }
            if stored.version != body.version {
                return Err(stale("这个时段刚被他人修改，已显示最新内容，请核对后再改", &drawn));
            }
            Some(drawn)
        }
        None if body.version != 0 => return Err(Failure::not_found("这个时段")),
        None => None,
    };
    match before {
        Some(_) => {
            let change = row.clone().into_active_model().reset_all();
            leave_period::Entity::update(change).exec(&tx).await?;
        }
        None => {
            leave_period::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        }
    }
    leave_period_officer::Entity::delete_many()
        .filter(leave_period_officer::Column::PeriodId.eq(row.id))
        .exec(&tx)
        .await?;
    if !officers.is_empty() {
        let rows = officers
            .into_iter()
            .map(|officer| leave_period_officer::ActiveModel { period_id: Set(row.id), officer_id: Set(officer) });
        leave_period_officer::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    let after = one(&tx, row).await?;
    let deed = Deed { action: "leave_period.set", subject: "leave_period", id: &after.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before.as_ref(), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
}

/// The refusal of a change of what somebody else has changed meanwhile.
pub(super) fn stale(text: &str, current: &impl serde::Serialize) -> Failure {
    match serde_json::to_value(current) {
        Ok(current) => Problem::new(Code::StaleVersion, text).with_current(current).into(),
        Err(error) => Failure::internal(error),
    }
}

async fn delete_leave_period(call: Call<DeleteLeavePeriod>) -> Result<Empty, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let row = leave_period::Entity::find_by_id(call.path.id)
        .lock_exclusive()
        .one(&tx)
        .await?
        .filter(|row| caller.may_throughout(Permission::ManageLeave, row.court_id))
        .ok_or_else(|| Failure::not_found("这个时段"))?;
    let before = one(&tx, row.clone()).await?;
    leave_period_officer::Entity::delete_many()
        .filter(leave_period_officer::Column::PeriodId.eq(row.id))
        .exec(&tx)
        .await?;
    row.delete(&tx).await?;
    let deed = Deed { action: "leave_period.delete", subject: "leave_period", id: &before.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), None::<&()>).await?;
    tx.commit().await?;
    Ok(Empty {})
}

async fn get_conflict_settings(call: Call<GetConflictSettings>) -> Result<Settings, Failure> {
    Ok(conflict::settings(call.state.database.read()).await?)
}

async fn set_conflict_settings(call: Call<SetConflictSettings>) -> Result<Settings, Failure> {
    let caller = call.caller()?;
    if !caller.may_throughout(Permission::ManageLeave, None) {
        return Err(Failure::new(Code::NotAllowed, "冲突规则全省统一，只有管理全省的人员可以修改"));
    }
    let ConflictSettingsChange { seen, settings: after } = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let before = conflict::settings(&tx).await?;
    if before == after {
        return Ok(after);
    }
    if before != seen {
        return Err(stale("规则刚被他人修改，已显示最新的规则，请核对后再改", &before));
    }
    setting::set(&tx, SETTING, &serde_json::to_string(&after).map_err(Failure::internal)?).await?;
    let deed = Deed { action: "conflict_settings.set", subject: "setting", id: SETTING };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
}
