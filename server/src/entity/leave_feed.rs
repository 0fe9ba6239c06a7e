//! A calendar feed of leave, known by the digest of its token.

use sea_orm::entity::prelude::*;

/// A calendar feed of leave, known by the digest of its token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_feed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    pub kind: String,
    pub token_digest: Vec<u8>,
    pub made_at: i64,
    pub revoked_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
