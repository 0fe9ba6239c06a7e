//! The whole build: modules, styles, public files, manifest.

use crate::{
    Mode, Plan,
    asset::Asset,
    compress::{Squeezed, squeeze},
    module::{self, Module},
    report::{self, Weight},
    script, style, worker,
};
use anyhow::Context;
use serde_json::json;
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// What a phone loads. Planned were 260 KB; ARCHITECTURE.md ("Size of the app") has the measurements.
const PHONE_WASM_BUDGET: usize = 475_000;
/// Every page, for desks.
const DESK_WASM_BUDGET: usize = 800_000;
const GLUE_BUDGET: usize = 15_000;
const CSS_BUDGET: usize = 15_000;

/// The app as one WebAssembly module, with its loader.
struct Program {
    glue: Asset,
    wasm: Asset,
}

/// The files that the shell names, and all others.
struct Site {
    css: Asset,
    boot: Asset,
    phone: Program,
    /// Every page; where there is none, the phone's program has them all.
    desk: Option<Program>,
    decoder_glue: Asset,
    decoder_wasm: Asset,
    /// Files that keep their names: the manifest, icons, the service worker.
    named: Vec<Asset>,
}

impl Site {
    fn all(&self) -> impl Iterator<Item = &Asset> {
        let programs = [Some(&self.phone), self.desk.as_ref()].into_iter().flatten();
        [&self.css, &self.boot, &self.decoder_glue, &self.decoder_wasm]
            .into_iter()
            .chain(programs.flat_map(|program| [&program.glue, &program.wasm]))
            .chain(&self.named)
    }

    fn desk(&self) -> &Program {
        self.desk.as_ref().unwrap_or(&self.phone)
    }

    fn budget(&self, asset: &Asset) -> Option<usize> {
        let limits = [
            (&self.phone.wasm, PHONE_WASM_BUDGET),
            (&self.phone.glue, GLUE_BUDGET),
            (&self.desk().wasm, DESK_WASM_BUDGET),
            (&self.desk().glue, GLUE_BUDGET),
            (&self.css, CSS_BUDGET),
        ];
        limits.iter().find(|(limited, _)| limited.path == asset.path).map(|(_, budget)| *budget)
    }
}

/// Builds the site into `plan.out` and prints what each file weighs.
///
/// # Errors
/// When a part does not build, a file cannot be written, or (release only) a file is past its budget; the
/// site is then on disk all the same, to be looked at.
pub(crate) fn build(plan: &Plan) -> anyhow::Result<()> {
    let (phone, desk) = match plan.mode {
        // One module for phones and desks, since whoever builds the product waits for it at every change. `make lint`
        // compiles the phone's selection of features.
        Mode::Dev => (module::build(plan, "frontend", &["csr", "desk", "gallery"])?, None),
        Mode::Release => {
            (module::build(plan, "frontend", &["csr"])?, Some(module::build(plan, "frontend", &["csr", "desk"])?))
        }
    };
    let decoder = module::build(plan, "decoder", &[])?;
    let site = assemble(plan, phone, desk, decoder)?;
    let weights = write(plan, &site)?;
    println!("{}", report::table(&weights));
    match plan.mode {
        Mode::Dev => Ok(()),
        Mode::Release => report::check(&weights),
    }
}

fn assemble(plan: &Plan, phone: Module, desk: Option<Module>, decoder: Module) -> anyhow::Result<Site> {
    let public = plan.root.join("public");
    let css = Asset::hashed("app", "css", style::bundle(&plan.root.join("frontend/src"))?.into_bytes());
    let boot = Asset::hashed("boot", "js", script::tidy(&read(&public.join("boot.js"))?).into_bytes());
    let phone = self_starting("app", phone);
    let desk = desk.map(|module| self_starting("desk", module));
    let decoder_wasm = Asset::hashed("decoder", "wasm", decoder.wasm);
    let decoder_glue = Asset::hashed("decoder", "js", located(&decoder.glue, &decoder_wasm).into_bytes());
    let mut named = public_files(&public)?;
    let template = script::tidy(&read(&public.join("sw.js"))?);
    let mut kept = vec![&css, &boot, &phone.glue, &phone.wasm];
    kept.extend(&named);
    let worker = worker::fill(&template, &kept)?;
    named.push(Asset::named("sw.js".to_owned(), worker.into_bytes()));
    Ok(Site { css, boot, phone, desk, decoder_glue, decoder_wasm, named })
}

/// The app starts by itself and tells `boot.js` how it went; one request fewer than a loader file.
fn self_starting(name: &str, module: Module) -> Program {
    let wasm = Asset::hashed(name, "wasm", module.wasm);
    let start = format!(
        "\nconst begin=()=>__wbg_init({{module_or_path:\"{}\"}}).then(()=>window.fingertip.started(),e=>window.fingertip.failed(e));\
         document.readyState===\"loading\"?addEventListener(\"DOMContentLoaded\",begin):begin();\n",
        wasm.url()
    );
    Program { glue: Asset::hashed(name, "js", (script::tidy(&module.glue) + &start).into_bytes()), wasm }
}

/// The decoder's loader knows where its module is, and leaves a promise of the reader where the app finds it: WebAssembly
/// has no dynamic import of its own, and the policy forbids to make one out of text.
fn located(glue: &str, wasm: &Asset) -> String {
    let ready =
        format!("\nwindow.fingertip.decoder=__wbg_init({{module_or_path:\"{}\"}}).then(()=>decode);\n", wasm.url());
    script::tidy(glue) + &ready
}

