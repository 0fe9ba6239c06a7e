//! Classes, lessons, trainees; attendance and its attempts; ratings, whose receipts and answers share nothing.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_all, index, name, refers, table, unique};

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
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("name")).text().not_null())
                    .col(ColumnDef::new(name("court_id")).uuid().not_null())
                    .col(ColumnDef::new(name("place")).text().not_null())
                    .col(ColumnDef::new(name("from_day")).date().not_null())
                    .col(ColumnDef::new(name("to_day")).date().not_null())
                    .col(ColumnDef::new(name("quota")).integer().not_null())
                    .col(ColumnDef::new(name("teacher_id")).uuid().not_null())
                    .col(ColumnDef::new(name("opens_before_minutes")).integer().not_null())
                    .col(ColumnDef::new(name("late_after_minutes")).integer().not_null())
                    .foreign_key(&mut refers("training_class", "court_id", "court", "id"))
                    .foreign_key(&mut refers("training_class", "teacher_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("training_class", &["name", "from_day"])).await?;
        manager.create_index(index("training_class", &["teacher_id"])).await?;
        manager.create_index(index("training_class", &["from_day"])).await?;
        manager
            .create_table(
                table("lesson")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("class_id")).uuid().not_null())
                    .col(ColumnDef::new(name("position")).integer().not_null())
                    .col(ColumnDef::new(name("title")).text().not_null())
                    .col(ColumnDef::new(name("lecturer")).text().not_null())
                    .col(ColumnDef::new(name("lecturer_unit")).text().not_null())
                    .col(ColumnDef::new(name("room")).text().not_null())
                    .col(ColumnDef::new(name("starts_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("ends_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("credit_halves")).integer().not_null())
                    .col(ColumnDef::new(name("rating_closed_at")).big_integer().null())
                    .col(ColumnDef::new(name("ratings_counted")).boolean().not_null())
                    .foreign_key(&mut refers("lesson", "class_id", "training_class", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("lesson", &["class_id", "starts_at"])).await?;
        manager.create_index(index("lesson", &["ends_at", "ratings_counted"])).await?;
        manager
            .create_table(
                table("trainee")
                    .col(ColumnDef::new(name("class_id")).uuid().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("group_name")).text().not_null())
                    .col(ColumnDef::new(name("position")).integer().not_null())
                    .primary_key(Index::create().col(name("class_id")).col(name("officer_id")))
                    .foreign_key(&mut refers("trainee", "class_id", "training_class", "id"))
                    .foreign_key(&mut refers("trainee", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("trainee", &["officer_id"])).await?;
        manager
            .create_table(
                table("attendance")
                    .col(ColumnDef::new(name("lesson_id")).uuid().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("status")).text().not_null())
                    .col(ColumnDef::new(name("at")).big_integer().not_null())
                    .col(ColumnDef::new(name("received_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("source")).text().not_null())
                    .col(ColumnDef::new(name("device")).text().null())
                    .primary_key(Index::create().col(name("lesson_id")).col(name("officer_id")))
                    .foreign_key(&mut refers("attendance", "lesson_id", "lesson", "id"))
                    .foreign_key(&mut refers("attendance", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("attendance", &["lesson_id", "device"])).await?;
        manager
            .create_table(
                table("attendance_attempt")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("lesson_id")).uuid().null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("nonce")).uuid().not_null())
                    .col(ColumnDef::new(name("result")).text().not_null())
                    .col(ColumnDef::new(name("source")).text().not_null())
                    .col(ColumnDef::new(name("device")).text().null())
                    .col(ColumnDef::new(name("received_at")).big_integer().not_null())
                    .col(ColumnDef::new(name("scanned_at")).big_integer().null())
                    .foreign_key(&mut refers("attendance_attempt", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("attendance_attempt", &["lesson_id", "received_at"])).await?;
        manager.create_index(index("attendance_attempt", &["officer_id", "nonce"])).await?;
        manager
            .create_table(
                table("rating_receipt")
                    .col(ColumnDef::new(name("lesson_id")).uuid().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("request_id")).uuid().not_null())
                    .primary_key(Index::create().col(name("lesson_id")).col(name("officer_id")))
                    .foreign_key(&mut refers("rating_receipt", "lesson_id", "lesson", "id"))
                    .foreign_key(&mut refers("rating_receipt", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("rating_counter")
                    .col(ColumnDef::new(name("lesson_id")).uuid().not_null())
                    .col(ColumnDef::new(name("dimension")).text().not_null())
                    .col(ColumnDef::new(name("score")).integer().not_null())
                    .col(ColumnDef::new(name("count")).big_integer().not_null())
                    .primary_key(Index::create().col(name("lesson_id")).col(name("dimension")).col(name("score")))
                    .foreign_key(&mut refers("rating_counter", "lesson_id", "lesson", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("rating_text")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("lesson_id")).uuid().not_null())
                    .col(ColumnDef::new(name("text")).text().not_null())
                    .foreign_key(&mut refers("rating_text", "lesson_id", "lesson", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("rating_text", &["lesson_id"])).await?;
        manager
            .create_table(
                table("rating_buffer")
                    .col(ColumnDef::new(name("tag")).binary().not_null().primary_key())
                    .col(ColumnDef::new(name("lesson_id")).uuid().not_null())
                    .col(ColumnDef::new(name("sealed")).binary().not_null())
                    .foreign_key(&mut refers("rating_buffer", "lesson_id", "lesson", "id"))
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
