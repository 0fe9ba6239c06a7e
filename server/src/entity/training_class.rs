//! A training class.

use sea_orm::entity::prelude::*;
use time::Date;

/// A training class.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_class")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub court_id: Uuid,
    pub place: String,
    pub from_day: Date,
    pub to_day: Date,
    pub quota: i32,
    pub teacher_id: Uuid,
    pub opens_before_minutes: i32,
    pub late_after_minutes: i32,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
