//! What a browser is given before any program of ours runs in it: the site's files, the app's shell, and the
//! frame of the pages that work without a script.
//!
//! Nothing here knows the application's state; whoever answers a request passes in what the page shall contain.
//! Built without the feature `site` there are no files, and the shell says so: tests and lints need no built site.

mod document;
mod files;
mod policy;

pub use document::{app_shell, plain_page};
pub use files::{File, Module, Site, build, routes};

#[cfg(test)]
mod tests;
