//! Brotli and gzip at their slowest settings, with a memory: unchanged content is not squeezed twice.

use crate::asset::Asset;
use anyhow::Context;
use brotli::enc::{BrotliCompress, BrotliEncoderParams};
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::Path};

/// The two encodings a browser may ask for.
pub(crate) struct Squeezed {
    pub(crate) brotli: Vec<u8>,
    pub(crate) gzip: Vec<u8>,
}

/// Compresses one file; `memory` is a folder that keeps earlier results by digest.
///
/// # Errors
/// When the folder cannot be read or written.
pub(crate) fn squeeze(asset: &Asset, memory: &Path) -> anyhow::Result<Squeezed> {
    Ok(Squeezed {
        brotli: remembered(&memory.join(format!("{}.br", asset.digest)), || brotli(&asset.bytes))?,
        gzip: remembered(&memory.join(format!("{}.gz", asset.digest)), || gzip(&asset.bytes))?,
    })
}

fn remembered(file: &Path, make: impl FnOnce() -> std::io::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    if let Ok(bytes) = fs::read(file) {
        return Ok(bytes);
    }
    let bytes = make()?;
    // Renamed into place, so that a build that is interrupted leaves no torn file to be believed later.
    let unfinished = file.with_extension("part");
    fs::write(&unfinished, &bytes).with_context(|| format!("cannot write {}", unfinished.display()))?;
    fs::rename(&unfinished, file)?;
    Ok(bytes)
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut squeezed = Vec::new();
    BrotliCompress(&mut &bytes[..], &mut squeezed, &params)?;
    Ok(squeezed)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
