//! Settings of this installation, by name.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QuerySelect};

use crate::entity::setting;

/// Set when the data are a demonstration.
pub const DEMO: &str = "demo";

/// The value of a setting.
///
/// # Errors
/// The database fails.
pub async fn get(connection: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    let row = setting::Entity::find_by_id(name).one(connection).await?;
    Ok(row.map(|row| row.value).filter(|value| !value.is_empty()))
}

/// Locks a setting until the transaction ends, so that whoever changes it waits for whoever changes it now. An empty
/// value stands there where nobody has set it yet, which [`get`] does not tell from none.
///
/// # Errors
/// The database fails.
pub async fn lock(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    setting::Entity::insert(setting::ActiveModel { name: Set(name.to_owned()), value: Set(String::new()) })
        .on_conflict_do_nothing_on([setting::Column::Name])
        .exec_without_returning(tx)
        .await?;
    setting::Entity::find_by_id(name).lock_exclusive().one(tx).await?;
    Ok(())
}

/// Sets a setting.
///
/// # Errors
/// The database fails.
pub async fn set(connection: &impl ConnectionTrait, name: &str, value: &str) -> Result<(), DbErr> {
    setting::Entity::insert(setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) })
        .on_conflict(OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
