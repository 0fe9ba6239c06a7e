//! A version of the definition of a form's approval.

use sea_orm::entity::prelude::*;

/// A version of the definition of a form's approval.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_definition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub form: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub name: String,
    pub body: String,
    pub source: Option<String>,
    pub made_at: i64,
    pub made_by: Option<Uuid>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
