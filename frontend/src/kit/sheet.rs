//! A sheet that rises over the page for one decision.
//!
//! It is the browser's own modal dialog, so focus stays inside, Escape closes it and the page behind is inert. While
//! it is open, the back gesture closes it instead of leaving the page.

use leptos::html;
use leptos::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use crate::i18n::{Locale, td_string};

/// A sheet over the page.
#[component]
pub fn Sheet(
    /// The language.
    locale: Locale,
    /// Whether it is open; the sheet clears it when it is closed.
    open: RwSignal<bool>,
    /// What is decided here.
    #[prop(into)]
    title: Signal<String>,
    /// The content, made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    #[cfg(feature = "csr")]
    modal::drive(dialog, open);
    let close = Callback::new(move |()| open.set(false));
    view! {
        <dialog class="sheet" node_ref=dialog aria-label=move || title.get() on:close=move |_| open.set(false)>
            <div class="sheet-head">
                <h2>{move || title.get()}</h2>
                <IconButton icon=Icon::Cross label=td_string!(locale, kit.close) on_press=close />
            </div>
            <div class="sheet-body">{move || open.get().then(|| children())}</div>
        </dialog>
    }
    .into_any()
}

#[cfg(feature = "csr")]
mod modal {
    use leptos::ev;
    use leptos::html;
    use leptos::prelude::*;
    use wasm_bindgen::JsValue;

    /// Opens and closes the dialog with the signal, and makes the back gesture close it.
    pub fn drive(dialog: NodeRef<html::Dialog>, open: RwSignal<bool>) {
        Effect::new(move |_| {
            let wanted = open.get();
            let Some(dialog) = dialog.get() else { return };
            if wanted && !dialog.open() {
                // A sheet that cannot be shown would leave its signal open and the page without an answer.
                if dialog.show_modal().is_err() {
                    open.set(false);
                    return;
                }
                keep_place();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        });
        let back = window_event_listener(ev::popstate, move |_| {
            open.try_set(false);
        });
        on_cleanup(move || back.remove());
    }

    /// Adds an entry for the same page, which the back gesture takes away again.
    fn keep_place() {
        if let Ok(history) = window().history() {
            // Without the entry the gesture leaves the page, as it does without a sheet: nothing is lost.
            history.push_state_with_url(&JsValue::NULL, "", None).ok();
        }
    }
}
