//! Sends a file to be checked, shows what was found, and stores it when told to.

use app::org::api::{CreateImport, File, ImportKind, ImportPath, ImportQuery, ImportRun};
use leptos::html;
use leptos::prelude::*;

use super::import_view::{self, CancelForm};
use crate::i18n::td_string;
use crate::kit::{Button, Callout, Card, Choices, Field, Glyph, Icon, Size, Skeleton, Tone, TopBar};
use crate::load::{act, trouble};
use crate::net;
use crate::state::AppState;

/// A file that was read into memory, with its name.
#[derive(Clone, Debug, PartialEq)]
struct ChosenFile {
    name: String,
    bytes: Vec<u8>,
}

/// `/imports`
#[component]
pub fn ImportsPage() -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let permissions = state.me().map(|me| me.permissions).unwrap_or_default();
    let kinds = import_view::kinds(locale, &permissions);
    let kind = RwSignal::new(kinds.first().map(|choice| choice.value.clone()).unwrap_or_default());
    let file = RwSignal::new(None::<ChosenFile>);
    let run = RwSignal::new(None::<ImportRun>);
    let wrong = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let cancel = CancelForm::new();
    // Another kind makes an earlier report meaningless.
    Effect::new(move |_| {
        kind.track();
        run.set(None);
        wrong.set(String::new());
    });
    let send = move |query: ImportQuery| {
        let (Some(kind), Some(file)) = (kind.with_untracked(|kind| parse_kind(kind)), file.get_untracked()) else {
            return;
        };
        wrong.set(String::new());
        act(busy, async move {
            match net::call::<CreateImport>(&ImportPath { kind }, &query, &File(file.bytes)).await {
                Ok(made) => {
                    cancel.clear();
                    run.try_set(Some(made));
                }
                Err(failure) => {
                    wrong.try_set(trouble(locale, &failure).detail);
                }
            }
        });
    };
    let check = Callback::new(move |()| send(ImportQuery { dry_run: true, ..ImportQuery::default() }));
    let apply = Callback::new(move |()| {
        send(run.with_untracked(|run| run.as_ref().map(|run| untrack(|| cancel.query(run)))).unwrap_or_default());
    });
    let no_file = Signal::derive(move || file.with(Option::is_none));
    let picked = Callback::new(move |chosen| {
        file.set(Some(chosen));
        run.set(None);
        wrong.set(String::new());
    });
    view! {
        <TopBar locale title=td_string!(locale, org.imports) up="/me" />
        <main class="page">
            <Card>
                <div class="field">
                    <span class="field-label">{td_string!(locale, org.choose_kind)}</span>
                    <Choices label=td_string!(locale, org.choose_kind) choices=kinds value=kind />
                    <p class="field-hint">{move || kind.with(|kind| import_view::kind_help(locale, kind))}</p>
                </div>
                <Field label=td_string!(locale, org.choose_file) control="import-file" error=wrong>
                    <FilePicker file on_pick=picked />
                </Field>
                <div>
                    <Button size=Size::Wide busy=busy disabled=no_file on_press=check>
                        {td_string!(locale, org.check_file)}
                    </Button>
                </div>
            </Card>
            {move || match run.get() {
                Some(run) => import_view::report(locale, &run, cancel, busy.into(), apply),
                None if busy.get() => view! { <Skeleton locale /> }.into_any(),
                None if no_file.get() => import_view::no_file(locale),
                None => view! { <Callout tone=Tone::Court>{td_string!(locale, org.no_file_detail)}</Callout> }.into_any(),
            }}
        </main>
    }
}

fn parse_kind(name: &str) -> Option<ImportKind> {
    [ImportKind::Roster, ImportKind::Training, ImportKind::Hearings, ImportKind::Balances]
        .into_iter()
        .find(|kind| kind.as_str() == name)
}

#[component]
fn FilePicker(file: RwSignal<Option<ChosenFile>>, on_pick: Callback<ChosenFile>) -> impl IntoView {
    let locale = AppState::get().locale;
    let input = NodeRef::<html::Input>::new();
    let read = move |_| {
        let Some(chosen) = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let Ok(buffer) = wasm_bindgen_futures::JsFuture::from(chosen.array_buffer()).await else { return };
            on_pick.run(ChosenFile { name: chosen.name(), bytes: js_sys::Uint8Array::new(&buffer).to_vec() });
        });
    };
    view! {
        <label class="file">
            <Glyph icon=Icon::Upload />
            <span>
                {move || match file.get() {
                    Some(file) => {
                        td_string!(locale, org.file_chosen, name = file.name, size = file.bytes.len().div_ceil(1024))
                    }
                    None => td_string!(locale, org.choose_file).to_owned(),
                }}
            </span>
            <input
                class="sr-only"
                id="import-file"
                type="file"
                accept=".xlsx,.csv"
                node_ref=input
                on:change=read
            />
        </label>
    }
}
