//! The day on which the beginning of a request was asked for, where it was moved to before what was asked for at first:
//! whether somebody asked in time is judged by that day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::date_null;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = date_null("begin_asked_on");
        manager.alter_table(Table::alter().table("leave_request").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("leave_request").drop_column("begin_asked_on").to_owned()).await
    }
}
