//! Calendar feeds of leave, found by the digest of their token.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, pk_uuid, text, uuid};

use crate::helpers::{drop_all, index, refers, table, unique};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_feed")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("kind"))
                    .col(binary("token_digest"))
                    .col(big_integer("made_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(&mut refers("leave_feed", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("leave_feed", &["token_digest"])).await?;
        manager.create_index(index("leave_feed", &["officer_id", "made_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["leave_feed"]).await
    }
}
