//! The files of the site, as the bundler left them.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use frontend::desk;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use super::{document, policy};

/// One file of the site.
#[derive(Debug)]
pub struct File {
    /// Its address, `/assets/app.0123456789abcdef.css`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Whether it is named by its content, so that a browser may keep it for ever.
    pub immutable: bool,
    /// Its content's digest: the entity tag.
    pub digest: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// The same, compressed with brotli.
    pub br: Option<&'static [u8]>,
    /// The same, compressed with gzip.
    pub gz: Option<&'static [u8]>,
}

/// A build of the app: with the pages for phones only, or with every page.
#[derive(Debug)]
pub struct Module {
    /// Its loader.
    pub glue: &'static str,
    /// Its code.
    pub wasm: &'static str,
}

/// The site: its files, and the addresses of those that a page names. Addresses are empty where no site is built in.
#[derive(Debug)]
pub struct Site {
    /// Names the build.
    pub build: &'static str,
    /// The style sheet.
    pub css: &'static str,
    /// The first script.
    pub boot: &'static str,
    /// The app with the pages for phones.
    pub phone: Module,
    /// The app with every page; in development builds the same files as `phone`.
    pub desk: Module,
    /// The loader of the module that reads QR codes out of pictures.
    pub decoder: &'static str,
    /// Every file.
    pub files: &'static [File],
}

impl Site {
    /// The module that has the page at `path`.
    pub(super) fn module_for(&self, path: &str) -> &Module {
        if desk::is_desk_page(path) { &self.desk } else { &self.phone }
    }
}

#[cfg(feature = "site")]
pub(super) static SITE: Site = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site/embed.rs"));

#[cfg(not(feature = "site"))]
pub(super) static SITE: Site = Site {
    build: "",
    css: "",
    boot: "",
    phone: Module { glue: "", wasm: "" },
    desk: Module { glue: "", wasm: "" },
    decoder: "",
    files: &[],
};

/// The name of the site's build; empty where no site is built in. A page that was loaded from another build is old.
pub fn build() -> &'static str {
    SITE.build
}

/// The routes of the site's files, of the service worker and of the anonymous shell. Navigations to pages are not
/// among them: those carry the session's boot data, see [`app_shell`](super::app_shell).
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{*path}", get(get_file))
        .route("/icons/{*path}", get(get_file))
        .route("/manifest.webmanifest", get(get_file))
        .route("/sw.js", get(get_worker))
        .route("/shell", get(get_shell))
}

async fn get_file(uri: Uri, headers: HeaderMap) -> Response {
    serve(&SITE, uri.path(), &headers)
}

/// The document that the service worker keeps: the shell without a session's data.
async fn get_shell() -> Response {
    document::app_shell("/", None)
}

async fn get_worker() -> Response {
    static WORKER: LazyLock<Option<String>> = LazyLock::new(|| {
        let file = SITE.files.iter().find(|file| file.path == "/sw.js")?;
        Some(worker(std::str::from_utf8(file.bytes).ok()?, &document::anonymous()))
    });
    let Some(worker) = WORKER.as_deref() else { return missing() };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, worker).into_response()
}

/// The worker that the bundler prepared, with what only the server knows. Its cache is named by the build and by the
/// shell, so that a changed shell is fetched again; it waits longer for pages that the shell's module does not have.
pub(super) fn worker(prepared: &str, shell: &str) -> String {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(shell.as_bytes())[..4]);
    let roots = serde_json::to_string(&desk::ROOTS).expect("a list of words is JSON");
    prepared.replace("__SHELL__", &digest).replace("\"__DESK__\"", &roots)
}

/// Answers with a file in the best encoding that the browser takes. A missing file is a 404 and never a page: a
/// browser that asked for a script would choke on HTML.
pub(super) fn serve(site: &Site, path: &str, asked: &HeaderMap) -> Response {
    let Some(file) = site.files.iter().find(|file| file.path == path) else { return missing() };
    let tag = format!("\"{}\"", file.digest);
    let mut response = match asked.get(header::IF_NONE_MATCH) {
        Some(known) if known.as_bytes() == tag.as_bytes() => StatusCode::NOT_MODIFIED.into_response(),
        _ => content(file, asked),
    };
    let headers = response.headers_mut();
    let keep = if file.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if file.content_type == "image/svg+xml" {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy::PICTURE));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn content(file: &File, asked: &HeaderMap) -> Response {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (encoding, bytes) = match (file.br, file.gz) {
        (Some(br), _) if accepts(accepted, "br") => (Some("br"), br),
        (_, Some(gz)) if accepts(accepted, "gzip") => (Some("gzip"), gz),
        _ => (None, file.bytes),
    };
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether an `Accept-Encoding` header names the encoding and does not forbid it with a weight of nought.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let forbidden = parts.any(|part| {
            part.strip_prefix("q=").is_some_and(|weight| weight.trim_matches(|c| c == '0' || c == '.').is_empty())
        });
        named && !forbidden
    })
}

fn missing() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, headers, "not found").into_response()
}
