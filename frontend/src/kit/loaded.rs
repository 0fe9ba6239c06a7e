//! What stands in a place while its data is on the way, missing, old, or not to be had.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

use super::button::{Button, Look};
use super::icon::{Glyph, Icon};
use crate::i18n::{Locale, td_string};

/// Data that has to be fetched first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Load<T> {
    /// On the way.
    #[default]
    Loading,
    /// Here, and of now.
    Ready(T),
    /// Here, but kept from the last time that there was a network.
    Stale {
        /// The data.
        data: T,
        /// When it was fetched, in words.
        as_of: String,
    },
    /// Not to be had.
    Failed(Trouble),
}

impl<T> Load<T> {
    /// The data, of now or kept.
    pub fn data(&self) -> Option<&T> {
        match self {
            Self::Ready(data) | Self::Stale { data, .. } => Some(data),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// The same with other data.
    pub fn map<R>(self, change: impl FnOnce(T) -> R) -> Load<R> {
        match self {
            Self::Loading => Load::Loading,
            Self::Ready(data) => Load::Ready(change(data)),
            Self::Stale { data, as_of } => Load::Stale { data: change(data), as_of },
            Self::Failed(trouble) => Load::Failed(trouble),
        }
    }
}

/// Why something did not work, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What happened, in a few words.
    pub title: String,
    /// Where, and what to do next.
    pub detail: String,
    /// Whether the network is what is missing.
    pub offline: bool,
}

/// Data of whatever type. Everything between the network and the view handles this one type, so that it is compiled
/// once and not once for each kind of data: a phone pays for every byte.
pub type Shared = Arc<dyn Any + Send + Sync>;

/// A place for data of type `T` that is fetched.
#[derive(Debug)]
pub struct Slot<T> {
    erased: Signal<Load<Shared>>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T: Send + Sync + 'static> Slot<T> {
    /// The slot whose data is of type `T`, as the caller knows.
    pub fn holding(erased: Signal<Load<Shared>>) -> Self {
        Self { erased, holds: PhantomData }
    }

    /// A slot whose data is made from other data.
    pub fn derive(make: impl Fn() -> Load<T> + Send + Sync + 'static) -> Self {
        Self::holding(Signal::derive(move || make().map(share)))
    }

    /// Looks at the data, if there is any, and at it again whenever it changes.
    pub fn with<R>(self, look: impl FnOnce(Peek<'_, T>) -> R) -> R {
        self.erased.with(|load| look(Peek(load.data().and_then(|data| data.downcast_ref()))))
    }

    /// Looks at the data, if there is any, this once.
    pub fn with_untracked<R>(self, look: impl FnOnce(Peek<'_, T>) -> R) -> R {
        self.erased.with_untracked(|load| look(Peek(load.data().and_then(|data| data.downcast_ref()))))
    }

    /// Why there is nothing, where it could not be had.
    pub fn trouble(self) -> Option<Trouble> {
        self.erased.with(|load| match load {
            Load::Failed(trouble) => Some(trouble.clone()),
            _ => None,
        })
    }

    /// A copy of what the slot holds.
    pub fn get(self) -> Load<T>
    where
        T: Clone,
    {
        self.erased.get().map(|data| unshare::<T>(&data).clone())
    }
}

impl<T: Clone + Send + Sync + 'static> From<Signal<Load<T>>> for Slot<T> {
    fn from(load: Signal<Load<T>>) -> Self {
        Self::derive(move || load.get())
    }
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<Load<T>>> for Slot<T> {
    fn from(load: RwSignal<Load<T>>) -> Self {
        Self::derive(move || load.get())
    }
}

/// A look into a [`Slot`].
#[derive(Clone, Copy, Debug)]
pub struct Peek<'a, T>(Option<&'a T>);

impl<'a, T> Peek<'a, T> {
    /// The data, of now or kept.
    pub fn data(self) -> Option<&'a T> {
        self.0
    }
}

/// Puts data into the one type that is handed around.
pub fn share<T: Send + Sync + 'static>(data: T) -> Shared {
    Arc::new(data)
}

fn unshare<T: 'static>(data: &Shared) -> &T {
    data.downcast_ref().expect("a slot holds what its type says")
}

/// Draws data that is fetched: a skeleton while it is on the way, the reason and 重试 when it failed, the "as of"
/// line when it is an old copy, `empty` when there is nothing in it, and else `draw`.
#[component]
pub fn Loaded<T, Draw>(
    /// The language.
    locale: Locale,
    /// The data.
    #[prop(into)]
    load: Slot<T>,
    /// Fetches again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Whether there is nothing to draw.
    #[prop(optional)]
    is_empty: Option<fn(&T) -> bool>,
    /// What stands there when there is nothing to draw.
    #[prop(optional, into)]
    empty: ViewFn,
    /// Draws the data.
    draw: Draw,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    Draw: Fn(&T) -> AnyView + Send + 'static,
{
    let drawn = move |data: &Shared| {
        let data = unshare::<T>(data);
        if is_empty.is_some_and(|is_empty| is_empty(data)) { empty.run() } else { draw(data) }
    };
    loaded(locale, load.erased, on_retry, Box::new(drawn))
}

fn loaded(
    locale: Locale,
    load: Signal<Load<Shared>>,
    on_retry: Callback<()>,
    drawn: Box<dyn Fn(&Shared) -> AnyView + Send>,
) -> AnyView {
    (move || {
        load.with(|load| match load {
            Load::Loading => view! { <Skeleton locale /> }.into_any(),
            Load::Ready(data) => drawn(data),
            Load::Stale { data, as_of } => view! {
                <div>
                    <p class="as-of">
                        <Glyph icon=Icon::Offline />
                        {td_string!(locale, kit.as_of, time = as_of.clone())}
                    </p>
                    {drawn(data)}
                </div>
            }
            .into_any(),
            Load::Failed(trouble) => view! { <Failed locale trouble=trouble.clone() on_retry /> }.into_any(),
        })
    })
    .into_any()
}

/// The shape of a page whose data is on the way.
#[component]
pub fn Skeleton(
    /// The language.
    locale: Locale,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=td_string!(locale, common.loading)>
            <span class="bone"></span>
            <span class="bone"></span>
            <span class="bone"></span>
            <span class="bone"></span>
        </div>
    }
    .into_any()
}

/// Nothing is here, and what could be done about it.
#[component]
pub fn EmptyState(
    /// An icon of what would stand here.
    #[prop(default = Icon::Empty)]
    icon: Icon,
    /// What is not here.
    #[prop(into)]
    title: String,
    /// Why, or what comes next; none when empty.
    #[prop(optional, into)]
    detail: String,
    /// A way on, such as a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice">
            <Glyph icon />
            <h2>{title}</h2>
            {(!detail.is_empty()).then(|| view! { <p class="small">{detail}</p> })}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// Something could not be had: why, and 重试.
#[component]
pub fn Failed(
    /// The language.
    locale: Locale,
    /// Why.
    trouble: Trouble,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="notice" role="alert">
            <Glyph icon=if trouble.offline { Icon::Offline } else { Icon::Warning } />
            <h2>{trouble.title}</h2>
            <p class="small">{trouble.detail}</p>
            <Button look=Look::Secondary icon=Icon::Retry on_press=on_retry>
                {td_string!(locale, kit.retry)}
            </Button>
        </div>
    }
    .into_any()
}
