//! The scan page: three ways to a code, one way to sign in.

use std::time::Duration;

use app::api::Empty;
use app::attendance::api::{CreateSignIn, SignIn};
use app::home::{GetHome, Home};
use app::training::api::{Lesson, Part};
use app::training::rules::Phase;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::camera::{Camera, read_photo};
use super::decoder::Reader;
use super::view::{self, Outcome};
use crate::i18n::td_string;
use crate::kit::{
    Button, ButtonLink, Callout, Card, Choice, Field, Glyph, Icon, Input, Look, Select, Size, Tone, TopBar,
};
use crate::load::{read, trouble};
use crate::net::{self, Failure};
use crate::state::{AppState, now};

/// How often the camera's picture is read.
const GLANCE: Duration = Duration::from_millis(200);
/// How many characters the typed code has.
const CODE_LENGTH: usize = 6;

/// What the page shares with its parts.
#[derive(Clone, Copy)]
struct Scan {
    state: AppState,
    busy: RwSignal<bool>,
    outcome: RwSignal<Option<Outcome>>,
    /// What was wrong with the last code before anything was sent; empty when nothing was.
    hint: RwSignal<String>,
}

/// `/scan`
#[component]
pub fn ScanPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let scan =
        Scan { state, busy: RwSignal::new(false), outcome: RwSignal::new(None), hint: RwSignal::new(String::new()) };
    let again = Callback::new(move |()| scan.outcome.set(None));
    view! {
        <TopBar locale title=td_string!(locale, scan.title) />
        <main class="page narrow">
            {move || match scan.outcome.get() {
                Some(outcome) => view::result(state.words(), &outcome, links(state, &outcome, again)),
                None => view! { <Ways scan /> }.into_any(),
            }}
        </main>
    }
}

fn links(state: AppState, outcome: &Outcome, again: Callback<()>) -> AnyView {
    let locale = state.locale;
    match outcome {
        Outcome::Done(done) => {
            let href = format!("/lessons/{}", done.lesson);
            view! { <ButtonLink href=href look=Look::Secondary>{td_string!(locale, scan.to_lesson)}</ButtonLink> }
                .into_any()
        }
        Outcome::Refused { .. } => {
            view! { <Button look=Look::Secondary on_press=again>{td_string!(locale, scan.again)}</Button> }.into_any()
        }
    }
}

#[component]
fn Ways(scan: Scan) -> impl IntoView {
    let locale = scan.state.locale;
    view! {
        <div class="stack">
            <Viewfinder scan />
            {move || {
                let hint = scan.hint.get();
                (!hint.is_empty()).then(|| view! { <div role="alert"><Callout tone=Tone::Warn>{hint}</Callout></div> })
            }}
            {move || {
                scan.busy.get().then(|| view! { <p class="centre muted" role="status">{td_string!(locale, scan.sending)}</p> })
            }}
            <Photo scan />
            <Typed scan />
        </div>
    }
}

/// What the camera is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eye {
    Opening,
    Looking,
    Shut,
}

/// The camera's picture with a frame to aim by.
#[component]
fn Viewfinder(scan: Scan) -> impl IntoView {
    let locale = scan.state.locale;
    let video = NodeRef::<html::Video>::new();
    let eye = RwSignal::new(Eye::Opening);
    let secure = window().is_secure_context();
    Effect::new(move |_| {
        let Some(video) = video.get() else { return };
        spawn_local(async move {
            look(scan, video, eye).await;
        });
    });
    view! {
        <div class="viewfinder" class:viewfinder-shut=move || eye.get() == Eye::Shut>
            <video node_ref=video playsinline="" muted="" aria-label=td_string!(locale, scan.aim)></video>
            {move || match eye.get() {
                Eye::Opening => view! { <p class="viewfinder-note">{td_string!(locale, scan.starting)}</p> }.into_any(),
                Eye::Looking => {
                    view! {
                        <span class="viewfinder-frame" aria-hidden="true"></span>
                        <p class="viewfinder-note">{td_string!(locale, scan.aim)}</p>
                    }
                    .into_any()
                }
                Eye::Shut => {
                    let why = if secure {
                        td_string!(locale, scan.no_camera_detail)
                    } else {
                        td_string!(locale, scan.insecure_camera)
                    };
                    view! {
                        <div class="viewfinder-none">
                            <Glyph icon=Icon::Camera />
                            <p class="strong">{td_string!(locale, scan.no_camera)}</p>
                            <p class="small">{why}</p>
                        </div>
                    }
                    .into_any()
                }
            }}
        </div>
    }
}

/// Looks until a code is found or the page goes. The camera is switched off at the end, whatever the end is.
async fn look(scan: Scan, video: web_sys::HtmlVideoElement, eye: RwSignal<Eye>) {
    let (Ok(camera), reader) = (Camera::start(video).await, Reader::ready().await) else {
        eye.try_set(Eye::Shut);
        return;
    };
    let Some(reader) = reader else {
        eye.try_set(Eye::Shut);
        return;
    };
    eye.try_set(Eye::Looking);
    let mut ignored = String::new();
    // `eye` belongs to the viewfinder: once that is gone, so is the signal.
    while eye.try_get_untracked().is_some() {
        if scan.busy.try_get_untracked() == Some(false) {
            match camera.read(&reader).await {
                Some(text) if is_sign_in_link(&text) => {
                    sign_in(scan, SignIn { link: Some(text), ..attempt() }).await;
                }
                Some(text) if text != ignored => {
                    scan.hint.try_set(td_string!(scan.state.locale, scan.not_ours).to_owned());
                    ignored = text;
                }
                _ => {}
            }
        }
        pause(GLANCE).await;
    }
}

