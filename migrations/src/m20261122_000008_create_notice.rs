//! Notices, what each officer wants to hear of them, and the channels that carry them out of the house.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, binary, binary_null, boolean, integer, integer_null, pk_uuid, text,
    text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] = &["notice_preference", "notice", "channel", "push_subscription", "delivery"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row an officer. Writing a notice counts `last_position` up and holds the row until it commits, so that
        // positions become visible in their order and a reader that has seen one has seen all before it.
        manager
            .create_table(
                table("notice_preference")
                    .col(pk_uuid("officer_id"))
                    .col(big_integer("last_position"))
                    .col(text("muted"))
                    .col(integer_null("quiet_from"))
                    .col(integer_null("quiet_to"))
                    .col(binary_null("email"))
                    .foreign_key(&mut refers("notice_preference", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("notice")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(big_integer("position"))
                    .col(text("kind"))
                    .col(text("subject_kind"))
                    .col(uuid("subject_id"))
                    .col(text("number"))
                    .col(uuid_null("actor_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("read_at"))
                    .foreign_key(&mut refers("notice", "officer_id", "officer"))
                    .foreign_key(&mut refers("notice", "actor_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("notice", &["officer_id", "position"])).await?;
        manager
            .create_table(
                table("channel")
                    .col(pk_uuid("id"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(boolean("enabled"))
                    .col(uuid_null("court_id"))
                    .col(uuid_null("department_id"))
                    .col(text("kinds"))
                    .col(integer_null("quiet_from"))
                    .col(integer_null("quiet_to"))
                    .col(text("target"))
                    .col(binary("config"))
                    .col(big_integer("version"))
                    .col(big_integer("next_at"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("deleted_at"))
                    .foreign_key(&mut refers("channel", "court_id", "court"))
                    .foreign_key(&mut refers("channel", "department_id", "department"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("push_subscription")
                    .col(pk_uuid("id"))
                    .col(uuid("officer_id"))
                    .col(uuid("session_id"))
                    .col(binary("endpoint_digest"))
                    .col(binary("sealed"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut refers("push_subscription", "officer_id", "officer"))
                    .foreign_key(&mut refers("push_subscription", "session_id", "session"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("push_subscription", &["endpoint_digest"])).await?;
        manager.create_index(index("push_subscription", &["officer_id"])).await?;
        // The position is the order in which deliveries of a lane go out. A subscription that is gone is still named in
        // the log, so it is no reference.
        manager
            .create_table(
                table("delivery")
                    .col(big_pk_auto("position"))
                    .col(uuid("id"))
                    .col(uuid("notice_id"))
                    .col(uuid("channel_id"))
                    .col(uuid("lane"))
                    .col(uuid_null("subscription_id"))
                    .col(text("state"))
                    .col(integer("tries"))
                    .col(big_integer("queued_at"))
                    .col(big_integer("due_at"))
                    .col(uuid_null("claim"))
                    .col(big_integer_null("claimed_until"))
                    .col(big_integer_null("done_at"))
                    .col(text_null("last_error"))
                    .foreign_key(&mut refers("delivery", "notice_id", "notice"))
                    .foreign_key(&mut refers("delivery", "channel_id", "channel"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("delivery", &["id"])).await?;
        manager.create_index(index("delivery", &["channel_id", "state", "position"])).await?;
        // For what is deleted when it is old.
        manager.create_index(index("notice", &["created_at"])).await?;
        manager.create_index(index("delivery", &["done_at"])).await?;
        manager.create_index(index("delivery", &["notice_id"])).await?;
        // What waits is little beside what is done: these indexes stay small, however long the log grows.
        for statement in [
            "CREATE INDEX ix_notice_unread ON notice (officer_id) WHERE read_at IS NULL",
            "CREATE INDEX ix_notice_unread_subject ON notice (subject_id) WHERE read_at IS NULL",
            "CREATE INDEX ix_delivery_due ON delivery (due_at) WHERE state = 'waiting'",
            "CREATE INDEX ix_delivery_claimed ON delivery (channel_id) WHERE state = 'waiting' AND claim IS NOT NULL",
            "CREATE INDEX ix_delivery_lane ON delivery (lane, position) WHERE state = 'waiting'",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
