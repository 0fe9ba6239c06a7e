//! Periods of duty and of no leave, and how many of a group have to stay.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, integer, pk_uuid, text, text_null, uuid, uuid_null};

use crate::helpers::{drop_all, index, refers, table};

const TABLES: &[&str] = &["leave_period", "leave_period_officer", "presence_rule"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Without a court a period is the province's.
        manager
            .create_table(
                table("leave_period")
                    .col(pk_uuid("id"))
                    .col(big_integer("version"))
                    .col(text("kind"))
                    .col(text("title"))
                    .col(date("from_day"))
                    .col(date("to_day"))
                    .col(uuid_null("court_id"))
                    .col(uuid_null("department_id"))
                    .foreign_key(&mut refers("leave_period", "court_id", "court"))
                    .foreign_key(&mut refers("leave_period", "department_id", "department"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_period", &["to_day", "from_day"])).await?;
        manager
            .create_table(
                table("leave_period_officer")
                    .col(uuid("period_id"))
                    .col(uuid("officer_id"))
                    .primary_key(Index::create().col("period_id").col("officer_id"))
                    .foreign_key(&mut refers("leave_period_officer", "period_id", "leave_period"))
                    .foreign_key(&mut refers("leave_period_officer", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_period_officer", &["officer_id"])).await?;
        manager
            .create_table(
                table("presence_rule")
                    .col(pk_uuid("id"))
                    .col(big_integer("version"))
                    .col(text("title"))
                    .col(uuid("court_id"))
                    .col(uuid_null("department_id"))
                    .col(text_null("post_class"))
                    .col(text_null("category"))
                    .col(integer("least"))
                    .foreign_key(&mut refers("presence_rule", "court_id", "court"))
                    .foreign_key(&mut refers("presence_rule", "department_id", "department"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("presence_rule", &["court_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
