//! An officer; identity number and phone are sealed.

use sea_orm::entity::prelude::*;
use time::Date;

/// An officer; identity number and phone are sealed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "officer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub name: String,
    pub sex: String,
    pub id_number: Vec<u8>,
    pub id_digest: Vec<u8>,
    pub court_id: Uuid,
    pub department_id: Uuid,
    pub post: Option<String>,
    pub post_class: String,
    pub rank: Option<String>,
    pub category: String,
    pub started_work_on: Date,
    pub joined_court_on: Option<Date>,
    pub phone: Option<Vec<u8>>,
    pub political: Option<String>,
    pub education: Option<String>,
    pub status: String,
    pub updated_at: i64,
    pub initials: String,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