async fn pause(time: Duration) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)), time);
    });
    wasm_bindgen_futures::JsFuture::from(waited).await.ok();
}

/// A photo of the code, or a picture that somebody sent.
#[component]
fn Photo(scan: Scan) -> impl IntoView {
    let locale = scan.state.locale;
    let input = NodeRef::<html::Input>::new();
    let reading = RwSignal::new(false);
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // So that the same file can be chosen again.
        input.set_value("");
        if reading.get_untracked() {
            return;
        }
        reading.set(true);
        scan.hint.set(String::new());
        spawn_local(async move {
            let text = read_photo(&file).await;
            reading.try_set(false);
            match text {
                Some(text) if is_sign_in_link(&text) => {
                    sign_in(scan, SignIn { link: Some(text), ..attempt() }).await;
                }
                Some(_) => drop(scan.hint.try_set(td_string!(locale, scan.not_ours).to_owned())),
                None => drop(scan.hint.try_set(td_string!(locale, scan.photo_nothing).to_owned())),
            }
        });
    };
    view! {
        <label class="button button-secondary button-wide">
            <Glyph icon=Icon::Camera />
            <span>
                {move || {
                    if reading.get() { td_string!(locale, scan.reading) } else { td_string!(locale, scan.photo) }
                }}
            </span>
            <input node_ref=input class="sr-only" type="file" accept="image/*" capture="environment" on:change=chosen />
        </label>
    }
}

/// The typed code, with the lesson it is for: the one in the address, the one that is open, or the one chosen.
#[component]
fn Typed(scan: Scan) -> impl IntoView {
    let locale = scan.state.locale;
    let query = use_query_map();
    let asked = query.with_untracked(|query| query.get("lesson")).and_then(|id| Uuid::parse_str(&id).ok());
    let home = read::<GetHome>(scan.state, || Some((Empty {}, Empty {})));
    let code = RwSignal::new(String::new());
    let wrong = RwSignal::new(String::new());
    let chosen = RwSignal::new(asked.map(|id| id.to_string()).unwrap_or_default());
    let open = Memo::new(move |_| home.load.with(|load| load.data().map(open_lessons).unwrap_or_default()));
    let choice = move || {
        let lessons = open.get();
        (asked.is_none() && lessons.len() > 1).then(|| {
            let choices = lessons.into_iter().map(|(id, title)| Choice::new(id.to_string(), title)).collect::<Vec<_>>();
            view! {
                <Field label=td_string!(locale, scan.which_lesson) control="scan-lesson">
                    <Select
                        id="scan-lesson"
                        choices=choices
                        value=chosen
                        placeholder=td_string!(locale, scan.choose_lesson)
                    />
                </Field>
            }
        })
    };
    let submit = Callback::new(move |()| {
        let typed: String = code.get_untracked().chars().filter(|c| c.is_alphanumeric()).collect();
        if typed.chars().count() != CODE_LENGTH {
            wrong.set(td_string!(locale, scan.typed_length).to_owned());
            return;
        }
        let lesson = chosen.with_untracked(|id| Uuid::parse_str(id).ok()).or_else(|| {
            open.with_untracked(|lessons| if let [(id, _)] = lessons.as_slice() { Some(*id) } else { None })
        });
        if lesson.is_none() && open.with_untracked(|lessons| lessons.len() > 1) {
            wrong.set(td_string!(locale, scan.choose_lesson).to_owned());
            return;
        }
        wrong.set(String::new());
        spawn_local(sign_in(scan, SignIn { lesson, code: Some(typed), ..attempt() }));
    });
    view! {
        <Card>
            {choice}
            <Field
                label=td_string!(locale, scan.typed)
                control="scan-code"
                hint=td_string!(locale, scan.typed_hint)
                error=wrong
            >
                <form
                    class="row scan-typed"
                    on:submit=move |event| {
                        event.prevent_default();
                        submit.run(());
                    }
                >
                    <Input id="scan-code" value=code autocomplete="one-time-code" />
                    <Button size=Size::Normal submit=true busy=scan.busy>
                        {td_string!(locale, scan.sign_in)}
                    </Button>
                </form>
            </Field>
        </Card>
    }
}

/// The lessons of today that the officer can sign in to now.
fn open_lessons(home: &Home) -> Vec<(Uuid, String)> {
    let is_open = |lesson: &&Lesson| {
        matches!(lesson.phase, Phase::OnTime | Phase::Late) && lesson.part != Part::Staff && lesson.my_at.is_none()
    };
    home.lessons.iter().filter(is_open).map(|lesson| (lesson.id, lesson.title.clone())).collect()
}

/// Our links are `https://<court>/c/<code>`; whether the code is any good, the server says.
fn is_sign_in_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && text.contains("/c/")
}

/// An attempt with a nonce of its own, at the phone's present time.
fn attempt() -> SignIn {
    SignIn { lesson: None, code: None, link: None, nonce: net::new_id(), scanned_at: Some(now()) }
}

async fn sign_in(scan: Scan, attempt: SignIn) {
    if scan.busy.try_get_untracked() != Some(false) {
        return;
    }
    scan.busy.try_set(true);
    scan.hint.try_set(String::new());
    let answer = net::call::<CreateSignIn>(&Empty {}, &Empty {}, &attempt).await;
    scan.busy.try_set(false);
    let outcome = match answer {
        Ok(done) => Outcome::Done(done),
        Err(Failure::SignedOut) => return,
        Err(failure) => {
            let trouble = trouble(scan.state.locale, &failure);
            Outcome::Refused { title: trouble.title, detail: trouble.detail }
        }
    };
    scan.outcome.try_set(Some(outcome));
}
