//! How the files of an HR office are judged, row by row.
//!
//! The server reads a file into [`Sheet`]s of [`Cell`]s and hands over the facts that the database knows; everything
//! that is decided about a row is decided here. [`table`] finds the columns, [`row`] reads one row,
//! [`text`] and [`date`] put values right,
//! [`identity`] checks identity numbers, [`tree`] reads the courts and [`roster`] the officers. The files of other
//! nouns (`training::import`, `leave::import`) stand on the same ground.
//!
//! A row is either good as a whole or stays out as a whole, with the first column at fault in the order in which the
//! import names its columns. A fault that leaves no row standing (a column is missing, the tree has a hole) refuses
//! the file.

pub mod date;
pub mod identity;
pub mod roster;
pub mod row;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
pub mod tree;

pub use row::{EMPTY, FORMULA, Fix, REPEATED, Refusal, Row, UNKNOWN_OFFICER};
pub use table::{Cell, Column, FileFault, Judged, Sheet, SheetRow, Table};
