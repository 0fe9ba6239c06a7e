//! Definitions, running requests with their log, tasks of several people, delegations.
//!
//! The tasks of the first chains give way to those of the engine: nothing was released that holds any.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] =
    &["approval_definition", "approval_process", "approval_entry", "approval_task", "approval_copy", "delegation"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("approval_definition")
                    .col(text("form"))
                    .col(integer("version"))
                    .col(text("name"))
                    .col(text("body"))
                    .col(big_integer("made_at"))
                    .col(uuid_null("made_by"))
                    .primary_key(Index::create().col("form").col("version"))
                    .foreign_key(&mut refers("approval_definition", "made_by", "officer"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("approval_process")
                    .col(pk_uuid("subject_id"))
                    .col(text("form"))
                    .col(integer("definition_version"))
                    .col(uuid("applicant_id"))
                    .col(text("plan"))
                    .col(text("outcome"))
                    .col(boolean("has_deadline"))
                    .col(integer("decided"))
                    .col(integer("nodes"))
                    .col(big_integer("started_at"))
                    .foreign_key(&mut refers("approval_process", "applicant_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("approval_process", &["applicant_id", "started_at"])).await?;
        manager
            .create_table(
                table("approval_entry")
                    .col(uuid("subject_id"))
                    .col(integer("seq"))
                    .col(uuid_null("actor_id"))
                    .col(uuid_null("acting_for"))
                    .col(big_integer("at"))
                    .col(text_null("device"))
                    .col(text("action"))
                    .primary_key(Index::create().col("subject_id").col("seq"))
                    .foreign_key(&mut of_process("approval_entry"))
                    .foreign_key(&mut refers("approval_entry", "actor_id", "officer"))
                    .foreign_key(&mut refers("approval_entry", "acting_for", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.drop_table(Table::drop().table("approval_task").to_owned()).await?;
        manager
            .create_table(
                table("approval_task")
                    .col(pk_uuid("id"))
                    .col(uuid("subject_id"))
                    .col(integer("seq"))
                    .col(integer("node"))
                    .col(text("title"))
                    .col(text("mode"))
                    .col(integer("round"))
                    .col(uuid("officer_id"))
                    .col(text_null("post_class"))
                    .col(text("post"))
                    .col(text_null("stands_in_for"))
                    .col(boolean("opinion_only"))
                    .col(boolean("shown"))
                    .col(text("state"))
                    .col(big_integer("version"))
                    .col(big_integer_null("opened_at"))
                    .col(uuid_null("decided_by"))
                    .col(text_null("comment"))
                    .col(big_integer_null("decided_at"))
                    .foreign_key(&mut of_process("approval_task"))
                    .foreign_key(&mut refers("approval_task", "officer_id", "officer"))
                    .foreign_key(&mut refers("approval_task", "decided_by", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("approval_task", &["subject_id", "seq"])).await?;
        manager.create_index(index("approval_task", &["officer_id", "state", "opened_at"])).await?;
        manager.create_index(index("approval_task", &["decided_by", "decided_at"])).await?;
        manager.create_index(index("approval_task", &["state", "opened_at"])).await?;
        manager
            .create_table(
                table("approval_copy")
                    .col(uuid("subject_id"))
                    .col(uuid("officer_id"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("subject_id").col("officer_id"))
                    .foreign_key(&mut of_process("approval_copy"))
                    .foreign_key(&mut refers("approval_copy", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("approval_copy", &["officer_id", "at"])).await?;
        manager
            .create_table(
                table("delegation")
                    .col(pk_uuid("id"))
                    .col(uuid("from_id"))
                    .col(uuid("to_id"))
                    .col(text("kinds"))
                    .col(text("period"))
                    .col(text("state"))
                    .col(big_integer("made_at"))
                    .col(big_integer_null("ended_at"))
                    .foreign_key(&mut refers("delegation", "from_id", "officer"))
                    .foreign_key(&mut refers("delegation", "to_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("delegation", &["from_id", "state"])).await?;
        manager.create_index(index("delegation", &["to_id", "state"])).await?;
        let initials = text("initials").default("").to_owned();
        manager.alter_table(Table::alter().table("officer").add_column(initials).to_owned()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("officer").drop_column("initials").to_owned()).await?;
        drop_all(manager, TABLES).await
    }
}

fn of_process(from: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, "subject_id").to("approval_process", "subject_id").to_owned()
}
