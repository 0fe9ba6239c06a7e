//! Who is on record as not back from leave and whom that was told, 病假 in place of annual leave, and what courts say
//! about those who stand in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date, date_null, integer, text, text_null, uuid, uuid_null};

use crate::helpers::{drop_all, index, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("absence_entry")
                    .col(uuid("request_id"))
                    .col(integer("seq"))
                    .col(text("deed"))
                    .col(date_null("day"))
                    .col(text_null("known_by"))
                    .col(text("note"))
                    .col(uuid("made_by"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("request_id").col("seq"))
                    .foreign_key(&mut refers("absence_entry", "request_id", "leave_request"))
                    .foreign_key(&mut refers("absence_entry", "made_by", "officer"))
                    .to_owned(),
            )
            .await?;
        // Which stage of a record was told: the record by the position of its entry.
        manager
            .create_table(
                table("absence_notice")
                    .col(uuid("request_id"))
                    .col(integer("seq"))
                    .col(integer("stage"))
                    .col(date("sent_on"))
                    .primary_key(Index::create().col("request_id").col("seq").col("stage"))
                    .foreign_key(&mut refers("absence_notice", "request_id", "leave_request"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("stand_in_rule")
                    .col(uuid("court_id").primary_key())
                    .col(big_integer("version"))
                    .col(boolean("accept_first"))
                    .foreign_key(&mut refers("stand_in_rule", "court_id", "court"))
                    .to_owned(),
            )
            .await?;
        let converts = Table::alter().table("leave_request").add_column(uuid_null("converts_id")).to_owned();
        manager.alter_table(converts).await?;
        manager.create_index(index("leave_request", &["converts_id"])).await?;
        // Whoever converts a leave is decided on once at a time, whatever races above this line.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX ux_leave_request_converts ON leave_request (converts_id) \
                 WHERE converts_id IS NOT NULL AND state IN ('in_approval', 'sent_back')",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP INDEX ux_leave_request_converts").await?;
        connection.execute_unprepared("DROP INDEX ix_leave_request_converts_id").await?;
        let converts = Table::alter().table("leave_request").drop_column("converts_id").to_owned();
        manager.alter_table(converts).await?;
        drop_all(manager, &["absence_entry", "absence_notice", "stand_in_rule"]).await
    }
}
