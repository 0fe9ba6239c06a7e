//! The frame around every page: banners, tab bar, rail, messages, and the list of all pages.

mod crash;
#[cfg(not(feature = "desk"))]
mod desk_door;
#[cfg(feature = "desk")]
mod desk_pages;
#[cfg(feature = "gallery")]
mod reload;
mod routes;
mod start;

pub use crash::install as install_crash_sheet;
pub use routes::Subject;
pub use start::App;
