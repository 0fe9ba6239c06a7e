//! The sample province: the files of HR offices that the imports are tested with.

use std::path::PathBuf;

use app::org::api::{ImportKind, ImportReport};
use server::audit::Actor;
use server::importing::hearings::Cancel;
use server::importing::{Context, Mode, import};

use crate::test_app::TestApp;

/// Where a sample file lies.
pub fn fixture_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The content of a sample file.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = fixture_path(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl TestApp {
    /// Imports a sample file as the command line does.
    pub async fn import(&self, kind: ImportKind, name: &str) -> ImportReport {
        let ctx = Context {
            database: &self.state.database,
            secrets: &self.state.secrets,
            clock: &self.clock,
            zone: self.state.config.zone,
            actor: Actor::command_line(),
            covers: None,
            cancel: Cancel::default(),
        };
        import(&ctx, kind, fixture(name), Mode::Apply).await.expect("the sample file can be read").report
    }

    /// Imports the whole sample province and gives everybody in service an account with [`crate::world::PASSWORD`].
    pub async fn import_sample(&self) {
        self.import(ImportKind::Roster, "roster.xlsx").await;
        self.import(ImportKind::Training, "training-plan.xlsx").await;
        self.import(ImportKind::Hearings, "hearings.csv").await;
        self.import(ImportKind::Balances, "balances.csv").await;
        self.give_accounts().await;
    }
}
