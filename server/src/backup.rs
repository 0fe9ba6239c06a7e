//! `fingertip backup` and `restore` for the embedded database: one archive with the database and its key.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseBackend};
use zip::write::SimpleFileOptions;

use crate::config::Config;
use crate::database::Database;
use crate::error::Failure;

const DATABASE: &str = "fingertip.db";
const KEY: &str = "secret.key";

/// Writes a consistent copy of the database and the key into one archive, beside a running server if need be.
///
/// # Errors
/// The target exists, the disk fails, or the database is PostgreSQL, which brings its own tools.
pub async fn backup(config: &Config, database: &Database, target: &Path) -> Result<(), Failure> {
    if database.backend() != DatabaseBackend::Sqlite {
        return Err(Failure::internal(
            "the database is PostgreSQL: back it up with pg_dump, and keep a copy of secret.key from the data folder",
        ));
    }
    let copy = config.data.join(format!("backup-{}.db", std::process::id()));
    let path = copy.display().to_string().replace('\'', "''");
    let outcome = match database.read().execute_unprepared(&format!("VACUUM INTO '{path}'")).await {
        Ok(_) => pack(&copy, &config.data.join(KEY), target).map_err(Failure::internal),
        Err(error) => Err(error.into()),
    };
    if copy.exists() {
        fs::remove_file(&copy).map_err(Failure::internal)?;
    }
    outcome
}

fn pack(database: &Path, key: &Path, target: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    // The archive holds the key: only its owner may read it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut archive = zip::ZipWriter::new(options.open(target)?);
    for (name, path) in [(DATABASE, database), (KEY, key)] {
        archive.start_file(name, SimpleFileOptions::default().large_file(true))?;
        io::copy(&mut File::open(path)?, &mut archive)?;
    }
    let mut file = archive.finish()?;
    file.flush()?;
    file.sync_all()
}

/// Unpacks an archive into an empty data folder.
///
/// # Errors
/// The folder holds a database or a key already, the archive is not one of ours, or the disk fails.
pub fn restore(config: &Config, source: &Path) -> Result<(), Failure> {
    for name in [DATABASE, KEY] {
        let path = config.data.join(name);
        if path.exists() {
            return Err(Failure::internal(format!("{} exists: restore into an empty data folder", path.display())));
        }
    }
    unpack(config, source).map_err(|error| Failure::internal(format!("{}: {error}", source.display())))
}

fn unpack(config: &Config, source: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(source)?)?;
    // Both or nothing: an archive without its key is of no use.
    for name in [DATABASE, KEY] {
        archive.by_name(name)?;
    }
    for name in [KEY, DATABASE] {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(config.data.join(name))?;
        io::copy(&mut archive.by_name(name)?, &mut file)?;
        file.sync_all()?;
    }
    Ok(())
}
