//! An index of the reports of return that wait for their confirmation: they are few among those of ten years.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = "CREATE INDEX ix_return_report_waiting ON return_report (request_id) WHERE state = 'waiting'";
        manager.get_connection().execute_unprepared(made).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX ix_return_report_waiting").await?;
        Ok(())
    }
}
