//! Accounts, sessions, given roles.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table};

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
                    .col(pk_uuid("officer_id"))
                    .col(text_null("password_hash"))
                    .col(binary_null("activation_digest"))
                    .col(big_integer_null("activation_expires_at"))
                    .col(integer("failures"))
                    .col(big_integer_null("wait_until"))
                    .foreign_key(&mut refers("account", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("session")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("mode"))
                    .col(binary("refresh_digest"))
                    .col(binary_null("previous_digest"))
                    .col(big_integer("rotated_at"))
                    .col(text("device"))
                    .col(big_integer("created_at"))
                    .col(big_integer("last_seen_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(&mut refers("session", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("session", &["officer_id"])).await?;
        manager
            .create_table(
                table("role_grant")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("role"))
                    .col(uuid_null("court_id"))
                    .col(big_integer("given_at"))
                    .foreign_key(&mut refers("role_grant", "officer_id", "officer"))
                    .foreign_key(&mut refers("role_grant", "court_id", "court"))
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
