//! Drafts of requests for leave; who submitted a request for another; roles of one department.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid, text, uuid, uuid_null};

use crate::helpers::{drop_all, index, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_draft")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("content"))
                    .col(big_integer("changed_at"))
                    .col(big_integer("version"))
                    .foreign_key(&mut refers("leave_draft", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_draft", &["officer_id", "changed_at"])).await?;
        manager.create_index(index("leave_draft", &["changed_at"])).await?;
        for (table, column) in [("leave_request", "submitted_by"), ("role_grant", "department_id")] {
            manager.alter_table(Table::alter().table(table).add_column(uuid_null(column)).to_owned()).await?;
        }
        // Few requests are submitted for another: the index holds only those.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX ix_leave_request_submitted_by ON leave_request (submitted_by, submitted_at) \
                 WHERE submitted_by IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX ix_leave_request_submitted_by").await?;
        for (table, column) in [("leave_request", "submitted_by"), ("role_grant", "department_id")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        drop_all(manager, &["leave_draft"]).await
    }
}
