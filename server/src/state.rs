//! What every handler reaches.

use std::sync::Arc;
use std::time::Duration;

use app::day::{Day, HalfDay, Timestamp};
use moka::future::Cache;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::attendance::SignInQueue;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::error::Failure;
use crate::events::Events;
use crate::files::Files;
use crate::notice::Outbound;
use crate::reference::ReferenceCache;
use crate::secrets::Secrets;
use crate::session::Caller;

/// The state of one server process. Nothing that matters lives only here: all of it can be made again from the
/// database and the key file.
#[derive(Clone, Debug)]
pub struct AppState {
    /// How this server runs.
    pub config: Arc<Config>,
    /// The database.
    pub database: Database,
    /// The keys.
    pub secrets: Arc<Secrets>,
    /// What is too large for the database: attachments.
    pub files: Files,
    /// The clock.
    pub clock: Clock,
    /// The tree of courts, the calendar of everybody and what else hardly changes.
    pub reference: ReferenceCache,
    /// Who is behind a session, for a few seconds.
    pub callers: Cache<Uuid, Option<Arc<Caller>>>,
    /// How many passwords are hashed at a time.
    pub hashing: Arc<Semaphore>,
    /// What happened, for those who watch.
    pub events: Events,
    /// Requests that leave the house.
    pub outbound: Outbound,
    /// Sign-ins that wait for the next commit.
    pub sign_ins: SignInQueue,
    /// Whether the binary itself serves TLS.
    pub tls: bool,
    /// Whether the data are a demonstration; each screen says so.
    pub demo: bool,
}

/// How long a change of roles or a revoked session may go unnoticed by another replica.
const CALLER_SECONDS: u64 = 5;

impl AppState {
    /// The state of a server on an open database.
    ///
    /// # Errors
    /// The key file cannot be read or made, or the database fails.
    pub async fn new(config: Config, database: Database, clock: Clock) -> Result<Self, Failure> {
        let secrets = Arc::new(Secrets::load(&config.data).map_err(Failure::internal)?);
        let files = Files::open(&config, secrets.clone())?;
        let demo = crate::setting::get(database.read(), crate::setting::DEMO).await?.is_some();
        // Half of the cores: a class that logs in must leave room for everybody else.
        let permits = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        database.hear_replicas();
        let sign_ins = SignInQueue::start(database.clone(), clock.clone(), config.zone);
        Ok(Self {
            config: Arc::new(config),
            secrets,
            files,
            clock,
            reference: ReferenceCache::default(),
            callers: Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(CALLER_SECONDS)).build(),
            hashing: Arc::new(Semaphore::new(permits)),
            events: database.events().clone(),
            database,
            outbound: Outbound::default(),
            sign_ins,
            tls: false,
            demo,
        })
    }

    /// The instant it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day it is in the configured zone.
    pub fn today(&self) -> Day {
        self.config.zone.day(self.now())
    }

    /// The half day it is in the configured zone: from noon on the afternoon.
    pub fn half_day(&self) -> HalfDay {
        self.config.zone.half_day(self.now())
    }
}
