//! Reads a QR code out of a picture.
//!
//! A WebAssembly module of its own: the phone loads it only when it scans and its browser has no
//! detector. It knows nothing of camera, canvas or page; it is given grey pixels.

mod picture;

use picture::Picture;
use wasm_bindgen::prelude::wasm_bindgen;

/// Pictures with a longer side are also tried at half their size: a camera's noise is averaged away.
const WORTH_HALVING: usize = 320;

/// The text of the first QR code found in a picture.
///
/// `luma` is one byte a pixel, row by row, `width * height` long; 0 is black. Answers `None` when no
/// code can be read and when `luma` has another length.
#[wasm_bindgen]
#[must_use]
pub fn decode(width: u32, height: u32, luma: &[u8]) -> Option<String> {
    let picture = Picture::new(width as usize, height as usize, luma)?;
    read(&picture)
        .or_else(|| (picture.longer_side() >= WORTH_HALVING).then(|| read(&picture.halved())).flatten())
        .or_else(|| read(&picture.inverted()))
}

/// One attempt on one picture. The first grid that decodes wins; a torn one beside it does no harm.
fn read(picture: &Picture) -> Option<String> {
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width(), picture.height(), |x, y| picture.at(x, y));
    prepared.detect_grids().iter().find_map(|grid| grid.decode().ok().map(|(_, text)| text))
}

#[cfg(test)]
mod tests;
