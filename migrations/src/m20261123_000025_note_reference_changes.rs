//! Notes each change of what servers keep in memory: a row for each table, whose revision a trigger sets anew. A trigger
//! and not the program, so that nothing that writes to these tables can forget it, the administrator's own SQL included.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::helpers::{drop_all, table};

const REVISION: &str = "reference_revision";

/// The tables that are kept whole.
const TABLES: [&str; 11] = [
    "approval_definition",
    "calendar_paper",
    "calendar_state",
    "court",
    "court_day",
    "department",
    "leave_type",
    "oversight",
    "presence_rule",
    "role_grant",
    "stand_in_rule",
];

const SETTING: &str = "setting";
/// The settings that are kept: most others are notes of a job, which change all the time.
const SETTINGS: &str = "'annual_leave', 'leave_conflicts'";

/// A revision that never came before. A counter would come twice: what is rolled back takes its number back, and a server
/// may have read by it meanwhile.
const RANDOM_POSTGRES: &str = "(random() * 9007199254740991)::bigint";
const RANDOM_SQLITE: &str = "random()";

const CHANGES: [&str; 3] = ["insert", "update", "delete"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = table(REVISION).col(text("name").primary_key()).col(big_integer("revision")).to_owned();
        manager.create_table(columns).await?;
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        let connection = manager.get_connection();
        if is_postgres {
            // Whoever changes a table may look for names elsewhere, as a restore does.
            let note = format!(
                "CREATE FUNCTION note_reference_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT \
                 AS $$ BEGIN UPDATE {REVISION} SET revision = {RANDOM_POSTGRES} WHERE name = TG_TABLE_NAME; \
                 RETURN NULL; END $$"
            );
            connection.execute_unprepared(&note).await?;
        }
        let random = if is_postgres { RANDOM_POSTGRES } else { RANDOM_SQLITE };
        for name in TABLES.into_iter().chain([SETTING]) {
            connection.execute_unprepared(&format!("INSERT INTO {REVISION} VALUES ('{name}', {random})")).await?;
            for change in CHANGES {
                let trigger = if is_postgres { postgres(name, change) } else { sqlite(name, change) };
                connection.execute_unprepared(&trigger).await?;
            }
            if is_postgres {
                connection.execute_unprepared(&on_truncate(name)).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        let connection = manager.get_connection();
        for name in TABLES.into_iter().chain([SETTING]) {
            for change in CHANGES.into_iter().chain(is_postgres.then_some("truncate")) {
                let of = if is_postgres { format!(" ON {name}") } else { String::new() };
                connection.execute_unprepared(&format!("DROP TRIGGER note_{name}_{change}{of}")).await?;
            }
        }
        if is_postgres {
            connection.execute_unprepared("DROP FUNCTION note_reference_change").await?;
        }
        drop_all(manager, &[REVISION]).await
    }
}

/// Which rows of a table a change has to be about to be noted.
fn when(table: &str, change: &str) -> String {
    let row = if change == "delete" { "OLD" } else { "NEW" };
    if table == SETTING { format!("WHEN ({row}.name IN ({SETTINGS}))") } else { String::new() }
}

/// Once for each statement: an import of thousands of rows takes one revision.
fn postgres(table: &str, change: &str) -> String {
    let each = if table == SETTING { "ROW" } else { "STATEMENT" };
    let when = when(table, change);
    format!(
        "CREATE TRIGGER note_{table}_{change} AFTER {change} ON {table} FOR EACH {each} {when} \
         EXECUTE FUNCTION note_reference_change()"
    )
}

fn on_truncate(table: &str) -> String {
    format!(
        "CREATE TRIGGER note_{table}_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT \
         EXECUTE FUNCTION note_reference_change()"
    )
}

fn sqlite(table: &str, change: &str) -> String {
    let when = when(table, change);
    format!(
        "CREATE TRIGGER note_{table}_{change} AFTER {change} ON {table} {when} \
         BEGIN UPDATE {REVISION} SET revision = {RANDOM_SQLITE} WHERE name = '{table}'; END"
    )
}
