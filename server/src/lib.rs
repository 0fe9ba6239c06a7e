//! What Fingertip does: the API, the stores behind it, the pages that need no WebAssembly.
//!
//! [`router`] is the whole server as a value; tests start there. Every call is mounted once, see [`mount`].

pub mod account;
pub mod approval;
pub mod attendance;
pub mod calendar;
pub mod home;
pub mod leave;
pub mod notice;
pub mod org;
pub mod rating;
pub mod training;

pub mod demo;
pub mod importing;

mod exporting;

pub mod audit;
pub mod backup;
pub mod check;
pub mod clock;
pub mod config;
pub mod database;
pub mod entity;
pub mod error;
pub mod events;
pub mod files;
pub mod mount;
pub mod openapi;
pub mod pages;
pub mod reference;
pub mod secrets;
pub mod serve;
pub mod session;
pub mod setting;
pub mod shell;
pub mod state;
pub mod worker;

mod observe;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::mount::{Api, Mounted};
use crate::state::AppState;

/// The build, so that an old page knows it is old.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// Every call of the API, grouped by noun.
pub fn api() -> Api {
    let api = Api::default();
    let api = account::mount(api);
    let api = org::mount(api);
    let api = calendar::mount(api);
    let api = leave::mount(api);
    let api = approval::mount(api);
    let api = training::mount(api);
    let api = attendance::mount(api);
    let api = rating::mount(api);
    let api = notice::mount(api);
    home::mount(api)
}

/// The table of what is mounted and who may call it.
pub fn endpoints() -> Vec<Mounted> {
    api().finish().2
}

/// The API document.
pub fn document() -> utoipa::openapi::OpenApi {
    api().finish().1
}

/// The whole server: API, document, pages, assets, health.
pub fn router(state: AppState) -> Router {
    let (routes, document, _) = api().finish();
    routes
        .merge(openapi::routes(&document))
        .merge(pages::routes())
        .merge(shell::routes())
        .layer(from_fn_with_state(state.clone(), session::authenticate))
        .merge(observe::routes())
        .layer(axum::middleware::from_fn(observe::measure))
        .with_state(state)
}
