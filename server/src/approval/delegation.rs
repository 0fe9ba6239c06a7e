//! 委托代理: who may decide for whom, and the calls about it.

use std::collections::BTreeSet;

use app::api::{Code, Empty, Problem};
use app::approval::api::{
    AnswerDelegationOffer, CreateDelegation, DelegationState, DelegationView, Delegations, ListDelegations,
    RevokeDelegation,
};
use app::approval::delegation::{Absence, Delegation, Facts, Period, check_new, covers, principals};
use app::org::rules::OfficerStatus;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::news;
use super::store::{name_of, of_name};
use crate::audit::{self, Actor, Deed};
use crate::database::Transaction;
use crate::entity::{delegation, officer};
use crate::error::Failure;
use crate::leave::store::away;
use crate::mount::{Api, Call};
use crate::org::store::people;
use crate::session::Caller;
use crate::setting;
use crate::state::AppState;

/// How long an ended delegation stays in the list, in days.
const KEPT_DAYS: i64 = 366;

/// The setting that nobody reads: whoever offers a delegation locks it.
const OFFERING: &str = "approval.offering_delegation";

/// Adds the calls.
pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListDelegations, _, _, _>(list_delegations)
        .mount::<CreateDelegation, _, _, _>(create_delegation)
        .mount::<AnswerDelegationOffer, _, _, _>(answer_delegation)
        .mount::<RevokeDelegation, _, _, _>(revoke_delegation)
}

/// What is known about delegations at this moment.
struct Known {
    delegations: Vec<Delegation>,
    absences: Vec<Absence>,
    in_service: BTreeSet<Uuid>,
}

impl Known {
    fn facts(&self, state: &AppState) -> Facts<'_> {
        Facts {
            delegations: &self.delegations,
            absences: &self.absences,
            in_service: &self.in_service,
            at: state.now(),
        }
    }
}

/// The accepted delegations with the facts that they depend on: three queries.
async fn known(connection: &impl ConnectionTrait, state: &AppState) -> Result<Known, Failure> {
    let rows = delegation::Entity::find()
        .filter(delegation::Column::State.eq(name_of(&DelegationState::Accepted)))
        .all(connection)
        .await?;
    let delegations = rows.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    let named: BTreeSet<Uuid> = delegations.iter().flat_map(|known| [known.from, known.to]).collect();
    if named.is_empty() {
        return Ok(Known { delegations, absences: Vec::new(), in_service: named });
    }
    let in_service = officer::Entity::find()
        .filter(officer::Column::Id.is_in(named.iter().copied()))
        .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
        .select_only()
        .column(officer::Column::Id)
        .into_tuple::<Uuid>()
        .all(connection)
        .await?;
    let waits_for_leave: Vec<Uuid> =
        delegations.iter().filter(|known| known.period == Period::OwnLeave).map(|known| known.from).collect();
    let now = state.now();
    let away = away(connection, waits_for_leave, state.config.zone.half_day(now)).await?;
    // What matters is this moment; the half day's bounds would need the court's hours.
    let absences = away.into_iter().map(|officer| Absence { officer, from: now, until: now.plus_minutes(1) }).collect();
    Ok(Known { delegations, absences, in_service: in_service.into_iter().collect() })
}

/// For whom an officer may act on this kind of form now.
///
/// # Errors
/// The database fails.
pub(crate) async fn acts_for(
    connection: &impl ConnectionTrait,
    state: &AppState,
    officer: Uuid,
    form: &str,
) -> Result<Vec<Uuid>, Failure> {
    let known = known(connection, state).await?;
    Ok(principals(known.facts(state), officer, form))
}

/// Who may act now for which of these officers on this kind of form: pairs of principal and delegate.
///
/// # Errors
/// The database fails.
pub(super) async fn delegates(
    connection: &impl ConnectionTrait,
    state: &AppState,
    principals: &BTreeSet<Uuid>,
    form: &str,
) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    if principals.is_empty() {
        return Ok(Vec::new());
    }
    let acting = acting(connection, state, form).await?;
    Ok(acting.into_iter().filter(|(principal, _)| principals.contains(principal)).collect())
}

