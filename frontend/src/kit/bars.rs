//! The bars around a page: top bar, tab bar, the rail on desks, banners.

use leptos::prelude::*;

use super::badge::{Count, Tone};
use super::icon::{Glyph, Icon};
use crate::i18n::{Locale, td_string};

/// How many notices are not read. The frame provides it as context, since it belongs to every page and to none: the
/// top bar of each page without a way back shows it on phones, the rail on desks.
#[derive(Clone, Copy, Debug)]
pub struct Unread(pub Signal<u64>);

/// The way to the notices, with how many are not read.
fn bell(locale: Locale, Unread(unread): Unread) -> AnyView {
    let label = move || match unread.get() {
        0 => td_string!(locale, kit.notices).to_owned(),
        count => td_string!(locale, kit.unread_notices, count),
    };
    view! {
        <a class="icon-button bell" href="/notices" aria-label=label>
            <Glyph icon=Icon::Bell />
            <Count of=unread />
        </a>
    }
    .into_any()
}

/// The name of a page, the way back, and what else belongs to its head.
#[component]
pub fn TopBar(
    /// The language.
    locale: Locale,
    /// The page's name.
    #[prop(into)]
    title: Signal<String>,
    /// The page one level up; none on the pages of the tab bar.
    #[prop(optional, into)]
    up: Option<String>,
    /// What stands at the end.
    #[prop(optional, into)]
    end: Option<AnyView>,
) -> impl IntoView {
    let root = up.is_none();
    let bell = root.then(use_context::<Unread>).flatten().map(|unread| bell(locale, unread));
    view! {
        <header class=if root { "top-bar top-bar-root" } else { "top-bar" }>
            {up
                .map(|up| {
                    view! {
                        <a class="icon-button" href=up aria-label=td_string!(locale, kit.back)>
                            <Glyph icon=Icon::Back />
                        </a>
                    }
                })} <h1>{move || title.get()}</h1> <div class="top-bar-end">{end} {bell}</div>
        </header>
    }
    .into_any()
}

/// The places of the tab bar, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// 待办: what matters today.
    Home,
    /// 请假.
    Leave,
    /// The scan button in the middle.
    Scan,
    /// 培训.
    Training,
    /// 我的.
    Me,
}

impl Tab {
    /// The tabs in their order.
    pub const ALL: [Self; 5] = [Self::Home, Self::Leave, Self::Scan, Self::Training, Self::Me];

    /// Where the tab leads.
    pub fn href(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Leave => "/leave",
            Self::Scan => "/scan",
            Self::Training => "/training",
            Self::Me => "/me",
        }
    }

    /// The tab whose pages an address belongs to.
    pub fn of(path: &str) -> Option<Self> {
        match path.trim_start_matches('/').split('/').next()? {
            "" | "approvals" => Some(Self::Home),
            "leave" => Some(Self::Leave),
            "scan" => Some(Self::Scan),
            "training" | "classes" | "lessons" => Some(Self::Training),
            "me" => Some(Self::Me),
            _ => None,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Home => Icon::Todo,
            Self::Leave => Icon::Leave,
            Self::Scan => Icon::Scan,
            Self::Training => Icon::Training,
            Self::Me => Icon::Person,
        }
    }

    fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::Home => td_string!(locale, kit.tab_home),
            Self::Leave => td_string!(locale, kit.tab_leave),
            Self::Scan => td_string!(locale, kit.tab_scan),
            Self::Training => td_string!(locale, kit.tab_training),
            Self::Me => td_string!(locale, kit.tab_me),
        }
    }
}

