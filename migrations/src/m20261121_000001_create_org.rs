//! Courts, departments, officers, who oversees what, hearings, imports.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, binary, binary_null, boolean, date, date_null, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::helpers::{drop_all, index, refers, table, unique};

const TABLES: &[&str] = &["court", "department", "officer", "oversight", "hearing", "import_run", "setting"];

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("court")
                    .col(pk_uuid("id"))
                    .col(text("name"))
                    .col(text("level"))
                    .col(uuid_null("parent_id"))
                    .col(integer("position"))
                    .foreign_key(&mut refers("court", "parent_id", "court"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("court", &["name"])).await?;
        manager
            .create_table(
                table("department")
                    .col(pk_uuid("id"))
                    .col(uuid("court_id"))
                    .col(text("name"))
                    .col(integer("position"))
                    .foreign_key(&mut refers("department", "court_id", "court"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("department", &["court_id", "name"])).await?;
        manager
            .create_table(
                table("officer")
                    .col(pk_uuid("id"))
                    .col(text("number"))
                    .col(text("name"))
                    .col(text("sex"))
                    .col(binary("id_number"))
                    .col(binary("id_digest"))
                    .col(uuid("court_id"))
                    .col(uuid("department_id"))
                    .col(text_null("post"))
                    .col(text("post_class"))
                    .col(text_null("rank"))
                    .col(text("category"))
                    .col(date("started_work_on"))
                    .col(date_null("joined_court_on"))
                    .col(binary_null("phone"))
                    .col(text_null("political"))
                    .col(text_null("education"))
                    .col(text("status"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut refers("officer", "court_id", "court"))
                    .foreign_key(&mut refers("officer", "department_id", "department"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("officer", &["number"])).await?;
        manager.create_index(unique("officer", &["id_digest"])).await?;
        manager.create_index(index("officer", &["court_id", "post_class"])).await?;
        manager.create_index(index("officer", &["department_id"])).await?;
        manager.create_index(index("officer", &["name"])).await?;
        manager
            .create_table(
                table("oversight")
                    .col(pk_uuid("department_id"))
                    .col(uuid("officer_id"))
                    .col(big_integer("set_at"))
                    .foreign_key(&mut refers("oversight", "department_id", "department"))
                    .foreign_key(&mut refers("oversight", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("oversight", &["officer_id"])).await?;
        manager
            .create_table(
                table("hearing")
                    .col(pk_uuid("id"))
                    .col(text("case_number"))
                    .col(uuid("officer_id"))
                    .col(date("day"))
                    .col(integer("starts_minute"))
                    .col(integer("ends_minute"))
                    .col(text("courtroom"))
                    .foreign_key(&mut refers("hearing", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("hearing", &["case_number", "day", "starts_minute"])).await?;
        manager.create_index(index("hearing", &["officer_id", "day"])).await?;
        manager
            .create_table(
                table("import_run")
                    .col(pk_uuid("id"))
                    .col(text("kind"))
                    .col(big_integer("at"))
                    .col(uuid_null("officer_id"))
                    .col(boolean("dry_run"))
                    .col(text("report"))
                    .foreign_key(&mut refers("import_run", "officer_id", "officer"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("import_run", &["at"])).await?;
        manager.create_table(table("setting").col(text("name").primary_key()).col(text("value")).to_owned()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
