//! The arrows and invariants of the architecture, read from `cargo metadata` and from the sources. It stands here because
//! `app` is built first and fastest: a wrong arrow shows before anything else is compiled.

#![expect(clippy::unwrap_used, reason = "a test fails where its expectation stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn metadata(extra: &[&str]) -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(extra)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The packages of the workspace with what each depends on, apart from what only its tests need.
fn packages() -> BTreeMap<String, Vec<Value>> {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let kept =
                package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"] != "dev");
            (package["name"].as_str().unwrap().to_owned(), kept.cloned().collect())
        })
        .collect()
}

#[test]
fn arrows_point_one_way() {
    let packages = packages();
    let own: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let mut arrows = BTreeSet::new();
    for (from, dependencies) in &packages {
        for dependency in dependencies {
            let to = dependency["name"].as_str().unwrap();
            if own.contains(to) {
                arrows.insert((from.as_str(), to));
            }
        }
    }
    let allowed = BTreeSet::from([
        ("frontend", "app"),
        ("server", "app"),
        ("server", "frontend"),
        ("server", "migrations"),
        ("tests", "app"),
        ("tests", "frontend"),
        ("tests", "migrations"),
        ("tests", "server"),
    ]);
    let surprising: Vec<_> = arrows.difference(&allowed).collect();
    assert!(surprising.is_empty(), "arrows that the architecture does not know: {surprising:?}");
}

#[test]
fn the_server_takes_only_views_from_the_phone() {
    let packages = packages();
    let dependency = packages["server"].iter().find(|dependency| dependency["name"] == "frontend").unwrap();
    assert_eq!(dependency["features"], serde_json::json!(["ssr"]));
    let frontend = metadata(&["--no-deps"]);
    let frontend =
        frontend["packages"].as_array().unwrap().iter().find(|package| package["name"] == "frontend").unwrap();
    assert!(frontend["features"].get("default").is_none(), "a default feature could combine csr and ssr");
}

#[test]
fn rules_know_no_framework_and_no_clock() {
    let packages = packages();
    let allowed = BTreeSet::from(["serde", "serde_json", "time", "uuid", "utoipa"]);
    for dependency in &packages["app"] {
        let name = dependency["name"].as_str().unwrap();
        assert!(allowed.contains(name), "`app` must not depend on {name}");
        if name == "utoipa" {
            assert_eq!(dependency["optional"], true, "the phone never carries schemas");
        }
        if name == "time" {
            let features = dependency["features"].as_array().unwrap();
            assert!(!features.iter().any(|feature| feature == "local-offset"), "`time` would read the machine's zone");
        }
    }
}

/// Every Rust file below a folder, with its content.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !matches!(path.file_name().and_then(|name| name.to_str()), Some("target" | "node_modules")) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// The lines of a source that are code of the product: no comments, nothing from the first test module on.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let product = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    product.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line))
}

fn complaints(folders: &[&str], excepted: &[&str], wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in folders.iter().flat_map(|folder| sources(folder)) {
        let name = path.to_string_lossy();
        if excepted.iter().any(|exception| name.ends_with(exception)) || name.contains("tests") {
            continue;
        }
        found.extend(
            code(&text).filter(|(_, line)| wrong(line)).map(|(at, line)| format!("{name}:{at}: {}", line.trim())),
        );
    }
    found
}

fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn only_one_file_of_the_server_reads_a_clock() {
    let clocks = ["SystemTime::now", "Instant::now", "OffsetDateTime::now", "Uuid::now_v7", "Date::now"];
    let found = complaints(&["app/src", "migrations/src"], &[], |line| clocks.iter().any(|clock| line.contains(clock)));
    assert_none(&found, "rules and migrations take the time as an argument");
    // Durations are measured, not told: `observe` looks at a stopwatch, and the board sleeps until tokio's next instant.
    let stopwatches = ["src/clock.rs", "src/observe.rs", "src/attendance/board.rs"];
    let found = complaints(&["server/src"], &stopwatches, |line| clocks.iter().any(|clock| line.contains(clock)));
    assert_none(&found, "the server takes the time from `clock`");
}

