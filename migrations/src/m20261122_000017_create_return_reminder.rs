//! Which reminders went out about leave that is over and that nobody has reported back from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, uuid};

use crate::helpers::{drop_all, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("return_reminder")
                    .col(uuid("request_id"))
                    .col(big_integer("overdue_day"))
                    .col(date("sent_on"))
                    .primary_key(Index::create().col("request_id").col("overdue_day"))
                    .foreign_key(&mut refers("return_reminder", "request_id", "leave_request"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["return_reminder"]).await
    }
}
