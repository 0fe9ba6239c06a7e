//! Snapshots of the views, drawn on the host without a browser.
//!
//! A snapshot is the HTML with one tag a line. With `VIEWS_OUT=<folder>` each view is also written there as a page
//! that a browser can open: the quickest way to look at a screen.

mod absence;
mod account;
mod after;
mod approval;
mod attachment;
mod authority;
mod calendar;
mod contrast;
mod definition;
mod draft;
mod facts;
mod feed;
mod figures;
mod home;
mod leave;
mod ledger;
mod notice;
mod org;
mod page;
mod print;
mod team;
mod training;

#[cfg(feature = "gallery")]
mod gallery;
