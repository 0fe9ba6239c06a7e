//! Who took approved leave back, when and why.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text_null, uuid_null};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("cancelled_by"), big_integer_null("cancelled_at"), text_null("cancel_reason")] {
            let change = Table::alter().table("leave_request").add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["cancelled_by", "cancelled_at", "cancel_reason"] {
            let change = Table::alter().table("leave_request").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
