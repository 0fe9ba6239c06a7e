//! Accounts, sessions, given roles.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_all, index, name, refers, table};

const TABLES: &[&str] = &["account", "session", "role_grant"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("account")
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("password_hash")).text().null())
                    .col(ColumnDef::new(name("activation_digest")).binary().null())
                    .col(ColumnDef::new(name("activation_expires_at")).big_integer().null())
                    .col(ColumnDef::new(name("failures")).integer().not_null())
                    .col(ColumnDef::new(name("wait_until")).big_integer().null())
                    .foreign_key(&mut refers("account", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("session")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("mode")).text().not_null())
                    .col(ColumnDef::new(name("refresh_digest")).binary().not_null())
                    .col(ColumnDef::new(name("previous_digest")).binary().null())
                    .col(ColumnDef::new(name("rotated_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("device")).text().not_null())
                    .col(ColumnDef::new(name("created_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("last_seen_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("expires_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("revoked_at")).big_integer().null())
                    .foreign_key(&mut refers("session", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("session", &["officer_id"])).await?;
        manager
            .create_table(
                table("role_grant")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("role")).text().not_null())
                    .col(ColumnDef::new(name("court_id")).uuid().null())
                    .col(ColumnDef::new(name("given_at")).big_integer().not_null())
                    .foreign_key(&mut refers("role_grant", "officer_id", "officer", "id"))
                    .foreign_key(&mut refers("role_grant", "court_id", "court", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("role_grant", &["officer_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
