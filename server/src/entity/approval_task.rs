//! A task of an approver, as the log makes it.

use sea_orm::entity::prelude::*;

/// A task of an approver, as the log makes it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_id: Uuid,
    pub applicant_id: Uuid,
    pub seq: i32,
    pub node: i32,
    pub title: String,
    pub mode: String,
    pub round: i32,
    pub officer_id: Uuid,
    pub post_class: Option<String>,
    pub post: String,
    pub stands_in_for: Option<String>,
    pub opinion_only: bool,
    pub shown: bool,
    pub state: String,
    pub version: i64,
    pub opened_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub comment: Option<String>,
    pub decided_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
