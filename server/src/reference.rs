//! Reference data: what most calls read and hardly any change. The tree of courts, who has which role, the calendar of
//! everybody, the types of leave and what else HR has set are kept in memory, whole.
//!
//! Each use asks the database with one statement whether any of it has changed, so that a change by another replica, by
//! the command line or by hand holds at once: triggers note each of them in `reference_revision`. What is added here needs
//! its triggers, too.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::approval::directory::{Court, Department, Oversight};
use app::calendar::own::HalfHolidays;
use app::calendar::rules::WorkCalendar;
use app::leave::conflict;
use app::leave::entitlement;
use app::leave::types::Catalogue;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use crate::approval::definition::Version;
use crate::approval::{definition, directory};
use crate::calendar::{Current, court_days};
use crate::entity::{court_day, reference_revision, role_grant};
use crate::error::Failure;
use crate::leave;
use crate::leave::stand_in_rule;

/// The tables of [`Org`].
const ORG: [&str; 4] = ["court", "department", "oversight", "role_grant"];
/// The tables of [`Reference`].
const ALL: [&str; 13] = [
    "approval_definition",
    "calendar_paper",
    "calendar_state",
    "court",
    "court_day",
    "department",
    "leave_type",
    "oversight",
    "presence_rule",
    "presence_rule_officer",
    "role_grant",
    "setting",
    "stand_in_rule",
];

/// How long one waits for what another call is reading already. Whoever waits may hold the connection that the other
/// one needs.
const PATIENCE: Duration = Duration::from_secs(1);

/// The tree of courts, and who has which part in it.
#[derive(Clone, Debug)]
pub struct Org {
    /// Every court.
    pub courts: Vec<Court>,
    pub(crate) departments: Vec<Department>,
    pub(crate) oversights: Vec<Oversight>,
    pub(crate) role_grants: Vec<role_grant::Model>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The tree of courts.
    pub org: Arc<Org>,
    /// The calendar of everybody.
    pub calendar: WorkCalendar,
    /// When the half-day holidays are off.
    pub(crate) half_holidays: HalfHolidays,
    /// The version of the calendar up to which all requests are counted anew.
    pub recounted: i32,
    /// What courts have said of days, oldest first.
    pub(crate) court_days: Vec<court_day::Model>,
    pub(crate) leave_types: Catalogue,
    leave_definition: Result<Version, String>,
    pub(crate) annual_leave: entitlement::Setting,
    pub(crate) conflicts: conflict::Settings,
    pub(crate) presence_rules: Vec<leave::presence::Rule>,
    /// The courts in which nobody approves before the stand-in has agreed.
    pub(crate) accepting_first: HashSet<Uuid>,
}

/// Both as they were read last.
#[derive(Clone, Debug, Default)]
pub struct ReferenceCache {
    org: Arc<Kept<Org>>,
    all: Arc<Kept<Reference>>,
}

impl ReferenceCache {
    /// The tree of courts as this connection sees it: one query, unless something has changed. Who may do what hangs on
    /// it, so it can be read where something else that is stored cannot.
    ///
    /// # Errors
    /// The database fails.
    pub async fn org(&self, connection: &impl ConnectionTrait) -> Result<Arc<Org>, Failure> {
        let revisions = revisions(connection).await?;
        self.org.at(of(&revisions, &ORG), Org::load(connection)).await
    }

    /// The reference data as this connection sees them: one query, unless something has changed.
    ///
    /// # Errors
    /// The database fails, or something stored cannot be read.
    pub async fn current(&self, connection: &impl ConnectionTrait) -> Result<Arc<Reference>, Failure> {
        // Asked before anything is read: what changes meanwhile has another revision, and is read again by the next call.
        let revisions = revisions(connection).await?;
        let load = async {
            let org = self.org.at(of(&revisions, &ORG), Org::load(connection)).await?;
            Reference::load(connection, org).await
        };
        self.all.at(of(&revisions, &ALL), load).await
    }
}

async fn revisions(connection: &impl ConnectionTrait) -> Result<BTreeMap<String, i64>, DbErr> {
    let rows = reference_revision::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.revision)).collect())
}

/// The revisions of these tables; none where one is missing, and then nothing may be kept.
fn of(revisions: &BTreeMap<String, i64>, tables: &[&str]) -> Option<Vec<i64>> {
    tables.iter().map(|table| revisions.get(*table).copied()).collect()
}

/// What was read last, with the revisions that it was read at.
#[derive(Debug)]
struct Kept<T> {
    last: Mutex<Option<(Vec<i64>, Arc<T>)>>,
    reading: tokio::sync::Mutex<()>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { last: Mutex::new(None), reading: tokio::sync::Mutex::default() }
    }
}

impl<T> Kept<T> {
    /// What is kept, if it was read at these revisions, or else what `read` brings. Of many who want it at once one
    /// reads.
    async fn at(
        &self,
        revisions: Option<Vec<i64>>,
        read: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Arc<T>, Failure> {
        let Some(revisions) = revisions else { return Ok(Arc::new(read.await?)) };
        if let Some(known) = self.known(&revisions) {
            return Ok(known);
        }
        let _turn = tokio::time::timeout(PATIENCE, self.reading.lock()).await;
        if let Some(known) = self.known(&revisions) {
            return Ok(known);
        }
        let fresh = Arc::new(read.await?);
        *self.lock() = Some((revisions, fresh.clone()));
        Ok(fresh)
    }

    fn known(&self, revisions: &[i64]) -> Option<Arc<T>> {
        self.lock().as_ref().filter(|(known, _)| known == revisions).map(|(_, kept)| kept.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Vec<i64>, Arc<T>)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Org {
    /// A court and the courts above it, the nearest first.
    pub(crate) fn lineage(&self, court: Uuid) -> Vec<Uuid> {
        let above = directory::courts_above(&self.courts, court);
        std::iter::once(court).chain(above).collect()
    }

    async fn load(connection: &impl ConnectionTrait) -> Result<Self, Failure> {
        Ok(Self {
            courts: directory::courts(connection).await?,
            departments: directory::departments(connection).await?,
            oversights: directory::oversights(connection).await?,
            role_grants: role_grant::Entity::find().all(connection).await?,
        })
    }
}

impl Reference {
    /// The definition by which new requests for leave are decided.
    ///
    /// # Errors
    /// It is stored, and this program cannot read it.
    pub(crate) fn leave_definition(&self) -> Result<&Version, Failure> {
        self.leave_definition.as_ref().map_err(Failure::internal)
    }

    async fn load(connection: &impl ConnectionTrait, org: Arc<Org>) -> Result<Self, Failure> {
        let Current { calendar, half_holidays, recounted } = Current::load(connection).await?;
        let leave_types = leave::types::catalogue(connection).await?;
        let newest = definition::newest_of_leave(connection).await?;
        // Nothing but new requests needs it: whoever asks for his balance must not miss it.
        let leave_definition = definition::of_leave(newest.as_ref(), &leave_types).map_err(|error| error.to_string());
        Ok(Self {
            org,
            calendar,
            half_holidays,
            recounted,
            court_days: court_days(connection).await?,
            leave_types,
            leave_definition,
            annual_leave: leave::account::annual_setting(connection).await?,
            conflicts: leave::conflict::settings(connection).await?,
            presence_rules: leave::presence::rules(connection).await?,
            accepting_first: stand_in_rule::accepting_first(connection).await?,
        })
    }
}
