//! The files beside the database: checked, swept up, backed up, and in a bucket.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use server::backup::{backup, restore};
use server::check::check;
use server::clock::Clock;
use server::config::Config;
use server::database::Database;
use server::leave::attachment::sweep::{FileFindings, sweep};
use server::state::AppState;
use tests::Backend;

use super::*;

on_both!(
    a_missing_a_changed_and_an_orphan_file_are_found,
    what_belongs_to_nothing_is_swept_up_in_time,
    beside_a_database_without_attachments_nothing_is_swept,
    a_backup_brings_the_files_along,
);

fn files(app: &TestApp) -> Vec<PathBuf> {
    let entries = fs::read_dir(server::files::folder(&app.state.config)).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn file_of(app: &TestApp, attachment: &Attachment) -> PathBuf {
    let id = attachment.id.to_string();
    files(app).into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&id)).unwrap()
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

async fn a_missing_a_changed_and_an_orphan_file_are_found(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let [missing, changed, swapped, removed, _] = [
        attach(&clerk, request.id, "1.jpg", photo()).await,
        attach(&clerk, request.id, "2.jpg", photo()).await,
        attach(&clerk, request.id, "3.pdf", PDF.to_vec()).await,
        attach(&clerk, request.id, "4.jpg", photo()).await,
        attach(&clerk, request.id, "5.jpg", photo()).await,
    ];
    let broken = changed.clone();
    let sound = check(&app.state).await.unwrap();
    assert!(sound.is_sound());
    assert_eq!(sound.attachments, FileFindings { files: 5, ..FileFindings::default() });

    let [missing, changed, swapped, orphan] =
        [missing, changed, swapped, removed.clone()].map(|file| file_of(&app, &file));
    fs::copy(&missing, &swapped).unwrap();
    fs::remove_file(&missing).unwrap();
    let mut bytes = fs::read(&changed).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&changed, bytes).unwrap();
    remove(&clerk, path(request.id, removed.id)).await.unwrap();
    let found = check(&app.state).await.unwrap();
    assert!(!found.is_sound());
    let mut damaged = found.attachments.changed;
    damaged.sort();
    let mut expected = vec![name(&changed), name(&swapped)];
    expected.sort();
    assert_eq!((found.attachments.files, damaged), (4, expected), "one's own file under another's name is none of his");
    assert_eq!(found.attachments.missing, [name(&missing)]);
    assert_eq!(found.attachments.orphans, [name(&orphan)]);
    let link = open(&clerk, path(request.id, broken.id)).await.unwrap().link;
    assert_eq!(clerk.fetch(&link).await.problem().code, Code::Internal, "a changed paper is not shown");
}

async fn what_belongs_to_nothing_is_swept_up_in_time(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    let kept = attach(&clerk, request.id, "1.jpg", photo()).await;
    let removed = attach(&clerk, request.id, "2.jpg", photo()).await;
    let name = || format!("{}.{}", Uuid::new_v4(), "ab".repeat(32));
    app.state.files.put(&name(), b"an upload that came to nothing".to_vec()).await.unwrap();
    let folder = server::files::folder(&app.state.config);
    fs::write(folder.join(name()), b"sealed by another installation").unwrap();
    fs::write(folder.join("budget.xlsx"), b"not a paper").unwrap();
    remove(&clerk, path(request.id, removed.id)).await.unwrap();
    let written = UNIX_EPOCH + Duration::from_millis(u64::try_from(app.now().millis()).unwrap());
    for path in files(&app) {
        fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
    }
    assert_eq!((sweep(&app.state).await.unwrap(), files(&app).len()), (0, 5), "it may still be wanted");
    app.pass(24 * 3600);
    assert_eq!(sweep(&app.state).await.unwrap(), 0);
    app.pass(1);
    assert_eq!((sweep(&app.state).await.unwrap(), sweep(&app.replica().await.state).await.unwrap()), (1, 0));
    app.pass(30 * 24 * 3600);
    // Two servers at once may both have seen it; neither minds that it is gone.
    let other = app.replica().await;
    let (one, two) = tokio::join!(sweep(&app.state), sweep(&other.state));
    assert!((1..=2).contains(&(one.unwrap() + two.unwrap())));
    assert_eq!((sweep(&app.state).await.unwrap(), sweep(&other.state).await.unwrap()), (0, 0));
    assert!(files(&app).contains(&file_of(&app, &kept)));
    assert_eq!(files(&app).len(), 3, "what is not its own stays");
    let clerk = app.client_of(CLERK).await;
    assert_eq!(read(&clerk, path(request.id, kept.id)).await.status, StatusCode::OK);
    assert!(check(&app.state).await.unwrap().is_sound());
}

/// A server that is started beside the wrong database deletes nothing.
async fn beside_a_database_without_attachments_nothing_is_swept(app: TestApp) {
    app.state.files.put(&format!("{}.{}", Uuid::new_v4(), "ab".repeat(32)), b"a paper".to_vec()).await.unwrap();
    app.pass(400 * 24 * 3600);
    assert_eq!((sweep(&app.state).await.unwrap(), files(&app).len()), (0, 1));
}

async fn a_backup_brings_the_files_along(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = sick(&clerk).await;
    attach(&clerk, request.id, "1.jpg", photo()).await;
    attach(&clerk, request.id, "2.pdf", PDF.to_vec()).await;
    let config = (*app.state.config).clone();
    let archive = config.data.join("archive.zip");
    let made = backup(&config, &app.state.database, &archive).await;
    if app.state.database.backend() == sea_orm::DatabaseBackend::Postgres {
        assert!(made.unwrap_err().to_string().contains("attachments"), "pg_dump, and a copy of the folder");
        return;
    }
    made.unwrap();
    let elsewhere = tests::Place::make(Backend::Sqlite).await;
    let other = Config::new(elsewhere.folder());
    restore(&other, &archive).unwrap();
    let database = Database::open(&other.database_url()).await.unwrap();
    let state = AppState::new(other.clone(), database, Clock::manual(app.now())).await.unwrap();
    let found = check(&state).await.unwrap();
    assert!(found.is_sound());
    assert_eq!(found.attachments, FileFindings { files: 2, ..FileFindings::default() });
    state.database.close().await;
    fs::remove_file(other.data.join("fingertip.db")).unwrap();
    fs::remove_file(other.data.join("secret.key")).unwrap();
    assert!(restore(&other, &archive).unwrap_err().to_string().contains("empty"), "nobody's papers are written over");
}
