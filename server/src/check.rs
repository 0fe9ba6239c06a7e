//! `fingertip check`: whether what is stored still adds up.

use app::leave::rules::Stored;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    AccessMode, ColumnTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, IsolationLevel,
    QueryFilter, QuerySelect, TransactionTrait,
};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Verified};
use crate::database::Database;
use crate::entity::{approval_copy, approval_process, approval_task, leave_entry, leave_request, leave_slot};
use crate::error::Failure;
use crate::leave::attachment::sweep::{self, FileFindings};
use crate::state::AppState;

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// The audit trail.
    pub audit: Verified,
    /// How many requests were looked at.
    pub requests: usize,
    /// Requests whose ledger entries do not add up to what their state and half days ask for.
    pub ledger: Vec<LedgerFault>,
    /// Requests of which a task or a copy names another applicant than the request itself.
    pub applicants: Vec<Uuid>,
    /// The files that are attached to requests.
    pub attachments: FileFindings,
}

impl Findings {
    /// Whether everything adds up.
    pub fn is_sound(&self) -> bool {
        let files = &self.attachments;
        self.audit.broken.is_empty()
            && self.ledger.is_empty()
            && self.applicants.is_empty()
            && files.missing.is_empty()
            && files.changed.is_empty()
    }
}

/// A request whose ledger entries do not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerFault {
    /// The request.
    pub request: Uuid,
    /// What its entries add up to, in half days.
    pub found: i64,
    /// What they should add up to.
    pub expected: i64,
}

/// Checks the audit chain, the sums of the ledger, the applicants beside tasks and copies, and the files beside the
/// database.
///
/// # Errors
/// The database fails, or the files cannot be listed.
pub async fn check(state: &AppState) -> Result<Findings, Failure> {
    let database = &state.database;
    let tx = snapshot(database).await?;
    let sums: HashMap<Uuid, i64> = leave_entry::Entity::find()
        .filter(leave_entry::Column::RequestId.is_not_null())
        .select_only()
        .column(leave_entry::Column::RequestId)
        .column_as(Expr::cust("CAST(SUM(half_days) AS BIGINT)"), "sum")
        .group_by(leave_entry::Column::RequestId)
        .into_tuple::<(Uuid, i64)>()
        .all(&tx)
        .await?
        .into_iter()
        .collect();
    // Live or not: what was released without credit is used all the same.
    let held: HashMap<Uuid, i64> = leave_slot::Entity::find()
        .filter(leave_slot::Column::Counts.eq(true))
        .select_only()
        .column(leave_slot::Column::RequestId)
        .column_as(Expr::cust("CAST(SUM(amount) AS BIGINT)"), "amount")
        .group_by(leave_slot::Column::RequestId)
        .into_tuple::<(Uuid, i64)>()
        .all(&tx)
        .await?
        .into_iter()
        .collect();
    let requests: Vec<(Uuid, String)> = leave_request::Entity::find()
        .select_only()
        .column(leave_request::Column::Id)
        .column(leave_request::Column::State)
        .into_tuple()
        .all(&tx)
        .await?;
    let tasks = approval_task::Column::SubjectId;
    let mut applicants = misnamed::<approval_task::Entity>(&tx, tasks, approval_task::Column::ApplicantId).await?;
    let copies = approval_copy::Column::SubjectId;
    applicants.extend(misnamed::<approval_copy::Entity>(&tx, copies, approval_copy::Column::ApplicantId).await?);
    applicants.sort_unstable();
    applicants.dedup();
    tx.commit().await?;
    let fault = |(id, state): &(Uuid, String)| {
        let found = sums.get(id).copied().unwrap_or(0);
        let expected = match Stored::parse(state) {
            // What a live request holds or has used is exactly what is missing from the balance.
            Some(Stored::InApproval | Stored::SentBack | Stored::Approved | Stored::Returned) => {
                -held.get(id).copied().unwrap_or(0)
            }
            _ => 0,
        };
        (found != expected).then_some(LedgerFault { request: *id, found, expected })
    };
    Ok(Findings {
        audit: audit::verify(database).await?,
        requests: requests.len(),
        ledger: requests.iter().filter_map(fault).collect(),
        applicants,
        attachments: sweep::check(database, &state.files).await?,
    })
}

/// The requests of which rows of this list name another applicant.
async fn misnamed<E: EntityTrait>(
    tx: &DatabaseTransaction,
    subject: E::Column,
    applicant: E::Column,
) -> Result<Vec<Uuid>, DbErr> {
    let true_applicant = Query::select()
        .column((approval_process::Entity, approval_process::Column::ApplicantId))
        .from(approval_process::Entity)
        .and_where(approval_process::Column::SubjectId.into_expr().eq(subject.into_expr()))
        .to_owned();
    E::find()
        .select_only()
        .column(subject)
        .filter(applicant.into_expr().ne(Expr::SubQuery(None, Box::new(true_applicant.into()))))
        .into_tuple()
        .all(tx)
        .await
}

/// A transaction that reads one state of the database throughout, so that a request submitted between two statements is
/// seen by both or by none.
async fn snapshot(database: &Database) -> Result<DatabaseTransaction, DbErr> {
    let (isolation, access) = match database.backend() {
        DatabaseBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
        // Every transaction of SQLite reads one state; the driver only warns when it is asked for one.
        _ => (None, None),
    };
    database.read().begin_with_config(isolation, access).await
}
