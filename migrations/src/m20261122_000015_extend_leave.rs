//! Which leave a request extends (续假), and with which leave its series began.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

use crate::helpers::index;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("extends_id"), uuid_null("series_id")] {
            let change = Table::alter().table("leave_request").add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        manager.create_index(index("leave_request", &["series_id"])).await?;
        // No leave has two extensions that have not come to nothing, whatever races above this line.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX ux_leave_request_extends ON leave_request (extends_id) \
                 WHERE extends_id IS NOT NULL AND state IN ('in_approval', 'sent_back', 'approved', 'returned')",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP INDEX ux_leave_request_extends").await?;
        connection.execute_unprepared("DROP INDEX ix_leave_request_series_id").await?;
        for column in ["extends_id", "series_id"] {
            let change = Table::alter().table("leave_request").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
