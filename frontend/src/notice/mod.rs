//! Notices: the officer's list with its badge, what leaves the house for him, and the channels for administrators.

pub mod channel_form;
#[cfg(feature = "desk")]
pub mod channels_page;
pub mod channels_view;
pub mod deliveries_view;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
pub mod page;
#[cfg(feature = "csr")]
pub mod push;
#[cfg(feature = "csr")]
pub mod settings_page;
pub mod settings_view;
pub mod shown;
pub mod view;
pub mod words;
