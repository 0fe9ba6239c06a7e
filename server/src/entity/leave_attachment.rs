//! A file attached to a request for leave; its bytes are among the [files](crate::files).

use sea_orm::entity::prelude::*;

/// A file attached to a request for leave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: Uuid,
    pub name: String,
    pub kind: String,
    pub bytes: i64,
    pub digest: Vec<u8>,
    pub body_digest: Vec<u8>,
    pub attached_at: i64,
    pub removed_at: Option<i64>,
    pub attached_by: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
