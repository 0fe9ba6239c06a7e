//! Loads classes and lessons, and closes a rating.

use app::api::{ById, Empty, Page};
use app::home::{GetHome, Home};
use app::rating::api::CloseRating;
use app::training::api::{Class, ClassQuery, GetLesson, Lesson, Lessons, ListClasses, ListLessons};
use leptos::prelude::*;

use super::view::{self, Overview};
use crate::i18n::td_string;
use crate::kit::{Button, Load, Loaded, Look, Sheet, Size, Slot, Tone, TopBar};
use crate::load::{act, complain, id_in_path, read};
use crate::net;
use crate::state::AppState;

/// `/training`
#[component]
pub fn TrainingPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let query = ClassQuery { limit: Some(100), ..ClassQuery::default() };
    let classes = read::<ListClasses>(state, move || Some((Empty {}, query.clone())));
    let home = read::<GetHome>(state, || Some((Empty {}, Empty {})));
    // The classes decide; today's lessons join them when they are there.
    let load = Slot::derive(move || {
        let today = home.load.with(|home| home.data().map(|home: &Home| home.lessons.clone()).unwrap_or_default());
        let join = |page: Page<Class>| Overview { today, classes: page.items };
        match classes.load.get() {
            Load::Ready(page) => Load::Ready(join(page)),
            Load::Stale { data, as_of } => Load::Stale { data: join(data), as_of },
            Load::Loading => Load::Loading,
            Load::Failed(trouble) => Load::Failed(trouble),
        }
    });
    let again = Callback::new(move |()| {
        classes.again.run(());
        home.again.run(());
    });
    view! {
        <TopBar locale title=td_string!(locale, training.title) />
        <main class="page">
            <Loaded locale load on_retry=again draw=move |data: &Overview| view::overview(state.words(), data) />
        </main>
    }
}

/// `/classes/:id`
#[component]
pub fn ClassPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let lessons = read::<ListLessons>(state, move || id().map(|id| (ById { id }, Empty {})));
    view! {
        <TopBar locale title=td_string!(locale, training.class) up="/training" />
        <main class="page">
            <Loaded
                locale
                load=lessons.load
                on_retry=lessons.again
                draw=move |data: &Lessons| view::class(state.words(), data)
            />
        </main>
    }
}

/// `/lessons/:id`
#[component]
pub fn LessonPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let lesson = read::<GetLesson>(state, move || id().map(|id| (ById { id }, Empty {})));
    let closing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let ask = Callback::new(move |()| closing.set(true));
    let close = Callback::new(move |()| {
        let Some(id) = id() else { return };
        act(busy, async move {
            match net::call::<CloseRating>(&ById { id }, &Empty {}, &Empty {}).await {
                Ok(_) => {
                    closing.try_set(false);
                    state.toasts.show(Tone::Good, td_string!(locale, training.rating_closed));
                    lesson.again.run(());
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    view! {
        <TopBar locale title=td_string!(locale, training.lesson) up="/training" />
        <main class="page">
            <Loaded
                locale
                load=lesson.load
                on_retry=lesson.again
                draw=move |data: &Lesson| view::lesson(state.words(), data, ask)
            />
        </main>
        <Sheet locale open=closing title=td_string!(locale, training.close_rating)>
            <p>{td_string!(locale, training.close_rating_sure)}</p>
            <Button look=Look::DangerFill size=Size::Wide busy=busy on_press=close>
                {td_string!(locale, training.close_rating)}
            </Button>
        </Sheet>
    }
}
