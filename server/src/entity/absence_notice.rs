//! A stage at which leaders heard of an absence; `seq` is the entry that recorded it.

use sea_orm::entity::prelude::*;
use time::Date;

/// A stage at which leaders heard of an absence; `seq` is the entry that recorded it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence_notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage: i32,
    pub sent_on: Date,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
