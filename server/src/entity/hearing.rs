//! A hearing in the docket.

use sea_orm::entity::prelude::*;
use time::Date;

/// A hearing in the docket.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hearing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_number: String,
    pub officer_id: Uuid,
    pub day: Date,
    pub starts_minute: i32,
    pub ends_minute: i32,
    pub courtroom: String,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
