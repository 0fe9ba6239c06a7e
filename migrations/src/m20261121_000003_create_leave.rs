//! Requests for leave, their half-day slots, the ledger, and approval tasks.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_all, index, name, refers, table, unique};

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
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("number")).text().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("leave_type")).text().not_null())
                    .col(ColumnDef::new(name("from_day")).date().not_null())
                    .col(ColumnDef::new(name("from_half")).text().not_null())
                    .col(ColumnDef::new(name("to_day")).date().not_null())
                    .col(ColumnDef::new(name("to_half")).text().not_null())
                    .col(ColumnDef::new(name("half_days")).big_integer().not_null())
                    .col(ColumnDef::new(name("reason")).text().not_null())
                    .col(ColumnDef::new(name("destination")).text().not_null())
                    .col(ColumnDef::new(name("stand_in_id")).uuid().null())
                    .col(ColumnDef::new(name("state")).text().not_null())
                    .col(ColumnDef::new(name("version")).big_integer().not_null())
                    .col(ColumnDef::new(name("calendar_version")).integer().not_null())
                    .col(ColumnDef::new(name("submitted_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("decided_at")).big_integer().null())
                    .col(ColumnDef::new(name("back_day")).date().null())
                    .col(ColumnDef::new(name("back_half")).text().null())
                    .col(ColumnDef::new(name("returned_at")).big_integer().null())
                    .col(ColumnDef::new(name("outcome")).text().null())
                    .col(ColumnDef::new(name("body_digest")).binary().not_null())
                    .foreign_key(&mut refers("leave_request", "officer_id", "officer", "id"))
                    .foreign_key(&mut refers("leave_request", "stand_in_id", "officer", "id"))
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
                    .col(ColumnDef::new(name("request_id")).uuid().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("day")).date().not_null())
                    .col(ColumnDef::new(name("half")).text().not_null())
                    .col(ColumnDef::new(name("counts")).boolean().not_null())
                    .col(ColumnDef::new(name("live")).boolean().not_null())
                    .primary_key(Index::create().col(name("request_id")).col(name("day")).col(name("half")))
                    .foreign_key(&mut refers("leave_slot", "request_id", "leave_request", "id"))
                    .foreign_key(&mut refers("leave_slot", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_slot", &["day", "officer_id"])).await?;
        manager
            .create_table(
                table("leave_entry")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("leave_type")).text().not_null())
                    .col(ColumnDef::new(name("year")).integer().not_null())
                    .col(ColumnDef::new(name("kind")).text().not_null())
                    .col(ColumnDef::new(name("half_days")).big_integer().not_null())
                    .col(ColumnDef::new(name("request_id")).uuid().null())
                    .col(ColumnDef::new(name("at")).big_integer().not_null())
                    .foreign_key(&mut refers("leave_entry", "officer_id", "officer", "id"))
                    .foreign_key(&mut refers("leave_entry", "request_id", "leave_request", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_entry", &["officer_id", "year", "leave_type"])).await?;
        manager.create_index(index("leave_entry", &["request_id"])).await?;
        manager
            .create_table(
                table("opening_balance")
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("year")).integer().not_null())
                    .col(ColumnDef::new(name("leave_type")).text().not_null())
                    .col(ColumnDef::new(name("half_days")).big_integer().not_null())
                    .primary_key(Index::create().col(name("officer_id")).col(name("year")).col(name("leave_type")))
                    .foreign_key(&mut refers("opening_balance", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("approval_task")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("subject_kind")).text().not_null())
                    .col(ColumnDef::new(name("subject_id")).uuid().not_null())
                    .col(ColumnDef::new(name("step")).integer().not_null())
                    .col(ColumnDef::new(name("mode")).text().not_null())
                    .col(ColumnDef::new(name("post_class")).text().not_null())
                    .col(ColumnDef::new(name("post")).text().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("stands_in_for")).text().null())
                    .col(ColumnDef::new(name("state")).text().not_null())
                    .col(ColumnDef::new(name("version")).big_integer().not_null())
                    .col(ColumnDef::new(name("comment")).text().null())
                    .col(ColumnDef::new(name("opened_at")).big_integer().null())
                    .col(ColumnDef::new(name("decided_at")).big_integer().null())
                    .foreign_key(&mut refers("approval_task", "officer_id", "officer", "id"))
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
