//! The colours of the tokens can be read: WCAG 2.2 asks for a contrast of 4.5:1 for text and 3:1 for the edges of
//! controls.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../src/kit/tokens.css");

/// Text on what it stands on.
const TEXT: &[(&str, &str)] = &[
    ("text", "page"),
    ("text", "surface"),
    ("text-2", "page"),
    ("text-2", "surface"),
    ("text-2", "surface-2"),
    ("text-3", "page"),
    ("text-3", "surface"),
    ("court", "page"),
    ("court", "surface"),
    ("court", "court-soft"),
    ("on-court", "court-fill"),
    ("on-court", "court-press"),
    ("on-court", "bad-fill"),
    ("gold-text", "gold-soft"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("warn", "page"),
    ("bad", "bad-soft"),
    ("bad", "surface"),
];

/// Edges of controls and marks on what they stand on.
const EDGES: &[(&str, &str)] = &[("line-strong", "surface"), ("bad", "surface"), ("court-fill", "page")];

type Colours = HashMap<String, [f64; 3]>;

/// The colours of the light theme, and of the dark one as both of its rules give them.
fn themes() -> [(&'static str, Colours); 3] {
    let (light, rest) = TOKENS.split_once("prefers-color-scheme: dark").expect("the system's dark theme");
    let (system, rest) = rest.split_once(r#":root[data-theme="dark"]"#).expect("the chosen dark theme");
    let (chosen, _) = rest.split_once("}").expect("the end of the rule");
    let base = colours(light);
    let over = |own: &str| base.clone().into_iter().chain(colours(own)).collect();
    [("light", base.clone()), ("dark by the system", over(system)), ("dark by choice", over(chosen))]
}

fn colours(rules: &str) -> Colours {
    rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"))
        .filter_map(|(name, hex)| {
            let channel = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok().map(f64::from);
            Some((name.to_owned(), [channel(0)?, channel(2)?, channel(4)?]))
        })
        .collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_edges_stand_out() {
    for (theme, colours) in themes() {
        for (pairs, least) in [(TEXT, 4.5), (EDGES, 3.0)] {
            for (front, back) in pairs {
                let found = contrast(colours[*front], colours[*back]);
                assert!(found >= least, "{front} on {back}, {theme}: {found:.2} is less than {least}");
            }
        }
    }
}

#[test]
fn both_ways_to_the_dark_theme_are_the_same() {
    let [_, system, chosen] = themes();
    assert_eq!(system.1, chosen.1);
}
