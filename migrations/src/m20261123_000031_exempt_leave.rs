//! Years whose absences cost an officer no leave, by the word of HR, and the day on which an opening balance was brought in:
//! a bracket of years of service that is reached later adds to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, date_null, integer, text, uuid};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::helpers::{drop_all, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What was brought in before its day was kept: the day of the entry that it made, in China's time. A figure of nothing
/// made none, and stands for the whole year.
const KNOWN_ON: (&str, &str) = (
    "UPDATE opening_balance SET known_on = (
         SELECT date(MAX(e.at) / 1000, 'unixepoch', '+8 hours') FROM leave_entry e
         WHERE e.officer_id = opening_balance.officer_id AND e.leave_type = opening_balance.leave_type
           AND e.year = opening_balance.year AND e.kind IN ('grant', 'adjust') AND e.note = '导入的余额'
     )",
    "UPDATE opening_balance SET known_on = (
         SELECT (to_timestamp(MAX(e.at) / 1000) AT TIME ZONE 'Asia/Shanghai')::date FROM leave_entry e
         WHERE e.officer_id = opening_balance.officer_id AND e.leave_type = opening_balance.leave_type
           AND e.year = opening_balance.year AND e.kind IN ('grant', 'adjust') AND e.note = '导入的余额'
     )",
);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_exemption")
                    .col(uuid("officer_id"))
                    .col(integer("year"))
                    .col(big_integer("version"))
                    .col(boolean("exempt"))
                    .col(text("reason"))
                    .col(uuid("made_by"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("officer_id").col("year"))
                    .foreign_key(&mut refers("leave_exemption", "officer_id", "officer"))
                    .foreign_key(&mut refers("leave_exemption", "made_by", "officer"))
                    .to_owned(),
            )
            .await?;
        let known_on = Table::alter().table("opening_balance").add_column(date_null("known_on")).to_owned();
        manager.alter_table(known_on).await?;
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        let (sqlite, postgres) = KNOWN_ON;
        manager.get_connection().execute_unprepared(if is_postgres { postgres } else { sqlite }).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let known_on = Table::alter().table("opening_balance").drop_column("known_on").to_owned();
        manager.alter_table(known_on).await?;
        drop_all(manager, &["leave_exemption"]).await
    }
}
