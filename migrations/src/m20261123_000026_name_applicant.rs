//! The applicant beside each task and each copy, so that whoever searches a long list for a name looks at the people in
//! it and not at every request.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{uuid, uuid_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::helpers::index;

const COLUMN: &str = "applicant_id";

/// The index by which a list is read, before and after: what it tells is all that a search for a name needs.
const INDEXES: [(&str, &[&str], &[&str]); 2] = [
    ("approval_task", &["decided_by", "decided_at"], &["decided_by", "decided_at", "subject_id", COLUMN]),
    ("approval_copy", &["officer_id", "at"], &["officer_id", "at", "subject_id", COLUMN]),
];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        for (table, before, after) in INDEXES {
            // SQLite adds no column without a value for the rows that are there; PostgreSQL shall refuse a row without one.
            let column = if is_postgres {
                uuid_null(COLUMN)
            } else {
                uuid(COLUMN).default(Expr::cust("x'00000000000000000000000000000000'")).to_owned()
            };
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            let fill = format!(
                "UPDATE {table} SET {COLUMN} = (SELECT {COLUMN} FROM approval_process \
                 WHERE approval_process.subject_id = {table}.subject_id)"
            );
            manager.get_connection().execute_unprepared(&fill).await?;
            if is_postgres {
                manager.alter_table(Table::alter().table(table).modify_column(uuid(COLUMN)).to_owned()).await?;
            }
            manager.create_index(index(table, after)).await?;
            drop_index(manager, table, before).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, before, after) in INDEXES {
            manager.create_index(index(table, before)).await?;
            drop_index(manager, table, after).await?;
            manager.alter_table(Table::alter().table(table).drop_column(COLUMN).to_owned()).await?;
        }
        Ok(())
    }
}

async fn drop_index(manager: &SchemaManager<'_>, table: &'static str, columns: &[&str]) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    manager.drop_index(Index::drop().table(table).name(name).to_owned()).await
}
