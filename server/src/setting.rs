//! Settings of this installation, by name.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use crate::entity::setting;

/// Set when the data are a demonstration.
pub const DEMO: &str = "demo";

/// The value of a setting.
///
/// # Errors
/// The database fails.
pub async fn get(connection: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    Ok(setting::Entity::find_by_id(name).one(connection).await?.map(|row| row.value))
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
