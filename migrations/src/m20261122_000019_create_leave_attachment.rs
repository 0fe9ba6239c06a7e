//! Files attached to requests for leave. Their bytes are not in the database; `digest` is of the bytes as they are kept,
//! `body_digest` of what was sent, so that a repeated upload is known for one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text, uuid};

use crate::helpers::{drop_all, index, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_attachment")
                    .col(uuid("id").primary_key())
                    .col(uuid("request_id"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(big_integer("bytes"))
                    .col(binary("digest"))
                    .col(binary("body_digest"))
                    .col(big_integer("attached_at"))
                    .col(big_integer_null("removed_at"))
                    .foreign_key(&mut refers("leave_attachment", "request_id", "leave_request"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_attachment", &["request_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["leave_attachment"]).await
    }
}