#[test]
fn rules_hold_no_database_web_or_randomness() {
    let foreign =
        ["sea_orm", "axum", "leptos", "web_sys", "tokio", "rand::", "new_v4", "std::fs", "std::env", "std::net"];
    let found = complaints(&["app/src"], &[], |line| foreign.iter().any(|name| line.contains(name)));
    assert_none(&found, "`app` does no input and no output");
}

#[test]
fn balances_are_integers() {
    let found = complaints(&["app/src/leave", "server/src/leave"], &["import/balances.rs"], |line| {
        line.contains("f64") || line.contains("f32")
    });
    assert_none(&found, "no floats anywhere near a balance");
}

#[test]
fn a_view_touches_no_browser_and_fetches_nothing() {
    let foreign = ["web_sys", "window()", "document()", "spawn_local", "crate::net", "gloo", "js_sys", "Effect::new"];
    let views: Vec<String> = sources("frontend/src")
        .into_iter()
        .filter(|(path, _)| path.ends_with("view.rs"))
        .flat_map(|(path, text)| {
            let lines: Vec<String> = code(&text)
                .filter(|(_, line)| foreign.iter().any(|name| line.contains(name)))
                .map(|(at, line)| format!("{}:{at}: {}", path.display(), line.trim()))
                .collect();
            lines
        })
        .collect();
    assert_none(&views, "pages fetch, views draw");
}

/// The content policy blocks them: a month once began on a Monday whatever day its first was.
#[test]
fn no_element_has_a_style_of_its_own() {
    let is_style = |line: &str| [" style=", " style:", "set_attribute(\"style\""].iter().any(|of| line.contains(of));
    assert_none(&complaints(&["frontend/src"], &[], is_style), "a style of an element's own");
}

#[test]
fn what_the_screen_says_stands_in_the_message_files() {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // What is said before or without a message file: the names of the languages, the crash page, and the sentences that
    // stand in for a problem of the server, whose sentences are Chinese as well.
    let excepted = [
        "frontend/src/i18n.rs",
        "src/frame/crash.rs",
        "src/kit/gallery.rs",
        "frontend/src/net.rs",
        "src/outbox/mod.rs",
    ];
    let found = complaints(&["frontend/src"], &excepted, |line| {
        let before_comment = line.split("//").next().unwrap_or_default();
        before_comment.contains('"') && before_comment.replace("\"中文\"", "").chars().any(is_chinese)
    });
    assert_none(&found, "texts belong into frontend/locales");
}

#[test]
fn both_languages_have_the_same_keys() {
    fn keys(value: &Value, prefix: &str, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| keys(value, &format!("{prefix}.{key}"), into)),
            _ => {
                // A plural form exists in one language and not in the other.
                let base = ["_one", "_two", "_few", "_many", "_other", "_zero"]
                    .iter()
                    .fold(prefix, |key, suffix| key.trim_end_matches(suffix));
                into.insert(base.to_owned());
            }
        }
    }
    let read = |locale: &str| {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(root().join("frontend/locales").join(locale)).unwrap() {
            let path = entry.unwrap().path();
            let value: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            keys(&value, path.file_stem().unwrap().to_str().unwrap(), &mut found);
        }
        found
    };
    let (chinese, english) = (read("zh-CN"), read("en"));
    let missing: Vec<_> = chinese.symmetric_difference(&english).collect();
    assert!(missing.is_empty(), "keys in one language only: {missing:?}");
}

#[test]
fn an_entity_never_leaves_the_server() {
    let found = complaints(&["server/src/entity"], &[], |line| line.contains("Serialize"));
    assert_none(&found, "wire types are structs of their own");
}

#[test]
fn nothing_is_silenced_for_good() {
    let folders = [
        "app/src",
        "server/src",
        "frontend/src",
        "frontend/bundler/src",
        "frontend/decoder/src",
        "migrations/src",
        "tests/src",
    ];
    let found = complaints(&folders, &[], |line| {
        line.contains("#[allow(") || line.contains("#![allow(") || line.contains("todo!(") || line.contains("#[ignore")
    });
    assert_none(&found, "a lint is silenced by `expect` with its reason, and nothing is left to be done");
}
