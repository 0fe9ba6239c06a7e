//! A lesson of a class.

use sea_orm::entity::prelude::*;

/// A lesson of a class.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub class_id: Uuid,
    pub position: i32,
    pub title: String,
    pub lecturer: String,
    pub lecturer_unit: String,
    pub room: String,
    pub starts_at: i64,
    pub ends_at: i64,
    pub credit_halves: i32,
    pub rating_closed_at: Option<i64>,
    pub ratings_counted: bool,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
