//! A working week of an officer; its halves are written as fourteen times 1 or 0.

use sea_orm::entity::prelude::*;
use time::Date;

/// A working week of an officer; its halves are written as fourteen times 1 or 0.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "working_week")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub revision: i32,
    pub officer_id: Uuid,
    pub from_day: Date,
    pub halves: String,
    pub at: i64,
    pub by_id: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
