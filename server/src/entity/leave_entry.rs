//! An entry of the ledger; never changed, never deleted.

use sea_orm::entity::prelude::*;

/// An entry of the ledger; never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    pub leave_type: String,
    pub year: i32,
    pub kind: String,
    pub half_days: i64,
    pub request_id: Option<Uuid>,
    pub at: i64,
    pub grant_id: Option<Uuid>,
    pub note: Option<String>,
    pub made_by: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
