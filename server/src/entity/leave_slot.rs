//! A half day of a request; `live` while the request holds it, `counts` while the ledger has it as held or used. Leave that
//! is released without credit goes on counting when it is no longer held.

use sea_orm::entity::prelude::*;
use time::Date;

/// A half day of a request; `live` while the request holds it, `counts` while the ledger has it as held or used.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_slot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    pub officer_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub half: String,
    pub counts: bool,
    pub live: bool,
    pub grant_id: Option<Uuid>,
    pub amount: i64,
    pub lane: String,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
