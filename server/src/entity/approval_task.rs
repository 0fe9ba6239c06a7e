//! A step of a chain and who decides it.

use sea_orm::entity::prelude::*;

/// A step of a chain and who decides it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub step: i32,
    pub mode: String,
    pub post_class: String,
    pub post: String,
    pub officer_id: Uuid,
    pub stands_in_for: Option<String>,
    pub state: String,
    pub version: i64,
    pub comment: Option<String>,
    pub opened_at: Option<i64>,
    pub decided_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
