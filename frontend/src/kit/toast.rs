//! Short messages that go away by themselves.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use super::badge::Tone;
use super::icon::Glyph;

/// How long a message stays.
const STAY: Duration = Duration::from_secs(4);
/// How long a message stays that leads somewhere: there has to be time to tap it.
const STAY_WITH_LINK: Duration = Duration::from_secs(7);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    href: Option<String>,
}

/// The messages of the app. One is made by the frame and given to every page as context, so it outlives them all.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }
}

impl Toasts {
    /// Shows a message for four seconds; at most three stand at a time.
    pub fn show(self, tone: Tone, text: impl Into<String>) {
        self.push(tone, text.into(), None);
    }

    /// Shows a message for seven seconds that leads to a page when it is tapped.
    pub fn show_link(self, tone: Tone, text: impl Into<String>, href: impl Into<String>) {
        self.push(tone, text.into(), Some(href.into()));
    }

    fn push(self, tone: Tone, text: String, href: Option<String>) {
        let stay = if href.is_some() { STAY_WITH_LINK } else { STAY };
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            if shown.len() == 3 {
                shown.remove(0);
            }
            shown.push(Toast { id, tone, text, href });
        });
        set_timeout(
            move || {
                self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
            },
            stay,
        );
    }
}

/// Where the messages stand.
#[component]
pub fn ToastPlace(
    /// The messages.
    toasts: Toasts,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    #[cfg(feature = "csr")]
    raise(place, toasts);
    view! {
        <div node_ref=place class="toasts" popover="manual" role="status" aria-live="polite">
            {move || {
                toasts
                    .shown
                    .get()
                    .into_iter()
                    .map(|toast| {
                        let class = format!("toast toast-{}", toast.tone.class().trim_start_matches("tone-"));
                        let inside = view! {
                            <Glyph icon=toast.tone.icon() />
                            <span>{toast.text}</span>
                        };
                        match toast.href {
                            Some(href) => view! { <a class=class href=href>{inside}</a> }.into_any(),
                            None => view! { <div class=class>{inside}</div> }.into_any(),
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}

/// Lifts the messages over a sheet: a modal dialog lies above every layer of the page, and only what is shown as a popover
/// after it lies above the dialog. A browser that knows no popovers leaves them where they are.
#[cfg(feature = "csr")]
fn raise(place: NodeRef<html::Div>, toasts: Toasts) {
    Effect::new(move |_| {
        let is_empty = toasts.shown.with(Vec::is_empty);
        let Some(place) = place.get() else { return };
        place.hide_popover().ok();
        if !is_empty {
            place.show_popover().ok();
        }
    });
}
