//! An entry of the append-only log of a request.

use sea_orm::entity::prelude::*;

/// An entry of the append-only log of a request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub actor_id: Option<Uuid>,
    pub acting_for: Option<Uuid>,
    pub at: i64,
    pub device: Option<String>,
    pub action: String,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
