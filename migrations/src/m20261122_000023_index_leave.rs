//! Indexes for a province after years: the extension of a leave, and an officer's leave from a day on.

use sea_orm_migration::prelude::*;

use crate::helpers::index;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Few requests extend another one: the indexes hold only those. Over all rows they would look useless to SQLite,
        // which reckons by the average, and nearly every row has nothing there.
        drop_index(manager, "ix_leave_request_series_id").await?;
        for column in ["extends_id", "series_id"] {
            let made = format!(
                "CREATE INDEX ix_leave_request_{column} ON leave_request ({column}) WHERE {column} IS NOT NULL"
            );
            manager.get_connection().execute_unprepared(&made).await?;
        }
        // Whoever asks for the leave around a day asks for little that ends after it; by the first day it was everything
        // that an officer ever had.
        manager.create_index(index("leave_request", &["officer_id", "to_day"])).await?;
        drop_index(manager, "ix_leave_request_officer_id_from_day").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["officer_id_to_day", "extends_id", "series_id"] {
            drop_index(manager, &format!("ix_leave_request_{name}")).await?;
        }
        manager.create_index(index("leave_request", &["series_id"])).await?;
        manager.create_index(index("leave_request", &["officer_id", "from_day"])).await
    }
}

async fn drop_index(manager: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().table("leave_request").name(name).to_owned()).await
}
