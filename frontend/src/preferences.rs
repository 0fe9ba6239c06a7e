//! How the officer likes the screen: theme, large type, language. Kept on the phone, applied to the root element.

use crate::i18n::Locale;
use leptos::prelude::*;

/// The key of the theme in the browser's storage: `auto`, `light` or `dark`.
const THEME: &str = "theme";
/// The key of the size of type: `normal` or `large`.
const TYPE: &str = "type";
/// The key of the language: `zh-CN` or `en`.
const LOCALE: &str = "locale";

/// The language that was chosen; Chinese at first.
pub fn locale() -> Locale {
    kept(LOCALE).and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The theme that was chosen: `auto`, `light` or `dark`.
pub fn theme() -> String {
    kept(THEME).unwrap_or_else(|| "auto".to_owned())
}

/// Whether large type (大字版) was chosen.
pub fn large_type() -> bool {
    kept(TYPE).as_deref() == Some("large")
}

/// Chooses a theme and shows it at once.
pub fn set_theme(theme: &str) {
    keep(THEME, theme);
    apply();
}

/// Chooses the size of type and shows it at once.
pub fn set_large_type(large: bool) {
    keep(TYPE, if large { "large" } else { "normal" });
    apply();
}

/// Chooses a language; the app starts again in it.
pub fn set_locale(name: &str) {
    if name == locale().to_string() {
        return;
    }
    keep(LOCALE, name);
    // If the browser refuses to reload, the new language shows at the next start.
    window().location().reload().ok();
}

/// Puts the choices on the root element, where the tokens read them.
pub fn apply() {
    let Some(root) = document().document_element() else { return };
    let theme = theme();
    // Setting an attribute by a constant name cannot fail.
    if theme == "auto" {
        root.remove_attribute("data-theme").ok();
    } else {
        root.set_attribute("data-theme", &theme).ok();
    }
    root.set_attribute("data-type", if large_type() { "large" } else { "normal" }).ok();
    root.set_attribute("lang", locale().as_ref()).ok();
}

/// Storage can be switched off; then nothing is kept and the defaults hold.
fn kept(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

fn keep(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        storage.set_item(key, value).ok();
    }
}
