//! A request was counted anew.

use sea_orm::entity::prelude::*;

/// A request was counted anew.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_recount")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: Uuid,
    pub calendar_version: i32,
    pub before: i64,
    pub after: i64,
    pub uncovered: i64,
    /// Which half days these are, as JSON.
    pub uncovered_half_days: String,
    pub at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
