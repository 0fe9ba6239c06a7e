//! The database schema, one file a step, the same steps for SQLite and PostgreSQL.
//!
//! Instants are milliseconds since 1970 in UTC (`bigint`), days are dates, durations are half days (integers), names of
//! states are text. Steps are never edited after a release; a change is a new step.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod helpers;
mod m20261121_000001_create_org;
mod m20261121_000002_create_account;
mod m20261121_000003_create_leave;
mod m20261121_000004_create_training;
mod m20261121_000005_create_audit;
mod m20261121_000007_create_approval;
mod m20261122_000008_create_notice;
mod m20261122_000009_time_approval;
mod m20261122_000010_cancel_leave;
mod m20261122_000011_grant_leave;
mod m20261122_000012_create_leave_conflict;
mod m20261122_000013_answer_stand_in;
mod m20261122_000014_create_leave_feed;
mod m20261122_000015_extend_leave;
mod m20261122_000016_create_return_report;
mod m20261122_000017_create_return_reminder;
mod m20261122_000018_create_calendar;
mod m20261122_000019_create_leave_attachment;
mod m20261122_000020_keep_authority_matrix;
mod m20261122_000021_record_absence;
mod m20261122_000022_create_leave_draft;
mod m20261122_000023_index_leave;
mod m20261122_000024_report_leaving_town;
mod m20261123_000025_note_reference_changes;
mod m20261123_000026_name_applicant;
mod m20261123_000027_release_without_credit;
mod m20261123_000028_name_who_attached;
mod m20261123_000029_pin_return_confirmation;
mod m20261123_000030_name_presence_members;
mod m20261123_000031_exempt_leave;
mod m20261123_000032_keep_remarks;
mod m20261123_000033_keep_uncovered_half_days;
mod m20261123_000034_date_beginning;

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_org::Migration),
            Box::new(m20261121_000002_create_account::Migration),
            Box::new(m20261121_000003_create_leave::Migration),
            Box::new(m20261121_000004_create_training::Migration),
            Box::new(m20261121_000005_create_audit::Migration),
            Box::new(m20261121_000007_create_approval::Migration),
            Box::new(m20261122_000008_create_notice::Migration),
            Box::new(m20261122_000009_time_approval::Migration),
            Box::new(m20261122_000010_cancel_leave::Migration),
            Box::new(m20261122_000011_grant_leave::Migration),
            Box::new(m20261122_000012_create_leave_conflict::Migration),
            Box::new(m20261122_000013_answer_stand_in::Migration),
            Box::new(m20261122_000014_create_leave_feed::Migration),
            Box::new(m20261122_000015_extend_leave::Migration),
            Box::new(m20261122_000016_create_return_report::Migration),
            Box::new(m20261122_000017_create_return_reminder::Migration),
            Box::new(m20261122_000018_create_calendar::Migration),
            Box::new(m20261122_000019_create_leave_attachment::Migration),
            Box::new(m20261122_000020_keep_authority_matrix::Migration),
            Box::new(m20261122_000021_record_absence::Migration),
            Box::new(m20261122_000022_create_leave_draft::Migration),
            Box::new(m20261122_000023_index_leave::Migration),
            Box::new(m20261122_000024_report_leaving_town::Migration),
            Box::new(m20261123_000025_note_reference_changes::Migration),
            Box::new(m20261123_000026_name_applicant::Migration),
            Box::new(m20261123_000027_release_without_credit::Migration),
            Box::new(m20261123_000028_name_who_attached::Migration),
            Box::new(m20261123_000029_pin_return_confirmation::Migration),
            Box::new(m20261123_000030_name_presence_members::Migration),
            Box::new(m20261123_000031_exempt_leave::Migration),
            Box::new(m20261123_000032_keep_remarks::Migration),
            Box::new(m20261123_000033_keep_uncovered_half_days::Migration),
            Box::new(m20261123_000034_date_beginning::Migration),
        ]
    }
}
