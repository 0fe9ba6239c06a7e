//! `fingertip backup` and `restore` for the embedded database: one archive with the database, its key and the files
//! beside it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DatabaseBackend};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::config::Config;
use crate::database::Database;
use crate::error::Failure;
use crate::files::{FOLDER, folder, make_private};
use crate::leave::attachment::store::is_attachment;

const DATABASE: &str = "fingertip.db";
const KEY: &str = "secret.key";

/// Writes a consistent copy of the database, the key and the attachments into one archive, beside a running server if
/// need be. The rows are copied first: a file is there before its row and stays a day after it, so that each row of the
/// copy finds its file.
///
/// # Errors
/// The target exists, the disk fails, or the database is PostgreSQL, which brings its own tools.
pub async fn backup(config: &Config, database: &Database, target: &Path) -> Result<(), Failure> {
    if database.backend() != DatabaseBackend::Sqlite {
        return Err(Failure::internal(
            "the database is PostgreSQL: back it up with pg_dump first, and keep copies of secret.key and the folder \
             attachments from the data folder",
        ));
    }
    if let Some(bucket) = &config.bucket {
        tracing::warn!(?bucket, "The attachments are in an object store, which has to be backed up by itself.");
    }
    let copy = config.data.join(format!("backup-{}.db", std::process::id()));
    let path = copy.display().to_string().replace('\'', "''");
    let outcome = match database.read().execute_unprepared(&format!("VACUUM INTO '{path}'")).await {
        Ok(_) => pack(&copy, config, target).map_err(Failure::internal),
        Err(error) => Err(error.into()),
    };
    if copy.exists() {
        fs::remove_file(&copy).map_err(Failure::internal)?;
    }
    outcome
}

fn pack(database: &Path, config: &Config, target: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    // The archive holds the key: only its owner may read it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut archive = zip::ZipWriter::new(options.open(target)?);
    for (name, path) in [(DATABASE, database), (KEY, &config.data.join(KEY))] {
        archive.start_file(name, SimpleFileOptions::default().large_file(true))?;
        io::copy(&mut File::open(path)?, &mut archive)?;
    }
    // Sealed bytes do not get smaller.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, path) in attachments(config)? {
        match File::open(path) {
            Ok(mut file) => {
                archive.start_file(format!("{FOLDER}/{name}"), stored)?;
                io::copy(&mut file, &mut archive)?;
            }
            // Swept up meanwhile: no row of the copy needs it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let mut file = archive.finish()?;
    file.flush()?;
    file.sync_all()
}

/// The files of the attachments, with their names; not what is being written.
fn attachments(config: &Config) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match fs::read_dir(folder(config)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if is_attachment(&name) {
            found.push((name, entry.path()));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Unpacks an archive into an empty data folder.
///
/// # Errors
/// The folder holds a database, a key or attachments already, the archive is not one of ours, or the disk fails.
pub fn restore(config: &Config, source: &Path) -> Result<(), Failure> {
    let is_there =
        |path: &Path| Failure::internal(format!("{} exists: restore into an empty data folder", path.display()));
    for name in [DATABASE, KEY] {
        let path = config.data.join(name);
        if path.exists() {
            return Err(is_there(&path));
        }
    }
    if !attachments(config).map_err(Failure::internal)?.is_empty() {
        return Err(is_there(&folder(config)));
    }
    unpack(config, source).map_err(|error| Failure::internal(format!("{}: {error}", source.display())))
}

fn unpack(config: &Config, source: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(source)?)?;
    // Both or nothing: an archive without its key is of no use.
    for name in [DATABASE, KEY] {
        archive.by_name(name)?;
    }
    let names: Vec<String> =
        archive.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<_, zip::result::ZipError>>()?;
    let in_folder =
        |name: &String| name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')).is_some_and(is_attachment);
    let files = names.into_iter().filter(in_folder);
    make_private(&folder(config))?;
    for name in files.chain([KEY.to_owned(), DATABASE.to_owned()]) {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(config.data.join(&name))?;
        io::copy(&mut archive.by_name(&name)?, &mut file)?;
        file.sync_all()?;
    }
    Ok(())
}
