//! The types of leave: what officers can ask for, and the settings that HR changes.

use std::collections::HashMap;

use app::api::{Code, Problem};
use app::leave::api::{LeaveTypes, ListLeaveTypes, ListTypeRules, SetTypeRules, TypeRules, TypeRulesList};
use app::leave::rules::not_eligible;
use app::leave::types::{Catalogue, LeaveType};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use super::account;
use crate::audit::{self, Actor, Deed};
use crate::entity::leave_type::{Column, Entity};
use crate::entity::{leave_type, officer};
use crate::error::Failure;
use crate::mount::{Api, Call, signed_out};
use crate::setting;
use crate::state::AppState;

/// The setting that is locked while a type is changed, so that two who change one come after each other.
const LOCK: &str = "leave_types";

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListLeaveTypes, _, _, _>(list_leave_types)
        .mount::<ListTypeRules, _, _, _>(list_type_rules)
        .mount::<SetTypeRules, _, _, _>(set_type_rules)
}

/// The types of this installation: one query.
///
/// # Errors
/// The database fails.
pub async fn catalogue(connection: &impl ConnectionTrait) -> Result<Catalogue, DbErr> {
    let stored = Entity::find().all(connection).await?;
    Ok(Catalogue::new(stored.iter().filter_map(read).collect()))
}

/// A stored type. One that this program cannot read any more counts as not changed, which the log says.
fn read(row: &leave_type::Model) -> Option<LeaveType> {
    let read = serde_json::from_str(&row.rules);
    if let Err(error) = &read {
        tracing::error!(name = row.name, %error, "The stored settings of a type of leave cannot be read.");
    }
    read.ok()
}

/// The type of this name, or the refusal that lists those that can be asked for.
pub(super) fn find<'c>(catalogue: &'c Catalogue, name: &str) -> Result<&'c LeaveType, Failure> {
    catalogue.find(name).map_err(|code| {
        let known: Vec<&str> = catalogue.active().map(|kind| kind.title.as_str()).collect();
        Problem::new(code, format!("没有这种假别，可选：{}", known.join("、"))).at("leave_type").into()
    })
}

async fn list_leave_types(call: Call<ListLeaveTypes>) -> Result<LeaveTypes, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let officer = officer::Entity::find_by_id(caller.id).one(connection).await?.ok_or_else(signed_out)?;
    Ok(LeaveTypes { types: seen_by(&call.state, &officer).await? })
}

/// The types as eligible as they are for an officer.
///
/// # Errors
/// The database fails.
pub(super) async fn seen_by(
    state: &AppState,
    officer: &officer::Model,
) -> Result<Vec<app::leave::api::LeaveType>, Failure> {
    let reference = state.reference.current(state.database.read()).await?;
    let (applicant, today) = (account::applicant(officer), state.today());
    let seen = |leave_type: &LeaveType| leave_type.seen(not_eligible(leave_type, applicant, today).is_none());
    Ok(reference.leave_types.active().map(seen).collect())
}

async fn list_type_rules(call: Call<ListTypeRules>) -> Result<TypeRulesList, Failure> {
    rules(call.state.database.read()).await
}

async fn rules(connection: &impl ConnectionTrait) -> Result<TypeRulesList, Failure> {
    let stored = Entity::find().all(connection).await?;
    let versions: HashMap<&str, i64> = stored.iter().map(|row| (row.name.as_str(), row.version)).collect();
    let catalogue = Catalogue::new(stored.iter().filter_map(read).collect());
    let item = |rules: &LeaveType| TypeRules {
        version: versions.get(rules.name.as_str()).copied().unwrap_or(0),
        rules: rules.clone(),
    };
    Ok(TypeRulesList { items: catalogue.all().iter().map(item).collect() })
}

async fn set_type_rules(call: Call<SetTypeRules>) -> Result<TypeRules, Failure> {
    let caller = call.caller()?;
    let TypeRules { version, mut rules } = call.body()?;
    rules.check().map_err(Failure::Problem)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, LOCK).await?;
    let all = self::rules(&tx).await?;
    let name = call.path.name.as_str();
    let before = all.items.into_iter().find(|item| item.rules.name == name);
    match changed(before.as_ref(), name, version, &mut rules) {
        Ok(true) => {}
        Ok(false) => {
            tx.rollback().await?;
            return Ok(TypeRules { version: before.map_or(0, |item| item.version), rules });
        }
        Err(failure) => {
            tx.rollback().await?;
            return Err(failure);
        }
    }
    let row = leave_type::ActiveModel {
        name: Set(rules.name.clone()),
        rules: Set(serde_json::to_string(&rules).map_err(Failure::internal)?),
        version: Set(version + 1),
        updated_at: Set(state.now().millis()),
    };
    let again =
        OnConflict::column(Column::Name).update_columns([Column::Rules, Column::Version, Column::UpdatedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(&tx).await?;
    let deed = Deed { action: "leave_type.set", subject: "leave_type", id: &rules.name };
    let before = before.as_ref().map(|item| &item.rules);
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before, Some(&rules)).await?;
    tx.commit().await?;
    Ok(TypeRules { version: version + 1, rules })
}

/// Whether there is something to store, once the new settings have what nobody can change: name, title and unit are what
/// the rest of the product knows a type by. What nobody has yet is a type of HR's own.
fn changed(before: Option<&TypeRules>, name: &str, version: i64, rules: &mut LeaveType) -> Result<bool, Failure> {
    let Some(before) = before else {
        let own = rules.clone().added_as(name).map_err(Failure::Problem)?;
        if own.name != name || version != 0 {
            return Err(Problem::new(Code::UnknownLeaveType, "没有这种假别，请返回假别列表").at("name").into());
        }
        *rules = own;
        return Ok(true);
    };
    rules.name.clone_from(&before.rules.name);
    rules.title.clone_from(&before.rules.title);
    if std::mem::discriminant(&rules.unit) != std::mem::discriminant(&before.rules.unit) {
        return Err(Failure::bad_input("unit", "计算方式（半天、分钟或报备）不能更改，只能调整每天的分钟数"));
    }
    if before.rules == *rules {
        return Ok(false);
    }
    if before.version != version {
        let current = serde_json::to_value(before).map_err(Failure::internal)?;
        let text = "这种假别刚被他人修改，已显示最新的设置，请核对后再改";
        return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
    }
    Ok(true)
}
