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

/// The colours of the light theme and of the dark one: `#rrggbb` in both, or `light-dark(#rrggbb, #rrggbb)`.
fn themes() -> [(&'static str, Colours); 2] {
    let tokens = TOKENS.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
    let (mut light, mut dark) = (Colours::new(), Colours::new());
    for (name, value) in tokens {
        let sides = value.strip_prefix("light-dark(").and_then(|sides| sides.strip_suffix(')')?.split_once(", "));
        let (of_light, of_dark) = sides.unwrap_or((value, value));
        light.extend(colour(of_light).map(|colour| (name.to_owned(), colour)));
        dark.extend(colour(of_dark).map(|colour| (name.to_owned(), colour)));
    }
    [("light", light), ("dark", dark)]
}

fn colour(hex: &str) -> Option<[f64; 3]> {
    let hex = hex.strip_prefix('#')?;
    let channel = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok().map(f64::from);
    Some([channel(0)?, channel(2)?, channel(4)?])
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
