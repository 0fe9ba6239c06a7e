//! Signing in by a code: with the camera, from a picture, or typed; and the plain pages of a scanned link.

#[cfg(feature = "csr")]
mod camera;
#[cfg(feature = "csr")]
mod decoder;
#[cfg(feature = "csr")]
pub mod page;
pub mod plain;
pub mod view;
