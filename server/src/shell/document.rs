//! The two documents: the app's shell, and the frame of a plain page.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    files::{SITE, Site},
    policy,
};

/// The style that paints the first screen before the style sheet is there; inline, by its hash in the policy.
pub(super) const CRITICAL_CSS: &str = include_str!("critical.css");

/// The app's shell for the page at `path`: a skeleton that paints at once, the addresses of the files of the module that
/// has the page, and the boot data.
///
/// `boot_json` is the session's `Boot` with the first screen's data, as JSON; such an answer is never stored. `None`
/// gives the anonymous shell, which the service worker keeps and which asks `GET /boot` itself.
pub fn app_shell(path: &str, boot_json: Option<&str>) -> Response {
    let keep = if boot_json.is_some() { "no-store" } else { "no-cache" };
    page(StatusCode::OK, shell_html(&SITE, path, boot_json), keep)
}

/// A page that works without a script: `body_html` is a view rendered to a string, and is taken as it is; `title` is
/// escaped. Never stored, since such pages carry an officer's name or a claim.
pub fn plain_page(status: StatusCode, title: &str, body_html: &str) -> Response {
    page(status, plain_html(&SITE, title, body_html), "no-store")
}

/// The anonymous shell. It is the same for everybody as long as the server runs.
pub(super) fn anonymous() -> String {
    shell_html(&SITE, "/", None)
}

fn page(status: StatusCode, html: String, keep: &'static str) -> Response {
    let mut response = (status, Html(html)).into_response();
    policy::apply(response.headers_mut());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

pub(super) fn shell_html(site: &Site, path: &str, boot_json: Option<&str>) -> String {
    let module = site.module_for(path);
    let files = if module.glue.is_empty() {
        String::new()
    } else {
        format!(
            r#"<link rel="preload" as="style" href="{css}">
<link rel="modulepreload" href="{glue}">
<link rel="preload" as="fetch" type="application/wasm" href="{wasm}" crossorigin>
<meta name="decoder" content="{decoder}">
<script id="boot-script" src="{boot}" data-glue="{glue}"></script>
"#,
            css = site.css,
            glue = module.glue,
            wasm = module.wasm,
            decoder = site.decoder,
            boot = site.boot,
        )
    };
    // The style sheet stands below the skeleton: what is above it paints without waiting for it.
    let style =
        if site.css.is_empty() { String::new() } else { format!(r#"<link rel="stylesheet" href="{}">"#, site.css) };
    let boot = boot_json.map_or_else(String::new, |json| {
        format!(r#"<script type="application/json" id="boot">{}</script>"#, in_script(json))
    });
    let body = if module.glue.is_empty() { PLACEHOLDER } else { SKELETON };
    format!("{}{files}</head>\n<body>\n{body}\n{boot}\n{style}\n</body>\n</html>\n", head("指尖办理"))
}

pub(super) fn plain_html(site: &Site, title: &str, body_html: &str) -> String {
    let style = if site.css.is_empty() {
        String::new()
    } else {
        // The script only dresses the page as the officer chose (dark, large type); without it the page works as well.
        format!(
            "<link rel=\"stylesheet\" href=\"{}\">\n<script id=\"boot-script\" src=\"{}\"></script>\n",
            site.css, site.boot
        )
    };
    format!("{}{style}</head>\n<body class=\"plain\">\n{body_html}\n</body>\n</html>\n", head(&escaped(title)))
}

/// What the two documents have in common. Translation is off: a browser that rewrites text nodes breaks the app.
fn head(title: &str) -> String {
    format!(
        r##"<!DOCTYPE html>
<html lang="zh-CN" translate="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="google" content="notranslate">
<meta name="format-detection" content="telephone=no">
<meta name="theme-color" content="#14366b">
<meta name="apple-mobile-web-app-capable" content="yes">
<meta name="apple-mobile-web-app-title" content="指尖办理">
<title>{title}</title>
<link rel="manifest" href="/manifest.webmanifest">
<link rel="icon" href="/icons/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/icons/apple-touch-icon.png">
<style>{CRITICAL_CSS}</style>
"##
    )
}

const SKELETON: &str = r#"<div id="skeleton" aria-busy="true" aria-label="正在打开"><div class="sk-top"></div><div class="sk-page"><div class="sk-card sk-tall"></div><div class="sk-card"></div><div class="sk-card"></div></div><div class="sk-tabs"></div></div>
<main id="stuck" class="sk-stuck" hidden>
<h1>指尖办理</h1>
<div id="stuck-network" hidden><p>页面没有加载完成，可能是网络较慢或已断开。请检查网络后重试。</p><p lang="en">The app could not be loaded. Check the network and try again.</p></div>
<div id="stuck-browser" hidden><p>当前浏览器版本较旧，无法打开完整版。请升级微信或系统浏览器（iOS 16.4、安卓 Chrome 96 及以上），或先使用简易页面登录、签到和评课。</p><p lang="en">This browser is too old for the full app. Update it, or use the simple pages.</p></div>
<p><button type="button" id="retry">重试</button> <a id="plain-link" href="/login">简易页面</a></p>
</main>
<div id="update" class="sk-update" role="status" hidden><span>新版本已就绪</span><button type="button" id="update-now">立即更新</button><button type="button" id="update-later">稍后</button></div>
<noscript><main class="sk-stuck"><h1>指尖办理</h1><p>浏览器没有启用脚本，请使用简易页面登录、签到和评课。</p><p><a href="/login">简易页面</a></p></main></noscript>"#;

const PLACEHOLDER: &str = r#"<main class="sk-stuck"><h1>指尖办理</h1><p>此服务程序未包含网站文件。请运行 make build 生成完整程序。</p><p><a href="/login">简易页面</a></p></main>"#;

/// JSON that cannot end the script element it stands in, nor open a comment there.
fn in_script(json: &str) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut text, c| {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
        text
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
