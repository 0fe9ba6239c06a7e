//! Courts, departments, officers, who oversees what, hearings, imports.

use sea_orm_migration::prelude::*;

use crate::helpers::{drop_all, index, name, refers, table, unique};

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
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("name")).text().not_null())
                    .col(ColumnDef::new(name("level")).text().not_null())
                    .col(ColumnDef::new(name("parent_id")).uuid().null())
                    .col(ColumnDef::new(name("position")).integer().not_null())
                    .foreign_key(&mut refers("court", "parent_id", "court", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("court", &["name"])).await?;
        manager
            .create_table(
                table("department")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("court_id")).uuid().not_null())
                    .col(ColumnDef::new(name("name")).text().not_null())
                    .col(ColumnDef::new(name("position")).integer().not_null())
                    .foreign_key(&mut refers("department", "court_id", "court", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("department", &["court_id", "name"])).await?;
        manager
            .create_table(
                table("officer")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("number")).text().not_null())
                    .col(ColumnDef::new(name("name")).text().not_null())
                    .col(ColumnDef::new(name("sex")).text().not_null())
                    .col(ColumnDef::new(name("id_number")).binary().not_null())
                    .col(ColumnDef::new(name("id_digest")).binary().not_null())
                    .col(ColumnDef::new(name("court_id")).uuid().not_null())
                    .col(ColumnDef::new(name("department_id")).uuid().not_null())
                    .col(ColumnDef::new(name("post")).text().null())
                    .col(ColumnDef::new(name("post_class")).text().not_null())
                    .col(ColumnDef::new(name("rank")).text().null())
                    .col(ColumnDef::new(name("category")).text().not_null())
                    .col(ColumnDef::new(name("started_work_on")).date().not_null())
                    .col(ColumnDef::new(name("joined_court_on")).date().null())
                    .col(ColumnDef::new(name("phone")).binary().null())
                    .col(ColumnDef::new(name("political")).text().null())
                    .col(ColumnDef::new(name("education")).text().null())
                    .col(ColumnDef::new(name("status")).text().not_null())
                    .col(ColumnDef::new(name("updated_at")).big_integer().not_null())
                    .foreign_key(&mut refers("officer", "court_id", "court", "id"))
                    .foreign_key(&mut refers("officer", "department_id", "department", "id"))
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
                    .col(ColumnDef::new(name("department_id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("set_at")).big_integer().not_null())
                    .foreign_key(&mut refers("oversight", "department_id", "department", "id"))
                    .foreign_key(&mut refers("oversight", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("oversight", &["officer_id"])).await?;
        manager
            .create_table(
                table("hearing")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("case_number")).text().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().not_null())
                    .col(ColumnDef::new(name("day")).date().not_null())
                    .col(ColumnDef::new(name("starts_minute")).integer().not_null())
                    .col(ColumnDef::new(name("ends_minute")).integer().not_null())
                    .col(ColumnDef::new(name("courtroom")).text().not_null())
                    .foreign_key(&mut refers("hearing", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("hearing", &["case_number", "day", "starts_minute"])).await?;
        manager.create_index(index("hearing", &["officer_id", "day"])).await?;
        manager
            .create_table(
                table("import_run")
                    .col(ColumnDef::new(name("id")).uuid().not_null().primary_key())
                    .col(ColumnDef::new(name("kind")).text().not_null())
                    .col(ColumnDef::new(name("at")).big_integer().not_null())
                    .col(ColumnDef::new(name("officer_id")).uuid().null())
                    .col(ColumnDef::new(name("dry_run")).boolean().not_null())
                    .col(ColumnDef::new(name("report")).text().not_null())
                    .foreign_key(&mut refers("import_run", "officer_id", "officer", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("import_run", &["at"])).await?;
        manager
            .create_table(
                table("setting")
                    .col(ColumnDef::new(name("name")).text().not_null().primary_key())
                    .col(ColumnDef::new(name("value")).text().not_null())
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, TABLES).await
    }
}
