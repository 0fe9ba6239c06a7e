//! Who confirms a return, kept with the request where its type says otherwise than the setting for all types.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMN: &str = "return_confirmation";

/// The program before reads no settings of a type that say more than it knows; they are JSON without a space.
const FORGOTTEN: [&str; 3] = ["none", "approver", "political_department"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What was asked for before there was the choice goes by the setting, as it always did.
        manager.alter_table(Table::alter().table("leave_request").add_column(text_null(COLUMN)).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for choice in FORGOTTEN {
            let forget = format!(r#"UPDATE leave_type SET rules = replace(rules, ',"{COLUMN}":"{choice}"', '')"#);
            manager.get_connection().execute_unprepared(&forget).await?;
        }
        manager.alter_table(Table::alter().table("leave_request").drop_column(COLUMN).to_owned()).await
    }
}
