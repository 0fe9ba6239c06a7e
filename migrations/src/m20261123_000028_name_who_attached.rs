//! Who attached a file in the applicant's place; nobody for what he attached himself, as is every file that is there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let change = Table::alter().table("leave_attachment").add_column(uuid_null("attached_by")).to_owned();
        manager.alter_table(change).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("leave_attachment").drop_column("attached_by").to_owned()).await
    }
}
