//! The audit trail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, binary_null, pk_uuid, text, uuid_null};

use crate::helpers::{drop_all, index, table, unique};

const TABLES: &[&str] = &["audit_entry"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("audit_entry")
                    .col(pk_uuid("id"))
                    .col(big_integer("at"))
                    .col(uuid_null("actor_id"))
                    .col(uuid_null("acting_for_id"))
                    .col(text("action"))
                    .col(text("subject_kind"))
                    .col(text("subject_id"))
                    .col(text("origin"))
                    .col(binary_null("before_digest"))
                    .col(binary_null("after_digest"))
                    .col(binary("content_digest"))
                    .col(big_integer_null("seal"))
                    .col(binary_null("seal_digest"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("audit_entry", &["seal"])).await?;
        manager.create_index(index("audit_entry", &["at"])).await?;
        manager.create_index(index("audit_entry", &["subject_kind", "subject_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
