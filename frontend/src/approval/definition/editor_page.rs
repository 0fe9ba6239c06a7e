//! The page of a definition: what is read or edited on one side, what is done with it on the other.

use app::approval::api::DefinitionView;
use app::approval::definition::{Definition, Node};
use app::org::api::Colleague;
use leptos::html;
use leptos::prelude::*;

use super::controls::settled_input;
use super::draft::shift;
use super::editor::Editor;
use super::node_form::{NodeFormActions, node_form};
use super::save::{SaveActions, save_card};
use super::simulation::{TrialActions, trial_form, trial_result};
use super::view::{self, NodeActions, Working};
use super::words::{Wording, file_name, version_text};
use super::{faults, file};
use crate::approval::process_page::find_people;
use crate::i18n::td_string;
use crate::kit::{Button, Callout, Card, Field, Glyph, Icon, Loaded, Look, Sheet, Size, Tone, TopBar};
use crate::state::AppState;

/// For what a colleague is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pick {
    /// The person of a rule of the open node.
    Rule(usize),
    /// The applicant of a trial.
    Applicant,
    /// The people of a field of a trial.
    Field(String),
}

/// The sheet in which colleagues are looked for; one at a time.
#[derive(Clone, Copy)]
struct Picking {
    open: RwSignal<bool>,
    what: RwSignal<Option<Pick>>,
    chosen: RwSignal<Vec<Colleague>>,
}

impl Picking {
    fn begin(self, what: Pick, chosen: Vec<Colleague>) {
        self.what.set(Some(what));
        self.chosen.set(chosen);
        self.open.set(true);
    }

    /// Hands over whoever is chosen; one person closes the sheet.
    fn watch(self, editor: Editor) {
        Effect::new(move |_| {
            let chosen = self.chosen.get();
            let Some(what) = self.what.get_untracked().filter(|_| self.open.get_untracked()) else { return };
            match (what, chosen.first().cloned()) {
                (Pick::Field(key), _) => editor.trial.update(|trial| trial.set_people(&key, chosen)),
                (Pick::Applicant, Some(person)) => {
                    editor.trial.update(|trial| trial.applicant = Some(person));
                    self.open.set(false);
                }
                (Pick::Rule(rule), Some(person)) => {
                    editor.name(&person);
                    editor.node.update(|form| form.name_officer(rule, &person));
                    self.open.set(false);
                }
                (_, None) => {}
            }
        });
    }
}

/// `/definitions/:form`
#[component]
pub fn DefinitionPage(
    /// The form's name.
    form: &'static str,
) -> impl IntoView {
    let state = AppState::get();
    let locale = state.locale;
    let editor = Editor::open(state, form);
    let picking = Picking { open: RwSignal::new(false), what: RwSignal::new(None), chosen: RwSignal::new(Vec::new()) };
    picking.watch(editor);
    let discarding = RwSignal::new(false);
    let discard = Callback::new(move |()| {
        discarding.set(false);
        editor.discard();
    });
    let shown = editor.shown();
    let title = Signal::derive(move || shown.with(|definition| view::heading(locale, definition.as_ref())));
    let reading = editor.reading;
    view! {
        <TopBar locale title=title up="/definitions" />
        <main class="page">
            <Loaded
                locale
                load=reading.load
                on_retry=reading.again
                draw=move |view| content(editor, view, shown, picking, discarding)
            />
        </main>
        <Sheet locale open=picking.open title=td_string!(locale, definition.pick_person)>
            {move || {
                let several = picking.what.with(|what| matches!(what, Some(Pick::Field(_))));
                find_people(state, picking.chosen, several)
            }}
        </Sheet>
        <Sheet locale open=discarding title=td_string!(locale, definition.discard)>
            <p>{td_string!(locale, definition.discard_sure)}</p>
            <Button look=Look::DangerFill size=Size::Wide on_press=discard>
                {td_string!(locale, definition.discard)}
            </Button>
        </Sheet>
    }
}

