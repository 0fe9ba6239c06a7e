//! What a version of a definition was made of: the matrix of the approval authority.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A version that was written as a definition was made of nothing else.
        let change = Table::alter().table("approval_definition").add_column(text_null("source")).to_owned();
        manager.alter_table(change).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change = Table::alter().table("approval_definition").drop_column("source").to_owned();
        manager.alter_table(change).await
    }
}
