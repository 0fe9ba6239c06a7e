//! A way out of the house for notices; what it needs to know to send is sealed.

use sea_orm::entity::prelude::*;

/// A way out of the house for notices; what it needs to know to send is sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub enabled: bool,
    pub court_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub kinds: String,
    pub quiet_from: Option<i32>,
    pub quiet_to: Option<i32>,
    pub target: String,
    pub config: Vec<u8>,
    pub version: i64,
    pub next_at: i64,
    pub created_at: i64,
    pub deleted_at: Option<i64>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