/// Who acts for whom now on this kind of form: pairs of principal and delegate.
///
/// # Errors
/// The database fails.
pub(super) async fn acting(
    connection: &impl ConnectionTrait,
    state: &AppState,
    form: &str,
) -> Result<BTreeSet<(Uuid, Uuid)>, Failure> {
    let known = known(connection, state).await?;
    let facts = known.facts(state);
    let of = |principal: Uuid| covers(facts, principal, form).into_iter().map(move |delegate| (principal, delegate));
    Ok(known.delegations.iter().flat_map(|delegation| of(delegation.from)).collect())
}

/// A row as the rules see it.
fn rule(row: &delegation::Model) -> Result<Delegation, Failure> {
    Ok(Delegation {
        id: row.id,
        from: row.from_id,
        to: row.to_id,
        kinds: serde_json::from_str(&row.kinds).map_err(Failure::internal)?,
        period: serde_json::from_str(&row.period).map_err(Failure::internal)?,
        accepted: of_name::<DelegationState>(&row.state)? == DelegationState::Accepted,
    })
}

async fn views(
    connection: &impl ConnectionTrait,
    state: &AppState,
    rows: &[delegation::Model],
) -> Result<Vec<DelegationView>, Failure> {
    let named = rows.iter().flat_map(|row| [row.from_id, row.to_id]).collect();
    let (officers, _) = people(connection, named).await?;
    let known = known(connection, state).await?;
    let who = |id: Uuid| officers.get(&id).map(|row| (row.number.clone(), row.name.clone())).unwrap_or_default();
    rows.iter()
        .map(|row| {
            let rule = rule(row)?;
            let ((from, from_name), (to, to_name)) = (who(row.from_id), who(row.to_id));
            // Whether this one counts by itself: the others are left out of the question.
            let alone = Facts { delegations: std::slice::from_ref(&rule), ..known.facts(state) };
            let kind = match &rule.kinds {
                app::approval::delegation::Kinds::All => crate::leave::FORM,
                app::approval::delegation::Kinds::Listed(kinds) => kinds.first().map_or("", String::as_str),
            };
            let active = covers(alone, rule.from, kind).contains(&rule.to);
            let state = of_name(&row.state)?;
            let (kinds, period) = (rule.kinds.clone(), rule.period);
            Ok(DelegationView { id: row.id, from, from_name, to, to_name, kinds, period, state, active })
        })
        .collect()
}

async fn one(
    connection: &impl ConnectionTrait,
    state: &AppState,
    row: delegation::Model,
) -> Result<DelegationView, Failure> {
    let mut views = views(connection, state, &[row]).await?;
    views.pop().ok_or_else(|| Failure::internal("one delegation was drawn as none"))
}

async fn list_delegations(call: Call<ListDelegations>) -> Result<Delegations, Failure> {
    let caller = call.caller()?;
    let since = call.state.now().plus_minutes(-KEPT_DAYS * 24 * 60).millis();
    let connection = call.state.database.read();
    let rows = delegation::Entity::find()
        .filter(
            Condition::any().add(delegation::Column::FromId.eq(caller.id)).add(delegation::Column::ToId.eq(caller.id)),
        )
        .filter(Condition::any().add(delegation::Column::EndedAt.is_null()).add(delegation::Column::EndedAt.gt(since)))
        .order_by_desc(delegation::Column::MadeAt)
        .limit(200)
        .all(connection)
        .await?;
    Ok(Delegations { items: views(connection, &call.state, &rows).await? })
}

