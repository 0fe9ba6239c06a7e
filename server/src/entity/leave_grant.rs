//! What has given leave to an officer, and its window; how much stands in the ledger.

use sea_orm::entity::prelude::*;
use time::Date;

/// What has given leave to an officer, and its window; how much stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    pub leave_type: String,
    pub source: String,
    pub year: i32,
    pub valid_from: Date,
    pub valid_until: Date,
    pub at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
