//! A request for leave.

use sea_orm::entity::prelude::*;
use time::Date;

/// A request for leave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub officer_id: Uuid,
    pub leave_type: String,
    pub from_day: Date,
    pub from_half: String,
    pub to_day: Date,
    pub to_half: String,
    pub half_days: i64,
    pub reason: String,
    pub destination: String,
    pub stand_in_id: Option<Uuid>,
    pub state: String,
    pub version: i64,
    pub calendar_version: i32,
    pub submitted_at: i64,
    pub decided_at: Option<i64>,
    pub back_day: Option<Date>,
    pub back_half: Option<String>,
    pub returned_at: Option<i64>,
    pub outcome: Option<String>,
    pub cancelled_by: Option<Uuid>,
    pub cancelled_at: Option<i64>,
    pub cancel_reason: Option<String>,
    pub extends_id: Option<Uuid>,
    pub series_id: Option<Uuid>,
    pub converts_id: Option<Uuid>,
    pub body_digest: Vec<u8>,
    pub minutes: Option<i64>,
    pub evidence_needed: bool,
    pub evidence_seen_by: Option<Uuid>,
    pub evidence_seen_at: Option<i64>,
    pub stand_in_answer: Option<String>,
    pub stand_in_note: Option<String>,
    pub stand_in_answered_at: Option<i64>,
    pub contact: String,
    pub submitted_by: Option<Uuid>,
    pub lane: String,
    pub needs_return: bool,
    pub return_confirmation: Option<String>,
    pub remarks: Option<String>,
    /// The day on which its beginning was asked for, once it was submitted again.
    pub begin_asked_on: Option<Date>,
}

/// No relations: stores join where they need to.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
