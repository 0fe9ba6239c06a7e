//! What an officer wants to hear, and where his list of notices has got to; the address of e-mail is sealed.

use sea_orm::entity::prelude::*;

/// What an officer wants to hear, and where his list of notices has got to; the address of e-mail is sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: Uuid,
    pub last_position: i64,
    pub muted: String,
    pub quiet_from: Option<i32>,
    pub quiet_to: Option<i32>,
    pub email: Option<Vec<u8>>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
