//! The page that shows the document to a reader: plain HTML, no script, no outside origin.

use std::fmt::Write;

use serde_json::Value;
use utoipa::openapi::OpenApi;

const STYLE: &str = "body{font:16px/1.6 system-ui,'PingFang SC','Noto Sans CJK SC',sans-serif;max-width:60rem;margin:0 auto;\
padding:2rem 1rem;color:#1b2430;background:#fff}h1,h2{color:#14366b}h2{margin-top:3rem;border-bottom:1px solid #d7dde6}\
details{border:1px solid #d7dde6;border-radius:8px;margin:.5rem 0;padding:.5rem 1rem}summary{cursor:pointer}\
code,pre{font:14px/1.5 ui-monospace,monospace}pre{overflow:auto;background:#f4f6f9;padding:1rem;border-radius:8px}\
.m{display:inline-block;min-width:4.5rem;font-weight:600;color:#14366b}\
@media(prefers-color-scheme:dark){body{color:#dfe6f0;background:#0f1620}h1,h2,.m{color:#9dbdf2}pre{background:#18222f}\
details,h2{border-color:#2b3a4d}}";

/// The page.
pub(super) fn page(document: &OpenApi) -> String {
    let value = serde_json::to_value(document).unwrap_or_default();
    let mut html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Fingertip API</title><style>{STYLE}</style><h1>Fingertip 指尖办理: API</h1><p>{}</p>\
         <p><a href=\"/api/openapi.json\">openapi.json</a></p>",
        escape(text(&value["info"]["description"])),
    );
    let mut groups = std::collections::BTreeMap::<&str, Vec<(&str, &str, &Value)>>::new();
    for (path, item) in object(&value["paths"]) {
        for (method, operation) in object(item) {
            groups.entry(text(&operation["tags"][0])).or_default().push((method, path, operation));
        }
    }
    for (tag, calls) in groups {
        append(&mut html, format_args!("<h2>{}</h2>", escape(tag)));
        for (method, path, operation) in calls {
            call(&mut html, method, path, operation);
        }
    }
    html.push_str("<h2>Types</h2>");
    for (name, schema) in object(&value["components"]["schemas"]) {
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        append(
            &mut html,
            format_args!(
                "<details id=\"{0}\"><summary><code>{0}</code> {1}</summary><pre>{2}</pre></details>",
                escape(name),
                escape(text(&schema["description"])),
                escape(&json),
            ),
        );
    }
    html
}

fn call(html: &mut String, method: &str, path: &str, operation: &Value) {
    append(
        html,
        format_args!(
            "<details><summary><span class=m>{}</span><code>{}</code> — {}</summary><p>{}</p>",
            escape(&method.to_ascii_uppercase()),
            escape(path),
            escape(text(&operation["summary"])),
            escape(text(&operation["description"])),
        ),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        append(
            html,
            format_args!(
                "<p><code>{}</code> ({}): {}</p>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                escape(text(&parameter["description"])),
            ),
        );
    }
    for (_, media) in object(&operation["requestBody"]["content"]) {
        append(html, format_args!("<p>Body: {}</p>", reference(&media["schema"])));
    }
    for (status, response) in object(&operation["responses"]) {
        let content =
            object(&response["content"]).map(|(_, media)| reference(&media["schema"])).next().unwrap_or_default();
        append(html, format_args!("<p><b>{status}</b> {} {content}</p>", escape(text(&response["description"]))));
    }
    html.push_str("</details>");
}

fn reference(schema: &Value) -> String {
    let name = text(&schema["$ref"]).rsplit('/').next().unwrap_or_default();
    format!("<a href=\"#{0}\"><code>{0}</code></a>", escape(name))
}

fn append(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    html.write_fmt(arguments).expect("writing to a string cannot fail");
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
