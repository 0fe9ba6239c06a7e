//! A report that somebody is back from leave. `state` is `waiting`, `confirmed` or `disputed`.

use sea_orm::entity::prelude::*;
use time::Date;

/// A report that somebody is back from leave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "return_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub back_day: Date,
    pub back_half: String,
    pub note: String,
    pub reported_at: i64,
    pub state: String,
    pub judged_by: Option<Uuid>,
    pub judged_at: Option<i64>,
    pub disputed_day: Option<Date>,
    pub disputed_half: Option<String>,
    pub reason: Option<String>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
