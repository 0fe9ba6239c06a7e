//! Where the data of one test live.

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use uuid::Uuid;

use crate::postgres;

/// The database behind a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in the test's data folder.
    Sqlite,
    /// A database of its own on a PostgreSQL server.
    Postgres,
}

/// A data folder and a database that nobody else uses.
#[derive(Debug)]
pub struct Place {
    backend: Backend,
    folder: TempDir,
    name: String,
}

impl Place {
    /// Makes an empty place.
    pub async fn make(backend: Backend) -> Self {
        let folder = tempfile::Builder::new().prefix("fingertip-").tempdir().expect("a temporary folder can be made");
        let place = Self { backend, folder, name: format!("fingertip_{}", Uuid::new_v4().simple()) };
        if backend == Backend::Postgres {
            place.administer(&format!("CREATE DATABASE {}", place.name)).await;
        }
        place
    }

    /// The data folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        match self.backend {
            Backend::Sqlite => format!("sqlite://{}?mode=rwc", self.folder.path().join("fingertip.db").display()),
            Backend::Postgres => postgres::with_database(postgres::server(), &self.name),
        }
    }

    /// Takes the database away. The folder goes by itself.
    pub async fn remove(self) {
        if self.backend == Backend::Postgres {
            self.administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        }
    }

    async fn administer(&self, statement: &str) {
        let connection = Database::connect(postgres::server()).await.expect("the test's PostgreSQL server answers");
        connection.execute_unprepared(statement).await.expect("the test's PostgreSQL user may create databases");
        connection.close().await.expect("the connection was open");
    }
}
