//! One panic ends a WebAssembly app. Then a sheet says so and offers to open the page again.
//!
//! It uses neither Leptos nor a closure: nothing of the app can be relied on any more.

use std::panic;

use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;

use crate::i18n::td_string;
use crate::preferences;

/// Shows the sheet when the app panics.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        // Failing to draw the sheet leaves the page as it is; there is nobody left to tell.
        draw().ok();
    }));
}

fn draw() -> Result<(), JsValue> {
    let document = document();
    let Some(body) = document.body() else { return Ok(()) };
    if document.get_element_by_id("crash").is_some() {
        return Ok(());
    }
    let locale = preferences::locale();
    let sheet = document.create_element("div")?;
    sheet.set_id("crash");
    sheet.set_class_name("crash");
    sheet.set_attribute("role", "alertdialog")?;
    for (tag, class, text) in [
        ("h2", "", td_string!(locale, common.broken_title)),
        ("p", "muted", td_string!(locale, common.broken_detail)),
        ("a", "button button-primary button-wide", td_string!(locale, common.reload)),
    ] {
        let part = document.create_element(tag)?;
        part.set_class_name(class);
        part.set_text_content(Some(text));
        if tag == "a" {
            part.set_attribute("href", &window().location().href()?)?;
        }
        sheet.append_child(&part)?;
    }
    body.append_child(&sheet)?;
    Ok(())
}
