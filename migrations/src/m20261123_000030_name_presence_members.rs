//! Who is named in a rule of presence: the judges of a panel within a larger division. Servers keep the rules in memory,
//! so each change is noted like that of the rules.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::helpers::{drop_all, index, refers, table};

const TABLE: &str = "presence_rule_officer";
const REVISION: &str = "reference_revision";

const CHANGES: [&str; 3] = ["insert", "update", "delete"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(TABLE)
                    .col(uuid("rule_id"))
                    .col(uuid("officer_id"))
                    .primary_key(Index::create().col("rule_id").col("officer_id"))
                    .foreign_key(&mut refers(TABLE, "rule_id", "presence_rule"))
                    .foreign_key(&mut refers(TABLE, "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(TABLE, &["officer_id"])).await?;
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        // Never one that came before: what is rolled back must not be taken for what comes after.
        let random = if is_postgres { "(random() * 9007199254740991)::bigint" } else { "random()" };
        let connection = manager.get_connection();
        connection.execute_unprepared(&format!("INSERT INTO {REVISION} VALUES ('{TABLE}', {random})")).await?;
        for change in CHANGES.into_iter().chain(is_postgres.then_some("truncate")) {
            let trigger = if is_postgres {
                format!(
                    "CREATE TRIGGER note_{TABLE}_{change} AFTER {change} ON {TABLE} FOR EACH STATEMENT \
                     EXECUTE FUNCTION note_reference_change()"
                )
            } else {
                format!(
                    "CREATE TRIGGER note_{TABLE}_{change} AFTER {change} ON {TABLE} \
                     BEGIN UPDATE {REVISION} SET revision = {random} WHERE name = '{TABLE}'; END"
                )
            };
            connection.execute_unprepared(&trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The triggers go with their table.
        drop_all(manager, &[TABLE]).await?;
        let forget = format!("DELETE FROM {REVISION} WHERE name = '{TABLE}'");
        manager.get_connection().execute_unprepared(&forget).await?;
        Ok(())
    }
}
