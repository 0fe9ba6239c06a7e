//! WebAssembly modules: cargo, then wasm-bindgen.

use crate::{Mode, Plan};
use anyhow::{Context, bail, ensure};
use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// A module and the script that loads it.
pub(crate) struct Module {
    pub(crate) wasm: Vec<u8>,
    /// An ECMAScript module whose default export is the loader.
    pub(crate) glue: String,
}

/// Builds one package of the workspace for the browser.
///
/// # Errors
/// When the WebAssembly target is not installed, when the package does not compile, or when its
/// scripts need files beside them (we have none, and the site would not serve them).
pub(crate) fn build(plan: &Plan, package: &str, features: &[&str]) -> anyhow::Result<Module> {
    ensure_target()?;
    let (profile, folder) = match plan.mode {
        Mode::Dev => ("dev", "debug"),
        Mode::Release => ("wasm", "wasm"),
    };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&plan.root).args(["build", "--package", package, "--target", TARGET, "--profile", profile]);
    cargo.arg("--no-default-features");
    if !features.is_empty() {
        cargo.arg("--features").arg(features.join(","));
    }
    // A native build's flags (a linker, an instruction set) mean nothing to the browser's target. Leptos can forget the
    // exact type of each piece of a view; measured on the whole app, that takes 18 % off the code.
    cargo.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags(plan).join("\u{1f}"));
    let status = cargo.status().context("cannot start cargo")?;
    ensure!(status.success(), "the package {package} did not compile for the browser");
    bind(package, &target_folder(plan).join(TARGET).join(folder).join(format!("{package}.wasm")))
}

/// The compiler's flags. Folders of the building machine do not go into the product: they are long, they differ from
/// machine to machine, and they are nobody's business.
fn flags(plan: &Plan) -> Vec<String> {
    let mut flags = vec!["--cfg".to_owned(), "erase_components".to_owned()];
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.map(|home| home.join("registry/src"));
    let registries =
        sources.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten().map(|entry| entry.path());
    for folder in registries.chain([plan.root.clone()]) {
        flags.push(format!("--remap-path-prefix={}=", folder.display()));
    }
    flags
}

fn bind(package: &str, wasm: &PathBuf) -> anyhow::Result<Module> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen refused {}", wasm.display()))?;
    let inline = output.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(name, _)| name);
    let scripts = inline.chain(output.local_modules().keys()).cloned().collect::<Vec<_>>();
    ensure!(
        scripts.is_empty(),
        "the package {package} pulls in scripts of its own, which the site does not serve: {}",
        scripts.join(", ")
    );
    Ok(Module { glue: output.js().to_owned(), wasm: output.wasm_mut().emit_wasm() })
}

fn target_folder(plan: &Plan) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| plan.root.join("target"), |folder| plan.root.join(folder))
}

/// Says what to do when the standard library for the browser is missing; cargo's own message is long.
fn ensure_target() -> anyhow::Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start rustc")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let installed = folder.read_dir().is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    });
    if !installed {
        bail!(
            "the Rust target {TARGET} is not installed: run `make setup` (it calls `rustup target add {TARGET}`; \
             without internet give it WASM_STD=FILE.tar.xz)"
        );
    }
    Ok(())
}
