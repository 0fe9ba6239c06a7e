//! What a half day that is let go of says about the ledger: one that was credited counts no more, one that was released
//! without credit goes on counting.

use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Until now a half day that counted went on saying so whatever became of it. First those that another request has
/// (转为病假), then those of requests whose entries add up without them; what is left is used, and nobody was away.
const CREDITED: [&str; 2] = [
    "UPDATE leave_slot SET counts = FALSE WHERE live = FALSE AND counts = TRUE AND EXISTS (
         SELECT 1 FROM leave_request r JOIN leave_slot s ON s.request_id = r.id
         WHERE r.converts_id = leave_slot.request_id AND s.day = leave_slot.day AND s.half = leave_slot.half)",
    "UPDATE leave_slot SET counts = FALSE WHERE live = FALSE AND counts = TRUE AND 0 =
         (SELECT COALESCE(SUM(e.half_days), 0) FROM leave_entry e WHERE e.request_id = leave_slot.request_id) +
         (SELECT COALESCE(SUM(s.amount), 0) FROM leave_slot s
          WHERE s.request_id = leave_slot.request_id AND s.live = TRUE AND s.counts = TRUE)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for credited in CREDITED {
            manager.get_connection().execute_unprepared(credited).await?;
        }
        Ok(())
    }

    /// Nothing is taken back: the program before asks only what is still live whether it counts.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