/// The bar at the foot of a phone.
#[component]
pub fn TabBar(
    /// The language.
    locale: Locale,
    /// The tab that the page belongs to.
    #[prop(into)]
    active: Signal<Option<Tab>>,
    /// How many things wait in 待办.
    #[prop(into)]
    waiting: Signal<u64>,
) -> impl IntoView {
    let tabs = Tab::ALL
        .into_iter()
        .map(|tab| {
            let current = move || (active.get() == Some(tab)).then_some("page");
            let inside = match tab {
                Tab::Scan => view! {
                    <span class="tab-scan-disc">
                        <Glyph icon=tab.icon() />
                    </span>
                }
                .into_any(),
                Tab::Home => view! {
                    <Glyph icon=tab.icon() />
                    <Count of=waiting />
                }
                .into_any(),
                _ => view! { <Glyph icon=tab.icon() /> }.into_any(),
            };
            view! {
                <a
                    class=if tab == Tab::Scan { "tab tab-scan" } else { "tab" }
                    href=tab.href()
                    aria-current=current
                >
                    {inside}
                    <span>{tab.label(locale)}</span>
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="tab-bar" aria-label=td_string!(locale, kit.navigation)>
            {tabs}
        </nav>
    }
    .into_any()
}

/// A place in the rail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it leads.
    pub href: &'static str,
    /// Its icon.
    pub icon: Icon,
    /// Its name.
    pub label: &'static str,
}

/// The rail at the side of a desk's screen: the tabs, and below them the desk pages that the officer may see.
#[component]
pub fn Rail(
    /// The language.
    locale: Locale,
    /// The path of the page.
    #[prop(into)]
    path: Signal<String>,
    /// How many things wait in 待办.
    #[prop(into)]
    waiting: Signal<u64>,
    /// The desk pages.
    #[prop(into)]
    desk: Signal<Vec<Place>>,
) -> impl IntoView {
    let tabs = Tab::ALL
        .into_iter()
        .map(|tab| {
            let current = move || path.with(|path| (Tab::of(path) == Some(tab)).then_some("page"));
            view! {
                <a class="rail-link" href=tab.href() aria-current=current>
                    <Glyph icon=tab.icon() />
                    <span class="grow">{tab.label(locale)}</span>
                    {(tab == Tab::Home).then(|| view! { <Count of=waiting /> })}
                </a>
            }
        })
        .collect_view();
    let notices = use_context::<Unread>().map(|Unread(unread)| {
        let current = move || path.with(|path| path.starts_with("/notices").then_some("page"));
        view! {
            <a class="rail-link" href="/notices" aria-current=current>
                <Glyph icon=Icon::Bell />
                <span class="grow">{td_string!(locale, kit.notices)}</span>
                <Count of=unread />
            </a>
        }
    });
    view! {
        <nav class="rail" aria-label=td_string!(locale, kit.navigation)>
            <div class="rail-brand">
                <Glyph icon=Icon::Court />
                {td_string!(locale, common.product)}
            </div>
            {tabs} {notices}
            {move || {
                let places = desk.get();
                let all: Vec<&'static str> = places.iter().map(|place| place.href).collect();
                (!places.is_empty())
                    .then(|| {
                        view! {
                            <p class="rail-head">{td_string!(locale, kit.desk)}</p>
                            {places
                                .into_iter()
                                .map(|place| {
                                    let all = all.clone();
                                    let current = move || {
                                        path.with(|path| (place_of(path, &all) == Some(place.href)).then_some("page"))
                                    };
                                    view! {
                                        <a class="rail-link" href=place.href aria-current=current>
                                            <Glyph icon=place.icon />
                                            <span>{place.label}</span>
                                        </a>
                                    }
                                })
                                .collect_view()}
                        }
                    })
            }}
        </nav>
    }
    .into_any()
}

/// The place that a page belongs to: the pages below one are its own, like the log of the channels, where they are no
/// place themselves.
fn place_of<'p>(path: &str, places: &[&'p str]) -> Option<&'p str> {
    let is_below =
        |place: &&&str| path.strip_prefix(**place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    places.iter().filter(is_below).max_by_key(|place| place.len()).copied()
}

/// A line above every page: a demo, no network.
#[component]
pub fn Banner(
    /// What it means.
    tone: Tone,
    /// Its icon.
    icon: Icon,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class=format!("banner {}", tone.class()) role="status">
            <Glyph icon />
            <span>{text}</span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_page_belongs_to_the_nearest_place_above_it() {
        let places = ["/channels", "/work-calendar", "/work-calendar/courts"];
        let pages = [
            ("/work-calendar", Some("/work-calendar")),
            ("/work-calendar/courts", Some("/work-calendar/courts")),
            ("/work-calendar/weeks", Some("/work-calendar")),
            ("/channels/deliveries", Some("/channels")),
            ("/channelsx", None),
            ("/", None),
        ];
        for (page, place) in pages {
            assert_eq!(place_of(page, &places), place, "{page}");
        }
    }
}
