//! What an administrator decides at the start.

use std::path::{Path, PathBuf};

use app::day::Zone;

use crate::files::Bucket;

/// How this server runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the embedded database, the keys and the attachments.
    pub data: PathBuf,
    /// Another database than the embedded one: `postgres://…` or `sqlite://…`.
    pub database: Option<String>,
    /// The address that phones reach the server by, like `https://fingertip.court.example`; from the request when absent.
    pub origin: Option<String>,
    /// The zone that every time is shown in.
    pub zone: Zone,
    /// Where attachments are kept; in the data folder when absent.
    pub bucket: Option<Bucket>,
    /// How long a window of the rotating code lasts, in seconds.
    pub code_seconds: i64,
}

impl Config {
    /// The defaults with this data folder.
    pub fn new(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
            origin: None,
            zone: Zone::SHANGHAI,
            bucket: None,
            code_seconds: 10,
        }
    }

    /// The address of the database.
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("fingertip.db").display()))
    }
}
