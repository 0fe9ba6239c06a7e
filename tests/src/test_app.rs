//! A whole server for one test.

use std::net::SocketAddr;

use app::account::api::{Activate, ActivateAccount, SessionMode};
use app::day::{Day, Timestamp, Zone};
use axum::Router;
use sea_orm::EntityTrait;
use server::audit::Actor;
use server::clock::Clock;
use server::config::Config;
use server::database::Database;
use server::entity::{officer, session};
use server::session::Opened;
use server::state::AppState;
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::place::Place;

/// The instant of `hour:minute` on a day, in the zone of the tests (Shanghai).
pub fn at(day: &str, hour: i32, minute: i32) -> Timestamp {
    Zone::SHANGHAI.at(day.parse().expect("a day like 2026-11-23"), hour * 60 + minute)
}

/// A server with its own database and its own clock. Clones are the same server.
#[derive(Clone, Debug)]
pub struct TestApp {
    /// What every handler reaches.
    pub state: AppState,
    /// The server's clock; move it with [`Clock::set`].
    pub clock: Clock,
    router: Router,
    url: String,
}

impl TestApp {
    /// The day on which every test begins: a Monday without a holiday nearby.
    pub const DAY: &str = "2026-11-23";

    /// A server on an empty database; its clock stands at 08:00 of [`TestApp::DAY`].
    pub async fn start(place: &Place) -> Self {
        let database = Database::open(&place.url()).await.expect("an empty database can be migrated");
        Self::on(database, Config::new(place.folder()), place.url(), Clock::manual(at(Self::DAY, 8, 0))).await
    }

    async fn on(database: Database, config: Config, url: String, clock: Clock) -> Self {
        let state = AppState::new(config, database, clock.clone()).await.expect("a fresh folder takes a key");
        let router = server::router(state.clone());
        Self { state, clock, router, url }
    }

    /// The same server with changed settings.
    pub async fn configured(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = (*self.state.config).clone();
        change(&mut config);
        Self::on(self.state.database.clone(), config, self.url.clone(), self.clock.clone()).await
    }

    /// Another process on the same database and keys: a replica, or this server after a restart.
    pub async fn replica(&self) -> Self {
        let database = Database::connect(&self.url).await.expect("the test's database takes another process");
        Self::on(database, (*self.state.config).clone(), self.url.clone(), self.clock.clone()).await
    }

    /// The instant it is for the server.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day it is for the server.
    pub fn today(&self) -> Day {
        self.state.today()
    }

    /// Moves the clock on.
    pub fn pass(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
    }

    /// A client that nobody has signed in.
    pub fn client(&self) -> Client {
        Client::on_router(self.router.clone())
    }

    /// A client of the officer with this 工号, with a bearer session of its own that lasts however far the clock is
    /// moved. No password is hashed.
    pub async fn client_of(&self, number: &str) -> Client {
        self.client().in_session(&self.state, self.open_session(number).await.id)
    }

    /// The access token of a new session of this officer; it ends after a quarter of an hour.
    pub async fn token_of(&self, number: &str) -> String {
        let opened = self.open_session(number).await;
        let session = opened.reply(number, Vec::new(), SessionMode::Bearer);
        session.access_token.expect("a bearer session has a token")
    }

    async fn open_session(&self, number: &str) -> Opened {
        let officer = self.officer(number).await;
        let (row, opened) =
            server::session::open(&self.state, officer.id, SessionMode::Bearer, "测试").expect("a token can be signed");
        session::Entity::insert(row)
            .exec_without_returning(self.state.database.write())
            .await
            .expect("the session is stored");
        opened
    }

    /// A client that has gone the whole way: activation code, own password, session.
    pub async fn activate(&self, number: &str, password: &str) -> Client {
        let client = self.client();
        let body = Activate {
            username: number.to_owned(),
            code: self.activation_code(number).await,
            new_password: password.to_owned(),
            mode: SessionMode::Bearer,
        };
        let session = client.send::<ActivateAccount>(body).await.expect("a fresh code activates");
        client.with_token(&session.access_token.expect("a bearer session has a token"))
    }

    /// A new activation code for this officer.
    pub async fn activation_code(&self, number: &str) -> String {
        let officer = self.officer(number).await;
        let state = &self.state;
        server::account::issue_activation(state, &state.secrets, &state.clock, &Actor::command_line(), &officer)
            .await
            .expect("an officer in service can be activated")
            .code
    }

    /// The row of the officer with this 工号.
    pub async fn officer(&self, number: &str) -> officer::Model {
        server::account::store::officer_by_number(self.state.database.read(), number)
            .await
            .expect("the database answers")
            .unwrap_or_else(|| panic!("no officer {number} in this test's world"))
    }

    /// The server on a real socket of the loopback device.
    pub async fn serve(&self) -> Served {
        self.serve_beside(Router::new()).await
    }

    /// As [`TestApp::serve`], with other routes beside the server's own.
    pub async fn serve_beside(&self, others: Router) -> Served {
        let socket = TcpSocket::new_v4().expect("the system gives sockets");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("the system has a free port");
        // A whole class connects at once; the default backlog would make some of them wait a second.
        let listener = socket.listen(4096).expect("a bound socket listens");
        let address = listener.local_addr().expect("a bound socket has an address");
        // As the binary does: a bare router would be built anew for each connection.
        let service = others.merge(self.router.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("axum::serve returns no error");
        });
        Served { address, task }
    }
}

/// A server on a real socket; it stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    /// The server's address for browsers.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client over the socket that nobody has signed in.
    pub fn client(&self) -> Client {
        Client::on_socket(&self.origin())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
