//! 流程设置, a desk page: a definition as a clerk reads it, its working copy with linter and simulator, its versions and
//! files, and the settings of running requests.
//!
//! Everything that is typed stays plain data ([`draft`], [`node_form`] and what it is made of) until it is a definition
//! again; the views draw that data, and the pages alone ask the server.

pub mod condition_form;
pub mod controls;
pub mod draft;
#[cfg(feature = "desk")]
mod editor;
#[cfg(feature = "desk")]
pub mod editor_page;
pub mod faults;
pub mod file;
pub mod incomplete;
#[cfg(feature = "desk")]
mod kept;
pub mod merge;
pub mod node_form;
#[cfg(feature = "desk")]
pub mod page;
pub mod rule_form;
pub mod save;
pub mod settings;
pub mod simulation;
pub mod view;
pub mod wait;
pub mod words;
