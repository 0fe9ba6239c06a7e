//! One file of the site.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A file of the site, as it will be served.
pub(crate) struct Asset {
    /// The path in the site without a leading slash, `assets/app.0123456789abcdef.css`.
    pub(crate) path: String,
    pub(crate) content_type: &'static str,
    /// Named by its content, so a browser may keep it for ever.
    pub(crate) immutable: bool,
    /// The content's digest; the entity tag of a file that keeps its name.
    pub(crate) digest: String,
    pub(crate) bytes: Vec<u8>,
}

impl Asset {
    /// A file named by its content: `hashed("app", "css", ..)` becomes `assets/app.<digest>.css`.
    pub(crate) fn hashed(stem: &str, extension: &str, bytes: Vec<u8>) -> Self {
        let digest = digest(&bytes);
        Self {
            path: format!("assets/{stem}.{digest}.{extension}"),
            content_type: content_type(extension),
            immutable: true,
            digest,
            bytes,
        }
    }

    /// A file that keeps its name.
    pub(crate) fn named(path: String, bytes: Vec<u8>) -> Self {
        let content_type = content_type(path.rsplit('.').next().unwrap_or_default());
        Self { digest: digest(&bytes), path, content_type, immutable: false, bytes }
    }

    /// The address in the site, with its leading slash.
    pub(crate) fn url(&self) -> String {
        format!("/{}", self.path)
    }

    /// Pictures are compressed already.
    pub(crate) fn compressible(&self) -> bool {
        self.content_type != "image/png"
    }
}

/// The first 64 bits of SHA-256 in hexadecimal: enough for names, short enough to read.
pub(crate) fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes)[..8])
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
