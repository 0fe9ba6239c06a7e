//! Every attempt to sign in, also refused ones.

use sea_orm::entity::prelude::*;

/// Every attempt to sign in, also refused ones.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub lesson_id: Option<Uuid>,
    pub officer_id: Uuid,
    pub nonce: Uuid,
    pub result: String,
    pub source: String,
    pub device: Option<String>,
    pub received_at: i64,
    pub scanned_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
