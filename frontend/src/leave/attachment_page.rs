//! Files of a request: chosen in its form or on its page, sent one after another, opened, taken off.
//!
//! The form cannot send them, because the request does not exist yet; it hands them over to the page of the request,
//! which is opened next. Nothing waits in the outbox: what is not with the server is said not to be.

use std::cell::RefCell;

use app::api::{ById, Empty};
use app::leave::api::{
    AddAttachment, Attachment, AttachmentName, AttachmentPath, Attachments, LeaveRequest, ListAttachments,
    OpenAttachment, RemoveAttachment,
};
use app::org::api::File;
use js_sys::Uint8Array;
use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;
use web_sys::Url;

use super::attachment_view::{AttachmentActions, Outgoing, Sending, attachments, sending, size_text};
use crate::i18n::td_string;
use crate::kit::{ButtonLink, Field, Glyph, Icon, List, Sheet, Slot, Tone};
use crate::load::{act, complain, new_id, read, trouble};
use crate::net::{self, Failure};
use crate::state::AppState;

/// What is asked of the phone. Named one by one, without HEIC, so that an iPhone makes JPEG of its photos.
const ACCEPT: &str = "image/jpeg,image/png,image/webp,application/pdf";

/// A chosen file with what is shown of it.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    shown: Outgoing,
    file: SendWrapper<web_sys::File>,
}

impl Chosen {
    fn new(file: web_sys::File) -> Self {
        let is_picture = file.type_().starts_with("image/");
        let picture = is_picture.then(|| Url::create_object_url_with_blob(&file).ok()).flatten();
        // Sizes are whole numbers far below what a double holds exactly.
        let bytes = file.size() as i64;
        let shown = Outgoing { id: new_id(), name: file.name(), bytes, picture, state: Sending::Waiting };
        Self { shown, file: SendWrapper::new(file) }
    }

    /// Gives the memory of its picture back.
    fn forget(&self) {
        if let Some(picture) = &self.shown.picture {
            Url::revoke_object_url(picture).ok();
        }
    }

    async fn read(&self) -> Option<Vec<u8>> {
        let buffer = JsFuture::from(self.file.array_buffer()).await.ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }
}

thread_local! {
    /// What a form has handed over to the page of its request.
    static HANDED_OVER: RefCell<Option<(Uuid, Vec<Chosen>)>> = const { RefCell::new(None) };
}

/// Leaves files to the page of a request, which is opened next.
pub(super) fn hand_over(request: Uuid, chosen: RwSignal<Vec<Chosen>>) {
    let files = chosen.try_update(std::mem::take).unwrap_or_default();
    HANDED_OVER.set(Some((request, files)).filter(|(_, files)| !files.is_empty()));
}

fn take_over(request: Uuid) -> Vec<Chosen> {
    HANDED_OVER.take().filter(|(of, _)| *of == request).map(|(_, files)| files).unwrap_or_default()
}

fn remove_from(chosen: RwSignal<Vec<Chosen>>, id: Uuid) {
    chosen.try_update(|chosen| {
        chosen.retain(|one| {
            let stays = one.shown.id != id;
            if !stays {
                one.forget();
            }
            stays
        });
    });
}

fn shown(chosen: RwSignal<Vec<Chosen>>) -> Vec<Outgoing> {
    chosen.with(|chosen| chosen.iter().map(|one| one.shown.clone()).collect())
}

/// The field of the form: files to be sent as soon as the request is submitted.
pub(super) fn attachment_field(state: AppState, chosen: RwSignal<Vec<Chosen>>) -> AnyView {
    let locale = state.locale;
    let nothing = Callback::new(|_| {});
    let discard = Callback::new(move |id| remove_from(chosen, id));
    let actions = AttachmentActions { open: Callback::new(|_| {}), remove: nothing, retry: nothing, discard };
    let picked = Callback::new(move |files: Vec<Chosen>| chosen.update(|chosen| chosen.extend(files)));
    let list = move || {
        let outgoing = shown(chosen);
        (!outgoing.is_empty()).then(|| view! { <List>{sending(locale, &outgoing, actions)}</List> })
    };
    view! {
        <Field
            label=td_string!(locale, attachment.title)
            control="attachment-file"
            hint=td_string!(locale, attachment.form_hint)
            optional=td_string!(locale, common.optional)
        >
            {list}
            {picker(state, picked)}
        </Field>
    }
    .into_any()
}

/// The parts of a request's page that show its files.
pub(super) struct AttachmentPart {
    pub(super) list: AnyView,
    pub(super) sheet: AnyView,
}

