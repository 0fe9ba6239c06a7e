//! What was reported about returns from leave, and who confirmed it or sent it back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, date, date_null, integer, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, refers, table};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("return_report")
                    .col(uuid("request_id"))
                    .col(integer("seq"))
                    .col(date("back_day"))
                    .col(text("back_half"))
                    .col(text("note"))
                    .col(big_integer("reported_at"))
                    .col(text("state"))
                    .col(uuid_null("judged_by"))
                    .col(big_integer_null("judged_at"))
                    .col(date_null("disputed_day"))
                    .col(text_null("disputed_half"))
                    .col(text_null("reason"))
                    .primary_key(Index::create().col("request_id").col("seq"))
                    .foreign_key(&mut refers("return_report", "request_id", "leave_request"))
                    .foreign_key(&mut refers("return_report", "judged_by", "officer"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["return_report"]).await
    }
}
