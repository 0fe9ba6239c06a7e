//! What the phone's module has in place of the desk pages: the way to the module that has them.
//!
//! A link to a desk page is left to the browser, which loads the address anew; the server's shell for it names the
//! desk's module. That keeps the history as for any link, and this page whole for the way back. Whoever comes to a desk
//! page otherwise finds the door, which loads the address anew by itself.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use crate::desk::is_desk_page;
use crate::i18n::td_string;
use crate::kit::{Failed, Skeleton, TopBar, Trouble};
use crate::state::AppState;

/// Whether the document was loaded for a desk page and brought this module all the same, as it does when the service
/// worker stands in for the network. To load it once more at once would bring the same, without end.
#[derive(Clone, Copy)]
struct LoadedInVain(bool);

/// Marks every link to a desk page that is pressed as one that the router leaves alone. To be called before the router
/// is made: listeners are asked in their order.
pub fn leave_desk_links_to_the_browser() {
    let path = window().location().pathname().unwrap_or_default();
    provide_context(LoadedInVain(is_desk_page(&path)));
    let clicks = window_event_listener(ev::click, |click| {
        // Without a network the door says so, and the app stays open.
        if !window().navigator().on_line() {
            return;
        }
        let pressed = click.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = pressed.and_then(|element| element.closest("a[href]").ok().flatten());
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
            && is_desk_page(&link.pathname())
        {
            link.set_rel("external");
        }
    });
    on_cleanup(move || clicks.remove());
}

/// Any desk page: from here they all look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskPage;

impl DeskPage {
    pub fn at(_segments: &[&str]) -> Option<Self> {
        Some(Self)
    }

    pub fn draw(self) -> AnyView {
        Door().into_any()
    }
}

/// Loads the address anew as soon as that can bring the desk's module; until then it says what is missing.
#[component]
fn Door() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let LoadedInVain(in_vain) = expect_context();
    let leaving = RwSignal::new(!in_vain && state.online.get_untracked());
    Effect::new(move |was_online: Option<bool>| {
        let online = state.online.get();
        if leaving.get_untracked() || was_online == Some(false) && online {
            leaving.set(true);
            load_anew();
        }
        online
    });
    let retry = Callback::new(|()| load_anew());
    view! {
        <TopBar locale title=td_string!(locale, kit.desk) up="/me" />
        <main class="page">
            {move || {
                if leaving.get() {
                    return view! { <Skeleton locale /> }.into_any();
                }
                let trouble = Trouble {
                    title: td_string!(locale, common.desk_offline_title).to_owned(),
                    detail: td_string!(locale, common.offline_detail).to_owned(),
                    offline: true,
                };
                view! { <Failed locale trouble on_retry=retry /> }.into_any()
            }}
        </main>
    }
}

/// Loads the present address from the server. The router changes the address only after the page stands, so this waits
/// a turn; the page it came from keeps its own entry in the history.
fn load_anew() {
    // Should the browser refuse, the door stays as it is.
    set_timeout(|| drop(window().location().reload()), Duration::ZERO);
}
