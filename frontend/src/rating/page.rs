//! Loads what is rated, keeps the draft, and sends the rating through the outbox.

use app::api::{ById, Code, Empty};
use app::rating::api::{GetResults, Rate, RateLesson, Results};
use app::rating::rules::check_answers;
use app::training::api::{GetLesson, Lesson};
use app::training::rules::Phase;
use leptos::prelude::*;
use uuid::Uuid;

use super::draft::Draft;
use super::view::{self, Ending, Form, FormFrame};
use crate::i18n::td_string;
use crate::kit::{Loaded, TopBar};
use crate::load::{act, complain, id_in_path, read};
use crate::net::Failure;
use crate::outbox::{self, Sent};
use crate::state::AppState;

/// `/lessons/:id/rate`
#[component]
pub fn RatePage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let lesson = read::<GetLesson>(state, move || id().map(|id| (ById { id }, Empty {})));
    let ended = RwSignal::new(None::<Ending>);
    // A fresh copy of the lesson must not throw away what is being typed, so the form outlives it.
    let form = StoredValue::new(None::<(Uuid, Form, bool)>);
    let page = Owner::current().expect("a component has an owner");
    let busy = RwSignal::new(false);
    let up = id().map_or_else(|| "/training".to_owned(), |id| format!("/lessons/{id}"));
    let back = up.clone();
    let draw = move |lesson: &Lesson| {
        if let Some(ending) = ended.get().or_else(|| ending_of(lesson)) {
            if ending == Ending::Received {
                Draft::forget(lesson.id);
            }
            return view::ending(locale, ending, &back);
        }
        let (draft_id, fields, restored) = form.get_value().unwrap_or_else(|| {
            let opened = page.with(|| open_form(lesson.id));
            form.set_value(Some(opened));
            opened
        });
        let lesson_id = lesson.id;
        let submit = Callback::new(move |()| send(state, lesson_id, draft_id, fields, busy, ended));
        let frame = FormFrame { lesson: lesson.title.clone(), lecturer: lesson.lecturer.clone(), restored };
        view::form(locale, &frame, fields, busy.into(), submit)
    };
    view! {
        <TopBar locale title=td_string!(locale, training.rate_title) up=up />
        <main class="page">
            <Loaded locale load=lesson.load on_retry=lesson.again draw=draw />
        </main>
    }
}

fn ending_of(lesson: &Lesson) -> Option<Ending> {
    if lesson.my_rated {
        return Some(Ending::Received);
    }
    if lesson.can_rate {
        return None;
    }
    Some(Ending::Closed(match (lesson.my_at, lesson.rating_closed, lesson.phase) {
        (None, ..) => Code::NotSignedIn,
        (_, true, _) => Code::RatingClosed,
        (_, _, Phase::Over) => Code::RatingClosed,
        _ => Code::RatingNotOpen,
    }))
}

/// The form with the kept draft in it; every change is kept.
fn open_form(lesson: Uuid) -> (Uuid, Form, bool) {
    let draft = Draft::load(lesson);
    let restored = !draft.is_empty();
    let id = draft.id;
    let form = Form::new(&draft.scores, draft.text);
    Effect::new(move |_| {
        let draft = Draft { id, scores: form.chosen(), text: form.text.get() };
        if !draft.is_empty() {
            draft.keep(lesson);
        }
    });
    (id, form, restored)
}

fn send(state: AppState, lesson: Uuid, id: Uuid, form: Form, busy: RwSignal<bool>, ended: RwSignal<Option<Ending>>) {
    let scores = untrack(|| form.chosen());
    let text = form.text.get_untracked().trim().to_owned();
    if let Err((_, wrong)) = check_answers(&scores, &text) {
        form.error.set(wrong);
        return;
    }
    form.error.set(String::new());
    act(busy, async move {
        match outbox::send::<RateLesson>(&ById { id: lesson }, Rate { id, scores, text }).await {
            Ok(Sent::Done(_)) => {
                Draft::forget(lesson);
                ended.try_set(Some(Ending::Received));
            }
            Ok(Sent::Queued) => {
                ended.try_set(Some(Ending::Queued));
            }
            Err(Failure::Problem(problem))
                if matches!(problem.code, Code::RatingClosed | Code::RatingNotOpen | Code::NotSignedIn) =>
            {
                ended.try_set(Some(Ending::Closed(problem.code)));
            }
            Err(failure) => complain(state, &failure),
        }
    });
}

/// `/lessons/:id/results`
#[component]
pub fn ResultsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let id = id_in_path();
    let results = read::<GetResults>(state, move || id().map(|id| (ById { id }, Empty {})));
    let up = id().map_or_else(|| "/training".to_owned(), |id| format!("/lessons/{id}"));
    view! {
        <TopBar locale title=td_string!(locale, training.results_title) up=up />
        <main class="page">
            <Loaded
                locale
                load=results.load
                on_retry=results.again
                draw=move |data: &Results| view::results(state.words(), data)
            />
        </main>
    }
}
