//! Snapshots of the views, drawn on the host without a browser.
//!
//! A snapshot is the HTML with one tag a line. With `VIEWS_OUT=<folder>` each view is also written there as a page
//! that a browser can open: the quickest way to look at a screen.

mod account;
mod approval;
mod calendar;
mod contrast;
mod definition;
mod facts;
mod home;
mod leave;
mod notice;
mod org;
mod page;
mod training;

#[cfg(feature = "gallery")]
mod gallery;
