//! A reminder of a return that nobody has reported: the day that it was of, 1 being the first workday after the leave.

use sea_orm::entity::prelude::*;
use time::Date;

/// A reminder of a return that nobody has reported.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "return_reminder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub overdue_day: i64,
    pub sent_on: Date,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
