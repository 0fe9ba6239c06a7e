//! A notice on its way over a channel.

use sea_orm::entity::prelude::*;

/// A notice on its way over a channel.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub id: Uuid,
    pub notice_id: Uuid,
    pub channel_id: Uuid,
    pub lane: Uuid,
    pub subscription_id: Option<Uuid>,
    pub state: String,
    pub tries: i32,
    pub queued_at: i64,
    pub due_at: i64,
    pub claim: Option<Uuid>,
    pub claimed_until: Option<i64>,
    pub done_at: Option<i64>,
    pub last_error: Option<String>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
