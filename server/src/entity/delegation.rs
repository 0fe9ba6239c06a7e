//! An approver lets a colleague decide for him.

use sea_orm::entity::prelude::*;

/// An approver lets a colleague decide for him.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub from_id: Uuid,
    pub to_id: Uuid,
    pub kinds: String,
    pub period: String,
    pub state: String,
    pub made_at: i64,
    pub ended_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
