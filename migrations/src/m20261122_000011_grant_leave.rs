//! Types of leave as HR has changed them, grants with windows, which grant pays for which half day, and the papers that
//! a request owes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, date, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Until now a year and a type were the grant: each that has entries becomes one, and pays for what it paid for.
const GRANTS: [(&str, &str); 3] = [
    (
        "INSERT INTO leave_grant (id, officer_id, leave_type, source, year, valid_from, valid_until, at)
         SELECT randomblob(16), officer_id, leave_type, 'year', year, year || '-01-01', year || '-12-31', MIN(at)
         FROM leave_entry WHERE leave_type = 'annual' GROUP BY officer_id, leave_type, year",
        "INSERT INTO leave_grant (id, officer_id, leave_type, source, year, valid_from, valid_until, at)
         SELECT gen_random_uuid(), officer_id, leave_type, 'year', year, make_date(year, 1, 1),
                make_date(year, 12, 31), MIN(at)
         FROM leave_entry WHERE leave_type = 'annual' GROUP BY officer_id, leave_type, year",
    ),
    (ENTRIES, ENTRIES),
    (
        "UPDATE leave_slot SET grant_id = (
             SELECT g.id FROM leave_grant g JOIN leave_request r ON r.leave_type = g.leave_type
             WHERE r.id = leave_slot.request_id AND g.officer_id = leave_slot.officer_id
               AND g.year = CAST(substr(leave_slot.day, 1, 4) AS INTEGER)
         ) WHERE counts = TRUE",
        "UPDATE leave_slot SET grant_id = (
             SELECT g.id FROM leave_grant g JOIN leave_request r ON r.leave_type = g.leave_type
             WHERE r.id = leave_slot.request_id AND g.officer_id = leave_slot.officer_id
               AND g.year = EXTRACT(YEAR FROM leave_slot.day)
         ) WHERE counts = TRUE",
    ),
];

const ENTRIES: &str = "UPDATE leave_entry SET grant_id = (
         SELECT g.id FROM leave_grant g
         WHERE g.officer_id = leave_entry.officer_id AND g.leave_type = leave_entry.leave_type
           AND g.year = leave_entry.year
     )";

fn columns() -> [(&'static str, ColumnDef); 9] {
    [
        ("leave_entry", uuid_null("grant_id")),
        ("leave_entry", text_null("note")),
        ("leave_entry", uuid_null("made_by")),
        ("leave_slot", uuid_null("grant_id")),
        ("leave_slot", big_integer("amount").default(1).take()),
        ("leave_request", big_integer_null("minutes")),
        ("leave_request", boolean("evidence_needed").default(false).take()),
        ("leave_request", uuid_null("evidence_seen_by")),
        ("leave_request", big_integer_null("evidence_seen_at")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("leave_type")
                    .col(text("name").primary_key())
                    .col(text("rules"))
                    .col(big_integer("version"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("leave_grant")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(text("leave_type"))
                    .col(text("source"))
                    .col(integer("year"))
                    .col(date("valid_from"))
                    .col(date("valid_until"))
                    .col(big_integer("at"))
                    .foreign_key(&mut refers("leave_grant", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_grant", &["officer_id", "valid_until"])).await?;
        manager.create_index(index("leave_grant", &["valid_until"])).await?;
        for (table, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager.create_index(index("leave_entry", &["grant_id"])).await?;
        let connection = manager.get_connection();
        // What a year gives and what goes over into it exist once, on however many nodes the jobs run.
        connection
            .execute_unprepared(
                "CREATE UNIQUE INDEX ux_leave_grant_year ON leave_grant (officer_id, leave_type, year, source)
                 WHERE source <> 'earned'",
            )
            .await?;
        for (sqlite, postgres) in GRANTS {
            let is_postgres = manager.get_database_backend() == sea_orm::DatabaseBackend::Postgres;
            connection.execute_unprepared(if is_postgres { postgres } else { sqlite }).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().table("leave_entry").name("ix_leave_entry_grant_id").to_owned()).await?;
        for (table, column) in columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        drop_all(manager, &["leave_type", "leave_grant"]).await
    }
}
