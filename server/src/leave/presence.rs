//! Rules of minimum presence, as HR sets them up.

use app::account::rules::Permission;
use app::api::Empty;
use app::leave::api::{DeletePresenceRule, ListPresenceRules, PresenceRule, PresenceRules, SetPresenceRule};
use app::org::rules::{Category, PostClass};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryOrder, QuerySelect,
};

use super::periods::{check_place, check_title, place_names, stale};
use crate::audit::{self, Actor, Deed};
use crate::entity::presence_rule;
use crate::error::Failure;
use crate::mount::{Api, Call};

/// The most that a rule can ask to stay.
const LEAST_LIMIT: i64 = 99;

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
        least: i64::from(row.least),
    };
    Ok(rows.into_iter().map(rule).collect())
}

async fn one(connection: &impl ConnectionTrait, row: presence_rule::Model) -> Result<PresenceRule, Failure> {
    let mut drawn = draw(connection, vec![row]).await?;
    drawn.pop().ok_or_else(|| Failure::internal("one rule was drawn as none"))
}

/// Every rule, by title.
pub(crate) async fn rules(connection: &impl ConnectionTrait) -> Result<Vec<presence_rule::Model>, DbErr> {
    presence_rule::Entity::find()
        .order_by_asc(presence_rule::Column::Title)
        .order_by_asc(presence_rule::Column::Id)
        .all(connection)
        .await
}

async fn list_presence_rules(call: Call<ListPresenceRules>) -> Result<PresenceRules, Failure> {
    let caller = call.caller()?;
    let connection = call.state.database.read();
    let mut rows = rules(connection).await?;
    rows.retain(|row| caller.may_throughout(Permission::ManageLeave, Some(row.court_id)));
    Ok(PresenceRules { items: draw(connection, rows).await? })
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
    let before = match stored {
        // A repeat of the change that made this version.
        Some(stored) if stored == row => return one(&tx, stored).await,
        Some(stored) if stored.version != body.version => {
            let drawn = one(&tx, stored).await?;
            return Err(stale("这条规则刚被他人修改，已显示最新内容，请核对后再改", &drawn));
        }
        Some(stored) => {
            presence_rule::Entity::update(row.clone().into_active_model().reset_all()).exec(&tx).await?;
            Some(one(&tx, stored).await?)
        }
        None if body.version != 0 => return Err(Failure::not_found("这条规则")),
        None => {
            presence_rule::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
            None
        }
    };
    let after = one(&tx, row).await?;
    let deed = Deed { action: "presence_rule.set", subject: "presence_rule", id: &after.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before.as_ref(), Some(&after)).await?;
    tx.commit().await?;
    Ok(after)
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
    row.delete(&tx).await?;
    let deed = Deed { action: "presence_rule.delete", subject: "presence_rule", id: &before.id.to_string() };
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, Some(&before), None::<&()>).await?;
    tx.commit().await?;
    Ok(Empty {})
}
