//! An entry about an officer who is not back from leave. `deed` is `recorded`, `answered`, `back` or `mistaken`.

use sea_orm::entity::prelude::*;
use time::Date;

/// An entry about an officer who is not back from leave. `deed` is `recorded`, `answered`, `back` or `mistaken`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub deed: String,
    pub day: Option<Date>,
    pub known_by: Option<String>,
    pub note: String,
    pub made_by: Uuid,
    pub at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
