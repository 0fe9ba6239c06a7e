//! Rules of minimum presence, as HR sets them up.

use std::collections::{BTreeMap, BTreeSet};

use app::account::rules::Permission;
use app::api::Empty;
use app::leave::api::{
    DeletePresenceRule, GroupMember, ListPresenceRules, PresenceRule, PresenceRuleChange, PresenceRules,
    SetPresenceRule,
};
use app::org::rules::{Category, OfficerStatus, PostClass};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::periods::{check_place, check_title, place_names, stale};
use crate::audit::{self, Actor, Deed};
use crate::entity::{officer, presence_rule, presence_rule_officer};
use crate::error::Failure;
use crate::mount::{Api, Call};

/// The most that a rule can ask to stay.
const LEAST_LIMIT: i64 = 99;
/// How many officers a rule can name.
const NAMED_LIMIT: usize = 100;

/// A rule with the officers whom it names; nobody where it means all of its place, class and category.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) row: presence_rule::Model,
    pub(crate) officers: BTreeSet<Uuid>,
}

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListPresenceRules, _, _, _>(list_presence_rules)
        .mount::<SetPresenceRule, _, _, _>(set_presence_rule)
        .mount::<DeletePresenceRule, _, _, _>(delete_presence_rule)
}

async fn draw(
    connection: &impl ConnectionTrait,
    rows: Vec<presence_rule::Model>,
) -> Result<Vec<PresenceRule>, Failure> {
    let courts = rows.iter().map(|row| row.court_id).collect();
    let departments = rows.iter().filter_map(|row| row.department_id).collect();
    let names = place_names(connection, courts, departments).await?;
    let named = named(connection, rows.iter().map(|row| row.id)).await?;
    let officers = named.values().flatten().copied().collect::<BTreeSet<_>>();
    let officers = officer::Entity::find()
        .filter(officer::Column::Id.is_in(officers))
        .order_by_asc(officer::Column::Number)
        .all(connection)
        .await?;
    let members = |rule: Uuid| {
        let named = named.get(&rule).cloned().unwrap_or_default();
        let members = officers.iter().filter(|officer| named.contains(&officer.id));
        members.map(|row| GroupMember { officer: row.number.clone(), name: row.name.clone() }).collect()
    };
    let rule = |row: presence_rule::Model| PresenceRule {
        id: row.id,
        version: row.version,
        title: row.title,
        court_name: names.get(&row.court_id).cloned().unwrap_or_default(),
        department_name: row.department_id.and_then(|id| names.get(&id).cloned()),
        court: row.court_id,
        department: row.department_id,
        post_class: row.post_class.as_deref().and_then(PostClass::parse),
        category: row.category.as_deref().and_then(Category::parse),
        officers: members(row.id),
        least: i64::from(row.least),
    };
    Ok(rows.into_iter().map(rule).collect())
}

async fn one(connection: &impl ConnectionTrait, row: presence_rule::Model) -> Result<PresenceRule, Failure> {
    let mut drawn = draw(connection, vec![row]).await?;
    drawn.pop().ok_or_else(|| Failure::internal("one rule was drawn as none"))
}

/// Whom rules name, by rule.
async fn named(
    connection: &impl ConnectionTrait,
    rules: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, DbErr> {
    let rows = presence_rule_officer::Entity::find()
        .filter(presence_rule_officer::Column::RuleId.is_in(rules))
        .all(connection)
        .await?;
    let mut found: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for row in rows {
        found.entry(row.rule_id).or_default().insert(row.officer_id);
    }
    Ok(found)
}

/// Every rule with whom it names, by title.
///
/// # Errors
/// The database fails.
pub(crate) async fn rules(connection: &impl ConnectionTrait) -> Result<Vec<Rule>, DbErr> {
    let rows = rows(connection).await?;
    let mut named = named(connection, rows.iter().map(|row| row.id)).await?;
    Ok(rows.into_iter().map(|row| Rule { officers: named.remove(&row.id).unwrap_or_default(), row }).collect())
}

async fn rows(connection: &impl ConnectionTrait) -> Result<Vec<presence_rule::Model>, DbErr> {
    presence_rule::Entity::find()
        .order_by_asc(presence_rule::Column::Title)
        .order_by_asc(presence_rule::Column::Id)
        .all(connection)
        .await
}

async fn list_presence_rules(call: Call<ListPresenceRules>) -> Result<PresenceRules, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let mut rows = rows(connection).await?;
    rows.retain(|row| caller.may_throughout(Permission::ManageLeave, Some(row.court_id)));
    Ok(PresenceRules { items: draw(connection, rows).await? })
}

