//! A browser that takes push messages for an officer while his session lasts; address and keys are sealed.

use sea_orm::entity::prelude::*;

/// A browser that takes push messages for an officer while his session lasts; address and keys are sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    pub session_id: Uuid,
    pub endpoint_digest: Vec<u8>,
    pub sealed: Vec<u8>,
    pub created_at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
