//! The account of an officer.

use sea_orm::entity::prelude::*;

/// The account of an officer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: Uuid,
    pub password_hash: Option<String>,
    pub activation_digest: Option<Vec<u8>>,
    pub activation_expires_at: Option<i64>,
    pub failures: i32,
    pub wait_until: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
