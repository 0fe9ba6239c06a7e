//! When a running request has to be looked at for a deadline, so that nothing else is.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, boolean};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = || Table::alter().table("approval_process").to_owned();
        manager.alter_table(table().add_column(big_integer_null("due_at")).to_owned()).await?;
        let connection = manager.get_connection();
        // Requests that wait with a deadline are looked at once, and get their time then.
        connection
            .execute_unprepared("UPDATE approval_process SET due_at = 0 WHERE has_deadline AND outcome = 'running'")
            .await?;
        manager.alter_table(table().drop_column("has_deadline").to_owned()).await?;
        connection
            .execute_unprepared(
                "CREATE INDEX ix_approval_process_due ON approval_process (due_at) WHERE due_at IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX ix_approval_process_due").await?;
        let table = || Table::alter().table("approval_process").to_owned();
        manager.alter_table(table().add_column(boolean("has_deadline").default(true).to_owned()).to_owned()).await?;
        manager.alter_table(table().drop_column("due_at").to_owned()).await?;
        Ok(())
    }
}
