//! A year whose absences cost an officer no leave, by the word of HR.

use sea_orm::entity::prelude::*;

/// A year whose absences cost an officer no leave, by the word of HR.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_exemption")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub version: i64,
    pub exempt: bool,
    pub reason: String,
    pub made_by: Uuid,
    pub at: i64,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
