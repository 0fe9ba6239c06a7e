//! Which half days counting anew asked for and the balance did not cover: a number alone does not tell them from other days
//! that the calendar changes later.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was asked for before this is asked for anew as far as its days are still to come.
        let column = text("uncovered_half_days").default("[]").to_owned();
        manager.alter_table(Table::alter().table("leave_recount").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("leave_recount").drop_column("uncovered_half_days").to_owned()).await
    }
}
