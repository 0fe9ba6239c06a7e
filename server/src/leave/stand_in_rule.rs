//! What courts say about those who stand in: whether nobody can approve before the colleague has agreed (须代理人同意).

use std::collections::HashSet;

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::leave::api::{ListStandInRules, SetStandInRule, StandInRule, StandInRules};
use app::leave::stand_in::blocks_approval;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::periods::check_place;
use super::{stand_in, store};
use crate::audit::{self, Actor, Deed};
use crate::entity::{court, officer, stand_in_rule};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::state::AppState;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListStandInRules, _, _, _>(list_stand_in_rules).mount::<SetStandInRule, _, _, _>(set_stand_in_rule)
}

/// The courts that let nobody approve before the stand-in has agreed.
///
/// # Errors
/// The database fails.
pub(crate) async fn accepting_first(connection: &impl ConnectionTrait) -> Result<HashSet<Uuid>, DbErr> {
    let rows =
        stand_in_rule::Entity::find().filter(stand_in_rule::Column::AcceptFirst.eq(true)).all(connection).await?;
    Ok(rows.into_iter().map(|row| row.court_id).collect())
}

/// Refuses an approval for which the stand-in has to agree first.
///
/// # Errors
/// [`Code::StandInFirst`], or the database fails.
pub(crate) async fn check_approval(
    connection: &impl ConnectionTrait,
    state: &AppState,
    request: Uuid,
) -> Result<(), Failure> {
    let Some(row) = store::request(connection, request).await? else { return Ok(()) };
    if !blocks_approval(stand_in::state_of(&row), true) {
        return Ok(());
    }
    let named = [Some(row.officer_id), row.stand_in_id].into_iter().flatten();
    let people = officer::Entity::find().filter(officer::Column::Id.is_in(named)).all(connection).await?;
    let court = people.iter().find(|person| person.id == row.officer_id).map(|person| person.court_id);
    let reference = state.reference.current(connection).await?;
    if court.is_none_or(|court| !reference.accepting_first.contains(&court)) {
        return Ok(());
    }
    let name = people.iter().find(|person| Some(person.id) == row.stand_in_id).map_or("", |person| &person.name);
    let text = format!("代理人{name}尚未同意代理，本院规定须其同意后才能批准；请提醒其答复，或请申请人另请代理人");
    Err(Problem::new(Code::StandInFirst, text).into())
}

async fn list_stand_in_rules(call: Call<ListStandInRules>) -> Result<StandInRules, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let mut courts = court::Entity::find()
        .order_by_asc(court::Column::Position)
        .order_by_asc(court::Column::Name)
        .all(connection)
        .await?;
    courts.retain(|court| caller.may_throughout(Permission::ManageLeave, Some(court.id)));
    let rows = stand_in_rule::Entity::find().all(connection).await?;
    let items = courts.into_iter().map(|court| rule(&court, rows.iter().find(|row| row.court_id == court.id)));
    Ok(StandInRules { items: items.collect() })
}

fn rule(court: &court::Model, row: Option<&stand_in_rule::Model>) -> StandInRule {
    StandInRule {
        court: court.id,
        court_name: court.name.clone(),
        version: row.map_or(0, |row| row.version),
        accept_first: row.is_some_and(|row| row.accept_first),
    }
}

async fn set_stand_in_rule(call: Call<SetStandInRule>) -> Result<StandInRule, Failure> {
    let (caller, body, state) = (call.caller()?, call.body()?, &call.state);
    let tx = state.database.begin().await?;
    check_place(&tx, caller, Some(call.path.id), None).await?;
    // The court's row first: two who set it for the first time would both find nothing to lock.
    let court = court::Entity::find_by_id(call.path.id).lock_exclusive().one(&tx).await?;
    let court = court.ok_or_else(|| Failure::not_found("这个法院"))?;
    let stored = stand_in_rule::Entity::find_by_id(court.id).one(&tx).await?;
    let before = rule(&court, stored.as_ref());
    if before.accept_first == body.accept_first {
        tx.rollback().await?;
        return Ok(before);
    }
    if before.version != body.version {
        let current = serde_json::to_value(&before).map_err(Failure::internal)?;
        let text = "这项规定刚被他人修改，已显示最新内容，请核对后再改";
        return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
    }
    let row = stand_in_rule::Model { court_id: court.id, version: before.version + 1, accept_first: body.accept_first };
    let change = row.clone().into_active_model().reset_all();
    if stored.is_some() {
        stand_in_rule::Entity::update(change).exec(&tx).await?;
    } else {
        stand_in_rule::Entity::insert(change).exec_without_returning(&tx).await?;
    }
    let after = rule(&court, Some(&row));
    let deed = Deed { action: "stand_in_rule.set", subject: "court", id: &court.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
}
