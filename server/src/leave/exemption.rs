//! Years that give no leave, and HR's word that the absences of a year cost none.

use std::collections::HashMap;

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::day::Timestamp;
use app::leave::api::{LeaveExemption, LeaveExemptionChange, ListLostYears, LostYear, LostYears, SetLeaveExemption};
use app::leave::entitlement::Cause;
use app::leave::grant::carried_in_vain;
use app::leave::types::{PERSONAL, SICK};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::account::{self, Account, append_noted};
use super::{accounts, recount};
use crate::audit::{self, Actor, Deed};
use crate::database::Transaction;
use crate::entity::{leave_exemption, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::org::store::lock_officer;
use crate::state::AppState;

/// The longest reason, in characters.
const REASON_LIMIT: usize = 200;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListLostYears, _, _, _>(list_lost_years).mount::<SetLeaveExemption, _, _, _>(set_leave_exemption)
}

async fn list_lost_years(call: Call<ListLostYears>) -> Result<LostYears, Failure> {
    let (caller, state) = (call.caller()?, &call.state);
    let asked = call.query.officer.as_deref();
    let officer = crate::org::visible_officer(state, caller, Permission::ReadLeave, asked).await?;
    let connection = state.database.read();
    let reference = state.reference.current(connection).await?;
    let today = state.today();
    let years = today.year() - 1..=today.year() + 1;
    let account = Account::load(connection, &reference, &officer, years.clone()).await?;
    // A lost year can be the year before's doing, which is listed with it.
    let from = years.start() - 1;
    let rows = leave_exemption::Entity::find()
        .filter(leave_exemption::Column::OfficerId.eq(officer.id))
        .filter(leave_exemption::Column::Year.gte(from))
        .order_by_asc(leave_exemption::Column::Year)
        .all(connection)
        .await?;
    let mut items = Vec::new();
    for leave_type in account::yearly(&reference.leave_types) {
        let is_exempt = |year: i32| rows.iter().any(|row| row.year == year && row.exempt);
        // What was exempted is shown beside what still costs the year, where both do.
        let exempted = account.exclusions_without_exemption(leave_type, years.clone(), today).into_iter();
        let exempted = exempted.filter(|(_, exclusion)| is_exempt(exclusion.because_of));
        let lost = account.exclusions(leave_type, years.clone(), today).into_iter().chain(exempted);
        items.extend(lost.map(|(year, exclusion)| {
            let (absence, half_days) = match exclusion.cause {
                Cause::Personal(limit) => (PERSONAL.name.clone(), limit),
                Cause::Sick(limit) => (SICK.name.clone(), limit),
            };
            LostYear {
                leave_type: leave_type.name.clone(),
                year,
                because_of: exclusion.because_of,
                absence,
                half_days,
                text: exclusion.words(year, &leave_type.title),
                exempt: is_exempt(exclusion.because_of),
            }
        }));
    }
    items.sort_by_key(|item| item.year);
    Ok(LostYears { items, exemptions: drawn(connection, rows).await? })
}

/// Rows with the names of who made them.
async fn drawn(
    connection: &impl ConnectionTrait,
    rows: Vec<leave_exemption::Model>,
) -> Result<Vec<LeaveExemption>, DbErr> {
    let names: HashMap<Uuid, String> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(rows.iter().map(|row| row.made_by)))
        .select_only()
        .columns([officer::Column::Id, officer::Column::Name])
        .into_tuple::<(Uuid, String)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let exemption = |row: leave_exemption::Model| LeaveExemption {
        year: row.year,
        version: row.version,
        exempt: row.exempt,
        reason: row.reason,
        by: names.get(&row.made_by).cloned().unwrap_or_default(),
        at: Timestamp::from_millis(row.at),
    };
    Ok(rows.into_iter().map(exemption).collect())
}

