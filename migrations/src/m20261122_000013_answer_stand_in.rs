//! The answer of the colleague who stands in, and how to reach whoever is away.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text, text_null};

use crate::helpers::index;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Without an answer the question is open.
        let columns = [
            text_null("stand_in_answer"),
            text_null("stand_in_note"),
            big_integer_null("stand_in_answered_at"),
            text("contact").default("").to_owned(),
        ];
        for column in columns {
            let change = Table::alter().table("leave_request").add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        manager.create_index(index("leave_request", &["stand_in_id", "to_day"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = "ix_leave_request_stand_in_id_to_day";
        manager.drop_index(Index::drop().name(name).table("leave_request").to_owned()).await?;
        for column in ["stand_in_answer", "stand_in_note", "stand_in_answered_at", "contact"] {
            let change = Table::alter().table("leave_request").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
