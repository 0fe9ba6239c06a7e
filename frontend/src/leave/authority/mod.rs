//! 审批权限, a desk page: the table of who decides on leave, what is wrong with it, who would decide, and its publication.
//!
//! What is typed stays plain data until it is a matrix again; the views draw that data, and the page alone asks the server.

pub mod cell_form;
pub mod draft;
#[cfg(all(feature = "csr", feature = "desk"))]
pub mod page;
pub mod save;
pub mod sheets;
pub mod trial;
pub mod view;
