//! What the phone shows.
//!
//! Pages fetch, views draw. A `view` is a pure function of plain data and of how to put it into words; it touches no
//! browser API while it draws, so the host renders it too: in snapshot tests, and for the plain pages that must work
//! without a script. A `page` exists only in the browser (feature `csr`): it loads, acts, and hands data to views.
//!
//! Reading order: [`kit`] (the parts), [`i18n`] and [`format`] (the words), then one module a noun. In the browser
//! also `state` (what every page shares), `load` (reads and writes), `frame` (bars, banners, routes). The pages of
//! [`desk`] are compiled with feature `desk` only, their views always: what no page draws, the linker drops.

pub mod desk;
pub mod format;
pub mod i18n;
pub mod json;
pub mod kit;

pub mod account;
pub mod approval;
pub mod attendance;
pub mod calendar;
pub mod home;
pub mod leave;
pub mod notice;
pub mod org;
pub mod rating;
pub mod scan;
pub mod training;

#[cfg(feature = "csr")]
pub mod cache;
#[cfg(feature = "csr")]
pub mod device;
#[cfg(feature = "csr")]
mod events;
#[cfg(feature = "csr")]
pub mod frame;
#[cfg(feature = "csr")]
pub mod load;
#[cfg(feature = "csr")]
pub mod net;
#[cfg(feature = "csr")]
pub mod outbox;
#[cfg(feature = "csr")]
pub mod preferences;
#[cfg(feature = "csr")]
pub mod state;
#[cfg(feature = "csr")]
mod store;

/// Starts the app in the page that the shell prepared.
#[cfg(feature = "csr")]
pub fn start() {
    frame::install_crash_sheet();
    preferences::apply();
    // The shell's skeleton goes; its other parts (boot data, update bar) stay.
    leptos::prelude::document().get_element_by_id("skeleton").inspect(|skeleton| skeleton.remove());
    leptos::mount::mount_to_body(frame::App);
}
