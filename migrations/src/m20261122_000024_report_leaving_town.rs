//! Lanes of half days, so that a report of leaving town (外出报备) may lie on the days of a leave, and whether the end of a
//! request is to be reported.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Until now a request that counts minutes was told by them, its half days by their name, and both were what nobody
/// reports back from. HR's settings of such a type say so from now on; they are JSON without a space.
const HOURS: [&str; 3] = [
    "UPDATE leave_request SET lane = 'hours', needs_return = FALSE WHERE minutes IS NOT NULL",
    "UPDATE leave_slot SET lane = 'hours' WHERE half = 'day'",
    r#"UPDATE leave_type SET rules = substr(rules, 1, length(rules) - 1) || ',"needs_return":false}'
       WHERE rules LIKE '%"unit":{"minutes":%' AND rules NOT LIKE '%"needs_return":%'"#,
];

/// The program before reads no settings that say more than it knows.
const FORGOTTEN: &str = r#"UPDATE leave_type SET rules =
    replace(replace(rules, ',"needs_return":false', ''), ',"needs_return":true', '')"#;

fn columns() -> [(&'static str, ColumnDef); 3] {
    [
        ("leave_request", text("lane").default("leave").take()),
        ("leave_request", boolean("needs_return").default(true).take()),
        ("leave_slot", text("lane").default("leave").take()),
    ]
}

/// Makes the guard against overlap anew: two live requests of one officer can never hold the same half day of a lane.
async fn guard(manager: &SchemaManager<'_>, columns: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared("DROP INDEX ux_leave_slot_live").await?;
    let made = format!("CREATE UNIQUE INDEX ux_leave_slot_live ON leave_slot ({columns}) WHERE live = TRUE");
    connection.execute_unprepared(&made).await?;
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for filled in HOURS {
            manager.get_connection().execute_unprepared(filled).await?;
        }
        guard(manager, "officer_id, day, half, lane").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A schema without lanes has no room for a report on the days of a leave: what it kept it lets go of.
        let connection = manager.get_connection();
        connection.execute_unprepared("DELETE FROM leave_slot WHERE lane = 'report'").await?;
        connection.execute_unprepared(FORGOTTEN).await?;
        guard(manager, "officer_id, day, half").await?;
        for (table, column) in columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
