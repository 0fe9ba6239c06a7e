//! A period of duty, or one in which nobody may leave.

use sea_orm::entity::prelude::*;
use time::Date;

/// A period of duty, or one in which nobody may leave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_period")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub kind: String,
    pub title: String,
    pub from_day: Date,
    pub to_day: Date,
    pub court_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
