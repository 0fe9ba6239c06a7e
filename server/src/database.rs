//! The database: SQLite with one writer and several readers, or PostgreSQL.

use std::time::Duration;

use migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database as Connector, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

/// How long a command waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(10);

/// The connections to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
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
        if url.starts_with("sqlite:") {
            // SQLite has one writer at a time; queueing for it here is fair and never times out in the middle.
            let write = Connector::connect(sqlite(url, 1)).await?;
            let read = Connector::connect(sqlite(url, 4)).await?;
            Ok(Self { read, write })
        } else {
            let mut options = ConnectOptions::new(url);
            options.max_connections(16).acquire_timeout(BUSY).sqlx_logging(false);
            let pool = Connector::connect(options).await?;
            Ok(Self { read: pool.clone(), write: pool })
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
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        self.write.begin_with_options(options).await
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DatabaseBackend {
        self.write.get_database_backend()
    }

    /// The connection that writes, for single statements that decide nothing.
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
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

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: an acknowledged sign-in survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                // A flushed rating must not be readable from freed pages.
                .pragma("secure_delete", "ON")
                .pragma("temp_store", "MEMORY")
        });
    options
}
