//! What the rules leave to the approver of a request, kept with it as it was submitted: a line each. And an index of the
//! requests that owe papers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of what was asked for before nothing was kept.
        manager.alter_table(Table::alter().table("leave_request").add_column(text_null("remarks")).to_owned()).await?;
        // Few requests owe papers that nobody has seen: the index holds only those.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX ix_leave_request_owed ON leave_request (to_day, id) \
                 WHERE evidence_needed AND evidence_seen_at IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX ix_leave_request_owed").await?;
        manager.alter_table(Table::alter().table("leave_request").drop_column("remarks").to_owned()).await
    }
}
