//! What a court says about those who stand in.

use sea_orm::entity::prelude::*;

/// What a court says about those who stand in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stand_in_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub court_id: Uuid,
    pub version: i64,
    pub accept_first: bool,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
