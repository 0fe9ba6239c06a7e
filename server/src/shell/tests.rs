//! Files, encodings, the shell and its policy.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::Response,
};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use super::document::{CRITICAL_CSS, plain_html, shell_html};
use super::files::{serve, worker};
use super::{File, Module, Site, app_shell, plain_page, routes};

static SITE: Site = Site {
    build: "b1",
    css: "/assets/app.1.css",
    boot: "/assets/boot.1.js",
    phone: Module { glue: "/assets/phone.1.js", wasm: "/assets/phone.1.wasm" },
    desk: Module { glue: "/assets/desk.1.js", wasm: "/assets/desk.1.wasm" },
    decoder: "/assets/decoder.1.js",
    files: &[
        File {
            path: "/assets/app.1.css",
            content_type: "text/css; charset=utf-8",
            immutable: true,
            digest: "d1",
            bytes: b"plain",
            br: Some(b"brotli"),
            gz: Some(b"gzip"),
        },
        File {
            path: "/icons/icon.svg",
            content_type: "image/svg+xml",
            immutable: false,
            digest: "d2",
            bytes: b"<svg/>",
            br: None,
            gz: None,
        },
    ],
};

fn asking(name: header::HeaderName, value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
}

fn text(response: &Response, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn body(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_best_encoding_is_served() {
    for (accepted, encoding, content) in [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip, br;q=0", "gzip", "gzip"),
        ("gzip, br; q=0.000", "gzip", "gzip"),
        ("BR;q=0.5", "br", "brotli"),
        ("identity", "", "plain"),
    ] {
        let response = serve(&SITE, "/assets/app.1.css", &asking(header::ACCEPT_ENCODING, accepted));
        assert_eq!(text(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
        assert_eq!(text(&response, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(text(&response, header::VARY), "accept-encoding");
        assert_eq!(body(response).await, content);
    }
}

#[tokio::test]
async fn a_missing_file_is_never_a_page() {
    let request = Request::get("/assets/app.gone.js").header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
    let response = routes::<()>().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(text(&response, header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(text(&response, header::CACHE_CONTROL), "no-store");
}

#[test]
fn a_file_that_keeps_its_name_is_asked_for_again() {
    let fresh = serve(&SITE, "/icons/icon.svg", &HeaderMap::new());
    assert_eq!(text(&fresh, header::CACHE_CONTROL), "public, max-age=3600");
    let tag = asking(header::IF_NONE_MATCH, "\"d2\"");
    assert_eq!(serve(&SITE, "/icons/icon.svg", &tag).status(), StatusCode::NOT_MODIFIED);
}

#[test]
fn boot_data_cannot_leave_its_element() {
    let html = shell_html(&SITE, "/", Some(r#"{"name":"</script><script>alert(1)//<!--&"}"#));
    assert!(
        html.contains(
            r#"id="boot">{"name":"\u003c/script\u003e\u003cscript\u003ealert(1)//\u003c!--\u0026"}</script>"#
        )
    );
}

#[test]
fn the_shell_names_the_files_of_its_build() {
    let html = shell_html(&SITE, "/", None);
    for expected in [
        r#"<html lang="zh-CN" translate="no">"#,
        r#"<link rel="modulepreload" href="/assets/phone.1.js">"#,
        r#"as="fetch" type="application/wasm" href="/assets/phone.1.wasm" crossorigin"#,
        r#"src="/assets/boot.1.js" data-glue="/assets/phone.1.js""#,
        r#"<meta name="decoder" content="/assets/decoder.1.js">"#,
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    assert!(!html.contains(r#"id="boot""#), "the anonymous shell holds no data");
}

#[test]
fn a_desk_page_names_the_module_that_has_it() {
    let html = shell_html(&SITE, "/roles", Some("{}"));
    assert_eq!(html, shell_html(&SITE, "/", Some("{}")).replace("/assets/phone.", "/assets/desk."));
    for path in ["/", "/me", "/leave/new", "/nowhere", "/me/roles"] {
        assert!(!shell_html(&SITE, path, None).contains("desk.1"), "{path}");
    }
}

#[test]
fn the_worker_knows_the_desk_pages() {
    let filled = worker("const CACHE = 'x-__SHELL__'; const DESK = \"__DESK__\";", "<html>");
    assert!(filled.contains(r#"const DESK = ["org","#) && filled.ends_with("];"), "{filled}");
    assert!(frontend::desk::ROOTS.iter().all(|root| filled.contains(&format!("{root:?}"))), "{filled}");
    assert!(!filled.contains("__"), "{filled}");
}

#[test]
fn nothing_inline_but_the_hashed_style() {
    for html in [shell_html(&SITE, "/roles", Some("{}")), plain_html(&SITE, "登录", "<form></form>")] {
        assert!(!html.contains(" style="), "a style attribute is refused by the policy");
        assert!(!html.contains(" onclick="), "so is a handler");
        assert_eq!(html.matches("<style>").count(), 1);
        assert!(html.contains(&format!("<style>{CRITICAL_CSS}</style>")));
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src=") || tag.contains("application/json"), "an inline script: {tag}");
        }
    }
}

#[tokio::test]
async fn pages_carry_the_policy_and_are_not_stored() {
    let hash = BASE64.encode(&Sha256::digest(CRITICAL_CSS.as_bytes()));
    for response in [app_shell("/", Some("{}")), plain_page(StatusCode::FORBIDDEN, "拒绝", "<p>不行</p>")] {
        let policy = text(&response, header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
        assert_eq!(text(&response, header::CACHE_CONTROL), "no-store");
    }
    assert_eq!(text(&app_shell("/", None), header::CACHE_CONTROL), "no-cache");
}

#[tokio::test]
async fn a_title_is_escaped_and_a_status_kept() {
    let response = plain_page(StatusCode::GONE, "<b>&", "<main>已过期</main>");
    assert_eq!(response.status(), StatusCode::GONE);
    let html = body(response).await;
    assert!(html.contains("<title>&lt;b&gt;&amp;</title>"));
    assert!(html.contains("<main>已过期</main>"));
}
