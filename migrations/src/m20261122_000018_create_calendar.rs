//! What an installation adds to the calendar: papers, days of a court, working weeks; and how requests were counted anew.
//!
//! Rows of all four are never changed or deleted. Each change of the calendar takes the next revision from
//! `calendar_state`, whose one row is locked by whoever changes the calendar and shared by whoever counts by it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, boolean_null, date, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] = &["calendar_state", "calendar_paper", "court_day", "working_week", "leave_recount"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("calendar_state")
                    .col(integer("id").primary_key())
                    // How many changes there have been, and the version of the calendar up to which all requests are
                    // counted anew.
                    .col(integer("revision"))
                    .col(integer("recounted"))
                    .col(text_null("half_holidays"))
                    .to_owned(),
            )
            .await?;
        let first = Query::insert()
            .into_table("calendar_state")
            .columns(["id", "revision", "recounted"])
            .values_panic([1.into(), 0.into(), 0.into()])
            .to_owned();
        manager.execute(first).await?;
        manager
            .create_table(
                table("calendar_paper")
                    .col(pk_uuid("id"))
                    .col(integer("revision"))
                    .col(integer("year"))
                    .col(text("content"))
                    .col(big_integer("at"))
                    .col(uuid_null("by_id"))
                    .foreign_key(&mut refers("calendar_paper", "by_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("calendar_paper", &["revision"])).await?;
        manager
            .create_table(
                table("court_day")
                    .col(pk_uuid("id"))
                    .col(integer("revision"))
                    .col(uuid("court_id"))
                    .col(date("day"))
                    .col(text_null("half"))
                    .col(boolean_null("works"))
                    .col(text("reason"))
                    .col(boolean("inherited"))
                    .col(big_integer("at"))
                    .col(uuid_null("by_id"))
                    .foreign_key(&mut refers("court_day", "court_id", "court"))
                    .foreign_key(&mut refers("court_day", "by_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("court_day", &["court_id", "revision"])).await?;
        manager
            .create_table(
                table("working_week")
                    .col(pk_uuid("id"))
                    .col(integer("revision"))
                    .col(uuid("officer_id"))
                    .col(date("from_day"))
                    .col(text("halves"))
                    .col(big_integer("at"))
                    .col(uuid_null("by_id"))
                    .foreign_key(&mut refers("working_week", "officer_id", "officer"))
                    .foreign_key(&mut refers("working_week", "by_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("working_week", &["officer_id", "revision"])).await?;
        manager
            .create_table(
                table("leave_recount")
                    .col(pk_uuid("id"))
                    .col(uuid("request_id"))
                    .col(integer("calendar_version"))
                    .col(big_integer("before"))
                    .col(big_integer("after"))
                    .col(big_integer("uncovered"))
                    .col(big_integer("at"))
                    .foreign_key(&mut refers("leave_recount", "request_id", "leave_request"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("leave_recount", &["request_id", "at"])).await?;
        // The sweep after a change asks for requests that are not over, from a request on.
        manager.create_index(index("leave_request", &["to_day", "calendar_version"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = "ix_leave_request_to_day_calendar_version";
        manager.drop_index(Index::drop().table("leave_request").name(name).to_owned()).await?;
        drop_all(manager, TABLES).await
    }
}