async fn set_leave_exemption(call: Call<SetLeaveExemption>) -> Result<LeaveExemption, Failure> {
    let (caller, state) = (call.caller()?, &call.state);
    let LeaveExemptionChange { officer: number, year, version, exempt, reason } = call.body()?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_LIMIT {
        return Err(Failure::bad_input("reason", format!("请填写原因和依据，最多{REASON_LIMIT}字")));
    }
    let this_year = state.today().year();
    if !(this_year - 10..=this_year + 1).contains(&year) {
        return Err(Failure::bad_input("year", format!("年度应在{}年到{}年之间", this_year - 10, this_year + 1)));
    }
    let found = accounts::managed(state, caller, &number).await?;
    let tx = state.database.begin().await?;
    // Whoever asks for leave meanwhile waits for the word, or comes before it.
    let officer = lock_officer(&tx, found.id).await?.ok_or_else(|| Failure::not_found("这名干警"))?;
    let stored = leave_exemption::Entity::find_by_id((officer.id, year)).one(&tx).await?;
    let before = drawn(&tx, stored.into_iter().collect()).await?.pop();
    if let Some(before) = &before {
        if before.exempt == exempt && before.reason == reason {
            tx.rollback().await?;
            return Ok(before.clone());
        }
    } else if !exempt {
        return Err(Failure::bad_input("exempt", "这一年没有免除记录，不需要取消"));
    }
    let seen = before.as_ref().map_or(0, |before| before.version);
    if seen != version {
        let current = serde_json::to_value(&before).map_err(Failure::internal)?;
        let text = "这一年的认定刚被他人修改，已显示最新内容，请核对后再改";
        return Err(Problem::new(Code::StaleVersion, text).with_current(current).into());
    }
    let row = leave_exemption::Model {
        officer_id: officer.id,
        year,
        version: seen + 1,
        exempt,
        reason: reason.to_owned(),
        made_by: caller.id,
        at: state.now().millis(),
    };
    let change = row.clone().into_active_model().reset_all();
    if before.is_some() {
        leave_exemption::Entity::update(change).exec(&tx).await?;
    } else {
        leave_exemption::Entity::insert(change).exec_without_returning(&tx).await?;
    }
    if exempt {
        make_up(&tx, state, &officer).await?;
    } else {
        take_back(&tx, state, &officer, reason).await?;
    }
    let after = drawn(&tx, vec![row]).await?.pop().ok_or_else(|| Failure::internal("the exemption is gone"))?;
    let deed = Deed { action: "leave.exempt", subject: "officer", id: &officer.number };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before.as_ref(), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Gives what the exempted absences have cost so far, and settles what counting anew asked for and that covers.
async fn make_up(tx: &Transaction, state: &AppState, officer: &officer::Model) -> Result<(), Failure> {
    let reference = state.reference.current(tx).await?;
    let today = state.today();
    let years = today.year() - 1..=today.year();
    let mut account = Account::load(tx, &reference, officer, years.clone()).await?;
    for leave_type in account::yearly(&reference.leave_types) {
        let owed = account.make_up(leave_type, years.clone(), today, || state.clock.new_id());
        account.write(tx, &state.clock, &owed).await?;
    }
    recount::settle(tx, state, officer).await?;
    Ok(())
}

/// Takes back what has gone over by an exemption that was undone, as far as it is left.
async fn take_back(tx: &Transaction, state: &AppState, officer: &officer::Model, reason: &str) -> Result<(), Failure> {
    let reference = state.reference.current(tx).await?;
    let today = state.today();
    let years = today.year() - 1..=today.year();
    let account = Account::load(tx, &reference, officer, years.clone()).await?;
    let note = format!("取消免除：{reason}");
    for leave_type in account::yearly(&reference.leave_types) {
        let lost = account.exclusions(leave_type, years.clone(), today);
        let entries = carried_in_vain(&account.lots(&leave_type.name), &lost, today);
        append_noted(tx, &state.clock, officer.id, &leave_type.name, None, &entries, Some(&note)).await?;
    }
    Ok(())
}