/// Loads the files of a request, and sends what its form has left. `changed` hears that the request has another version.
pub(super) fn attachment_part(
    state: AppState,
    request: Uuid,
    load: Slot<LeaveRequest>,
    changed: Callback<()>,
) -> AttachmentPart {
    let locale = state.locale;
    // Asked for where the caller may read them, and again with each change of the request.
    let version = Memo::new(move |_| {
        load.with(|load| load.data().and_then(|request| request.attachments.map(|_| request.version)))
    });
    let reading = read::<ListAttachments>(state, move || version.get().map(|_| (ById { id: request }, Empty {})));
    let outgoing = RwSignal::new(take_over(request));
    let [busy, opening, removing] = [(); 3].map(|()| RwSignal::new(false));
    let opened = RwSignal::new(None::<(Attachment, String)>);
    let show = move |answer: Result<Attachments, Failure>, done: &'static str| match answer {
        Ok(now) => {
            reading.set(now);
            state.toasts.show(Tone::Good, done);
            changed.try_run(());
        }
        Err(failure) => complain(state, &failure),
    };
    let send = move || {
        act(busy, async move {
            while let Some(next) = next_waiting(outgoing) {
                let id = next.shown.id;
                match send_one(state, request, &next).await {
                    Ok(now) => {
                        remove_from(outgoing, id);
                        show(Ok(now), td_string!(locale, attachment.uploaded));
                    }
                    Err(why) => set_state(outgoing, id, Sending::Failed { why }),
                }
            }
        });
    };
    if !outgoing.with_untracked(Vec::is_empty) {
        send();
    }
    let picked = Callback::new(move |files: Vec<Chosen>| {
        outgoing.update(|outgoing| outgoing.extend(files));
        send();
    });
    let open = Callback::new(move |file: Attachment| {
        act(opening, async move {
            let path = AttachmentPath { id: request, attachment: file.id };
            match net::call::<OpenAttachment>(&path, &Empty {}, &Empty {}).await {
                Ok(found) => {
                    opened.try_set(Some((file, found.link)));
                }
                Err(failure) => complain(state, &failure),
            }
        });
    });
    let remove = Callback::new(move |attachment: Uuid| {
        act(removing, async move {
            let path = AttachmentPath { id: request, attachment };
            let answer = net::call::<RemoveAttachment>(&path, &Empty {}, &Empty {}).await;
            show(answer, td_string!(locale, attachment.removed));
        });
    });
    let retry = Callback::new(move |id: Uuid| {
        set_state(outgoing, id, Sending::Waiting);
        send();
    });
    let discard = Callback::new(move |id: Uuid| remove_from(outgoing, id));
    let actions = AttachmentActions { open, remove, retry, discard };
    let files = move || {
        reading.load.with(|load| {
            let data = load.data()?;
            let on_their_way = shown(outgoing);
            let is_empty = data.items.is_empty() && on_their_way.is_empty();
            let list = (!is_empty).then(|| attachments(state.words(), data, &on_their_way, actions));
            let add = data.may_add.then(|| {
                let (size, most) = (size_text(data.largest), data.most);
                view! {
                    {picker(state, picked)}
                    <p class="field-hint">{td_string!(locale, attachment.add_hint, size, most)}</p>
                }
            });
            Some(view! { <div class="stack stack-tight">{list} {add}</div> })
        })
    };
    on_cleanup(move || {
        outgoing.try_with_untracked(|outgoing| outgoing.iter().for_each(Chosen::forget));
    });
    AttachmentPart { list: files.into_any(), sheet: viewer(state, opened) }
}

/// The sheet that shows a picture, or leads to a document.
fn viewer(state: AppState, opened: RwSignal<Option<(Attachment, String)>>) -> AnyView {
    let locale = state.locale;
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if opened.with(Option::is_some) {
            open.set(true);
        }
    });
    let title = Signal::derive(move || {
        opened.with(|opened| opened.as_ref().map(|(file, _)| file.name.clone())).unwrap_or_default()
    });
    let content = move || {
        opened.get().map(|(file, link)| {
            if file.kind.is_picture() {
                view! { <img class="attachment-page" src=link alt=file.name /> }.into_any()
            } else {
                // The server has it saved, and not shown, by the browser.
                view! {
                    <ButtonLink href=link icon=Icon::Download>
                        {td_string!(locale, attachment.open_file)}
                    </ButtonLink>
                }
                .into_any()
            }
        })
    };
    view! {
        <Sheet locale open=open title=title>
            {content}
        </Sheet>
    }
    .into_any()
}

/// The next file whose turn it is, marked as on its way.
fn next_waiting(outgoing: RwSignal<Vec<Chosen>>) -> Option<Chosen> {
    outgoing
        .try_update(|outgoing| {
            let next = outgoing.iter_mut().find(|one| one.shown.state == Sending::Waiting)?;
            next.shown.state = Sending::Sent;
            Some(next.clone())
        })
        .flatten()
}

fn set_state(outgoing: RwSignal<Vec<Chosen>>, id: Uuid, state: Sending) {
    outgoing.try_update(|outgoing| {
        if let Some(one) = outgoing.iter_mut().find(|one| one.shown.id == id) {
            one.shown.state = state;
        }
    });
}

/// Sends a file; why not, in words.
async fn send_one(state: AppState, request: Uuid, chosen: &Chosen) -> Result<Attachments, String> {
    let locale = state.locale;
    let bytes = chosen.read().await.ok_or_else(|| td_string!(locale, attachment.unreadable).to_owned())?;
    let path = AttachmentPath { id: request, attachment: chosen.shown.id };
    let name = AttachmentName { name: chosen.shown.name.clone() };
    net::call::<AddAttachment>(&path, &name, &File(bytes)).await.map_err(|failure| match failure {
        Failure::Offline => td_string!(locale, attachment.offline).to_owned(),
        failure => trouble(locale, &failure).detail,
    })
}

/// The place where files are chosen; on a phone that is the camera as well.
fn picker(state: AppState, on_pick: Callback<Vec<Chosen>>) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let pick = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(files) = input.files() else { return };
        on_pick.run((0..files.length()).filter_map(|at| files.get(at)).map(Chosen::new).collect());
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <label class="file">
            <Glyph icon=Icon::Camera />
            <span>{td_string!(state.locale, attachment.add)}</span>
            <input
                class="sr-only"
                id="attachment-file"
                type="file"
                accept=ACCEPT
                multiple=true
                node_ref=input
                on:change=pick
            />
        </label>
    }
    .into_any()
}
