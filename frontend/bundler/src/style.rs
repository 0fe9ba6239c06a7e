//! One style sheet out of the many that lie beside their components.

use anyhow::{Context, anyhow};
use lightningcss::{
    rules::{CssRule, CssRuleList},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet},
    targets::{Browsers, Targets},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Bundles every `*.css` below `source`: first `kit/tokens.css` (it declares the layers), then the rest of
/// the kit, then the pages, each group by path. The same files give the same bytes.
///
/// # Errors
/// When a file cannot be read or is not valid CSS; the message names it.
pub(crate) fn bundle(source: &Path) -> anyhow::Result<String> {
    let mut files = Vec::new();
    collect(source, &mut files)?;
    let kit = source.join("kit");
    files.sort_by_key(|file| (*file != kit.join("tokens.css"), !file.starts_with(&kit), file.clone()));
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display())))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut rules = Vec::new();
    for (file, text) in files.iter().zip(&texts) {
        let name = file.strip_prefix(source).unwrap_or(file).display().to_string();
        let sheet = StyleSheet::parse(text, ParserOptions { filename: name, ..Default::default() })
            .map_err(|error| anyhow!("style sheet: {error}"))?;
        rules.extend(sheet.rules.0);
    }
    minify(flattened(rules))
}

/// The browsers that must show the plain pages: WeChat's web view on iOS 14 is the oldest we meet.
fn targets() -> Targets {
    Targets::from(Browsers {
        chrome: Some(87 << 16),
        ios_saf: Some(14 << 16),
        safari: Some(14 << 16),
        ..Default::default()
    })
}

fn minify(rules: CssRuleList<'_>) -> anyhow::Result<String> {
    let mut sheet = StyleSheet::new(vec!["site".to_owned()], rules, ParserOptions::default());
    sheet
        .minify(MinifyOptions { targets: targets(), ..Default::default() })
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets: targets(), ..Default::default() })
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    Ok(printed.code)
}

/// Cascade layers become plain order.
///
/// Browsers before Chrome 99 and Safari 15.4 drop a whole `@layer` block, so the layers are written out in
/// the order in which they are first named, unlayered rules last, as the cascade would rank them. What is
/// lost is that a later layer wins whatever the specificity: component rules are single classes.
fn flattened<'i>(rules: Vec<CssRule<'i>>) -> CssRuleList<'i> {
    let mut layers: Vec<(String, Vec<CssRule<'i>>)> = Vec::new();
    let mut unlayered = Vec::new();
    let mut layer_of = |name: String| {
        layers.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            layers.push((name, Vec::new()));
            layers.len() - 1
        })
    };
    let mut placed = Vec::new();
    for rule in rules {
        match rule {
            CssRule::LayerStatement(statement) => {
                for name in &statement.names {
                    layer_of(name.0.join("."));
                }
            }
            CssRule::LayerBlock(block) => {
                let name = block.name.map_or_else(String::new, |name| name.0.join("."));
                placed.push((layer_of(name), block.rules.0));
            }
            other => unlayered.push(other),
        }
    }
    for (layer, rules) in placed {
        layers[layer].1.extend(rules);
    }
    let mut ordered = layers.into_iter().flat_map(|(_, rules)| rules).collect::<Vec<_>>();
    ordered.extend(unlayered);
    CssRuleList(ordered)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(css: &str) -> String {
        let sheet = StyleSheet::parse(css, ParserOptions::default()).unwrap();
        minify(flattened(sheet.rules.0)).unwrap()
    }

    #[test]
    fn layers_become_plain_order() {
        let css = "@layer base, kit; .late { color: red } @layer kit { .b { color: blue } } @layer base { .a { color: green } }";
        assert_eq!(print(css), ".a{color:green}.b{color:#00f}.late{color:red}");
    }

    #[test]
    fn modern_syntax_is_lowered() {
        let printed = print(".a { inset: 0; &:hover { color: red } }");
        assert!(printed.contains(".a:hover"), "nesting stays: {printed}");
        assert!(printed.contains("top:0"), "inset stays: {printed}");
    }
}
