//! A request on its way: the plan that is pinned to it, and how far it is.

use sea_orm::entity::prelude::*;

/// A request on its way: the plan that is pinned to it, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_process")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub form: String,
    pub definition_version: i32,
    pub applicant_id: Uuid,
    pub plan: String,
    pub outcome: String,
    pub due_at: Option<i64>,
    pub decided: i32,
    pub nodes: i32,
    pub started_at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
