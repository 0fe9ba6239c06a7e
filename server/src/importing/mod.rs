//! Bringing in the files of an HR office: rosters, training plans, court dockets, balances.
//!
//! One door, [`import`]. It reads the file in bounded memory ([`workbook`], [`delimited`]), hands it with facts from
//! the database to the pure row rules of `app`, and writes all good rows in one transaction, in which the facts are
//! read as well. The same file again changes nothing; looking only (a dry run) takes the same way up to the writing.

pub mod balances;
pub mod delimited;
pub mod hearings;
pub mod report;
pub mod roster;
pub mod training;
pub mod workbook;

use std::collections::{BTreeSet, HashMap};

use app::api::Code;
use app::day::{Day, Zone};
use app::org::api::{ImportCounts, ImportKind, ImportReport, ImportRun};
use app::org::import::{FileFault, Sheet};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, IntoActiveModel, Iterable, QuerySelect};
use uuid::Uuid;

use crate::audit::{self, Actor, Deed};
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{import_run, officer};
use crate::error::Failure;
use crate::secrets::Secrets;

/// What an import reaches, and who makes it.
#[derive(Debug)]
pub struct Context<'c> {
    /// The database.
    pub database: &'c Database,
    /// The keys.
    pub secrets: &'c Secrets,
    /// The clock.
    pub clock: &'c Clock,
    /// The zone that the times of the files are of.
    pub zone: Zone,
    /// Who imports.
    pub actor: Actor,
    /// The courts that he may import for; all when absent.
    pub covers: Option<BTreeSet<Uuid>>,
    /// Which hearings that a docket does not have any more are cancelled.
    pub cancel: hearings::Cancel,
}

impl Context<'_> {
    /// The day of the import.
    pub fn today(&self) -> Day {
        self.zone.day(self.clock.now())
    }

    /// Whether the actor may import for this court.
    pub fn covers(&self, court: Uuid) -> bool {
        self.covers.as_ref().is_none_or(|courts| courts.contains(&court))
    }
}

/// Whether an import writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and reports, stores nothing but the report.
    Look,
    /// Stores the good rows.
    Apply,
}

/// Imports a file and keeps the report.
///
/// # Errors
/// [`Code::TooLarge`] and [`Code::UnreadableFile`] for a file that cannot be taken as a whole, with a sentence that says
/// why and what to do; a failing database. Then nothing was stored.
pub async fn import(ctx: &Context<'_>, kind: ImportKind, bytes: Vec<u8>, mode: Mode) -> Result<ImportRun, Failure> {
    let sheets = tokio::task::spawn_blocking(move || read(kind, &bytes)).await.map_err(Failure::internal)??;
    match mode {
        Mode::Look => {
            let prepared = prepare(ctx.database.read(), ctx, kind, &sheets).await?;
            let run = run(ctx, kind, mode, prepared.into_counts());
            keep(ctx.database.write(), ctx, &run).await?;
            Ok(run)
        }
        Mode::Apply => {
            let tx = ctx.database.begin().await?;
            lock(&tx, kind).await?;
            let prepared = prepare(&tx, ctx, kind, &sheets).await?;
            prepared.write(&tx).await?;
            if kind == ImportKind::Roster {
                crate::approval::posts_changed(&tx, ctx.clock).await?;
            }
            let run = run(ctx, kind, mode, prepared.into_counts());
            keep(&tx, ctx, &run).await?;
            let id = run.id.to_string();
            let deed = Deed { action: "import.apply", subject: "import_run", id: &id };
            audit::record(&tx, ctx.clock, &ctx.actor, deed, None::<&()>, Some(&run.report)).await?;
            tx.commit().await?;
            Ok(run)
        }
    }
}