/// The officers whom a change names: in service, and of all that the rule says besides.
async fn members(connection: &impl ConnectionTrait, body: &PresenceRuleChange) -> Result<BTreeSet<Uuid>, Failure> {
    let numbers: BTreeSet<&str> = body.officers.iter().map(|number| number.trim()).collect();
    if numbers.is_empty() {
        return Ok(BTreeSet::new());
    }
    if numbers.len() > NAMED_LIMIT {
        return Err(Failure::bad_input("officers", format!("最多指定 {NAMED_LIMIT} 名成员，请删减")));
    }
    if usize::try_from(body.least).is_ok_and(|least| least > numbers.len()) {
        let text = format!("只指定了 {} 名成员，最低在岗人数不能更多，请修改", numbers.len());
        return Err(Failure::bad_input("least", text));
    }
    let found =
        officer::Entity::find().filter(officer::Column::Number.is_in(numbers.iter().copied())).all(connection).await?;
    let is_meant = |row: &&officer::Model| {
        row.status == OfficerStatus::InService.as_str()
            && row.court_id == body.court
            && body.department.is_none_or(|department| department == row.department_id)
            && body.post_class.is_none_or(|class| class.as_str() == row.post_class)
            && body.category.is_none_or(|category| category.as_str() == row.category)
    };
    let known: BTreeSet<&str> = found.iter().filter(is_meant).map(|row| row.number.as_str()).collect();
    if let Some(unknown) = numbers.difference(&known).next() {
        let name = found.iter().find(|row| row.number == **unknown).map_or("", |row| row.name.as_str());
        let text = format!("成员 {unknown}{name} 不在所选法院、部门、职级和人员类别之内，请核对或改选范围");
        return Err(Failure::bad_input("officers", text));
    }
    Ok(found.into_iter().map(|row| row.id).collect())
}

async fn set_presence_rule(call: Call<SetPresenceRule>) -> Result<PresenceRule, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    let title = check_title(&body.title)?;
    if !(1..=LEAST_LIMIT).contains(&body.least) {
        return Err(Failure::bad_input("least", format!("最低在岗人数须为 1 至 {LEAST_LIMIT}，请修改")));
    }
    let state = &call.state;
    let tx = state.database.begin().await?;
    check_place(&tx, caller, Some(body.court), body.department).await?;
    let members = members(&tx, &body).await?;
    let stored = presence_rule::Entity::find_by_id(call.path.id).lock_exclusive().one(&tx).await?;
    if let Some(row) = &stored {
        check_place(&tx, caller, Some(row.court_id), None).await?;
    }
    let row = presence_rule::Model {
        id: call.path.id,
        version: body.version + 1,
        title,
        court_id: body.court,
        department_id: body.department,
        post_class: body.post_class.map(|class| class.as_str().to_owned()),
        category: body.category.map(|category| category.as_str().to_owned()),
        least: i32::try_from(body.least).map_err(Failure::internal)?,
    };
    let same_people = named(&tx, [row.id]).await?.remove(&row.id).unwrap_or_default() == members;
    let before = match stored {
        // A repeat of the change that made this version.
        Some(stored) if stored == row && same_people => return one(&tx, stored).await,
        Some(stored) if stored.version != body.version => {
            let drawn = one(&tx, stored).await?;
            return Err(stale("这条规则刚被他人修改，已显示最新内容，请核对后再改", &drawn));
        }
        Some(stored) => {
            let before = one(&tx, stored).await?;
            presence_rule::Entity::update(row.clone().into_active_model().reset_all()).exec(&tx).await?;
            Some(before)
        }
        None if body.version != 0 => return Err(Failure::not_found("这条规则")),
        None => {
            presence_rule::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
            None
        }
    };
    name_nobody(&tx, row.id).await?;
    if !members.is_empty() {
        let rows = members
            .into_iter()
            .map(|officer| presence_rule_officer::ActiveModel { rule_id: Set(row.id), officer_id: Set(officer) });
        presence_rule_officer::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    let after = one(&tx, row).await?;
    let deed = Deed { action: "presence_rule.set", subject: "presence_rule", id: &after.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before.as_ref(), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
}

async fn name_nobody(connection: &impl ConnectionTrait, rule: Uuid) -> Result<(), DbErr> {
    let named = presence_rule_officer::Column::RuleId.eq(rule);
    presence_rule_officer::Entity::delete_many().filter(named).exec(connection).await?;
    Ok(())
}

async fn delete_presence_rule(call: Call<DeletePresenceRule>) -> Result<Empty, Failure> {
    let caller = call.caller()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    let row = presence_rule::Entity::find_by_id(call.path.id)
        .lock_exclusive()
        .one(&tx)
        .await?
        .filter(|row| caller.may_throughout(Permission::ManageLeave, Some(row.court_id)))
        .ok_or_else(|| Failure::not_found("这条规则"))?;
    let before = one(&tx, row.clone()).await?;
    name_nobody(&tx, row.id).await?;
    row.delete(&tx).await?;
    let deed = Deed { action: "presence_rule.delete", subject: "presence_rule", id: &before.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), None::<&()>).await?;
    tx.commit().await?;
    Ok(Empty {})
}
