//! The files of a request, drawn from plain data.

use app::leave::api::{Attachment, Attachments};
use leptos::prelude::*;
use uuid::Uuid;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Glyph, Icon, IconButton, List, Look, Size};

/// A file that was chosen on this phone and is not with the server yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: Uuid,
    /// Its name on the phone.
    pub name: String,
    /// How large it is, in bytes.
    pub bytes: i64,
    /// The address of the picture in this browser; none for what is no picture.
    pub picture: Option<String>,
    /// How far it is.
    pub state: Sending,
}

/// How far a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The request has to be submitted first, or another file.
    Waiting,
    /// On its way.
    Sent,
    /// It did not get through.
    Failed {
        /// Why.
        why: String,
    },
}

/// What can be pressed.
#[derive(Clone, Copy, Debug)]
pub struct AttachmentActions {
    /// Shows a file.
    pub open: Callback<Attachment>,
    /// Takes one off.
    pub remove: Callback<Uuid>,
    /// Sends one again that did not get through.
    pub retry: Callback<Uuid>,
    /// Gives up sending one.
    pub discard: Callback<Uuid>,
}

/// The files of a request, those on their way below them.
pub fn attachments(words: Words, data: &Attachments, outgoing: &[Outgoing], actions: AttachmentActions) -> AnyView {
    let locale = words.locale;
    let files = data.items.iter().map(|file| stored(words, file, actions)).collect_view();
    let on_their_way = sending(locale, outgoing, actions);
    view! {
        <List title=td_string!(locale, attachment.title)>
            {files}
            {on_their_way}
        </List>
        <p class="field-hint">{td_string!(locale, attachment.access)}</p>
    }
    .into_any()
}

/// Files that are not with the server yet.
pub fn sending(locale: Locale, outgoing: &[Outgoing], actions: AttachmentActions) -> AnyView {
    outgoing.iter().map(|file| on_its_way(locale, file, actions)).collect_view().into_any()
}

fn stored(words: Words, file: &Attachment, actions: AttachmentActions) -> AnyView {
    let locale = words.locale;
    let (id, name) = (file.id, file.name.clone());
    let remove = file.may_remove.then(|| {
        let label = td_string!(locale, attachment.remove, name = file.name.clone());
        let on_press = Callback::new(move |()| actions.remove.run(id));
        view! { <IconButton icon=Icon::Cross label on_press /> }
    });
    let icon = if file.kind.is_picture() { Icon::Camera } else { Icon::Copy };
    let note = format!("{} · {}", size_text(file.bytes), words.moment(file.attached_at));
    let opened = file.clone();
    let label = td_string!(locale, attachment.open, name = name.clone());
    view! {
        <li class="attachment">
            <button
                class="cell"
                type="button"
                aria-label=label
                on:click=move |_| actions.open.run(opened.clone())
            >
                <span class="cell-icon">
                    <Glyph icon />
                </span>
                <span class="cell-body">
                    <span class="cell-title">{name}</span>
                    <span class="cell-note">{note}</span>
                </span>
            </button>
            {remove}
        </li>
    }
    .into_any()
}

fn on_its_way(locale: Locale, file: &Outgoing, actions: AttachmentActions) -> AnyView {
    let (id, name) = (file.id, file.name.clone());
    let picture = match file.picture.clone() {
        Some(src) => view! { <img class="attachment-picture" src=src alt="" /> }.into_any(),
        None => view! { <Glyph icon=Icon::Copy /> }.into_any(),
    };
    let discard = Callback::new(move |()| actions.discard.run(id));
    let (note, end) = match &file.state {
        Sending::Waiting => {
            let label = td_string!(locale, attachment.remove, name = name.clone());
            let end = view! { <IconButton icon=Icon::Cross label on_press=discard /> }.into_any();
            (td_string!(locale, attachment.waiting).to_owned(), end)
        }
        Sending::Sent => {
            let end = view! { <span class="spinner" aria-hidden="true"></span> }.into_any();
            (td_string!(locale, attachment.sending).to_owned(), end)
        }
        Sending::Failed { why } => {
            let retry = Callback::new(move |()| actions.retry.run(id));
            let end = view! {
                <Button size=Size::Small icon=Icon::Retry on_press=retry>
                    {td_string!(locale, attachment.retry)}
                </Button>
                <Button look=Look::Ghost size=Size::Small on_press=discard>
                    {td_string!(locale, attachment.discard)}
                </Button>
            };
            (td_string!(locale, attachment.not_sent, why = why.clone()), end.into_any())
        }
    };
    let role = if matches!(file.state, Sending::Failed { .. }) { "alert" } else { "status" };
    view! {
        <li class="attachment">
            <div class="cell">
                <span class="cell-icon">{picture}</span>
                <span class="cell-body">
                    <span class="cell-title">{name}</span>
                    <span class="cell-note" role=role>{size_text(file.bytes)} " · " {note}</span>
                </span>
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// A size as people read it: `180 KB`, `3.4 MB`.
pub fn size_text(bytes: i64) -> String {
    const MEGABYTE: i64 = 1024 * 1024;
    if bytes < MEGABYTE {
        return format!("{} KB", (bytes + 1023) / 1024);
    }
    let tenths = (bytes * 10 + MEGABYTE - 1) / MEGABYTE;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) => format!("{whole}.{tenth} MB"),
    }
}
