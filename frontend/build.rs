//! Turns `locales/<language>/<noun>.json` into the typed `i18n` module: a key that is missing in one language, or
//! misspelt in a view, fails the build instead of reaching a screen.
//!
//! It calls the generator of `leptos_i18n` directly. The crate `leptos_i18n_build` wraps the same calls and adds an
//! exporter of ICU data, which takes minutes to compile and which no text of ours needs.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// One message file per noun and language, in the order in which the screens appear.
const NAMESPACES: [&str; 28] = [
    "common",
    "kit",
    "home",
    "leave",
    "ledger",
    "leave_type",
    "authority",
    "conflict",
    "attachment",
    "stand_in",
    "draft",
    "on_behalf",
    "team",
    "print",
    "feed",
    "figures",
    "after",
    "absence",
    "approval",
    "definition",
    "notice",
    "account",
    "org",
    "training",
    "scan",
    "outbox",
    "gallery",
    "calendar",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let config = Config::new("zh-CN")?
        .add_locale("en")?
        .add_namespaces(NAMESPACES)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    for file in locales.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={file}");
    }
    // What the generator only warns about (a key that one language lacks or has too many) is a mistake here.
    for mistake in locales.diag.warnings().iter() {
        println!("cargo::error={mistake}");
    }
    for mistake in locales.diag.errors().iter() {
        println!("cargo::error={mistake}");
    }
    let module = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)?;
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("i18n");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("mod.rs"), module.to_string())?;
    Ok(())
}
