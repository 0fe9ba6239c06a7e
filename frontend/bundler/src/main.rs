//! Turns the frontend crate into the site: `bundler [--dev] [--out FOLDER]`.
//!
//! It builds the WebAssembly modules with cargo, runs wasm-bindgen over them as a library, bundles
//! the style sheets, names each file by its content, compresses it, and leaves beside the files a
//! `manifest.json` for tests and an `embed.rs` that the server includes into its binary.

mod asset;
mod compress;
mod module;
mod report;
mod script;
mod site;
mod style;
mod worker;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How the site is built.
pub(crate) enum Mode {
    /// Unoptimised, with the `/kit` gallery; neither compressed nor held to the size budget.
    Dev,
    /// What a court gets.
    Release,
}

/// Where things are and how they are built.
pub(crate) struct Plan {
    /// The workspace's root folder.
    pub(crate) root: PathBuf,
    /// The folder that receives the site; replaced whole.
    pub(crate) out: PathBuf,
    pub(crate) mode: Mode,
}

fn main() -> ExitCode {
    match plan().and_then(|plan| site::build(&plan)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("bundler: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn plan() -> anyhow::Result<Plan> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this package lies two folders below the workspace's root")
        .to_path_buf();
    let mut plan = Plan { out: root.join("target/site"), root, mode: Mode::Release };
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dev" => plan.mode = Mode::Dev,
            "--out" => {
                let folder = arguments.next().ok_or_else(|| anyhow::anyhow!("--out wants a folder"))?;
                plan.out = env::current_dir()?.join(folder);
            }
            other => anyhow::bail!("unknown argument: {other}; known are --dev and --out FOLDER"),
        }
    }
    Ok(plan)
}
