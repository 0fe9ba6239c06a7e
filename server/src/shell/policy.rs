//! What a browser may do with our pages, as headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use super::document::CRITICAL_CSS;

/// For a picture that somebody opens by itself: SVG could hold a script.
pub(super) const PICTURE: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// For pages: our own origin alone, no inline script, the one inline style sheet by its hash. A `style` attribute in
/// HTML is refused as well; views set single properties instead (`style:width=..`), which the browser permits.
static PAGE: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(CRITICAL_CSS.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'sha256-{hash}'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'none'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).expect("a policy of ASCII characters is a header value")
});

/// Puts the policies on an HTML answer.
pub(super) fn apply(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, PAGE.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
}
