//! Something that an officer was told.

use sea_orm::entity::prelude::*;

/// Something that an officer was told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    pub position: i64,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub number: String,
    pub actor_id: Option<Uuid>,
    pub created_at: i64,
    pub read_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