/// Everything below `public/` that is served as it is.
fn public_files(public: &Path) -> anyhow::Result<Vec<Asset>> {
    let mut files = Vec::new();
    collect(public, &mut files)?;
    files.sort();
    files
        .into_iter()
        .filter_map(|file| {
            let path = file.strip_prefix(public).ok()?.to_string_lossy().replace('\\', "/");
            (path != "boot.js" && path != "sw.js").then_some((path, file))
        })
        .map(|(path, file)| {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            Ok(Asset::named(path, bytes))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Writes the files, their compressed forms, `manifest.json` and `embed.rs`.
fn write(plan: &Plan, site: &Site) -> anyhow::Result<Vec<Weight>> {
    let memory = plan.root.join("target/bundler");
    fs::create_dir_all(&memory)?;
    if plan.out.exists() {
        fs::remove_dir_all(&plan.out).with_context(|| format!("cannot replace {}", plan.out.display()))?;
    }
    let mut weights = Vec::new();
    let mut files = String::new();
    for asset in site.all() {
        let squeezed = match plan.mode {
            Mode::Release if asset.compressible() => Some(squeeze(asset, &memory)?),
            _ => None,
        };
        write_asset(&plan.out, asset, squeezed.as_ref())?;
        push_embedded(&mut files, asset, squeezed.is_some());
        weights.push(Weight {
            path: asset.path.clone(),
            raw: asset.bytes.len(),
            brotli: squeezed.map(|squeezed| squeezed.brotli.len()),
            budget: site.budget(asset),
        });
    }
    let id = worker::build_id(&site.all().collect::<Vec<_>>());
    fs::write(plan.out.join("embed.rs"), embedded(site, &id, &files))?;
    let manifest = json!({
        "build": id,
        "css": site.css.url(),
        "boot": site.boot.url(),
        "phone": { "glue": site.phone.glue.url(), "wasm": site.phone.wasm.url() },
        "desk": { "glue": site.desk().glue.url(), "wasm": site.desk().wasm.url() },
        "decoder": site.decoder_glue.url(),
        "files": weights.iter().map(|weight| json!({ "path": weight.path, "raw": weight.raw, "brotli": weight.brotli })).collect::<Vec<_>>(),
    });
    fs::write(plan.out.join("manifest.json"), serde_json::to_string_pretty(&manifest)?)?;
    Ok(weights)
}

fn write_asset(out: &Path, asset: &Asset, squeezed: Option<&Squeezed>) -> anyhow::Result<()> {
    let file = out.join(&asset.path);
    fs::create_dir_all(file.parent().expect("an asset lies below the site's folder"))?;
    fs::write(&file, &asset.bytes).with_context(|| format!("cannot write {}", file.display()))?;
    if let Some(squeezed) = squeezed {
        fs::write(out.join(format!("{}.br", asset.path)), &squeezed.brotli)?;
        fs::write(out.join(format!("{}.gz", asset.path)), &squeezed.gzip)?;
    }
    Ok(())
}

fn push_embedded(files: &mut String, asset: &Asset, squeezed: bool) {
    let bytes = |suffix: &str| format!("include_bytes!({:?})", format!("{}{suffix}", asset.path));
    let option = |suffix: &str| if squeezed { format!("Some({})", bytes(suffix)) } else { "None".to_owned() };
    let _ = writeln!(
        files,
        "        File {{ path: {:?}, content_type: {:?}, immutable: {}, digest: {:?}, bytes: {}, br: {}, gz: {} }},",
        asset.url(),
        asset.content_type,
        asset.immutable,
        asset.digest,
        bytes(""),
        option(".br"),
        option(".gz"),
    );
}

/// An expression of the server's type `Site`; the paths in it are relative to the file itself.
fn embedded(site: &Site, id: &str, files: &str) -> String {
    let module =
        |program: &Program| format!("Module {{ glue: {:?}, wasm: {:?} }}", program.glue.url(), program.wasm.url());
    format!(
        "Site {{\n    build: {id:?},\n    css: {:?},\n    boot: {:?},\n    phone: {},\n    desk: {},\n    decoder: {:?},\n    files: &[\n{files}    ],\n}}\n",
        site.css.url(),
        site.boot.url(),
        module(&site.phone),
        module(site.desk()),
        site.decoder_glue.url(),
    )
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn assembled(desk: Option<&str>) -> Site {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf();
        let plan = Plan { out: root.join("target/site"), root, mode: Mode::Dev };
        let module = |code: &str| Module { wasm: code.as_bytes().to_vec(), glue: format!("// {code}") };
        assemble(&plan, module("phone"), desk.map(module), module("decoder")).unwrap()
    }

    #[test]
    fn phones_are_told_to_keep_their_own_module_only() {
        let site = assembled(Some("desk"));
        let worker = site.named.iter().find(|asset| asset.path == "sw.js").unwrap();
        let worker = std::str::from_utf8(&worker.bytes).unwrap();
        let desk = site.desk();
        for kept in [&site.phone.glue, &site.phone.wasm, &site.css] {
            assert!(worker.contains(&kept.url()), "{}", kept.path);
        }
        assert!(!worker.contains(&desk.glue.url()) && !worker.contains(&desk.wasm.url()));
        assert!(worker.contains("\"__DESK__\"") && worker.contains("__SHELL__"), "these are the server's to fill in");
        assert_eq!(site.budget(&site.phone.wasm), Some(PHONE_WASM_BUDGET));
        assert_eq!(site.budget(&desk.wasm), Some(DESK_WASM_BUDGET));
    }

    #[test]
    fn one_module_can_stand_for_both() {
        let site = assembled(None);
        let paths = site.all().map(|asset| asset.path.as_str()).collect::<Vec<_>>();
        assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), paths.len(), "each file once");
        let module = format!("Module {{ glue: {:?}, wasm: {:?} }}", site.phone.glue.url(), site.phone.wasm.url());
        assert!(embedded(&site, "b1", "").contains(&format!("phone: {module},\n    desk: {module},")));
    }
}