async fn create_delegation(call: Call<CreateDelegation>) -> Result<DelegationView, Failure> {
    let (state, caller, body) = (&call.state, call.caller()?, call.body()?);
    let tx = state.database.begin().await?;
    // One offer at a time: two of one officer, or several that close a circle, would pass the check side by side.
    setting::lock(&tx, OFFERING).await?;
    let to = crate::account::store::officer_by_number(&tx, &body.to)
        .await?
        .filter(|row| row.status == OfficerStatus::InService.as_str())
        .ok_or_else(|| Failure::bad_input("to", "没有找到这个工号的在职同志，请核对"))?;
    let kinds = serde_json::to_string(&body.kinds).map_err(Failure::internal)?;
    let period = serde_json::to_string(&body.period).map_err(Failure::internal)?;
    if let Some(stored) = delegation::Entity::find_by_id(body.id).one(&tx).await? {
        let same = (stored.from_id, stored.to_id, &stored.kinds, &stored.period) == (caller.id, to.id, &kinds, &period);
        return if same {
            one(&tx, state, stored).await
        } else {
            Err(Problem::new(Code::IdReused, "这个编号已用于另一项委托，请返回重新填写").at("id").into())
        };
    }
    let alive = [DelegationState::Offered, DelegationState::Accepted].map(|state| name_of(&state));
    let existing = delegation::Entity::find().filter(delegation::Column::State.is_in(alive)).all(&tx).await?;
    let existing = existing.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    let new =
        Delegation { id: body.id, from: caller.id, to: to.id, kinds: body.kinds, period: body.period, accepted: false };
    check_new(&new, &existing, state.now()).map_err(Failure::Problem)?;
    let row = delegation::Model {
        id: body.id,
        from_id: caller.id,
        to_id: to.id,
        kinds,
        period,
        state: name_of(&DelegationState::Offered),
        made_at: state.now().millis(),
        ended_at: None,
    };
    delegation::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    record(&tx, state, caller, "delegation.offer", &row).await?;
    let view = one(&tx, state, row).await?;
    tx.commit().await?;
    Ok(view)
}

async fn answer_delegation(call: Call<AnswerDelegationOffer>) -> Result<DelegationView, Failure> {
    let (state, caller, body) = (&call.state, call.caller()?, call.body()?);
    let tx = state.database.begin().await?;
    let row = delegation::Entity::find_by_id(call.path.id)
        .lock_exclusive()
        .one(&tx)
        .await?
        .filter(|row| row.to_id == caller.id)
        .ok_or_else(|| Failure::not_found("这项委托"))?;
    let answer = if body.accept { DelegationState::Accepted } else { DelegationState::Declined };
    let current = of_name::<DelegationState>(&row.state)?;
    if current == answer {
        return one(&tx, state, row).await;
    }
    if current != DelegationState::Offered {
        return Err(Failure::new(Code::WrongState, "这项委托已经答复或已结束，请刷新查看最新状态"));
    }
    let mut change = row.into_active_model();
    change.state = Set(name_of(&answer));
    if !body.accept {
        change.ended_at = Set(Some(state.now().millis()));
    }
    let row = change.update(&tx).await?;
    let action = if body.accept { "delegation.accept" } else { "delegation.decline" };
    record(&tx, state, caller, action, &row).await?;
    let view = one(&tx, state, row).await?;
    tx.commit().await?;
    Ok(view)
}

async fn revoke_delegation(call: Call<RevokeDelegation>) -> Result<Empty, Failure> {
    let (state, caller) = (&call.state, call.caller()?);
    let tx = state.database.begin().await?;
    let row = delegation::Entity::find_by_id(call.path.id)
        .lock_exclusive()
        .one(&tx)
        .await?
        .filter(|row| row.from_id == caller.id || row.to_id == caller.id)
        .ok_or_else(|| Failure::not_found("这项委托"))?;
    // Ending what has ended changes nothing.
    if row.ended_at.is_none() {
        let mut change = row.into_active_model();
        change.state = Set(name_of(&DelegationState::Revoked));
        change.ended_at = Set(Some(state.now().millis()));
        let row = change.update(&tx).await?;
        record(&tx, state, caller, "delegation.revoke", &row).await?;
        tx.commit().await?;
    }
    Ok(Empty {})
}

/// Writes the trail, and tells the other side.
async fn record(
    tx: &Transaction,
    state: &AppState,
    caller: &Caller,
    action: &str,
    row: &delegation::Model,
) -> Result<(), Failure> {
    let id = row.id.to_string();
    let deed = Deed { action, subject: "delegation", id: &id };
    let told = (row.from_id, row.to_id, &row.kinds, &row.period);
    audit::record(tx, &state.clock, &Actor::from(caller), deed, None::<&()>, Some(&told)).await?;
    let other = if row.from_id == caller.id { row.to_id } else { row.from_id };
    news::tell_of_delegation(tx, state, row.id, other, caller.id).await
}
