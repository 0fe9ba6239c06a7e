//! The audit trail.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_all, index, name, table, unique};

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
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("at")).big_integer().not_null())
                    .col(ColumnDef::new(name("actor_id")).uuid().null())
                    .col(ColumnDef::new(name("acting_for_id")).uuid().null())
                    .col(ColumnDef::new(name("action")).text().not_null())
                    .col(ColumnDef::new(name("subject_kind")).text().not_null())
                    .col(ColumnDef::new(name("subject_id")).text().not_null())
                    .col(ColumnDef::new(name("origin")).text().not_null())
                    .col(ColumnDef::new(name("before_digest")).binary().null())
                    .col(ColumnDef::new(name("after_digest")).binary().null())
                    .col(ColumnDef::new(name("content_digest")).binary().not_null())
                    .col(ColumnDef::new(name("seal")).big_integer().null())
                    .col(ColumnDef::new(name("seal_digest")).binary().null())
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
