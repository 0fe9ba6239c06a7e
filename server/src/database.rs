//! The database: SQLite with one writer and several readers, or PostgreSQL.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use migrations::Migrator;
use prometheus::IntCounter;
use sea_orm::prelude::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database as Connector, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, ExecResult, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use sea_orm_migration::MigratorTrait;

use crate::events::{Event, Events};

/// How long a command waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(10);

/// How long a connection may have been idle and still be taken for alive. Asking each time costs as much as the statement
/// itself.
const ALIVE: Duration = Duration::from_secs(30);

/// How much of the file each connection to SQLite keeps in memory, in KiB, as the pragma wants it: below zero.
const SQLITE_CACHE: &str = "-16384";

/// The connections to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    events: Events,
    statements: IntCounter,
}

impl Database {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// The database cannot be reached or a migration fails.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        let database = Self::connect(url).await?;
        Migrator::up(&database.write, None).await?;
        crate::org::pinyin::fill(&database.write).await?;
        Ok(database)
    }

    /// Connects without touching the schema.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        let statements = IntCounter::new("fingertip_statements_total", "Statements sent to the database.")
            .expect("the metric's name is well formed");
        if url.starts_with("sqlite:") {
            // SQLite has one writer at a time; queueing for it here is fair and never times out in the middle.
            let write = counted(Connector::connect(sqlite(url, 1)).await?, &statements);
            let read = counted(Connector::connect(sqlite(url, 4)).await?, &statements);
            Ok(Self { read, write, events: Events::default(), statements })
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(16)
                .acquire_timeout(BUSY)
                .test_before_acquire_if_idle_for(ALIVE)
                .sqlx_logging(false);
            let pool = counted(Connector::connect(options).await?, &statements);
            Ok(Self { read: pool.clone(), write: pool, events: Events::default(), statements })
        }
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), so that what it
    /// reads stays true until it commits; on PostgreSQL the caller locks the rows that it decides on.
    ///
    /// # Errors
    /// No connection in time, or the lock is not to be had.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let inner = self.write.begin_with_options(options).await?;
        Ok(Transaction { inner, events: self.events.clone(), announced: Mutex::default() })
    }

    /// How many statements this process has sent, for `/metrics` and for tests of how many a list takes.
    pub fn statements(&self) -> &IntCounter {
        &self.statements
    }

    /// What happens in the database, for those who watch it live.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Hears what other replicas announce, from the first call on.
    pub fn hear_replicas(&self) {
        self.events.hear_replicas(&self.write);
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DatabaseBackend {
        self.write.get_database_backend()
    }

    /// The connection that writes, for single statements that decide nothing.
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Lets SQLite learn how its rows are distributed, where that has changed; PostgreSQL does so by itself. Without it
    /// a large database is asked by the wrong index.
    ///
    /// # Errors
    /// Writing takes its turn after the others, and may not come to it in time.
    pub async fn refresh_statistics(&self) -> Result<(), DbErr> {
        if self.backend() == DatabaseBackend::Sqlite {
            // 0x10000 | 0x10 | 0x02: look at every table and read a part of it only, which also keeps no samples of rows:
            // the order in which ratings came must not be found again anywhere.
            self.write.execute_unprepared("PRAGMA optimize = 0x10012").await?;
        }
        Ok(())
    }

    /// Closes the connections after the last transaction.
    pub async fn close(self) {
        for connection in [self.read, self.write] {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "A database connection did not close cleanly.");
            }
        }
    }
}

/// That a column has one of these values, as a part of an OR: nothing where there are none. A list of nothing would be a
/// term that no index serves, and for it SQLite would read the whole table.
pub(crate) fn among<V: Into<Value>>(column: impl ColumnTrait, values: impl IntoIterator<Item = V>) -> Option<Expr> {
    let mut values = values.into_iter().peekable();
    values.peek()?;
    Some(column.is_in(values))
}

/// A transaction that writes, with the events that are heard when it commits. Dropped, it is rolled back, and nobody
/// hears anything.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    events: Events,
    announced: Mutex<Vec<Event>>,
}

impl Transaction {
    /// Announces an event: it is heard once the transaction has committed, in this process and in every other replica.
    pub fn announce(&self, event: Event) {
        let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        if !announced.contains(&event) {
            announced.push(event);
        }
    }

    /// Commits, and lets the announced events be heard.
    ///
    /// # Errors
    /// The database fails; nothing has happened and nobody hears anything then.
    pub async fn commit(self) -> Result<(), DbErr> {
        let announced = self.announced.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !announced.is_empty() && self.inner.get_database_backend() == DatabaseBackend::Postgres {
            self.events.notify(&self.inner, &announced).await?;
        }
        self.inner.commit().await?;
        for event in announced {
            self.events.tell(event);
        }
        Ok(())
    }

    /// Takes everything back.
    ///
    /// # Errors
    /// The database fails; then it takes everything back by itself.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

impl Deref for Transaction {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}

fn counted(mut connection: DatabaseConnection, statements: &IntCounter) -> DatabaseConnection {
    let statements = statements.clone();
    connection.set_metric_callback(move |_| statements.inc());
    connection
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        // There is no network between that could have failed meanwhile.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: an acknowledged sign-in survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                // A long list goes to its reader at once, and does not wake him for every 50 rows.
                .row_buffer_size(1024)
                // A flushed rating must not be readable from freed pages.
                .pragma("secure_delete", "ON")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", SQLITE_CACHE)
        });
    options
}
