//! The tables as SeaORM sees them, one file a table. An entity never leaves the server: wire types are in `app`.

#![expect(missing_docs, reason = "columns are explained where the migrations make them")]

pub mod account;
pub mod approval_copy;
pub mod approval_definition;
pub mod approval_entry;
pub mod approval_process;
pub mod approval_task;
pub mod attendance;
pub mod attendance_attempt;
pub mod audit_entry;
pub mod calendar_paper;
pub mod calendar_state;
pub mod channel;
pub mod court;
pub mod court_day;
pub mod delegation;
pub mod delivery;
pub mod department;
pub mod hearing;
pub mod import_run;
pub mod leave_entry;
pub mod leave_recount;
pub mod leave_request;
pub mod leave_slot;
pub mod lesson;
pub mod notice;
pub mod notice_preference;
pub mod officer;
pub mod opening_balance;
pub mod oversight;
pub mod push_subscription;
pub mod rating_buffer;
pub mod rating_counter;
pub mod rating_receipt;
pub mod rating_text;
pub mod role_grant;
pub mod session;
pub mod setting;
pub mod trainee;
pub mod training_class;
pub mod working_week;