fn content(
    editor: Editor,
    read: &DefinitionView,
    shown: Memo<Option<Definition>>,
    picking: Picking,
    discarding: RwSignal<bool>,
) -> AnyView {
    let words = editor.state.words();
    let is_editing = Memo::new(move |_| editor.is_editing());
    let looked = StoredValue::new(read.clone());
    let list = move || {
        if is_editing.get() {
            working_nodes(editor, picking)
        } else {
            editor.names.with(|names| {
                looked.with_value(|view| {
                    let definition = &view.definition;
                    view::nodes(Wording { locale: words.locale, definition, names }, None)
                })
            })
        }
    };
    let (shown_version, current) = (read.version, read.current);
    let versions = move || {
        let shown = (!is_editing.get()).then_some(shown_version);
        editor.versions.with(|(current, items)| {
            view::versions(words, items, shown, *current, Callback::new(move |version| editor.look(version)))
        })
    };
    let standing = Memo::new(move |_| editor.standing());
    let save = SaveActions {
        save: Callback::new(move |()| editor.save()),
        undo: Callback::new(move |()| editor.undo()),
        discard: Callback::new(move |()| discarding.set(true)),
        check: Callback::new(move |()| editor.lint()),
        look: Callback::new(move |version| editor.look(version)),
        rebase: Callback::new(move |()| editor.rebase()),
    };
    let head = move || {
        if is_editing.get() {
            standing
                .with(|standing| standing.as_ref().map(|standing| save_card(words, standing, editor.busy.into(), save)))
        } else {
            Some(looked.with_value(|view| reading_card(editor, view)))
        }
    };
    view! {
        {move || notice(editor, is_editing.get(), shown_version, current)}
        <div class="columns">
            <div class="stack">{move || is_editing.get().then(|| name_field(editor))} {list}</div>
            <div class="stack">{head} {trial_card(editor, shown, picking)} {files_card(editor, is_editing, shown_version, shown)} {versions}</div>
        </div>
    }
    .into_any()
}

/// What has to be known about what is on the page.
fn notice(editor: Editor, is_editing: bool, shown: i32, current: i32) -> AnyView {
    let locale = editor.state.locale;
    if is_editing {
        return editor
            .restored
            .get()
            .then(|| view! { <Callout tone=Tone::Court>{td_string!(locale, definition.restored)}</Callout> })
            .into_any();
    }
    let waits = editor.draft.with(Option::is_some).then(|| {
        let go_on = Callback::new(move |()| editor.looking.set(false));
        view! {
            <Callout tone=Tone::Warn>
                <div class="row row-apart">
                    <span class="grow">{td_string!(locale, definition.draft_waits)}</span>
                    <Button look=Look::Secondary size=Size::Small on_press=go_on>
                        {td_string!(locale, definition.draft_go_on)}
                    </Button>
                </div>
            </Callout>
        }
    });
    let older = (shown != current).then(|| {
        let (shown, current) = (version_text(locale, shown), version_text(locale, current));
        view! { <Callout tone=Tone::Gold>{td_string!(locale, definition.older, shown, current)}</Callout> }
    });
    // An empty part would still take its gap.
    (waits.is_some() || older.is_some())
        .then(|| view! { <div class="stack stack-tight">{waits} {older}</div> })
        .into_any()
}

/// What can be done with a version that is read.
fn reading_card(editor: Editor, read: &DefinitionView) -> AnyView {
    let locale = editor.state.locale;
    let is_current = read.version == read.current;
    let (definition, seen) = (read.definition.clone(), is_current.then_some(read.current));
    let begin = Callback::new(move |()| editor.begin(definition.clone(), seen, td_string!(locale, definition.begun)));
    let has_draft = Signal::derive(move || editor.draft.with(Option::is_some));
    let text =
        if is_current { td_string!(locale, definition.edit) } else { td_string!(locale, definition.edit_from_this) };
    view! {
        <Card title=version_text(locale, read.version) accent=true>
            <p class="small muted">{td_string!(locale, definition.running_keep)}</p>
            <Button size=Size::Wide icon=Icon::Pen busy=editor.busy disabled=has_draft on_press=begin>
                {text}
            </Button>
        </Card>
    }
    .into_any()
}

fn name_field(editor: Editor) -> AnyView {
    let locale = editor.state.locale;
    let name = Memo::new(move |_| {
        editor.draft.with(|draft| draft.as_ref().map(|draft| draft.definition.name.clone()).unwrap_or_default())
    });
    let set = Callback::new(move |name: String| editor.change(|definition| definition.name = name));
    view! {
        <Field label=td_string!(locale, definition.name) control="definition-name">
            {move || settled_input("definition-name".to_owned(), name.get(), set)}
        </Field>
    }
    .into_any()
}

