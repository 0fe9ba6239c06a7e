//! What the integration tests stand on: a whole server on a database of its own, people in it, a clock that the test
//! moves, and clients that call it.
//!
//! A test is an async function over a [`TestApp`]; [`on_both!`] makes two tests of it, `name::sqlite` and
//! `name::postgres`. PostgreSQL comes from `TEST_POSTGRES_URL`, else `postgres.sh` starts a server of its own for the
//! length of the run. This crate holds no assertions about the product: those are in `it/`.

mod client;
mod peer;
mod place;
mod postgres;
mod sample;
mod test_app;

pub mod world;

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;

pub use client::{Answered, Client};
pub use peer::{Arrived, Peer, Reply};
pub use place::{Backend, Place};
pub use sample::{fixture, fixture_path};
pub use test_app::{Served, TestApp, at};

/// Makes of each async function `name(app: TestApp)` the tests `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[test]
                fn sqlite() {
                    $crate::run($crate::Backend::Sqlite, super::$name);
                }

                #[test]
                fn postgres() {
                    $crate::run($crate::Backend::Postgres, super::$name);
                }
            }
        )+
    };
}

/// Runs a test on a fresh database and takes the database away again, also after a failure.
pub fn run<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(TestApp) -> F) {
    if backend == Backend::Postgres && std::env::var_os("SKIP_POSTGRES").is_some_and(|value| value == "1") {
        println!("SKIPPED: SKIP_POSTGRES=1");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system gives threads");
    runtime.block_on(async {
        let place = Place::make(backend).await;
        let app = TestApp::start(&place).await;
        let outcome = AssertUnwindSafe(test(app)).catch_unwind().await;
        place.remove().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}
