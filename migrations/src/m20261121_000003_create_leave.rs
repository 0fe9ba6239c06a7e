//! Requests for leave, their half-day slots, the ledger, and approval tasks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, date, date_null, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] = &["leave_request", "leave_slot", "leave_entry", "opening_balance", "approval_task"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_request")
                    .col(pk_uuid("id"))
                    .col(text("number"))
                    .col(uuid("officer_id"))
                    .col(text("leave_type"))
                    .col(date("from_day"))
                    .col(text("from_half"))
                    .col(date("to_day"))
                    .col(text("to_half"))
                    .col(big_integer("half_days"))
                    .col(text("reason"))
                    .col(text("destination"))
                    .col(uuid_null("stand_in_id"))
                    .col(text("state"))
                    .col(big_integer("version"))
                    .col(integer("calendar_version"))
                    .col(big_integer("submitted_at"))
                    .col(big_integer_null("decided_at"))
                    .col(date_null("back_day"))
                    .col(text_null("back_half"))
                    .col(big_integer_null("returned_at"))
                    .col(text_null("outcome"))
                    .col(binary("body_digest"))
                    .foreign_key(&mut refers("leave_request", "officer_id", "officer"))
                    .foreign_key(&mut refers("leave_request", "stand_in_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_request", &["officer_id", "from_day"])).await?;
        manager.create_index(index("leave_request", &["officer_id", "submitted_at"])).await?;
        manager.create_index(index("leave_request", &["number"])).await?;
        manager.create_index(index("leave_request", &["state", "to_day"])).await?;
        manager
            .create_table(
                table("leave_slot")
                    .col(uuid("request_id"))
                    .col(uuid("officer_id"))
                    .col(date("day"))
                    .col(text("half"))
                    .col(boolean("counts"))
                    .col(boolean("live"))
                    .primary_key(Index::create().col("request_id").col("day").col("half"))
                    .foreign_key(&mut refers("leave_slot", "request_id", "leave_request"))
                    .foreign_key(&mut refers("leave_slot", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_slot", &["day", "officer_id"])).await?;
        manager
            .create_table(
                table("leave_entry")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("leave_type"))
                    .col(integer("year"))
                    .col(text("kind"))
                    .col(big_integer("half_days"))
                    .col(uuid_null("request_id"))
                    .col(big_integer("at"))
                    .foreign_key(&mut refers("leave_entry", "officer_id", "officer"))
                    .foreign_key(&mut refers("leave_entry", "request_id", "leave_request"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_entry", &["officer_id", "year", "leave_type"])).await?;
        manager.create_index(index("leave_entry", &["request_id"])).await?;
        manager
            .create_table(
                table("opening_balance")
                    .col(uuid("officer_id"))
                    .col(integer("year"))
                    .col(text("leave_type"))
                    .col(big_integer("half_days"))
                    .primary_key(Index::create().col("officer_id").col("year").col("leave_type"))
                    .foreign_key(&mut refers("opening_balance", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("approval_task")
                    .col(pk_uuid("id"))
                    .col(text("subject_kind"))
                    .col(uuid("subject_id"))
                    .col(integer("step"))
                    .col(text("mode"))
                    .col(text("post_class"))
                    .col(text("post"))
                    .col(uuid("officer_id"))
                    .col(text_null("stands_in_for"))
                    .col(text("state"))
                    .col(big_integer("version"))
                    .col(text_null("comment"))
                    .col(big_integer_null("opened_at"))
                    .col(big_integer_null("decided_at"))
                    .foreign_key(&mut refers("approval_task", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("approval_task", &["officer_id", "state", "opened_at"])).await?;
        manager.create_index(unique("approval_task", &["subject_id", "step", "officer_id"])).await?;
        // Two live requests of one officer can never hold the same half day, whatever races above this line.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX ux_leave_slot_live ON leave_slot (officer_id, day, half) WHERE live = TRUE",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
