//! Classes, lessons, trainees; attendance and its attempts; ratings, whose receipts and answers share nothing.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, date, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] = &[
    "training_class",
    "lesson",
    "trainee",
    "attendance",
    "attendance_attempt",
    "rating_receipt",
    "rating_counter",
    "rating_text",
    "rating_buffer",
];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("training_class")
                    .col(pk_uuid("id"))
                    .col(text("name"))
                    .col(uuid("court_id"))
                    .col(text("place"))
                    .col(date("from_day"))
                    .col(date("to_day"))
                    .col(integer("quota"))
                    .col(uuid("teacher_id"))
                    .col(integer("opens_before_minutes"))
                    .col(integer("late_after_minutes"))
                    .foreign_key(&mut refers("training_class", "court_id", "court"))
                    .foreign_key(&mut refers("training_class", "teacher_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("training_class", &["name", "from_day"])).await?;
        manager.create_index(index("training_class", &["teacher_id"])).await?;
        manager.create_index(index("training_class", &["from_day"])).await?;
        manager
            .create_table(
                table("lesson")
                    .col(pk_uuid("id"))
                    .col(uuid("class_id"))
                    .col(integer("position"))
                    .col(text("title"))
                    .col(text("lecturer"))
                    .col(text("lecturer_unit"))
                    .col(text("room"))
                    .col(big_integer("starts_at"))
                    .col(big_integer("ends_at"))
                    .col(integer("credit_halves"))
                    .col(big_integer_null("rating_closed_at"))
                    .col(boolean("ratings_counted"))
                    .foreign_key(&mut refers("lesson", "class_id", "training_class"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("lesson", &["class_id", "starts_at"])).await?;
        manager.create_index(index("lesson", &["ends_at", "ratings_counted"])).await?;
        manager
            .create_table(
                table("trainee")
                    .col(uuid("class_id"))
                    .col(uuid("officer_id"))
                    .col(text("group_name"))
                    .col(integer("position"))
                    .primary_key(Index::create().col("class_id").col("officer_id"))
                    .foreign_key(&mut refers("trainee", "class_id", "training_class"))
                    .foreign_key(&mut refers("trainee", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("trainee", &["officer_id"])).await?;
        manager
            .create_table(
                table("attendance")
                    .col(uuid("lesson_id"))
                    .col(uuid("officer_id"))
                    .col(text("status"))
                    .col(big_integer("at"))
                    .col(big_integer("received_at"))
                    .col(text("source"))
                    .col(text_null("device"))
                    .primary_key(Index::create().col("lesson_id").col("officer_id"))
                    .foreign_key(&mut refers("attendance", "lesson_id", "lesson"))
                    .foreign_key(&mut refers("attendance", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("attendance", &["lesson_id", "device"])).await?;
        manager
            .create_table(
                table("attendance_attempt")
                    .col(pk_uuid("id"))
                    .col(uuid_null("lesson_id"))
                    .col(uuid("officer_id"))
                    .col(uuid("nonce"))
                    .col(text("result"))
                    .col(text("source"))
                    .col(text_null("device"))
                    .col(big_integer("received_at"))
                    .col(big_integer_null("scanned_at"))
                    .foreign_key(&mut refers("attendance_attempt", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("attendance_attempt", &["lesson_id", "received_at"])).await?;
        manager.create_index(index("attendance_attempt", &["officer_id", "nonce"])).await?;
        manager
            .create_table(
                table("rating_receipt")
                    .col(uuid("lesson_id"))
                    .col(uuid("officer_id"))
                    .col(uuid("request_id"))
                    .primary_key(Index::create().col("lesson_id").col("officer_id"))
                    .foreign_key(&mut refers("rating_receipt", "lesson_id", "lesson"))
                    .foreign_key(&mut refers("rating_receipt", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("rating_counter")
                    .col(uuid("lesson_id"))
                    .col(text("dimension"))
                    .col(integer("score"))
                    .col(big_integer("count"))
                    .primary_key(Index::create().col("lesson_id").col("dimension").col("score"))
                    .foreign_key(&mut refers("rating_counter", "lesson_id", "lesson"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("rating_text")
                    .col(pk_uuid("id"))
                    .col(uuid("lesson_id"))
                    .col(text("text"))
                    .foreign_key(&mut refers("rating_text", "lesson_id", "lesson"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("rating_text", &["lesson_id"])).await?;
        manager
            .create_table(
                table("rating_buffer")
                    .col(binary("tag").primary_key())
                    .col(uuid("lesson_id"))
                    .col(binary("sealed"))
                    .foreign_key(&mut refers("rating_buffer", "lesson_id", "lesson"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("rating_buffer", &["lesson_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
