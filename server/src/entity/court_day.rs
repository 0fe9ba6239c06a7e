//! What a court has said of a day.

use sea_orm::entity::prelude::*;
use time::Date;

/// What a court has said of a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "court_day")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub revision: i32,
    pub court_id: Uuid,
    pub day: Date,
    pub half: Option<String>,
    pub works: Option<bool>,
    pub reason: String,
    pub inherited: bool,
    pub at: i64,
    pub by_id: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
