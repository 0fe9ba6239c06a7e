//! How many of a group have to stay.

use sea_orm::entity::prelude::*;

/// How many of a group have to stay.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "presence_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub title: String,
    pub court_id: Uuid,
    pub department_id: Option<Uuid>,
    pub post_class: Option<String>,
    pub category: Option<String>,
    pub least: i32,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