fn working_nodes(editor: Editor, picking: Picking) -> AnyView {
    let locale = editor.state.locale;
    let edited = Memo::new(move |_| editor.draft.with(|draft| draft.as_ref().map(|draft| draft.definition.clone())));
    let actions = NodeActions {
        edit: Callback::new(move |index| editor.edit(index)),
        remove: Callback::new(move |index: usize| {
            editor.change(|definition| {
                if index < definition.nodes.len() {
                    definition.nodes.remove(index);
                }
            });
        }),
        shift: Callback::new(move |(index, up)| editor.change(|definition| shift(definition, index, up))),
        add: Callback::new(move |()| {
            let last = editor.draft.with_untracked(|draft| draft.as_ref().map(|draft| draft.definition.nodes.len()));
            last.into_iter().for_each(|last| editor.edit(last));
        }),
    };
    let of_form = NodeFormActions {
        pick: Callback::new(move |rule| picking.begin(Pick::Rule(rule), Vec::new())),
        done: Callback::new(move |()| editor.done()),
        cancel: Callback::new(move |()| editor.open.set(None)),
    };
    let at_node = move |node: &Node| {
        let key = node.key.clone();
        (move || editor.check.with(|check| faults::at_node(locale, check, &key))).into_any()
    };
    let list = move || {
        edited.with(|definition| {
            let definition = definition.as_ref()?;
            let form = |index| (index, node_form(locale, definition, editor.names.into(), editor.node, of_form));
            let form = editor.open.get().map(form);
            editor.names.with(|names| {
                let working = Working { actions, form, faults: &at_node };
                Some(view::nodes(Wording { locale, definition, names }, Some(working)))
            })
        })
    };
    list.into_any()
}

fn trial_card(editor: Editor, shown: Memo<Option<Definition>>, picking: Picking) -> AnyView {
    let locale = editor.state.locale;
    let actions = TrialActions {
        pick_applicant: Callback::new(move |()| picking.begin(Pick::Applicant, Vec::new())),
        pick_people: Callback::new(move |key: String| {
            let chosen = editor.trial.with_untracked(|trial| trial.people_of(&key).to_vec());
            picking.begin(Pick::Field(key), chosen);
        }),
        run: Callback::new(move |()| {
            shown.with_untracked(|definition| definition.iter().for_each(|definition| editor.run_trial(definition)));
        }),
    };
    let form = move || {
        shown.with(|definition| {
            definition
                .as_ref()
                .map(|definition| trial_form(locale, definition, editor.trial, editor.trying.into(), actions))
        })
    };
    let result = move || editor.result.with(|result| result.as_ref().map(|result| trial_result(locale, result)));
    view! {
        <Card title=td_string!(locale, definition.trial)>
            <p class="small muted">{td_string!(locale, definition.trial_intro)}</p>
            {form}
            <div role="status">{result}</div>
        </Card>
    }
    .into_any()
}

fn files_card(editor: Editor, is_editing: Memo<bool>, version: i32, shown: Memo<Option<Definition>>) -> AnyView {
    let locale = editor.state.locale;
    let input = NodeRef::<html::Input>::new();
    let read = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let Some(chosen) = input.files().and_then(|files| files.get(0)) else { return };
        leptos::task::spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(chosen.text()).await.ok();
            if let Some(text) = text.and_then(|text| text.as_string()) {
                editor.import(&text);
            }
            // So that the same file can be chosen again once it is mended.
            input.set_value("");
        });
    };
    let export = move || {
        shown.with(|definition| {
            let definition = definition.as_ref()?;
            let name = file_name(locale, editor.form, (!is_editing.get()).then_some(version));
            Some(view! {
                <a class="button button-secondary" href=file::download(definition) download=name>
                    <Glyph icon=Icon::Download />
                    <span>{td_string!(locale, definition.export)}</span>
                </a>
            })
        })
    };
    view! {
        <Card title=td_string!(locale, definition.files)>
            <div class="button-bar">
                {export}
                <label class="button button-secondary file-button">
                    <Glyph icon=Icon::Upload />
                    <span>{td_string!(locale, definition.import)}</span>
                    <input
                        class="sr-only"
                        id="definition-file"
                        type="file"
                        accept=".json,application/json"
                        node_ref=input
                        on:change=read
                    />
                </label>
            </div>
            <p class="field-hint">{td_string!(locale, definition.import_hint)}</p>
            {move || {
                let why = editor.unreadable.get();
                (!why.is_empty()).then(|| view! { <p class="field-error" role="alert">{why}</p> })
            }}
        </Card>
    }
    .into_any()
}