/// Reads a file for the command line; one past the limit is refused before it is read.
///
/// # Errors
/// [`Code::TooLarge`], or the file cannot be read.
pub fn read_file(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    let name = |error: std::io::Error| Failure::internal(format!("{}: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(name)?.len();
    if size > workbook::LARGEST_FILE as u64 {
        return Err(workbook::Unreadable::FileTooLarge.into());
    }
    std::fs::read(path).map_err(name)
}

fn read(kind: ImportKind, bytes: &[u8]) -> Result<Vec<Sheet>, Failure> {
    Ok(match kind {
        ImportKind::Roster | ImportKind::Training => workbook::read_workbook(bytes)?,
        ImportKind::Hearings | ImportKind::Balances => workbook::read_table(bytes)?,
    })
}

/// Two imports at once would decide on the same facts. SQLite has one writer anyway. On PostgreSQL an import holds back
/// other writers of officers; one of balances also whoever has locked an officer to decide on his leave, because both
/// decide what a year grants. Readers never wait.
async fn lock(connection: &impl ConnectionTrait, kind: ImportKind) -> Result<(), Failure> {
    if connection.get_database_backend() == DatabaseBackend::Postgres {
        let mode = if kind == ImportKind::Balances { "EXCLUSIVE" } else { "SHARE ROW EXCLUSIVE" };
        connection.execute_unprepared(&format!("LOCK TABLE officer IN {mode} MODE")).await?;
    }
    Ok(())
}

/// A file that was judged, with what is to be written.
enum Prepared {
    Roster(Box<roster::Prepared>),
    Training(Box<training::Prepared>),
    Hearings(hearings::Prepared),
    Balances(balances::Prepared),
}

async fn prepare(
    connection: &impl ConnectionTrait,
    ctx: &Context<'_>,
    kind: ImportKind,
    sheets: &[Sheet],
) -> Result<Prepared, Failure> {
    Ok(match kind {
        ImportKind::Roster => Prepared::Roster(Box::new(roster::prepare(connection, ctx, sheets).await?)),
        ImportKind::Training => Prepared::Training(Box::new(training::prepare(connection, ctx, sheets).await?)),
        ImportKind::Hearings => Prepared::Hearings(hearings::prepare(connection, ctx, sheets).await?),
        ImportKind::Balances => Prepared::Balances(balances::prepare(connection, ctx, sheets).await?),
    })
}

impl Prepared {
    async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        match self {
            Self::Roster(prepared) => prepared.write(connection).await,
            Self::Training(prepared) => prepared.write(connection).await,
            Self::Hearings(prepared) => prepared.write(connection).await,
            Self::Balances(prepared) => prepared.write(connection).await,
        }
    }

    fn into_counts(self) -> ImportCounts {
        match self {
            Self::Roster(prepared) => prepared.counts,
            Self::Training(prepared) => prepared.counts,
            Self::Hearings(prepared) => prepared.counts,
            Self::Balances(prepared) => prepared.counts,
        }
    }
}

fn run(ctx: &Context<'_>, kind: ImportKind, mode: Mode, counts: ImportCounts) -> ImportRun {
    ImportRun {
        id: ctx.clock.new_id(),
        kind,
        at: ctx.clock.now(),
        dry_run: mode == Mode::Look,
        report: ImportReport::from([(kind.as_str().to_owned(), counts)]),
    }
}

/// A run as it was kept; `None` for a row that no longer reads.
pub fn stored(row: &import_run::Model) -> Option<ImportRun> {
    Some(ImportRun {
        id: row.id,
        kind: serde_json::from_value(row.kind.clone().into()).ok()?,
        at: app::day::Timestamp::from_millis(row.at),
        dry_run: row.dry_run,
        report: serde_json::from_str(&row.report).ok()?,
    })
}

async fn keep(connection: &impl ConnectionTrait, ctx: &Context<'_>, run: &ImportRun) -> Result<(), Failure> {
    let row = import_run::Model {
        id: run.id,
        kind: run.kind.as_str().to_owned(),
        at: run.at.millis(),
        officer_id: ctx.actor.officer,
        dry_run: run.dry_run,
        report: serde_json::to_string(&run.report).map_err(Failure::internal)?,
    };
    import_run::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

impl From<FileFault> for Failure {
    fn from(fault: FileFault) -> Self {
        Self::new(Code::UnreadableFile, fault.to_string())
    }
}

/// The sheet of this name; where a file has only one sheet, that one under whatever name.
fn sheet_named<'s>(sheets: &'s [Sheet], name: &str) -> Result<&'s Sheet, FileFault> {
    let named = sheets.iter().find(|sheet| app::org::import::text::heading(&sheet.name) == name);
    match (named, sheets) {
        (Some(sheet), _) | (None, [sheet]) => Ok(sheet),
        _ => Err(FileFault::NoSheet(name.to_owned())),
    }
}

/// The one sheet of a list.
fn only_sheet(sheets: &[Sheet]) -> Result<&Sheet, FileFault> {
    let filled = sheets.iter().find(|sheet| !sheet.rows.is_empty());
    filled.ok_or_else(|| FileFault::Other("文件是空的".to_owned()))
}

/// What lists need to know of an officer.
#[derive(Clone, Debug, FromQueryResult)]
struct Brief {
    id: Uuid,
    number: String,
    name: String,
    court_id: Uuid,
    department_id: Uuid,
    status: String,
}

/// All officers by 工号.
async fn officers(connection: &impl ConnectionTrait) -> Result<HashMap<String, Brief>, Failure> {
    use officer::Column::{CourtId, DepartmentId, Id, Name, Number, Status};
    let rows = officer::Entity::find()
        .select_only()
        .columns([Id, Number, Name, CourtId, DepartmentId, Status])
        .into_model::<Brief>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.number.clone(), row)).collect())
}

/// How many values go into one statement: SQLite takes at most 32,766.
const VALUES: usize = 30_000;

/// How many rows of a table go into one statement.
pub(crate) fn rows_in_a_statement<E: EntityTrait>() -> usize {
    VALUES / E::Column::iter().count().max(1)
}

/// Inserts rows in as few statements as the databases take.
pub(crate) async fn insert_all<E, M>(connection: &impl ConnectionTrait, rows: &[M]) -> Result<(), Failure>
where
    E: EntityTrait<Model = M>,
    M: Clone + IntoActiveModel<E::ActiveModel>,
{
    for chunk in rows.chunks(rows_in_a_statement::<E>()) {
        E::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model))
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
