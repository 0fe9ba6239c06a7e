//! Fills the service worker's template.

use crate::asset::{Asset, digest};
use anyhow::ensure;

/// The worker with this build's id and the list of what it keeps.
///
/// `kept` are fetched when the worker is installed; everything else below `/assets/` is kept when first
/// used, so it is they alone that name the build here: nobody is offered an update for files that he has
/// not. `__SHELL__` and `__DESK__` stay for the server, which alone knows its documents.
///
/// # Errors
/// When the template lacks a placeholder: the worker would then keep nothing, silently.
pub(crate) fn fill(template: &str, kept: &[&Asset]) -> anyhow::Result<String> {
    for placeholder in ["__BUILD__", "__PRECACHE__", "__SHELL__", "__DESK__"] {
        ensure!(template.contains(placeholder), "public/sw.js lacks the placeholder {placeholder}");
    }
    let urls = kept.iter().map(|asset| asset.url()).collect::<Vec<_>>();
    Ok(template.replace("__BUILD__", &build_id(kept)).replace("\"__PRECACHE__\"", &serde_json::to_string(&urls)?))
}

/// Names a build: two builds with the same files have the same id.
pub(crate) fn build_id(assets: &[&Asset]) -> String {
    let mut paths = assets.iter().map(|asset| format!("{} {}\n", asset.path, asset.digest)).collect::<Vec<_>>();
    paths.sort();
    digest(paths.concat().as_bytes())
}
